"""A responsibility matrix (责任分工矩阵) as xlsx: tasks down, units across with their names written downwards, a word where they meet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from gongkai.formats.ledger import LedgerRow, cell_text, display_width, sections, starts_formula

NUMBER_WIDTH, TASK_WIDTH, LIMIT_WIDTH, UNIT_WIDTH = 5.0, 52.0, 15.0, 5.5
"""Column widths in Excel's unit, digits of the default font."""
_MAX_TASK = 400
LINE_POINTS, TALLEST = 15.0, 409.0
HEADER = 3

_THIN = Side(style="thin", color="FF9A9A9A")
_GRID = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_HEADER_FILL = PatternFill("solid", start_color="FFEFEAE2")
_GROUP_FILL = PatternFill("solid", start_color="FFF6F6F4")
_TITLE_FONT = Font(name="方正小标宋简体", size=18)
_HEADER_FONT = Font(name="黑体", size=11)
_BODY_FONT = Font(name="仿宋_GB2312", size=11)
_STRONG_FONT = Font(name="黑体", size=11)


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One task: number, words, limit, the headings above it, and a mark for each unit that has a part in it (column index → mark)."""

    number: int
    text: str
    limit: str
    marks: Mapping[int, str]
    path: tuple[str, ...] = ()


@dataclass(slots=True)
class Matrix:
    """`columns` are the units; `words` the marks in the order of their weight, each counted for every unit under the table."""

    title: str
    columns: Sequence[str]
    rows: Sequence[MatrixRow]
    words: Sequence[str]
    under: str = ""
    notes: Sequence[str] = field(default_factory=tuple)


def write(matrix: Matrix, stream: BinaryIO) -> None:
    """Writes a workbook of one sheet: title, header (frozen with the task's words, repeated in print), headings, tasks, sums, notes.

    Every text is stored as text, whatever it begins with. Sums are formulas over the marks, so that they follow a correction by hand.
    """
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "责任分工矩阵"
    book.properties.creator = "gongkai"
    book.properties.title = matrix.title
    last_column = 3 + len(matrix.columns)
    _heads(sheet, matrix, last_column)
    first = row = HEADER + 1
    headings = dict(sections([LedgerRow({}, item.path) for item in matrix.rows]))
    for n, item in enumerate(matrix.rows):
        for depth, heading in enumerate(headings.get(n, ())):
            if heading:
                _heading(sheet, row, "　" * depth + heading, last_column)
                row += 1
        _task(sheet, row, item, last_column, matrix.words)
        row += 1
    last = row - 1
    for word in matrix.words:
        _sum(sheet, row, word, first, last, last_column)
        row += 1
    for note in matrix.notes:
        row += 1
        _text(sheet, row, 1, note).font = _BODY_FONT
    sheet.freeze_panes = f"D{HEADER + 1}"
    _print_set_up(sheet)
    book.save(stream)


def _text(sheet: Worksheet, row: int, column: int, text: str) -> Any:
    cell: Any = sheet.cell(row, column)
    cell.value = cell_text(text)
    cell.data_type = "s"
    if starts_formula(text):
        cell.quotePrefix = True
    return cell


def _heads(sheet: Worksheet, matrix: Matrix, last_column: int) -> None:
    for row, text, font, height in ((1, matrix.title, _TITLE_FONT, 34), (2, matrix.under, _BODY_FONT, 18)):
        sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=last_column)
        cell = _text(sheet, row, 1, text)
        cell.font, cell.alignment = font, Alignment(horizontal="center", vertical="center", wrap_text=True)
        sheet.row_dimensions[row].height = height if display_width(text) < 90 else height * 1.8
    for n, (name, width) in enumerate((("序号", NUMBER_WIDTH), ("任务", TASK_WIDTH), ("时限", LIMIT_WIDTH)), 1):
        cell = _text(sheet, HEADER, n, name)
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        sheet.column_dimensions[get_column_letter(n)].width = width
    for n, name in enumerate(matrix.columns, 4):
        cell = _text(sheet, HEADER, n, name)
        cell.alignment = Alignment(horizontal="center", vertical="top", textRotation=255, wrap_text=False)
        sheet.column_dimensions[get_column_letter(n)].width = UNIT_WIDTH
    for n in range(1, last_column + 1):
        cell = sheet.cell(HEADER, n)
        cell.font, cell.fill, cell.border = _HEADER_FONT, _HEADER_FILL, _GRID
    longest = max((len(name) for name in matrix.columns), default=2)
    sheet.row_dimensions[HEADER].height = min(TALLEST, max(30.0, longest * 16.5 + 12))


def _heading(sheet: Worksheet, row: int, text: str, last_column: int) -> None:
    sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=last_column)
    cell = _text(sheet, row, 1, text)
    cell.font, cell.fill = _STRONG_FONT, _GROUP_FILL
    cell.alignment = Alignment(vertical="center", wrap_text=False)
    sheet.row_dimensions[row].height = 20


def _task(sheet: Worksheet, row: int, item: MatrixRow, last_column: int, words: Sequence[str]) -> None:
    sheet.cell(row, 1).value = item.number
    text = item.text if len(item.text) <= _MAX_TASK else item.text[: _MAX_TASK - 1] + "…"
    _text(sheet, row, 2, text)
    _text(sheet, row, 3, item.limit)
    for column, mark in item.marks.items():
        _text(sheet, row, 4 + column, mark)
    for n in range(1, last_column + 1):
        cell = sheet.cell(row, n)
        cell.border = _GRID
        cell.font = _STRONG_FONT if n > 3 and cell.value == words[0] else _BODY_FONT
        wrap = n in (2, 3)
        cell.alignment = Alignment(horizontal=None if wrap else "center", vertical="center", wrap_text=wrap)
    lines = max(-(-display_width(text) // int(TASK_WIDTH - 1)), -(-display_width(item.limit) // int(LIMIT_WIDTH - 1)), 1)
    sheet.row_dimensions[row].height = min(TALLEST, lines * LINE_POINTS + 4)


def _sum(sheet: Worksheet, row: int, word: str, first: int, last: int, last_column: int) -> None:
    """How many tasks carry this mark, for each unit."""
    sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=3)
    _text(sheet, row, 1, f"{word}（项）").alignment = Alignment(horizontal="right", vertical="center")
    for n in range(4, last_column + 1):
        letter = get_column_letter(n)
        sheet.cell(row, n).value = f'=COUNTIF({letter}{first}:{letter}{last},"{word}")'
        sheet.cell(row, n).alignment = Alignment(horizontal="center", vertical="center")
    for n in range(1, last_column + 1):
        sheet.cell(row, n).font, sheet.cell(row, n).border, sheet.cell(row, n).fill = _HEADER_FONT, _GRID, _GROUP_FILL


def _print_set_up(sheet: Worksheet) -> None:
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 8  # A3: a city has twenty units and more
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = f"{HEADER}:{HEADER}"
    sheet.page_margins.left = sheet.page_margins.right = 0.5
    sheet.page_margins.top = sheet.page_margins.bottom = 0.6
    footer: Any = sheet.oddFooter
    footer.center.text = "第 &P 页，共 &N 页"
