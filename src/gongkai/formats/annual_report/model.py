"""A report as values: six sections of text, three tables of numbers, each number with what was written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from gongkai.formats.annual_report.layout import TABLES, Layout, Place, TableName, layouts

Number = int | Decimal
_NOTHING = frozenset({"", "-", "--", "—", "——", "－", "/", "／", "\\", "无"})


@dataclass(frozen=True, slots=True)
class Value:
    """`number` is None where nothing is written or what is written is no number; `written` is what stands in the cell."""

    number: Number | None
    written: str

    @property
    def is_empty(self) -> bool:
        """Nothing, or a stroke that stands for nothing."""
        return self.number is None and self.written in _NOTHING


@dataclass(frozen=True, slots=True)
class Remark:
    """What could not be read: where, and one Chinese sentence."""

    where: str
    message: str


@dataclass(frozen=True)
class Report:
    """`layout`: "2019" or "2021". `sections`: "1" … "6" → text without the table, paragraphs parted by line ends. A cell that the report
    does not have is missing from its table; one that is there and empty holds an empty Value."""

    year: int | None
    agency: str
    layout: str
    sections: Mapping[str, str] = field(default_factory=dict)
    two: Mapping[Place, Value] = field(default_factory=dict)
    three: Mapping[Place, Value] = field(default_factory=dict)
    four: Mapping[Place, Value] = field(default_factory=dict)

    @property
    def form(self) -> Layout:
        return layouts()[self.layout]

    def table(self, name: TableName) -> Mapping[Place, Value]:
        found: Mapping[Place, Value] = getattr(self, name)
        return found

    def number(self, name: TableName, row: str, column: str) -> Number | None:
        """None where the cell is missing, empty or no number."""
        found = self.table(name).get((row, column))
        return found.number if found else None

    def to_dict(self) -> dict[str, Any]:
        """For JSON: tables as row → column → number (null: empty or unreadable); `written` only for cells that are no plain numbers."""
        tables: dict[str, Any] = {}
        written: dict[str, dict[str, str]] = {}
        for name in TABLES:
            rows: dict[str, dict[str, int | float | None]] = {}
            for (row, column), value in self.table(name).items():
                rows.setdefault(row, {})[column] = plain(value.number)
                if value != cell(value.number):
                    written.setdefault(name, {})[f"{row}/{column}"] = value.written
            tables[name] = rows
        return {
            "year": self.year,
            "agency": self.agency,
            "layout": self.layout,
            "sections": dict(self.sections),
            "tables": tables,
            "written": written,
        }


def from_dict(given: Mapping[str, Any]) -> Report:
    """The opposite of `Report.to_dict`."""
    tables = {name: _cells(rows, given.get("written", {}).get(name, {})) for name, rows in given["tables"].items()}
    return Report(year=given["year"], agency=given["agency"], layout=given["layout"], sections=dict(given["sections"]), **tables)


def cell(number: Number | None) -> Value:
    """A value as the writers write it: a plain number, or nothing."""
    if number is None:
        return Value(None, "")
    return Value(number, str(number) if isinstance(number, int) else f"{number:f}")


def cells(numbers: Iterable[tuple[Place, Number | None]]) -> dict[Place, Value]:
    """A table from (place, number)."""
    return {place: cell(number) for place, number in numbers}


def plain(number: Number | None) -> int | float | None:
    """As JSON has it."""
    return float(number) if isinstance(number, Decimal) else number


def _cells(rows: Mapping[str, Mapping[str, Any]], written: Mapping[str, str]) -> dict[Place, Value]:
    found: dict[Place, Value] = {}
    for row, columns in rows.items():
        for column, number in columns.items():
            value = Decimal(str(number)) if isinstance(number, float) else number
            words = written.get(f"{row}/{column}")
            found[row, column] = Value(value, words) if words is not None else cell(value)
    return found
