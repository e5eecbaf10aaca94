"""The only doors to plans and tasks. Issued plans are public; a draft is its openness office's alone."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404

from gongkai.agencies.access import scope_of
from gongkai.agencies.models import Agency
from gongkai.obligations.models import Obligation
from gongkai.plans.models import Plan, Task
from gongkai.twins import hosting

MISSING = "没有这个方案，或者不在您的范围内"


def plans_for(user: Any) -> QuerySet[Plan]:
    """Every issued plan (superseded ones keep their page), and the drafts of the user's openness office."""
    issued = ~Q(state=Plan.State.DRAFT)
    offices = scope_of(user).office_ids
    visible = issued | Q(jurisdiction__in=offices) if offices else issued
    return Plan.objects.filter(visible).select_related("jurisdiction", "supersedes", "superseded_by")


def access_plan(user: Any, pk: int) -> Plan:
    """Http404 outside the user's scope."""
    return _one(plans_for(user), pk)


def drafts_for(user: Any) -> QuerySet[Plan]:
    return plans_for(user).filter(state=Plan.State.DRAFT, jurisdiction__in=scope_of(user).office_ids)


def access_draft(user: Any, pk: int) -> Plan:
    """A plan in review, for its openness office; Http404 for everybody else and once it is issued."""
    return _one(drafts_for(user), pk)


def access_draft_task(user: Any, plan_pk: int, task_pk: int) -> Task:
    """A task of a plan in review, by the plan it belongs to."""
    plan = access_draft(user, plan_pk)
    try:
        task = plan.tasks.get(pk=task_pk)
    except Task.DoesNotExist as error:
        raise Http404("这个方案里没有这项任务") from error
    task.plan = plan
    return task


def public_plans() -> QuerySet[Plan]:
    return Plan.objects.exclude(state=Plan.State.DRAFT).select_related("jurisdiction", "supersedes", "superseded_by")


def listed_plans() -> QuerySet[Plan]:
    """What a public list shows: on the site of a place its plans, on the site of an agency those with duties of its own."""
    host = hosting.current()
    if host is None:
        return public_plans()
    if host.agencies is None:
        return public_plans().filter(jurisdiction__in=host.places or ())
    duties = Obligation.objects.filter(source=Obligation.Source.PLAN_TASK, owner__in=host.agencies)
    return public_plans().filter(pk__in=duties.values("document_id"))


def access_public_plan(pk: int) -> Plan:
    return _one(public_plans(), pk)


def _one(rows: QuerySet[Plan], pk: int) -> Plan:
    try:
        return rows.get(pk=pk)
    except Plan.DoesNotExist as error:
        raise Http404(MISSING) from error


def access_task(user: Any, pk: int) -> Task:
    """A task of any plan the user may see; what review left out as not a task only in the user's own drafts."""
    seen = Q(plan__in=plans_for(user)) & (~Q(review=Task.Review.NOT_A_TASK) | Q(plan__in=drafts_for(user)))
    try:
        return Task.objects.select_related("plan__jurisdiction").get(seen, pk=pk)
    except Task.DoesNotExist as error:
        raise Http404("没有这项任务，或者不在您的范围内") from error


def own_agencies(user: Any, plan: Plan) -> frozenset[int] | None:
    """Whose part of an issued plan the user reads: their own agencies'; None for everybody's, which the openness office of the plan's
    jurisdiction, those above it and the head of its competent agency see."""
    scope = scope_of(user)
    whole = plan.jurisdiction_id in scope.seen_ids | scope.competent_head_ids
    return None if whole else scope.agency_ids


def access_issued_plan(user: Any, pk: int) -> Plan:
    """An issued plan, for staff; a draft has no parts yet. Http404."""
    return _one(plans_for(user).exclude(state=Plan.State.DRAFT), pk)


def access_own_part(user: Any, plan_pk: int, agency_pk: int) -> tuple[Plan, Agency]:
    """A unit's part of an issued plan: for its own staff, and for whoever sees all parts. Http404 outside."""
    plan = access_issued_plan(user, plan_pk)
    mine = own_agencies(user, plan)
    agency = Agency.objects.select_related("jurisdiction").filter(pk=agency_pk).first()
    if agency is None or (mine is not None and agency.pk not in mine):
        raise Http404("没有这个单位的任务，或者不在您的范围内")
    return plan, agency
