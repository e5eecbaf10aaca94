"""What the rules of law hear of plans: that one was issued, and that it is public (the public page is the proof of 条例第二十六条)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse
from django.utils import timezone

from gongkai.agencies.models import Agency, User
from gongkai.obligations.models import Obligation
from gongkai.obligations.proving import record_proves
from gongkai.obligations.records import Candidate, Facts
from gongkai.obligations.triggers import Fact, happened
from gongkai.plans.models import Plan

PLAN = "plan"


def public_plan(pk: int) -> Facts | None:
    """The plan as a record that proves: published on the day it was issued, by the competent department. Two queries."""
    plan = Plan.objects.filter(pk=pk).first()
    if plan is None:
        return None
    publisher = competent_of(plan)
    return Facts(
        title=plan.title,
        url=reverse("public_plans:detail", args=[plan.pk]),
        published_on=timezone.localdate(plan.opened_at) if plan.opened_at else None,
        published_at=plan.opened_at,
        agency_id=publisher.pk if publisher else None,
        public=plan.opened_at is not None,
        lacking="还没有下达",
    )


def public_plans(obligation: Obligation) -> Iterable[Candidate]:
    """What the owner has made public as competent department of its place, newest first. One query."""
    if not obligation.owner.is_competent:
        return ()
    rows = Plan.objects.filter(jurisdiction=obligation.owner.jurisdiction_id, opened_at__isnull=False).order_by("-opened_at")
    return (
        Candidate(PLAN, row.pk, row.title, timezone.localdate(row.opened_at)) for row in rows.only("title", "opened_at") if row.opened_at
    )


def competent_of(plan: Plan) -> Agency | None:
    return Agency.objects.filter(jurisdiction=plan.jurisdiction_id, is_competent=True, valid_to__isnull=True).first()


def plan_issued(plan: Plan, actor: User | None, at: datetime) -> None:
    """The duties that follow from an issued plan, with the proof that the public page gives of one of them."""
    fact = Fact("plan_issued", plan.jurisdiction, competent_of(plan), plan.pk, plan.title, timezone.localdate(at))
    for obligation in happened(fact, actor):
        if PLAN in (obligation.proof or {}).get("kinds", ()):
            record_proves(obligation, PLAN, plan.pk)
