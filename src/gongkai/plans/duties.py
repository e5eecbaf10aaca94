"""The duties of a task as one reads them: a line for each owner (and section), with the period that matters now and how many there were."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, Count, Exists, F, IntegerField, Min, OuterRef, Q, QuerySet, Value, When, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from gongkai.obligations.periods import goes_on, words_of_period

ORDER = ("overdue", "due_soon", "running", "suspended", "standing", "not_started", "replaced", "done_late", "done", "waived")
"""One state for many duties: what is worst and still open comes first; done only when nothing is open."""
FINISHED = ("done", "done_late")
Share = tuple[int, int, str]
"""(task, owner, share)."""


@dataclass(frozen=True, slots=True)
class PeriodCount:
    """The periods of one owner's share of a task that have begun."""

    n: int
    done: int
    late: int
    first: date

    @property
    def words(self) -> str:
        """本年 10 期：已办结 8，逾期 1."""
        parts = [f"已办结 {self.done}"] if self.done else []
        parts += [f"逾期 {self.late}"] if self.late else []
        return f"{'本年' if self.first.year == timezone.localdate().year else '共'} {self.n} 期" + (
            f"：{'，'.join(parts)}" if parts else ""
        )


def one_line_each(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Of `with_state` rows of plan tasks, the one that says how each owner's share of each task stands. May be filtered further by state.

    While periods of a share are still to come, what is done is not the end: such a line is running.
    """
    more = Exists(
        goes_on().filter(source=OuterRef("source"), subject_id=OuterRef("subject_id"), owner=OuterRef("owner"), share=OuterRef("share"))
    )
    rank = Case(*(When(state=state, then=Value(n)) for n, state in enumerate(ORDER)), output_field=IntegerField())
    at_rest = ORDER.index("replaced")
    ranked = rows.order_by().annotate(
        task_rank=Case(When(more & Q(state__in=FINISHED), then=Value(ORDER.index("running"))), default=rank, output_field=IntegerField()),
        own_rank=rank,
    )
    place = Window(
        RowNumber(),
        partition_by=[F("subject_id"), F("owner_id"), F("share")],
        order_by=[
            F("task_rank").asc(),
            F("own_rank").asc(),
            Case(When(own_rank__gte=at_rest, then=None), default=F("due_on")).asc(nulls_last=True),  # the oldest of what is open
            F("due_on").desc(nulls_last=True),  # the last of what is done
            F("pk").asc(),
        ],
    )
    heads = ranked.annotate(place=place).filter(place=1).values("pk")
    state = Case(When(more & Q(state__in=FINISHED), then=Value("running")), default=F("state"))
    return rows.filter(pk__in=heads).annotate(state=state)


def period_counts(rows: QuerySet[Any]) -> dict[Share, PeriodCount]:
    """How many periods each share has had, of `with_state` rows. One query."""
    counted = (
        rows.filter(series__isnull=False)
        .order_by()
        .values("subject_id", "owner_id", "share")
        .annotate(
            n=Count("pk"),
            finished=Count("pk", filter=Q(fulfilled_on__isnull=False)),
            late=Count("pk", filter=Q(state="overdue")),
            first=Min("starts_on"),
        )
    )
    return {(r["subject_id"], r["owner_id"], r["share"]): PeriodCount(r["n"], r["finished"], r["late"], r["first"]) for r in counted}


def with_periods(lines: Iterable[Any], rows: QuerySet[Any]) -> list[Any]:
    """The lines with `periods` (PeriodCount or None) and `period_name` on each. One query beside their own."""
    found = list(lines)
    counts = period_counts(rows)
    for line in found:
        line.periods = counts.get((line.subject_id, line.owner_id, line.share))
        line.period_name = words_of_period(line.period)
    return found


def state_of_task(states: Iterable[str]) -> str:
    """One state for the lines of a task. A task that binds nobody in particular is standing."""
    found = set(states)
    return next((state for state in ORDER if state in found), "standing")
