"""The acceptance pack opens, holds every proof, and its manifest is true (S1-18)."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from gongkai.coordination.actions import checking, flow, groups
from gongkai.coordination.pack import Archive, safe_name
from gongkai.coordination.tests.conftest import PDF
from gongkai.obligations import actions
from gongkai.obligations.models import Obligation, StepFile


@pytest.fixture
def plan(cast, issued_plan, group, key, paper):
    made = issued_plan()
    made.source_file.save("要点.txt", ContentFile(made.source_text.encode()))
    mine = Obligation.objects.get(document_id=made.pk, owner=cast.reform)
    actions.acknowledge(mine, cast.user("drafter"), key="k1")
    actions.report_progress(mine, cast.user("drafter"), key="k2", text="已公开", files=[paper("截图.pdf"), paper("截图.pdf")])
    officer = cast.user("openness_officer")
    groups.add_member(group, officer, key=key(), place="head", name="甲", since=group.established_on)
    check = checking.start(
        cast.reform, cast.user("drafter"), key=key(), kind="self_check", title="自查/一季度", rules="self_check", plan=made
    )
    checking.record(check.points.first(), cast.user("drafter"), key=key(), result="failed", finding="没有名单")
    filing = flow.file_upward(made, officer, key=key(), to="省政府办公厅", method="post", sent_on=timezone.localdate(made.opened_at))
    flow.record_receipt(
        filing, officer, key=key(), receipt="省公备1号", received_on=timezone.localdate(made.opened_at), file=paper("回执.pdf")
    )
    return made


def fetch(cast, client, plan, who="openness_officer"):
    client.force_login(cast.user(who), backend="django.contrib.auth.backends.ModelBackend")
    response = client.get(reverse("coordination:pack", args=[plan.pk]))
    assert response.status_code == 200 and response["Content-Type"] == "application/zip"
    assert response["X-Content-Type-Options"] == "nosniff"
    return zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))


def test_the_pack_holds_all_proof_and_every_hash_is_true(cast, client, plan):
    pack = fetch(cast, client, plan)
    assert pack.testzip() is None
    manifest = json.loads(pack.read("manifest.json"))
    listed = {row["path"]: row for row in manifest["files"]}
    assert set(listed) == set(pack.namelist()) - {"manifest.json"} and manifest["missing"] == []
    for path, row in listed.items():
        content = pack.read(path)
        assert (hashlib.sha256(content).hexdigest(), len(content)) == (row["sha256"], row["size"]), path
    names = pack.namelist()
    assert pack.read("1 方案原文/要点.txt").decode() == plan.source_text
    assert [n for n in names if n.startswith("4 领导小组/")] and "5 方案流程/回执.pdf" in names
    proofs = [n for n in names if "截图" in n]
    assert len(proofs) == 2 and all(pack.read(n) == PDF for n in proofs), "two files of one name are both there"
    assert sum(n.endswith("经过.txt") for n in names) == Obligation.objects.filter(source="plan_task", document_id=plan.pk).count()
    index = pack.read("index.html").decode()
    assert "自查/一季度" in index and "省公备1号" in index and "清河市2026年政务公开工作要点" in index


def test_the_ledger_in_the_pack_is_the_ledger(cast, client, plan):
    book = load_workbook(io.BytesIO(fetch(cast, client, plan).read("2 任务台账.xlsx")))
    cells = {cell.value for row in book.active.iter_rows() for cell in row}
    assert set(Obligation.objects.filter(source="plan_task", document_id=plan.pk).values_list("title", flat=True)) <= cells


def test_the_course_of_a_duty_names_its_files_by_hash(cast, client, plan):
    pack = fetch(cast, client, plan)
    text = next(pack.read(n).decode("utf-8-sig") for n in pack.namelist() if n.endswith("经过.txt") and "发改委" in n)
    assert "签收" in text and "报送进展" in text and StepFile.objects.first().sha256 in text


def test_a_file_that_is_gone_is_named_and_breaks_nothing(cast, client, plan):
    kept = StepFile.objects.first()
    kept.file.storage.delete(kept.file.name)
    pack = fetch(cast, client, plan)
    manifest = json.loads(pack.read("manifest.json"))
    assert len(manifest["missing"]) == 1 and "不在存储里" in pack.read("index.html").decode()


def test_who_may_take_it(cast, client, plan, issued_plan, draft_plan):
    below = issued_plan(jurisdiction=cast.east)
    fetch(cast, client, below)  # the superior
    client.force_login(cast.user("county_officer"), backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(reverse("coordination:pack", args=[plan.pk])).status_code == 404, "not the one below"
    client.force_login(cast.user("openness_officer"), backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(reverse("coordination:pack", args=[draft_plan().pk])).status_code == 404


def test_the_pack_costs_the_same_queries_however_many_duties(cast, client, plan, make_obligation):
    task, spent = plan.tasks.last(), []
    fetch(cast, client, plan)  # the session is made once
    for size in (1, 40):
        for n in range(size):
            made = make_obligation(document_id=plan.pk, subject_id=task.pk, owner=cast.finance, period=f"{size}-{n}")
            actions.acknowledge(made, cast.user("other_officer"), key=f"a{size}-{n}")
        with CaptureQueriesContext(connection) as queries:
            fetch(cast, client, plan)
        spent.append(len(queries))
    assert spent[0] == spent[1]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "etc passwd"),
        ("a/b\\c:d*?.pdf", "a b c d .pdf"),
        ("...", "未命名"),
        ("‮fdp.exe", "fdp.exe"),
        ("长" * 100 + ".pdf", "长" * 56 + ".pdf"),
        ("", "未命名"),
    ],
)
def test_names_in_the_pack_open_on_every_system(given, kept):
    assert " ".join(safe_name(given).split()) == kept


def test_no_two_files_share_a_path():
    archive = Archive(io.BytesIO())
    assert [archive.write("夹/a.txt", "x"), archive.write("夹/A.txt", "x"), archive.write("夹/a.txt", "x")] == [
        "夹/a.txt",
        "夹/A 2.txt",
        "夹/a 3.txt",
    ]
