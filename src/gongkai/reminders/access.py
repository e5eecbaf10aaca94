"""The only doors to what somebody was told and to the outbox (architecture invariant 5)."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404

from gongkai.agencies.access import scope_of
from gongkai.agencies.models import Agency
from gongkai.reminders.models import Message, Told


def told_to(user: Any) -> QuerySet[Told]:
    """One's own reminders, newest first."""
    if not scope_of(user).is_staff_member:
        return Told.objects.none()
    return Told.objects.filter(person=user).select_related("obligation__owner", "agency")


def messages_for(user: Any) -> QuerySet[Message]:
    """The outbox of the places one is openness office of, and of those below."""
    rows = Message.objects.filter(agency__jurisdiction__in=scope_of(user).seen_ids)
    return rows.select_related("person", "agency").order_by("-made_at", "-pk")


def access_message(user: Any, pk: int) -> Message:
    try:
        return messages_for(user).get(pk=pk)
    except Message.DoesNotExist as error:
        raise Http404("没有这条消息，或者不在您的范围内") from error


def headed_agencies(user: Any) -> QuerySet[Agency]:
    """The agencies whose head one is: only a head connects another system."""
    scope = scope_of(user)
    return Agency.objects.filter(pk__in=[pk for pk in scope.agency_ids if scope.heads(pk)]).order_by("code")


def own_agencies(user: Any) -> QuerySet[Agency]:
    """The agencies one holds a post at; each has a calendar."""
    return Agency.objects.filter(pk__in=scope_of(user).agency_ids).order_by("code")
