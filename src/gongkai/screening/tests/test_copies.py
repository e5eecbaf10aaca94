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
from gongkai.screening.copies import fit_to_publish, stripped
from gongkai.screening.model import Report
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


@pytest.mark.parametrize("name", ["a.html", "a.zip"])
def test_other_kinds_are_refused_in_a_sentence(name):
    data = made.html_file() if name == "a.html" else made.zip_file({"a.txt": "字"})
    with pytest.raises(ReadingError, match="不能为"):
        fit_to_publish(data, name)


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
