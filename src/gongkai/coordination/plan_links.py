"""The links on the page of a plan that lead here."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from gongkai.agencies.access import scope_of
from gongkai.coordination.access import sees
from gongkai.plans.links import Link
from gongkai.plans.models import Plan


def links(user: Any, plan: Plan) -> list[Link]:
    """The plan's way for the offices that read it, the two axes of an issued plan for all staff. No query beyond the scope."""
    scope, found = scope_of(user), []
    if sees(scope, plan.jurisdiction_id):
        found.append(("方案流程：征求意见、报送备案、验收材料", reverse("coordination:flow", args=[plan.pk])))
    if plan.state != Plan.State.DRAFT and scope.is_staff_member:
        found.append(("条块对照", reverse("coordination:lines", args=[plan.pk])))
    return found
