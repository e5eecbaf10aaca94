"""Opening series that may have been closed before: a rule switched on again, a fact told again, an agency that owes it again."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date

from django.utils import timezone

from gongkai.agencies.models import User
from gongkai.clocks.periods import period_of
from gongkai.journal.models import Entry
from gongkai.obligations.models import Series
from gongkai.obligations.periods import NewSeries, catch_up, note_series, open_series


def open_again(wanted: Iterable[NewSeries], actor: User | None, *, text: str = "") -> list[Series]:
    """open_series, and those of them that were closed go on from the period in which `since` lies; the gap between stays empty.

    A series with a last day of its own stays closed: its time is over, or somebody waived it for good (actions.waive).
    """
    listed = list(wanted)
    opened = open_series(listed, actor, text=text)
    by_identity = {new.identity: new for new in listed}
    again = []
    for row in opened:
        new = by_identity[(row.source, row.rule, row.subject_id, row.owner_id, row.share, row.cadence)]
        if row.closed_on is not None and row.until is None:
            row.closed_on, row.closed_reason = None, ""
            row.next_on = max(row.next_on, period_of(row.cadence, new.since).first)
            again.append(row)
    if again:
        Series.objects.bulk_update(again, ["closed_on", "closed_reason", "next_on"])
        note_series("again", again, actor, text, {row.pk: {"closed_on": None, "next_on": row.next_on} for row in again})
        catch_up(series=again, actor=actor, text=text)
    return opened


def revive_series(series_id: int, actor: User | None, reason: str) -> None:
    """A series that a waiver ended for good goes on from the period of today, with the last day it had before. Needs a transaction."""
    row = Series.objects.select_for_update().filter(pk=series_id, closed_on__isnull=False).first()
    if row is None:
        return
    row.closed_on, row.closed_reason, row.until = None, "", _until_before(row)
    row.next_on = max(row.next_on, period_of(row.cadence, timezone.localdate()).first)
    row.save(update_fields=["closed_on", "closed_reason", "until", "next_on"])
    note_series("again", [row], actor, reason, {row.pk: {"closed_on": None, "until": row.until, "next_on": row.next_on}})
    catch_up(series=[row], actor=actor, text=reason)


def _until_before(series: Series) -> date | None:
    """The last day the series had when it was ended, as the journal has it."""
    told = Entry.objects.filter(action="series.closed", object_kind="obligations.series", object_id=str(series.pk)).order_by("-pk").first()
    until = json.loads(told.old).get("until") if told is not None else None
    return date.fromisoformat(until) if until else None
