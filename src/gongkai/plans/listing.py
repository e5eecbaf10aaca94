"""Plans and tasks as the pages list them; every function costs the same number of queries whatever the size."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet
from django.http import Http404

from gongkai.agencies.access import scope_of
from gongkai.agencies.models import Jurisdiction
from gongkai.plans.access import plans_for
from gongkai.plans.models import Plan, PlanStep, Task, TaskDeadline, TaskUnit


def with_counts(plans: QuerySet[Plan]) -> QuerySet[Plan]:
    """`task_count` (without what was marked as no task) and `pending_count`."""
    return plans.annotate(
        task_count=Count("tasks", filter=~Q(tasks__review=Task.Review.NOT_A_TASK)),
        pending_count=Count("tasks", filter=Q(tasks__review=Task.Review.PENDING)),
    )


def plan_rows(user: Any) -> QuerySet[Plan]:
    """Drafts first, then the newest."""
    return with_counts(plans_for(user)).defer("source_text").order_by("state", "-year", "-pk")


def own_jurisdictions(user: Any) -> QuerySet[Jurisdiction]:
    """Where the user is the openness office: there, and only there, plans may be imported."""
    return Jurisdiction.objects.filter(pk__in=scope_of(user).office_ids).order_by("code")


def replaceable(user: Any) -> QuerySet[Plan]:
    """Issued plans of the user's offices that no other plan replaces yet."""
    rows = plans_for(user).filter(state=Plan.State.ISSUED, jurisdiction__in=scope_of(user).office_ids, superseded_by__isnull=True)
    return rows.defer("source_text")


def steps_of(plan: Plan) -> QuerySet[PlanStep]:
    return plan.steps.select_related("actor").defer("before", "after")


def task_of(plan: Plan, pk: int) -> Task | None:
    """One task of a plan with units and deadlines prefetched."""
    units = TaskUnit.objects.select_related("agency", "section", "collective").order_by("role", "position", "pk")
    task = (
        plan.tasks.prefetch_related(Prefetch("units", units), Prefetch("deadlines", TaskDeadline.objects.order_by("due", "pk")))
        .filter(pk=pk)
        .first()
    )
    if task is not None:
        task.plan = plan
    return task


@dataclass(frozen=True, slots=True)
class Place:
    """A task among the others of its plan: its number in the document, and the next one that counts as a task (0: none)."""

    task: Task
    number: int
    following: int


def place_of_task(plan: Plan, pk: int) -> Place:
    """Four small queries; the other tasks are read as (pk, review) only. Http404 when the task is gone."""
    task = task_of(plan, pk)
    if task is None:
        raise Http404("这个方案里没有这项任务")
    order = list(plan.tasks.order_by("position", "pk").values_list("pk", "review"))
    at = [row[0] for row in order].index(pk)
    following = next((other for other, review in order[at + 1 :] if review != Task.Review.NOT_A_TASK), 0)
    return Place(task, at + 1, following)
