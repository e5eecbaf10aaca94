"""What the public sees now. Every public page, list, feed and file asks here and nowhere else."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet
from django.utils import timezone

from gongkai.publications.models import Edition


def live_editions(day: date | None = None) -> QuerySet[Edition]:
    """Live editions whose term has not ended: the day after `expires_on` they are gone, whether or not a worker has run since."""
    today = day or timezone.localdate()
    return Edition.objects.filter(Q(expires_on__isnull=True) | Q(expires_on__gte=today), state=Edition.State.LIVE)
