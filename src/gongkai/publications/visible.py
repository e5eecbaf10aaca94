"""What the public sees now. Every public page, list, feed and file asks here and nowhere else."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet
from django.utils import timezone

from gongkai.publications.models import Edition


def is_live(edition: str = "", day: date | None = None) -> Q:
    """Live, and its term has not ended: the day after `expires_on` it is gone, whether or not a worker has run since. `edition`: how the
    rows that are asked come to it (`revision__current_of__`)."""
    open_end, later = {f"{edition}expires_on__isnull": True}, {f"{edition}expires_on__gte": day or timezone.localdate()}
    return Q(Q(**open_end) | Q(**later), **{f"{edition}state": Edition.State.LIVE})


def live_editions(day: date | None = None) -> QuerySet[Edition]:
    return Edition.objects.filter(is_live(day=day))
