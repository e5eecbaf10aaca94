"""Every hidden place of every format is found, and nothing found shows the value."""

from __future__ import annotations

import json
from datetime import date

import pytest

from gongkai.reading.errors import ReadingError
from gongkai.screening.model import Report
from gongkai.screening.screening import MOST_OF_A_KIND, screen
from gongkai.screening.tests import made
from tests.screening_set import I1, I2

TODAY = date(2026, 11, 22)


def found(data: bytes, name: str) -> set[tuple[str, str]]:
    """(rule, where) of the findings in the one document of a file."""
    (report,) = screen(data, name, TODAY)
    assert isinstance(report, Report), report
    text = json.dumps(report.to_dict(), ensure_ascii=False)
    assert not [secret for secret in made.SECRETS if secret in text]
    return {(finding.rule, finding.where) for finding in report.findings}


def test_docx():
    assert found(made.docx_file(), "公告.docx") == {
        ("id_number.18", "paragraph 2"),
        ("name_table", "paragraph 3"),
        ("id_number.18", "paragraph 6"),
        ("id_number.18", "paragraph 8"),
        ("hidden.text", "paragraph 9"),
        ("mobile", "paragraph 9"),
        ("hidden.revision", "paragraph 9"),
        ("id_number.18", "paragraph 9"),
        ("secrecy.internal", "header1 paragraph 1"),
        ("hidden.comment", "comment 1"),
        ("email", "comment 1"),
        ("metadata.person", "docProps/core.xml"),
    } | {("metadata.person", "docProps/core.xml")}


def test_xlsx():
    assert found(made.xlsx_file(), "名单.xlsx") == {
        ("id_number.18", "sheet 公告!B2"),
        ("hidden.row", "sheet 公告!A3"),
        ("id_number.18", "sheet 公告!B3"),
        ("hidden.column", "sheet 公告!D1"),
        ("bank_card.form", "sheet 公告!D2"),
        ("hidden.comment", "sheet 公告!A2"),
        ("mobile", "sheet 公告!A2"),
        ("hidden.sheet", "sheet 名单!A1"),
        ("id_number.18", "sheet 名单!B1"),
        ("id_number.18", "sheet 名单!C17"),
        ("metadata.person", "docProps/core.xml"),
    }


def test_pdf():
    assert found(made.pdf_file(), "公告.pdf") >= {
        ("id_number.18", "page 2"),
        ("hidden.layer", "layers"),
        ("hidden.annotation", "page 1"),
        ("id_number.18", "page 1"),
        ("hidden.attachment", "attachments"),
        ("metadata.person", "PDF Info"),
    }


def test_html():
    rules = found(made.html_file(), "公告.html")
    assert {rule for rule, _ in rules} == {
        "id_number.18", "name_table", "hidden.html", "hidden.html_comment", "mobile", "metadata.person",
    }  # fmt: skip
    assert ("id_number.18", "line 2") in rules and ("mobile", "comment line 2") in rules


def test_ofd():
    rules = {rule for rule, _ in found(made.ofd_file(), "公告.ofd")}
    assert rules == {"id_number.18", "hidden.layer", "hidden.attachment", "metadata.person"}


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_pictures(form):
    assert {rule for rule, _ in found(made.picture_file(form), "现场.jpg")} >= {
        "metadata.location", "metadata.person", "metadata.picture", "hidden.unread",
    }  # fmt: skip


def test_a_picture_is_read_where_text_recognition_is_installed(monkeypatch):
    from gongkai.reading.files import ocr

    monkeypatch.setattr(ocr, "is_enabled", lambda: True)
    monkeypatch.setattr(ocr, "_engine", lambda: lambda data: type("Seen", (), {"txts": (f"身份证{I1}",)}))
    rules = {rule for rule, _ in found(made.picture_file(), "现场.jpg")}
    assert "id_number.18" in rules and "hidden.unread" not in rules


def test_csv_and_text():
    assert found(f'姓名,证件号码\n"甲某","{I1}"\n乙某,{I2}\n'.encode(), "名单.csv") == {
        ("name_table", "row 1"), ("id_number.18", "row 2"), ("id_number.18", "row 3"),
    }  # fmt: skip
    assert found(f"第一行\n\n电话13812345678\n# {I1}".encode("gb18030"), "a.txt") == {("mobile", "line 3"), ("id_number.18", "line 4")}
    assert found("关于召开会议的通知\n请准时参加。".encode(), "a.txt") == set()


def test_a_picture_in_a_document_tells_its_place():
    from docx import Document

    document = Document()
    import io

    document.add_picture(io.BytesIO(made.picture_file()))
    assert ("metadata.location", "word/media/image1.jpg") in found(made.bytes_of(document.save), "a.docx")


def test_members_of_a_zip_stand_by_themselves():
    data = made.zip_file(
        {
            "a.xlsx": made.xlsx_file(),
            "b/公告.txt": f"身份证{I1}".encode(),
            "bad.docx": b"PK\x03\x04nothing",
            "c.doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600,
        }
    )
    results = list(screen(data, "包.zip", TODAY))
    assert [item.file for item in results if isinstance(item, Report)] == ["包.zip!a.xlsx", "包.zip!b/公告.txt"]
    assert [item.name for item in results if isinstance(item, ReadingError)] == ["包.zip!bad.docx", "包.zip!c.doc"]


def test_many_findings_are_counted():
    (report,) = screen("\n".join(f"电话{13800000000 + n}" for n in range(MOST_OF_A_KIND + 7)).encode(), "a.txt", TODAY)
    assert len(report.findings) == MOST_OF_A_KIND + 1 and report.findings[-1].masked == "另有 7 处"


def hostile() -> dict[str, bytes]:
    bomb = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c"><!ENTITY d "&b;&b;&b;">]><a>&d;</a>'
    book = made.xlsx_file()
    return {
        "empty.txt": b"",
        "cut.docx": made.docx_file()[:3000],
        "cut.xlsx": book[: len(book) // 2],
        "cut.pdf": made.pdf_file()[:400],
        "cut.jpg": made.picture_file()[:40],
        "entities.docx": made.zip_file({"[Content_Types].xml": b"<Types/>", "word/document.xml": bomb}),
        "entities.xlsx": made.zip_file({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": bomb}),
        "bomb.xlsx": made.zip_file({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<a>" + b" " * 40_000_000 + b"</a>"}),
        "bomb.docx": made.zip_file({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<a>" + b" " * 140_000_000 + b"</a>"}),
        "nested.zip": made.zip_file({"a.zip": made.zip_file({"b.zip": made.zip_file({"c.txt": "字"})})}),
        "other.docx": b"MZ" + b"\0" * 600,
        "deep.html": b"<html><body>" + b"<div>" * 100_000,
    }


@pytest.mark.parametrize("name", sorted(hostile()))
def test_a_hostile_file_is_one_sentence(name):
    (result,) = screen(hostile()[name], name, TODAY)
    assert isinstance(result, ReadingError), result
    assert str(result).startswith(name) and str(result).endswith("。") and "\n" not in str(result)


def test_a_number_that_a_sheet_holds_as_a_number():
    import io

    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(["手机", 13812345678, 1.3812345678e10])
    out = io.BytesIO()
    book.save(out)
    assert found(out.getvalue(), "a.xlsx") >= {("mobile", "sheet Sheet!B1"), ("mobile", "sheet Sheet!C1")}
