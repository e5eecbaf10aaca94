"""The accountability pages: what is public and what is not, in words, with proof; the same as JSON and CSV; at a constant cost."""

from __future__ import annotations

import csv
import io
import uuid
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from gongkai.obligations import actions
from gongkai.obligations.models import Evidence, Obligation, RuleSwitch

INDEX = "/accountability/"


def key():
    return str(uuid.uuid4())


@pytest.fixture
def promised(cast, issued_plan, make_obligation):
    """Of one plan: a duty late by 5 working days, one waived; beside it everything that must not be seen."""
    plan = issued_plan()
    late, standing, waived = Obligation.objects.filter(document_id=plan.pk).order_by("pk")
    Obligation.objects.filter(pk=standing.pk).update(period="2026-02")
    Obligation.objects.filter(pk=late.pk).update(due_on=date(2026, 11, 13), fulfilled_on=date(2026, 11, 20), person=cast.drafter)
    Obligation.objects.filter(pk=waived.pk).update(due_on=date(2026, 10, 30), standing="")
    waived.refresh_from_db()
    actions.waive(waived, cast.user("office_head"), key=key(), reason="省里取消了这项工作")
    for n, (source, fields) in enumerate(
        [
            ("instruction", {}),
            ("finding", {}),
            ("statute", {"rule": "reply", "subject_id": 7, "jurisdiction": cast.city}),
            ("statute", {"rule": "off", "subject_id": 0, "jurisdiction": cast.city}),
            ("plan_task", {"document_id": 999_999}),
        ]
    ):
        make_obligation(source=source, title=f"不公开的 {n}", **fields)
    make_obligation(source="statute", rule="annual-report", subject_id=0, title="公布政府信息公开工作年度报告", due_on=date(2026, 1, 31))
    for rule, on in (("annual-report", True), ("reply", True), ("off", False)):
        RuleSwitch.objects.create(
            jurisdiction=cast.city, rule=rule, on=on, since=date(2026, 1, 1), reason="" if on else "暂不用", decided_at=timezone.now()
        )
    return {"plan": plan, "late": late, "waived": waived, "standing": standing}


def page(client, path):
    return client.get(path).content.decode()


def test_the_index_counts_only_what_is_public(client, promised):
    body = client.get(INDEX + "?year=2026&format=json").json()
    assert {p["title"] for p in body["promises"]} == {
        *Obligation.objects.filter(document_id=promised["plan"].pk).values_list("title", flat=True),
        "公布政府信息公开工作年度报告",
    }
    whole = page(client, INDEX + "?year=2026")
    assert "不公开的" not in whole and "清河市2026年政务公开工作要点" in whole and "清河市发展和改革委员会" in whole


def test_an_agency_page_says_how_late_and_who_waived_and_no_clerks_name(client, cast, promised):
    reform = page(client, f"/accountability/agencies/{cast.reform.code}/?year=2026")
    assert "逾期 5 个工作日办结" in reform and "2026-11-20 办结" in reform
    human = page(client, f"/accountability/agencies/{cast.human.code}/?year=2026")
    assert "2026年2月" in page(client, f"/accountability/plans/{promised['plan'].pk}/")
    assert "省里取消了这项工作" in human and "批准：清河市人民政府办公室" in human
    for person in ("drafter", "office_head", "openness_officer"):
        assert getattr(cast, person).display_name not in reform + human


def test_proof_links_are_of_passed_evidence_alone(client, cast, promised):
    late = promised["late"]
    common = {"obligation": late, "kind": "address", "proves": "招标结果公示", "on": date(2026, 11, 20), "handed_at": timezone.now()}
    Evidence.objects.create(url="https://example.gov.cn/passed", result="passed", key=key(), **common)
    Evidence.objects.create(url="https://example.gov.cn/waiting", result="to_judge", key=key(), **common)
    Evidence.objects.create(
        url="https://example.gov.cn/withdrawn", result="passed", key=key(), withdrawn_at=timezone.now(), withdrawn_reason="错了", **common
    )
    Evidence.objects.create(**(common | {"kind": "no_change", "proves": "本期没有新内容"}), result="passed", key=key())
    body = page(client, f"/accountability/agencies/{cast.reform.code}/?year=2026")
    assert "https://example.gov.cn/passed" in body and "2026-11-20 声明：本期没有新内容" in body
    for hidden in ("waiting", "withdrawn", 'href=""'):
        assert hidden not in body


def test_the_words_of_the_work_and_its_files_stay_inside(client, cast, promised, make_obligation):
    standing = promised["standing"]
    actions.acknowledge(standing, cast.user("other_officer"), key=key())
    actions.report_progress(standing, cast.user("other_officer"), key=key(), text="内部进展不外传", link="https://inner.example.cn/x")
    everything = page(client, f"/accountability/agencies/{cast.finance.code}/?year=2026") + page(
        client, f"/accountability/plans/{promised['plan'].pk}/"
    )
    assert "内部进展" not in everything and "inner.example" not in everything


def test_json_and_csv_are_the_same_table(client, cast, promised):
    for path in (
        INDEX + "?year=2026&",
        f"/accountability/agencies/{cast.reform.code}/?year=2026&",
        f"/accountability/plans/{promised['plan'].pk}/?",
    ):
        twin = client.get(path + "format=json").json()["promises"]
        rows = list(csv.DictReader(io.StringIO(client.get(path + "format=csv").content.decode("utf-8-sig"))))
        assert [r["承诺"] for r in rows] == [p["title"] for p in twin] != []
        assert [r["逾期工作日"] for r in rows] == [str(p["working_days_late"] or "") for p in twin]
        assert [r["状态"] for r in rows] == [p["state_word"] for p in twin]


def test_a_cell_that_looks_like_a_formula_is_text(client, cast, promised):
    Obligation.objects.filter(pk=promised["late"].pk).update(title="=HYPERLINK(1)")
    assert "'=HYPERLINK(1)" in client.get(INDEX + "?year=2026&format=csv").content.decode()


@pytest.mark.parametrize("path", ["agencies/none/", "plans/999999/"])
def test_what_is_not_there_is_404(client, promised, path):
    assert client.get(INDEX + path).status_code == 404


def test_a_draft_promises_nothing(client, draft_plan):
    plan = draft_plan()
    assert client.get(f"{INDEX}plans/{plan.pk}/").status_code == 404
    assert plan.title not in page(client, INDEX + "?year=2026")


@pytest.mark.parametrize("query", ["?year=abc", "?year=9999", "?year=", "?state=none", "?page=x", "?format=xml"])
def test_senseless_questions_are_answered_with_the_page(client, promised, query):
    assert client.get(INDEX + query).status_code == 200
    assert client.get(f"{INDEX}agencies/{promised['late'].owner.code}/{query}").status_code == 200


def test_figures_open_their_rows(client, cast, promised):
    path = f"/accountability/agencies/{cast.reform.code}/"
    assert "还没有" not in page(client, path + "?year=2026&state=done_late")
    assert "逾期 5 个工作日办结" in page(client, path + "?year=2026&state=done_late")
    assert "逾期 5 个工作日办结" not in page(client, path + "?year=2026&state=overdue")


def test_the_portal_leads_there(client, promised):
    assert client.get("/").content.decode().count("/accountability/") >= 2  # on the page and in the footer
    assert f"/accountability/plans/{promised['plan'].pk}/" in page(client, f"/plans/{promised['plan'].pk}/")


@pytest.mark.parametrize("kind", ["index", "agency", "plan"])
def test_the_cost_does_not_grow(client, cast, promised, make_obligation, kind):
    plan = promised["plan"].pk
    path = {"index": INDEX, "agency": f"{INDEX}agencies/{cast.reform.code}/", "plan": f"{INDEX}plans/{plan}/"}[kind] + "?year=2026"
    with CaptureQueriesContext(connection) as few:
        client.get(path)
    for n in range(25):
        row = make_obligation(
            document_id=plan,
            due_on=date(2026, 3, 2) + timedelta(days=n),
            fulfilled_on=date(2026, 3, 9),
            owner=[cast.reform, cast.human][n % 2],
        )
        Evidence.objects.create(
            obligation=row,
            kind="address",
            url=f"https://e.cn/{n}",
            proves="x",
            on=date(2026, 3, 9),
            result="passed",
            handed_at=timezone.now(),
            key=key(),
        )
    with CaptureQueriesContext(connection) as many:
        client.get(path)
    assert len(many) == len(few) <= 16
