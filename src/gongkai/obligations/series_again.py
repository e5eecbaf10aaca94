"""Opening series that may have been closed before: a rule switched on again, a fact told again, an agency that owes it again."""

from __future__ import annotations

from collections.abc import Iterable

from gongkai.agencies.models import User
from gongkai.clocks.periods import period_of
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
