"""Rows of the calendar: notices of the State Council office and local days off, from the packaged files and from an import file.

A row is checked when it is read: wrong types, days of another year, a day both off and worked, a make-up day that is no weekend, a
statutory day left out. What is wrong is said in one sentence (ClockError).
"""

from __future__ import annotations

import csv
import io
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from importlib import resources
from typing import Any

from gongkai.clocks.errors import ClockError
from gongkai.clocks.statute import statutory_days, version_for

CERTAINTIES = ("read", "memory", "unknown")
WEEKDAYS = "一二三四五六日"
LONGEST = 31
"""Days of one span off; a longer one is a slip of the pen."""
_KINDS = {"off": "off", "放假": "off", "休": "off", "work": "work", "上班": "work", "调休上班": "work", "班": "work"}


@dataclass(frozen=True, slots=True)
class Notice:
    """One row. `scope` empty: the whole country; otherwise a division code (held as prefix) or an agency's code.

    `change`: adds to a year already announced. `dated`: the day of the notice; `until`: last day on which a local row holds.
    """

    year: int
    title: str
    off: frozenset[date]
    work: frozenset[date]
    number: str = ""
    dated: date | None = None
    certainty: str = "unknown"
    source: str = ""
    change: bool = False
    scope: str = ""
    basis: str = ""
    until: date | None = None

    @property
    def citation(self) -> str:
        """Title with number and date, as far as they are known."""
        known = [part for part in (self.number, self.dated.isoformat() if self.dated else "") if part]
        return self.title + (f"（{'，'.join(known)}）" if known else "")


@cache
def packaged() -> tuple[Notice, ...]:
    """The rows that come with the program, national ones first, each kind in the order of the files."""
    rows: list[Notice] = []
    for name, key in (("calendar.toml", "notice"), ("local.toml", "local")):
        table = tomllib.loads(resources.files("gongkai.clocks").joinpath(f"data/{name}").read_text("utf-8"))
        rows += [notice_from(row, f"{name} 第 {n} 条") for n, row in enumerate(table[key], 1)]
    return tuple(rows)


def notice_from(row: Mapping[str, Any], where: str) -> Notice:
    """A checked row. Raises ClockError beginning with `where`."""
    year = row.get("year")
    if not isinstance(year, int) or isinstance(year, bool) or not 1949 <= year <= 2200:
        raise ClockError(f"{where}：year 要写年份，例如 year = 2027。")
    unknown = sorted(set(row) - _KEYS)
    if unknown:
        raise ClockError(f"{where}：没有 {unknown[0]} 这一项。可写的项：{'、'.join(sorted(_KEYS))}。")
    change = row.get("change", False)
    if not isinstance(change, bool):
        raise ClockError(f"{where}：change 写 true 或 false。")
    certainty = row.get("certainty", "unknown")
    if certainty not in CERTAINTIES:
        raise ClockError(f"{where}：certainty 只能是 {'、'.join(CERTAINTIES)}。")
    notice = Notice(
        year=year,
        title=_text(row, "title", where) or f"国务院办公厅关于{year}年部分节假日安排的通知",
        off=frozenset(_spans(row.get("off", []), where)),
        work=frozenset(_day(day, where) for day in _list(row.get("work", []), "work", where)),
        number=_text(row, "number", where),
        dated=_optional_day(row.get("dated", row.get("effective")), where),
        certainty=certainty,
        source=_text(row, "source", where),
        change=change,
        scope=_text(row, "scope", where),
        basis=_text(row, "basis", where),
        until=_optional_day(row.get("until"), where),
    )
    check(notice, where)
    return notice


_KEYS = frozenset("year title off work number dated effective certainty source change scope basis until".split())  # noqa: SIM905


def check(notice: Notice, where: str) -> None:
    """Raises ClockError for the first thing that cannot be right."""
    if not notice.off and not notice.work:
        raise ClockError(f"{where}：没有一个放假日或调休上班日。")
    for day in sorted(notice.off | notice.work):
        if day.year != notice.year and (day.year, day.month) != (notice.year - 1, 12):
            raise ClockError(f"{where}：{day} 不在 {notice.year} 年（可以包括上一年 12 月）。")
    if both := sorted(notice.off & notice.work):
        raise ClockError(f"{where}：{both[0]} 既是放假日又是调休上班日，留一个。")
    for day in sorted(notice.work):
        if day.weekday() < 5:
            raise ClockError(f"{where}：调休上班日 {day} 是星期{WEEKDAYS[day.weekday()]}，本来就上班；核对通知中的日期。")
    if not notice.change and not notice.scope:
        missing = {day: name for day, name in statutory_days(notice.year).items() if day not in notice.off}
        if missing:
            day, name = next(iter(missing.items()))
            decree = version_for(notice.year).decree
            raise ClockError(f"{where}：缺少法定节假日 {day}（{name}），依据全国年节及纪念日放假办法第二条，{decree}。")


def warnings(notice: Notice) -> list[str]:
    """What may be right but deserves a look: weekdays off that neither a statutory day nor a make-up day pays for (第六条 补假)."""
    if notice.change or notice.scope:
        return []
    weekdays_off = sum(day.weekday() < 5 for day in notice.off)
    version = version_for(notice.year)
    statutory = len(version.fixed) + len(version.lunar)  # two festivals on one day give two days off
    owed = statutory + len(notice.work)
    if weekdays_off == owed:
        return []
    return [
        f"放假占用 {weekdays_off} 个周一至周五，法定节假日 {statutory} 天加调休上班 {len(notice.work)} 天是 {owed} 天，"
        "两数不等，请再核对一遍通知。"
    ]


def read_file(data: bytes, name: str, **given: Any) -> list[Notice]:
    """The rows of an import file: toml (one notice, or several as [[notice]]), or csv with columns date, kind (放假 or 上班) and
    optional last.

    `given`: values for what the file does not say (title, number, dated, scope…). Raises ClockError.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = data.decode("gb18030")
        except UnicodeDecodeError:
            raise ClockError(f"{name}：不是文本文件，写成 UTF-8 的 toml 或 csv。") from None
    given = {key: value for key, value in given.items() if value not in (None, "")}
    if name.lower().endswith(".csv"):
        return [notice_from({**_from_csv(text, name), **given}, name)]
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ClockError(f"{name}：不是 toml（{error}）；日期写成 2027-02-05，放假写成 off = [[2027-02-05, 2027-02-11]]。") from None
    rows = table.get("notice", table)
    if isinstance(rows, dict):
        return [notice_from({**given, **rows}, name)]
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
        raise ClockError(f"{name}：没有读到放假安排，写上 year、off、work。")
    return [notice_from({**given, **row}, f"{name} 第 {n} 条" if len(rows) > 1 else name) for n, row in enumerate(rows, 1)]


def _from_csv(text: str, name: str) -> dict[str, Any]:
    reader = csv.DictReader(io.StringIO(text, newline=""))
    if not {"date", "kind"} <= set(reader.fieldnames or []):
        raise ClockError(f"{name}：第 1 行要有列 date,kind，kind 写放假或上班。")
    found: dict[str, list[Any]] = {"off": [], "work": []}
    years: Counter[int] = Counter()
    for line, row in enumerate(reader, 2):
        where = f"{name} 第 {line} 行"
        kind = _KINDS.get((row["kind"] or "").strip())
        if kind is None:
            raise ClockError(f"{where}：kind 写放假或上班，这里是“{row['kind'] or ''}”。")
        first = _day((row["date"] or "").strip(), where)
        last = _day((row.get("last") or "").strip() or first, where)
        years[first.year] += 1
        if kind == "off":
            found["off"].append([first, last])
        else:
            found["work"] += _spans([[first, last]], where)
    if not years:
        raise ClockError(f"{name}：只有标题行，没有日期。")
    return {"year": years.most_common(1)[0][0], **found}


def _spans(value: Any, where: str) -> Iterable[date]:
    for span in _list(value, "off", where):
        ends = span if isinstance(span, list) else [span, span]
        if len(ends) != 2:
            raise ClockError(f"{where}：放假写成首日和末日，例如 [2027-02-05, 2027-02-11]。")
        first, last = (_day(end, where) for end in ends)
        if not 0 <= (last - first).days < LONGEST:
            raise ClockError(f"{where}：{first} 至 {last} 不是一段放假，首日在前，不超过 {LONGEST} 天。")
        for n in range((last - first).days + 1):
            yield first + timedelta(n)


def _list(value: Any, key: str, where: str) -> list[Any]:
    if not isinstance(value, list):
        raise ClockError(f"{where}：{key} 要写成列表，例如 {key} = [ … ]。")
    return value


def _day(value: Any, where: str) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value).strip())
    except ValueError:
        raise ClockError(f"{where}：“{value}”不是日期，写成 2027-02-05。") from None


def _optional_day(value: Any, where: str) -> date | None:
    return None if value in (None, "") else _day(value, where)


def _text(row: Mapping[str, Any], key: str, where: str) -> str:
    value = row.get(key, "")
    if not isinstance(value, str):
        raise ClockError(f"{where}：{key} 要写成带引号的文字。")
    return " ".join(value.split())
