"""任务分工表: a ledger as an official document in GB/T 9704-2012 layout (see gbt9704), the header row repeated on every page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, BinaryIO

import docx
from docx.document import Document
from docx.enum.text import WD_BREAK
from docx.oxml.ns import qn

from gongkai.formats.docx_table import TABLE_TWIPS, table_cell, table_properties
from gongkai.formats.gbt9704 import SIZE_3, element, set_indent, set_page, set_styles
from gongkai.formats.ledger import Column, LedgerTable, cell_text, chinese_date, sections

_KEEP_TOGETHER = 160
"""Rows with fewer characters than this are not broken across pages."""


def write(tables: Sequence[LedgerTable], stream: BinaryIO) -> None:
    """Writes one document; every table begins a new page with its own title, number and signature. Text never becomes a field."""
    document = docx.Document()
    set_styles(document)
    set_page(document)
    properties = document.core_properties
    properties.author, properties.comments = "gongkai", ""
    properties.title = cell_text(tables[0].title).replace("\n", "")[:250] if tables else "任务分工表"
    properties.language = "zh-CN"
    for n, table in enumerate(tables):
        if n:
            document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
        _write_one(document, table)
    document.save(stream)


def _write_one(document: Document, table: LedgerTable) -> None:
    document.add_paragraph(cell_text(table.title), style="公文标题")
    if table.document_number:
        document.add_paragraph(cell_text(table.document_number), style="发文字号")
    document.add_paragraph()
    body = document.element.body
    body.insert(len(body) - 1, _table(table))
    for note in table.notes:
        document.add_paragraph(cell_text(note), style="表文")
    if table.issuer or table.issued_on:
        document.add_paragraph()
    for line, indent in ((table.issuer, 2), (chinese_date(table.issued_on) if table.issued_on else None, 4)):
        if line:  # 7.3.5: the date four characters in from the right, the signature above it
            set_indent(document.add_paragraph(cell_text(line), style="公文落款"), "right", indent, SIZE_3)


def column_twips(columns: Sequence[Column]) -> list[int]:
    """The columns' shares of the type area; they add up to it exactly."""
    total = sum(column.width for column in columns) or 1.0
    widths = [int(TABLE_TWIPS * column.width / total) for column in columns]
    if widths:
        widths[-1] += TABLE_TWIPS - sum(widths)
    return widths


def _table(table: LedgerTable) -> Any:
    widths = column_twips(table.columns)
    made = element("tbl")
    made.append(table_properties())
    grid = element("tblGrid")
    for width in widths:
        grid.append(element("gridCol", w=width))
    made.append(grid)
    made.append(_row([column.title for column in table.columns], ["表头"] * len(widths), widths, header=True, together=True))
    headings = dict(sections(table.rows))
    styles = ["表文居中" if column.align == "center" else "表文" for column in table.columns]
    for n, row in enumerate(table.rows):
        for depth, heading in enumerate(headings.get(n, ())):
            if heading:
                made.append(_heading_row(cell_text(heading), depth, len(widths)))
        texts = [cell_text(row.cells.get(column.key)) for column in table.columns]
        made.append(_row(texts, styles, widths, together=sum(map(len, texts)) < _KEEP_TOGETHER))
    return made


def _row(texts: Sequence[str], styles: Sequence[str], widths: Sequence[int], *, header: bool = False, together: bool) -> Any:
    row = element("tr")
    properties = element("trPr")
    if together:
        properties.append(element("cantSplit"))
    if header:
        properties.append(element("tblHeader"))
    row.append(properties)
    for text, style, width in zip(texts, styles, widths, strict=True):
        row.append(table_cell(text, style, width))
    return row


def _heading_row(text: str, depth: int, columns: int) -> Any:
    row = element("tr")
    properties = element("trPr")
    properties.append(element("cantSplit"))
    row.append(properties)
    cell = table_cell(text, "表内一级标题" if depth == 0 else "表内二级标题", TABLE_TWIPS, span=columns)
    for paragraph in cell.findall(qn("w:p")):
        paragraph.find(qn("w:pPr")).append(element("keepNext"))
    row.append(cell)
    return row
