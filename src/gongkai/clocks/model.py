"""What a clock answers with, and what it keeps while it follows the events."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from gongkai.clocks.events import Event
from gongkai.clocks.limits import Limit

STATES = {
    "not_started": "未起算",
    "running": "进行中",
    "suspended": "中止",
    "overdue": "已逾期",
    "met": "按期办结",
    "met_late": "逾期办结",
}


@dataclass(frozen=True, slots=True)
class DayCount:
    """One day of the span: whether it was counted, and why or why not, in Chinese.

    `kind` says the same to a program: start, paused, rolled (the days after the last one, when that was a day off), hours (a day of wall
    clock), plain (a calendar day), or what the calendar has for it: day, made (调休上班), rest (weekend), off (holiday).
    """

    date: date
    counted: bool
    why: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Deadline:
    """The answer. `on` and `at` are None while the clock is suspended; `at` is set where hours are counted.

    `remaining`: units left after today, negative when late, None without a `today` or when done; for hours, full hours.
    `days`: from the (last) start to the due day. `sentence`: the same for a person. `calendar`: the version id counted with.
    """

    on: date | None
    at: datetime | None
    remaining: int | None
    state: str
    provisional: bool
    calendar: str
    limit: Limit
    days: tuple[DayCount, ...] = ()
    sentence: str = ""


@dataclass(slots=True)
class Run:
    """The clock since its last start. `pauses`: suspensions (from, to or None, reason). `extensions`: granted events, and
    delays. `rolled`: from
    this day.
    """

    begin: Event
    pauses: list[tuple[Event, Event | None]] = field(default_factory=list)
    extensions: list[Event] = field(default_factory=list)
    end: Event | None = None
    due: date | None = None
    due_at: datetime | None = None
    rolled: date | None = None

    @property
    def added(self) -> int:
        return sum(event.n for event in self.extensions)

    @property
    def open_pause(self) -> Event | None:
        return self.pauses[-1][0] if self.pauses and self.pauses[-1][1] is None else None
