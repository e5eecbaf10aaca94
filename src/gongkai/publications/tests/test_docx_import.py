"""A Word document into the draft: structure kept, metadata offered, bad files told in one sentence."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date

import docx
import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from gongkai.publications.drafting.docx_import import read
from gongkai.publications.vocabularies import label_sets
from gongkai.reading.errors import ReadingError

LABELS = label_sets()["national"].labels


def saved(document) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def official() -> bytes:
    document = docx.Document()
    for words in ("清河市发展和改革委员会文件", "清发改〔2026〕12号"):
        document.add_paragraph(words)
    document.add_paragraph("清河市发展和改革委员会关于公布价格监测点的通知")
    document.add_paragraph("各县区发展改革局：")
    document.add_heading("一、总体要求", 1)
    paragraph = document.add_paragraph("为做好价格监测，现将监测点公布如下，各单位应当")
    paragraph.add_run("认真落实").bold = True
    paragraph.add_run("。自2026年5月1日起施行。")
    document.add_heading("（一）范围", 2)
    document.add_paragraph("甲", style="List Bullet")
    document.add_paragraph("乙", style="List Bullet")
    table = document.add_table(rows=3, cols=3)
    header = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(header)
    for cell, words in zip(table.rows[0].cells, ("序号", "名称", "地址"), strict=True):
        cell.text = words
    table.cell(1, 1).merge(table.cell(1, 2)).text = "合并的"
    table.cell(1, 0).merge(table.cell(2, 0)).text = "1"
    sign = document.add_paragraph("清河市发展和改革委员会")
    sign.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    day = document.add_paragraph("2026年4月8日")
    day.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    document.add_paragraph("（此件公开发布）")
    return saved(document)


def with_part(data: bytes, name: str, content: bytes | None) -> bytes:
    """The package with one member changed, added, or taken away."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w") as new:
        for item in old.namelist():
            if item != name:
                new.writestr(item, old.read(item))
        if content is not None:
            new.writestr(name, content)
    return buffer.getvalue()


def test_structure_is_kept():
    html = read(official(), "通知.docx", LABELS).html
    assert "<h2>一、总体要求</h2>" in html and "<h3>（一）范围</h3>" in html
    assert "<ul><li>甲</li><li>乙</li></ul>" in html
    assert "<strong>认真落实</strong>" in html
    assert re.search(r'<thead><tr><th scope="col">序号</th>', html)
    assert '<td colspan="2">合并的</td>' in html and '<td rowspan="2">1</td>' in html
    assert '<p class="right">2026年4月8日</p>' in html


def test_what_the_document_says_of_itself_is_offered():
    found = read(official(), "通知.docx", LABELS)
    said = found.said
    assert said.title == "清河市发展和改革委员会关于公布价格监测点的通知"
    assert (said.doc_number, said.issued_on, said.effective_on) == ("清发改〔2026〕12号", date(2026, 4, 8), date(2026, 5, 1))
    assert (said.label, said.genre) == ("此件公开发布", "notice")
    assert said.addressees == "各县区发展改革局"
    assert found.abstract.startswith("为做好价格监测")
    assert "价格监测点" in found.keywords


def test_footnotes_stand_at_the_end_with_ways_there_and_back():
    data = official()
    main = zipfile.ZipFile(io.BytesIO(data)).read("word/document.xml").decode()
    run = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    main = main.replace("</w:p>", run + "</w:p>", 1)
    data = with_part(data, "word/document.xml", main.encode())
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    notes = f'<w:footnotes {space}><w:footnote w:id="2"><w:p><w:r><w:t>见前文</w:t></w:r></w:p></w:footnote></w:footnotes>'
    data = with_part(data, "word/footnotes.xml", notes.encode())
    rels = zipfile.ZipFile(io.BytesIO(data)).read("word/_rels/document.xml.rels").decode()
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
    rels = rels.replace("</Relationships>", f'<Relationship Id="rIdN" Type="{kind}" Target="footnotes.xml"/></Relationships>')
    html = read(with_part(data, "word/_rels/document.xml.rels", rels.encode()), "x.docx").html
    assert '<a id="ref1" href="#note1" rel="noopener noreferrer">[1]</a>' in html
    assert re.search(r'<ol class="footnotes"><li id="note1">见前文 <a href="#ref1"', html)


def test_a_broken_relationship_costs_what_it_led_to_and_is_told():
    found = read(with_part(official(), "word/numbering.xml", None), "x.docx")
    assert "总体要求" in found.html
    assert any("内部链接断了" in words for words in found.told)
    broken = read(with_part(official(), "word/styles.xml", b"<not xml"), "x.docx")
    assert "价格监测" in broken.html and any("读不出来" in words for words in broken.told)


def hidden() -> bytes:
    document = docx.Document()
    paragraph = document.add_paragraph("看得见")
    run = paragraph.add_run("看不见")
    run._r.get_or_add_rPr().append(OxmlElement("w:vanish"))
    deleted = OxmlElement("w:del")
    gone = OxmlElement("w:r")
    words = OxmlElement("w:delText")
    words.text = "删去的"
    gone.append(words)
    deleted.append(gone)
    paragraph._p.append(deleted)
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), "none")
    paragraph._p.append(link)
    return saved(document)


def test_hidden_and_deleted_words_do_not_come_over():
    assert read(hidden(), "x.docx").html == "<p>看得见</p>"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"just text", "不是 docx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, "旧格式"),
        (b"PK\x03\x04broken", "损坏"),
        (with_part(official(), "word/document.xml", b"<w:document"), "XML|损坏|打开"),
        (with_part(official(), "word/vbaProject.bin", b"x"), "宏"),
        (with_part(official(), "word/document.xml", None), "正文部分"),
        (saved(docx.Document()), "没有文字"),
    ],
)
def test_what_cannot_be_read_is_one_sentence(data, words):
    with pytest.raises(ReadingError, match=words) as refused:
        read(data, "x.docx")
    assert str(refused.value) and "\n" not in str(refused.value)
