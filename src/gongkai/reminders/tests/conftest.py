"""People with addresses, a moment at will, and what was told to whom."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest
from django.utils import timezone

from gongkai.agencies.models import User
from gongkai.obligations.models import Obligation
from gongkai.reminders.models import Told
from gongkai.reminders.telling import tell


def at(day: date | str, hour: int = 10, minute: int = 0) -> datetime:
    """A moment in Asia/Shanghai."""
    day = date.fromisoformat(day) if isinstance(day, str) else day
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))


def told(kind: str | None = None, obligation: Obligation | None = None) -> set[str]:
    """User names of those told."""
    rows = Told.objects.all()
    rows = rows.filter(kind=kind) if kind else rows
    rows = rows.filter(obligation=obligation) if obligation else rows
    return set(rows.values_list("person__username", flat=True))


@pytest.fixture
def reachable(cast):
    """Everybody has an e-mail address."""
    for person in User.objects.all():
        User.objects.filter(pk=person.pk).update(email=f"{person.username}@example.gov.cn")
    return cast


@pytest.fixture
def quietly():
    """Tells at a moment and returns the new rows as (kind, user name)."""

    def run(moment: datetime) -> list[tuple[str, str]]:
        before = set(Told.objects.values_list("pk", flat=True))
        tell(moment)
        return sorted(Told.objects.exclude(pk__in=before).values_list("kind", "person__username"))

    return run
