"""The review of a draft, verb by verb. Each verb holds the lock on the plan, so two reviewers never undo each other unseen, and leaves a
PlanStep with what was before and after. Raises NotAllowed or ActionRefused."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from gongkai.agencies.errors import ActionRefused
from gongkai.agencies.models import User
from gongkai.journal.actions import record_many
from gongkai.plans.actions.base import (
    GAP,
    Naming,
    attach,
    change_of,
    deadline_rows,
    done_before,
    final_day,
    lock_draft,
    lock_task,
    note_step,
    position_after,
    renumber,
    replace_units,
    snapshot,
    unit_reasons,
)
from gongkai.plans.models import Plan, PlanStep, Task, TaskDeadline, TaskUnit

Review = Task.Review
Kind = PlanStep.Kind


def _mark_reviewed(task: Task, review: str, actor: User | None) -> None:
    task.review = review
    task.reviewed_by = actor if review != Review.PENDING else None
    task.reviewed_at = timezone.now() if review != Review.PENDING else None


@transaction.atomic
def accept(task: Task, actor: User | None) -> Task:
    """确认: the row is as the document means it. Again, or by a second person: nothing further happens."""
    task = lock_task(task, actor, "确认任务")
    if task.review == Review.CONFIRMED:
        return task
    if task.review == Review.NOT_A_TASK:
        raise ActionRefused("这一项已标为不是任务，请先恢复")
    _mark_reviewed(task, Review.CONFIRMED, actor)
    task.save(update_fields=["review", "reviewed_by", "reviewed_at"])
    note_step(task.plan, Kind.ACCEPTED, actor, task=task, before={"review": Review.PENDING}, after={"review": Review.CONFIRMED})
    return task


@transaction.atomic
def accept_all_clear(plan: Plan, actor: User | None) -> int:
    """Confirms every pending row without doubts whose units are all known. Returns how many; constant statements."""
    plan = lock_draft(plan, actor, "确认任务")
    waiting = TaskUnit.objects.filter(task=OuterRef("pk"), agency__isnull=True, collective__isnull=True)
    clear = [t for t in plan.tasks.filter(~Exists(waiting), review=Review.PENDING) if not t.doubts]
    for task in clear:
        _mark_reviewed(task, Review.CONFIRMED, actor)
    Task.objects.bulk_update(clear, ["review", "reviewed_by", "reviewed_at"], batch_size=200)
    steps = [
        PlanStep(
            plan=plan,
            task=task,
            kind=Kind.ACCEPTED,
            actor=actor,
            text="无疑点，一并确认",
            before={"review": Review.PENDING},
            after={"review": Review.CONFIRMED},
        )
        for task in clear
    ]
    PlanStep.objects.bulk_create(steps)
    record_many(change_of(step) for step in steps)
    return len(clear)


@transaction.atomic
def edit(
    task: Task,
    actor: User | None,
    *,
    text: str | None = None,
    path: Sequence[str] | None = None,
    units: dict[str, Sequence[str]] | None = None,
    joint: bool | None = None,
    deadlines: Sequence[dict[str, Any]] | None = None,
    channels: Sequence[str] | None = None,
    quotas: Sequence[dict[str, Any]] | None = None,
    note: str | None = None,
) -> Task:
    """修改: what is None stays, and so does the place in the original.

    A deadline is what base.deadline_rows takes, a quota {raw, value, unit, op}.
    """
    task = lock_task(task, actor, "修改任务")
    reasons = list(unit_reasons(units or {}))
    if text is not None and not text.strip():
        reasons.append("任务内容不能为空；如果不是任务，请标为不是任务")
    if note is not None and len(note) > 500:
        reasons.append("核对说明不能超过 500 个字")
    if task.review == Review.NOT_A_TASK:
        reasons.append("这一项已标为不是任务，请先恢复再修改")
    reasons += [f"数量要求“{q.get('raw', '')}”不完整" for q in quotas or () if not _is_quota(q)]
    if reasons:
        raise ActionRefused(reasons)
    before = snapshot(task)
    if text is not None:
        task.text = text.strip()
    if path is not None:
        task.path = [p.strip() for p in path if p.strip()]
    if joint is not None:
        task.joint = joint
    if channels is not None:
        task.channels = list(dict.fromkeys(c.strip() for c in channels if c.strip()))
    if quotas is not None:
        task.quotas = [{k: q.get(k) for k in ("raw", "value", "unit", "op", "span") if k in q} for q in quotas]
    if note is not None:
        task.note = note.strip()
    if units is not None:
        naming = Naming(task.plan)
        replace_units(task, naming, units)
        naming.keep_unknown()
    if deadlines is not None:
        spans = {d.raw: (d.span_start, d.span_end) for d in task.deadlines.all()}
        rows = deadline_rows(task, [{"span": spans.get(str(d.get("raw") or "")), **d} for d in deadlines])
        task.deadlines.all().delete()
        TaskDeadline.objects.bulk_create(rows)
        task.due_on = final_day(rows)
    task.save()
    after = snapshot(task)
    if after != before:
        note_step(task.plan, Kind.EDITED, actor, task=task, text=task.note, before=before, after=after)
    return task


def _is_quota(quota: dict[str, Any]) -> bool:
    value = quota.get("value")
    return isinstance(value, int | float) and value == value and abs(value) < 1e15 and quota.get("op") in {">=", "<=", ">", "<", "="}


@transaction.atomic
def reassign(task: Task, actor: User | None, units: dict[str, Sequence[str]]) -> Task:
    """改派: who leads, is responsible, supports; as wordings, resolved by the directory like those of the document."""
    task = lock_task(task, actor, "改派任务")
    if reasons := unit_reasons(units):
        raise ActionRefused(reasons)
    before = snapshot(task)
    naming = Naming(task.plan)
    replace_units(task, naming, units)
    task.save(update_fields=["doubts"])
    naming.keep_unknown()
    after = snapshot(task)
    if after != before:
        note_step(task.plan, Kind.REASSIGNED, actor, task=task, before=before, after=after)
    return task


@transaction.atomic
def add(
    plan: Plan,
    actor: User | None,
    span: tuple[int, int],
    *,
    text: str = "",
    path: Sequence[str] = (),
    units: dict[str, Sequence[str]] | None = None,
    joint: bool = False,
    deadlines: Sequence[dict[str, Any]] = (),
    channels: Sequence[str] = (),
    quotas: Sequence[dict[str, Any]] = (),
    note: str = "",
    key: str | None = None,
) -> Task:
    """增加 a task the reading missed, at [start, end) of the original; its text is those words unless given. Waits for confirmation."""
    plan = lock_draft(plan, actor, "增加任务")
    if (earlier := done_before(key, plan, Kind.ADDED)) and earlier.task:
        return earlier.task
    start, end = span
    reasons = unit_reasons(units or {})
    if not 0 <= start < end <= len(plan.source_text):
        reasons.append("请在原文中选出任务的文字")
    words = text.strip() or " ".join(plan.source_text[max(start, 0) : max(end, 0)].split())
    if not reasons and not words:
        reasons.append("选中的原文是空白")
    reasons += [f"数量要求“{q.get('raw', '')}”不完整" for q in quotas if not _is_quota(q)]
    if reasons:
        raise ActionRefused(reasons)
    task = Task(
        plan=plan,
        position=_position_at(plan, start),
        path=list(path) or _path_before(plan, start),
        text=words,
        span_start=start,
        span_end=end,
        joint=joint,
        channels=list(channels),
        quotas=list(quotas),
        origin=Task.Origin.ADDED,
        note=note[:500],
    )
    rows = deadline_rows(task, deadlines)
    task.due_on = final_day(rows)
    naming = Naming(plan)
    named = naming.units(task, units or {})
    task.save()
    attach(named, rows)
    TaskUnit.objects.bulk_create(named)
    TaskDeadline.objects.bulk_create(rows)
    naming.keep_unknown()
    note_step(plan, Kind.ADDED, actor, task=task, after=snapshot(task), key=key or None)
    return task


def _before(plan: Plan, start: int) -> Task | None:
    """The last task that begins before a place of the original."""
    return plan.tasks.filter(span_start__lte=start).order_by("position", "pk").last()


def _position_at(plan: Plan, start: int) -> int:
    if last := _before(plan, start):
        return position_after(last)
    first = plan.tasks.order_by("position").values_list("position", flat=True).first()
    if first is None:
        return GAP
    if first < 2:
        renumber(plan)
        first = GAP
    return first // 2


def _path_before(plan: Plan, start: int) -> list[str]:
    last = _before(plan, start)
    return list(last.path) if last else []


@transaction.atomic
def exclude(task: Task, actor: User | None, reason: str) -> Task:
    """标为不是任务, with the reason; the row stays, so that the decision can be seen and undone."""
    task = lock_task(task, actor, "标为不是任务")
    reason = reason.strip()
    if not reason:
        raise ActionRefused("请写明为什么不是任务")
    if len(reason) > 500:
        raise ActionRefused("理由不能超过 500 个字")
    if task.review == Review.NOT_A_TASK:
        return task
    before = {"review": task.review, "note": task.note}
    _mark_reviewed(task, Review.NOT_A_TASK, actor)
    task.note = reason
    task.save(update_fields=["review", "reviewed_by", "reviewed_at", "note"])
    note_step(task.plan, Kind.EXCLUDED, actor, task=task, text=reason, before=before, after={"review": Review.NOT_A_TASK, "note": reason})
    return task


@transaction.atomic
def restore(task: Task, actor: User | None) -> Task:
    """恢复: back to the rows to be reviewed, whatever was decided; the way to undo a confirmation too."""
    task = lock_task(task, actor, "恢复任务")
    if task.review == Review.PENDING:
        return task
    before = {"review": task.review, "note": task.note}
    _mark_reviewed(task, Review.PENDING, actor)
    task.save(update_fields=["review", "reviewed_by", "reviewed_at"])
    note_step(task.plan, Kind.RESTORED, actor, task=task, before=before, after={"review": Review.PENDING, "note": task.note})
    return task
