"""Plans and tasks as the pages list them; every function costs the same number of queries whatever the size."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q, QuerySet

from gongkai.agencies.access import scope_of
from gongkai.agencies.models import Jurisdiction
from gongkai.plans.access import plans_for
from gongkai.plans.models import Plan, PlanStep, Task


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
