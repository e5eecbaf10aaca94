"""A ledger as every writer sees it: columns, rows, a heading. Nothing here knows what a plan, a task or a database is.

    table = LedgerTable("任务台账", [Column("task", "任务", 30)], [LedgerRow({"task": "公开预算"})])
    csv_ledger.write([table], stream)

The same table goes to csv, xlsx, docx and the terminal, from the command line and from the web export alike.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

Cell = str | int | float | date | None

_FORMULA_START = frozenset("=+-@\t\r＝＋－＠")
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Column:
    """`key` names the cell in a row, `title` stands in the header, `width` is in Chinese characters (two columns of a terminal)."""

    key: str
    title: str
    width: float = 8
    align: Literal["left", "center"] = "left"


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One row. `cells` by column key; a missing key is an empty cell. `path` are the headings the row stands under, outermost first."""

    cells: Mapping[str, Cell]
    path: tuple[str, ...] = ()


@dataclass(slots=True)
class LedgerTable:
    """A titled table. `notes` are lines after it (sums, warnings); `source` names the file or plan when several tables share one output."""

    title: str
    columns: Sequence[Column]
    rows: Sequence[LedgerRow]
    document_number: str | None = None
    issuer: str | None = None
    issued_on: date | None = None
    notes: Sequence[str] = field(default_factory=tuple)
    source: str | None = None


def cell_text(value: Cell) -> str:
    """A cell as printed: nothing for None, ISO dates, whole numbers without a fraction; characters XML cannot hold are left out."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return _ILLEGAL.sub("", str(value))


def starts_formula(text: str) -> bool:
    """Whether a spreadsheet may take the text for a formula: = + - @, tab, carriage return, and full-width forms some locales accept."""
    return text[:1] in _FORMULA_START if text else False


def display_width(text: str) -> int:
    """Width in terminal columns: East-Asian wide, full-width and ambiguous ones two, combining none."""
    if text.isascii():
        return len(text)
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in text)


def chinese_date(day: date) -> str:
    """成文日期 as GB/T 9704-2012, 7.3.5 prints it: full year, no zero padding."""
    return f"{day.year}年{day.month}月{day.day}日"


def sections(rows: Sequence[LedgerRow]) -> list[tuple[int, tuple[str, ...]]]:
    """Where headings open: (row index, the headings that begin before this row, with their depth kept by empty strings before them)."""
    opened: list[tuple[int, tuple[str, ...]]] = []
    last: tuple[str, ...] = ()
    for n, row in enumerate(rows):
        same = 0
        while same < min(len(last), len(row.path)) and last[same] == row.path[same]:
            same += 1
        if same < len(row.path):
            opened.append((n, ("",) * same + row.path[same:]))
        last = row.path
    return opened
