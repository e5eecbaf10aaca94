"""One task becomes two, several become one. Where the halves lie in the original is found again by aligning the words."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from gongkai.agencies.errors import ActionRefused
from gongkai.agencies.models import User
from gongkai.plans.actions.base import done_before, final_day, lock_draft, lock_task, note_step, position_after, snapshot
from gongkai.plans.models import PlanStep, Task, TaskDeadline, TaskUnit

Kind = PlanStep.Kind
WINDOW = 12


def raw_offset(raw: str, text: str, at: int) -> int:
    """The place in `raw` (the words of the document) that answers to `text[:at]` (the same words cleaned).

    Cleaning drops and folds characters but keeps their order; a character not found near by counts as one of the original.
    """
    place = 0
    for char in text[:at]:
        if char.isspace():
            continue
        found = raw.find(char, place, place + WINDOW)
        place = found + 1 if found >= 0 else min(place + 1, len(raw))
    return place


@transaction.atomic
def split(task: Task, actor: User | None, at: int, *, key: str | None = None) -> tuple[Task, Task]:
    """拆分 at a character of the task's text. Both halves keep the units; limits, channels and quotas go with the words that name them.

    Both halves wait for confirmation. Returns the two.
    """
    first = lock_task(task, actor, "拆分任务")
    if (earlier := done_before(key, first.plan, Kind.SPLIT)) and earlier.after:
        pair = {t.pk: t for t in first.plan.tasks.filter(pk__in=earlier.after["tasks"])}
        if len(pair) == 2:
            return pair[earlier.after["tasks"][0]], pair[earlier.after["tasks"][1]]
    head, tail = first.text[:at].strip(), first.text[at:].strip()
    if at <= 0 or not head or not tail:
        raise ActionRefused("请把拆分的位置放在任务文字的中间")
    if first.review == Task.Review.NOT_A_TASK:
        raise ActionRefused("这一项已标为不是任务，请先恢复再拆分")
    before = snapshot(first)
    middle = first.span_start + raw_offset(first.plan.source_text[first.span_start : first.span_end], first.text, at)
    middle = min(max(middle, first.span_start), first.span_end)
    quotas, channels = list(first.quotas), list(first.channels)
    second = Task(
        plan=first.plan,
        position=position_after(first),
        path=list(first.path),
        text=tail,
        span_start=middle,
        span_end=first.span_end,
        marks=[m for m in first.marks if m["span"][0] >= middle],
        joint=first.joint,
        inherited=first.inherited,
        channels=[c for c in channels if c in tail or c not in head],
        quotas=[q for q in quotas if str(q.get("raw", "")) in tail or str(q.get("raw", "")) not in head],
        origin=Task.Origin.SPLIT,
        doubts=list(first.doubts),
    )
    first.text, first.span_end, first.origin = head, middle, Task.Origin.SPLIT
    first.marks = [m for m in first.marks if m["span"][0] < middle or m["span"][0] >= second.span_end]
    first.channels = [c for c in channels if c in head or c not in tail]
    first.quotas = [q for q in quotas if str(q.get("raw", "")) in head or str(q.get("raw", "")) not in tail]
    for half in (first, second):
        half.review, half.reviewed_by, half.reviewed_at = Task.Review.PENDING, None, None
    second.save()
    TaskUnit.objects.bulk_create(_copy_unit(u, second) for u in first.units.order_by("pk"))
    limits = list(first.deadlines.order_by("pk"))
    TaskDeadline.objects.bulk_create(_copy_limit(d, second) for d in limits if d.raw in tail or d.raw not in head)
    first.deadlines.filter(pk__in=[d.pk for d in limits if d.raw not in head and d.raw in tail]).delete()
    for half in (first, second):
        half.due_on = final_day(half.deadlines.all())
        half.save()
    after = {"tasks": [first.pk, second.pk], "first": snapshot(first), "second": snapshot(second)}
    note_step(first.plan, Kind.SPLIT, actor, task=first, before=before, after=after, key=key or None)
    return first, second


def _copy_unit(unit: TaskUnit, task: Task) -> TaskUnit:
    return TaskUnit(
        task=task,
        role=unit.role,
        position=unit.position,
        text=unit.text,
        agency=unit.agency,
        section=unit.section,
        collective=unit.collective,
    )


def _copy_limit(limit: TaskDeadline, task: Task) -> TaskDeadline:
    return TaskDeadline(
        task=task,
        kind=limit.kind,
        raw=limit.raw,
        due=limit.due,
        every=limit.every,
        within=limit.within,
        due_rule=limit.due_rule,
        since=limit.since,
        until=limit.until,
        n=limit.n,
        unit=limit.unit,
        span_start=limit.span_start,
        span_end=limit.span_end,
    )


@transaction.atomic
def merge(tasks: Sequence[Task], actor: User | None) -> Task:
    """合并 into the first in the order of the document: texts one after the other, units and limits of all, each once.

    Waits for confirmation.
    """
    given = {t.pk: t for t in tasks}
    if len(given) < 2:
        raise ActionRefused("请至少选两项任务合并")
    if len({t.plan_id for t in given.values()}) > 1:
        raise ActionRefused("只能合并同一方案里的任务")
    plan = lock_draft(tasks[0].plan, actor, "合并任务")
    rows = list(plan.tasks.filter(pk__in=list(given)).prefetch_related("units", "deadlines").order_by("position", "pk"))
    if len(rows) != len(given):
        raise ActionRefused("其中有任务已被合并或删除，请刷新页面")
    if any(t.review == Task.Review.NOT_A_TASK for t in rows):
        raise ActionRefused("其中有标为不是任务的，请先恢复再合并")
    before = {"tasks": [snapshot(t) for t in rows]}
    first, others = rows[0], rows[1:]
    named = {(u.role, u.text) for u in first.units.all()}
    known = {(d.kind, d.raw, d.due) for d in first.deadlines.all()}
    units, limits = [], []
    for other in others:
        for unit in other.units.all():
            if (unit.role, unit.text) not in named:
                named.add((unit.role, unit.text))
                units.append(_copy_unit(unit, first))
                units[-1].position = len(named)
        for limit in other.deadlines.all():
            if (limit.kind, limit.raw, limit.due) not in known:
                known.add((limit.kind, limit.raw, limit.due))
                limits.append(_copy_limit(limit, first))
    first.text = "\n".join(t.text for t in rows)
    first.span_start, first.span_end = min(t.span_start for t in rows), max(t.span_end for t in rows)
    first.joint = any(t.joint for t in rows)
    first.inherited = all(t.inherited for t in rows)
    for name in ("marks", "channels", "quotas", "doubts"):
        setattr(first, name, _union(rows, name))
    first.origin = Task.Origin.MERGED
    first.review, first.reviewed_by, first.reviewed_at = Task.Review.PENDING, None, None
    TaskUnit.objects.bulk_create(units)
    TaskDeadline.objects.bulk_create(limits)
    Task.objects.filter(pk__in=[t.pk for t in others]).delete()
    fresh = Task.objects.get(pk=first.pk)
    first.due_on = final_day(fresh.deadlines.all())
    first.save()
    note_step(plan, Kind.MERGED, actor, task=first, before=before, after=snapshot(fresh) | {"text": first.text})
    first.plan = plan
    return Task.objects.select_related("plan").get(pk=first.pk)


def _union(rows: Sequence[Task], name: str) -> list[object]:
    values: list[object] = []
    for task in rows:
        values += [v for v in getattr(task, name) if v not in values]
    return values
