"""A booklet, or one document, as docx in the page of GB/T 9704-2012: cover, table of contents, each document with its metadata and mark.

The entries of the contents are there from the start; their page numbers are fields, which the word processor fills in when the file opens.
"""

from __future__ import annotations

from typing import Any, BinaryIO

from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from gongkai.formats.docx_official import begin, sign
from gongkai.formats.gbt9704 import HEADING_FONT, SIZE_2, SIZE_3, SUBHEADING_FONT, TITLE_FONT, TYPE_AREA_MM, element, set_fonts
from gongkai.formats.ledger import cell_text, chinese_date
from gongkai.publications.topics.booklets_blocks import Block, Cell
from gongkai.publications.topics.booklets_content import Book, Chapter

ALIGNED = {"center": WD_ALIGN_PARAGRAPH.CENTER, "right": WD_ALIGN_PARAGRAPH.RIGHT}


def write_book(book: Book, stream: BinaryIO) -> None:
    document = begin(book.title)
    document.settings.element.append(element("updateFields", val="true"))
    _cover(document, book)
    _contents(document, book)
    for chapter in book.chapters:
        _page_break(document)
        _chapter(document, chapter, bookmark=True)
    document.save(stream)


def write_single(chapter: Chapter, stream: BinaryIO) -> None:
    """One document as its agency would print it: 发文字号, title, text, signature; the mark above where it has one."""
    document = begin(chapter.title)
    facts = dict(chapter.facts)
    if number := facts.get("发文字号"):
        document.add_paragraph(cell_text(number), style="发文字号")
    _chapter(document, chapter, bookmark=False)
    document.save(stream)


def _page_break(document: Any) -> None:
    document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)


def _styled(document: Any, text: str, font: str, size: float, align: Any) -> Any:
    made = document.add_paragraph()
    made.alignment = align
    run = made.add_run(cell_text(text))
    run.font.size = Pt(size)
    set_fonts(run._r.get_or_add_rPr(), font)
    made.paragraph_format.line_spacing = Pt(size * 1.6)
    return made


def _cover(document: Any, book: Book) -> None:
    for _n in range(5):
        document.add_paragraph()
    _styled(document, book.title, TITLE_FONT, 32, WD_ALIGN_PARAGRAPH.CENTER)
    document.add_paragraph()
    _styled(document, book.kind, SUBHEADING_FONT, SIZE_2, WD_ALIGN_PARAGRAPH.CENTER)
    for _n in range(8):
        document.add_paragraph()
    _styled(document, book.agency, SUBHEADING_FONT, SIZE_2, WD_ALIGN_PARAGRAPH.CENTER)
    _styled(document, f"{chinese_date(book.on)}编", SUBHEADING_FONT, SIZE_3, WD_ALIGN_PARAGRAPH.CENTER)
    for line in book.introduction.splitlines():
        if line.strip():
            document.add_paragraph(cell_text(line.strip()), style="公文正文")


def _contents(document: Any, book: Book) -> None:
    _page_break(document)
    document.add_paragraph("目录", style="公文标题")
    for heading, chapters in book.parts:
        if heading:
            made = document.add_paragraph()
            set_fonts(made.add_run(cell_text(heading))._r.get_or_add_rPr(), HEADING_FONT)
        for chapter in chapters:
            _entry(document, chapter)


def _entry(document: Any, chapter: Chapter) -> None:
    """Title …… page, the page a PAGEREF field to the bookmark of the chapter."""
    made = document.add_paragraph()
    made.paragraph_format.left_indent = Pt(SIZE_3)
    tabs = element("tabs")
    tabs.append(element("tab", val="right", leader="dot", pos=round(Mm(TYPE_AREA_MM[0]).twips)))
    made._p.get_or_add_pPr().append(tabs)
    words = f"{chapter.number}. {chapter.title}" + (f"（{chapter.state.words}）" if chapter.state.is_marked else "")
    made.add_run(cell_text(words))
    run = made.add_run()
    run.add_tab()
    instruction = element("instrText")
    instruction.text = f" PAGEREF {chapter.anchor} \\h "
    for piece in (element("fldChar", fldCharType="begin"), instruction, element("fldChar", fldCharType="separate")):
        run._r.append(piece)
    shown = element("t")
    shown.text = " "
    run._r.append(shown)
    run._r.append(element("fldChar", fldCharType="end"))


def _chapter(document: Any, chapter: Chapter, *, bookmark: bool) -> None:
    title = document.add_paragraph(cell_text(chapter.title), style="公文标题")
    title._p.get_or_add_pPr().append(element("outlineLvl", val=0))
    if bookmark:
        _bookmark(title, chapter)
    if chapter.mark:
        made = document.add_paragraph()
        made.alignment = WD_ALIGN_PARAGRAPH.CENTER
        set_fonts(made.add_run(cell_text(f"（{chapter.mark}）"))._r.get_or_add_rPr(), SUBHEADING_FONT)
    if bookmark:
        _table(document, tuple((Cell(name, True), Cell(words)) for name, words in chapter.facts))
    document.add_paragraph()
    for block in chapter.blocks:
        _block(document, block)
    sign(document, chapter.signature, chapter.date_words)


def _bookmark(paragraph: Any, chapter: Chapter) -> None:
    paragraph._p.append(element("bookmarkStart", id=chapter.number, name=chapter.anchor))
    paragraph._p.append(element("bookmarkEnd", id=chapter.number))


def _block(document: Any, block: Block) -> None:
    if block.kind == "table":
        _table(document, block.cells)
    elif block.kind == "rule":
        document.add_paragraph()
    elif block.kind == "heading" and block.level == 1:
        document.add_paragraph(cell_text(block.text), style="公文一级标题")
    else:
        made = document.add_paragraph(style="公文正文")
        if block.align:
            made.alignment = ALIGNED[block.align]
            made.paragraph_format.first_line_indent = Pt(0)
            made._p.pPr.find(qn("w:ind")).set(qn("w:firstLineChars"), "0")
        if block.kind == "item" and block.level:
            made.paragraph_format.left_indent = Pt(SIZE_3 * 2 * block.level)
        for piece in block.runs:
            run = made.add_run(cell_text(piece.text))
            run.bold = piece.bold or None
            if block.kind == "heading":
                set_fonts(run._r.get_or_add_rPr(), SUBHEADING_FONT)


def _table(document: Any, rows: tuple[tuple[Cell, ...], ...]) -> None:
    """A grid with merged cells as the html has them; a cell that would overlap another goes to the next free place."""
    places, width = layout(rows)
    if not width:
        return
    table = document.add_table(rows=len(rows), cols=width)
    table.style = "Table Grid"
    for row, column, cell in places:
        made = table.cell(row, column)
        last_row, last_column = min(row + cell.rows, len(rows)) - 1, min(column + cell.columns, width) - 1
        if (last_row, last_column) != (row, column):
            made = made.merge(table.cell(last_row, last_column))
        made.text = ""
        paragraph = made.paragraphs[0]
        paragraph.style = document.styles["表头" if cell.head else "表文"]
        paragraph.add_run(cell_text(cell.text))
    if rows and all(cell.head for cell in rows[0]):
        table.rows[0]._tr.get_or_add_trPr().append(element("tblHeader"))
    document.add_paragraph()


def layout(rows: tuple[tuple[Cell, ...], ...]) -> tuple[list[tuple[int, int, Cell]], int]:
    """Where each cell of a table with spans stands: (row, column, cell), and how many columns there are. Spans never overlap: a row span
    is cut where a later cell could not be placed otherwise."""
    taken: set[tuple[int, int]] = set()
    places, width = [], 0
    for y, row in enumerate(rows):
        x = 0
        for cell in row:
            while (y, x) in taken:
                x += 1
            columns = 1
            while columns < cell.columns and (y, x + columns) not in taken:
                columns += 1
            fitted = Cell(cell.text, cell.head, columns, min(cell.rows, len(rows) - y))
            places.append((y, x, fitted))
            taken |= {(y + dy, x + dx) for dy in range(fitted.rows) for dx in range(columns)}
            x += columns
            width = max(width, x)
    return places, width
