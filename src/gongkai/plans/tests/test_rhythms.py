"""What a task's limits become: dates, series, events, quotas; corrected in review; carried into an amended plan."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, time

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongkai.obligations import actions as work
from gongkai.obligations.models import Obligation, Series, Step
from gongkai.obligations.periods import catch_up
from gongkai.obligations.queries import ledger, with_state
from gongkai.plans import actions, queries
from gongkai.plans.forms import DeadlineForm, deadline_initial
from gongkai.plans.models import TaskDeadline, TaskUnit
from gongkai.plans.rhythm import limit_of, quota_of


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel("2026-03-18 02:00:00+00:00", tick=False):
        yield


@pytest.fixture
def issued_with(cast, draft_plan):
    """One task of 市发改委 with these limits, issued on 2026-03-18."""

    def make(*limits, quotas=(), **fields):
        plan = draft_plan(**fields)
        task = plan.tasks.first()
        task.deadlines.all().delete()
        TaskDeadline.objects.bulk_create(TaskDeadline(task=task, **limit) for limit in limits)
        task.quotas, task.review = list(quotas), "confirmed"
        task.due_on = max((limit["due"] for limit in limits if limit.get("due")), default=None)
        task.save()
        plan.tasks.exclude(pk=task.pk).update(review="not_a_task", note="x")
        return actions.issue(plan, cast.user("openness_officer")), task

    return make


def absolute(raw, due):
    return {"kind": "absolute", "raw": raw, "due": due}


def recurring(raw, every, **more):
    return {"kind": "recurring", "raw": raw, "every": every, **more}


JANUARY = datetime(2026, 1, 8, 9, tzinfo=timezone.get_default_timezone())
TWICE = {"raw": "不少于2次", "value": 2.0, "unit": "次", "op": ">="}


def test_every_date_is_a_duty_and_the_last_stands_for_the_task(issued_with):
    _plan, task = issued_with(absolute("5月20日前", date(2026, 5, 20)), absolute("8月20日前", date(2026, 8, 20)))
    rows = Obligation.objects.filter(subject_id=task.pk).order_by("due_on").values_list("period", "due_on")
    assert list(rows) == [("5月20日前", date(2026, 5, 20)), ("", date(2026, 8, 20))]
    assert [o.title[-8:] for o in Obligation.objects.order_by("due_on")] == ["（5月20日前）", "（8月20日前）"]


def test_a_rhythm_beside_a_date_is_not_ended_by_it(issued_with):
    _plan, task = issued_with(absolute("6月底前", date(2026, 6, 30)), recurring("每半年", "P6M"), quotas=[TWICE])
    dated = Obligation.objects.get(subject_id=task.pk, series=None)
    series = Series.objects.get()
    assert (dated.due_on, dated.period, dated.quota_value) == (date(2026, 6, 30), "", 2)
    assert (series.since, series.until, series.quota_value) == (date(2026, 3, 18), date(2026, 12, 31), None)
    assert Obligation.objects.get(series=series).period == "2026-H1"


def test_a_yearly_quota_is_asked_of_every_year_and_a_measure_of_nobody(issued_with):
    seventy = {"raw": "不低于70%", "value": 70.0, "unit": "%", "op": ">="}
    issued_with(recurring("每年", "P1Y"), quotas=[seventy, TWICE])
    row = Obligation.objects.get()
    assert (row.period, row.due_on, row.quota_op, row.quota_value, row.quota_unit) == ("2026", date(2026, 12, 31), ">=", 2, "次")
    assert quota_of([seventy]) is None


def test_what_review_sets_decides(issued_with):
    rule = {"kind": "days_after", "n": 15}
    issued_with(recurring("按月", "P1M", due_rule=rule, since=date(2026, 1, 1), until=date(2026, 2, 28)))
    rows = Obligation.objects.order_by("due_on").values_list("period", "due_on")
    assert list(rows) == [("2026-01", date(2026, 2, 24)), ("2026-02", date(2026, 3, 16))]  # 春节 begins on 15 February
    assert Series.objects.get().closed_on == date(2026, 2, 28)


def test_a_freshness_makes_a_standing_duty_due(issued_with):
    issued_with({"kind": "ongoing", "raw": "长期", "n": 5, "unit": "working_days"})
    row = Obligation.objects.get()
    assert (row.freshness, row.due_on, row.standing) == ({"n": 5, "unit": "working_days"}, date(2026, 3, 25), "长期")


@pytest.mark.parametrize(
    ("raw", "length"),
    [
        ("检查结果自作出之日起7个工作日内", "7 个工作日"),
        ("在3个月内", "3 个月"),
        ("最迟5小时", "5 小时"),
        ("两周内", "14 日"),
        ("一年内", "12 个月"),
    ],
)
def test_the_length_in_the_words(raw, length):
    limit = limit_of(TaskDeadline(kind="relative", raw=raw, within=raw), "")
    assert limit is not None
    assert limit.words == length


def test_a_limit_without_length_has_none():
    assert limit_of(TaskDeadline(kind="on_event", raw="信息形成后3日及时提供"), "") is None


def test_the_form_shows_what_is_meant_and_stores_what_differs(draft_plan):
    task = draft_plan().tasks.get(text__startswith="按月公开")
    shown = deadline_initial(task.deadlines.get(), 2026)
    assert (shown["due_kind"], shown["until"]) == ("last_day", date(2026, 12, 31))

    def cleaned(**fields):
        form = DeadlineForm({k: v for k, v in {**shown, **fields}.items() if v is not None})
        return (form.cleaned_data["due_rule"], None) if form.is_valid() else (None, set(form.errors))

    assert cleaned() == (None, None)
    assert cleaned(due_kind="days_after", due_n=10)[0] == {"kind": "days_after", "n": 10, "month": 1, "day": 1}
    assert cleaned(due_kind="days_after") == (None, {"due_n"})
    assert cleaned(due_kind="day_of_next", due_n=40) == (None, {"due_n"})
    assert cleaned(since=date(2027, 1, 1)) == (None, {"until"})
    assert cleaned(n=3) == (None, {"unit"})


def test_an_amended_plan_goes_on_with_the_series_and_its_results(cast, issued_with):
    old, task = issued_with(recurring("按月", "P1M"))
    with time_machine.travel("2026-06-10 02:00:00+00:00", tick=False):
        Obligation.objects.filter(subject_id=task.pk, period="2026-03").update(fulfilled_on=date(2026, 3, 30))
        new, later = issued_with(recurring("按月", "P1M"), supersedes=old)
        rows = Obligation.objects.filter(subject_id=later.pk).order_by("starts_on")
        assert [(o.period, o.fulfilled_on is not None) for o in rows] == [
            ("2026-03", True),
            ("2026-04", False),
            ("2026-05", False),
            ("2026-06", False),
        ]
        assert not Obligation.objects.filter(subject_id=task.pk, replaced_on=None).exists()
        closed = Series.objects.get(subject_id=task.pk)
        assert (closed.closed_on, new.title in closed.closed_reason) == (date(2026, 6, 10), True)
        (line,) = queries.task_states(new)[later.pk].obligations
        assert (line.state, line.period, line.periods.words) == ("overdue", "2026-04", "本年 4 期：已办结 1，逾期 2")


KINDS = st.one_of(
    st.sampled_from(["P1D", "P1W", "P1M", "P3M", "P6M", "P1Y"]).map(lambda every: recurring(every, every)),
    st.dates(date(2026, 1, 1), date(2026, 12, 31)).map(lambda day: absolute(f"{day}前", day)),
    st.sampled_from([{"kind": "ongoing", "raw": "长期"}, {"kind": "on_event", "raw": "形成后3日内", "within": "3日"}]),
)


@settings(max_examples=9, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(limits=st.lists(KINDS, max_size=5), on=st.dates(date(2025, 11, 1), date(2027, 2, 1)), again=st.booleans())
def test_issuing_makes_what_the_page_promised(cast, draft_plan, limits, on, again):
    """Whatever limits a task has, on whatever day it is issued, also in the place of a plan that asked for the same since January."""
    with transaction.atomic():
        now = datetime.combine(on, time(9), tzinfo=timezone.get_default_timezone())
        officer, old = cast.user("openness_officer"), None
        for first in (True, False) if again else (False,):
            plan = draft_plan(supersedes=old)
            task = plan.tasks.first()
            task.deadlines.all().delete()
            TaskDeadline.objects.bulk_create(TaskDeadline(task=task, **limit) for limit in limits)
            plan.tasks.update(review="confirmed")
            TaskUnit.objects.filter(task__plan=plan, agency=None, collective=None).update(agency=cast.human)
            with time_machine.travel(min(now, JANUARY) if first else now, tick=False):
                promised = queries.issue_preview(plan, timezone.now())
                old = actions.issue(plan, officer)
                made = Obligation.objects.filter(document_id=plan.pk)
                states = Counter(with_state(made).values_list("state", flat=True))
        assert promised.once == made.filter(series=None).count()
        assert promised.series == Series.objects.filter(document_id=plan.pk).count()
        assert promised.rows == promised.once + promised.periods == made.count() == ledger(officer, {"plan": plan.pk}).count()
        assert promised.past == states["overdue"]
        transaction.set_rollback(True)


def test_what_was_waived_for_good_stays_so_under_an_amended_plan(cast, issued_with):
    old, task = issued_with(recurring("按月", "P1M"))
    work.waive(Obligation.objects.get(subject_id=task.pk), cast.user("office_head"), key="k", reason="系统已停用", for_good=True)
    plan = old
    for day in (2, 3):  # amended, and once more
        with time_machine.travel(f"2026-04-0{day} 02:00:00+00:00", tick=False):
            plan, later = issued_with(recurring("按月", "P1M"), supersedes=plan)
        assert catch_up(date(2026, 12, 1)) == 0
        (row,) = Obligation.objects.filter(subject_id=later.pk)
        assert (row.period, row.waiver_reason) == ("2026-03", "系统已停用")


def test_a_standing_row_of_old_gives_its_people_to_the_series(cast, issued_with, make_obligation):
    old, task = issued_with(recurring("按月", "P1M"))
    Step.objects.all()._raw_delete("default")
    Obligation.objects.all().delete()
    Series.objects.all().delete()
    row = make_obligation(subject_id=task.pk, document_id=old.pk, due_on=None, standing="每月", person=cast.drafter)
    Step.objects.create(obligation=row, kind="acknowledged", actor=cast.drafter, at=timezone.now(), key="seen")
    _new, later = issued_with(recurring("按月", "P1M"), supersedes=old)
    heir = Obligation.objects.get(subject_id=later.pk)
    assert (heir.period, heir.person) == ("2026-03", cast.drafter)
    assert heir.steps.filter(kind="acknowledged").exists()


def test_a_done_period_is_not_the_end_while_others_come(cast, issued_with):
    plan, task = issued_with(recurring("按月", "P1M"))
    Obligation.objects.update(fulfilled_on=date(2026, 3, 18))
    (line,) = queries.task_states(plan)[task.pk].obligations
    assert (line.state, line.fulfilled_on) == ("running", date(2026, 3, 18))
    Series.objects.update(until=date(2026, 3, 31))
    assert queries.task_states(plan)[task.pk].state == "done"
