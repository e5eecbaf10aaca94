"""The deadline kinds and the clocks that the five documents fix (the lists at the end of clauses.md), each by the road a user takes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from gongkai.agencies.models import Agency, Leader
from gongkai.conftest import *  # noqa: F403
from gongkai.conftest import Cast
from gongkai.obligations import facts
from gongkai.obligations.models import Obligation, RuleSwitch, Series
from gongkai.obligations.statutes import rules
from gongkai.obligations.switching import switch_on
from gongkai.obligations.triggers import Fact, happened
from gongkai.plans import actions
from gongkai.plans.models import Plan

BEIJING = ZoneInfo("Asia/Shanghai")
ISSUED = datetime(2026, 1, 5, 9, tzinfo=BEIJING)
TODAY = date(2026, 11, 22)
ZERO: dict[str, Any] = {"due": None, "every": "", "within": ""}


@pytest.fixture
def given(cast: Cast, draft_plan: Callable[..., Plan]) -> Callable[..., list[Obligation]]:
    """The duties of a task with one deadline, as issuing the plan opens them."""

    def give(**deadline: Any) -> list[Obligation]:
        officer = cast.user("openness_officer")
        plan = draft_plan()
        first, *others = plan.tasks.all()
        actions.edit(first, officer, deadlines=[ZERO | deadline])
        for task in others:
            actions.exclude(task, officer, "别的任务")
        actions.accept(first, officer)
        actions.issue(plan, officer, at=ISSUED)
        return list(Obligation.objects.filter(source="plan_task", subject_id=first.pk).order_by("starts_on", "pk"))

    return give


@pytest.fixture
def law(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Callable[..., dict[str, Obligation]]:
    """Every rule is in use in the city, as if every app were there; what a fact of 市发改委 makes, by rule."""
    monkeypatch.setattr(facts, "_declared", {kind: known.words for kind, known in facts.vocabulary().facts.items()})
    now = datetime(2026, 1, 1, tzinfo=BEIJING)
    ids = {row.id for row in rules()}
    RuleSwitch.objects.bulk_create(
        RuleSwitch(jurisdiction=cast.city, rule=id, on=True, since=date(2008, 5, 1), decided_at=now) for id in ids
    )

    def tell(fact: str, at: datetime, /, **tags: str) -> dict[str, Obligation]:
        made = happened(Fact(fact, cast.city, cast.reform, 1, "一件事", at.date(), at, tags), None)
        return {row.rule: row for row in made}

    return tell


class TestDeadlineKinds:
    """absolute date · 长期 · event-relative · delegated · recurring · clock-hours (S2 alone uses four)."""

    def test_an_absolute_date(self, given: Callable[..., list[Obligation]]) -> None:
        (row,) = given(kind="absolute", raw="2017年8月底前", due=date(2026, 8, 31))
        assert (row.due_on, row.standing, row.period) == (date(2026, 8, 31), "", "")

    def test_long_term(self, given: Callable[..., list[Obligation]]) -> None:
        (row,) = given(kind="ongoing", raw="长期坚持")
        assert (row.due_on, row.standing) == (None, "长期坚持")

    @pytest.mark.parametrize(("kind", "raw"), [("on_event", "信息形成后及时提供"), ("relative", "文件公开后3个工作日内")])
    def test_relative_to_an_event(self, given: Callable[..., list[Obligation]], kind: str, raw: str) -> None:
        (row,) = given(kind=kind, raw=raw, within=raw)
        assert row.due_on is None and raw in row.standing, "waits for its event and is never late before it"

    def test_relative_to_an_event_by_law(self, law: Callable[..., dict[str, Obligation]]) -> None:
        made = law("document_published", datetime(2026, 2, 10, 9, tzinfo=BEIJING), kind="policy", interpret="yes", term="none")
        assert made["interpret.publish"].due_on == date(2026, 2, 13)

    def test_delegated_to_the_lead_unit(self, given: Callable[..., list[Obligation]]) -> None:
        (row,) = given(kind="on_event", raw="按牵头部门要求时限", within="按牵头部门要求时限")
        assert row.due_on is None and "按牵头部门要求" in row.standing

    @pytest.mark.parametrize(
        ("every", "periods"),
        [("P1W", 46), ("P1M", 11), ("P3M", 4), ("P6M", 2), ("P1Y", 1)],
    )
    def test_recurring(self, given: Callable[..., list[Obligation]], every: str, periods: int) -> None:
        rows = given(kind="recurring", raw="定期", every=every)
        begun = [row for row in rows if row.starts_on <= TODAY]
        assert len(begun) >= periods and len({row.period for row in rows}) == len(rows)
        assert Series.objects.get().owner == rows[0].owner

    @pytest.mark.parametrize(("rule", "grade", "due"), [
        ("concern.authoritative", "grave", datetime(2026, 2, 15, 3, 30)), ("concern.press", "grave", datetime(2026, 2, 15, 22, 30)),
        ("concern.other", "other", datetime(2026, 2, 16, 22, 30)),
    ])  # fmt: skip
    def test_hours_of_the_clock(self, law: Callable[..., dict[str, Obligation]], rule: str, grade: str, due: datetime) -> None:
        """S4-49: 5, 24 and 48 hours, through the night and a holiday."""
        made = law("concern_raised", datetime(2026, 2, 14, 22, 30, tzinfo=BEIJING), grade=grade)
        assert made[rule].due_at == due.replace(tzinfo=BEIJING)


COMES_BACK = [
    ("S2-26", "credit.monthly", "monthly"),
    ("S4-6", "field.fiscal_monthly", "monthly"),
    ("S4-7", "field.statistics_quarterly", "quarterly"),
    ("S4-39", "field.land_quarterly", "quarterly"),
    ("S4-51", "site.spot_check", "quarterly"),
    ("S4-51", "site.monitor_daily", "daily"),
    ("S4-35", "field.sampling_weekly", "weekly"),
    ("S0-13", "field.poverty_yearly", "yearly"),
    ("S4-19", "field.state_firms_yearly", "yearly"),
    ("S4-25", "field.capacity_yearly", "yearly"),
    ("S4-33", "field.enrolment_yearly", "yearly"),
]
"""Quantities and clocks the seeds fix: clause, rule, cadence."""


@pytest.mark.parametrize(("clause", "rule", "cadence"), COMES_BACK)
def test_what_comes_back_has_its_period(clause: str, rule: str, cadence: str) -> None:
    (row,) = [row for row in rules() if row.id == rule]
    assert (row.every or row.within, clause in row.clauses, row.local) == (cadence, True, True)


def test_weekly_sampling_results_have_a_row_for_every_week(cast: Cast) -> None:
    """S4-35."""
    bureau = Agency.objects.create(jurisdiction=cast.city, code="990100-090", name="清河市市场监督管理局", kind="department")
    switch_on("field.sampling_weekly", cast.city, cast.user("openness_officer"), since=date(2025, 1, 1))
    rows = Obligation.objects.filter(rule="field.sampling_weekly", owner=bureau, due_on__year=2025)
    assert rows.count() == 52 and {row.due_on.isoweekday() for row in rows if row.due_on} == {7}


@pytest.mark.parametrize(("rule", "owner", "quantity"), [("interpret.leaders", "甲", 2), ("training.twice", "", 2)])
def test_what_is_counted_a_year(cast: Cast, rule: str, owner: str, quantity: int) -> None:
    """S4-46: at least two interpretations by each named leader; S3-26: at least two trainings by each department."""
    Leader.objects.create(agency=cast.reform, name="甲", post="主任", is_chief=True)
    switch_on(rule, cast.city, cast.user("openness_officer"), since=date(2026, 1, 1))
    row = Obligation.objects.get(rule=rule, owner=cast.reform, period="2026")
    assert (row.quota_op, row.quota_value, row.due_on, row.share) == (">=", quantity, date(2026, 12, 31), owner)


@pytest.mark.parametrize(
    ("clause", "rule", "unit", "n"), [("S4-9", "register.fees_fresh", "days", 30), ("S2-25", "field.climate_realtime", "hours", 24)]
)
def test_real_time_means_fresh(clause: str, rule: str, unit: str, n: int) -> None:
    """The plans say 实时; how old is too old is the place's own to set."""
    (row,) = [row for row in rules() if row.id == rule]
    assert row.freshness == {"n": n, "unit": unit} and clause in row.clauses and "n" in row.settings


def test_both_clocks_of_permits_and_penalties(law: Callable[..., dict[str, Obligation]]) -> None:
    """S2-26 (trap 2 of clauses.md): the month of the plan is looser than the 7 working days of the rule; both run."""
    made = law("credit_decision", datetime(2026, 2, 2, 9, tzinfo=BEIJING), kind="permit", market="no", abroad="no")
    assert {rule: row.due_on for rule, row in made.items()} == {"credit.seven_days": date(2026, 2, 11), "credit.monthly": date(2026, 2, 28)}


@pytest.mark.parametrize(("day", "n"), [(date(2019, 5, 14), 15), (date(2019, 5, 15), 20)])
def test_the_legal_time_is_that_of_the_day(law: Callable[..., dict[str, Obligation]], day: date, n: int) -> None:
    """S2-13, S4-56 (trap 5): 15+15 working days before 2019-05-15, 20+20 since."""
    limit = law("request_received", datetime(day.year, day.month, day.day, 9, tzinfo=BEIJING))["request.reply"].limit
    assert limit is not None and (limit["n"], limit["cap"]) == (n, n)
