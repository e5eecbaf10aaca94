"""Copies: screened again nothing is left that could be taken out, and the rest is as it was."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import openpyxl
import pikepdf
import pytest
from docx import Document
from PIL import Image

from gongkai.reading.errors import ReadingError
from gongkai.screening.copies import chosen, fit_to_publish, for_public, stripped
from gongkai.screening.copies.html import fragment
from gongkai.screening.model import Report
from gongkai.screening.rules import in_force
from gongkai.screening.screening import screen
from gongkai.screening.tests import made
from tests.screening_set import I1, I2, I3

TODAY = date(2026, 11, 22)


def rules(data: bytes, name: str) -> set[str]:
    (report,) = screen(data, name, TODAY)
    assert isinstance(report, Report), report
    return {finding.rule for finding in report.findings}


def test_docx_stripped_keeps_its_content():
    copy = stripped(made.docx_file(), "a.docx")
    assert rules(copy, "a.docx") == {"id_number.18", "name_table", "secrecy.internal"}
    document = Document(io.BytesIO(copy))
    assert [paragraph.text for paragraph in document.paragraphs] == [
        "补助发放公告",
        f"领取人身份证号{I1}，已核对。",
        "其余从略。补写一句。",
    ]
    assert document.paragraphs[1].runs[1].bold and document.paragraphs[0].style.name == "Heading 1"
    assert document.tables[0].cell(1, 1).text == I2 and document.core_properties.author == ""


def test_docx_masked_across_its_runs():
    copy = fit_to_publish(made.docx_file(), "a.docx")
    assert rules(copy, "a.docx") == {"secrecy.internal"}  # a mark of secrecy is never masked away
    document = Document(io.BytesIO(copy))
    assert document.paragraphs[1].text == f"领取人身份证号{I1[:2]}*************{I1[-3:]}，已核对。"
    assert document.tables[0].cell(2, 1).text == f"{I3[:2]}*************{I3[-3:]}"
    assert_nothing_left(copy)


def test_xlsx_without_what_was_hidden():
    copy = stripped(made.xlsx_file(), "a.xlsx")
    assert rules(copy, "a.xlsx") == {"id_number.18"}
    book = openpyxl.load_workbook(io.BytesIO(copy))
    assert book.sheetnames == ["公告"]
    rows = [[cell.value for cell in row[:3]] for row in book["公告"].iter_rows()]
    assert rows[0] == ["姓名", "身份证号", "金额"] and rows[1] == ["甲某", I1, 620] and rows[3][0] == "合计"


def test_xlsx_masked_cell_by_cell():
    copy = fit_to_publish(made.xlsx_file(), "a.xlsx")
    assert rules(copy, "a.xlsx") == set()
    assert openpyxl.load_workbook(io.BytesIO(copy))["公告"]["B2"].value == f"{I1[:2]}*************{I1[-3:]}"
    assert_nothing_left(copy)


def test_formulas_stay_where_nothing_was_hidden():
    book = openpyxl.Workbook()
    book.active.append([1, 2, "=A1+B1"])
    copy = stripped(made.bytes_of(book.save), "a.xlsx")
    assert openpyxl.load_workbook(io.BytesIO(copy)).active["C1"].value == "=A1+B1"


def test_pdf_without_properties_remarks_attachments_and_layers():
    copy = stripped(made.pdf_file(), "a.pdf")
    assert rules(copy, "a.pdf") == {"id_number.18"}
    with pikepdf.open(io.BytesIO(copy)) as document:
        assert len(document.pages) == 2 and len(document.attachments) == 0
        assert [str(item.Subtype) for item in document.pages[0].obj.Annots] == ["/Link"]
        streams = b"".join(item.read_bytes() for item in document.objects if isinstance(item, pikepdf.Stream))
    assert b"hidden" not in streams and I3.encode() not in streams


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_pictures_keep_every_pixel(form):
    data = made.picture_file(form)
    copy = stripped(data, "a.jpg")
    assert rules(copy, "a.jpg") == {"hidden.unread"}
    with Image.open(io.BytesIO(data)) as before, Image.open(io.BytesIO(copy)) as after:
        assert before.tobytes() == after.tobytes()
        if form == "JPEG":
            assert dict(after.getexif()) == {0x0112: 6}


def test_what_follows_the_end_of_a_picture_goes():
    assert stripped(made.picture_file() + made.picture_file("PNG") + b"13812345678", "a.jpg") == stripped(made.picture_file(), "a.jpg")


def test_text_and_csv():
    assert fit_to_publish("电话13812341234。".encode("gb18030"), "a.txt").decode() == "电话138****1234。"
    assert I1 not in fit_to_publish(f"姓名,身份证号\n甲,{I1}\n".encode(), "a.csv").decode()


def test_a_gif_is_refused_in_a_sentence():
    with pytest.raises(ReadingError, match="这种图片不能去除属性"):
        fit_to_publish(made.bytes_of(lambda out: Image.new("RGB", (4, 4)).save(out, "GIF")), "a.gif")


def test_a_page_without_what_it_hides():
    copy = fit_to_publish(made.html_file(), "a.html")
    assert rules(copy, "a.html") == set()
    assert f"领取人{I1[:2]}{'*' * 13}{I1[-3:]}<b></b>".encode() in copy
    assert "<th>姓名</th><th>身份证号</th>".encode() in copy, "the head of a table is not masked away with its numbers"
    assert not any(secret.encode() in copy for secret in made.SECRETS)


def test_a_fragment_is_masked_inside_its_elements():
    choose = chosen({("id_number.18", "")}, in_force(TODAY))
    shown = f'<p>领取人<strong>{I1[:6]}</strong>{I1[6:]}，电话13812345678 &amp; 其他</p><p><a href="/x?a=1&amp;b=2">{I2}</a></p>'
    masked = fragment(shown, choose)
    star = "*" * 13
    assert masked == (
        f"<p>领取人<strong>{I1[:2]}{star}{I1[-3:]}</strong>，电话13812345678 &amp; 其他</p>"
        f'<p><a href="/x?a=1&amp;b=2">{I2[:2]}{star}{I2[-3:]}</a></p>'
    )
    assert fragment(masked, choose) == masked and fragment("  <p>没有</p>", choose) == "  <p>没有</p>"


def test_only_what_was_chosen_is_masked():
    text = f"甲 身份证号{I1}\n乙 身份证号{I2}\n电话13812345678\n"
    one = for_public(text.encode(), "a.txt", chosen({("id_number.18", f"{I1[:2]}{'*' * 13}{I1[-3:]}")}, in_force(TODAY))).decode()
    assert I1 not in one and I2 in one and "13812345678" in one
    table = f"姓名\t身份证号\n甲\t{I1}\n乙\t{I2}\n"
    assert for_public(table.encode(), "a.txt", chosen({("name_table", "")}, in_force(TODAY))).decode() == table


def test_members_of_a_zip_are_copied_one_by_one():
    copy = fit_to_publish(made.zip_file({"表/a.xlsx": made.xlsx_file(), "b.txt": f"身份证号{I1}"}), "外.zip")
    with zipfile.ZipFile(io.BytesIO(copy)) as opened:
        assert opened.namelist() == ["表/a.xlsx", "b.txt"] and I1.encode() not in opened.read("b.txt")
    with pytest.raises(ReadingError, match="不能去除属性"):
        gif = made.bytes_of(lambda out: Image.new("RGB", (4, 4)).save(out, "GIF"))
        stripped(made.zip_file({"a.gif": gif}), "外.zip")


def test_ofd_without_what_it_hides_unless_it_is_sealed():
    copy = stripped(made.ofd_file(), "a.ofd")
    assert rules(copy, "a.ofd") == {"id_number.18"}
    with zipfile.ZipFile(io.BytesIO(copy)) as opened:
        assert "Doc_0/Attachs/list.csv" not in opened.namelist() and I2.encode() not in opened.read("Doc_0/Pages/Page_0/Content.xml")
    members = {"OFD.xml": "<a/>", "Doc_0/Signs/Sign_0/Signature.xml": "<a/>"}
    with pytest.raises(ReadingError, match="已经签章"):
        stripped(made.zip_file(members), "a.ofd")


def test_a_broken_file_is_refused_in_a_sentence():
    for data, name in ((made.docx_file()[:3000], "a.docx"), (made.picture_file()[:40], "a.jpg"), (made.pdf_file()[:500], "a.pdf")):
        with pytest.raises(ReadingError):
            stripped(data, name)


def assert_nothing_left(copy: bytes) -> None:
    """No part of the package holds a value any more, shown or not."""
    with zipfile.ZipFile(io.BytesIO(copy)) as package:
        for member in package.namelist():
            text = package.read(member).decode("utf-8", "ignore")
            assert not [secret for secret in made.SECRETS if secret in text], member
