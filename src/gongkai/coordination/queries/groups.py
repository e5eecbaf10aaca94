"""Rosters on any day."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet

from gongkai.coordination.access import groups_for
from gongkai.coordination.models import GroupMember, LeadingGroup

PLACES = [value for value, _label in GroupMember.Place.choices]


def group_rows(user: Any) -> QuerySet[LeadingGroup]:
    """Living groups first, each with `serving`, how many are in office today."""
    return groups_for(user).annotate(serving=Count("members", filter=Q(members__until__isnull=True)))


def roster(group: LeadingGroup, on: date) -> list[GroupMember]:
    """Who was in the group on a day, in the order of a printed list. One query."""
    if on < group.established_on or (group.ended_on and on > group.ended_on):
        return []
    rows = group.members.filter(Q(until__isnull=True) | Q(until__gte=on), since__lte=on).select_related("agency")
    return sorted(rows, key=lambda m: (PLACES.index(m.place), m.since, m.pk))


def terms(group: LeadingGroup) -> list[GroupMember]:
    """Every term there was, newest change last."""
    return list(group.members.select_related("agency").order_by("since", "pk"))
