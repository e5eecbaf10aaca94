"""The count behind `gongkai deadline`: each day with its reason. Which day is worked is decided by `clocks.calendar` alone.

起算: the day of the event is not counted (民法典第二百零一条；政府信息公开条例第三十一条 fixes the day of receipt).
顺延: a period in days that would end on a day off ends on the next working day (民法典第二百零三条).
Hours run on through nights and holidays (民法典第二百零一条第二款).
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from hashlib import sha256
from typing import Any

from gongkai.cli.problems import Problem
from gongkai.clocks.calendar import add_working_days, announced, is_working_day
from gongkai.formats.ledger import Column, LedgerRow, LedgerTable

UNITS = {"working_days": "个工作日", "days": "日", "hours": "小时"}
LARGEST = {"working_days": 20_000, "days": 40_000, "hours": 1_000_000}
"""Largest n of each unit."""
_WEEKDAYS = "一二三四五六日"
_DATE = re.compile(
    r"^(\d{4})(?:-(\d{1,2})-|/(\d{1,2})/|\.(\d{1,2})\.|年(\d{1,2})月|(\d{2}))(\d{1,2})日?(?:[T\s]+(\d{1,2})[:：](\d{2})(?:[:：](\d{2}))?)?$"
)


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the span: whether it was counted, and why or why not, in Chinese."""

    day: date
    counted: bool
    why: str


@dataclass(slots=True)
class Count:
    """A computed limit. `due` is a date, or for hours a moment of Beijing wall-clock time; `days` run from the first day to the last."""

    start: date | datetime
    due: date | datetime
    unit: str
    n: int
    provisional: bool
    days: list[Day] = field(default_factory=list)

    def to_dict(self, explain: bool) -> dict[str, Any]:
        """The object of design/CONTRACTS.md, with `notices`, the yearly notices the span rests on."""
        result: dict[str, Any] = {
            "from": self.start.isoformat(),
            "due": self.due.isoformat(),
            "unit": self.unit,
            "n": self.n,
            "provisional": self.provisional,
            "calendar": calendar_version(),
            "notices": self.notices(),
        }
        if explain:
            result["days"] = [{"date": d.day.isoformat(), "counted": d.counted, "why": d.why} for d in self.days]
        return result

    def notices(self) -> list[str]:
        """The notices of the announced years the span touches; empty for hours, which no holiday stops."""
        if self.unit == "hours":
            return []
        years = range(self.start.year, self.due.year + 1)
        return [announced()[year].notice for year in years if year in announced()]

    def sentence(self, explain: bool) -> str:
        """For a person: the due day first, then how it came about."""
        due = self.due.strftime("%Y-%m-%d %H:%M") if isinstance(self.due, datetime) else self.due.isoformat()
        start = self.start.strftime("%Y-%m-%d %H:%M") if isinstance(self.start, datetime) else self.start.isoformat()
        lines = [f"{due}  星期{_WEEKDAYS[self.due.weekday()]}"]
        rule = "连续计算" if self.unit == "hours" else "当日不计入"
        lines.append(f"自 {start} 起 {self.n} {UNITS[self.unit]}，{rule}。")
        if self.provisional:
            missing = [str(y) for y in range(self.start.year, self.due.year + 1) if y not in announced()]
            lines.append(f"暂定：{'、'.join(missing)} 年的放假安排不在日历表中，按周一至周五和法定假日推算。")
        lines += [f"依据：{notice}" for notice in self.notices()]
        if explain:
            counted = 0
            for day in self.days:
                counted += day.counted
                mark = f"{counted:>4}" if day.counted else "   -"
                lines.append(f"{mark}  {day.day.isoformat()} 周{_WEEKDAYS[day.day.weekday()]}  {day.why}")
        return "\n".join(lines) + "\n"

    def to_table(self) -> LedgerTable:
        columns = (Column("date", "日期", 6), Column("counted", "计入", 3), Column("why", "原因", 20))
        rows = [LedgerRow({"date": d.day, "counted": "是" if d.counted else "否", "why": d.why}) for d in self.days]
        return LedgerTable(f"到期日 {self.due.isoformat()}", columns, rows)


@cache
def calendar_version() -> str:
    """Identifies the table of announced years: its last year and a digest of its days, so that a result can be reproduced."""
    years = announced()
    text = "|".join(
        f"{year}:{','.join(sorted(d.isoformat() for d in row.off))}:{','.join(sorted(d.isoformat() for d in row.work))}"
        for year, row in sorted(years.items())
    )
    span = f"{min(years)}-{max(years)}" if years else "none"
    return f"cn-{span}-{sha256(text.encode()).hexdigest()[:8]}"


def parse_moment(text: str, *, with_time: bool = False) -> date | datetime:
    """2026-02-10, 2026/2/10, 20260210 or 2026年2月10日, with a time where hours are counted. Raises Problem naming what was written."""
    match = _DATE.match(text.strip())
    if match:
        month = next(part for part in match.groups()[1:6] if part)
        try:
            day = date(int(match[1]), int(month), int(match[7]))
            if not with_time:
                return day
            return datetime(day.year, day.month, day.day, int(match[8] or 0), int(match[9] or 0), int(match[10] or 0))
        except ValueError:
            raise Problem(f"{text}：没有这一天或这个时刻。写成 2026-02-10 或 2026-02-10T09:30。") from None
    raise Problem(f"{text}：看不懂的日期。写成 2026-02-10 或 2026-02-10T09:30。")


def count(start: str, unit: str, n: int) -> Count:
    """The due day of `n` working days, days or hours after `start`. Raises Problem for a date or number that makes no sense."""
    if unit not in UNITS:
        raise Problem(f"{unit}：没有这个单位。可用 {'、'.join(UNITS)}。")
    if not 0 <= n <= LARGEST[unit]:
        raise Problem(f"{n} {UNITS[unit]}：数目要在 0 到 {LARGEST[unit]} 之间。")
    first = parse_moment(start, with_time=unit == "hours")
    try:
        if isinstance(first, datetime):
            return _hours(first, n)
        return _working_days(first, n) if unit == "working_days" else _days(first, n)
    except OverflowError:
        raise Problem(f"{start} 之后 {n} {UNITS[unit]}：超出了日历能表示的范围。") from None


def _hours(start: datetime, n: int) -> Count:
    due = start + timedelta(hours=n)
    days = [Day(start.date() + timedelta(k), True, "连续计算，不除节假日") for k in range((due.date() - start.date()).days + 1)]
    return Count(start, due, "hours", n, False, days)


def _working_days(start: date, n: int) -> Count:
    due = add_working_days(start, n)
    days = [Day(start, False, "起算当日不计入")]
    days += [_judged(start + timedelta(k)) for k in range(1, (due.on - start).days + 1)]
    return Count(start, due.on, "working_days", n, due.provisional, days)


def _days(start: date, n: int) -> Count:
    last = start + timedelta(n)
    days = [Day(start, False, "起算当日不计入")] + [Day(start + timedelta(k), True, "日历日") for k in range(1, n + 1)]
    due = last
    if n:
        while not is_working_day(due):
            due += timedelta(1)
            why = "顺延到的工作日" if is_working_day(due) else f"顺延：{off_reason(due)}"
            days.append(Day(due, False, why))
    if due != last:
        days[n] = Day(last, True, f"期限最后一日是{off_reason(last)}，顺延")
    provisional = any(day.day.year not in announced() for day in days[1:])
    return Count(start, due, "days", n, provisional, days)


def _judged(day: date) -> Day:
    working = is_working_day(day)
    return Day(day, working, work_reason(day) if working else off_reason(day))


def work_reason(day: date) -> str:
    """Why a working day is one."""
    if day.year not in announced():
        return "工作日（暂定）"
    return "调休上班" if day.weekday() >= 5 else "工作日"


def off_reason(day: date) -> str:
    """Why a day off is one."""
    year = announced().get(day.year)
    if year is None:
        return "周末（暂定）" if day.weekday() >= 5 else "法定假日（暂定）"
    return "放假日" if day in year.off else "周末"


def batch(data: bytes, name: str) -> bytes:
    """The rows of a csv (columns from, n, unit; others are kept) with due and provisional added. UTF-8 with byte order mark out.

    Raises Problem naming the line that cannot be read; nothing is returned then.
    """
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise Problem(f"{name}：不是文本文件。存成 UTF-8 的 csv。")
    try:
        rows = list(csv.DictReader(io.StringIO(text, newline="")))
    except csv.Error as error:
        raise Problem(f"{name}：不是 csv（{error}）。") from None
    if not rows or not {"from", "n", "unit"} <= set(rows[0]):
        raise Problem(f"{name}：第 1 行要有列 from,n,unit，其后至少一行。")
    columns = [key for key in rows[0] if key] + ["due", "provisional"]
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, columns, extrasaction="ignore", lineterminator="\r\n")
    writer.writeheader()
    for line, row in enumerate(rows, 2):
        try:
            if not re.fullmatch(r"\d{1,7}", (row["n"] or "").strip()):
                raise Problem(f"n 要是整数，这里是“{row['n']}”。")
            result = count(row["from"] or "", (row["unit"] or "").strip(), int(row["n"]))
        except Problem as problem:
            raise Problem(f"{name} 第 {line} 行：{problem}") from None
        writer.writerow({**row, "due": result.due.isoformat(), "provisional": str(result.provisional).lower()})
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8")
