"""The days behind a due day, and the sentence a person can check: which days were off, worked, suspended, and where the year is not
announced.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from gongkai.clocks.calendar import Calendar
from gongkai.clocks.events import Event
from gongkai.clocks.limits import UNITS, Limit
from gongkai.clocks.model import STATES, DayCount, Deadline, Run

WEEKDAYS = "一二三四五六日"


def days_of(current: Run, limit: Limit, calendar: Calendar) -> list[DayCount]:
    """From the last start to the due day, or to the suspension while it is open; for `before`, from the due day to the anchor."""
    pause = current.open_pause
    end = current.due or (pause.on if pause else current.begin.on)
    first, last = min(current.begin.on, end), max(current.begin.on, end)
    days = [first + timedelta(n) for n in range((last - first).days + 1)]
    if limit.unit == "hours":
        return [DayCount(day, not _paused(day, current), _hour_words(day, current)) for day in days]
    return [_judged(day, current, limit, calendar) for day in days]


def _hour_words(day: date, current: Run) -> str:
    reason = _paused(day, current)
    return f"中止期间不计入：{reason}" if reason else "连续计算，不除节假日"


def _judged(day: date, current: Run, limit: Limit, calendar: Calendar) -> DayCount:
    begin = current.begin
    if day == begin.on:
        return DayCount(day, False, "重新起算，当日不计入" if begin.kind == "restart" else "起算当日不计入")
    if limit.kind == "before":
        if limit.unit != "working_days":
            return DayCount(day, True, "日历日")
        return DayCount(day, calendar.is_working_day(day), calendar.why(day))
    if reason := _paused(day, current):
        return DayCount(day, False, f"中止期间不计入：{reason}")
    if limit.unit == "working_days":
        return DayCount(day, calendar.is_working_day(day), calendar.why(day))
    if current.rolled is not None and day >= current.rolled:
        if day == current.rolled:
            return DayCount(day, True, f"期限最后一日是{calendar.why(day)}，顺延")
        return DayCount(day, False, "顺延到的工作日" if day == current.due else f"顺延：{calendar.why(day)}")
    return DayCount(day, True, "日历日")


def _paused(day: date, current: Run) -> str:
    """The reason of the suspension a day lies in, else nothing. A suspension after the due day stops nothing."""
    for begin, end in current.pauses:
        if (current.due is None or begin.on <= current.due) and begin.on < day and (end is None or day <= end.on):
            return begin.reason
    return ""


def spans(days: Iterable[date], year: int) -> str:
    """02-15至02-23、03-08; days of another year carry it."""
    runs: list[list[date]] = []
    for day in days:
        if runs and day - runs[-1][1] == timedelta(1):
            runs[-1][1] = day
        else:
            runs.append([day, day])
    return "、".join(_short(a, year) if a == b else f"{_short(a, year)}至{_short(b, year)}" for a, b in runs)


def _short(day: date, year: int) -> str:
    return f"{day:%m-%d}" if day.year == year else day.isoformat()


def sentence_of(current: Run, limit: Limit, calendar: Calendar, deadline: Deadline, days: Sequence[DayCount]) -> str:
    """自2026-02-10起20个工作日，当日不计入，02-15至02-23放假，02-14、02-28调休上班，2026-03-16到期。"""
    begin = current.begin
    parts = [_opening(begin, limit)]
    if limit.unit != "hours":
        parts[0] += "，当日不计入"
    if limit.unit == "working_days":
        year = begin.on.year
        off = [day.date for day in days if day.why in ("放假日", "本地放假日", "法定假日（暂定）")]
        worked = [day.date for day in days if day.why in ("调休上班", "本地调休上班")]
        if off:
            parts.append(f"{spans(off, year)}放假")
        if worked:
            parts.append(f"{spans(worked, year)}调休上班")
    parts += [_pause_words(pause, end, begin.on.year) for pause, end in current.pauses]
    parts += [f"{event.on}经{event.by}批准延长{event.n}{UNITS[limit.unit]}（{event.reason}）" for event in current.extensions]
    parts.append(_ending(current, limit, deadline, calendar))
    text = "，".join(part for part in parts if part) + "。"
    if deadline.provisional:
        last = max(day.date for day in days)
        missing = [str(year) for year in range(begin.on.year, last.year + 1) if year not in calendar.years]
        text += f"{'、'.join(missing)}年的放假安排还没有公布，按周一至周五和法定节假日推算，暂定，公布后重新计算。"
    return text


def _opening(begin: Event, limit: Limit) -> str:
    when = f"{begin.at:%Y-%m-%d %H:%M}" if limit.unit == "hours" and begin.at else begin.on.isoformat()
    again = "重新" if begin.kind == "restart" else ""
    if limit.kind == "before":
        return f"{when}之前{limit.words}"
    return f"自{when}{again}起{'不少于' if limit.kind == 'at_least' else ''}{limit.words}"


def _pause_words(begin: Event, end: Event | None, year: int) -> str:
    if end is None:
        return f"{_short(begin.on, year)}起中止（{begin.reason}）"
    if end.on == begin.on:
        return ""
    return f"{spans([begin.on + timedelta(n) for n in range(1, (end.on - begin.on).days + 1)], year)}中止不计入（{begin.reason}）"


def _ending(current: Run, limit: Limit, deadline: Deadline, calendar: Calendar) -> str:
    if current.due is None:
        left = f"，剩余{deadline.remaining}{UNITS[limit.unit]}" if deadline.remaining is not None else ""
        ending = f"期限待恢复后计算{left}"
    elif current.due_at is not None:
        ending = f"{current.due_at:%Y-%m-%d %H:%M}到期"
    else:
        rolled = f"最后一日{current.rolled}是{calendar.why(current.rolled)}，顺延，" if current.rolled else ""
        verb = "之后届满" if limit.kind == "at_least" else "到期"
        ending = f"{rolled}{current.due}{verb}"
    if current.end is not None:
        when: date | datetime = current.end.at or current.end.on
        shown = f"{when:%Y-%m-%d %H:%M}" if isinstance(when, datetime) and limit.unit == "hours" else current.end.on.isoformat()
        ending += f"，{shown}{STATES[deadline.state]}"
    return ending
