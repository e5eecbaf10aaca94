"""Lists and figures of reminders and letters; a constant number of queries each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from gongkai.reminders.access import messages_for
from gongkai.reminders.models import Message

STUCK = timedelta(hours=1)
"""A letter that should have left so long ago says that no worker runs."""


@dataclass(frozen=True, slots=True)
class MailState:
    """Of the whole installation, for `gongkai check`."""

    waiting: int
    stuck: int
    """Among the waiting those that should have gone out more than STUCK ago and were not even tried."""
    failed: int


def mail_state(now: datetime | None = None) -> MailState:
    edge = (now or timezone.now()) - STUCK
    queued = Q(state=Message.State.QUEUED)
    found = Message.objects.aggregate(
        waiting=Count("pk", filter=queued),
        stuck=Count("pk", filter=queued & Q(next_at__lt=edge, lease_until__isnull=True)),
        failed=Count("pk", filter=Q(state=Message.State.FAILED)),
    )
    return MailState(**found)


def outbox(user: Any, filters: dict[str, str]) -> QuerySet[Message]:
    """The letters this person may see, newest first; `filters`: state, channel."""
    return messages_for(user).filter(**{name: value for name, value in filters.items() if value})


def figures(user: Any) -> dict[str, int]:
    """How many letters of each state the person may see, all states present."""
    found = dict(messages_for(user).order_by().values("state").annotate(n=Count("pk")).values_list("state", "n"))
    return {state: found.get(state, 0) for state in Message.State.values}
