"""The first page: how much there is of each part, and what waits."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from gongkai.agencies.access import scope_of
from gongkai.coordination.access import checks_for, collections_for, flows_for, groups_for
from gongkai.coordination.queries import checking, collecting


def figures(user: Any) -> list[dict[str, Any]]:
    """Figures that open their lists; parts this person has no share in are left out."""
    rows = [
        {"label": "材料收集", "n": collections_for(user).count(), "url": reverse("coordination:collections")},
        {"label": "检查", "n": checks_for(user).count(), "url": reverse("coordination:checks")},
        {"label": "领导小组", "n": groups_for(user).filter(ended_on__isnull=True).count(), "url": reverse("coordination:groups")},
    ]
    if scope_of(user).office_ids:
        rows.insert(1, {"label": "方案流程", "n": flows_for(user).count(), "url": reverse("coordination:flows")})
    return rows


def waiting(user: Any) -> dict[str, int]:
    """How much waits for this person, by what it is."""
    return {
        "to_submit": collecting.to_submit(user).count(),
        "to_receive": collecting.to_receive(user).count(),
        "to_rectify": checking.to_rectify(user).count(),
        "to_recheck": checking.to_recheck(user).count(),
    }
