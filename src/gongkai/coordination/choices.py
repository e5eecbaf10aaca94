"""What the forms offer to choose from, within what the user may do. A handful of queries, whatever the size."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from gongkai.agencies.access import scope_of
from gongkai.agencies.models import Agency, Jurisdiction
from gongkai.agencies.queries import living
from gongkai.coordination.models import Check, Submission
from gongkai.coordination.queries.lines import leads_of, obligations_of
from gongkai.plans.models import Plan


def own_jurisdictions(user: Any) -> QuerySet[Jurisdiction]:
    """Where the user is the openness office."""
    return Jurisdiction.objects.filter(pk__in=scope_of(user).office_ids).order_by("code")


def issued_plans(user: Any) -> QuerySet[Plan]:
    """Issued plans of the user's own offices."""
    rows = Plan.objects.filter(jurisdiction__in=scope_of(user).office_ids, state=Plan.State.ISSUED)
    return rows.defer("source_text").order_by("-year", "-pk")


def plans_to_submit(submission: Submission) -> QuerySet[Plan]:
    """What the agency may hand in instead of a file: issued plans of its own jurisdiction, when it speaks for one."""
    if submission.agency.kind != Agency.Kind.GOVERNMENT and not submission.agency.is_competent:
        return Plan.objects.none()
    rows = Plan.objects.filter(jurisdiction=submission.agency.jurisdiction_id).exclude(state=Plan.State.DRAFT)
    return rows.defer("source_text").order_by("-year", "-pk")


def near(user: Any) -> QuerySet[Agency]:
    """Agencies that can be asked, collected from or named: those of the user's offices, one step above and all below."""
    scope = scope_of(user)
    above = Jurisdiction.objects.filter(children__in=scope.office_ids).values("pk")
    return living(Agency.objects.filter(Q(jurisdiction__in=scope.seen_ids) | Q(jurisdiction__in=above))).order_by(
        "jurisdiction__code", "code"
    )


def below(user: Any) -> QuerySet[Agency]:
    """Agencies of the user's offices and all below: what can be collected from."""
    return living(Agency.objects.filter(jurisdiction__in=scope_of(user).seen_ids)).order_by("jurisdiction__code", "code")


def own_agencies(user: Any, *, directing: bool = False) -> QuerySet[Agency]:
    """Agencies the user acts for (`directing`: whose head or reviewer he is), and those of his offices."""
    scope = scope_of(user)
    mine = [pk for pk in scope.agency_ids if (scope.directs(pk) if directing else scope.acts_for(pk))]
    return living(Agency.objects.filter(Q(pk__in=mine) | Q(jurisdiction__in=scope.office_ids))).order_by("jurisdiction__code", "code")


def to_check(user: Any, kind: str, plan: Plan | None) -> QuerySet[Agency]:
    """Whom this person may check: himself, the agencies of his offices and below, and, on a plan, the agencies in his line."""
    scope = scope_of(user)
    if kind == Check.Kind.SELF_CHECK:
        mine = [pk for pk in scope.agency_ids if scope.acts_for(pk)]
        governments = Q(kind=Agency.Kind.GOVERNMENT, jurisdiction__in=scope.office_ids)
        return living(Agency.objects.filter(Q(pk__in=mine) | governments)).order_by("jurisdiction__code", "code")
    reach = Q(jurisdiction__in=scope.seen_ids)
    if kind == Check.Kind.INSPECTION and plan is not None:
        acting = {pk for pk in scope.agency_ids if scope.acts_for(pk)}
        tasks = [task for task, found in leads_of(plan).items() if found & acting]
        owners = set(obligations_of(plan).filter(subject_id__in=tasks).order_by().values_list("owner_id", flat=True))
        reach |= Q(pk__in=owners - acting)
    return living(Agency.objects.filter(reach)).order_by("jurisdiction__code", "code")
