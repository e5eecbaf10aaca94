"""A time limit as a sentence a person can check, with the days behind it. Counting is left to gongkai.clocks; this only words it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from gongkai.clocks.calendar import announced, is_working_day, working_days_between

SHOWN = 36  # days shown in full; a longer span shows its two ends
WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class Day:
    """One square of the row of days. `kind`: counted, off, made (weekend worked), due, today, past (after the limit), gap."""

    on: date
    kind: str
    label: str
    why: str
    opens_month: bool = False


@dataclass(frozen=True, slots=True)
class Clock:
    """`css`: colour of the notice (ok, warn, late, plain). `provisional`: the span touches a year whose holidays are not announced yet."""

    sentence: str
    detail: str
    css: str
    left: int | None
    days: tuple[Day, ...] = ()
    notices: tuple[str, ...] = ()
    provisional: bool = False

    @property
    def short(self) -> str:
        """For a state chip: 逾期 3 个工作日, 还剩 2 个工作日, 今天到期; empty when nothing runs."""
        if self.left is None:
            return ""
        if self.css == "late":
            return f"逾期 {-self.left} 个工作日" if self.left else "刚过期限"
        return f"还剩 {self.left} 个工作日" if self.left else "今天到期" if not self.days else "期限前无工作日"


def clock(due: date | None, today: date, *, done: date | None = None, standing: str = "", soon: int = 5, shown: int = SHOWN) -> Clock:
    """The clock of a duty due on `due`, seen on `today`. Counted: the working days after the earlier day, the later one included."""
    if due is None:
        rest = f"{done} 完成。" if done else "没有确定的截止日期，不计算倒计时。"
        return Clock(f"时限：{standing or '长期'}。", rest, "plain", None)
    if done is not None:
        n = working_days_between(due, done)
        words = "逾期" if done > due else "提前"
        rest = "当天完成。" if done == due else f"{words} {abs(n)} 个工作日。" if n else f"{words}不满 1 个工作日。"
        return Clock(f"期限 {due}，{done} 完成，{rest}", "", "warn" if done > due else "ok", None)
    n = working_days_between(today, due)
    days = tuple(_days(today, due, shown))
    notices, provisional = _notices(today, due)
    if today == due:
        return Clock(f"今天 {today}（周{WEEKDAYS[today.weekday()]}）就是期限。", "", "warn", 0)
    if today > due:
        late = f"已逾期 {-n} 个工作日。" if n else "已过期限，其后还没有工作日。"
        return Clock(f"期限 {due}，今天 {today}，{late}", "期限当天不计。", "late", n, days, notices, provisional)
    left = f"还剩 {n} 个工作日。" if n else "期限前已没有工作日。"
    rule = "今天不计，期限当天计入。" + ("其间有尚未公布的放假安排，天数暂定。" if provisional else "")
    css = "warn" if n <= soon else "plain"
    return Clock(f"今天 {today}，期限 {due}，{left}", rule, css, n, days, notices, provisional)


def _days(today: date, due: date, shown: int) -> Iterator[Day]:
    first, last = sorted((today, due))
    span = [first + timedelta(n) for n in range((last - first).days + 1)]
    hidden = set(span[shown // 2 : -shown // 2]) if len(span) > shown else set()
    count, shown_month, gap = 0, 0, False
    for day in span:
        works = is_working_day(day)
        count += works and day != first
        if day in hidden:
            if not gap:
                yield Day(day, "gap", f"…… 中间 {len(hidden)} 天 ……", "")
            gap = True
            continue
        kind, label, why = _describe(day, works, count, today=today, due=due)
        yield Day(day, kind, label, f"周{WEEKDAYS[day.weekday()]} {why}", opens_month=day.month != shown_month)
        shown_month = day.month


def _describe(day: date, works: bool, count: int, *, today: date, due: date) -> tuple[str, str, str]:
    """Kind, short label and reason of one day."""
    if day == due and due < today:
        return "due", "期", "期限，当天不计"
    if day == today and today < due:
        return "today", "今", "今天，不计"
    if day == due:
        return "due", str(count) if works else "期", f"期限，第 {count} 个工作日" if works else "期限，不是工作日"
    if not works:
        holiday = day.weekday() < 5 or _in_holiday(day)
        kind = "off today" if day == today else "off"
        return kind, "假" if holiday else "休", "放假，不计" if holiday else "周末，不计"
    if today > due:
        return ("today" if day == today else "past"), str(count), f"逾期第 {count} 个工作日"
    if day.weekday() >= 5:
        return "made", str(count), f"调休上班，第 {count} 个工作日"
    return "counted", str(count), f"第 {count} 个工作日"


def _in_holiday(day: date) -> bool:
    year = announced().get(day.year)
    return year is not None and day in year.off


def _notices(today: date, due: date) -> tuple[tuple[str, ...], bool]:
    """The notices the count rests on, and whether a year in the span has none yet."""
    first, last = sorted((today, due))
    years = announced()
    lines, provisional = [], False
    for year in range(first.year, last.year + 1):
        if year in years:
            lines.append(f"日历依据：{years[year].notice}。")
        else:
            provisional = True
            lines.append(f"{year} 年的放假安排还没有公布，暂按周一至周五和法定节假日推算，公布后重新计算。")
    return tuple(lines), provisional
