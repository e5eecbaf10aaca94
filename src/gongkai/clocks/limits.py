"""Time limits as dated data with article (data/limits.toml). The version in force on the day a limit starts to run governs the case."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

from gongkai.clocks.errors import ClockError
from gongkai.clocks.tables import CERTAINTIES

UNITS = {"working_days": "个工作日", "days": "日", "hours": "小时", "months": "个月"}
KINDS = {"within": "期限", "at_least": "最短期间", "before": "提前"}


@dataclass(frozen=True, slots=True)
class Limit:
    """`cap`: the most by which extensions may lengthen it, in the same unit; 0 means none. `roll`: a last day off moves to the next
    working day. `anew`: the reasons of a suspension, parted by “；”, at whose end the whole limit begins again instead of going on.
    """

    id: str
    n: int
    unit: str
    name: str = ""
    anchor: str = ""
    cap: int = 0
    article: str = ""
    effective_from: date | None = None
    effective_to: date | None = None
    certainty: str = "unknown"
    kind: str = "within"
    roll: bool = True
    anew: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        where = f"时限 {self.id or '（无编号）'}"
        if self.unit not in UNITS:
            raise ClockError(f"{where}：没有 {self.unit} 这个单位，可用 {'、'.join(UNITS)}。")
        if self.kind not in KINDS:
            raise ClockError(f"{where}：没有 {self.kind} 这种时限，可用 {'、'.join(KINDS)}。")
        if self.certainty not in CERTAINTIES:
            raise ClockError(f"{where}：certainty 只能是 {'、'.join(CERTAINTIES)}。")
        for key, value in (("n", self.n), ("cap", self.cap)):
            if not isinstance(value, int) or isinstance(value, bool) or value < 0:
                raise ClockError(f"{where}：{key} 要写不小于 0 的整数，这里是 {value}。")
        if self.effective_from and self.effective_to and self.effective_to < self.effective_from:
            raise ClockError(f"{where}：失效日 {self.effective_to} 早于施行日 {self.effective_from}。")

    @property
    def words(self) -> str:
        """20 个工作日."""
        return f"{self.n} {UNITS[self.unit]}"

    def begins_anew_after(self, reason: str) -> bool:
        return reason in self.anew.split("；") if self.anew else False

    def holds_on(self, day: date) -> bool:
        return (self.effective_from is None or self.effective_from <= day) and (self.effective_to is None or day <= self.effective_to)


@dataclass(frozen=True, slots=True)
class FixedDate:
    """A day of every year by which something is due. It does not roll: the rule names the date itself."""

    id: str
    month: int
    day: int
    name: str
    article: str
    effective_from: date
    effective_to: date | None = None
    certainty: str = "unknown"

    def on(self, year: int) -> date:
        return date(year, self.month, self.day)


_LIMIT_KEYS = frozenset(Limit.__dataclass_fields__)
_FIXED_KEYS = frozenset(FixedDate.__dataclass_fields__)


def read(data: bytes, name: str) -> tuple[tuple[Limit, ...], tuple[FixedDate, ...]]:
    """The rows of a limits file ([[limit]], [[fixed]]). Raises ClockError naming the file and the row; nothing is taken over then."""
    try:
        table = tomllib.loads(data.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ClockError(f"{name}：不是 toml（{error}）。") from None
    limits = tuple(_limit(row, f"{name} 第 {n} 条") for n, row in enumerate(table.get("limit", []), 1))
    fixed = tuple(_fixed(row, f"{name} 固定日期第 {n} 条") for n, row in enumerate(table.get("fixed", []), 1))
    for row in limits:
        clash = [other for other in limits if other is not row and other.id == row.id and _overlap(row, other)]
        if clash:
            raise ClockError(f"{name}：时限 {row.id} 有两个版本同时有效，写明 effective_to。")
    return limits, fixed


def _limit(row: Mapping[str, Any], where: str) -> Limit:
    _check_keys(row, _LIMIT_KEYS, ("id", "n", "unit", "article"), where)
    values = dict(row)
    if row.get("kind", "within") != "within":
        values.setdefault("roll", False)
    try:
        return Limit(**values)
    except ClockError as error:
        raise ClockError(f"{where}，{error}") from None


def _fixed(row: Mapping[str, Any], where: str) -> FixedDate:
    _check_keys(row, _FIXED_KEYS, ("id", "month", "day", "name", "article", "effective_from"), where)
    fixed = FixedDate(**row)
    try:
        fixed.on(2023)
    except (TypeError, ValueError):
        raise ClockError(f"{where}：{fixed.month} 月 {fixed.day} 日不是每年都有的日期。") from None
    return fixed


def _check_keys(row: Mapping[str, Any], known: frozenset[str], needed: tuple[str, ...], where: str) -> None:
    if strange := sorted(set(row) - known):
        raise ClockError(f"{where}：没有 {strange[0]} 这一项。")
    if missing := [key for key in needed if key not in row]:
        raise ClockError(f"{where}：缺少 {missing[0]}。")


def _overlap(a: Limit, b: Limit) -> bool:
    return (a.effective_from or date.min) <= (b.effective_to or date.max) and (b.effective_from or date.min) <= (a.effective_to or date.max)


@cache
def _packaged() -> tuple[tuple[Limit, ...], tuple[FixedDate, ...]]:
    return read(resources.files("gongkai.clocks").joinpath("data/limits.toml").read_bytes(), "limits.toml")


def limits() -> tuple[Limit, ...]:
    """Every version of every limit."""
    return _packaged()[0]


def limit(id: str, on: date) -> Limit:
    """The version of a limit in force on the day from which it runs. Raises ClockError when there is none."""
    versions = [row for row in limits() if row.id == id]
    if not versions:
        known = "、".join(dict.fromkeys(row.id for row in limits()))
        raise ClockError(f"没有编号为 {id} 的时限，可用 {known}。")
    for row in versions:
        if row.holds_on(on):
            return row
    first = min(row.effective_from for row in versions if row.effective_from)
    raise ClockError(f"{on} 没有有效的时限 {id}：最早的规定自 {first} 起施行。")


def fixed_dates() -> tuple[FixedDate, ...]:
    """Every version of every fixed date."""
    return _packaged()[1]


def fixed_date(id: str, year: int) -> date:
    """The day of `year` fixed by a rule, such as the annual report on 31 January. Raises ClockError when none was in force on it."""
    for row in fixed_dates():
        if row.id == id:
            day = row.on(year)
            if row.effective_from <= day and (row.effective_to is None or day <= row.effective_to):
                return day
    raise ClockError(f"{year} 年没有编号为 {id} 的固定日期。")
