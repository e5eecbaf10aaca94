"""One month of what is due: for each day how much in which state, and whether it is worked and why. One query for all days."""

from __future__ import annotations

import re
from calendar import Calendar as Weeks
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count
from django.urls import reverse

from gongkai.clocks.calendar import Calendar
from gongkai.clocks.statute import statutory_days
from gongkai.obligations import queries as obligations

FIRST, LAST = date(2000, 1, 1), date(2099, 12, 1)
_MONTH = re.compile(r"([0-9]{4})-([0-9]{1,2})")
OPEN_STATES = ("overdue", "due_soon", "running", "not_started")


@dataclass(frozen=True, slots=True)
class Cell:
    """A day. `kind`: day, made, rest, off. `why`: why it is off or worked though one would think otherwise; empty for a plain day.

    `figures`: (state, word, how many), as STATE_WORDS orders them; `url` opens exactly those rows.
    """

    on: date
    inside: bool
    today: bool
    kind: str
    why: str
    figures: tuple[tuple[str, str, int], ...] = ()
    url: str = ""

    @property
    def total(self) -> int:
        return sum(n for _state, _word, n in self.figures)


def month_of(text: str, today: date) -> date | None:
    """The first day of the month an address asks for (2026-11), this month without one; None where it makes no sense."""
    if not text.strip():
        return today.replace(day=1)
    match = _MONTH.fullmatch(text.strip())
    if match is None or not 1 <= int(match[2]) <= 12 or not FIRST.year <= int(match[1]) <= LAST.year:
        return None
    return date(int(match[1]), int(match[2]), 1)


def neighbours(first: date) -> tuple[date, date]:
    """The months before and after."""
    return (first - timedelta(1)).replace(day=1), (first + timedelta(32)).replace(day=1)


def counts(user: Any, chosen: Mapping[str, Any], first: date, last: date, today: date) -> dict[date, dict[str, int]]:
    """Day → state → how many of the user's ledger rows are due then; `chosen` filters as the ledger does (agency or jurisdiction)."""
    rows = obligations.ledger(user, {**chosen, "due_from": first, "due_to": last}, today=today)
    found: dict[date, dict[str, int]] = {}
    for day, state, n in rows.order_by().values("due_on", "state").annotate(n=Count("pk")).values_list("due_on", "state", "n"):
        found.setdefault(day, {})[state] = n
    return found


def month(user: Any, chosen: Mapping[str, Any], first: date, today: date, calendar: Calendar) -> list[list[Cell]]:
    """The weeks of the month, Monday to Sunday; days of the neighbouring months stand there empty."""
    weeks = Weeks().monthdatescalendar(first.year, first.month)
    due = counts(user, chosen, first, neighbours(first)[1] - timedelta(1), today)
    ledger = reverse("obligations:ledger")

    def cell(day: date) -> Cell:
        inside = day.month == first.month
        kind = calendar.kind(day)
        if not inside:
            return Cell(day, False, False, kind, "")
        states = due.get(day, {})
        figures = tuple((state, obligations.STATE_WORDS[state][0], states[state]) for state in obligations.STATE_WORDS if state in states)
        url = f"{ledger}?{urlencode({**chosen, 'due_from': day.isoformat(), 'due_to': day.isoformat()})}"
        return Cell(day, True, day == today, kind, _why(day, kind, calendar), figures, url if figures else "")

    return [[cell(day) for day in week] for week in weeks]


def _why(day: date, kind: str, calendar: Calendar) -> str:
    if kind == "off":
        festival = statutory_days(day.year).get(day, "")
        return f"{festival} {calendar.why(day)}".strip()
    return calendar.why(day) if kind == "made" else ""
