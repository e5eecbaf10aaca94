"""What may happen between receipt and reply, what the clock makes of it, and what is refused with a sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.utils import timezone

from gongkai.agencies.errors import ActionRefused, NotAllowed
from gongkai.agencies.models import Section
from gongkai.conftest import Cast
from gongkai.disclosure_requests import access, clock
from gongkai.disclosure_requests.actions import assigning, charging, clarifying, consulting, extending, filing, sorting
from gongkai.disclosure_requests.models import Consultation, DisclosureRequest, FeeNotice, Service
from gongkai.disclosure_requests.queries import state_of
from gongkai.disclosure_requests.tests.cases import accepted, told
from gongkai.obligations.models import Obligation
from gongkai.obligations.switching import install

Kind, Opinion = Consultation.Kind, Consultation.Opinion


@pytest.fixture
def on() -> Iterator[Callable[[str], None]]:
    """Moves today; what is done after it happens on that day."""
    real = timezone.now
    shift = {"by": timedelta(0)}
    with patch("django.utils.timezone.now", lambda: real() + shift["by"]):

        def move(day: str) -> None:
            target = timezone.make_aware(timezone.datetime.fromisoformat(f"{day}T09:00"))
            shift["by"] = target - real()

        yield move


def due(row: DisclosureRequest) -> date | None:
    return Obligation.objects.get(disclosure_request=row).due_on


@pytest.fixture
def case(cast: Cast, on: Callable[[str], None]) -> DisclosureRequest:
    """Received 2026-02-10, due 2026-03-16 (mission/regulations.md §9)."""
    on("2026-02-10")
    row = accepted(cast)
    assert due(row) == date(2026, 3, 16)
    return row


def again(row: Any) -> Any:
    return type(row).objects.get(pk=row.pk)


def test_a_clarification_stops_the_clock_and_its_answer_starts_it_anew(cast: Cast, case: Any, on: Any) -> None:
    on("2026-02-12")
    made = clarifying.ask(case, cast.drafter, key="1", items="请写明年份", due_on=date(2026, 3, 10))
    assert (due(case), state_of(case)) == (None, "clarifying")
    told = Service.objects.get(letter="clarification")
    assert told.served_on == date(2026, 2, 12), "on the internet it is served when it is there to be read"
    on("2026-03-02")
    clarifying.answer(made, None, key="2", words="2025年")
    assert (due(case), state_of(case)) == (date(2026, 3, 30), "handling")
    with pytest.raises(ActionRefused, match="一次性"):
        clarifying.ask(again(case), cast.drafter, key="3", items="再补", due_on=date(2026, 4, 10))


def test_a_clarification_after_its_seven_days_is_refused(cast: Cast, case: Any, on: Any) -> None:
    assert clarifying.last_day(case) == date(2026, 2, 26)
    on("2026-02-27")
    with pytest.raises(ActionRefused, match="7个工作日内.*2026-02-26"):
        clarifying.ask(case, cast.drafter, key="1", items="请写明年份", due_on=date(2026, 3, 20))
    assert due(case) == date(2026, 3, 16), "nothing changed"


def test_a_correction_that_does_not_come_is_given_up_by_decision_alone(cast: Cast, case: Any, on: Any) -> None:
    made = clarifying.ask(case, cast.drafter, key="1", items="请写明年份", due_on=date(2026, 3, 3))
    with pytest.raises(ActionRefused, match="还没有届满"):
        clarifying.lapse(made, cast.drafter, key="2", note="没有收到")
    on("2026-03-04")
    assert state_of(case) == "clarifying", "no day passing decides it"
    clarifying.lapse(made, cast.drafter, key="2", note="期限内未收到材料")
    with pytest.raises(ActionRefused, match="不再处理"):
        clarifying.answer(again(made), None, key="3", words="2025年")


def test_a_third_partys_days_do_not_count(cast: Cast, case: Any, on: Any) -> None:
    on("2026-02-13")
    asked = consulting.ask(case, cast.drafter, key="1", kind=Kind.THIRD_PARTY, party="某公司", asked="是否同意公开合同")
    on("2026-02-14")
    asked = consulting.served(asked, cast.drafter, key="2", on=date(2026, 2, 14))
    assert asked.due_on == date(2026, 3, 13)
    with pytest.raises(ActionRefused, match="还没有届满"):
        consulting.respond(asked, cast.drafter, key="3", opinion=Opinion.SILENT)
    on("2026-03-02")
    consulting.respond(asked, cast.drafter, key="3", opinion=Opinion.REFUSES, reasons="商业秘密", reasonable=True)
    # Of the twenty days two (02-11, 02-12) and the day of the letter (02-13) had run: seventeen are left from 03-03 on.
    assert due(case) == date(2026, 3, 25)
    assert state_of(case) == "handling"


def test_the_clock_waits_for_the_last_of_several(cast: Cast, case: Any, on: Any) -> None:
    on("2026-02-13")
    one = consulting.ask(case, cast.drafter, key="1", kind=Kind.THIRD_PARTY, party="甲公司", asked="是否同意")
    two = consulting.ask(again(case), cast.drafter, key="2", kind=Kind.JOINT_MAKER, agency=cast.finance, asked="是否同意")
    on("2026-02-25")
    consulting.respond(one, cast.drafter, key="3", opinion=Opinion.AGREES)
    assert due(case) is None
    on("2026-02-27")
    consulting.respond(two, cast.drafter, key="4", opinion=Opinion.AGREES)
    assert due(case) is not None


def test_a_third_party_that_refuses_is_told_of_the_public_interest(cast: Cast, case: Any, on: Any) -> None:
    asked = consulting.ask(case, cast.drafter, key="1", kind=Kind.THIRD_PARTY, party="某公司", asked="是否同意")
    with pytest.raises(ActionRefused, match="理由是否合理"):
        consulting.respond(asked, cast.drafter, key="2", opinion=Opinion.REFUSES, reasons="不愿意")
    asked = consulting.respond(asked, cast.drafter, key="2", opinion=Opinion.REFUSES, reasons="不愿意", reasonable=True)
    asked = consulting.override(asked, cast.drafter, key="3", reason="涉及饮用水安全")
    assert asked.told_on == date(2026, 2, 10)
    assert Service.objects.filter(letter="third_party_told").exists()


def test_an_extension_is_the_heads(cast: Cast, case: Any, on: Any) -> None:
    with pytest.raises(ActionRefused, match="1 到 20"):
        extending.ask(case, cast.drafter, key="1", n=21, reason="检索量大")
    asked = extending.ask(case, cast.drafter, key="1", n=20, reason="检索量大")
    assert due(case) == date(2026, 3, 16), "proposed is not extended"
    with pytest.raises(NotAllowed):
        extending.approve(asked, cast.reviewer, key="2")
    extending.approve(asked, cast.head, key="2")
    assert due(case) == date(2026, 4, 14)
    with pytest.raises(ActionRefused, match="只能延长一次"):
        extending.ask(again(case), cast.drafter, key="3", n=1, reason="还要")


def test_nothing_is_extended_after_its_day(cast: Cast, case: Any, on: Any) -> None:
    asked = extending.ask(case, cast.drafter, key="1", n=5, reason="检索量大")
    on("2026-03-17")
    with pytest.raises(ActionRefused, match="届满"):
        extending.approve(asked, cast.head, key="2")


def test_a_fee_by_volume_is_paid_and_the_days_begin_anew(cast: Cast, case: Any, on: Any) -> None:
    fee = charging.charge(case, cast.drafter, key="1", by=FeeNotice.By.VOLUME, quantity=250)
    assert (fee.amount, state_of(case), due(case)) == (4700, "charging", None)
    assert fee.due_on == date(2026, 3, 16), "twenty working days to pay"
    on("2026-03-02")
    charging.paid(fee, cast.drafter, key="2", on=date(2026, 3, 2), receipt_number="0001")
    assert due(case) == date(2026, 3, 30)
    with pytest.raises(ActionRefused, match="只收一次"):
        charging.charge(again(case), cast.drafter, key="3", by=FeeNotice.By.ITEM, quantity=45)


def test_a_fee_below_the_free_amount_is_none(cast: Cast, case: Any) -> None:
    with pytest.raises(ActionRefused, match="不收费"):
        charging.charge(case, cast.drafter, key="1", by=FeeNotice.By.VOLUME, quantity=30)
    assert not FeeNotice.objects.exists()


def test_items_of_the_month_count_together(cast: Cast, on: Any) -> None:
    on("2026-02-10")
    rows = [accepted(cast, description=f"第{n}项") for n in range(12)]
    assert charging.items_before(rows[11]) == 11
    fee = charging.charge(rows[11], cast.drafter, key="1", by=FeeNotice.By.ITEM, quantity=1)
    assert (fee.earlier, fee.amount) == (11, 100)
    on("2026-03-02")
    assert charging.items_before(accepted(cast)) == 0


def test_assigned_to_one_person_the_others_see_no_applicant(cast: Cast, case: Any) -> None:
    assert access.handles(cast.user("drafter"), case)
    assigning.assign(case, cast.head, key="1", task="检索项目审批文件", person=cast.reviewer)
    assert access.handles(cast.user("reviewer"), case)
    assert access.handles(cast.user("head"), case)
    assert not access.handles(cast.user("drafter"), case)
    assert not access.handles(cast.user("secrecy_reviewer"), case)
    assert not access.handles(cast.user("openness_officer"), case)


def test_assignments_are_inside_the_agency(cast: Cast, case: Any) -> None:
    other = Section.objects.create(agency=cast.finance, name="预算科")
    with pytest.raises(ActionRefused, match="内设机构"):
        assigning.assign(case, cast.head, key="1", task="检索", section=other)
    with pytest.raises(ActionRefused, match="人员"):
        assigning.assign(case, cast.head, key="1", task="检索", person=cast.other_officer)
    made = assigning.assign(case, cast.head, key="1", task="检索", section=cast.section)
    assigning.answer(made, cast.head, key="2", words="找到两件")
    with pytest.raises(ActionRefused, match="已经回复"):
        assigning.take_back(again(made), cast.head, key="3", reason="误交")


def test_a_transfer_takes_the_days_along(cast: Cast, case: Any, on: Any) -> None:
    on("2026-02-12")
    moved = assigning.transfer(case, cast.drafter, key="1", to=cast.finance, reason="资金安排由市财政局掌握")
    duty = Obligation.objects.get(disclosure_request=moved)
    assert (moved.agency, duty.owner, duty.due_on) == (cast.finance, cast.finance, date(2026, 3, 16))
    assert not access.requests_for(cast.user("drafter")).filter(pk=moved.pk).exists()
    with pytest.raises(ActionRefused, match="本地区"):
        assigning.transfer(moved, cast.other_officer, key="2", to=cast.east_finance, reason="县里的")


def test_several_contents_become_several_requests_of_one_day(cast: Cast, case: Any, on: Any) -> None:
    on("2026-02-12")
    row = sorting.split(case, cast.drafter, key="1", contents=["2024年清单", "2025年清单", ""])
    part = row.parts.get()
    assert (part.received_on, due(part), part.applicant.name) == (case.received_on, date(2026, 3, 16), "赵申请")
    assert part.number != row.number
    with pytest.raises(ActionRefused, match="不能再拆分"):
        sorting.split(part, cast.drafter, key="2", contents=["一", "二"])


def test_asked_by_several_is_a_duty_to_think_of_opening_it(cast: Cast, case: Any) -> None:
    install(cast.city, None, date(2026, 1, 1))
    other = accepted(cast, name="钱申请", identity_number="110101199003070118", identity_kind="other")
    sorting.match(other, cast.drafter, key="1", other=case)
    assert Obligation.objects.filter(rule="request.make_proactive", subject_id=case.pk).exists()


def test_the_same_verb_twice_is_done_once(cast: Cast, case: Any) -> None:
    first = consulting.ask(case, cast.drafter, key="1", kind=Kind.ORGAN, party="省厅", asked="是否同意")
    assert consulting.ask(again(case), cast.drafter, key="1", kind=Kind.ORGAN, party="省厅", asked="是否同意") == first
    assert Consultation.objects.count() == 1


def test_nothing_happens_to_what_is_closed(cast: Cast, case: Any) -> None:
    filing.withdraw(case, None, key="w", reason="")
    row = again(case)
    for reasons in (
        clarifying.ask_reasons(row),
        consulting.ask_reasons(row),
        extending.ask_reasons(row),
        charging.charge_reasons(row),
        sorting.split_reasons(row),
        assigning.transfer_reasons(row),
    ):
        assert "申请人已经撤回这件申请" in reasons


def test_the_clock_explains_what_happened(cast: Cast, case: Any, on: Any) -> None:
    on("2026-02-12")
    made = clarifying.ask(case, cast.drafter, key="1", items="请写明年份", due_on=date(2026, 3, 10))
    on("2026-03-02")
    clarifying.answer(made, None, key="2", words="2025年")
    deadline = clock.deadline_of(again(case))
    assert deadline is not None
    assert "2026-03-30" in deadline.sentence
    assert told(cast).line().startswith("请公开")
