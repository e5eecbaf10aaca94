"""What every verb on a plan shares: lock, permission, state, the record of who changed what, and naming units."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Model

from gongkai.agencies.access import require_office
from gongkai.agencies.actions import keep_collective, suggest
from gongkai.agencies.errors import ActionRefused
from gongkai.agencies.matching import Directory, Match
from gongkai.agencies.models import Agency, CollectiveName, Section, User
from gongkai.journal.actions import Change, record_many
from gongkai.plans.models import Plan, PlanStep, Task, TaskDeadline, TaskUnit
from gongkai.reading.model import NOBODY_NAMED

GAP = 100
"""Positions are this far apart, so that a task can be put between two without moving the others."""
ROLES = tuple(TaskUnit.Role.values)
M = TypeVar("M", bound=Model)


def lock_draft(plan: Plan, actor: User | None, deed: str) -> Plan:
    """The plan's row, locked for this transaction: permission first, then that it is still in review. One writer per plan at a time."""
    require_office(actor, plan.jurisdiction_id, deed)
    locked = Plan.objects.select_for_update().filter(pk=plan.pk).first()
    if locked is None:
        raise ActionRefused("这个方案已经删除")
    if locked.state != Plan.State.DRAFT:
        raise ActionRefused(f"方案{locked.get_state_display()}，内容已经固定；要调整请导入修订后的方案")
    return locked


def lock_task(task: Task, actor: User | None, deed: str) -> Task:
    """The task as it is now, under the lock on its plan."""
    plan = lock_draft(task.plan, actor, deed)
    fresh = Task.objects.filter(pk=task.pk, plan=plan).first()
    if fresh is None:
        raise ActionRefused("这项任务已被合并或删除，请刷新页面")
    fresh.plan = plan
    return fresh


def done_before(key: str | None, plan: Plan, kind: str) -> PlanStep | None:
    """The step that the same form made earlier (invariant 8); a key used elsewhere is refused."""
    if not key:
        return None
    step = PlanStep.objects.filter(key=key).select_related("task").first()
    if step and (step.plan_id != plan.pk or step.kind != kind):
        raise ActionRefused("这张表单已经用过，请刷新页面后再提交")
    return step


def note_step(plan: Plan, kind: str, actor: User | None, *, task: Task | None = None, text: str = "", **values: Any) -> PlanStep:
    """The step, and in the journal what it changed of the task, or of the plan where no task is named."""
    step = PlanStep.objects.create(plan=plan, task=task, kind=kind, actor=actor, text=text[:500], **values)
    record_many([change_of(step)])
    return step


def change_of(step: PlanStep) -> Change:
    plan, old, new = step.plan, step.before or {}, step.after or {}
    return Change(f"plans.{step.kind}", step.task or plan, step.actor, old, new, place=plan.jurisdiction_id, note=step.text)


def snapshot(task: Task) -> dict[str, Any]:
    """A task with its units and limits as plain data, for before and after."""
    return {
        "text": task.text,
        "path": task.path,
        "span": [task.span_start, task.span_end],
        "joint": task.joint,
        "channels": task.channels,
        "quotas": task.quotas,
        "review": task.review,
        "note": task.note,
        "units": [
            {"role": u.role, "text": u.text, "agency": u.agency_id, "section": u.section_id, "collective": u.collective_id}
            for u in task.units.order_by("pk")
        ],
        "deadlines": [
            {"kind": d.kind, "raw": d.raw, "due": d.due.isoformat() if d.due else None, "every": d.every, "within": d.within} | rhythm_of(d)
            for d in task.deadlines.order_by("pk")
        ],
    }


def rhythm_of(limit: TaskDeadline) -> dict[str, Any]:
    """What a person has set beyond the words of a limit, as plain data; nothing for what was left as usual."""
    kept = {"due_rule": limit.due_rule, "n": limit.n, "unit": limit.unit}
    days = {"since": limit.since, "until": limit.until}
    return {k: v for k, v in kept.items() if v} | {k: v.isoformat() for k, v in days.items() if v}


def clip(text: str | None, row: type[Model], name: str) -> str:
    """Cut to what the column holds; PostgreSQL refuses more."""
    return (text or "")[: row._meta.get_field(name).max_length]  # type: ignore[union-attr]


def issuer_of(plan: Plan, directory: Directory) -> Agency | None:
    """The agency that issued the document: its sections may be named in it."""
    return directory.resolve(plan.issuer).agency if plan.issuer else None


def directory_of(plan: Plan) -> Directory:
    directory = Directory(plan.jurisdiction)
    return directory.with_issuer(issuer_of(plan, directory))


class Naming:
    """Resolves wordings for one piece of work, each once, and collects what is left for a person."""

    def __init__(self, plan: Plan, directory: Directory | None = None) -> None:
        self.directory = directory or directory_of(plan)
        self.plan = plan
        self._known: dict[str, Match] = {}
        self.unknown: dict[str, str] = {}

    def match(self, text: str, context: str = "") -> Match:
        if text not in self._known:
            match = self.directory.resolve(text)
            if match.collective is not None:
                match.collective = keep_collective(match.collective)
            self._known[text] = match
        match = self._known[text]
        if match.is_unknown:
            self.unknown.setdefault(text, context)
        return match

    def unit(self, task: Task, role: str, position: int, text: str) -> TaskUnit:
        """A unit row, not saved; a vague wording leaves a doubt on the task."""
        text = clip(text, TaskUnit, "text")
        match = self.match(text, task.text[:200])
        if match.doubt and match.doubt not in task.doubts:
            task.doubts = [*task.doubts, match.doubt]
        return TaskUnit(
            task=task, role=role, position=position, text=text, agency=match.agency, section=match.section, collective=match.collective
        )

    def units(self, task: Task, named: dict[str, Sequence[str]]) -> list[TaskUnit]:
        rows = []
        for role in ROLES:
            texts = dict.fromkeys(t for name in named.get(role, ()) if (t := clip(" ".join(name.split()), TaskUnit, "text")))
            rows += [self.unit(task, role, n, text) for n, text in enumerate(texts)]
        return rows

    def keep_unknown(self) -> int:
        """Hands the unknown wordings to the openness office as suggestions; none becomes an agency by itself."""
        return suggest(self.plan.jurisdiction, self.unknown.items())


def attach(units: Iterable[TaskUnit], limits: Iterable[TaskDeadline]) -> None:
    """Rows made before their task was saved learn its key."""
    for unit in units:
        unit.task_id = unit.task.pk
    for limit in limits:
        limit.task_id = limit.task.pk


def unit_reasons(named: dict[str, Sequence[str]]) -> list[str]:
    reasons = [f"没有“{role}”这种角色" for role in named if role not in ROLES]
    reasons += [f"单位名称“{n[:20]}…”太长，不能超过 200 个字" for names in named.values() for n in names if len(n) > 200]
    return reasons


def deadline_rows(task: Task, given: Iterable[dict[str, Any]]) -> list[TaskDeadline]:
    """Rows for limits as {kind, raw, due, every, within, span} and what review sets (due_rule, since, until, n, unit); ActionRefused with
    every mistake when they contradict themselves."""
    rows, reasons = [], []
    for limit in given:
        kind, raw = str(limit.get("kind") or ""), str(limit.get("raw") or "")
        due, every, span = limit.get("due"), limit.get("every") or "", limit.get("span") or (None, None)
        try:
            due = date.fromisoformat(due) if isinstance(due, str) and due else due or None
        except ValueError:
            reasons.append(f"“{due}”不是日期，请写成 2026-11-30 的样子")
            continue
        if kind not in TaskDeadline.Kind.values:
            reasons.append("请选择时限的类型")
        elif kind == TaskDeadline.Kind.ABSOLUTE and due is None:
            reasons.append(f"时限“{raw}”是确定日期，请填写日期")
        elif kind == TaskDeadline.Kind.RECURRING and not every:
            reasons.append(f"时限“{raw}”是定期的，请选择周期")
        if every and every not in {"P1D", "P1W", "P1M", "P3M", "P6M", "P1Y"}:
            reasons.append(f"不认识周期“{every}”")
        rows.append(
            TaskDeadline(
                task=task,
                kind=kind,
                raw=clip(raw, TaskDeadline, "raw"),
                due=due,
                every=every,
                within=clip(limit.get("within"), TaskDeadline, "within"),
                due_rule=limit.get("due_rule") or None,
                since=limit.get("since"),
                until=limit.get("until"),
                n=limit.get("n"),
                unit=limit.get("unit") or "",
                span_start=span[0],
                span_end=span[1],
            )
        )
    if reasons:
        raise ActionRefused(reasons)
    return rows


def final_day(rows: Iterable[TaskDeadline]) -> date | None:
    """The latest of the certain dates: only when it has passed is the whole task late."""
    return max((r.due for r in rows if r.due and r.kind == TaskDeadline.Kind.ABSOLUTE), default=None)


def replace_units(task: Task, naming: Naming, named: dict[str, Sequence[str]]) -> None:
    """Saves the units of a task anew. Doubts about wordings that are gone go with them; the caller saves the task."""
    old = list(task.units.all())
    gone = {d for u in old if (d := naming.directory.resolve(u.text).doubt)}
    if named.get("lead") or named.get("responsible"):
        gone.add(NOBODY_NAMED)
    task.doubts = [d for d in task.doubts if d not in gone]
    task.units.all().delete()
    TaskUnit.objects.bulk_create(naming.units(task, named))


def renumber(plan: Plan) -> None:
    tasks = list(plan.tasks.order_by("position", "pk"))
    for n, task in enumerate(tasks, 1):
        task.position = n * GAP
    Task.objects.bulk_update(tasks, ["position"], batch_size=200)


def position_after(task: Task) -> int:
    """A free position behind `task` and before the next one."""
    following = task.plan.tasks.filter(position__gt=task.position).order_by("position").values_list("position", flat=True).first()
    if following is None:
        return task.position + GAP
    if following - task.position < 2:
        renumber(task.plan)
        task.refresh_from_db(fields=["position"])
        return task.position + GAP // 2
    return (task.position + following) // 2


Resolution = tuple[Agency | None, Section | None, CollectiveName | None]


def apply_resolution(units: Iterable[TaskUnit], what: Resolution, still_vague: Callable[[TaskUnit], str]) -> int:
    """Writes what the wording means into the given units (their tasks joined), drops the doubts about it. Constant statements."""
    agency, section, collective = what
    rows = list(units)
    tasks: dict[int, Task] = {}
    for unit in rows:
        unit.agency, unit.section, unit.collective = agency, section, collective
        task = tasks.setdefault(unit.task_id, unit.task)
        doubt = still_vague(unit)
        if doubt in task.doubts:
            task.doubts = [d for d in task.doubts if d != doubt]
    TaskUnit.objects.bulk_update(rows, ["agency", "section", "collective"], batch_size=200)
    Task.objects.bulk_update(list(tasks.values()), ["doubts"], batch_size=200)
    return len(rows)


atomic = transaction.atomic
