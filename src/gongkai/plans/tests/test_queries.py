from __future__ import annotations

from datetime import date

import pytest

from gongkai.obligations.models import Helper, Obligation
from gongkai.obligations.queries import STATE_WORDS
from gongkai.plans import queries
from gongkai.plans.models import Task, TaskUnit

TODAY = date(2026, 3, 10)


@pytest.fixture
def plan(draft_plan):
    return draft_plan()


def test_what_needs_a_person_comes_first(plan):
    plan.tasks.filter(position=200).update(doubts=["日期不确定"])
    plan.tasks.filter(position=400).update(review="confirmed", doubts=["x"])
    rows = queries.review_rows(plan)
    assert [r.number for r in rows] == [2, 3, 1, 4]
    assert [r.needs_attention for r in rows] == [True, True, False, False]
    assert rows[1].unresolved == ["市就业促进中心"]
    assert rows[0].doubts == ["日期不确定"]
    assert [d.raw for d in rows[0].deadlines] == ["按月"]


def test_review_rows_cost_the_same_for_many(plan, cast, django_assert_num_queries):
    tasks = Task.objects.bulk_create(Task(plan=plan, position=1000 + n, text=f"任务{n}", span_start=0, span_end=1) for n in range(150))
    TaskUnit.objects.bulk_create(TaskUnit(task=t, role="lead", position=0, text="市发改委", agency=cast.reform) for t in tasks)
    with django_assert_num_queries(3):
        for row in queries.review_rows(plan):
            for unit in row.units:
                assert unit.agency is None or unit.agency.name
                assert unit.collective is None
            assert row.task.plan.title
    with django_assert_num_queries(2):
        queries.review_counts(plan)


def test_review_counts(plan):
    plan.tasks.filter(position=200).update(doubts=["日期不确定"])
    plan.tasks.filter(position=400).update(review="not_a_task", note="x")
    counts = queries.review_counts(plan)
    assert counts == {"total": 4, "pending": 3, "confirmed": 0, "not_a_task": 1, "attention": 2, "clear": 1, "unresolved": 1}
    rows = queries.review_rows(plan)
    assert counts["attention"] == sum(r.needs_attention for r in rows)


def test_task_states_and_totals(cast, issued_plan):
    plan = issued_plan()
    one, two, three, four = plan.tasks.all()
    obligation = Obligation.objects.get(subject_id=one.pk)
    states = queries.task_states(plan, TODAY)
    assert set(states) == {one.pk, two.pk, three.pk}
    assert states[one.pk].state == "running"
    assert states[two.pk].state == "standing"
    assert four.pk not in states
    assert states[one.pk].obligations == [obligation]
    totals = queries.plan_totals(plan, TODAY)
    assert list(totals) == list(STATE_WORDS)
    assert {k: v for k, v in totals.items() if v} == {"running": 1, "standing": 2}
    assert {k: v for k, v in queries.plan_totals(plan, date(2026, 12, 1)).items() if v} == {"overdue": 1, "standing": 2}


def test_totals_count_what_task_states_show(cast, issued_plan):
    plan = issued_plan()
    Obligation.objects.filter(owner=cast.finance).update(fulfilled_on=TODAY)
    states = queries.task_states(plan, TODAY)
    totals = queries.plan_totals(plan, TODAY)
    assert all(totals[s] == sum(t.state == s for t in states.values()) for s in STATE_WORDS)


def test_task_states_cost_the_same_for_many(cast, issued_plan, django_assert_num_queries):
    plan = issued_plan()
    made = Obligation.objects.bulk_create(
        Obligation(
            jurisdiction=cast.city,
            owner=owner,
            source="plan_task",
            document_id=plan.pk,
            subject_id=10_000 + n,
            title="x",
            starts_on=TODAY,
            due_on=TODAY,
        )
        for n in range(100)
        for owner in (cast.reform, cast.finance)
    )
    Helper.objects.bulk_create(Helper(obligation=o, agency=cast.human) for o in made)
    with django_assert_num_queries(4):  # windows of the places, lines, helpers, periods
        for state in queries.task_states(plan, TODAY).values():
            for o in state.obligations:
                assert o.owner.name
                assert o.section is None
                assert all(h.agency.name for h in o.helpers.all())
    with django_assert_num_queries(3):
        queries.plan_totals(plan, TODAY)


def test_totals_are_those_of_the_public_page_even_for_a_task_that_binds_nobody(client, cast, issued_plan):
    plan = issued_plan()
    plan.tasks.filter(review="not_a_task").update(review="confirmed", note="")  # a confirmed task without obligations
    totals = queries.plan_totals(plan)
    assert (sum(totals.values()), totals["standing"]) == (4, 3)
    page = client.get(f"/plans/{plan.pk}/?format=json").json()
    assert page["totals"] == {k: v for k, v in totals.items() if v}
    assert page["totals"]["standing"] == len(client.get(f"/plans/{plan.pk}/?format=json&state=standing").json()["tasks"])


def test_lower_plans_are_issued_of_the_same_year_one_level_below(cast, draft_plan, issued_plan):
    upper = issued_plan()
    county = issued_plan(jurisdiction=cast.east)
    issued_plan(jurisdiction=cast.east, year=2025)
    draft_plan(jurisdiction=cast.west)
    issued_plan(jurisdiction=cast.elsewhere)
    assert list(queries.lower_plans(upper)) == [county]
