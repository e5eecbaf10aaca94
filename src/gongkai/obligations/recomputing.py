"""A new holiday notice moves the due dates of what is still open; what is closed keeps the calendar of its time (ARCHITECTURE invariant 2).

Cost grows with the open clocks counted under another calendar version, not with the ledger: the partial index on `calendar` finds them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from gongkai.agencies.models import Jurisdiction
from gongkai.clocks import calendar as clocks
from gongkai.clocks.errors import ClockError
from gongkai.obligations.clocking import FIELDS, calendar_of, events_of, settle
from gongkai.obligations.models import ClockEvent, Obligation, Step
from gongkai.obligations.models.obligation import OPEN

BATCH = 1000


@dataclass(frozen=True, slots=True)
class Recount:
    """`seen`: clocks counted again; `moved`: those whose due day changed or became certain; `refused`: those no clock can be made of."""

    seen: int = 0
    moved: int = 0
    refused: int = 0


def outdated() -> QuerySet[Obligation]:
    """Open obligations whose due date was counted with another calendar than the one in use. Periods are recounted with their series."""
    current = clocks.current()
    scopes = {row.scope for row in current.local}
    codes = Jurisdiction.objects.values_list("code", flat=True) if scopes else ()
    local = [code for code in codes if code.startswith(tuple(scopes))]
    wrong = ~Q(jurisdiction__code__in=local) & ~Q(calendar=current.version) if local else ~Q(calendar=current.version)
    for code in local:
        wrong |= Q(jurisdiction__code=code) & ~Q(calendar=calendar_of(code).version)
    return Obligation.objects.filter(OPEN, ~Q(calendar=""), wrong, limit__isnull=False)


def recount(progress: Callable[[int, int], None] | None = None) -> Recount:
    """Counts every outdated open clock again, in batches of its own transaction each: stopped half-way, the rest is found by the next call.

    `progress` is told (done, of). A due date that moved leaves a step that says from when to when and why.
    """
    total = outdated().count()
    seen = moved = refused = 0
    last = 0
    while True:
        with transaction.atomic():
            rows = list(
                outdated()
                .filter(pk__gt=last)
                .order_by("pk")
                .select_related("jurisdiction")
                .prefetch_related(Prefetch("clock_events", ClockEvent.objects.order_by("pk")))
                .select_for_update(of=("self",))[:BATCH]
            )
            if not rows:
                return Recount(seen, moved, refused)
            steps: list[Step] = []
            for row in rows:
                old_due, old_provisional = row.due_on, row.provisional
                try:
                    changed = settle(row, events_of(row))
                except ClockError:
                    refused += 1
                    continue
                if "due_on" in changed or "provisional" in changed:
                    moved += 1
                    steps.append(_step(row, old_due, old_provisional))
            Obligation.objects.bulk_update(rows, FIELDS)
            Step.objects.bulk_create(steps, ignore_conflicts=True)
        seen += len(rows)
        last = rows[-1].pk
        if progress:
            progress(seen, max(total, seen))


def _step(row: Obligation, old_due: object, old_provisional: bool) -> Step:
    if row.due_on != old_due:
        text = f"放假安排有新的通知，期限由 {old_due} 改为 {row.due_on}。"
    else:
        text = f"放假安排已经公布，期限 {row.due_on} 不再是暂定。" if old_provisional else f"期限 {row.due_on} 暂定。"
    return Step(
        obligation=row,
        kind=Step.Kind.CLOCK,
        agency_id=row.owner_id,
        at=timezone.now(),
        text=text,
        key=f"calendar:{row.pk}:{row.calendar}"[:100],
    )
