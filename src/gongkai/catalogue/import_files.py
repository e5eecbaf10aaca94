"""The rows that could not be taken, under their own header, as an xlsx to be mended and handed in again."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from gongkai.catalogue.importing import Outlook
from gongkai.formats.ledger import cell_text

REASON = "要改的地方"
"""The column added for the reader; the import passes over it (rules/standard.toml knows no such heading)."""
MOST = 32_000
"""Characters of one cell of a spreadsheet."""


def rejected_bytes(seen: Outlook) -> bytes:
    """A sheet for every table that has rows to be mended; texts stay texts, whatever they begin with. Empty when there are none."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    wrong = [step.row for step in seen.steps if step.kind == "wrong"]
    if not wrong:
        return b""
    for part in sorted({row.part for row in wrong}):
        rows = [row for row in wrong if row.part == part]
        header = seen.headers[part]
        width = max(len(line) for line in [*header, *(row.cells for row in rows)])
        sheet = book.create_sheet(f"要改的行 {part + 1}")
        for line in header:
            sheet.append(list(_cells(sheet, [*_padded(line, width), REASON])))
        for row in rows:
            sheet.append(list(_cells(sheet, [*_padded(row.cells, width), f"{row.place}：{'；'.join(row.errors)}"])))
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _padded(cells: list[str], width: int) -> list[str]:
    return cells + [""] * (width - len(cells))


def _cells(sheet: Any, texts: list[str]) -> Iterator[Any]:
    from openpyxl.cell import WriteOnlyCell

    for text in texts:
        cell: Any = WriteOnlyCell(sheet, cell_text(text)[:MOST] or None)
        if cell.value is not None:
            cell.data_type = "s"  # `=1+1` stays four characters
        yield cell
