"""What changed between two editions, task by task."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongkai.plans.diffing import diff
from gongkai.plans.models import Plan, Task, TaskUnit


@pytest.fixture
def two(draft_plan):
    return draft_plan(), draft_plan()


def kinds(changes):
    return [c.kind for c in changes]


def test_the_same_plan(two):
    changes = diff(*two)
    assert kinds(changes) == ["same"] * 4
    assert all(c.old.text == c.new.text and c.fields == {} and c.likeness == 100 for c in changes)


def test_layout_is_no_change(two):
    task = two[1].tasks.first()
    Task.objects.filter(pk=task.pk).update(text="公开重大建设项目\n批准和 实施信息。2026年11月底前完成。")
    assert kinds(diff(*two)) == ["same"] * 4


def test_each_field_is_named(cast, two):
    new = list(two[1].tasks.all())
    Task.objects.filter(pk=new[0].pk).update(text="公开重大建设项目批准、实施和质量信息。2026年12月底前完成。")
    new[0].deadlines.update(raw="2026年12月底前", due=date(2026, 12, 31))
    Task.objects.filter(pk=new[1].pk).update(channels=["政府网站"], quotas=[{"op": ">=", "value": 2, "unit": "次"}], joint=True)
    new[1].units.update(text="市人社局", agency=cast.human)
    changes = diff(*two)
    assert kinds(changes) == ["changed", "changed", "same", "same"]
    assert set(changes[0].fields) == {"text", "deadlines"}
    assert changes[0].fields["deadlines"] == ("2026-11-30", "2026-12-31")
    assert set(changes[1].fields) == {"units", "channels", "quotas", "joint"}
    assert changes[1].fields["units"] == ("牵头：清河市财政局", "牵头：清河市人力资源和社会保障局")


def test_another_wording_of_the_same_agency_is_no_change(cast, two):
    TaskUnit.objects.filter(task__plan=two[1], text="市发改委").update(text="清河市发展和改革委员会")
    assert kinds(diff(*two)) == ["same"] * 4


def test_added_removed_and_moved(two):
    old, new = two
    tasks = list(new.tasks.all())
    tasks[1].delete()
    Task.objects.create(plan=new, position=50, text="开展政府开放日活动，邀请群众代表走进机关。", span_start=0, span_end=1)
    Task.objects.filter(pk=tasks[3].pk).update(position=60)
    changes = diff(old, new)
    assert sorted(kinds(changes)) == ["added", "removed", "same", "same", "same"]
    assert kinds(changes)[0] == "added"
    assert next(c for c in changes if c.kind == "removed").old.text.startswith("按月公开")


def test_what_review_left_out_is_no_task(two):
    two[0].tasks.filter(position=400).update(review="not_a_task", note="x")
    two[1].tasks.filter(position=400).update(review="not_a_task", note="x")
    assert kinds(diff(*two)) == ["same"] * 3


def test_equal_tasks_pair_once_each(two):
    for plan in two:
        Task.objects.create(plan=plan, position=900, text="按月公开全市财政收支情况。", span_start=0, span_end=1)
    changes = diff(*two)
    assert len({c.old.pk for c in changes}) == len({c.new.pk for c in changes}) == 5


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(*(st.lists(st.text("公开信息财政项目就业", min_size=1, max_size=12), max_size=7) for _ in range(2)))
def test_every_task_is_accounted_for_once(cast, before, after):
    plans = []
    for n, texts in enumerate((before, after)):
        plan = Plan.objects.create(
            jurisdiction=cast.city, title=f"{n}", source_name="a", source_sha256=f"{Plan.objects.count()}", source_text=""
        )
        Task.objects.bulk_create(Task(plan=plan, position=i, text=text, span_start=0, span_end=0) for i, text in enumerate(texts))
        plans.append(plan)
    changes = diff(*plans)
    assert sorted(c.old.text for c in changes if c.old) == sorted(before)
    assert [c.new.text for c in changes if c.new] == after
    for change in changes:
        assert (change.old is None) == (change.kind == "added")
        assert (change.new is None) == (change.kind == "removed")


def test_it_costs_the_same_for_many(two, django_assert_num_queries):
    for plan in two:
        Task.objects.bulk_create(
            Task(plan=plan, position=1000 + n, text=f"公开第{n}类政府信息并按季度更新目录", span_start=0, span_end=1) for n in range(120)
        )
    with django_assert_num_queries(8):
        assert kinds(diff(*two)) == ["same"] * 124
