"""Who is told of what and when: each kind, its people, once, and not before its time."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from gongkai.agencies.models import Jurisdiction, Membership, Section, User
from gongkai.obligations import actions, urging
from gongkai.obligations.models import Evidence, Obligation, Step
from gongkai.reminders.models import Message, Preference, Told
from gongkai.reminders.telling import tell
from gongkai.reminders.tests.conftest import at, told

WORKERS = {"drafter", "reviewer"}
OFFICE = {"openness_officer", "openness_colleague"}
DUE = date(2026, 11, 30)  # a Monday


def created(obligation, day):
    Obligation.objects.filter(pk=obligation.pk).update(created_at=at(day, 9))
    return obligation


@pytest.fixture
def duty(make_obligation):
    """An obligation of 市发改委 opened on 2 November and signed for, so that nothing but its dates speaks."""

    def make(**fields):
        row = created(make_obligation(**fields), "2026-11-02")
        Step.objects.create(obligation=row, kind="acknowledged", at=at("2026-11-02"), key=f"ack{row.pk}")
        return row

    return make


def test_a_new_duty_is_told_to_its_workers_and_helpers_once(cast, make_obligation, quietly):
    created(make_obligation(helpers=(cast.finance,)), "2026-11-02")
    first = quietly(at("2026-11-02"))
    assert first == [("opened", "drafter"), ("opened", "other_officer"), ("opened", "reviewer")]
    assert quietly(at("2026-11-02", 11)) == []
    assert quietly(at("2026-11-03")) == []


def test_what_is_signed_for_or_long_opened_is_no_news(cast, make_obligation, duty, quietly):
    duty()
    created(make_obligation(), "2026-06-01")
    assert quietly(at("2026-11-03")) == []


@pytest.mark.parametrize(
    ("fields", "people"),
    [
        ({}, WORKERS),
        ({"person": "head"}, {"head"}),
        ({"section": True}, {"reviewer"}),
        ({"person": "other_officer"}, WORKERS),  # no longer at the owner: the owner's people
    ],
)
def test_the_person_before_the_section_before_the_agency(cast, duty, fields, people):
    Membership.objects.filter(user=cast.reviewer).update(section=cast.section)
    values = dict(fields)
    if "person" in values:
        values["person"] = getattr(cast, values["person"])
    if values.pop("section", False):
        values["section"] = cast.section
    duty(**values)
    tell(at("2026-11-25"))
    assert told("due_soon") == people


def test_a_section_without_people_and_an_agency_without_workers_still_have_readers(cast, duty):
    empty = Section.objects.create(agency=cast.reform, name="空科室")
    one = duty(section=empty)
    Membership.objects.filter(agency=cast.finance, role="drafter").delete()
    two = duty(owner=cast.finance)
    tell(at("2026-11-25"))
    assert told("due_soon", one) == WORKERS
    assert told("due_soon", two) == {"other_head"}


def test_who_has_left_is_told_nothing(cast, duty):
    duty()
    User.objects.filter(pk=cast.drafter.pk).update(is_active=False)
    tell(at("2026-11-25"))
    assert told("due_soon") == {"reviewer"}


def test_due_soon_begins_with_the_readers_lead_then_the_places_then_the_settings(cast, duty, settings, quietly):
    settings.DUE_SOON_DAYS = 3
    Preference.objects.create(person=cast.reviewer, lead_days=5)
    duty()
    Jurisdiction.objects.filter(pk=cast.east.pk).update(due_soon_days=1)
    duty(owner=cast.east_finance)
    days = {}
    for n in range(1, 30):
        for kind, who in quietly(at(date(2026, 11, n))):
            days[kind, who] = n
    # 30 November is a Monday: five working days before it is the 23rd, three the 25th, one Friday the 27th, whose window stays open
    assert days == {("due_soon", "reviewer"): 23, ("due_soon", "drafter"): 25, ("due_soon", "county_drafter"): 27}


def test_the_inner_date_is_told_and_called_late_when_it_is(cast, duty, quietly):
    row = duty(inner_due_on=date(2026, 11, 12))
    assert quietly(at("2026-11-06")) == []
    assert [kind for kind, _ in quietly(at("2026-11-09"))] == ["inner", "inner"]
    assert not Told.objects.filter(late=True).exists()
    Obligation.objects.filter(pk=row.pk).update(inner_due_on=date(2026, 11, 10))  # another date, another occasion
    assert [kind for kind, _ in quietly(at("2026-11-13"))] == ["inner", "inner"]
    assert Told.objects.filter(late=True).count() == 2


def test_overdue_goes_to_the_head_too_and_a_month_of_downtime_tells_once_as_late(cast, duty, quietly):
    duty()
    said = quietly(at("2026-12-31"))
    assert [pair for pair in said if pair[0] == "overdue"] == [("overdue", who) for who in ("drafter", "head", "reviewer")]
    assert not [pair for pair in said if pair[0] == "due_soon"]  # what is past is told as past
    assert set(Told.objects.filter(kind="overdue").values_list("late", flat=True)) == {True}
    assert quietly(at("2027-01-31")) == []


def test_a_limit_in_hours_is_overdue_at_its_hour(cast, duty, quietly):
    duty(due_on=date(2026, 11, 20), due_at=at("2026-11-20", 14, 30))
    tell(at("2026-11-20", 14, 29))
    assert told("overdue") == set()
    tell(at("2026-11-20", 14, 31))
    assert told("overdue") == WORKERS | {"head"}
    assert "14:30" in Told.objects.filter(kind="overdue")[0].text


def test_overdue_is_reported_upwards_by_the_places_own_days(cast, duty, settings, quietly):
    settings.ESCALATE_DAYS = 3
    duty(owner=cast.east_finance, due_on=date(2026, 11, 6))  # a Friday
    Membership.objects.create(user=cast.nobody, agency=cast.east_finance, role="head")
    days = {}
    for n in range(7, 30):
        for kind, who in quietly(at(date(2026, 11, n))):
            days[kind, who] = n
    assert days["overdue", "nobody"] == 7
    assert days["escalated", "nobody"] == days["escalated", "county_officer"] == 11  # Mon 9, Tue 10, Wed 11
    assert days["escalated", "openness_officer"] == days["escalated", "openness_colleague"] == 16  # six working days
    Jurisdiction.objects.filter(pk=cast.east.pk).update(escalate_days=1)
    duty(owner=cast.east_finance, due_on=date(2026, 11, 6))
    assert ("escalated", "openness_officer") in quietly(at("2026-11-10"))


def test_urging_is_told_below_and_its_reply_to_whoever_urged(cast, duty, quietly):
    row = duty(due_on=date(2030, 1, 4))
    urging.urge(row, cast.openness_officer, key="u1", text="请抓紧")
    now = timezone.now()
    assert quietly(now) == [("urged", "drafter"), ("urged", "head"), ("urged", "reviewer")]
    urging.reply(row, cast.drafter, key="r1", text="本周五报送")
    assert quietly(now) == [("replied", "openness_officer")]
    urging.urge(row, cast.head, key="u2", text="还没有办")
    assert quietly(now) == [("urged", "drafter"), ("urged", "reviewer")]  # who urges need not be told
    assert quietly(now) == []


def test_completion_goes_to_the_office_and_a_return_comes_back(cast, duty, quietly):
    row = duty(due_on=date(2030, 1, 4))
    actions.request_completion(row, cast.drafter, key="c1", text="已公开", link="https://example.gov.cn/1", done_on=timezone.localdate())
    now = timezone.now()
    assert quietly(now) == [("check", who) for who in sorted(OFFICE)]
    actions.return_work(row, cast.openness_officer, key="b1", reason="链接打不开")
    assert quietly(now) == [("returned", "drafter"), ("returned", "reviewer")]
    actions.request_completion(row, cast.drafter, key="c2", text="已公开", link="https://example.gov.cn/2", done_on=timezone.localdate())
    assert quietly(now) == [("check", who) for who in sorted(OFFICE)]  # a further request is a further occasion


def test_evidence_to_judge_goes_to_the_office_not_to_whoever_handed_it_in(cast, duty, quietly):
    row = duty(due_on=date(2030, 1, 4))
    Evidence.objects.create(
        obligation=row,
        kind="address",
        url="https://example.gov.cn/1",
        proves="已公开",
        on=date(2026, 11, 3),
        result="to_judge",
        handed_by=cast.openness_officer,
        handed_at=at("2026-11-03"),
        key="e1",
    )
    assert quietly(at("2026-11-03")) == [("judge", "openness_colleague")]


COUNTED = [{"limit": {"id": "reply", "n": 20, "unit": "working_days", "article": "x"}}, {"freshness": {"n": 5, "unit": "working_days"}}]


@pytest.mark.parametrize("counted", COUNTED)
def test_quota_suspension_and_a_moved_date(cast, duty, quietly, counted):
    duty(due_on=date(2026, 12, 31), quota_op=">=", quota_value=2, quota_unit="次")
    duty(due_on=None, suspended_on=date(2026, 11, 2), standing="")
    row = duty(due_on=date(2027, 6, 1), calendar="cn-x", **counted)
    Step.objects.create(obligation=row, kind="clock", at=at("2026-11-05"), text="期限改了", key=f"calendar:{row.pk}:cn-x")
    days = {}
    for n in range(3, 31):
        for kind, who in quietly(at(date(2026, 11, n))):
            assert (kind, who) not in days
            days[kind, who] = n
    # 16 working days after Monday 2 November: 24 November is the 16th
    assert days == {(kind, who): n for kind, n in (("quota", 0), ("suspended", 24), ("moved", 3)) for who in WORKERS if n}
    assert {kind for kind, _ in quietly(at("2026-12-03"))} == {"quota"}


def test_what_is_closed_waived_replaced_or_merged_is_silent(cast, duty, quietly):
    done = duty(fulfilled_on=date(2026, 11, 20))
    duty(waived_at=at("2026-11-20"), waived_by=cast.office_head, waiver_reason="并入")
    duty(replaced_on=date(2026, 11, 20))
    duty(merged_into=done)
    assert quietly(at("2026-12-31")) == []


def test_one_letter_for_all_that_is_told_at_one_moment(reachable, duty):
    for _ in range(5):
        duty()
    tell(at("2026-11-25"))
    letters = Message.objects.all()
    assert sorted(m.person.username for m in letters) == ["drafter", "reviewer"]
    assert [m.items.count() for m in letters] == [5, 5]


def test_no_address_or_not_wanted_makes_no_letter_but_stands_on_the_screen(cast, duty):
    User.objects.filter(pk__in=[cast.drafter.pk]).update(email="drafter@example.gov.cn")
    Preference.objects.create(person=cast.drafter, muted=["due_soon"])
    Preference.objects.create(person=cast.reviewer, by_mail=False, address="r@example.gov.cn")
    duty()
    tell(at("2026-11-25"))
    assert told("due_soon") == WORKERS
    assert not Message.objects.exists()


def test_the_number_of_queries_does_not_grow_with_what_is_told(reachable, duty):
    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            tell(at("2026-11-25"))
        return len(seen)

    duty()
    first = asked()
    for _ in range(40):
        duty()
    assert asked() == first
    nothing = asked()
    for _ in range(40):
        duty(due_on=DUE + timedelta(days=300))
    assert asked() == nothing < first
