"""The standard table of a catalogue as xlsx and docx: two header rows, the parts of 公开事项, 对象, 方式, 层级 under their heading."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

import docx
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_PARAGRAPH_ALIGNMENT
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties

from gongkai.formats.gbt9704 import element, set_fonts
from gongkai.formats.ledger import cell_text

_THIN = Side(style="thin", color="FF9A9A9A")
_GRID = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_FILL = PatternFill("solid", start_color="FFEFEAE2")


@dataclass(frozen=True, slots=True)
class Head:
    """A column: its heading, the part of it this column is (empty: the heading goes over both rows), its width in Chinese characters."""

    title: str
    part: str = ""
    width: float = 6


@dataclass(frozen=True, slots=True)
class Sheet:
    """`rows`: a text for each head. `spans`: (column, first row, last row) of cells that say the same and are joined."""

    title: str
    heads: Sequence[Head]
    rows: Sequence[Sequence[str]]
    note: str = ""
    spans: Sequence[tuple[int, int, int]] = ()


def groups(heads: Sequence[Head]) -> list[tuple[int, int]]:
    """First and last column of every heading that has parts."""
    found: list[tuple[int, int]] = []
    for n, head in enumerate(heads):
        if not head.part:
            continue
        if found and found[-1][1] == n - 1 and heads[n - 1].title == head.title:
            found[-1] = (found[-1][0], n)
        else:
            found.append((n, n))
    return found


def write_xlsx(sheet: Sheet, stream: BinaryIO) -> None:
    """Title, header of two rows (frozen, repeated in print), rows; every text is text, whatever it begins with."""
    book = Workbook()
    page: Any = book.active
    page.title = "公开目录"
    last = len(sheet.heads)
    page.merge_cells(start_row=1, start_column=1, end_row=1, end_column=last)
    _put(page, 1, 1, sheet.title, Font(name="方正小标宋简体", size=18), Alignment(horizontal="center", vertical="center", wrap_text=True))
    page.row_dimensions[1].height = 36
    heading = Font(name="黑体", size=11)
    middle = Alignment(horizontal="center", vertical="center", wrap_text=True)
    for n, head in enumerate(sheet.heads, 1):
        for row, text in ((2, head.title), (3, head.part)):
            _put(page, row, n, text, heading, middle, _FILL)
        page.column_dimensions[get_column_letter(n)].width = head.width * 2 + 1
        if not head.part:
            page.merge_cells(start_row=2, start_column=n, end_row=3, end_column=n)
    for first, end in groups(sheet.heads):
        if end > first:
            page.merge_cells(start_row=2, start_column=first + 1, end_row=2, end_column=end + 1)
    body, top = Font(name="仿宋_GB2312", size=10), Alignment(vertical="top", wrap_text=True)
    for r, texts in enumerate(sheet.rows, 4):
        for n, text in enumerate(texts, 1):
            _put(page, r, n, text, body, middle if len(text) <= 4 else top)
    for column, first, end in sheet.spans:
        page.merge_cells(start_row=first + 4, start_column=column + 1, end_row=end + 4, end_column=column + 1)
    if sheet.note:
        _put(page, len(sheet.rows) + 5, 1, sheet.note, body, Alignment(vertical="top"), border=False)
    page.freeze_panes = "A4"
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", 9  # A4
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.print_title_rows = "2:3"
    book.properties.creator = "gongkai"
    book.save(stream)


def _put(page: Any, row: int, column: int, text: str, font: Font, align: Alignment, fill: Any = None, border: bool = True) -> None:
    cell: Any = page.cell(row, column)
    cell.value = cell_text(text)[:32_767] or None
    if cell.value:
        cell.data_type = "s"
        cell.quotePrefix = text[:1] in ("=", "+", "-", "@")
    cell.font, cell.alignment = font, align
    if border:
        cell.border = _GRID
    if fill is not None:
        cell.fill = fill


def write_docx(sheet: Sheet, stream: BinaryIO) -> None:
    """The same on landscape A4, the header repeated on every page."""
    document = docx.Document()
    page: Any = document.sections[0]
    page.orientation = WD_ORIENT.LANDSCAPE
    page.page_width, page.page_height = Mm(297), Mm(210)
    page.left_margin = page.right_margin = Mm(15)
    page.top_margin = page.bottom_margin = Mm(18)
    title = document.add_paragraph()
    title.alignment = WD_PARAGRAPH_ALIGNMENT.CENTER
    _run(title, sheet.title, "方正小标宋简体", 18)
    total = sum(head.width for head in sheet.heads)
    widths = [int(267 / 25.4 * 1440 * head.width / total) for head in sheet.heads]
    body = document.element.body
    table = element("tbl")
    table.append(_properties())
    grid = element("tblGrid")
    for width in widths:
        grid.append(element("gridCol", w=width))
    table.append(grid)
    for row in _header(sheet.heads, widths):
        table.append(row)
    joined = {(r, c): r == first for c, first, end in sheet.spans for r in range(first, end + 1)}
    for r, texts in enumerate(sheet.rows):
        row = element("tr")
        for c, text in enumerate(texts):
            row.append(_cell(text, widths[c], merge=_merge(joined.get((r, c)))))
        table.append(row)
    body.insert(len(body) - 1, table)
    if sheet.note:
        _run(document.add_paragraph(), sheet.note, "仿宋_GB2312", 10)
    document.core_properties.author, document.core_properties.title = "gongkai", sheet.title[:250]
    document.save(stream)


def _merge(begins: bool | None) -> str:
    return "" if begins is None else "restart" if begins else "continue"


def _header(heads: Sequence[Head], widths: Sequence[int]) -> list[Any]:
    over = dict(groups(heads))
    inside = {n for first, end in over.items() for n in range(first + 1, end + 1)}
    rows = []
    for second in (False, True):
        row = element("tr")
        properties = element("trPr")
        properties.append(element("tblHeader"))
        row.append(properties)
        for n, head in enumerate(heads):
            if not second and n in inside:
                continue
            span = over.get(n, n) - n + 1 if not second else 1
            merge = "" if head.part else ("continue" if second else "restart")
            row.append(
                _cell(head.part if second and head.part else head.title, sum(widths[n : n + span]), span=span, merge=merge, bold=True)
            )
        rows.append(row)
    return rows


def _properties() -> Any:
    properties = element("tblPr")
    borders = element("tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        borders.append(element(side, val="single", sz=4, space=0, color="000000"))
    properties.append(borders)
    properties.append(element("tblLayout", type="fixed"))
    return properties


def _cell(text: str, width: int, *, span: int = 1, merge: str = "", bold: bool = False) -> Any:
    cell = element("tc")
    properties = element("tcPr")
    properties.append(element("tcW", w=width, type="dxa"))
    if span > 1:
        properties.append(element("gridSpan", val=span))
    if merge:
        properties.append(element("vMerge", val=merge))
    properties.append(element("vAlign", val="center"))
    cell.append(properties)
    for line in (cell_text(text) if merge != "continue" else "").split("\n"):
        paragraph, run = element("p"), element("r")
        style = element("rPr")
        set_fonts(style, "黑体" if bold else "仿宋_GB2312")
        style.append(element("sz", val=17))
        run.append(style)
        words = element("t")
        words.text = line
        words.set(qn("xml:space"), "preserve")
        run.append(words)
        paragraph.append(run)
        cell.append(paragraph)
    return cell


def _run(paragraph: Any, text: str, font: str, size: float) -> None:
    run = paragraph.add_run(cell_text(text))
    run.font.size = Pt(size)
    set_fonts(run._element.get_or_add_rPr(), font)
