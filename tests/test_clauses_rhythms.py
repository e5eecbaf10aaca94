"""Clauses with a rhythm, on the document that says them: 通辽市's plan of 2017, issued then and asked about at the end of the year."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from django.utils import timezone

from gongkai.agencies.actions import register_agency
from gongkai.agencies.models import Agency, Jurisdiction
from gongkai.obligations.models import Obligation, Series
from gongkai.obligations.periods import catch_up
from gongkai.plans import actions, queries
from gongkai.plans.models import Plan, Task
from tests.test_clauses import seed

CLAUSES = [
    # clause, words of the task, cadence, periods of 2017 from 1 June on
    ("S4-6", "围绕出台的积极财政政策", "monthly", [f"2017-{month:02}" for month in range(6, 13)]),
    ("S4-7", "积极组织召开季度国民经济", "quarterly", ["2017-Q2", "2017-Q3", "2017-Q4"]),
    ("S4-35", "加大食品药品监管信息公开力度", "weekly", [f"2017-W{week}" for week in range(22, 53)]),
    ("S4-39", "指导、督促各地区及时规范发布土地供应", "quarterly", ["2017-Q2", "2017-Q3", "2017-Q4"]),
]


@pytest.fixture
def plan(db: None) -> Plan:
    city = Jurisdiction.objects.create(code="990500", name="通辽市", short_name="通辽", level="city")
    bureau = register_agency(city, "通辽市统计局", "市统计局", "department", None)
    assert isinstance(bureau, Agency)
    (draft,) = actions.import_plan(seed("seed_004"), "seed_004.txt", city, None)
    wanted = [start for _clause, start, _cadence, _periods in CLAUSES]
    for task in draft.tasks.all():
        if any(task.text.startswith(start) for start in wanted):
            actions.reassign(task, None, {"lead": ["市统计局"]})
            actions.accept(task, None)
        else:
            actions.exclude(task, None, "不在本项测试里")
    return actions.issue(draft, None, at=timezone.make_aware(datetime(2017, 6, 1, 9)))


@pytest.mark.parametrize(("clause", "start", "cadence", "periods"), CLAUSES)
def test_every_period_is_a_duty_with_its_own_due_day(plan: Plan, clause: str, start: str, cadence: str, periods: list[str]) -> None:
    task = Task.objects.get(plan=plan, text__startswith=start)
    (series,) = Series.objects.filter(subject_id=task.pk)
    assert (series.cadence, series.since, series.until) == (cadence, date(2017, 6, 1), date(2017, 12, 31)), clause
    rows = list(Obligation.objects.filter(series=series).order_by("starts_on"))
    assert [row.period for row in rows] == periods
    assert all(row.due_on is not None and row.starts_on <= row.due_on for row in rows)
    catch_up()
    assert Obligation.objects.filter(series=series).count() == len(periods)  # late, and again: the same rows


def test_the_weekly_results_are_due_on_the_last_working_day_of_the_week(plan: Plan) -> None:
    """S4-35, under the calendar of 2017: the week of 国庆 has none, and is due on its Sunday."""
    task = Task.objects.get(plan=plan, text__startswith="加大食品药品监管")
    due = dict(Obligation.objects.filter(subject_id=task.pk).values_list("period", "due_on"))
    assert due["2017-W23"] == date(2017, 6, 9)
    assert due["2017-W39"] == date(2017, 9, 30)  # a working Saturday
    assert due["2017-W40"] == date(2017, 10, 8)


def test_a_missed_month_shows_on_the_line_of_its_task(plan: Plan) -> None:
    """S4-6: twelve posts a year; one that was left out is seen, whatever came after it."""
    task = Task.objects.get(plan=plan, text__startswith="围绕出台的积极财政政策")
    rows = Obligation.objects.filter(subject_id=task.pk).order_by("starts_on")
    for row in rows.exclude(period="2017-08"):
        Obligation.objects.filter(pk=row.pk).update(fulfilled_on=row.due_on)
    (line,) = queries.task_states(plan)[task.pk].obligations
    assert (line.period, line.state, line.periods.words) == ("2017-08", "overdue", "共 7 期：已办结 6，逾期 1")
