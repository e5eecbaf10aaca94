"""Packing, emptying after the term, who looked, and that nothing of an applicant is anywhere it should not be."""

from __future__ import annotations

import io
import json
import logging
import zipfile
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gongkai.agencies.errors import ActionRefused, NotAllowed
from gongkai.conftest import Cast
from gongkai.disclosure_requests import access, casefiles
from gongkai.disclosure_requests.actions import archiving, assessing, contesting, replying, serving
from gongkai.disclosure_requests.models import Applicant, ApplicantLook, ArchivePackage, CaseFile, DisclosureRequest, Reply
from gongkai.disclosure_requests.privacy import packing
from gongkai.disclosure_requests.tests.cases import accepted, filed, picture, received
from gongkai.disclosure_requests.tests.test_replying import reviewed
from gongkai.journal.models import Entry
from gongkai.sealing.fields import sealed_fields

SECRETS = ("赵申请", "11010519491231002X", "13800138000", "zhao@example.cn", "重大建设项目批准结果")


@pytest.fixture
def closed(cast: Cast) -> DisclosureRequest:
    case = accepted(cast)
    casefiles_of(cast, case)
    serving.send_reply(replying.sign(reviewed(cast, case), cast.head, key="sign"), cast.drafter, key="send")
    return DisclosureRequest.objects.get(pk=case.pk)


def casefiles_of(cast: Cast, case: DisclosureRequest) -> None:
    from django.db import transaction

    with transaction.atomic():
        casefiles.add(case, CaseFile.Kind.IDENTITY, [picture()], cast.drafter, from_applicant=True)


def test_a_package_holds_the_case_and_proves_it(cast: Cast, closed: Any) -> None:
    row = archiving.archive(closed, cast.drafter, key="a")
    with row.file.open("rb") as file:
        data = file.read()
    index = packing.verify(data)
    assert index["number"] == closed.number
    assert [deed["deed"] for deed in index["timeline"]][0] == "提交申请"
    assert index["journal"]
    assert index["applicant"]["姓名或者名称"] == "赵申请"
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        assert set(packed.namelist()) == {"index.json", "index.html", "files/001.png"} | {told["path"] for told in index["files"]}
        page = packed.read("index.html").decode()
    assert "答复正文" in page
    assert "files/001.png" in page
    stored = open(row.file.path, "rb").read()  # noqa: SIM115, PTH123
    assert b"index.json" not in stored, "sealed on the disk"
    with pytest.raises(ActionRefused, match="已经归档"):
        archiving.archive(closed, cast.drafter, key="b")


def test_a_changed_file_is_not_packed(cast: Cast, closed: Any) -> None:
    CaseFile.objects.update(sha256="0" * 64)
    with pytest.raises(ActionRefused, match="校验值不符"):
        archiving.archive(closed, cast.drafter, key="a")
    assert not ArchivePackage.objects.exists()
    broken = io.BytesIO()
    with zipfile.ZipFile(broken, "w") as packed:
        packed.writestr("index.json", json.dumps({"files": [{"path": "a", "name": "甲", "sha256": "0"}]}))
        packed.writestr("a", "x")
    with pytest.raises(packing.Broken, match="甲"):
        packing.verify(broken.getvalue())


def test_an_open_case_is_not_archived(cast: Cast) -> None:
    with pytest.raises(ActionRefused, match="办结以后"):
        archiving.archive(received(cast), cast.drafter, key="a")


def ended(case: DisclosureRequest) -> DisclosureRequest:
    DisclosureRequest.objects.filter(pk=case.pk).update(retention_until=timezone.localdate() - timedelta(1))
    return DisclosureRequest.objects.get(pk=case.pk)


def tables(cast: Cast) -> Any:
    """Counted here as the report counts (reports.counting stands above this app)."""
    rows = DisclosureRequest.objects.order_by()
    return (
        sorted(rows.values_list("applicant__kind", "received_on", "closed_on", "outcome", "channel", "satisfaction")),
        sorted(Reply.objects.values_list("outcome", "served_on")),
    )


def test_after_the_term_nothing_personal_stays_and_every_count_does(cast: Cast, closed: Any) -> None:
    archiving.archive(closed, cast.drafter, key="a")
    before = tables(cast)
    paths = [*(row.file.path for row in CaseFile.objects.all()), ArchivePackage.objects.get().file.path]
    assert len(paths) == 6, "the identity proof, receipt and reply in Word and PDF, the package"
    assert archiving.tick() == 0, "not before its term"
    ended(closed)
    assert archiving.tick() == 1
    assert archiving.tick() == 0
    assert tables(cast) == before
    row = DisclosureRequest.objects.get()
    assert (row.description, row.features, row.purpose, row.likeness) == ("", "", "", [])
    assert "重大建设项目" not in row.subject
    applicant = Applicant.objects.get()
    assert applicant.kind == "natural"
    assert {getattr(applicant, name) for name in sealed_fields(Applicant)} | {applicant.digest} == {""}
    assert all(row.removed_at is not None and row.sha256 for row in CaseFile.objects.all())
    from pathlib import Path

    assert not any(Path(path).exists() for path in paths)
    reply = Reply.objects.get()
    assert (reply.text, reply.snapshots, reply.answers) == ("", "", {})
    assert {model.__name__ for model, _path in archiving._sealed()} >= {
        "Applicant",
        "Clarification",
        "Consultation",
        "Reply",
        "IncomingMail",
    }
    assert row.anonymised_at is not None
    assert all(secret not in " ".join(Entry.objects.values_list("new", flat=True)) for secret in SECRETS[:4])


def test_a_suit_keeps_it(cast: Cast, closed: Any) -> None:
    today = timezone.localdate()
    row = contesting.file(closed, cast.drafter, key="f", kind="suit", organ="清河区人民法院", filed_on=today)
    ended(closed)
    assert (archiving.tick(), archiving.due().count()) == (0, 1)
    contesting.conclude(row, cast.drafter, key="c", result="upheld", result_words="驳回", closed_on=today)
    assert archiving.tick() == 1


def test_who_looked_is_seen_by_the_head_and_the_office(client: Client, cast: Cast, closed: Any) -> None:
    archiving.archive(closed, cast.drafter, key="a")
    client.force_login(cast.user("drafter"))
    answer = client.post(reverse("request_cases:package", args=[closed.pk]))
    assert answer.status_code == 200
    assert packing.verify(answer.content)["number"] == closed.number
    assert ApplicantLook.objects.get().what == "导出案卷包"
    assert client.get(reverse("request_cases:looks")).status_code == 404
    for name in ("head", "openness_officer"):
        client.force_login(cast.user(name))
        page = client.get(reverse("request_cases:looks")).content.decode()
        assert closed.number in page
        assert all(secret not in page for secret in SECRETS)
    client.force_login(cast.user("other_officer"))
    assert client.post(reverse("request_cases:package", args=[closed.pk])).status_code == 404
    client.force_login(cast.user("openness_officer"))
    assert client.post(reverse("request_cases:package", args=[closed.pk])).status_code == 404, "supervises, does not handle"


def test_an_assessment_is_kept_three_years(cast: Cast) -> None:
    told = {"subject": "网上受理", "purpose": "条例第二十九条", "risks": "泄露", "measures": "加密", "passed": True}
    row = assessing.record(cast.reform, cast.drafter, key="1", assessed_on=date(2026, 3, 1), **told)
    assert row.keep_until == date(2029, 3, 1)
    with pytest.raises(NotAllowed):
        assessing.record(cast.reform, cast.other_officer, key="2", assessed_on=date(2026, 3, 1), **told)


def test_no_log_has_a_word_of_the_applicant(cast: Cast, caplog: Any, client: Client) -> None:
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("django.db.backends").setLevel(logging.WARNING)  # as site/settings.py has it
        try:
            case = accepted(cast)
            serving.send_reply(replying.sign(reviewed(cast, case), cast.head, key="sign"), cast.drafter, key="send")
            client.force_login(cast.user("drafter"))
            client.get(reverse("request_cases:case", args=[case.pk]))
        finally:
            logging.getLogger("django.db.backends").setLevel(logging.NOTSET)
    said = " ".join(record.getMessage() + str(record.__dict__) for record in caplog.records)
    assert all(secret not in said for secret in SECRETS)


def test_a_wrong_form_shows_nothing_of_another(client: Client, cast: Cast) -> None:
    filed(cast)
    client.force_login(cast.user("drafter"))
    answer = client.post(reverse("request_cases:new_correction"), {"record": "x"})
    assert answer.status_code == 422
    assert "赵申请" not in answer.content.decode()
    assert access.requests_for(cast.user("stranger")).count() == 0
