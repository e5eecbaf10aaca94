"""The count behind `gongkai deadline`, worded for the command line. All counting is `gongkai.clocks`.

起算: the day of the event is not counted (民法典第二百零一条；政府信息公开条例第三十一条 fixes the day of receipt).
顺延: a period in days that would end on a day off ends on the next working day (民法典第二百零三条).
Hours run on through nights and holidays (民法典第二百零一条第二款).
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from gongkai.cli.problems import Problem
from gongkai.clocks.calendar import Calendar, current
from gongkai.clocks.clock import due
from gongkai.clocks.errors import ClockError
from gongkai.clocks.limits import UNITS as SHORT_UNITS
from gongkai.clocks.limits import Limit
from gongkai.clocks.model import DayCount
from gongkai.formats.ledger import Column, LedgerRow, LedgerTable

UNITS = SHORT_UNITS
LARGEST = {"working_days": 20_000, "days": 40_000, "hours": 1_000_000, "months": 1_200}
"""Largest n of each unit."""
_WEEKDAYS = "一二三四五六日"
_DATE = re.compile(
    r"^(\d{4})(?:-(\d{1,2})-|/(\d{1,2})/|\.(\d{1,2})\.|年(\d{1,2})月|(\d{2}))(\d{1,2})日?(?:[T\s]+(\d{1,2})[:：](\d{2})(?:[:：](\d{2}))?)?$"
)


@dataclass(slots=True)
class Count:
    """A computed limit. `due` is a date, or for hours a moment of Beijing wall-clock time; `days` run from the first day to the last."""

    start: date | datetime
    due: date | datetime
    unit: str
    n: int
    provisional: bool
    days: list[DayCount] = field(default_factory=list)
    words: str = ""
    calendar: Calendar = field(default_factory=current)
    limit: Limit | None = None

    def to_dict(self, explain: bool) -> dict[str, Any]:
        """The object of design/CONTRACTS.md, with `notices`, the yearly notices the span rests on."""
        result: dict[str, Any] = {
            "from": self.start.isoformat(),
            "due": self.due.isoformat(),
            "unit": self.unit,
            "n": self.n,
            "provisional": self.provisional,
            "calendar": self.calendar.version,
            "notices": self.notices(),
        }
        if self.limit is not None and self.limit.id:
            result |= {"limit": self.limit.id, "article": self.limit.article, "certainty": self.limit.certainty}
        if self.words:
            result["sentence"] = self.words
        if explain:
            result["days"] = [{"date": d.date.isoformat(), "counted": d.counted, "why": d.why} for d in self.days]
        return result

    def notices(self) -> list[str]:
        """The notices of the announced years the span touches; empty for hours, which no holiday stops."""
        if self.unit == "hours":
            return []
        first, last = sorted((self.start.year, self.due.year))
        return [self.calendar.years[year].notice for year in range(first, last + 1) if year in self.calendar.years]

    def sentence(self, explain: bool) -> str:
        """For a person: the due day first, then how it came about."""
        due = self.due.strftime("%Y-%m-%d %H:%M") if isinstance(self.due, datetime) else self.due.isoformat()
        start = self.start.strftime("%Y-%m-%d %H:%M") if isinstance(self.start, datetime) else self.start.isoformat()
        lines = [f"{due}  星期{_WEEKDAYS[self.due.weekday()]}"]
        rule = "连续计算" if self.unit == "hours" else "当日不计入"
        if self.limit is None or not self.limit.id:
            lines.append(f"自 {start} 起 {self.n} {UNITS[self.unit]}，{rule}。")
        else:
            lines.append(f"{self.limit.name}：{self.words}")
            lines.append(f"规定：{self.limit.article}" + ("" if self.limit.certainty == "read" else "（未核对原文）"))
        if self.provisional:
            missing = [str(y) for y in range(self.start.year, self.due.year + 1) if y not in self.calendar.years]
            lines.append(f"暂定：{'、'.join(missing)} 年的放假安排不在日历表中，按周一至周五和法定假日推算。")
        lines += [f"依据：{notice}" for notice in self.notices()]
        if explain:
            counted = 0
            for day in self.days:
                counted += day.counted
                mark = f"{counted:>4}" if day.counted else "   -"
                lines.append(f"{mark}  {day.date.isoformat()} 周{_WEEKDAYS[day.date.weekday()]}  {day.why}")
        return "\n".join(lines) + "\n"

    def to_table(self) -> LedgerTable:
        columns = (Column("date", "日期", 6), Column("counted", "计入", 3), Column("why", "原因", 20))
        rows = [LedgerRow({"date": d.date, "counted": "是" if d.counted else "否", "why": d.why}) for d in self.days]
        return LedgerTable(f"到期日 {self.due.isoformat()}", columns, rows)


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


def count(start: str, unit: str, n: int, *, calendar: Calendar | None = None, explain: bool = True) -> Count:
    """The due day of `n` working days, days, months or hours after `start`. Raises Problem for a date or number that makes no sense."""
    if unit not in UNITS:
        raise Problem(f"{unit}：没有这个单位。可用 {'、'.join(UNITS)}。")
    if not 0 <= n <= LARGEST[unit]:
        raise Problem(f"{n} {UNITS[unit]}：数目要在 0 到 {LARGEST[unit]} 之间。")
    return count_limit(start, Limit("", n, unit), calendar=calendar, explain=explain)


def count_limit(start: str, limit: Limit, *, calendar: Calendar | None = None, explain: bool = True) -> Count:
    """The due day of a limit that starts to run on `start`."""
    calendar = calendar or current()
    first = parse_moment(start, with_time=limit.unit == "hours")
    try:
        answer = due(first, limit, calendar, explain=explain)
    except (OverflowError, ClockError):
        raise Problem(f"{start} 之后 {limit.n} {UNITS[limit.unit]}：超出了日历能表示的范围。") from None
    on = answer.at if answer.at is not None else answer.on
    assert on is not None  # nothing suspends a clock of one start
    return Count(first, on, limit.unit, limit.n, answer.provisional, list(answer.days), answer.sentence, calendar, limit)


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
            result = count(row["from"] or "", (row["unit"] or "").strip(), int(row["n"]), explain=False)
        except Problem as problem:
            raise Problem(f"{name} 第 {line} 行：{problem}") from None
        writer.writerow({**row, "due": result.due.isoformat(), "provisional": str(result.provisional).lower()})
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8")
