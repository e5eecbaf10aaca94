"""Reading plans for pages: the review's rows, the state of issued tasks, what an issue would do. Constant queries, whatever the size."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone

from gongkai.obligations.clocking import calendar_of
from gongkai.obligations.models import Helper, Obligation
from gongkai.obligations.periods import begun
from gongkai.obligations.queries import STATE_WORDS, with_state
from gongkai.plans.access import public_plans
from gongkai.plans.actions.carrying import begun_before
from gongkai.plans.actions.issuing import Draft, wanted_of
from gongkai.plans.counterparts import PlanComparison, comparison
from gongkai.plans.diffing import Change, diff
from gongkai.plans.duties import one_line_each, state_of_task, with_periods
from gongkai.plans.models import Plan, Task, TaskDeadline, TaskUnit
from gongkai.plans.strands import strands_of

__all__ = [
    "Change",
    "PlanComparison",
    "Row",
    "TaskState",
    "comparison",
    "diff",
    "issue_preview",
    "lower_plans",
    "plan_totals",
    "review_counts",
    "review_rows",
    "review_tasks",
    "state_of_task",
    "state_totals",
    "task_states",
]


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the review. `number` is its place in the document, from 1."""

    task: Task
    number: int
    units: list[TaskUnit]
    deadlines: list[TaskDeadline]
    unresolved: list[str]
    """Wordings nobody knows yet, each once."""

    @property
    def doubts(self) -> list[str]:
        return list(self.task.doubts)

    @property
    def needs_attention(self) -> bool:
        return self.task.review == Task.Review.PENDING and bool(self.task.doubts or self.unresolved)


def review_tasks(plan: Plan) -> list[Task]:
    """All tasks of a draft in the order of the document, with units (agency, section, collective) and deadlines: three queries."""
    units = TaskUnit.objects.select_related("agency", "section", "collective").order_by("role", "position", "pk")
    limits = TaskDeadline.objects.order_by("due", "pk")
    tasks = list(plan.tasks.order_by("position", "pk").prefetch_related(Prefetch("units", units), Prefetch("deadlines", limits)))
    for task in tasks:
        task.plan = plan
    return tasks


def review_rows(plan: Plan) -> list[Row]:
    """Pending rows with doubts or unknown units first, then all others; each part in the order of the document."""
    rows = []
    for number, task in enumerate(review_tasks(plan), 1):
        units = list(task.units.all())
        unresolved = list(dict.fromkeys(u.text for u in units if not u.resolved))
        rows.append(Row(task, number, units, list(task.deadlines.all()), unresolved))
    return sorted(rows, key=lambda row: (not row.needs_attention, row.number))


def review_counts(plan: Plan) -> dict[str, int]:
    """total, pending, confirmed, not_a_task; of the pending: attention (doubts or unknown units) and clear; unresolved (wordings)."""
    waiting = TaskUnit.objects.filter(task=OuterRef("pk"), agency__isnull=True, collective__isnull=True)
    rows = plan.tasks.annotate(waits=Exists(waiting)).order_by().values_list("review", "doubts", "waits")
    counts = {"total": 0, "pending": 0, "confirmed": 0, "not_a_task": 0, "attention": 0, "clear": 0}
    for review, doubts, waits in rows:
        counts["total"] += 1
        counts[review] += 1
        if review == Task.Review.PENDING:
            counts["attention" if doubts or waits else "clear"] += 1
    unknown = TaskUnit.objects.filter(
        ~Q(task__review=Task.Review.NOT_A_TASK), task__plan=plan, agency__isnull=True, collective__isnull=True
    )
    counts["unresolved"] = unknown.aggregate(n=Count("text", distinct=True))["n"]
    return counts


@dataclass(frozen=True, slots=True)
class TaskState:
    """The state of a task from those of its obligations (with owner, section and helpers joined)."""

    state: str
    obligations: list[Any]


def duties_of(plan: Plan, today: date | None = None) -> QuerySet[Any]:
    """Every obligation of an issued plan, all periods, with state."""
    return with_state(Obligation.objects.filter(source=Obligation.Source.PLAN_TASK, document_id=plan.pk), today)


def task_states(plan: Plan, today: date | None = None) -> dict[int, TaskState]:
    """For every task of an issued plan that opened obligations, a line for each owner, with `periods`. Four queries."""
    rows = duties_of(plan, today)
    lines = (
        one_line_each(rows)
        .select_related("owner", "section", "jurisdiction")
        .prefetch_related(Prefetch("helpers", Helper.objects.select_related("agency").order_by("pk")))
        .order_by("owner__code", "pk")
    )
    grouped: dict[int, list[Any]] = {}
    for line in with_periods(lines, rows):
        grouped.setdefault(line.subject_id, []).append(line)
    return {pk: TaskState(state_of_task(o.state for o in group), group) for pk, group in grouped.items()}


def plan_totals(plan: Plan, today: date | None = None) -> dict[str, int]:
    """How many confirmed tasks of an issued plan are in each state, as its public page counts them. Three queries."""
    grouped: dict[int, list[str]] = {}
    for task, state in one_line_each(duties_of(plan, today)).order_by().values_list("subject_id", "state"):
        grouped.setdefault(task, []).append(state)
    confirmed = plan.tasks.filter(review=Task.Review.CONFIRMED).order_by().values_list("pk", flat=True)
    return state_totals(state_of_task(grouped.get(task, ())) for task in confirmed)


def state_totals(states: Iterable[str]) -> dict[str, int]:
    """How many of each; every state of STATE_WORDS is present."""
    found = Counter(states)
    return {state: found[state] for state in STATE_WORDS}


def lower_plans(plan: Plan) -> QuerySet[Plan]:
    """Issued plans of the jurisdictions directly below, of the same year where the year is known: what this plan may be compared with."""
    rows = public_plans().filter(jurisdiction__parent=plan.jurisdiction_id).defer("source_text")
    if plan.year:
        rows = rows.filter(Q(year=plan.year) | Q(year__isnull=True))
    return rows.order_by("jurisdiction__code", "-pk")


@dataclass(slots=True)
class AgencyShare:
    name: str
    lead: int = 0
    responsible: int = 0
    support: int = 0


@dataclass(slots=True)
class IssuePreview:
    """What issuing would do: shown before the button."""

    tasks: int = 0
    once: int = 0
    """Obligations that come once."""
    series: int = 0
    """Rhythms: each period of them becomes an obligation when it begins."""
    periods: int = 0
    """Periods that have begun: obligations made at once."""
    helpers: int = 0
    """Agencies that only help."""
    excluded: int = 0
    undated: int = 0
    past: int = 0
    """Obligations made at once whose date has already passed."""
    agencies: list[AgencyShare] = field(default_factory=list)

    @property
    def duties(self) -> int:
        return self.once + self.series

    @property
    def rows(self) -> int:
        """What stands in the ledger after issuing."""
        return self.once + self.periods


def issue_preview(plan: Plan, now: datetime) -> IssuePreview:
    """What issuing at `now` opens, counted instead of written."""
    draft, today = Draft.of(plan), timezone.localdate(now)
    calendar = calendar_of(plan.jurisdiction.code)
    wanted, rhythms = wanted_of(draft, now, begun_before(plan))
    at_once = [day for new in {new.identity: new for new in rhythms}.values() for day in begun(new, today)]
    due = [new.due_on for new in {new.identity: new for new in wanted}.values()]
    preview = IssuePreview(
        tasks=len(draft.confirmed),
        once=len(due),
        series=len({new.identity for new in rhythms}),
        periods=len(at_once),
        excluded=sum(t.review == Task.Review.NOT_A_TASK for t in draft.tasks),
        past=sum(day is not None and day < today for day in [*due, *at_once]),
    )
    shares: dict[str, tuple[str, AgencyShare]] = {}
    for task in draft.confirmed:
        preview.undated += not any(strand.due_on or strand.cadence for strand in strands_of(task, plan, today, calendar))
        for agency, _section, role in draft.owners(task).values():
            share = shares.setdefault(agency.code, (agency.code, AgencyShare(agency.name)))[1]
            setattr(share, role, getattr(share, role) + 1)
        for agency in draft.helpers(task):
            shares.setdefault(agency.code, (agency.code, AgencyShare(agency.name)))[1].support += 1
    preview.agencies = [share for _code, share in sorted(shares.values(), key=lambda pair: pair[0])]
    preview.helpers = sum(not (s.lead or s.responsible) for s in preview.agencies)
    return preview
