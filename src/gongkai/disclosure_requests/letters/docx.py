"""A letter as docx in the layout of GB/T 9704-2012 (formats/gbt9704, formats/docx_official)."""

from __future__ import annotations

from typing import BinaryIO

from gongkai.disclosure_requests.letters.content import SEAL, Letter
from gongkai.formats.docx_official import begin, sign
from gongkai.formats.gbt9704 import SIZE_3, set_indent
from gongkai.formats.ledger import cell_text


def write(letter: Letter, stream: BinaryIO) -> None:
    """Title, 发文字号, addressee flush left, paragraphs, contact, 署名, the place of the seal, 成文日期; the layout numbers the pages."""
    document = begin(letter.whole_title)
    document.add_paragraph(cell_text(letter.whole_title), style="公文标题")
    document.add_paragraph(cell_text(letter.number), style="发文字号")
    document.add_paragraph()
    document.add_paragraph(cell_text(f"{letter.addressee}："))
    for paragraph in (*letter.paragraphs, *([letter.contact] if letter.contact else [])):
        document.add_paragraph(cell_text(paragraph), style="公文正文")
    sign(document, letter.agency, "")
    for words in (SEAL, letter.date_words):
        made = document.add_paragraph(cell_text(words), style="公文落款")
        set_indent(made, "right", 4, SIZE_3)
        made.paragraph_format.keep_together = True
    document.save(stream)
