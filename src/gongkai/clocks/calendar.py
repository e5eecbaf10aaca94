"""The Chinese working calendar: the only place where days are counted.

Each announced year is a dated table made from the notices of the State Council office (国务院办公厅关于…年部分节假日安排的通知, under
全国年节及纪念日放假办法). A year without a notice counts Monday to Friday less its statutory days, and a result that touches it is
provisional. A `Calendar` is immutable and names its version; the functions below use the current one: packaged notices with the
imported ones over them.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from gongkai.clocks import layers
from gongkai.clocks.counting import DayIndex, Due
from gongkai.clocks.errors import ClockError
from gongkai.clocks.statute import statutory_days
from gongkai.clocks.tables import Notice, packaged

__all__ = ["Calendar", "Due", "Year", "add_working_days", "announced", "current", "is_working_day", "reload", "use", "working_days_between"]


@dataclass(frozen=True, slots=True)
class Year:
    """One announced year: days off besides the weekly rest, weekend days that are worked, and the notices they come from."""

    notice: str
    off: frozenset[date]
    work: frozenset[date]
    notices: tuple[Notice, ...] = ()


class Calendar:
    """National notices (in the order in which they were added), local rows, and the scope whose local rows apply (empty: none).

    The later notice of a year replaces the earlier; one marked `change` adds to it. A day off is no make-up day any more, and the other
    way round.
    """

    def __init__(self, notices: Iterable[Notice], local: Iterable[Notice] = (), scope: str = "") -> None:
        self.notices = tuple(notices)
        self.local = tuple(local)
        self.scope = scope

    @classmethod
    def load(cls, folder: Path | None = None, *, scope: str = "") -> Calendar:
        """Packaged rows with those imported into `folder` (a data folder) over them. Raises ClockError for a row that cannot be read."""
        rows = packaged() + (layers.read(folder) if folder is not None else ())
        return cls((row for row in rows if not row.scope), (row for row in rows if row.scope), scope)

    def for_scope(self, scope: str) -> Calendar:
        """The same calendar with the local days off of an area (division code, such as 450100) or agency."""
        return Calendar(self.notices, self.local, scope)

    def as_of(self, day: date) -> Calendar:
        """The table as it was known at the end of `day`: notices and local rows dated later are left out, undated ones kept."""
        return Calendar(_known(self.notices, day), _known(self.local, day), self.scope)

    def history(self) -> list[Calendar]:
        """Every national table there has been, oldest first, the present one last: one for each notice added, in order of date."""
        rows = sorted(self.notices, key=lambda row: row.dated or date.min)
        return [Calendar(rows[:n], self.local, self.scope) for n in range(1, len(rows) + 1)]

    def named(self, version: str) -> Calendar:
        """The table with this version id, so that an old result can be counted again. Raises ClockError when it never was one of ours."""
        by_import = (Calendar(self.notices[:n], self.local, self.scope) for n in range(len(self.notices) - 1, 0, -1))
        for calendar in (self, *reversed(self.history()), *by_import):
            if calendar.version == version:
                return calendar
        raise ClockError(f"{version}：没有这个日历版本，用 gongkai calendar list --versions 查看。")

    def with_notice(self, notice: Notice) -> Calendar:
        """This calendar with one row more. Raises ClockError for one that could not take effect: a change to a year never announced, or
        a notice not dated after the one it replaces or changes.
        """
        if notice.scope:
            return Calendar(self.notices, (*self.local, notice), self.scope)
        year = self.years.get(notice.year)
        if notice.change and year is None:
            raise ClockError(f"{notice.year} 年的放假安排还没有，不能先导入对它的调整；先导入当年的通知。")
        if year is not None and (notice.dated is None or notice.dated < max(row.dated or date.min for row in year.notices)):
            raise ClockError(f"{notice.year} 年已有{year.notices[-1].citation}，要替换或调整它，写明不早于它的通知日期（dated）。")
        return Calendar((*self.notices, notice), self.local, self.scope)

    @cached_property
    def years(self) -> Mapping[int, Year]:
        """Every announced year. December days that a notice names for the year before it stand under the year they fall in."""
        order = sorted(enumerate(self.notices), key=lambda pair: (pair[1].dated or date.min, pair[0]))
        main = {row.year: (n, row) for n, (_, row) in enumerate(order) if not row.change}
        applied = [(n, row) for n, (_, row) in enumerate(order) if row.year in main and (row.change or main[row.year][1] is row)]
        applied = [(n, row) for n, row in applied if not row.change or n > main[row.year][0]]
        off: dict[int, set[date]] = {year: set() for year in main}
        work: dict[int, set[date]] = {year: set() for year in main}
        for _, row in applied:
            _lay_over(row, off, work)
        used: dict[int, list[Notice]] = {year: [] for year in main}
        for _, row in applied:
            used[row.year].append(row)
        return {
            year: Year("；".join(row.citation for row in used[year]), frozenset(off[year]), frozenset(work[year]), tuple(used[year]))
            for year in sorted(main)
        }

    @cached_property
    def local_days(self) -> tuple[dict[date, Notice], dict[date, Notice]]:
        """(days off, days worked) of the scope, each with its row; a later row wins, and a narrower scope over a wider one."""
        off: dict[date, Notice] = {}
        work: dict[date, Notice] = {}
        if self.scope:
            rows = [row for row in self.local if self.scope.startswith(row.scope)]
            for row in sorted(rows, key=lambda row: (len(row.scope), row.dated or date.min)):
                for day in row.off | row.work:
                    if row.until and day > row.until:
                        continue
                    off.pop(day, None)
                    work.pop(day, None)
                    (off if day in row.off else work)[day] = row
        return off, work

    @cached_property
    def version(self) -> str:
        """cn-2004-2026-1a2b3c4d: the span of years and a digest of their days; equal days have equal ids. A scope adds its own digest."""
        text = "|".join(f"{year}:{_joined(row.off)}:{_joined(row.work)}" for year, row in self.years.items())
        span = f"{min(self.years)}-{max(self.years)}" if self.years else "none"
        name = f"cn-{span}-{sha256(text.encode()).hexdigest()[:8]}"
        off, work = self.local_days
        if off or work:
            name += f"+{self.scope}-{sha256(f'{_joined(off)}:{_joined(work)}'.encode()).hexdigest()[:4]}"
        return name

    @cached_property
    def index(self) -> DayIndex:
        """The counted days, made once."""
        return DayIndex(self.is_working_day, lambda year: year in self.years, min(self.years, default=2004) - 5)

    def is_working_day(self, day: date) -> bool:
        off, work = self.local_days
        if day in work:
            return True
        if day in off:
            return False
        year = self.years.get(day.year)
        if year is None:
            return day.weekday() < 5 and day not in statutory_days(day.year)
        return day in year.work or (day.weekday() < 5 and day not in year.off)

    def why(self, day: date) -> str:
        """Why a day is worked or off, in Chinese."""
        off, work = self.local_days
        if day in work:
            return "本地调休上班"
        if day in off:
            return "本地放假日"
        year = self.years.get(day.year)
        if year is None:
            if day.weekday() >= 5:
                return "周末（暂定）"
            return "法定假日（暂定）" if day in statutory_days(day.year) else "工作日（暂定）"
        if day in year.work:
            return "调休上班"
        if day in year.off:
            return "放假日"
        return "周末" if day.weekday() >= 5 else "工作日"

    def kind(self, day: date) -> str:
        """The same for a program: day, made (a weekend or holiday that is worked), rest (a weekend), off (a holiday)."""
        off, work = self.local_days
        if day in work:
            return "made"
        if day in off:
            return "off"
        year = self.years.get(day.year)
        if year is not None and day in year.work:
            return "made"
        if year is not None and day in year.off:
            return "off"
        if day.weekday() >= 5:
            return "rest"
        return "off" if year is None and day in statutory_days(day.year) else "day"

    def citations(self, first: date, last: date) -> list[str]:
        """The notices on which the days from `first` to `last` rest, the national one of each announced year, then local ones."""
        found = [self.years[year].notice for year in range(first.year, last.year + 1) if year in self.years]
        rows = [row for days in self.local_days for day, row in days.items() if first <= day <= last]
        return list(dict.fromkeys([*found, *(row.citation for row in rows)]))

    def unannounced(self, first: date, last: date) -> list[int]:
        """The years from `first` to `last` for which there is no notice yet."""
        return [year for year in range(first.year, last.year + 1) if year not in self.years]

    def add(self, start: date, n: int) -> Due:
        """The n-th working day after `start`; the day itself is not counted. A negative n counts backwards."""
        return self.index.add(start, n)

    def between(self, start: date, end: date) -> int:
        """Working days after `start` up to and including `end`; negative when `end` lies before."""
        return self.index.between(start, end)

    def roll(self, day: date) -> date:
        """`day`, or the first working day after it (民法典第二百零三条)."""
        return day if self.is_working_day(day) else self.add(day, 1).on

    def is_provisional(self, first: date, last: date) -> bool:
        """Whether a year from `first` to `last` has no notice yet."""
        return bool(self.unannounced(first, last))


def _known(rows: Iterable[Notice], day: date) -> tuple[Notice, ...]:
    return tuple(row for row in rows if row.dated is None or row.dated <= day)


def _lay_over(row: Notice, off: dict[int, set[date]], work: dict[int, set[date]]) -> None:
    for day in row.off:
        if day.year in off:
            off[day.year].add(day)
            work[day.year].discard(day)
    for day in row.work:
        if day.year in work:
            work[day.year].add(day)
            off[day.year].discard(day)


def _joined(days: Iterable[date]) -> str:
    return ",".join(sorted(day.isoformat() for day in days))


class _Current:
    """The calendar in use. A look at the folder at most once a second finds what another process imported."""

    __slots__ = ("calendar", "chosen", "next_look", "stamp")

    def __init__(self) -> None:
        self.chosen: Path | None = None
        self.calendar: Calendar | None = None
        self.stamp: tuple[str, int] = ("", 0)
        self.next_look = 0.0

    def look(self) -> Calendar:
        folder = self.chosen or layers.default_folder()
        stamp = layers.stamp(folder)
        if self.calendar is None or stamp != self.stamp:
            self.calendar, self.stamp = Calendar.load(folder), stamp
        self.next_look = time.monotonic() + 1
        return self.calendar


_current = _Current()
_now = time.monotonic


def current() -> Calendar:
    """The calendar in use: packaged notices and those imported into the data folder (`use`, else GONGKAI_DATA)."""
    calendar = _current.calendar
    return calendar if calendar is not None and _now() < _current.next_look else _current.look()


def use(folder: str | os.PathLike[str] | None) -> None:
    """Reads imported years from this data folder from now on; None goes back to GONGKAI_DATA."""
    _current.chosen = Path(folder) if folder is not None else None
    reload()


def reload() -> None:
    """Looks at the data folder again at the next question."""
    _current.calendar = None


def announced() -> Mapping[int, Year]:
    """Every year whose notice is in the table."""
    return current().years


def is_working_day(day: date) -> bool:
    return current().is_working_day(day)


def add_working_days(start: date, n: int) -> Due:
    """The n-th working day after `start`; the day itself is not counted. A negative n counts backwards."""
    return current().index.add(start, n)


def working_days_between(start: date, end: date) -> int:
    """Working days after `start` up to and including `end`; negative when `end` lies before."""
    return current().index.between(start, end)
