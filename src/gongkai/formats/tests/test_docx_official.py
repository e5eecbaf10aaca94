"""A text as an official document: page, title, headings, indents, signature; nothing in it is taken for anything but words."""

from __future__ import annotations

import io

import docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from gongkai.formats.docx_official import OfficialDocument, Paragraph, write


@pytest.fixture
def document():
    content = OfficialDocument(
        title="清河市财政局2026年实施方案（代拟稿）",
        addressees="各科室：",
        paragraphs=[
            Paragraph("为落实要点，制定本方案。"),
            Paragraph("一、牵头任务", "heading"),
            Paragraph("按月公开。（责任科室：预算科）", "item", "（一）公布财政收支情况。"),
            Paragraph("含\x00控制\x0b字符 {{ field }}"),
        ],
        signature="清河市财政局",
        date_words="　　年　　月　　日",
    )
    buffer = io.BytesIO()
    write(content, buffer)
    return docx.Document(buffer)


def find(document, start):
    return next(p for p in document.paragraphs if p.text.startswith(start))


def test_page_and_title_follow_the_standard(document):
    section = document.sections[0]
    assert abs(section.top_margin - Mm(37)) < Mm(0.2)
    assert abs(section.left_margin - Mm(28)) < Mm(0.2)
    assert document.paragraphs[0].text == "清河市财政局2026年实施方案（代拟稿）"
    assert document.paragraphs[0].style.name == "公文标题"
    assert document.core_properties.title == "清河市财政局2026年实施方案（代拟稿）"


def test_addressees_are_flush_and_text_is_indented_by_two_characters(document):
    assert find(document, "各科室").paragraph_format.first_line_indent is None
    style = find(document, "为落实").style
    assert style.paragraph_format.first_line_indent == Pt(32)
    assert style.element.pPr.find(qn("w:ind")).get(qn("w:firstLineChars")) == "200"


def test_a_heading_has_a_level_and_an_item_its_first_words_in_another_type(document):
    heading = find(document, "一、")
    assert heading.style.element.pPr.find(qn("w:outlineLvl")).get(qn("w:val")) == "0"
    item = find(document, "（一）")
    assert [run.text for run in item.runs] == ["（一）公布财政收支情况。", "按月公开。（责任科室：预算科）"]
    assert item.runs[0]._r.rPr.rFonts.get(qn("w:eastAsia")) == "楷体_GB2312"


def test_signature_and_date_stand_at_the_right(document):
    assert find(document, "清河市财政局").style.name == "公文标题"
    signature = [p for p in document.paragraphs if p.style.name == "公文落款"]
    assert [p.text for p in signature] == ["清河市财政局", "　　年　　月　　日"]
    assert [p.paragraph_format.right_indent for p in signature] == [Pt(32), Pt(64)]


def test_words_stay_words(document):
    assert find(document, "含").text == "含控制字符 {{ field }}"
