"""Ledgers as xlsx: ready to filter on the screen and to print on landscape A4 without touching a setting."""

from __future__ import annotations

import re
from collections.abc import Sequence
from copy import copy
from datetime import date
from typing import Any, BinaryIO

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from gongkai.formats.ledger import Cell, Column, LedgerTable, cell_text, chinese_date, display_width

MAX_CELL = 32_767
"""Characters Excel holds in a cell."""
NARROWEST, WIDEST = 6.0, 60.0
"""Column widths in Excel's unit, digits of the default font; a Chinese character takes two."""
LINE_POINTS, TALLEST = 15.0, 409.0
"""Height of a line of 11 pt text, and the highest row Excel allows, in points."""

_THIN = Side(style="thin", color="FF9A9A9A")
_GRID = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_HEADER_FILL = PatternFill("solid", start_color="FFEFEAE2")
_TITLE_FONT = Font(name="方正小标宋简体", size=18)
_HEADER_FONT = Font(name="黑体", size=11)
_BODY_FONT = Font(name="仿宋_GB2312", size=11)
_CUT_MARK = "…（超出单元格上限，全文见 JSON）"


def write(tables: Sequence[LedgerTable], stream: BinaryIO) -> None:
    """Writes a workbook, one sheet a table: title row, document number, header (frozen, filtered, repeated in print), rows.

    Every text is stored as text, whatever it begins with; dates and numbers keep their type.
    """
    book = Workbook()
    if book.active is not None:
        book.remove(book.active)
    names: set[str] = set()
    for table in tables:
        _sheet(book.create_sheet(_sheet_name(table, names)), table)
    if not tables:
        book.create_sheet("台账")
    book.properties.creator = "gongkai"
    book.properties.title = tables[0].title if len(tables) == 1 else None
    book.save(stream)


def _sheet_name(table: LedgerTable, taken: set[str]) -> str:
    """A legal, unique name of at most 31 characters."""
    base = re.sub(r"[\\/*?:\[\]']", " ", cell_text(table.source or "任务台账")).strip()[:27] or "台账"
    name, n = base, 1
    while name.casefold() in taken:
        n += 1
        name = f"{base} {n}"
    taken.add(name.casefold())
    return name


def _put(sheet: Worksheet, row: int, column: int, value: Cell) -> Any:
    cell: Any = sheet.cell(row, column)
    if value is None or isinstance(value, (int, float)):
        cell.value = value
    elif isinstance(value, date):
        cell.value = value
        cell.number_format = "yyyy-mm-dd"
    else:
        text = cell_text(value)
        cell.value = text if len(text) <= MAX_CELL else text[: MAX_CELL - len(_CUT_MARK)] + _CUT_MARK
        cell.data_type = "s"  # `=1+1` stays four characters
        cell.quotePrefix = text[:1] in ("=", "+", "-", "@")
    return cell


def _sheet(sheet: Worksheet, table: LedgerTable) -> None:
    columns = max(1, len(table.columns))
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=columns)
    title = _put(sheet, 1, 1, table.title)
    title.font, title.alignment = _TITLE_FONT, Alignment(horizontal="center", vertical="center", wrap_text=True)
    sheet.row_dimensions[1].height = 34 if display_width(table.title) < 80 else 60
    sheet.merge_cells(start_row=2, start_column=1, end_row=2, end_column=columns)
    signed = chinese_date(table.issued_on) if table.issued_on else None
    under = _put(sheet, 2, 1, "　".join(part for part in (table.document_number, table.issuer, signed) if part))
    under.font, under.alignment = _BODY_FONT, Alignment(horizontal="center")
    header = 3
    widths = [_width(column, table) for column in table.columns]
    for n, column in enumerate(table.columns, 1):
        cell = _put(sheet, header, n, column.title)
        cell.font, cell.fill, cell.border = _HEADER_FONT, _HEADER_FILL, _GRID
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        sheet.column_dimensions[get_column_letter(n)].width = widths[n - 1]
    sheet.row_dimensions[header].height = 22
    looks: dict[tuple[str, bool, bool], Any] = {}
    left = Alignment(vertical="top", wrap_text=True)
    center = Alignment(horizontal="center", vertical="top", wrap_text=True)
    for r, row in enumerate(table.rows, header + 1):
        for n, column in enumerate(table.columns, 1):
            box = _put(sheet, r, n, row.cells.get(column.key))
            look = (column.align, box.is_date, box.quotePrefix)
            if look not in looks:
                box.font, box.border = _BODY_FONT, _GRID
                box.alignment = center if column.align == "center" else left
                looks[look] = box._style
            box._style = copy(looks[look])  # openpyxl hashes a whole style at each assignment, which is most of the time of a large sheet
        lines = max((_lines(cell_text(row.cells.get(c.key)), w) for c, w in zip(table.columns, widths, strict=True)), default=1)
        sheet.row_dimensions[r].height = min(TALLEST, lines * LINE_POINTS + 3)  # spreadsheets do not all fit rows on opening
    last = header + len(table.rows)
    for n, note in enumerate(table.notes, last + 2):
        _put(sheet, n, 1, note).font = _BODY_FONT
    sheet.freeze_panes = f"A{header + 1}"
    sheet.auto_filter.ref = f"A{header}:{get_column_letter(columns)}{last}"
    _print_set_up(sheet, header)


def _width(column: Column, table: LedgerTable) -> float:
    """Wide enough for the header and the usual cell, never wider than what the column asks for; long text wraps."""
    widths = sorted(max(map(display_width, cell_text(row.cells.get(column.key)).split("\n"))) for row in table.rows)
    usual = widths[int(len(widths) * 0.9)] if widths else 0
    asked = column.width * 2 + 1
    if any(isinstance(row.cells.get(column.key), date) for row in table.rows):
        asked = max(asked, 12.0)  # a date that does not fit prints as ####
    return min(WIDEST, max(NARROWEST, display_width(column.title) + 4.0, min(usual + 2.0, asked)))


def _lines(text: str, width: float) -> int:
    """Lines the text takes when wrapped at a column width; a character that does not fit moves down whole."""
    room = max(2, int(width) - 1)
    return sum(max(1, -(-display_width(line) // room)) for line in text.split("\n"))


def _print_set_up(sheet: Worksheet, header: int) -> None:
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = f"{header}:{header}"
    sheet.print_options.horizontalCentered = True
    sheet.page_margins.left = sheet.page_margins.right = 0.5
    sheet.page_margins.top = sheet.page_margins.bottom = 0.6
    footer: Any = sheet.oddFooter
    footer.center.text = "第 &P 页，共 &N 页"
