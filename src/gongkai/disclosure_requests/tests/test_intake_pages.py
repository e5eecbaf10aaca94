"""Taking a request down: which day counts is said before anything is kept, and what is missing is said with nothing lost."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from gongkai.agencies.errors import ActionRefused
from gongkai.conftest import Cast
from gongkai.disclosure_requests.actions import filing, intake
from gongkai.disclosure_requests.intake.alarms import counts
from gongkai.disclosure_requests.models import DisclosureRequest
from gongkai.disclosure_requests.tests.cases import ID_CARD, filed, picture, told
from gongkai.obligations.models import Obligation

NEW = "/work/requests/intake/new/"


def form(cast: Cast, **changes: Any) -> dict[str, Any]:
    values = {
        "key": str(uuid.uuid4()),
        "agency": cast.reform.pk,
        "channel": "counter",
        "kind": "natural",
        "name": "赵申请",
        "identity_kind": "id_card",
        "identity_number": ID_CARD,
        "shown": "on",
        "phone": "13800138000",
        "description": "请公开2025年重大建设项目清单。",
        "form": "paper",
        "route": "pick_up",
    }
    return values | changes


def post(cast: Cast, **changes: Any) -> Any:
    client = Client()
    client.force_login(cast.user("drafter"))
    return client.post(NEW, form(cast, **changes))


def moment(words: str) -> datetime:
    return timezone.make_aware(datetime.fromisoformat(words))


def test_at_the_counter_it_is_received_at_once_and_the_code_is_told_once(cast: Cast) -> None:
    key = str(uuid.uuid4())
    first, again = post(cast, key=key), post(cast, key=key)
    assert "查询码只显示这一次" in first.content.decode()
    assert "没有重复登记" in again.content.decode()
    row = DisclosureRequest.objects.get()
    assert row.received_on == timezone.localdate()
    assert row.obligation is not None


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"channel": "registered_post", "submitted_at": "2026-02-06T10:00", "arrived_at": "2026-02-10T10:00"}, "收到申请之日是 2026-02-10"),
        ({"channel": "ordinary_mail", "arrived_at": "2026-02-10T10:00"}, "不能起算"),
        ({"channel": "ordinary_mail", "arrived_at": "2026-02-10T10:00", "confirmed_at": "2026-02-11T10:00"}, "收到申请之日是 2026-02-11"),
        ({"channel": "fax", "arrived_at": "2026-02-10T10:00", "confirmed_at": "2026-02-09T10:00"}, "早于"),
        ({"channel": "email"}, "还没有填写时间"),
        ({"channel": "oral"}, "收到申请之日是"),
        ({"channel": "nonsense"}, "请先选择渠道"),
    ],
)
def test_which_day_counts_is_said_before_anything_is_kept(cast: Cast, changes: dict[str, Any], words: str) -> None:
    answer = post(cast, only="receipt", **changes)
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert "赵申请" in answer.content.decode(), "what was typed is still there"
    assert not DisclosureRequest.objects.exists()


def test_what_is_missing_is_said_and_nothing_is_lost(cast: Cast) -> None:
    answer = post(cast, identity_number="110105194912310021", phone="")
    words = answer.content.decode()
    assert answer.status_code in (409, 422)
    assert "身份证号码不对" in words
    assert "至少填写" in words
    assert "请公开2025年重大建设项目清单" in words
    assert post(cast, name="").status_code == 422


def test_a_scanned_letter_is_taken_as_it_came(cast: Cast) -> None:
    changes = {"shown": "", "identity_number": "", "identity_kind": "other", "phone": "", "description": ""}
    answer = post(cast, channel="registered_post", arrived_at="2026-02-10T10:00", files_of_letter=picture("来信.png"), **changes)
    assert answer.status_code == 200
    row = DisclosureRequest.objects.get()
    assert (row.received_on, row.files.get().name) == (date(2026, 2, 10), "来信.png")


def test_the_time_of_a_letter_is_told_later(cast: Cast, on: Callable[[str], None]) -> None:
    on("2026-02-11")
    row = filing.file(told(cast, channel="ordinary_mail", arrived_at=moment("2026-02-10T10:00")), cast.drafter, key="1").request
    assert row.received_on is None
    with pytest.raises(ActionRefused, match="不能晚于现在"):
        intake.complete_times(row, cast.drafter, key="2", confirmed_at=moment("2026-02-12T10:00"))
    with pytest.raises(ActionRefused, match="早于"):
        intake.complete_times(row, cast.drafter, key="3", confirmed_at=moment("2026-02-09T10:00"))
    row = intake.complete_times(row, cast.drafter, key="4", confirmed_at=moment("2026-02-11T08:00"))
    assert row.received_on == date(2026, 2, 11)
    assert Obligation.objects.get(disclosure_request=row).due_on is not None
    with pytest.raises(ActionRefused, match="更正登记"):
        intake.complete_times(row, cast.drafter, key="5", arrived_at=moment("2026-02-10T11:00"))


def test_a_wrong_day_of_receipt_is_put_right_forwards_alone(cast: Cast, on: Callable[[str], None]) -> None:
    on("2026-02-12")
    asked = told(cast, channel="registered_post", arrived_at=moment("2026-02-10T10:00"))
    row = filing.file(asked, cast.drafter, key="1").request
    assert Obligation.objects.get(disclosure_request=row).due_on == date(2026, 3, 16)
    with pytest.raises(ActionRefused, match="不能倒回"):
        intake.amend(row, cast.drafter, key="2", reason="看错邮戳", changes={"arrived_at": moment("2026-02-09T10:00")})
    row = intake.amend(row, cast.drafter, key="3", reason="看错邮戳", changes={"arrived_at": moment("2026-02-11T10:00")})
    assert row.received_on == date(2026, 2, 11)
    assert Obligation.objects.get(disclosure_request=row).due_on == date(2026, 3, 17)
    with pytest.raises(ActionRefused, match="没有改动"):
        intake.amend(row, cast.drafter, key="4", reason="再改", changes={"subject": row.subject})


def test_what_was_filed_online_and_what_is_registered_are_compared(cast: Cast, on: Callable[[str], None]) -> None:
    on("2026-02-10")
    filed(cast)
    row = filed(cast).request
    filing.confirm(row, cast.drafter, key="c", at=timezone.now(), how="电话")
    filing.register(DisclosureRequest.objects.get(pk=row.pk), cast.drafter, key="r")
    (month,) = counts(cast.user("openness_officer"), timezone.localdate())
    assert (month.online, month.registered, month.missing) == (2, 1, 1)
    client = Client()
    client.force_login(cast.user("drafter"))
    assert "差 1 件" in client.get("/work/requests/intake/alarms/").content.decode()
    assert counts(cast.user("other_officer"), timezone.localdate()) == []
