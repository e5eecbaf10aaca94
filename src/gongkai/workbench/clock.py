"""A clock as the pages draw it: its sentence, what is left, and one square for each day. Counting and wording are gongkai.clocks'."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from gongkai.clocks.calendar import Calendar, current
from gongkai.clocks.errors import ClockError
from gongkai.clocks.limits import UNITS
from gongkai.clocks.model import DayCount, Deadline
from gongkai.clocks.remaining import WEEKDAYS, Remaining, at_the_end, until_day, until_moment
from gongkai.obligations.clocking import calendar_of, deadline_of

SHOWN = 36  # days shown in full; of a longer span its two ends, the limit and today
FEW = 3  # days that are not worth leaving out
MARKS = {"rest": "休", "off": "假", "paused": "停", "rolled": "顺", "hours": "时"}
"""What stands in the square of a day without a number."""


@dataclass(frozen=True, slots=True)
class Day:
    """One square of the row of days. `kind`: css classes (counted, off, made, due, today, past: after the limit), or gap."""

    on: date
    kind: str
    label: str
    why: str
    opens_month: bool = False


@dataclass(frozen=True, slots=True)
class Clock:
    """`css`: colour of the notice (ok, warn, late, plain). `short` fits a chip; empty when nothing runs.

    `left`: working days (hours where hours are counted) until the limit, negative when late; None when nothing runs.
    """

    sentence: str
    detail: str
    css: str
    left: int | None = None
    short: str = ""
    days: tuple[Day, ...] = ()
    notices: tuple[str, ...] = ()
    provisional: bool = False


def clock(
    due: date | None,
    today: date,
    *,
    done: date | None = None,
    standing: str = "",
    soon: int = 5,
    shown: int = SHOWN,
    calendar: Calendar | None = None,
) -> Clock:
    """The clock of a duty due on a day of its own, seen on `today`."""
    calendar = calendar or current()
    if due is None:
        rest = f"{done} 完成。" if done else "没有确定的截止日期，不计算倒计时。"
        return Clock(f"时限：{standing or '长期'}。", rest, "plain")
    if done is not None:
        end = at_the_end(due, done, calendar)
        return Clock(end.sentence, "", "warn" if end.late else "ok")
    left = until_day(due, today, calendar)
    marks = {due: "期限", today: "今天"}
    days = tuple(_squares(left.days, marks, shown, due=due, unit="个工作日"))
    return Clock(left.sentence, left.rule, _colour(left, soon), left.n, left.short, days, _notices(left.days, calendar), left.provisional)


def limit_clock(
    deadline: Deadline,
    calendar: Calendar,
    now: datetime | None = None,
    *,
    done: date | datetime | None = None,
    soon: int = 5,
    shown: int = SHOWN,
) -> Clock:
    """The clock of a limit that runs from an event. `now`: the moment of looking (aware, or Beijing's); without it nothing is said of what
    is left."""
    start = deadline.days[0].date
    marks = {start: "起算"}
    if deadline.on is not None:
        marks = {deadline.on: "期限", **marks}
    late: tuple[DayCount, ...] = ()
    left = end = None
    if deadline.on is None:
        text = f"{deadline.remaining} {UNITS[deadline.limit.unit]}" if deadline.remaining is not None else ""
        goes_on = "，恢复的次日接着算" if text else ""  # what begins anew has nothing left to go on with
        face = Clock(deadline.sentence, f"中止期间不计时{goes_on}。", "plain", short=f"中止，剩 {text}" if text else "中止计时")
    elif done is not None:
        end = at_the_end(deadline.at or deadline.on, done, calendar)
        face = Clock(deadline.sentence, end.sentence, "warn" if end.late else "ok")
    elif now is None:
        face = Clock(deadline.sentence, "", "plain")
    else:
        left = _left(deadline, calendar, now)
        if left.late and deadline.at is None:
            late = left.days[1:]
        face = Clock(deadline.sentence, left.sentence, _colour(left, 24 if deadline.at else soon), left.n, left.short)
    if now is not None:
        marks.setdefault(_day(now), "今天")
    unit = "日" if deadline.limit.unit in ("days", "months") else "个工作日"
    days = tuple(_squares((*deadline.days, *late), marks, shown, due=deadline.on, unit=unit))
    notices = () if deadline.limit.unit == "hours" else _notices((*deadline.days, *late), calendar)
    provisional = deadline.provisional or (left is not None and left.provisional)
    return replace(face, days=days, notices=notices, provisional=provisional)


def clock_of(obligation: Any, now: datetime | None = None, *, soon: int = 5, shown: int = SHOWN) -> Clock:
    """The clock of an obligation now. No query where `jurisdiction` is joined and `clock_events` with their approvers are prefetched."""
    now = timezone.localtime(now)
    if obligation.waived_at or (obligation.replaced_on and not obligation.fulfilled_on):
        due = f"期限 {obligation.due_on}" if obligation.due_on else f"时限：{obligation.standing or '长期'}"
        why = "已经免除" if obligation.waived_at else "不再办理"
        return Clock(f"{due}，{why}，不再计时。", "", "plain")
    calendar = calendar_of(obligation.jurisdiction.code)
    deadline = None
    with suppress(ClockError):  # a notice made the events impossible (recomputing.Recount.refused): the stored date stands
        deadline = deadline_of(obligation, now)
    if deadline is not None:
        done = obligation.fulfilled_at or obligation.fulfilled_on
        return limit_clock(deadline, calendar, now, done=done, soon=soon, shown=shown)
    seen = clock(
        obligation.due_on,
        now.date(),
        done=obligation.fulfilled_on,
        standing=obligation.standing,
        soon=soon,
        shown=shown,
        calendar=calendar,
    )
    if obligation.provisional and not obligation.fulfilled_on:
        return replace(seen, detail=f"{seen.detail}期限本身也是暂定的，放假安排公布后重新计算。", provisional=True)
    return seen


def _left(deadline: Deadline, calendar: Calendar, now: datetime) -> Remaining:
    if deadline.at is not None:
        return until_moment(deadline.at, now)
    assert deadline.on is not None
    return until_day(deadline.on, _day(now), calendar)


def _day(now: datetime) -> date:
    return timezone.localdate(now) if timezone.is_aware(now) else now.date()


def _colour(left: Remaining, soon: int) -> str:
    return "late" if left.late else "warn" if left.n <= soon else "plain"


def _squares(days: Sequence[DayCount], marks: dict[date, str], shown: int, *, due: date | None, unit: str) -> Iterator[Day]:
    """`marks`: days that keep their square in a long span, with the word spoken first."""
    hidden: set[date] = set()
    if len(days) > shown + FEW:
        hidden = {day.date for day in days[shown // 2 : -shown // 2]} - marks.keys()
    counted, gap, month = 0, 0, 0
    for n, day in enumerate(days):
        after = due is not None and day.date > due
        if after and days[n - 1].date == due:
            counted = 0
        counted += day.counted
        if day.date in hidden:
            gap += 1
            if n + 1 == len(days) or days[n + 1].date not in hidden:
                yield Day(day.date, "gap", f"…… 中间 {gap} 天 ……", "")
                gap = 0
            continue
        late = after and day.kind != "rolled"
        spoken = f"{day.why}，{'逾期' if late else ''}第 {counted} {unit}" if _numbered(day) else day.why
        if day.kind in ("rest", "off"):
            spoken += "，不计"
        word = marks.get(day.date, "")
        spoken = f"{word}，{spoken}" if word and not day.why.startswith(word) else spoken
        yield Day(
            day.date,
            _css(day, late, word),
            _label(day, counted, word),
            f"周{WEEKDAYS[day.date.weekday()]} {spoken}",
            day.date.month != month,
        )
        month = day.date.month


def _numbered(day: DayCount) -> bool:
    return day.counted and day.kind != "hours"


def _css(day: DayCount, late: bool, word: str) -> str:
    if word == "期限":
        return "due"
    if word == "今天" and day.kind == "start":
        return "today"
    kind = "past" if late and day.counted else "made" if day.kind == "made" else "counted" if day.counted else "off"
    return f"{kind} today" if word == "今天" else kind


def _label(day: DayCount, counted: int, word: str) -> str:
    if _numbered(day):
        return str(counted)
    return "期" if word == "期限" else MARKS.get(day.kind) or word[:1]


def _notices(days: Sequence[DayCount], calendar: Calendar) -> tuple[str, ...]:
    """The notices a span rests on. That a year has none yet is in the sentence of the clock."""
    return tuple(f"日历依据：{notice}。" for notice in calendar.citations(days[0].date, days[-1].date)) if days else ()
