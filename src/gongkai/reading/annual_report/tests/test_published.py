"""Reports as sites publish them, written by hand in the manner of Word and of editors: both layouts, html and docx."""

from __future__ import annotations

import io
from decimal import Decimal
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from gongkai.formats.annual_report.checking import check
from gongkai.formats.annual_report.model import Report
from gongkai.reading.annual_report import read
from gongkai.reading.annual_report.words import value

PUBLISHED = Path(__file__).parent / "published"
TWO_2021 = {
    ("rules", "made"): 0, ("rules", "abolished"): None, ("rules", "valid"): 0,
    ("normative", "made"): 2, ("normative", "abolished"): 1, ("normative", "valid"): 13,
    ("licences", "decisions"): 1234, ("penalties", "decisions"): 56, ("compulsion", "decisions"): None,
    ("charges", "fees"): Decimal("1203.50"),
}  # fmt: skip
TWO_2019 = {
    ("rules", "made"): 0, ("rules", "published"): 0, ("rules", "valid"): 0,
    ("normative", "made"): 5, ("normative", "published"): 5, ("normative", "valid"): 41,
    ("licences", "before"): 23, ("licences", "change"): 2, ("licences", "decisions"): 1118,
    ("services", "before"): 40, ("services", "change"): -3, ("services", "decisions"): 6002,
    ("penalties", "before"): 12, ("penalties", "change"): -1, ("penalties", "decisions"): 7,
    ("compulsion", "before"): 2, ("compulsion", "change"): 0, ("compulsion", "decisions"): 0,
    ("charges", "before"): 3, ("charges", "change"): 0,
    ("procurement", "projects"): 4, ("procurement", "amount"): Decimal("312.6"),
}  # fmt: skip
TOTALS = {"1": 16, "2": 1, "3.1": 6, "3.2": 2, "3.3.4": 1, "3.4.1": 4, "3.5.1": 1, "3.7": 15, "4": 2}
COMPANY = {"1": 3, "3.1": 1, "3.2": 1, "3.4.1": 1, "3.7": 3, "4": 0}


def numbers(report: Report, name: Any) -> dict[Any, Any]:
    return {place: one.number for place, one in report.table(name).items()}


def is_read(data: bytes, name: str, layout: str) -> Report:
    got = read(data, name)
    assert got.remarks == (), [remark.message for remark in got.remarks]
    one = got.report
    assert one.layout == layout
    assert numbers(one, "two") == (TWO_2021 if layout == "2021" else TWO_2019)
    lapsed = {"3.6.1": 1} if layout == "2021" else {"3.6": 1}
    three = {row: one.number("three", row, "total") for row, column in one.three if column == "total"}
    assert {row: n for row, n in three.items() if n} == TOTALS | lapsed
    assert {row: one.number("three", row, "company") for row in COMPANY} == COMPANY
    assert len(one.three) == (175 if layout == "2021" else 161) and len(one.four) == 15
    assert list(one.sections) == list("123456") and all(one.sections[key] for key in "156")
    found = check(one)
    assert found.failures == (), [finding.message for finding in found.failures]
    assert {finding.check for finding in found.warnings} <= {"empty"}
    return one


def test_a_page_out_of_word_in_the_frame_of_a_site() -> None:
    one = is_read((PUBLISHED / "2021.html").read_bytes(), "年报.html", "2021")
    assert (one.agency, one.year) == ("清川市水利局", 2021)
    assert one.number("four", "cases", "review.upheld") == 1 and one.number("four", "cases", "direct.pending") == 1
    assert "政策解读12条" in one.sections["1"] and one.sections["6"].endswith("没有收取信息处理费。")


def test_an_older_page_with_open_cells_in_gb18030_and_headings_without_numbers() -> None:
    one = is_read((PUBLISHED / "2019.html").read_bytes(), "年报.htm", "2019")
    assert (one.agency, one.year) == ("青山县人民政府办公室", 2019)


@pytest.mark.parametrize(
    ("place", "old", "new", "faults"),
    [
        ("a sum of the text", "申请16件", "申请18件", {"narrative"}),
        ("a cell", "<span style=\"font-size:10.5pt;font-family:宋体\">6件&nbsp;", "<span>7件", {"total", "outcomes"}),
        ("a group of table four", ">1件&nbsp;<", ">2件&nbsp;<", {"group"}),
    ],
)  # fmt: skip
def test_one_wrong_number_of_a_published_page_is_named(place: str, old: str, new: str, faults: set[str]) -> None:
    page = (PUBLISHED / "2021.html").read_text("utf-8")
    assert page.count(old) == 1, place
    assert {one.check for one in check(read(page.replace(old, new).encode(), "a.html").report).failures} == faults


# -- the same reports as Word files --------------------------------------------------------------------------------------


def as_word(name: str, numbered: bool, nested: bool) -> bytes:
    """The grid of a published page as a Word file: merged cells by gridSpan and vMerge, headings numbered by Word, a frame of one cell."""
    from lxml import html

    raw = (PUBLISHED / name).read_bytes()
    page = html.fromstring(raw.decode("gb18030" if b"gb2312" in raw else "utf-8"))
    document = docx.Document()
    holder: Any = document
    if nested:
        holder = document.add_table(1, 1).cell(0, 0)
    body = page.xpath('//div[@class="TRS_Editor"]')
    for item in list(body[0] if body else page.find(".//body")):
        if item.tag == "table":
            _table(holder, item)
            holder.add_paragraph()
            continue
        text = "".join(item.itertext()).strip("\u3000 \n")
        if text[1:2] == "、" and numbered:
            paragraph = holder.add_paragraph(text[2:])
            _number(document, paragraph)
        else:
            holder.add_paragraph(text)
    document.save(out := io.BytesIO())
    return out.getvalue()


def _table(holder: Any, item: Any) -> None:
    grid: dict[tuple[int, int], Any] = {}
    starts: list[tuple[int, int, int, int, str]] = []
    rows = item.xpath(".//tr")
    for y, row in enumerate(rows):
        x = 0
        for cell in row.xpath("./td"):
            while (y, x) in grid:
                x += 1
            height, width = int(cell.get("rowspan", 1)), int(cell.get("colspan", 1))
            words = "\n".join("".join(part.itertext()) for part in (cell.xpath(".//p") or [cell]))
            for dy in range(height):
                for dx in range(width):
                    grid[y + dy, x + dx] = cell
            starts.append((y, x, height, width, words))
            x += width
    wide = max(x for _y, x in grid) + 1
    table = holder.add_table(len(rows), wide, "Table Grid") if hasattr(holder, "add_section") else holder.add_table(len(rows), wide)
    for y, x, height, width, words in starts:
        cell = table.cell(y, x)
        if (height, width) != (1, 1):
            cell = cell.merge(table.cell(y + height - 1, x + width - 1))
        cell.text = words


def _number(document: Any, paragraph: Any) -> None:
    """一、二、三… counted by Word: the number stands in no run."""
    part = document.part.numbering_part.element
    if not part.xpath('./w:abstractNum[@w:abstractNumId="77"]'):
        abstract = OxmlElement("w:abstractNum")
        abstract.set(qn("w:abstractNumId"), "77")
        level = OxmlElement("w:lvl")
        level.set(qn("w:ilvl"), "0")
        for tag, words in (("start", "1"), ("numFmt", "chineseCounting"), ("lvlText", "%1、")):
            child = OxmlElement(f"w:{tag}")
            child.set(qn("w:val"), words)
            level.append(child)
        abstract.append(level)
        part.insert(0, abstract)
        number = OxmlElement("w:num")
        number.set(qn("w:numId"), "77")
        child = OxmlElement("w:abstractNumId")
        child.set(qn("w:val"), "77")
        number.append(child)
        part.append(number)
    properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
    properties.get_or_add_numId().val = 77
    properties.get_or_add_ilvl().val = 0


@pytest.mark.parametrize("name", ["2021.html", "2019.html"])
@pytest.mark.parametrize(("numbered", "nested"), [(False, False), (True, False), (False, True)])
def test_word_files_with_merged_cells(name: str, numbered: bool, nested: bool) -> None:
    is_read(as_word(name, numbered, nested), "年报.docx", name[:4])


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("12件", 12), ("１，２３４ 件", 1234), ("+3", 3), ("－2", -2), ("增加5", 5), ("减少3项", -3), ("增2", 2), ("减1", -1), ("↓4", -4),
        ("持平", 0), ("/", None), ("—", None), ("无", None), ("", None), ("约3", None), ("1,23", None), ("3.50万元", Decimal("3.50")),
    ],
)  # fmt: skip
def test_numbers_as_people_write_them(written: str, number: Any) -> None:
    assert value(written).number == number
