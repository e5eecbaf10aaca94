"""The superior's plan against one below: the proposal, and the word of a person that outweighs it."""

from __future__ import annotations

from datetime import date

import pytest

from gongkai.agencies.tests.test_access import EVERYBODY, OFFICE
from gongkai.plans import actions, queries
from gongkai.plans.actions import ActionRefused, NotAllowed
from gongkai.plans.as_read import as_read
from gongkai.plans.counterparts import comparable_tasks
from gongkai.plans.models import Counterpart, Task, TaskDeadline
from gongkai.reading.compare import compare


@pytest.fixture
def pair(cast, issued_plan):
    upper = issued_plan()
    lower = issued_plan(jurisdiction=cast.east, title="东山县2026年政务公开工作要点")
    lower.tasks.filter(position=200).delete()  # 财政收支: nobody below
    jobs = lower.tasks.get(position=100)
    jobs.deadlines.update(due=date(2026, 12, 31), raw="2026年12月底前")
    Task.objects.create(
        plan=lower, position=900, text="整治农村人居环境，建设美丽乡村示范点。", span_start=0, span_end=1, review="confirmed"
    )
    return upper, lower


def rows(comparison):
    return {row.task.position: row for row in comparison.rows}


def test_the_proposal(pair):
    upper, lower = pair
    found = queries.comparison(upper, lower)
    by = rows(found)
    assert by[100].status == "answered"
    assert by[100].answers[0].task.text == by[100].task.text
    assert "晚 31 天" in by[100].slips[0]
    assert by[200].status == "unanswered"
    assert by[300].status == "answered"
    assert 400 not in by  # not a task
    assert [t.position for t in found.own] == [900]
    assert found.counts == {"tasks": 3, "answered": 2, "possible": 0, "unanswered": 1, "slipped": 1, "own": 1}
    assert found.proposal.similarity > 0


def test_a_rejected_pair_is_no_answer_however_alike(cast, pair):
    upper, lower = pair
    above, below = upper.tasks.get(position=100), lower.tasks.get(position=100)
    actions.confirm_counterpart(above, below, "rejected", cast.openness_officer)
    found = queries.comparison(upper, lower)
    row = rows(found)[100]
    assert row.status == "unanswered"
    assert row.slips == []
    assert row.decided
    assert [a.decision for a in row.answers] == ["rejected"]
    assert below.pk in {t.pk for t in found.own}


def test_a_confirmed_pair_answers_however_unlike(cast, pair):
    upper, lower = pair
    above, below = upper.tasks.get(position=200), lower.tasks.get(position=900)
    TaskDeadline.objects.create(task=below, kind="recurring", raw="每季度", every="P3M")
    counterpart = actions.confirm_counterpart(above, below, "confirmed", cast.county_officer)
    assert 0 <= counterpart.similarity < 0.32
    found = queries.comparison(upper, lower)
    row = rows(found)[200]
    assert (row.status, row.answers[0].decision, row.answers[0].task) == ("answered", "confirmed", below)
    assert "频次变低" in row.slips[0]
    assert found.own == []


def test_a_later_word_takes_the_place_of_the_earlier(cast, pair):
    above, below = pair[0].tasks.get(position=100), pair[1].tasks.get(position=100)
    actions.confirm_counterpart(above, below, "rejected", cast.openness_officer)
    actions.confirm_counterpart(above, below, "confirmed", cast.county_officer)
    kept = Counterpart.objects.get()
    assert (kept.decision, kept.decided_by) == ("confirmed", cast.county_officer)
    assert kept.similarity > 0.9


@pytest.mark.parametrize("who", EVERYBODY)
def test_who_may_decide(cast, pair, who):
    above, below = pair[0].tasks.get(position=100), pair[1].tasks.get(position=100)
    user = cast.user(who)
    if who in OFFICE | {"county_officer"}:
        actions.confirm_counterpart(above, below, "confirmed", user)
        return
    with pytest.raises(NotAllowed):
        actions.confirm_counterpart(above, below, "confirmed", user)
    assert not Counterpart.objects.exists()


def test_refusals(cast, pair, draft_plan):
    above, below = pair[0].tasks.get(position=100), pair[1].tasks.get(position=100)
    with pytest.raises(ActionRefused):
        actions.confirm_counterpart(above, below, "maybe", cast.openness_officer)
    with pytest.raises(ActionRefused, match="两个方案"):
        actions.confirm_counterpart(above, pair[0].tasks.get(position=200), "confirmed", cast.openness_officer)
    hidden = draft_plan(jurisdiction=cast.east).tasks.first()
    with pytest.raises(NotAllowed):  # the county's draft is not the city's to see
        actions.confirm_counterpart(above, hidden, "confirmed", cast.openness_officer)


def test_a_stored_plan_reads_like_a_fresh_one(pair):
    upper, lower = pair
    above, below = (as_read(p, comparable_tasks(p)) for p in pair)
    assert [t.text for t in above.tasks] == [t.text for t in comparable_tasks(upper)]
    assert above.to_dict()["tasks"][0]["lead"] == ["市发改委"]
    assert above.to_dict()["tasks"][0]["deadlines"][0]["due"] == "2026-11-30"
    assert compare(above, below).to_dict()["summary"]["tasks"] == 3
    assert lower.title == below.title


def test_it_costs_the_same_for_many(pair, django_assert_num_queries):
    for plan in pair:
        Task.objects.bulk_create(
            Task(plan=plan, position=1000 + n, text=f"公开第{n}类信息并更新目录", span_start=0, span_end=1) for n in range(80)
        )
    with django_assert_num_queries(7):
        queries.comparison(*pair)
