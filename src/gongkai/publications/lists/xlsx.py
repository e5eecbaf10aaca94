"""清单 from a spreadsheet, as people keep them: the header is found by its names, every fault has its row, nothing is half taken."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from openpyxl import load_workbook

from gongkai.formats.ledger import Column, LedgerRow, LedgerTable
from gongkai.publications.lists.content import MOST_ROWS, Schema, cause_name, change_name, row_faults

HEADER_ROWS = 20
"""Rows from the top in which the header is looked for; titles and notes stand above it."""
WIDEST = 60
_SAME = {"序号": "", "项目": "项目名称", "法定依据": "法律依据", "依据": "设定依据"}


@dataclass(frozen=True, slots=True)
class Imported:
    """`rows` are all that was read, also where there are faults; `unknown` are headers that no column of the list has."""

    rows: list[dict[str, str]]
    faults: list[str]
    unknown: list[str]


def read(data: bytes, schema: Schema) -> Imported:
    """The first sheet that has the header of this list. Faults are sentences with the row of the sheet."""
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, EOFError, TypeError, AttributeError):
        return Imported([], ["读不出这个 xlsx 文件，请用 WPS 或 Excel 打开后另存一份再试"], [])
    try:
        for sheet in book.worksheets:
            if (found := _sheet(sheet, schema)) is not None:
                return found
    except (ValueError, KeyError, TypeError, AttributeError, zipfile.BadZipFile, SyntaxError):
        return Imported([], ["这个 xlsx 文件里有读不出的内容，请用 WPS 或 Excel 打开后另存一份再试"], [])
    finally:
        book.close()
    needed = "、".join(column.name for column in schema.columns if column.required)
    return Imported([], [f"没有找到表头，{schema.name}要有这些列：{needed}"], [])


def _sheet(sheet: Any, schema: Schema) -> Imported | None:
    header: dict[int, str] | None = None
    rows: list[dict[str, str]] = []
    lines: list[int] = []
    unknown: list[str] = []
    for n, cells in enumerate(sheet.iter_rows(max_col=WIDEST, values_only=True), 1):
        if header is None:
            if n > HEADER_ROWS:
                return None
            header, unknown = _header(cells, schema)
            continue
        row = {name: _text(cells[k]) for k, name in header.items() if k < len(cells)}
        if any(row.values()):
            rows.append({name: row.get(name, "") for name in schema.names if row.get(name) or name not in (change_name(), cause_name())})
            lines.append(n)
        if len(rows) > MOST_ROWS:
            return Imported([], [f"超过 {MOST_ROWS} 行，请核对是不是选错了表"], unknown)
    if header is None:
        return None
    return Imported(rows, [_at_line(fault, lines) for fault in row_faults(schema, rows)], unknown)


def _header(cells: tuple[Any, ...], schema: Schema) -> tuple[dict[int, str] | None, list[str]]:
    """Column number → name, where this row names every required column."""
    names = set(schema.names)
    found: dict[int, str] = {}
    unknown = []
    for k, cell in enumerate(cells):
        text = "".join(_text(cell).split())
        name = text if text in names else _SAME.get(text, text)
        if name in names and name not in found.values():
            found[k] = name
        elif name:
            unknown.append(text)
    missing = [column.name for column in schema.columns if column.required and column.name not in found.values()]
    return (None, []) if missing else (found, unknown)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d}" if not (value.hour or value.minute) else f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "".join(c for c in str(value) if c >= " " or c == "\n").strip()


def _at_line(fault: str, lines: list[int]) -> str:
    """Faults count the rows of the list; people look for the row of their sheet."""
    if not fault.startswith("第 "):
        return fault
    number, _, rest = fault[2:].partition(" ")
    return f"表格第 {lines[int(number) - 1]} {rest}" if number.isdigit() and int(number) <= len(lines) else fault


def table(schema: Schema, rows: list[Any], title: str, issuer: str, notes: tuple[str, ...] = ()) -> LedgerTable:
    """The list as a download; the same file comes back in by `read`."""
    width = {True: 10, False: 16}
    columns = [Column(name, name, width[len(name) > 4]) for name in schema.names]
    return LedgerTable(title, columns, [LedgerRow(dict(row)) for row in rows], issuer=issuer, notes=notes)
