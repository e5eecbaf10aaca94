"""The Chinese working calendar: the only place where days are counted.

Each announced year is a dated table with the notice it comes from (国务院办公厅关于部分节假日安排的通知, under 全国年节及纪念日放假办法).
A year without a table counts Monday to Friday less the fixed statutory days, and the result is marked provisional.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib import resources


@dataclass(frozen=True, slots=True)
class Year:
    """One announced year: days off besides the weekly rest, and weekend days that are worked."""

    notice: str
    off: frozenset[date]
    work: frozenset[date]


@cache
def announced() -> dict[int, Year]:
    """Every year whose notice is in the table."""
    table = tomllib.loads(resources.files("gongkai.clocks").joinpath("data/calendar.toml").read_text("utf-8"))
    years = {}
    for row in table["year"]:
        off = {first + timedelta(n) for first, last in row["off"] for n in range((last - first).days + 1)}
        years[row["year"]] = Year(row["notice"], frozenset(off), frozenset(row["work"]))
    return years


def is_working_day(day: date) -> bool:
    year = announced().get(day.year)
    if year is None:
        fixed_days = {
            (1, 1),
            (5, 1),
            (5, 2),
            (10, 1),
            (10, 2),
            (10, 3),
        }  # 全国年节及纪念日放假办法（2024年修订）第二条, the days without a lunar date
        return day.weekday() < 5 and (day.month, day.day) not in fixed_days
    return day in year.work or (day.weekday() < 5 and day not in year.off)


@dataclass(frozen=True, slots=True)
class Due:
    """`provisional` when the span touches a year whose notice is not in the table."""

    on: date
    provisional: bool


def add_working_days(start: date, n: int) -> Due:
    """The n-th working day after `start`; the day itself is not counted. A negative n counts backwards."""
    step = timedelta(1 if n >= 0 else -1)
    day, left, provisional = start, abs(n), False
    while left:
        day += step
        provisional = provisional or day.year not in announced()
        left -= is_working_day(day)
    return Due(day, provisional)


def working_days_between(start: date, end: date) -> int:
    """Working days after `start` up to and including `end`; negative when `end` lies before."""
    if end < start:
        return -working_days_between(end, start)
    return sum(is_working_day(start + timedelta(n)) for n in range(1, (end - start).days + 1))
