"""What an outcome may not say against the course of the case: third parties are heeded, frequency is judged first."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from gongkai.conftest import Cast
from gongkai.disclosure_requests.actions import charging, consulting, frequency, replying
from gongkai.disclosure_requests.models import Consultation, DisclosureRequest, FeeNotice
from gongkai.disclosure_requests.tests.cases import accepted
from gongkai.formats.annual_report.outcomes import outcomes
from gongkai.obligations.models import Obligation, RuleSwitch
from gongkai.obligations.switching import install

Kind, Opinion = Consultation.Kind, Consultation.Opinion


def again(row: Any) -> Any:
    return type(row).objects.get(pk=row.pk)


def proposed(cast: Cast, case: DisclosureRequest, outcome: str, who: str = "drafter") -> Any:
    """Sent for review by its button."""
    one = outcomes()[outcome]
    situation = one.situations[0].code if one.situations else ""
    answers = dict.fromkeys(replying.asked_of(one, situation), "写明")
    reply = replying.current(again(case)) or replying.draft(
        case, cast.drafter, key=str(uuid.uuid4()), outcome=outcome, situation=situation, text="答复正文", answers=answers
    )
    client = Client()
    client.force_login(cast.user(who))
    return client.post(reverse("request_cases:reply_verb", args=[reply.pk, "propose"]), {"key": str(uuid.uuid4())})


def test_nothing_is_left_undone_for_its_number_alone(cast: Cast) -> None:
    case = accepted(cast)
    assert proposed(cast, case, "unreasonable_frequency", "other_officer").status_code == 404
    answer = proposed(cast, case, "unreasonable_frequency")
    assert (answer.status_code, "要先要求申请人说明理由" in answer.content.decode()) == (409, True)
    check = frequency.ask(again(case), cast.drafter, key="a", facts="本月多件")
    assert "还没有认定" in proposed(cast, case, "unreasonable_frequency").content.decode()
    frequency.judge(check, cast.drafter, key="j", reasonable=False, words="没有说明理由")
    assert proposed(cast, case, "unreasonable_frequency").status_code == 302


def test_who_had_good_reasons_is_answered(cast: Cast) -> None:
    case = accepted(cast)
    check = frequency.ask(case, cast.drafter, key="a", facts="本月多件")
    frequency.judge(check, cast.drafter, key="j", reasonable=True, words="用于研究")
    assert "已经认定申请人的理由合理" in proposed(cast, case, "unreasonable_frequency").content.decode()


def opinion(cast: Cast, case: DisclosureRequest, said: str, reasonable: bool | None = None) -> Consultation:
    asked = consulting.ask(case, cast.drafter, key=str(uuid.uuid4()), kind=Kind.THIRD_PARTY, party="某公司", asked="是否同意公开")
    told = {"opinion": said, "reasons": "商业秘密" if said == Opinion.REFUSES else "", "reasonable": reasonable}
    return consulting.respond(asked, cast.drafter, key=str(uuid.uuid4()), **told)


def test_who_refuses_with_good_reason_is_heeded_or_overruled(cast: Cast) -> None:
    case = accepted(cast)
    asked = opinion(cast, case, Opinion.REFUSES, True)
    assert "第三方不同意公开并且理由合理" in proposed(cast, case, "open").content.decode()
    consulting.override(asked, cast.drafter, key="o", reason="涉及饮用水安全")
    assert "第三方不同意公开" not in proposed(cast, case, "open").content.decode()


@pytest.mark.parametrize(("said", "reasonable", "stops"), [("agrees", None, True), ("refuses", True, False), ("refuses", False, False)])
def test_where_all_agree_their_rights_are_no_ground(cast: Cast, said: str, reasonable: bool | None, stops: bool) -> None:
    case = accepted(cast)
    opinion(cast, case, said, reasonable)
    assert ("第三方都同意公开" in proposed(cast, case, "third_party_rights").content.decode()) == stops


def test_each_party_has_days_of_its_own(cast: Cast, on: Callable[[str], None]) -> None:
    """第三十二条: fifteen working days from the day each received the letter; the ledger keeps one duty for each."""
    install(cast.city, None, date(2026, 1, 1))
    on("2026-02-10")
    case = accepted(cast)
    rows = []
    for n, (day, party) in enumerate([("2026-02-10", "甲公司"), ("2026-02-12", "乙公司")]):
        on(day)
        asked = consulting.ask(again(case), cast.drafter, key=f"q{n}", kind=Kind.THIRD_PARTY, party=party, asked="是否同意")
        rows.append(consulting.served(asked, cast.drafter, key=f"s{n}", on=date.fromisoformat(day)))
    assert rows[0].due_on != rows[1].due_on
    duties = [row.obligation for row in rows]
    assert [duty.due_on for duty in duties] == [row.due_on for row in rows]
    consulting.respond(rows[0], cast.drafter, key="r", opinion=Opinion.AGREES)
    assert [again(duty).fulfilled_on is not None for duty in duties] == [True, False]


def test_a_fee_is_noticed_in_time_and_payable_as_the_place_has_set(cast: Cast, on: Callable[[str], None]) -> None:
    install(cast.city, None, date(2026, 1, 1))
    RuleSwitch.objects.filter(jurisdiction=cast.city, rule="request.fee_payment").delete()
    RuleSwitch.objects.create(
        jurisdiction=cast.city,
        rule="request.fee_payment",
        on=True,
        since=date(2026, 1, 1),
        values={"n": 10},
        decided_by=cast.openness_officer,
        decided_at=cast.openness_officer.date_joined,
    )
    on("2026-02-10")
    case, late = accepted(cast), accepted(cast)
    fee = charging.charge(case, cast.drafter, key="f", by=FeeNotice.By.VOLUME, quantity=250)
    assert (fee.due_on, fee.due_on == Obligation.objects.get(pk=fee.obligation_id).due_on) == (date(2026, 3, 2), True)
    on("2026-03-17")
    client = Client()
    client.force_login(cast.user("drafter"))
    where = reverse("request_cases:verb", args=[late.pk, "charge"])
    answer = client.post(where, {"key": str(uuid.uuid4()), "by": "volume", "quantity": "250"})
    assert (answer.status_code, "收费通知要在办理期限内发出" in answer.content.decode()) == (409, True)
    client.force_login(cast.user("other_officer"))
    assert client.post(where, {"key": str(uuid.uuid4()), "by": "volume", "quantity": "250"}).status_code == 404
