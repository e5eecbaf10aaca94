"""The calendar of 定期评估: what is withheld and when it is to be looked at again (条例第十八条, S0-26)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import DateField, Exists, Max, OuterRef, QuerySet, Subquery
from django.db.models.functions import TruncDate
from django.utils import timezone

from gongkai.clocks.clock import add_months
from gongkai.publications.access import documents_for
from gongkai.publications.models import Edition, Evaluation, Review, Revision
from gongkai.publications.validity.state import attach, with_standing, withheld_months

State = Edition.State
DECIDED = (State.READY, State.SCHEDULED, State.LIVE, State.PAST)


def withheld_for(user: Any) -> QuerySet[Any]:
    """Documents this person reads that are not opened, with `.evaluated_on` and `.next_on` of the last evaluation, `.decided_on`."""
    withheld = Revision.objects.filter(pk=OuterRef("standing_id"), attribute=Revision.Attribute.WITHHELD, current_of__state__in=DECIDED)
    last = Evaluation.objects.filter(document=OuterRef("pk"), subject=Evaluation.Subject.WITHHELD).order_by("-on", "-pk")
    decided = Review.objects.filter(revision=OuterRef("standing_id"), conclusion=Review.Conclusion.WITHHELD)
    rows = with_standing(documents_for(user)).filter(Exists(withheld))
    return rows.annotate(
        evaluated_on=Subquery(last.values("on")[:1], output_field=DateField()),
        next_on=Subquery(last.values("next_on")[:1], output_field=DateField()),
        concluded=Subquery(last.values("conclusion")[:1]),
        decided_on=Subquery(
            decided.order_by().values("revision").annotate(day=Max(TruncDate("at"))).values("day")[:1], output_field=DateField()
        ),
        saved_on=Subquery(Revision.objects.filter(pk=OuterRef("standing_id")).annotate(d=TruncDate("saved_at")).values("d")[:1]),
    ).select_related("jurisdiction", "agency")


@dataclass(frozen=True, slots=True)
class Due:
    """One withheld item in the calendar: `on` is when it is to be evaluated."""

    document: Any
    on: date
    overdue: bool


def calendar(rows: QuerySet[Any], today: date | None = None) -> list[Due]:
    """Every withheld item by the day of its next evaluation, the most urgent first."""
    day = today or timezone.localdate()
    found = []
    for row in attach(rows):
        since = row.evaluated_on or row.decided_on or row.saved_on
        on = row.next_on or add_months(since, withheld_months())
        found.append(Due(row, on, on < day))
    return sorted(found, key=lambda due: (due.on, due.document.pk))
