"""Counting by looking up: prefix sums over the days of a calendar, so that a sum costs the same for 3 days and for 3,000."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import NamedTuple

LAST_YEAR = 2060
"""Last year in the index; days before or after it are stepped through one by one."""


class Due(NamedTuple):
    """`provisional` when the span touches a year whose notice is not in the table."""

    on: date
    provisional: bool


class DayIndex:
    """Working days from `first_year` to 2060.

    counts[i]   working days up to and including day i (day 0 is 1 January of the first year)
    limits[i]   number of the last working day reached from day i without touching an unannounced year
    firm, loose the k-th working day as a ready answer, certain and provisional
    """

    def __init__(self, is_working_day: Callable[[date], bool], is_announced: Callable[[int], bool], first_year: int) -> None:
        self._works = is_working_day
        self._announced = is_announced
        first, last = date(first_year, 1, 1), date(LAST_YEAR, 12, 31)
        self.base = first.toordinal()
        days = [first + timedelta(n) for n in range((last - first).days + 1)]
        self.size = len(days)
        counts, working, total = [], [], 0
        for day in days:
            if is_working_day(day):
                working.append(day)
                total += 1
            counts.append(total)
        self.counts = counts
        self.working = working
        self.firm = [Due(day, False) for day in working]
        self.loose = [Due(day, True) for day in working]
        self.limits = self._limits(days)

    def _limits(self, days: list[date]) -> list[int]:
        limits = [-1] * self.size
        reach = self.counts[-1] - 1 if self._announced(LAST_YEAR) else -1
        for i in range(self.size - 2, -1, -1):
            if not self._announced(days[i + 1].year):
                reach = -1
            elif reach < 0:
                reach = self.counts[i + 1] - 1
            limits[i] = reach
        return limits

    def add(self, start: date, n: int) -> Due:
        """The n-th working day after `start`, before it for a negative n."""
        i = start.toordinal() - self.base
        if n > 0 and 0 <= i < self.size:
            k = self.counts[i] + n - 1
            if k <= self.limits[i]:
                return self.firm[k]
            if k < len(self.loose):
                return self.loose[k]
        elif n < 0 and 0 < i < self.size:
            k = self.counts[i - 1] + n
            if k >= 0:
                on = self.working[k]
                return Due(on, not self.announced_throughout(on, start - timedelta(1)))
        return self.step(start, n)

    def step(self, start: date, n: int) -> Due:
        """The same, day by day."""
        step = timedelta(1 if n >= 0 else -1)
        day, left, provisional = start, abs(n), False
        while left:
            day += step
            provisional = provisional or not self._announced(day.year)
            left -= self._works(day)
        return Due(day, provisional)

    def between(self, start: date, end: date) -> int:
        """Working days after `start` up to and including `end`; negative when `end` lies before."""
        if end < start:
            return -self.between(end, start)
        i, j = start.toordinal() - self.base, end.toordinal() - self.base
        if i >= 0 and j < self.size:
            return self.counts[j] - self.counts[i]
        return sum(self._works(start + timedelta(n)) for n in range(1, (end - start).days + 1))

    def announced_throughout(self, first: date, last: date) -> bool:
        return all(self._announced(year) for year in range(first.year, last.year + 1))
