"""Issuing: what it needs, what it opens, what a superseding plan takes over."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from gongkai.agencies.models import Agency, CollectiveName
from gongkai.agencies.tests.test_access import EVERYBODY, OFFICE
from gongkai.obligations import actions as work
from gongkai.obligations.models import Obligation, Series, Step
from gongkai.obligations.queries import STATE_WORDS, ledger
from gongkai.plans import actions, queries
from gongkai.plans.actions import ActionRefused, NotAllowed
from gongkai.plans.models import Plan, PlanStep, Task, TaskDeadline, TaskUnit
from gongkai.plans.wording import basis_of, place_of, title_of


def key():
    return str(uuid.uuid4())


def make_ready(cast, plan):
    """Resolves what is open in the sample plan and confirms every row."""
    lower, _made = CollectiveName.objects.get_or_create(
        jurisdiction=cast.city, text="各县区人民政府", defaults={"rule": "lower_governments"}
    )
    for unit in TaskUnit.objects.filter(task__plan=plan, agency__isnull=True, collective__isnull=True):
        if unit.text == "各县区人民政府":
            unit.collective = lower
        else:
            unit.agency = cast.human
        unit.save()
    plan.tasks.update(review="confirmed")
    return plan


@pytest.fixture
def ready(cast, draft_plan):
    return make_ready(cast, draft_plan())


@pytest.mark.parametrize("who", EVERYBODY)
def test_who_may(cast, ready, who):
    user = cast.user(who)
    if who in OFFICE:
        assert actions.failure_reasons("issue", ready, user) == []
        actions.issue(ready, user)
        return
    assert "主管部门" in actions.failure_reasons("issue", ready, user)[0]
    with pytest.raises(NotAllowed):
        actions.issue(ready, user)
    assert not Obligation.objects.exists()
    ready.refresh_from_db()
    assert ready.state == "draft"


def test_what_is_opened(cast, ready):
    with time_machine.travel("2026-01-05 17:30:00+00:00", tick=False):  # 01-06 in Shanghai
        plan = actions.issue(ready, cast.openness_officer)
    assert (plan.state, plan.opened_by) == ("issued", cast.openness_officer)
    rows = {(o.title, o.owner.name): o for o in Obligation.objects.select_related("owner")}
    assert len(rows) == 5
    first = rows["公开重大建设项目批准和实施信息", "清河市发展和改革委员会"]
    assert first.starts_on == date(2026, 1, 6)
    assert first.due_on == date(2026, 11, 30)
    assert first.standing == ""
    assert (first.role, first.joint, first.period, first.document_id) == ("lead", False, "", plan.pk)
    assert first.basis == "清政办发〔2026〕1号 一"
    assert [h.agency for h in first.helpers.all()] == [cast.finance]
    step = first.steps.get()
    assert (step.kind, step.actor) == ("opened", cast.openness_officer)
    monthly = rows["按月公开全市财政收支情况", "清河市财政局"]
    assert (monthly.period, monthly.due_on, monthly.standing) == ("2026-01", date(2026, 1, 31), "")
    assert (monthly.series.cadence, monthly.series.since, monthly.series.until) == ("monthly", date(2026, 1, 6), date(2026, 12, 31))
    jobs = rows["公开就业创业政策措施", "清河市人力资源和社会保障局"]
    assert (jobs.role, jobs.standing) == ("responsible", "未规定期限")
    for name in ("东山县人民政府", "西河区人民政府"):
        assert rows["各县区人民政府要制定本地区实施方案，6月底前公布", name].due_on == date(2026, 6, 30)
    assert PlanStep.objects.get(kind="issued").text == "4 项任务，4 件事项，1 件定期任务"


def test_each_agency_answers_once_and_helps_no_work_of_its_own(cast, ready):
    """市人社局 is named twice; a lead that is also responsible or support leads."""
    task = ready.tasks.first()
    TaskUnit.objects.create(task=task, role="responsible", position=0, text="市发改委", agency=cast.reform)
    TaskUnit.objects.create(task=task, role="support", position=0, text="发改委", agency=cast.reform)
    actions.issue(ready, cast.openness_officer)
    opened = Obligation.objects.get(subject_id=task.pk)
    assert opened.role == "lead"
    assert [h.agency for h in opened.helpers.all()] == [cast.finance]


def test_sections_own_their_share(cast, ready):
    from gongkai.agencies.models import Section

    other = Section.objects.create(agency=cast.reform, name="综合科")
    task = ready.tasks.first()
    task.units.all().delete()
    for n, section in enumerate((cast.section, other)):
        TaskUnit.objects.create(task=task, role="responsible", position=n, text=section.name, agency=cast.reform, section=section)
    actions.issue(ready, cast.openness_officer)
    assert {(o.owner, o.section, o.share) for o in Obligation.objects.filter(subject_id=task.pk)} == {
        (cast.reform, cast.section, "政策法规科"),
        (cast.reform, other, "综合科"),
    }


def test_what_is_no_task_opens_nothing(cast, ready):
    task = ready.tasks.first()
    ready.tasks.filter(pk=task.pk).update(review="not_a_task", note="总体要求")
    actions.issue(ready, cast.openness_officer)
    assert not Obligation.objects.filter(subject_id=task.pk).exists()


def _reasons(plan, cast):
    return "；".join(actions.failure_reasons("issue", plan, cast.openness_officer))


def test_each_reason_has_its_count(cast, draft_plan):
    plan = draft_plan()
    said = _reasons(plan, cast)
    assert "还有 4 项任务没有核对" in said
    assert "还有 2 处牵头或负责单位没有确认：“市就业促进中心”、“各县区人民政府”" in said
    plan.tasks.first().units.all().delete()
    assert "有 1 项任务没有牵头或负责单位" in _reasons(plan, cast)
    with pytest.raises(ActionRefused) as refusal:
        actions.issue(plan, cast.openness_officer)
    assert len(refusal.value.reasons) == 3
    assert not Obligation.objects.exists()


def test_an_unknown_helper_does_not_stand_in_the_way(cast, ready):
    TaskUnit.objects.create(task=ready.tasks.first(), role="support", position=9, text="某协会")
    actions.issue(ready, cast.openness_officer)
    assert Obligation.objects.count() == 5


def test_a_collective_name_that_means_nobody(cast, ready):
    Agency.objects.filter(kind="government").exclude(pk=cast.government.pk).update(valid_to=date(2020, 1, 1))
    assert "“各县区人民政府”在机构名录中没有对应的单位" in _reasons(ready, cast)


def test_an_abolished_agency(cast, ready):
    Agency.objects.filter(pk=cast.reform.pk).update(valid_to=date(2020, 1, 1))
    assert "已经撤销" in _reasons(ready, cast)


def test_nothing_to_issue(cast, ready):
    ready.tasks.update(review="not_a_task", note="x")
    assert "没有任务可以下达" in _reasons(ready, cast)


def test_not_twice(cast, ready):
    actions.issue(ready, cast.openness_officer)
    with pytest.raises(ActionRefused, match="不能再次下达"):
        actions.issue(ready, cast.openness_colleague)
    assert Obligation.objects.count() == 5
    ready.refresh_from_db()
    assert "不能再次下达" in _reasons(ready, cast)


def test_a_failure_in_the_middle_issues_nothing(cast, ready, monkeypatch):
    def fail(*args, **kwargs):
        raise OSError("disk full")

    monkeypatch.setattr("gongkai.plans.actions.issuing.note_step", fail)
    with pytest.raises(OSError, match="disk full"):
        actions.issue(ready, cast.openness_officer)
    ready.refresh_from_db()
    assert ready.state == "draft"
    assert not Obligation.objects.exists()


def test_a_plan_issued_before_this_installation(cast, ready):
    at = timezone.now() - timedelta(days=60)
    actions.issue(ready, cast.openness_officer, at=at)
    assert Obligation.objects.first().starts_on == timezone.localdate(at)
    assert Step.objects.first().at == at


def test_the_preview_says_what_issuing_does(cast, ready):
    ready.tasks.filter(position=300).update(review="not_a_task", note="x")
    now = datetime(2026, 7, 1, 9, tzinfo=timezone.get_default_timezone())
    with time_machine.travel(now, tick=False):
        preview = queries.issue_preview(ready, now)
        actions.issue(ready, cast.openness_officer)
    assert preview.once == Obligation.objects.filter(series=None).count() == 3
    assert preview.series == Series.objects.count() == 1
    assert preview.periods == Obligation.objects.exclude(series=None).count() == 1
    assert preview.rows == ledger(cast.openness_officer, {"plan": ready.pk}).count() == 4
    assert (preview.tasks, preview.excluded, preview.undated, preview.past) == (3, 1, 0, 2)
    assert preview.helpers == 0  # 市财政局 leads something itself
    assert [(a.name, a.lead, a.responsible, a.support) for a in preview.agencies] == [
        ("清河市发展和改革委员会", 1, 0, 0),
        ("清河市财政局", 1, 0, 1),
        ("西河区人民政府", 0, 1, 0),
        ("东山县人民政府", 0, 1, 0),
    ]


def many(plan, cast, n):
    tasks = Task.objects.bulk_create(
        Task(plan=plan, position=1000 + i, text=f"第{i}项任务。", span_start=0, span_end=3, review="confirmed") for i in range(n)
    )
    TaskUnit.objects.bulk_create(TaskUnit(task=t, role="lead", position=0, text="市发改委", agency=cast.reform) for t in tasks)
    TaskUnit.objects.bulk_create(TaskUnit(task=t, role="support", position=0, text="市财政局", agency=cast.finance) for t in tasks)
    TaskDeadline.objects.bulk_create(TaskDeadline(task=t, kind="ongoing", raw="长期") for t in tasks)


def test_issuing_200_costs_what_20_costs(cast, draft_plan):
    def cost(n):
        plan = make_ready(cast, draft_plan())
        many(plan, cast, n)
        user = cast.user("openness_officer")
        with CaptureQueriesContext(connection) as captured:
            actions.issue(plan, user)
        return len(captured)

    few, lots = cost(20), cost(200)
    assert lots <= few + (0 if connection.vendor == "postgresql" else 16)
    assert few < 66


# ── a plan that supersedes another


@pytest.fixture
def old(cast, ready):
    return actions.issue(ready, cast.openness_officer, at=timezone.now() - timedelta(days=20))


def fulfil(obligation, cast, person):
    work.acknowledge(obligation, person, key=key())
    work.request_completion(obligation, person, key=key(), text="公开", link="https://www.example.gov.cn/", done_on=date(2026, 2, 1))
    work.pass_check(obligation, cast.openness_officer, key=key())


def test_unchanged_tasks_keep_what_was_done(cast, old, draft_plan):
    by = {o.title: o for o in Obligation.objects.exclude(owner__kind="government")}
    fulfil(by["公开重大建设项目批准和实施信息"], cast, cast.drafter)
    work.waive(by["按月公开全市财政收支情况"], cast.office_head, key=key(), reason="财政部统一发布")
    new = make_ready(cast, draft_plan(supersedes=old, source_name="修订.txt"))
    new.tasks.filter(position=300).update(text="公开就业创业政策措施和补贴名单。")
    steps = Step.objects.count()
    actions.issue(new, cast.openness_officer)
    old.refresh_from_db()
    assert old.state == "superseded"
    after = {o.title: o for o in Obligation.objects.filter(document_id=new.pk).exclude(owner__kind="government")}
    assert after["公开重大建设项目批准和实施信息"].fulfilled_on == date(2026, 2, 1)
    assert after["按月公开全市财政收支情况"].waiver_reason == "财政部统一发布"
    assert after["公开就业创业政策措施和补贴名单"].fulfilled_on is None
    kinds = list(after["公开重大建设项目批准和实施信息"].steps.values_list("kind", flat=True))
    assert kinds == ["opened", "changed", "acknowledged"]
    assert Step.objects.count() > steps
    assert not Obligation.objects.filter(document_id=old.pk, replaced_on__isnull=True).exists()
    assert PlanStep.objects.filter(plan=old, kind="superseded").exists()


def test_the_ledger_shows_each_duty_once(cast, old, draft_plan):
    new = make_ready(cast, draft_plan(supersedes=old))
    actions.issue(new, cast.openness_officer)
    user = cast.user("openness_officer")
    assert {o.document_id for o in ledger(user, {})} == {new.pk}
    assert ledger(user, {}).count() == 5
    assert ledger(user, {"plan": old.pk}).count() == 5
    assert all(state.state == "replaced" for state in queries.task_states(old).values())
    waiting = Obligation.objects.get(document_id=old.pk, owner=cast.reform)
    assert "新方案" in work.failure_reasons("acknowledge", waiting, cast.drafter)[0]


def test_only_an_issued_plan_can_be_replaced(cast, old, draft_plan):
    new = make_ready(cast, draft_plan(supersedes=old))
    Plan.objects.filter(pk=old.pk).update(state="superseded")
    new.refresh_from_db()
    assert "不能再代替" in _reasons(new, cast)
    with pytest.raises(ActionRefused, match="不能再代替"):
        actions.issue(new, cast.openness_officer)


@pytest.mark.django_db(transaction=True)
def test_two_people_issue_at_once(cast, draft_plan, together):
    plan = make_ready(cast, draft_plan())
    results = together(
        lambda: actions.issue(plan, cast.user("openness_officer")),
        lambda: actions.issue(plan, cast.user("openness_colleague")),
    )
    assert sorted(type(r).__name__ for r in results) == ["ActionRefused", "Plan"]
    assert Obligation.objects.count() == 5
    assert Step.objects.filter(kind="opened").count() == 5
    assert PlanStep.objects.filter(kind="issued").count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_issues_while_another_edits(cast, draft_plan, together):
    """Whoever comes second meets what the first has done: a frozen plan, or a row to be confirmed again."""
    plan = make_ready(cast, draft_plan())
    task = plan.tasks.first()
    results = together(
        lambda: actions.issue(plan, cast.user("openness_officer")),
        lambda: actions.restore(task, cast.user("openness_colleague")),
    )
    plan.refresh_from_db()
    task.refresh_from_db()
    assert sorted(type(r).__name__ for r in results) in (["ActionRefused", "Plan"], ["ActionRefused", "Task"])
    assert (plan.state == "issued") == (task.review == "confirmed")
    assert Obligation.objects.exists() == (plan.state == "issued")


# ── words


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("公开财政信息。市财政局每月公布。", "公开财政信息"),
        ("1.加强预期引导。围绕……", "加强预期引导"),
        ("（三）推进减税信息公开", "推进减税信息公开"),
        ("没有句号的一句话", "没有句号的一句话"),
        ("甲" * 30 + "，" + "乙" * 40 + "。", "甲" * 30 + "…"),
        ("甲" * 90, "甲" * 59 + "…"),
        ("换行\n的   任务。", "换行 的 任务"),
    ],
)
def test_titles(text, title):
    assert title_of(text) == title
    assert len(title_of(text)) <= 60


@pytest.mark.parametrize(
    ("path", "place"),
    [
        (["二、主要任务", "（二）稳增长", "2.减税"], "二（二）2."),
        (["第一章 总则", "第三条"], "第一章第三条"),
        (["(一)以政务公开助力稳增长", "1．预期"], "（一）1."),
        (["工作要求"], ""),
        ([], ""),
    ],
)
def test_the_place_in_the_document(path, place):
    assert place_of(path) == place


def test_basis_names_the_document_by_number_or_title():
    assert (
        basis_of(Plan(doc_number="卫政办发〔2020〕52号", title="要点"), ["二、任务", "（二）公开", "2.减税"])
        == "卫政办发〔2020〕52号 二（二）2."
    )
    assert basis_of(Plan(title="要点"), []) == "《要点》"


def test_every_state_of_a_task_has_a_word():
    for states in (["overdue", "done"], ["waived"], ["waived", "done"], ["done", "done_late"], [], ["replaced", "done"]):
        assert queries.state_of_task(states) in STATE_WORDS
    assert queries.state_of_task(["done", "waived"]) == "done"
    assert queries.state_of_task(["done", "done_late"]) == "done_late"
    assert queries.state_of_task(["done", "running"]) == "running"
    assert queries.state_of_task(["not_started", "overdue"]) == "overdue"
