"""How much is left until a day or a moment, or how late it is: the wording of a duty whose due day is given, however it came about.

What is counted are the working days after the earlier of the two days, the later one included, so that a duty due tomorrow has one day
left and one that was due yesterday is one day late. Moments are counted in full hours, nights and holidays included.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from gongkai.clocks.calendar import Calendar
from gongkai.clocks.explain import by_the_calendar, holidays_of, not_announced
from gongkai.clocks.model import DayCount
from gongkai.clocks.receipt import beijing, day_of

WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class Remaining:
    """`n`: units left, negative when late; full hours for a moment, working days otherwise. `late`: past, whatever `n` is.

    `sentence` gives both days and the number, `rule` how it was counted, `short` fits a chip. `days` run from the earlier day to the later.
    """

    n: int
    late: bool
    sentence: str
    short: str
    rule: str = ""
    provisional: bool = False
    days: tuple[DayCount, ...] = ()


def until_day(due: date, today: date, calendar: Calendar, *, explain: bool = True) -> Remaining:
    """What is left of a duty due on `due`, seen on `today`. Without `explain` the days and the rule are left out."""
    n = calendar.between(today, due)
    if today == due:
        return Remaining(0, False, f"今天 {today}（周{WEEKDAYS[today.weekday()]}）就是期限。", "今天到期")
    late = today > due
    first, last = (due, today) if late else (today, due)
    provisional = calendar.is_provisional(first + timedelta(1), last)
    if late:
        sentence = f"期限 {due}，今天 {today}，" + (f"已逾期 {-n} 个工作日。" if n else "已过期限，其后还没有工作日。")
        short = f"逾期 {-n} 个工作日" if n else "刚过期限"
    else:
        sentence = f"今天 {today}，期限 {due}，" + (f"还剩 {n} 个工作日。" if n else "期限前已没有工作日。")
        short = f"还剩 {n} 个工作日" if n else "期限前无工作日"
    if not explain:
        return Remaining(n, late, sentence, short, provisional=provisional)
    days = tuple(_day(first + timedelta(k), first, calendar, late) for k in range((last - first).days + 1))
    parts = ["期限当天不计" if late else "今天不计，期限当天计入", *holidays_of(days, first.year)]
    rule = f"{'，'.join(parts)}。" + not_announced(calendar, first + timedelta(1), last)
    return Remaining(n, late, sentence, short, rule, provisional, days)


def _day(day: date, first: date, calendar: Calendar, late: bool) -> DayCount:
    if day == first:
        return DayCount(day, False, "期限，当天不计" if late else "今天，不计", "start")
    return by_the_calendar(day, calendar)


def until_moment(due: datetime, now: datetime) -> Remaining:
    """What is left of a duty due at a moment (both in Beijing wall-clock time, or with a zone), in full hours."""
    end, seen = beijing(due), beijing(now)
    late = seen > end
    hours = int((seen - end if late else end - seen) // timedelta(hours=1))
    amount = f" {hours} 小时" if hours else "不到 1 小时"
    words = f"{'逾期' if late else '还剩'}{amount}"
    sentence = f"期限 {end:%Y-%m-%d %H:%M}，现在 {seen:%Y-%m-%d %H:%M}，{'已' if late else ''}{words}。"
    return Remaining(-hours if late else hours, late, sentence, words, "连续计算，不除夜间和节假日。")


def at_the_end(due: date | datetime, done: date | datetime, calendar: Calendar) -> Remaining:
    """How long before or after its due day (or moment, when both are moments) a duty was done."""
    if isinstance(due, datetime) and isinstance(done, datetime):
        end, when = beijing(due), beijing(done)
        late = when > end
        hours = int((when - end if late else end - when) // timedelta(hours=1))
        words = ("逾期" if late else "提前") + (f" {hours} 小时" if hours else "不到 1 小时")
        return Remaining(-hours if late else hours, late, f"期限 {end:%Y-%m-%d %H:%M}，{when:%Y-%m-%d %H:%M} 完成，{words}。", words)
    last, day = day_of(due), day_of(done)
    n = calendar.between(day, last)
    late = day > last
    word = "逾期" if late else "提前"
    words = "当天完成" if day == last else f"{word} {abs(n)} 个工作日" if n else f"{word}不满 1 个工作日"
    return Remaining(n, late, f"期限 {last}，{day} 完成，{words}。", words)
