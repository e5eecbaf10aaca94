"""Writing and reading the change log."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from gongkai.search.models import IndexChange, IndexCounter

BATCH = 1000
KEPT = timedelta(days=14)
"""How long numbered changes stay: an index that has not been fed for longer is made anew."""


def changed(kind: str, object_ids: Iterable[int]) -> None:
    """Called inside the transaction of the change. Cheap: one insert; nothing is read."""
    IndexChange.objects.bulk_create(IndexChange(kind=kind, object_id=pk) for pk in object_ids)


def number() -> int:
    """Gives every committed change its number; returns the last one. Of several processes at once, one waits for the other."""
    with transaction.atomic():
        counter, _ = IndexCounter.objects.select_for_update().get_or_create(pk=1)
        rows = list(IndexChange.objects.filter(seq__isnull=True).order_by("id")[: BATCH * 10])
        if rows:
            for at, row in enumerate(rows, counter.last + 1):
                row.seq = at
            IndexChange.objects.bulk_update(rows, ["seq"], batch_size=BATCH)
            counter.last += len(rows)
            counter.save(update_fields=["last"])
        return counter.last


def after(position: int, limit: int = BATCH) -> list[IndexChange]:
    """The changes that an index at `position` has not seen, in order."""
    return list(IndexChange.objects.filter(seq__gt=position).order_by("seq")[:limit])


def reaches(position: int) -> bool:
    """Whether the log still holds everything after `position`."""
    return position >= (IndexCounter.objects.filter(pk=1).values_list("trimmed", flat=True).first() or 0)


def trim() -> int:
    """Removes changes older than KEPT; returns how many."""
    with transaction.atomic():
        counter, _ = IndexCounter.objects.select_for_update().get_or_create(pk=1)
        old = IndexChange.objects.filter(seq__isnull=False, at__lt=timezone.now() - KEPT)
        last = old.order_by("-seq").values_list("seq", flat=True).first()
        if last is None:
            return 0
        removed, _ = IndexChange.objects.filter(seq__lte=last).delete()
        counter.trimmed = last
        counter.save(update_fields=["trimmed"])
        return removed
