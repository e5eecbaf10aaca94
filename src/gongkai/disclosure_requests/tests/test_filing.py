"""A request comes in: what it must say, when it counts as received, that it is one however often it is sent, and who may take it down."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from gongkai.agencies.errors import ActionRefused, NotAllowed
from gongkai.conftest import Cast
from gongkai.disclosure_requests import clock, likeness, numbers
from gongkai.disclosure_requests.actions import filing
from gongkai.disclosure_requests.models import Applicant, CaseFile, Deed, DisclosureRequest, PlaceSettings
from gongkai.disclosure_requests.queries import state_of
from gongkai.disclosure_requests.tests.cases import CREDIT_CODE, accepted, filed, picture, received, told
from gongkai.journal.models import Entry

Channel = DisclosureRequest.Channel


def moment(day: str, time: str = "10:00") -> datetime:
    return timezone.make_aware(datetime.fromisoformat(f"{day}T{time}"))


def test_a_citizen_files_and_keeps_a_code(cast: Cast) -> None:
    done = filed(cast)
    row = done.request
    assert row.number == f"{cast.reform.code}-{timezone.localdate().year}-00001"
    assert numbers.check_digest(row.number, done.code.lower()) == row.check_digest, "read out in small letters it is the same"
    assert (row.received_on, row.obligation, state_of(row)) == (None, None, "waiting"), "on the internet both sides confirm"
    assert row.applicant.name == "赵申请"
    assert [f.kind for f in row.files.all()] == ["identity"]
    assert Deed.objects.get().request_id == row.pk


def test_nothing_of_the_applicant_is_in_the_database_or_the_journal(cast: Cast) -> None:
    filed(cast, description="我的身份证11010519491231002X，请公开征地补偿名单")
    row = DisclosureRequest.objects.get()
    assert "11010519491231002X" not in row.subject
    words = ["赵申请", "11010519491231002X", "13800138000", "zhao@example.cn", "征地补偿"]
    with connection.cursor() as cursor:
        for table in ("disclosure_requests_disclosurerequest", "disclosure_requests_applicant", "disclosure_requests_deed"):
            cursor.execute(f"SELECT * FROM {table}")  # noqa: S608 — names of our own
            kept = str(cursor.fetchall())
            assert [w for w in words[:4] if w in kept] == []
    told_of = str(list(Entry.objects.values_list("old", "new", "note")))
    assert [w for w in words[:4] if w in told_of] == []
    assert b"PNG" not in b"".join(Path(f.file.path).read_bytes() for f in CaseFile.objects.all())


def test_the_same_form_twice_is_one_request(cast: Cast) -> None:
    first = filed(cast, key="one")
    again = filed(cast, key="one")
    assert (again.request, again.code) == (first.request, "")
    assert DisclosureRequest.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_form_at_once_is_one_request(cast: Cast, together: Any) -> None:
    done = together(*[lambda: filed(cast, key="one")] * 4)
    assert {one.request.pk for one in done} == {DisclosureRequest.objects.get().pk}
    assert sum(bool(one.code) for one in done) == 1, "one of them was told the code"
    assert CaseFile.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": " "}, "姓名"),
        ({"description": ""}, "所需政府信息"),
        ({"identity_number": "110105194912310021"}, "身份证号码不对"),
        ({"identity_files": []}, "身份证明"),
        ({"phone": "", "email": "", "address": ""}, "至少填写"),
        ({"email": "不是邮箱"}, "电子邮箱的写法"),
        ({"route": "post"}, "通信地址"),
        ({"kind": Applicant.Kind.COMMERCIAL}, "统一社会信用代码"),
        ({"description": "信" * 20_001}, "20000"),
        ({"description": "\x00"}, "不能保存的字符"),
        ({"identity_files": [SimpleUploadedFile("证.png", b"MZ not a picture")]}, "内容不是"),
        ({"submitted_at": moment("2999-01-01")}, "不能晚于现在"),
    ],
)
def test_what_is_missing_is_said_in_one_sentence(cast: Cast, changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ActionRefused) as refused:
        filed(cast, **changes)
    assert any(sentence in reason for reason in refused.value.reasons)
    assert not DisclosureRequest.objects.exists()


def test_an_organisation_names_its_code_and_a_person_to_talk_to(cast: Cast) -> None:
    company = {"kind": Applicant.Kind.COMMERCIAL, "identity_kind": Applicant.Identity.CREDIT_CODE, "identity_number": CREDIT_CODE}
    with pytest.raises(ActionRefused, match="联系人"):
        filed(cast, **company)
    assert filed(cast, **company, contact="钱联系").request.applicant.kind == "commercial"


def test_by_letter_whatever_came_is_taken(cast: Cast) -> None:
    row = filing.file(
        told(
            cast,
            channel=Channel.REGISTERED_POST,
            arrived_at=moment("2026-02-10"),
            identity_kind="other",
            identity_number="",
            identity_files=[],
            phone="",
            email="",
            files=[picture("来信.png", b"1")],
            description="",
        ),
        cast.drafter,
        key="post",
    ).request
    assert (row.received_on, row.obligation.due_on) == (date(2026, 2, 10), date(2026, 3, 16))
    assert state_of(row) == "received"


@pytest.mark.parametrize(
    ("channel", "times", "day"),
    [
        (Channel.COUNTER, {"submitted_at": moment("2026-02-10")}, date(2026, 2, 10)),
        (Channel.ORDINARY_MAIL, {"arrived_at": moment("2026-02-10")}, None),
        (Channel.ORDINARY_MAIL, {"arrived_at": moment("2026-02-10"), "confirmed_at": moment("2026-02-11")}, date(2026, 2, 11)),
        (Channel.FAX, {"arrived_at": moment("2026-02-10"), "confirmed_at": moment("2026-02-12")}, date(2026, 2, 12)),
        (Channel.EMAIL, {"arrived_at": moment("2026-02-10"), "confirmed_at": moment("2026-02-13")}, date(2026, 2, 13)),
    ],
)
def test_the_day_of_receipt_is_the_channels(cast: Cast, channel: str, times: dict[str, datetime], day: date | None) -> None:
    row = filing.file(told(cast, channel=channel, **times), cast.drafter, key="k").request
    assert row.received_on == day
    assert (row.obligation is not None) == (day is not None)


def test_confirming_starts_the_clock(cast: Cast) -> None:
    row = filed(cast, submitted_at=moment("2026-02-09", "23:50")).request
    with pytest.raises(ActionRefused, match="怎样"):
        filing.confirm(row, cast.drafter, key="c", at=moment("2026-02-10"), how=" ")
    row = filing.confirm(row, cast.drafter, key="c", at=moment("2026-02-10"), how="电话确认，接听人本人")
    assert row.obligation is not None
    assert row.obligation.due_on == date(2026, 3, 16)
    deadline = clock.deadline_of(row)
    assert deadline is not None and "20个工作日" in deadline.sentence.replace(" ", "")


def test_a_place_may_confirm_at_once(cast: Cast) -> None:
    PlaceSettings.objects.create(jurisdiction=cast.city, confirm_at_once=True)
    row = filed(cast, submitted_at=moment("2026-02-10")).request
    assert row.received_on == date(2026, 2, 10)


def test_the_clock_runs_where_the_place_has_the_rule_switched_off(cast: Cast) -> None:
    from gongkai.obligations.models import RuleSwitch

    assert not RuleSwitch.objects.exists()
    row = received(cast)
    assert row.obligation is not None
    assert (row.obligation.rule, row.obligation.subject_id) == (clock.REPLY, row.pk)
    assert row.obligation.title.endswith(row.number), "a duty names the case by its number alone"


def test_registering_and_accepting(cast: Cast) -> None:
    row = received(cast)
    with pytest.raises(ActionRefused, match="先登记"):
        filing.accept(row, cast.drafter, key="a")
    row = filing.register(row, cast.drafter, key="r", subject="重大项目批准结果")
    assert (row.subject, state_of(row)) == ("重大项目批准结果", "registered")
    row = filing.accept(row, cast.drafter, key="a2")
    assert state_of(row) == "handling"
    with pytest.raises(ActionRefused, match="已经登记"):
        filing.register(row, cast.drafter, key="r2")


def test_people_of_another_agency_do_nothing(cast: Cast) -> None:
    row = received(cast)
    with pytest.raises(NotAllowed):
        filing.register(row, cast.other_officer, key="r")
    with pytest.raises(NotAllowed):
        filing.file(told(cast), cast.other_officer, key="x")
    with pytest.raises(NotAllowed):
        filing.withdraw(row, cast.openness_officer, key="w", reason="来电")


def test_withdrawing_ends_it_and_its_clock(cast: Cast) -> None:
    row = filing.withdraw(accepted(cast), None, key="w", reason="")
    row.refresh_from_db()
    assert (row.outcome, state_of(row)) == ("other", "withdrawn")
    assert row.retention_until is not None and row.retention_until.year == timezone.localdate().year + 10
    row.obligation.refresh_from_db()  # type: ignore[union-attr]
    assert row.obligation.replaced_on is not None  # type: ignore[union-attr]
    with pytest.raises(ActionRefused, match="已经撤回"):
        filing.withdraw(row, None, key="w2", reason="")


def test_withdrawn_before_anybody_confirmed_it(cast: Cast) -> None:
    row = filing.withdraw(filed(cast).request, None, key="w", reason="")
    assert row.received_on == timezone.localdate()


def test_alike_is_found_without_words(cast: Cast) -> None:
    one = filed(cast).request
    same = filed(cast, description="请公开2025年清河市重大建设项目批准结果的清单").request
    other = filed(cast, description="请公开东山县2024年低保标准调整的文件和发放人数").request
    found = filing.alike(one, [one, same, other])
    assert [row for row, _near in found] == [same]
    assert found[0][1] >= likeness.SAME


@given(st.text(max_size=300))
def test_a_text_is_like_itself(text: str) -> None:
    mine = likeness.signature(text)
    assert likeness.share(mine, mine) == (1.0 if mine else 0.0)
    assert likeness.signature(f" {text}，") == mine
