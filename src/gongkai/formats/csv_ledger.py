"""Ledgers as CSV that Excel opens as Chinese: UTF-8 with a byte order mark, CRLF, quoted where needed (RFC 4180)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import BinaryIO

from gongkai.formats.ledger import Cell, LedgerTable, cell_text, starts_formula

BOM = b"\xef\xbb\xbf"


def guarded(value: Cell) -> str:
    """A cell no spreadsheet runs as a formula: text that begins like one gets an apostrophe before it. Numbers and dates are left alone."""
    text = cell_text(value)
    return "'" + text if isinstance(value, str) and starts_formula(text) else text


def write(tables: Sequence[LedgerTable], stream: BinaryIO) -> None:
    """Writes all tables under one header. With more than one, a first column 来源 names the table's source.

    Columns are the first table's; the others must have the same keys (ValueError otherwise).
    """
    stream.write(BOM)
    if not tables:
        return
    keys = [column.key for column in tables[0].columns]
    if any([column.key for column in table.columns] != keys for table in tables):
        raise ValueError("tables in one csv need the same columns")
    with_source = len(tables) > 1
    header: list[str] = [column.title for column in tables[0].columns]
    stream.write(_line((["来源"] if with_source else []) + header))
    for table in tables:
        before: list[Cell] = [table.source or table.title] if with_source else []
        for row in table.rows:
            stream.write(_line(before + [row.cells.get(key) for key in keys]))


def _line(values: Iterable[Cell]) -> bytes:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, lineterminator="\r\n").writerow([guarded(value) for value in values])
    return buffer.getvalue().encode("utf-8")
