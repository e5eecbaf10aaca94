"""A report as an official document in GB/T 9704 layout, with the merged cells of the printed tables."""

from __future__ import annotations

from typing import Any, BinaryIO

from gongkai.formats.annual_report.checking import NUMERALS
from gongkai.formats.annual_report.model import Report
from gongkai.formats.annual_report.printing import TABLE_SECTIONS, PrintedTable, printed
from gongkai.formats.annual_report.writing_html import title
from gongkai.formats.docx_official import begin, sign
from gongkai.formats.docx_table import TABLE_TWIPS, table_cell, table_properties
from gongkai.formats.docx_watermark import watermark
from gongkai.formats.gbt9704 import element
from gongkai.formats.ledger import cell_text


def write(report: Report, stream: BinaryIO, signature: str = "", date_words: str = "", mark: str = "") -> None:
    """Writes the document; `signature` and `date_words` stand at the end, `mark` (草稿) lies across every page, where given."""
    document = begin(title(report))
    if mark:
        watermark(document, mark)
    document.add_paragraph(cell_text(title(report)), style="公文标题")
    document.add_paragraph()
    for at, words in enumerate(report.form.sections):
        key = str(at + 1)
        document.add_paragraph(f"{NUMERALS[at]}、{words}", style="公文一级标题")
        for line in report.sections.get(key, "").split("\n"):
            if line.strip():
                document.add_paragraph(cell_text(line), style="公文正文")
        if key in TABLE_SECTIONS and report.table(TABLE_SECTIONS[key]):
            body = document.element.body
            body.insert(len(body) - 1, _table(printed(report, TABLE_SECTIONS[key])))
            # Two tables with nothing between them become one in Word.
            document.add_paragraph()
    sign(document, signature, date_words)
    document.save(stream)


def _table(table: PrintedTable) -> Any:
    total = sum(table.widths)
    widths = [TABLE_TWIPS * width // total for width in table.widths]
    widths[-1] += TABLE_TWIPS - sum(widths)
    made = element("tbl")
    made.append(table_properties())
    grid = element("tblGrid")
    for width in widths:
        grid.append(element("gridCol", w=width))
    made.append(grid)
    for number, line in enumerate(table.placed()):
        row = element("tr")
        properties = element("trPr")
        properties.append(element("cantSplit"))
        if number < table.head:
            properties.append(element("tblHeader"))
        row.append(properties)
        for cell, column, begins in line:
            style = "表头" if cell.heading else "表文居中"
            width = sum(widths[column : column + cell.columns])
            merge: Any = "" if cell.rows == 1 else "restart" if begins else "continue"
            row.append(table_cell(cell_text(cell.text) if begins else "", style, width, cell.columns, merge))
        made.append(row)
    return made
