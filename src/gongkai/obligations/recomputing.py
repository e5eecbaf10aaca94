"""A new holiday notice moves the due dates of what is still open; what is closed keeps the calendar of its time (ARCHITECTURE invariant 2).

Cost grows with the open clocks counted under another calendar version, not with the ledger: the partial index on `calendar` finds them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from gongkai.agencies.models import Jurisdiction
from gongkai.clocks import calendar as clocks
from gongkai.clocks.errors import ClockError
from gongkai.clocks.events import Event
from gongkai.clocks.receipt import beijing
from gongkai.journal.actions import record as note
from gongkai.obligations.clocking import FIELDS, calendar_of, settle
from gongkai.obligations.models import ClockEvent, Obligation, Series, Step
from gongkai.obligations.models.obligation import OPEN
from gongkai.obligations.periods import settle_period

BATCH = 2000
TICK = 10_000
"""Clocks counted again in one go by the worker."""


@dataclass(frozen=True, slots=True)
class Recount:
    """`seen`: clocks counted again; `moved`: those whose due day changed or became certain; `refused`: those no clock can be made of."""

    seen: int = 0
    moved: int = 0
    refused: int = 0


def outdated() -> QuerySet[Obligation]:
    """Open obligations whose due date was counted with another calendar than the one in use: by a limit, by the due rule of a series, or
    by a freshness in working days."""
    current = clocks.current()
    scopes = {row.scope for row in current.local}
    codes = Jurisdiction.objects.values_list("code", flat=True) if scopes else ()
    local = [code for code in codes if code.startswith(tuple(scopes))]
    wrong = ~Q(jurisdiction__code__in=local) & ~Q(calendar=current.version) if local else ~Q(calendar=current.version)
    for code in local:
        wrong |= Q(jurisdiction__code=code) & ~Q(calendar=calendar_of(code).version)
    counted = Q(limit__isnull=False) | Q(series__isnull=False) | Q(freshness__isnull=False)
    return Obligation.objects.filter(OPEN, ~Q(calendar=""), wrong, counted)


def recount(progress: Callable[[int, int], None] | None = None, *, most: int | None = None) -> Recount:
    """Counts every outdated open clock again, in batches of its own transaction each: stopped half-way, the rest is found by the next call.

    `progress` is told (done, of). With `most`, it ends with the batch that reaches so many. A due date that moved leaves a step that says
    from when to when and why.
    """
    total = outdated().count()
    places = {place.pk: place for place in Jurisdiction.objects.all()}
    seen = moved = refused = 0
    last = 0
    while True:
        with transaction.atomic():
            found = (
                outdated()
                .filter(pk__gt=last)
                .order_by("pk")
                .only(*FIELDS, "limit", "series", "period", "owner", "jurisdiction", "starts_on", "freshness", "shown_on")
            )
            rows = list(found.select_for_update(of=("self",))[:BATCH])
            if not rows:
                return Recount(seen, moved, refused)
            events = _events(rows)
            _with_series(rows)
            steps: list[Step] = []
            answers: dict[tuple[tuple[str, Any], ...], list[int]] = defaultdict(list)
            for row in rows:
                row.jurisdiction = places[row.jurisdiction_id]
                old_due, old_provisional = row.due_on, row.provisional
                calendar = calendar_of(row.jurisdiction.code)
                try:
                    changed = settle(row, events[row.pk], calendar) if row.limit else settle_period(row)
                except ClockError:  # it keeps its date; asked again with the next notice
                    refused += 1
                    answers[(("calendar", calendar.version),)].append(row.pk)
                    continue
                answers[tuple((name, getattr(row, name)) for name in changed)].append(row.pk)
                if "due_on" in changed or "provisional" in changed:
                    moved += 1
                    steps.append(_step(row, old_due, old_provisional))
            _save(answers)
            if steps:  # one entry for the batch: what moved, from when to when
                moves = {step.obligation_id: step.text for step in steps}
                note("clock.recounted", ("clocks.calendar", clocks.current().version), actor=None, new={"moved": moves})
            Step.objects.bulk_create(steps, ignore_conflicts=True, batch_size=BATCH)
        seen += len(rows)
        last = rows[-1].pk
        if progress:
            progress(seen, max(total, seen))
        if most is not None and seen >= most:
            return Recount(seen, moved, refused)


def tick() -> None:
    """What the worker does about a new notice: one cheap question while there is none, then so much at a time that tasks come between."""
    if outdated().exists():
        recount(most=TICK)


def _events(rows: list[Obligation]) -> dict[int, list[Event]]:
    """The events of a batch by obligation, without a record made of each: there are more of them than of anything else here."""
    events: dict[int, list[Event]] = defaultdict(list)
    found = ClockEvent.objects.filter(obligation__in=[row.pk for row in rows if row.limit]).order_by("pk")
    for pk, kind, on, at, n, reason, approver in found.values_list("obligation_id", "kind", "on", "at", "n", "reason", "approved_by_id"):
        events[pk].append(Event(kind, on, beijing(at) if at else None, n, reason, str(approver or "")))
    return events


def _with_series(rows: list[Obligation]) -> None:
    kept = Series.objects.in_bulk({row.series_id for row in rows if row.series_id and not row.limit})
    for row in rows:
        if row.series_id in kept:
            row.series = kept[row.series_id]


def _save(answers: dict[tuple[tuple[str, Any], ...], list[int]]) -> None:
    """One UPDATE for each distinct answer: the thousand clocks of a batch end on a few dozen days. It names what changed alone, which for
    most is the calendar: a due date written again would be written into every index that knows it.
    """
    for values, keys in answers.items():
        if values:
            Obligation.objects.filter(pk__in=keys).update(**dict(values))


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
