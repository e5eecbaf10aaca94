"""The days behind a due day, and the sentence a person can check: which days were off, worked, suspended, and where the year is not
announced.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache

from gongkai.clocks.calendar import Calendar
from gongkai.clocks.events import Event
from gongkai.clocks.limits import UNITS, Limit
from gongkai.clocks.model import STATES, DayCount, Deadline, Run


def days_of(current: Run, limit: Limit, calendar: Calendar) -> list[DayCount]:
    """From the last start to the due day, or to the suspension while it is open; for `before`, from the due day to the anchor."""
    pause = current.open_pause
    end = current.due or (pause.on if pause else current.begin.on)
    first, last = min(current.begin.on, end), max(current.begin.on, end)
    days = [first + timedelta(n) for n in range((last - first).days + 1)]
    if limit.unit == "hours":
        return [_by_the_hour(day, current) for day in days]
    return [_judged(day, current, limit, calendar) for day in days]


def _by_the_hour(day: date, current: Run) -> DayCount:
    if reason := _paused(day, current):
        return DayCount(day, False, f"中止期间不计入：{reason}", "paused")
    return DayCount(day, True, "连续计算，不除节假日", "hours")


@lru_cache(maxsize=20_000)
def by_the_calendar(day: date, calendar: Calendar) -> DayCount:
    """A page of overdue duties counts the same few hundred days again and again, so what the calendar says of one is kept."""
    return DayCount(day, calendar.is_working_day(day), calendar.why(day), calendar.kind(day))


def _judged(day: date, current: Run, limit: Limit, calendar: Calendar) -> DayCount:
    begin = current.begin
    if day == begin.on:
        return DayCount(day, False, "重新起算，当日不计入" if begin.kind == "restart" else "起算当日不计入", "start")
    if limit.kind == "before":
        return by_the_calendar(day, calendar) if limit.unit == "working_days" else DayCount(day, True, "日历日", "plain")
    if reason := _paused(day, current):
        return DayCount(day, False, f"中止期间不计入：{reason}", "paused")
    if limit.unit == "working_days":
        return by_the_calendar(day, calendar)
    if current.rolled is not None and day >= current.rolled:
        if day == current.rolled:
            return DayCount(day, True, f"期限最后一日是{calendar.why(day)}，顺延", "plain")
        return DayCount(day, False, "顺延到的工作日" if day == current.due else f"顺延：{calendar.why(day)}", "rolled")
    return DayCount(day, True, "日历日", "plain")


def _paused(day: date, current: Run) -> str:
    """The reason of the suspension a day lies in, else nothing. A suspension after the due day stops nothing."""
    for begin, end in current.pauses:
        if (current.due is None or begin.on <= current.due) and begin.on < day and (end is None or day <= end.on):
            return begin.reason
    return ""


def spans(days: Iterable[date], year: int) -> str:
    """02-15 至 02-23、03-08; days of another year carry it."""
    runs: list[list[date]] = []
    for day in days:
        if runs and day - runs[-1][1] == timedelta(1):
            runs[-1][1] = day
        else:
            runs.append([day, day])
    return "、".join(_short(a, year) if a == b else f"{_short(a, year)} 至 {_short(b, year)}" for a, b in runs)


def _short(day: date, year: int) -> str:
    return f"{day:%m-%d}" if day.year == year else day.isoformat()


def holidays_of(days: Sequence[DayCount], year: int) -> list[str]:
    """02-15 至 02-23 放假; 02-14、02-28 上班: what a count over these days has to say beyond the week."""
    parts = []
    for kind, words in (("off", "放假"), ("made", "上班")):
        if found := [day.date for day in days if day.kind == kind]:
            parts.append(f"{spans(found, year)} {words}")
    return parts


def not_announced(calendar: Calendar, first: date, last: date) -> str:
    """The sentence for years without a notice; empty when all have one."""
    years = "、".join(map(str, calendar.unannounced(first, last)))
    return f"{years} 年的放假安排还没有公布，按周一至周五和法定节假日推算，暂定，公布后重新计算。" if years else ""


def sentence_of(current: Run, limit: Limit, calendar: Calendar, deadline: Deadline, days: Sequence[DayCount]) -> str:
    """自 2026-02-10 起 20 个工作日，当日不计，02-15 至 02-23 放假，02-14、02-28 上班：期限 2026-03-16。"""
    begin = current.begin
    parts = [_opening(begin, limit)]
    if limit.unit != "hours":
        parts.append("当日不计")
    if limit.unit == "working_days":
        parts += holidays_of(days, begin.on.year)
    parts += [_pause_words(pause, end, begin.on.year) for pause, end in current.pauses]
    parts += [_extension_words(event, limit) for event in current.extensions]
    text = f"{'，'.join(part for part in parts if part)}：{_ending(current, limit, deadline, calendar)}。"
    if deadline.provisional:
        text += not_announced(calendar, days[0].date, days[-1].date)
    return text


def _extension_words(event: Event, limit: Limit) -> str:
    granted = "确定延迟" if event.kind == "delay" else f"经{event.by}批准延长"
    return f"{event.on} {granted} {event.n} {UNITS[limit.unit]}（{event.reason}）"


def _opening(begin: Event, limit: Limit) -> str:
    when = f"{begin.at:%Y-%m-%d %H:%M}" if limit.unit == "hours" and begin.at else begin.on.isoformat()
    again = "重新" if begin.kind == "restart" else ""
    if limit.kind == "before":
        return f"{when} 之前 {limit.words}"
    return f"自 {when} {again}起{'不少于' if limit.kind == 'at_least' else ''} {limit.words}"


def _pause_words(begin: Event, end: Event | None, year: int) -> str:
    if end is None:
        return f"{_short(begin.on, year)} 起中止（{begin.reason}）"
    if end.on == begin.on:
        return ""
    paused = spans([begin.on + timedelta(n) for n in range(1, (end.on - begin.on).days + 1)], year)
    return f"{paused} 中止不计（{begin.reason}）"


def _ending(current: Run, limit: Limit, deadline: Deadline, calendar: Calendar) -> str:
    if current.due is None:
        pause = current.open_pause
        left = f"，剩余 {deadline.remaining} {UNITS[limit.unit]}" if deadline.remaining is not None else ""
        anew = pause is not None and limit.begins_anew_after(pause.reason)
        ending = f"等到以后，自次日起重新计算 {limit.words}" if anew else f"期限待恢复后计算{left}"
    elif current.due_at is not None:
        ending = f"期限 {current.due_at:%Y-%m-%d %H:%M}"
    elif limit.kind == "at_least":
        ending = f"{current.due} 之后届满"
    else:
        ending = f"期限 {current.due}"
        if current.rolled:
            ending = f"最后一日 {current.rolled} 是{calendar.why(current.rolled)}，顺延，{ending}"
    if current.end is not None:
        when: date | datetime = current.end.at or current.end.on
        shown = f"{when:%Y-%m-%d %H:%M}" if isinstance(when, datetime) and limit.unit == "hours" else current.end.on.isoformat()
        ending += f"，{shown} {STATES[deadline.state]}"
    return ending
