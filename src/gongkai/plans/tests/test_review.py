"""The review, verb by verb: who may, what is refused, what is written down."""

from __future__ import annotations

import uuid
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.agencies.models import AgencySuggestion
from gongkai.agencies.tests.test_access import EVERYBODY, OFFICE
from gongkai.plans import actions
from gongkai.plans.actions import ActionRefused, NotAllowed
from gongkai.plans.actions.shape import raw_offset
from gongkai.plans.models import Plan, PlanStep, Task
from gongkai.reading.model import NOBODY_NAMED

VERBS = {
    "accept": lambda plan, tasks, actor: actions.accept(tasks[0], actor),
    "accept_all_clear": lambda plan, tasks, actor: actions.accept_all_clear(plan, actor),
    "edit": lambda plan, tasks, actor: actions.edit(tasks[0], actor, text="公开重大项目。", joint=True),
    "reassign": lambda plan, tasks, actor: actions.reassign(tasks[0], actor, {"lead": ["市财政局"]}),
    "split": lambda plan, tasks, actor: actions.split(tasks[0], actor, 16),
    "merge": lambda plan, tasks, actor: actions.merge(tasks[:2], actor),
    "add": lambda plan, tasks, actor: actions.add(plan, actor, (0, 10)),
    "exclude": lambda plan, tasks, actor: actions.exclude(tasks[0], actor, "重复"),
    "restore": lambda plan, tasks, actor: actions.restore(tasks[3], actor),
    "assign_unnamed": lambda plan, tasks, actor: _assign_unnamed(plan, tasks, actor),
    "resolve_unit": lambda plan, tasks, actor: actions.resolve_unit(plan, "市发改委", actor, agency=tasks[1].units.get().agency),
}


def _assign_unnamed(plan, tasks, actor):
    if plan.state == Plan.State.DRAFT:
        tasks[0].units.all().delete()
    return actions.assign_unnamed(plan, actor, {"responsible": ["市财政局"]})


@pytest.fixture
def plan(draft_plan):
    plan = draft_plan()
    plan.tasks.filter(position=400).update(review="not_a_task", note="不是任务")
    return plan


@pytest.mark.parametrize("verb", list(VERBS))
@pytest.mark.parametrize("who", EVERYBODY)
def test_who_may(cast, plan, who, verb):
    tasks, user = list(plan.tasks.all()), cast.user(who)
    if who in OFFICE:
        VERBS[verb](plan, tasks, user)
        assert PlanStep.objects.filter(plan=plan, actor=user).exists()
        return
    before = list(plan.tasks.values())
    with pytest.raises(NotAllowed):
        VERBS[verb](plan, tasks, user)
    assert list(plan.tasks.values()) == before
    assert not PlanStep.objects.exists()


@pytest.mark.parametrize("verb", list(VERBS))
@pytest.mark.parametrize("state", ["issued", "superseded"])
def test_an_issued_plan_is_frozen(cast, issued_plan, verb, state):
    plan = issued_plan()
    Plan.objects.filter(pk=plan.pk).update(state=state)
    tasks = list(plan.tasks.all())
    before = list(plan.tasks.values()), [list(t.units.values()) for t in tasks]
    with pytest.raises(ActionRefused, match="已经固定"):
        VERBS[verb](plan, tasks, cast.openness_officer)
    assert (list(plan.tasks.values()), [list(t.units.values()) for t in tasks]) == before


def test_accept_is_signed_and_idempotent(cast, plan):
    task = plan.tasks.first()
    actions.accept(task, cast.openness_officer)
    actions.accept(task, cast.openness_colleague)
    task.refresh_from_db()
    assert (task.review, task.reviewed_by) == ("confirmed", cast.openness_officer)
    step = PlanStep.objects.get()
    assert (step.before, step.after, step.task) == ({"review": "pending"}, {"review": "confirmed"}, task)
    with pytest.raises(ActionRefused, match="请先恢复"):
        actions.accept(plan.tasks.get(position=400), cast.openness_officer)


def test_tasks_that_name_nobody_get_their_units_in_one_deed(cast, plan):
    named, bare, helped, excluded = plan.tasks.order_by("position")
    named.units.all().delete()
    actions.reassign(named, cast.openness_officer, {"lead": ["市财政局"]})
    for task in (bare, helped, excluded):
        task.units.all().delete()
    actions.reassign(helped, cast.openness_officer, {"support": ["市财政局"]})
    Task.objects.filter(pk=bare.pk).update(doubts=[NOBODY_NAMED, "任务文字过短"])
    assert actions.assign_unnamed(plan, cast.openness_officer, {"responsible": ["市发改委"]}) == 2
    units = {t.pk: sorted((u.role, u.text) for u in t.units.all()) for t in plan.tasks.all()}
    assert units[named.pk] == [("lead", "市财政局")]
    assert units[bare.pk] == [("responsible", "市发改委")]
    assert units[helped.pk] == [("responsible", "市发改委"), ("support", "市财政局")]
    assert units[excluded.pk] == []
    assert Task.objects.get(pk=bare.pk).doubts == ["任务文字过短"]
    assert actions.assign_unnamed(plan, cast.openness_officer, {"responsible": ["市发改委"]}) == 0
    with pytest.raises(ActionRefused, match="请写明"):
        actions.assign_unnamed(plan, cast.openness_officer, {"support": ["市发改委"]})


def test_accept_all_takes_only_what_is_clear(cast, plan):
    plan.tasks.filter(position=200).update(doubts=["日期不确定"])
    assert actions.accept_all_clear(plan, cast.openness_officer) == 1  # 1 clear, 2 doubtful, 3 unknown unit, 4 not a task
    assert list(plan.tasks.values_list("review", flat=True)) == ["confirmed", "pending", "pending", "not_a_task"]
    assert actions.accept_all_clear(plan, cast.openness_officer) == 0
    assert PlanStep.objects.filter(kind="accepted").count() == 1


def test_accept_all_costs_the_same_for_many(cast, plan, django_assert_max_num_queries):
    Task.objects.bulk_create(Task(plan=plan, position=1000 + n, text=f"任务{n}", span_start=0, span_end=3) for n in range(150))
    user = cast.user("openness_officer")
    with django_assert_max_num_queries(14):
        assert actions.accept_all_clear(plan, user) == 152


def test_edit_changes_what_is_given_and_keeps_the_rest(cast, plan):
    task = plan.tasks.first()
    span = task.span_start, task.span_end
    actions.edit(
        task,
        cast.openness_officer,
        text=" 公开重大项目。 ",
        path=["一、甲", " ", "（一）乙"],
        units={"lead": ["市财政局"], "support": ["市发改委", "市发改委", "新来的单位"]},
        joint=True,
        deadlines=[
            {"kind": "absolute", "raw": "2026年11月底前", "due": date(2026, 11, 30)},
            {"kind": "absolute", "raw": "上半年", "due": "2026-06-30"},
            {"kind": "recurring", "raw": "按月", "every": "P1M"},
        ],
        channels=["政府网站", "政府网站", ""],
        quotas=[{"raw": "不少于2次", "value": 2, "unit": "次", "op": ">="}],
        note="按原意",
    )
    task.refresh_from_db()
    assert task.text == "公开重大项目。"
    assert task.path == ["一、甲", "（一）乙"]
    assert (task.span_start, task.span_end) == span
    assert task.joint
    assert task.channels == ["政府网站"]
    assert task.due_on == date(2026, 11, 30)
    assert task.deadlines.count() == 3
    assert list(task.units.values_list("role", "text", "agency")) == [
        ("lead", "市财政局", cast.finance.pk),
        ("support", "市发改委", cast.reform.pk),
        ("support", "新来的单位", None),
    ]
    assert AgencySuggestion.objects.get().text == "新来的单位"
    assert task.review == "pending"
    step = PlanStep.objects.get()
    assert step.before["units"][0]["text"] == "市发改委"
    assert step.after["units"][0]["text"] == "市财政局"
    actions.edit(task, cast.openness_officer, note="只改说明")
    task.refresh_from_db()
    assert task.text == "公开重大项目。"
    assert task.units.count() == 3


def test_an_edit_that_changes_nothing_leaves_no_step(cast, plan):
    task = plan.tasks.first()
    actions.edit(task, cast.openness_officer, text=task.text)
    assert not PlanStep.objects.exists()


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"text": " "}, "不能为空"),
        ({"note": "长" * 501}, "500"),
        ({"deadlines": [{"kind": "absolute", "raw": "年底"}]}, "请填写日期"),
        ({"deadlines": [{"kind": "recurring", "raw": "每月"}]}, "请选择周期"),
        ({"deadlines": [{"kind": "recurring", "raw": "每月", "every": "P9Y"}]}, "不认识周期"),
        ({"deadlines": [{"kind": "someday", "raw": "某天"}]}, "类型"),
        ({"deadlines": [{"kind": "absolute", "raw": "某天", "due": "11月底"}]}, "不是日期"),
        ({"quotas": [{"raw": "许多次"}]}, "不完整"),
        ({"quotas": [{"raw": "x", "value": float("nan"), "op": ">="}]}, "不完整"),
        ({"units": {"boss": ["市发改委"]}}, "角色"),
        ({"units": {"lead": ["局" * 201]}}, "太长"),
    ],
)
def test_edit_refuses(cast, plan, fields, sentence):
    task = plan.tasks.first()
    units = list(task.units.values())
    with pytest.raises(ActionRefused, match=sentence):
        actions.edit(task, cast.openness_officer, **fields)
    assert list(task.units.values()) == units
    assert task.deadlines.count() == 1


def test_exclude_and_restore(cast, plan):
    task = plan.tasks.first()
    with pytest.raises(ActionRefused, match="为什么"):
        actions.exclude(task, cast.openness_officer, " ")
    actions.exclude(task, cast.openness_officer, "总体要求")
    task.refresh_from_db()
    assert (task.review, task.note, task.reviewed_by) == ("not_a_task", "总体要求", cast.openness_officer)
    with pytest.raises(ActionRefused, match="请先恢复"):
        actions.edit(task, cast.openness_officer, text="x")
    actions.restore(task, cast.openness_officer)
    task.refresh_from_db()
    assert (task.review, task.reviewed_by, task.reviewed_at) == ("pending", None, None)
    assert [s.kind for s in PlanStep.objects.all()] == ["excluded", "restored"]


def test_split_divides_words_limits_and_original(cast, plan):
    task = plan.tasks.first()
    at = task.text.index("2026年")
    first, second = actions.split(task, cast.openness_officer, at)
    assert (first.text, second.text) == ("公开重大建设项目批准和实施信息。", "2026年11月底前完成。")
    text = plan.source_text
    assert text[first.span_start : first.span_end] == first.text
    assert text[second.span_start : second.span_end] == second.text
    assert first.position < second.position < plan.tasks.get(text__startswith="按月").position
    assert [(u.role, u.text, u.agency) for u in second.units.all()] == [(u.role, u.text, u.agency) for u in first.units.all()]
    assert (first.due_on, second.due_on) == (None, date(2026, 11, 30))
    assert not first.deadlines.exists()
    assert {first.review, second.review} == {"pending"}
    assert {first.origin, second.origin} == {"split"}


@pytest.mark.parametrize("at", [0, -3, 10**6])
def test_split_in_the_middle_only(cast, plan, at):
    with pytest.raises(ActionRefused, match="中间"):
        actions.split(plan.tasks.first(), cast.openness_officer, at)
    assert plan.tasks.count() == 4


def test_split_many_times_keeps_the_order(cast, plan):
    """The gaps run out and the positions are made anew."""
    task = plan.tasks.first()
    task = actions.edit(task, cast.openness_officer, text="一二三四五六七八九十甲乙丙丁戊己")
    for _ in range(12):
        task, _rest = actions.split(task, cast.openness_officer, len(task.text) - 1)
        task.refresh_from_db()
    positions = list(plan.tasks.values_list("position", flat=True))
    assert len(set(positions)) == len(positions) == 16
    assert "".join(plan.tasks.values_list("text", flat=True)).startswith("一二三四五六七八九十甲乙丙丁戊己")


@given(st.text(alphabet="公开信息项目，。 \n", min_size=2, max_size=60), st.data())
def test_the_place_in_the_original_is_found_again(raw, data):
    """Cleaning drops white space; the cut falls behind the same number of other characters."""
    text = "".join(raw.split())
    at = data.draw(st.integers(0, len(text)))
    place = raw_offset(raw, text, at)
    assert 0 <= place <= len(raw)
    if all(len(run) < 10 for run in __import__("re").findall(r"\s+", raw)):
        assert "".join(raw[:place].split()) == text[:at]


def test_merge_joins_words_units_and_limits(cast, plan):
    one, two, _three, _four = plan.tasks.all()
    merged = actions.merge([two, one], cast.openness_officer)
    assert merged.pk == one.pk
    assert merged.text == f"{one.text}\n{two.text}"
    assert (merged.span_start, merged.span_end) == (one.span_start, two.span_end)
    assert list(merged.units.values_list("role", "text")) == [("lead", "市发改委"), ("lead", "市财政局"), ("support", "市财政局")]
    assert {d.raw for d in merged.deadlines.all()} == {"2026年11月底前", "按月"}
    assert merged.due_on == date(2026, 11, 30)
    assert plan.tasks.count() == 3
    step = PlanStep.objects.get()
    assert len(step.before["tasks"]) == 2


def test_merge_refuses(cast, plan, draft_plan):
    one, two, _three, four = plan.tasks.all()
    for tasks, sentence in (
        ([one], "至少"),
        ([one, one], "至少"),
        ([one, four], "不是任务"),
        ([one, draft_plan().tasks.first()], "同一方案"),
    ):
        with pytest.raises(ActionRefused, match=sentence):
            actions.merge(tasks, cast.openness_officer)
    actions.merge([one, two], cast.openness_officer)
    with pytest.raises(ActionRefused, match="已被合并"):
        actions.merge([one, two], cast.openness_officer)
    with pytest.raises(ActionRefused, match="已被合并"):
        actions.accept(two, cast.openness_officer)


def test_add_stands_where_it_belongs(cast, plan):
    text = plan.source_text
    start = text.index("各县区人民政府要制定")
    end = start + len("各县区人民政府要制定本地区实施方案")
    task = actions.add(plan, cast.openness_officer, (start, end), units={"lead": ["市发改委"]}, channels=["政府网站"])
    assert task.text == text[start:end]
    assert (task.origin, task.review) == ("added", "pending")
    assert task.units.get().agency == cast.reform
    order = list(plan.tasks.values_list("pk", flat=True))
    assert order[-1] == task.pk
    first = actions.add(plan, cast.openness_officer, (0, 5))
    assert plan.tasks.first() == first


@pytest.mark.parametrize("span", [(5, 5), (6, 5), (-1, 5), (0, 10**9)])
def test_add_refuses_what_is_no_place(cast, plan, span):
    with pytest.raises(ActionRefused, match="原文"):
        actions.add(plan, cast.openness_officer, span)
    assert plan.tasks.count() == 4


def test_the_same_form_twice_adds_and_splits_once(cast, plan):
    form = str(uuid.uuid4())
    first = actions.add(plan, cast.openness_officer, (0, 10), key=form)
    assert actions.add(plan, cast.openness_officer, (0, 10), key=form) == first
    other = str(uuid.uuid4())
    pair = actions.split(first, cast.openness_officer, 4, key=other)
    assert actions.split(first, cast.openness_officer, 4, key=other) == pair
    assert plan.tasks.count() == 6
    with pytest.raises(ActionRefused, match="已经用过"):
        actions.split(first, cast.openness_officer, 2, key=form)


@pytest.mark.django_db(transaction=True)
def test_two_people_accept_at_once(cast, draft_plan, together):
    task = draft_plan().tasks.first()
    results = together(
        lambda: actions.accept(Task.objects.get(pk=task.pk), cast.user("openness_officer")),
        lambda: actions.accept(Task.objects.get(pk=task.pk), cast.user("openness_colleague")),
    )
    assert [type(r).__name__ for r in results] == ["Task", "Task"]
    assert PlanStep.objects.filter(kind="accepted").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_double_click_adds_one_task(cast, draft_plan, together):
    plan, form = draft_plan(), str(uuid.uuid4())
    results = together(*[lambda: actions.add(plan, cast.user("openness_officer"), (0, 10), key=form) for _ in range(3)])
    assert len({r.pk for r in results}) == 1
    assert plan.tasks.count() == 5


@pytest.mark.django_db(transaction=True)
def test_one_splits_while_another_merges(cast, draft_plan, together):
    plan = draft_plan()
    one, two = list(plan.tasks.all()[:2])
    results = together(
        lambda: actions.split(two, cast.user("openness_officer"), 4),
        lambda: actions.merge([one, two], cast.user("openness_colleague")),
    )
    assert all(not isinstance(r, Exception) or isinstance(r, ActionRefused) for r in results)
    words = "".join("".join(plan.tasks.values_list("text", flat=True)).split())
    for part in ("公开重大建设项目批准和实施信息", "按月公开全市财政收支情况"):
        assert words.count(part) == 1
