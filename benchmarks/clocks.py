"""Twenty working days on: ours beside `holidays`, `chinesecalendar` and `numpy.busday_offset`, each with how often it is right.

Right is what stepping day by day over the table of `holidays` gives, for received days from 2004 to 2025; only the speed is ours to win.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

N = 20
FIRST, LAST = date(2004, 1, 1), date(2025, 12, 31)
MANY = 10_000_000
ROUNDS = 5


def sample(size: int) -> list[date]:
    pick = random.Random(20)
    span = (LAST - FIRST).days
    return [FIRST + timedelta(pick.randint(0, span)) for _ in range(size)]


def reference() -> dict[date, date]:
    """Received day → the 20th working day after it, by stepping over the table of `holidays`."""
    import holidays

    table = holidays.country_holidays("CN", years=range(2003, 2027))
    works = {day: table.is_working_day(day) for day in (FIRST + timedelta(n) for n in range((date(2026, 12, 31) - FIRST).days + 1))}
    answers = {}
    for start in (FIRST + timedelta(n) for n in range((LAST - FIRST).days + 1)):
        day, left = start, N
        while left:
            day += timedelta(1)
            left -= works[day]
        answers[start] = day
    return answers


def rate(add: Callable[[date], Any], days: list[date]) -> float:
    """Answers a second of this process on one core: the best of several rounds, as what else the machine does only slows it."""
    best = float("inf")
    for _ in range(ROUNDS):
        begin = time.process_time()
        for day in days:
            add(day)
        best = min(best, time.process_time() - begin)
    return len(days) / best


def share(add: Callable[[date], date | None], right: dict[date, date], days: list[date]) -> float:
    return sum(add(day) == right[day] for day in days) / len(days)


def peers() -> dict[str, Callable[[date], date]]:
    import chinese_calendar
    import holidays
    import numpy

    from gongkai.clocks.calendar import current

    table = holidays.country_holidays("CN", years=range(2003, 2028))
    calendar = current()
    all_days = [date(2003, 1, 1) + timedelta(n) for n in range(365 * 25)]
    off = numpy.array([d for d in all_days if d.weekday() < 5 and d in table], dtype="datetime64[D]")
    rest = numpy.array([d for d in all_days if not calendar.is_working_day(d)], dtype="datetime64[D]")
    usual = numpy.busdaycalendar(holidays=off)
    complete = numpy.busdaycalendar(weekmask="1111111", holidays=rest)

    def chinesecalendar(day: date) -> date:
        return chinese_calendar.find_workday(N - 1, day + timedelta(1))  # it counts the first workday as 0

    def busday(day: date, rules: Any = usual) -> date:
        return numpy.busday_offset(numpy.datetime64(day), N, roll="preceding", busdaycal=rules).item()

    return {
        "holidays": lambda day: table.get_nth_working_day(day, N),
        "chinesecalendar": chinesecalendar,
        "numpy.busday_offset, Monday to Friday": busday,
        "numpy.busday_offset, our days": lambda day: busday(day, complete),
    }


def vectorised() -> tuple[float, float]:
    """Answers a second of ours and of numpy.busday_offset with every rest day, over ten million days."""
    import numpy

    from gongkai.clocks.calendar import current
    from gongkai.clocks.fast import FastCalendar

    calendar = current()
    fast = FastCalendar(calendar)
    low, high = (numpy.datetime64(day, "D").astype(int) for day in (FIRST, LAST))
    days = numpy.random.default_rng(20).integers(low, high, MANY).astype("datetime64[D]")
    fast.add(days[:1000], N)
    best = float("inf")
    for _ in range(ROUNDS):
        begin = time.process_time()
        ours, _ = fast.add(days, N)
        best = min(best, time.process_time() - begin)
    rest = [d for d in (date(2003, 1, 1) + timedelta(n) for n in range(365 * 25)) if not calendar.is_working_day(d)]
    rules = numpy.busdaycalendar(weekmask="1111111", holidays=numpy.array(rest, dtype="datetime64[D]"))
    some = days[:1_000_000]
    begin = time.process_time()
    theirs = numpy.busday_offset(some, N, roll="preceding", busdaycal=rules)
    peer = time.process_time() - begin
    if not (theirs == ours[: len(some)]).all():
        raise SystemExit("the vectorised sums differ from numpy.busday_offset")
    return MANY / best, len(some) / peer


def run() -> dict[str, str]:
    """Prints as it goes; the figures for the row."""
    from gongkai.clocks.calendar import add_working_days

    right = reference()
    days = sample(200_000)
    ours = rate(lambda day: add_working_days(day, N), days)
    correct = share(lambda day: add_working_days(day, N).on, right, days)
    print(f"clocks     add 20 working days: {ours / 1e6:.2f} million a second, {correct:.2%} right (limit: 1 million)")
    best = 0.0
    for name, add in peers().items():
        few = days[:2000]
        theirs = rate(add, few)
        best = max(best, theirs)
        print(f"peer       {name}: {theirs:,.0f} a second, {share(add, right, few):.2%} right; ours is {ours / theirs:.0f} times as fast")
    many, numpy_many = vectorised()
    print(f"vectorised {many / 1e6:.1f} million a second (limit: 10 million); numpy.busday_offset {numpy_many / 1e6:.1f} million")
    return {
        "20 working days M/s": f"{ours / 1e6:.2f}",
        "× best peer": f"{ours / best:.0f}",
        "vectorised M/s": f"{many / 1e6:.0f}",
        "× numpy.busday_offset": f"{many / numpy_many:.1f}",
    }


if __name__ == "__main__":
    run()
