"""Recurring duties: periods and the rows they make. Pure: a row depends on its period alone, so asking twice, late, or after a month
down gives the same rows with the same ids.

Ids: 2026-02-10, 2026-W07 (ISO weeks), 2026-03, 2026-Q1, 2026-H1, 2026.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from gongkai.clocks.calendar import Calendar
from gongkai.clocks.clock import add_months
from gongkai.clocks.errors import ClockError
from gongkai.clocks.receipt import beijing

CADENCES = {
    "daily": "每日",
    "weekly": "每周",
    "monthly": "每月",
    "quarterly": "每季度",
    "half_yearly": "每半年",
    "yearly": "每年",
    "realtime": "实时",
}
ISO = {"P1D": "daily", "P1W": "weekly", "P1M": "monthly", "P3M": "quarterly", "P6M": "half_yearly", "P1Y": "yearly"}
"""The durations of a plan's `every` (design/CONTRACTS.md)."""
_MONTHS = {"monthly": 1, "quarterly": 3, "half_yearly": 6, "yearly": 12}
DUE_RULES = {
    "last_day": "期间最后一日",
    "last_working_day": "期间最后一个工作日",
    "working_days_after": "期间结束后若干个工作日",
    "days_after": "期间结束后若干日",
    "day_of": "期间内的某月某日",
    "day_of_next": "下一期间的某月某日",
}


@dataclass(frozen=True, slots=True, order=True)
class Period:
    first: date
    last: date
    id: str


@dataclass(frozen=True, slots=True)
class DueRule:
    """When the duty of a period is due.

    `n`: days for *_after. `month`, `day` for day_of and day_of_next: that day of the period or of the following one (month counted within
    it, 1 the first), as in 每月10日前 and annual reports due on 31 January; a day a month does not have is its last.
    """

    kind: str = "last_day"
    n: int = 0
    month: int = 1
    day: int = 1

    def __post_init__(self) -> None:
        if self.kind not in DUE_RULES:
            raise ClockError(f"没有 {self.kind} 这种到期规则，可用 {'、'.join(DUE_RULES)}。")
        if self.n < 0 or not 1 <= self.month <= 12 or not 1 <= self.day <= 31:
            raise ClockError("到期规则的数目要不小于 0，月在 1 到 12、日在 1 到 31 之间。")


@dataclass(frozen=True, slots=True)
class Row:
    """One duty of a series: its period and its due day."""

    period: Period
    due_on: date
    provisional: bool


def period_of(cadence: str, day: date) -> Period:
    """The period a day lies in. Raises ClockError for an unknown cadence; real-time duties have no periods."""
    if cadence == "daily":
        return Period(day, day, day.isoformat())
    if cadence == "weekly":
        year, week, weekday = day.isocalendar()
        first = day - timedelta(weekday - 1)
        return Period(first, first + timedelta(6), f"{year}-W{week:02}")
    if cadence not in _MONTHS:
        known = "、".join(name for name in CADENCES if name != "realtime")
        raise ClockError(f"{cadence} 没有期间，可用 {known}。")
    size = _MONTHS[cadence]
    month = (day.month - 1) // size * size + 1
    first = date(day.year, month, 1)
    last = _month_end(add_months(first, size - 1))
    number = (month - 1) // size + 1
    name = {1: f"{day.year}-{month:02}", 3: f"{day.year}-Q{number}", 6: f"{day.year}-H{number}", 12: str(day.year)}[size]
    return Period(first, last, name)


_PATTERNS = (
    (re.compile(r"^\d{4}-\d\d-\d\d$"), "daily"),
    (re.compile(r"^(\d{4})-W(\d\d)$"), "weekly"),
    (re.compile(r"^(\d{4})-(\d\d)$"), "monthly"),
    (re.compile(r"^(\d{4})-Q([1-4])$"), "quarterly"),
    (re.compile(r"^(\d{4})-H([12])$"), "half_yearly"),
    (re.compile(r"^(\d{4})$"), "yearly"),
)


def period(id: str) -> Period:
    """The period with this id. Raises ClockError for an id that names none."""
    for pattern, cadence in _PATTERNS:
        match = pattern.match(id)
        if not match:
            continue
        try:
            if cadence == "daily":
                return period_of(cadence, date.fromisoformat(id))
            year, number = int(match[1]), int(match[2]) if pattern.groups > 1 else 1
            if cadence == "weekly":
                return period_of(cadence, date.fromisocalendar(year, number, 1))
            return period_of(cadence, date(year, (number - 1) * _MONTHS[cadence] + 1, 1))
        except ValueError:
            break
    raise ClockError(f"{id}：没有这个期间，写法如 2026-02-10、2026-W07、2026-03、2026-Q1、2026-H1、2026。")


def periods(cadence: str, since: date, until: date) -> Iterator[Period]:
    """Every period that overlaps `since` to `until`, in order."""
    current = period_of(cadence, since)
    while current.first <= until:
        yield current
        current = period_of(cadence, current.last + timedelta(1))


def due_day(period: Period, rule: DueRule, calendar: Calendar) -> tuple[date, bool]:
    """(due day, provisional) of one period."""
    last = period.last
    if rule.kind == "last_day":
        return last, False
    if rule.kind == "last_working_day":
        found = calendar.add(last + timedelta(1), -1)
        if found.on >= period.first:
            return found.on, found.provisional
        return last, calendar.is_provisional(period.first, last)  # a week without a working day
    if rule.kind == "working_days_after":
        answer = calendar.add(last, rule.n)
        return answer.on, answer.provisional
    if rule.kind == "days_after":
        end = last + timedelta(rule.n)
        on = calendar.roll(end) if rule.n else end  # 民法典第二百零三条
        return on, bool(rule.n) and calendar.is_provisional(end, on)
    month = add_months(period.first if rule.kind == "day_of" else last + timedelta(1), rule.month - 1)
    return min(month.replace(day=1) + timedelta(rule.day - 1), _month_end(month)), False


def series(
    cadence: str,
    rule: DueRule,
    calendar: Calendar,
    *,
    since: date,
    today: date,
    until: date | None = None,
) -> list[Row]:
    """The rows that exist on `today`: one for each period that has begun, from the one `since` lies in to the one `until` lies in.

    Nothing else enters, so a scheduler may ask at any time and as often as it likes.
    """
    end = min(today, until) if until is not None else today
    rows = []
    for current in periods(cadence, since, end):
        on, provisional = due_day(current, rule, calendar)
        rows.append(Row(current, on, provisional))
    return rows


@dataclass(frozen=True, slots=True)
class Freshness:
    """How old the last deed of a real-time duty may be. `unit`: hours, days or working_days."""

    n: int
    unit: str = "hours"

    def __post_init__(self) -> None:
        if self.unit not in ("hours", "days", "working_days"):
            raise ClockError(f"更新时限没有 {self.unit} 这个单位，可用 hours、days、working_days。")
        if self.n <= 0:
            raise ClockError("更新时限要大于 0。")


def stale_at(last: datetime, fresh: Freshness, calendar: Calendar) -> datetime:
    """The moment (Beijing) from which the last deed is too old: for days, the end of the last day."""
    last = beijing(last)
    if fresh.unit == "hours":
        return last + timedelta(hours=fresh.n)
    end = calendar.add(last.date(), fresh.n).on if fresh.unit == "working_days" else last.date() + timedelta(fresh.n)
    return datetime(end.year, end.month, end.day) + timedelta(1)


def is_fresh(last: datetime | None, now: datetime, fresh: Freshness, calendar: Calendar) -> bool:
    """Whether a real-time duty is met now. Never having done it is not fresh."""
    return last is not None and beijing(now) < stale_at(last, fresh, calendar)


def _month_end(day: date) -> date:
    return add_months(day.replace(day=1), 1) - timedelta(1)
