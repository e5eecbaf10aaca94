"""信息处理费 (条例第四十二条; 国办函〔2020〕109号): by item or by volume, never both for one request; the tiers are dated data.

    by_items(items=45, day=date(2026, 3, 1)).amount        # 5500
    by_pages(pages=250, day=date(2026, 3, 1)).amount       # 4700
    str(fee)                                               # "第11至30件：20件×100元=2000元；…"

By item: what one applicant asked for within one calendar month counts together, whatever the outcome; a new month begins at nothing.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Any, Literal

Basis = Literal["by_item", "by_volume"]
_UNITS: dict[Basis, str] = {"by_item": "件", "by_volume": "页"}
MOST = 1_000_000
"""Items or pages reckoned with; more is a slip of the pen."""


class FeeError(ValueError):
    """Not a number of items or pages, or no tariff. `str(error)` is one Chinese sentence."""


@dataclass(frozen=True, slots=True)
class Band:
    """Units `first` to `last` (None: no end) cost `price` yuan each."""

    first: int
    last: int | None
    price: int


@dataclass(frozen=True, slots=True)
class Tariff:
    """One version of the rule. `step` and `rise` continue the last band of the items; 0 where it does not rise."""

    id: str
    name: str
    article: str
    effective_from: date
    effective_to: date | None
    certainty: str
    bands: Mapping[Basis, tuple[Band, ...]]
    step: int
    rise: int

    def bands_upto(self, basis: Basis, units: int) -> list[Band]:
        """The bands that hold the first `units` units, the continued ones written out."""
        found = [band for band in self.bands[basis] if band.first <= units]
        while basis == "by_item" and self.step and found and found[-1].last is not None and found[-1].last < units:
            last = found[-1]
            end = last.last or 0
            found.append(Band(end + 1, end + self.step, last.price + self.rise))
        return found


@dataclass(frozen=True, slots=True)
class Line:
    """`units` units numbered from `first` at `price` yuan: `amount` yuan."""

    first: int
    units: int
    price: int
    unit: str

    @property
    def amount(self) -> int:
        return self.units * self.price

    def __str__(self) -> str:
        last = self.first + self.units - 1
        where = f"第{self.first}{self.unit}" if self.units == 1 else f"第{self.first}至{last}{self.unit}"
        if not self.price:
            return f"{where}：不收费"
        return f"{where}：{self.units}{self.unit}×{self.price}元={self.amount}元"


@dataclass(frozen=True, slots=True)
class Fee:
    """What is charged on one basis, line by line. Amounts in whole yuan."""

    basis: Basis
    tariff: Tariff
    lines: tuple[Line, ...]

    @property
    def amount(self) -> int:
        return sum(line.amount for line in self.lines)

    def __str__(self) -> str:
        return "；".join(map(str, self.lines)) + f"；合计{self.amount}元（{self.tariff.article}）。"


@cache
def tariffs() -> tuple[Tariff, ...]:
    rows = tomllib.loads(resources.files("gongkai.formats").joinpath("rules/processing_fee.toml").read_text("utf-8"))["tariff"]
    return tuple(_tariff(row) for row in rows)


def tariff_on(day: date) -> Tariff:
    """The version in force when the request was received. Raises FeeError when there was none."""
    for tariff in tariffs():
        if tariff.effective_from <= day and (tariff.effective_to is None or day <= tariff.effective_to):
            return tariff
    raise FeeError(f"{day.isoformat()} 没有生效的信息处理费标准，不能收费。")


def by_items(items: int, day: date, before: int = 0) -> Fee:
    """The fee for `items` more items of an applicant who already asked for `before` in the same calendar month."""
    return _fee("by_item", items, before, day)


def by_pages(pages: int, day: date) -> Fee:
    """The fee for `pages` pages of one request that is charged by volume."""
    return _fee("by_volume", pages, 0, day)


def by_month(days: Iterable[date]) -> dict[tuple[int, int], Fee]:
    """(year, month) → the fee for one applicant's items, one day of receipt for each item; months do not add up."""
    counted = Counter((day.year, day.month) for day in days)
    return {month: by_items(items, date(*month, 1)) for month, items in sorted(counted.items())}


def _fee(basis: Basis, units: int, before: int, day: date) -> Fee:
    unit = _UNITS[basis]
    for number in (units, before):
        if isinstance(number, bool) or not isinstance(number, int) or not 0 <= number <= MOST:
            raise FeeError(f"{unit}数应是 0 到 {MOST} 的整数，不是 {number}。")
    tariff = tariff_on(day)
    end = before + units
    lines = []
    for band in tariff.bands_upto(basis, end):
        low, high = max(band.first, before + 1), end if band.last is None else min(band.last, end)
        if low <= high:
            lines.append(Line(low, high - low + 1, band.price, unit))
    return Fee(basis, tariff, tuple(lines))


def _tariff(row: Mapping[str, Any]) -> Tariff:
    item: Mapping[str, Any] = row["by_item"]
    return Tariff(
        id=row["id"],
        name=row["name"],
        article=row["article"],
        effective_from=row["effective_from"],
        effective_to=row.get("effective_to"),
        certainty=row["certainty"],
        bands={"by_item": _bands(item["bands"]), "by_volume": _bands(row["by_volume"]["bands"])},
        step=item.get("step", 0),
        rise=item.get("rise", 0),
    )


def _bands(rows: Iterable[Mapping[str, int]]) -> tuple[Band, ...]:
    bands: list[Band] = []
    first = 1
    for row in rows:
        bands.append(Band(first, row.get("upto"), row["price"]))
        first = row.get("upto", 0) + 1
    return tuple(bands)
