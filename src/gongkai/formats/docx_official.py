"""A text with a title, addressees, numbered headings and a signature as an official document in GB/T 9704-2012 layout (see gbt9704).

7.3.1 title; 7.3.2 addressees flush left, ending in a colon; 7.3.3 text indented by two characters, first-level headings 黑体, second-level
楷体; 7.3.5 signature and date at the right.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO, Literal

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Pt

from gongkai.formats.gbt9704 import (
    BODY_FONT,
    HEADING_FONT,
    SIZE_3,
    SUBHEADING_FONT,
    element,
    set_fonts,
    set_indent,
    set_page,
    set_styles,
)
from gongkai.formats.ledger import cell_text

Kind = Literal["text", "heading", "item"]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """`heading`: 一、…; `item`: （一）title, its first words in 楷体 (`lead`), then the text; `text`: plain."""

    text: str
    kind: Kind = "text"
    lead: str = ""


@dataclass(slots=True)
class OfficialDocument:
    """`date_words` stands where the date goes: a date, or blanks to be filled in by hand."""

    title: str
    paragraphs: Sequence[Paragraph]
    addressees: str = ""
    signature: str = ""
    date_words: str = ""


def begin(title: str) -> Any:
    """An empty python-docx document with the page, the styles and the properties of an official document."""
    document = docx.Document()
    set_styles(document)
    set_page(document)
    for name, font, outline in (("公文正文", BODY_FONT, None), ("公文一级标题", HEADING_FONT, 0)):
        style: Any = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = document.styles["Normal"]
        set_fonts(style.element.get_or_add_rPr(), font)
        style.paragraph_format.first_line_indent = Pt(SIZE_3 * 2)
        style.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
        properties = style.element.get_or_add_pPr()
        properties.find(qn("w:ind")).set(qn("w:firstLineChars"), "200")
        if outline is not None:
            properties.append(element("outlineLvl", val=outline))
            style.paragraph_format.keep_with_next = True
    properties = document.core_properties
    properties.author, properties.comments, properties.language = "gongkai", "", "zh-CN"
    properties.title = cell_text(title)[:250]
    return document


def sign(document: Any, signature: str, date_words: str) -> None:
    """署名 and 成文日期 at the right, a line below the text."""
    if signature or date_words:
        document.add_paragraph()
    for line, indent in ((signature, 2), (date_words, 4)):
        if line:
            made = document.add_paragraph(cell_text(line), style="公文落款")
            set_indent(made, "right", indent, SIZE_3)
            made.paragraph_format.keep_together = True


def write(content: OfficialDocument, stream: BinaryIO) -> None:
    """Writes the document. Text never becomes a field, and what XML cannot hold is left out."""
    document = begin(content.title)
    document.add_paragraph(cell_text(content.title), style="公文标题")
    document.add_paragraph()
    if content.addressees:
        document.add_paragraph(cell_text(content.addressees))
    for paragraph in content.paragraphs:
        _paragraph(document, paragraph)
    sign(document, content.signature, content.date_words)
    document.save(stream)


def _paragraph(document: Any, paragraph: Paragraph) -> None:
    if paragraph.kind == "heading":
        document.add_paragraph(cell_text(paragraph.text), style="公文一级标题")
        return
    made = document.add_paragraph(style="公文正文")
    if paragraph.lead:
        set_fonts(made.add_run(cell_text(paragraph.lead))._r.get_or_add_rPr(), SUBHEADING_FONT)
    made.add_run(cell_text(paragraph.text))
