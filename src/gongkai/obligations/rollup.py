"""The roll-up: how many duties the agencies of a place have, how many were done in time, how late the others were; for a department, for
a government, for a city with everything below it.

Nothing is stored: figures are grouped SQL over the rows of the ledger, in the same words as queries.with_state (a test holds the two
together). The number of queries depends on nothing. A delay is counted in working days by gongkai.clocks, once for each pair of days that
occurs, so that no row of what was done in time is ever read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.db.models import Case, CharField, Count, F, Min, Q, QuerySet, When
from django.db.models.functions import Cast
from django.utils import timezone

from gongkai.clocks import calendar
from gongkai.obligations.models import Obligation
from gongkai.obligations.oversight import of_year, overseen_by
from gongkai.obligations.queries import soon_edges


@dataclass(frozen=True, slots=True)
class Asked:
    """What is rolled up: a year (None: all), a source, a plan."""

    year: int | None = None
    source: str = ""
    plan: int | None = None


@dataclass(slots=True)
class Figures:
    """The counts of one line. `delays`: working days late → how many, of what was done late and of what is overdue today."""

    total: int = 0
    done: int = 0
    done_late: int = 0
    overdue: int = 0
    due_soon: int = 0
    suspended: int = 0
    waived: int = 0
    replaced: int = 0
    oldest: date | None = None
    delays: Counter[int] = field(default_factory=Counter)

    @property
    def open(self) -> int:
        return self.total - self.done - self.done_late - self.waived - self.replaced

    @property
    def reckoned(self) -> int:
        """What the share is taken of: everything done, and what is overdue. Leaving the overdue out would flatter."""
        return self.done + self.done_late + self.overdue

    @property
    def share(self) -> float | None:
        """Share done in time, 0 to 1; None where nothing was done or due yet."""
        return self.done / self.reckoned if self.reckoned else None

    @property
    def late(self) -> int:
        return self.done_late + self.overdue

    @property
    def median_delay(self) -> float | None:
        """Median delay in working days of what is or was late; None where nothing was."""
        return median(self.delays)

    def add(self, other: Figures) -> None:
        self.total += other.total
        self.done += other.done
        self.done_late += other.done_late
        self.overdue += other.overdue
        self.due_soon += other.due_soon
        self.suspended += other.suspended
        self.waived += other.waived
        self.replaced += other.replaced
        if other.oldest and (self.oldest is None or other.oldest < self.oldest):
            self.oldest = other.oldest
        self.delays.update(other.delays)


def median(counted: Counter[int]) -> float | None:
    """The median of values given with their number; the mean of the two in the middle where their number is even."""
    total = counted.total()
    if not total:
        return None
    middle, seen = ((total - 1) // 2, total // 2), 0
    found: list[int] = []
    for value in sorted(counted):
        seen += counted[value]
        while len(found) < 2 and seen > middle[len(found)]:
            found.append(value)
    return sum(found) / 2


def rows_of(user: Any, asked: Asked) -> QuerySet[Obligation]:
    """What the roll-up counts for this user. What a newer plan has replaced counts under its own plan alone, as in the ledger."""
    rows = overseen_by(user).order_by()
    if asked.plan is not None:
        rows = rows.filter(source=Obligation.Source.PLAN_TASK, document_id=asked.plan)
    else:
        rows = rows.filter(replaced_on__isnull=True)
    if asked.source:
        rows = rows.filter(source=asked.source)
    return of_year(rows, asked.year) if asked.year is not None else rows


def in_year(rows: QuerySet[Any], year: int | None) -> list[QuerySet[Any]]:
    """`rows` of the year as oversight.of_year knows it, in two parts that share no row: due in it, and without a date begun in it. Each is
    a range of an index, where one expression over both columns would have every year read.
    """
    if year is None:
        return [rows]
    span = (date(year, 1, 1), date(year, 12, 31))
    return [rows.filter(due_on__range=span), rows.filter(due_on__isnull=True, starts_on__range=span)]


def figures_of(rows: QuerySet[Any], year: int | None, today: date) -> dict[int, Figures]:
    """Owner → figures with delays, of `rows` (of every year) in one year, or in all. Four queries at most."""
    parts, known = in_year(rows, year), conditions(today, timezone.now())
    found: dict[int, Figures] = {}
    for part in parts:
        for owner, figures in by_owner(part, today, known=known).items():
            if owner in found:
                found[owner].add(figures)
            else:
                found[owner] = figures
    add_delays(found, parts[0], today, known=known)  # what has no date is never late
    return found


def conditions(today: date, now: datetime) -> dict[str, Q]:
    """The states the roll-up counts as conditions on plain columns. The test that most rows fail stands first: it decides the cost.

    What is waived is never fulfilled (a constraint of the table). One CASE over all of them
    (queries.with_state) would be as right, but SQLite would sort a million rows by what it says.
    """
    unfinished = Q(fulfilled_on__isnull=True, waived_at__isnull=True, replaced_on__isnull=True)
    running = unfinished & Q(suspended_on__isnull=True, starts_on__lte=today)
    by_hours = Q(due_at__isnull=False, fulfilled_at__isnull=False)
    late = (Q(fulfilled_on__gt=F("due_on")) & ~by_hours) | (by_hours & Q(fulfilled_at__gt=F("due_at")))
    over = running & (Q(due_at__isnull=True, due_on__lt=today) | Q(due_at__lt=now))
    ahead = running & (Q(due_at__isnull=True, due_on__gte=today) | Q(due_at__gte=now))
    return {
        "settled": Q(fulfilled_on__isnull=False),
        "done_late": late,
        "overdue": over,
        "due_soon": ahead & Q(due_on__lte=soon_edges(today)),
        "suspended": unfinished & Q(suspended_on__isnull=False),
        "waived": Q(waived_at__isnull=False),
        "replaced": Q(replaced_on__isnull=False, fulfilled_on__isnull=True, waived_at__isnull=True),
    }


def by_owner(
    rows: QuerySet[Any], today: date, now: datetime | None = None, *, key: str = "owner_id", known: dict[str, Q] | None = None
) -> dict[int, Figures]:
    """Owner (or another column) → figures without delays. One grouped query, and a small one for the places' own windows where the
    conditions are not `known` yet.
    """
    known = known or conditions(today, now or timezone.now())
    counts: dict[str, Any] = {f"n_{name}": Count(Case(When(condition, then=1))) for name, condition in known.items()}
    grouped = rows.values(key).annotate(total=Count("*"), oldest=Min(Case(When(known["overdue"], then="due_on"))), **counts)
    found = {}
    for row in grouped.values_list(key, "total", "oldest", *counts):
        owner, total, oldest, *numbers = row
        figures = Figures(total=total, oldest=oldest)
        for name, n in zip(known, numbers, strict=True):
            if name == "settled":
                figures.done = n
            else:
                setattr(figures, name, n)
        figures.done -= figures.done_late
        found[owner] = figures
    return found


def add_delays(
    found: dict[int, Figures], rows: QuerySet[Any], today: date, now: datetime | None = None, *, known: dict[str, Q] | None = None
) -> None:
    """Puts the delays of what is or was late into the figures of its owner. One query over the late rows alone, three columns of each."""
    known = known or conditions(today, now or timezone.now())
    late = rows.filter(known["done_late"] | known["overdue"])
    # as text: one look-up for each pair of days instead of two dates made for each row
    days = late.annotate(due=Cast("due_on", CharField()), shown=Cast("fulfilled_on", CharField())).values_list("owner_id", "due", "shown")
    until = today.isoformat()
    version = calendar.current().version
    for owner, due, shown in days:  # no server-side cursor: PostgreSQL plans those without its parallel workers
        if owner in found:
            found[owner].delays[_delay(due, shown or until, version)] += 1


@lru_cache(maxsize=100_000)
def _delay(due: str, until: str, _version: str) -> int:
    """Working days late; what is late by hours within one day is late by none. `_version`: a new calendar counts anew."""
    return max(0, calendar.working_days_between(date.fromisoformat(due), date.fromisoformat(until)))


def summed(figures: Iterable[Figures]) -> Figures:
    whole = Figures()
    for one in figures:
        whole.add(one)
    return whole
