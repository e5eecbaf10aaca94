"""The clock: events, a limit and a calendar in; due, remaining, state and the days behind them out. Pure: the same in gives the same out.

起算: the day of the event is not counted (民法典第二百零一条; 最高人民法院关于适用行政诉讼法的解释第四十八条).
顺延: a limit in days or months that ends on a day off ends on the next working day (民法典第二百零三条).
按月: the corresponding day of the last month, or that month's last day (民法典第二百零二条).
中止: days after the suspension up to and including the resumption do not count (条例第三十三条).
按小时: wall clock, nights and holidays included.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from gongkai.clocks.calendar import Calendar
from gongkai.clocks.errors import ClockError
from gongkai.clocks.events import KINDS, Event, checked
from gongkai.clocks.explain import days_of, sentence_of
from gongkai.clocks.limits import Limit
from gongkai.clocks.model import Deadline, Run
from gongkai.clocks.receipt import beijing, day_of


def add_months(day: date, n: int) -> date:
    """The corresponding day n months on, or the last day of a shorter month (民法典第二百零二条)."""
    year, month = divmod(day.year * 12 + day.month - 1 + n, 12)
    if not 1 <= year <= 9999:
        raise OverflowError("date value out of range")
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def run(
    events: Sequence[Event], limit: Limit, calendar: Calendar, today: date | datetime | None = None, *, explain: bool = True
) -> Deadline:
    """Applies the events in order. `today`: the day (for hours the moment) from which it is seen; without it no remaining and no overdue.

    Raises ClockError for events that cannot be (checked), an extension after the due day, and times beyond the calendar.
    """
    try:
        current = _follow(checked(events, limit), limit, calendar)
        last = current.due or current.open_pause.on if current.open_pause else current.due
        begin = current.begin.on
        provisional = limit.unit != "hours" and last is not None and _provisional(calendar, begin, last, current.rolled)
        state = _state(current, today)
        deadline = Deadline(
            current.due, current.due_at, _remaining(current, limit, calendar, today), state, provisional, calendar.version, limit
        )
        if not explain:
            return deadline
        days = days_of(current, limit, calendar)
        sentence = sentence_of(current, limit, calendar, deadline, days)
    except OverflowError:
        raise ClockError(f"自 {events[0].on} 起 {limit.words}，超出了日历能表示的范围。") from None
    return Deadline(deadline.on, deadline.at, deadline.remaining, state, provisional, deadline.calendar, limit, tuple(days), sentence)


def due(
    start: date | datetime, limit: Limit, calendar: Calendar, today: date | datetime | None = None, *, explain: bool = True
) -> Deadline:
    """The clock of a single start."""
    at = beijing(start) if isinstance(start, datetime) else None
    return run([Event("start", day_of(start), at)], limit, calendar, today, explain=explain)


def _follow(events: Sequence[Event], limit: Limit, calendar: Calendar) -> Run:
    current = Run(events[0])
    _settle(current, limit, calendar)
    for event in events[1:]:
        if event.kind == "restart":
            current = Run(event)
        elif event.kind == "suspend":
            current.pauses.append((event, None))
        elif event.kind == "resume":
            current.pauses[-1] = (current.pauses[-1][0], event)
        elif event.kind in ("extend", "delay"):
            if current.due is not None and (event.on > current.due or (current.due_at and event.at and event.at > current.due_at)):
                word = KINDS[event.kind]
                raise ClockError(f"期限已于 {current.due} 届满，{event.on} 不能再{word}；{word}要在届满之前决定。")
            current.extensions.append(event)
        elif event.kind == "stop":
            current.end = event
        _settle(current, limit, calendar)
    return current


def _settle(current: Run, limit: Limit, calendar: Calendar) -> None:
    """Sets the due day of the run from its pauses and extensions; None while a suspension that began in time is open."""
    n = limit.n + current.added
    current.rolled = None
    if limit.unit == "hours":
        _settle_hours(current, n)
        return
    if limit.kind == "before":
        current.due = calendar.add(current.begin.on, -n).on if limit.unit == "working_days" else _shift(current.begin.on, -n, limit.unit)
        return
    current.due = _count_on(current, n, limit, calendar)
    if current.due is not None and limit.unit != "working_days" and limit.roll and n:
        rolled = calendar.roll(current.due)
        if rolled != current.due:
            current.rolled, current.due = current.due, rolled


def _count_on(current: Run, n: int, limit: Limit, calendar: Calendar) -> date | None:
    """The last day before rolling. Each closed pause carries the rest of the limit over to its end."""
    if limit.unit == "months":
        last = add_months(current.begin.on, n)
        for begin, end in current.pauses:
            if begin.on > last:
                continue
            if end is None:
                return None
            last += end.on - begin.on
        return last
    anchor, left = current.begin.on, n
    for begin, end in current.pauses:
        used = calendar.between(anchor, begin.on) if limit.unit == "working_days" else (begin.on - anchor).days
        if used > left:  # too late to stop a limit that had run out
            continue
        if end is None:
            return None
        anchor, left = end.on, left - used
    if limit.unit == "working_days":
        return calendar.add(anchor, left).on
    return anchor + timedelta(left)


def _settle_hours(current: Run, n: int) -> None:
    assert current.begin.at is not None
    last = current.begin.at + timedelta(hours=n)
    current.due, current.due_at = None, None
    for begin, end in current.pauses:
        assert begin.at is not None
        if begin.at > last:
            continue
        if end is None:
            return
        assert end.at is not None
        last += end.at - begin.at
    current.due, current.due_at = last.date(), last


def _shift(day: date, n: int, unit: str) -> date:
    return add_months(day, n) if unit == "months" else day + timedelta(n)


def _provisional(calendar: Calendar, begin: date, last: date, rolled: date | None) -> bool:
    first, final = min(begin, last), max(begin, last, rolled or last)
    return first != final and calendar.is_provisional(first + timedelta(1), final)


def _state(current: Run, today: date | datetime | None) -> str:
    if current.end is not None:
        if current.due is None:
            return "met"
        late = current.end.at > current.due_at if current.due_at and current.end.at else current.end.on > current.due
        return "met_late" if late else "met"
    if today is not None:
        if day_of(today) < current.begin.on:
            return "not_started"
        if current.due is not None and _past(current, today):
            return "overdue"
    return "suspended" if current.open_pause is not None and current.due is None else "running"


def _past(current: Run, today: date | datetime) -> bool:
    assert current.due is not None
    if current.due_at is not None and isinstance(today, datetime):
        return beijing(today) > current.due_at
    return day_of(today) > current.due


def _remaining(current: Run, limit: Limit, calendar: Calendar, today: date | datetime | None) -> int | None:
    """Units left. While suspended, what was left when it began; None where it begins anew."""
    if today is None or current.end is not None:
        return None
    pause = current.open_pause
    if current.due is None and pause is not None:
        if limit.begins_anew_after(pause.reason):
            return None
        seen = Run(current.begin, current.pauses[:-1], current.extensions)
        _settle(seen, limit, calendar)
        return _between(pause.at or pause.on, seen, limit, calendar)
    return _between(today, current, limit, calendar)


def _between(now: date | datetime, seen: Run, limit: Limit, calendar: Calendar) -> int:
    assert seen.due is not None
    if limit.unit == "hours" and seen.due_at is not None:
        moment = beijing(now) if isinstance(now, datetime) else datetime(now.year, now.month, now.day)
        return int((seen.due_at - moment) // timedelta(hours=1))
    day = max(day_of(now), seen.begin.on)
    if limit.unit == "working_days":
        return calendar.between(day, seen.due)
    return (seen.due - day).days
