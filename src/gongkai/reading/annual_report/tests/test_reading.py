"""What the writers write is read again as it was; what people publish is read in spite of how they do it."""

from __future__ import annotations

import dataclasses
import io
import re
import time
from decimal import Decimal

import docx
import pytest
from hypothesis import given, settings

from gongkai.formats.annual_report import writing_docx, writing_html
from gongkai.formats.annual_report.checking import check
from gongkai.formats.annual_report.model import cell
from gongkai.formats.annual_report.tests.made import report, reports
from gongkai.reading.annual_report import read
from gongkai.reading.errors import ReadingError


def html(one):
    return writing_html.page(one)


def as_docx(one):
    stream = io.BytesIO()
    writing_docx.write(one, stream)
    return stream.getvalue()


@settings(max_examples=40, deadline=None)
@given(reports())
def test_html_written_is_read_as_it_was(one):
    got = read(html(one).encode(), "年报.html")
    assert got.remarks == () and got.report == one


@settings(max_examples=10, deadline=None)
@given(reports())
def test_docx_written_is_read_as_it_was(one):
    got = read(as_docx(one), "年报.docx")
    assert got.remarks == () and got.report == one


def test_empty_cells_and_fractions_survive():
    one = report(1)
    one = dataclasses.replace(
        one,
        two={**one.two, ("charges", "fees"): cell(Decimal("12.35")), ("licences", "decisions"): cell(None)},
        four={**one.four, ("cases", "direct.other"): cell(None)},
    )
    assert read(html(one).encode(), "a.html").report == one
    assert read(as_docx(one), "a.docx").report == one


def spoiled(page: str, how: str) -> str:
    if how == "spaced":
        return page.replace("</td>", "\u00a0\n </td>").replace("结果维持", "结 果<br>维 持").replace("自然人", "<p>自&nbsp;然</p><p>人</p>")
    if how == "full width":
        return re.sub(r"(<td[^>]*>)(\d+)", lambda m: m[1] + m[2].translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789"}), page)
    if how == "split across pages":
        parts = re.split(r'(?=<tr><th id="three-row3.5.2")', page)
        return "</tbody></table><p>— 3 —</p><table><tbody>".join(parts)
    if how == "nested":
        return page.replace("<main>", "<table><tr><td><table><tr><td>").replace("</main>", "</td></tr></table></td></tr></table>")
    if how == "wrapped label":
        row = re.search(r'<tr><th id="three-row3.3.6">.*?</tr>', page)[0]
        blank = "<tr><th>6.属于四类过程</th>" + "<td></td>" * 7 + "</tr>"
        return (
            page.replace(row, blank + row.replace("6.属于四类过程性信息", "性信息"))
            .replace('rowspan="8"', 'rowspan="9"')
            .replace('rowspan="22"', 'rowspan="23"')
        )
    if how == "slips of the pen":
        return (
            page.replace("危及“三安全一稳定”", "危及三安全一稳定")
            .replace("保护第三方合法权益", "保护第三方合法利益")
            .replace("1.信访", "1、信访")
        )
    if how == "no ids":
        page = re.sub(r' (?:id|headers)="[^"]*"', "", page).replace("<thead>", "").replace("</thead>", "")
        return page.replace("<th", "<td").replace("</th>", "</td>")
    if how == "results in one row":
        first = re.search(r'(?:<th id="four-review-[a-z]+" rowspan="2">[^<]*</th>)+', page)[0]
        page = page.replace(first, "").replace(
            '<th id="four-direct-upheld">', first.replace(' rowspan="2"', "") + '<th id="four-direct-upheld">'
        )
        return page.replace('<th id="four-review" colspan="5">', '<th id="four-review" rowspan="2" colspan="5">')
    if how == "tables apart":
        return re.sub(r'(<tr><th id="two-20\.[568]")', r"</tbody></table><p></p><table><tbody>\1", page)
    if how == "other headings":
        return page.replace("四、政府信息公开行政复议、行政诉讼情况", "四、因政府信息公开工作被申请行政复议、提起行政诉讼情况").replace(
            "五、存在的主要问题及改进情况", "五、政府信息公开工作存在的主要问题及改进情况"
        )
    return page


HOW = [
    "spaced",
    "full width",
    "split across pages",
    "nested",
    "wrapped label",
    "slips of the pen",
    "no ids",
    "other headings",
    "results in one row",
    "tables apart",
]


@pytest.mark.parametrize("how", HOW)
def test_reports_are_read_however_they_are_published(how):
    one = report(11)
    page = spoiled(html(one), how)
    assert page != html(one)
    got = read(page.encode(), "年报.html")
    assert [remark for remark in got.remarks if "没有读" in remark.message] == []
    assert {p: v.number for p, v in got.report.three.items()} == {p: v.number for p, v in one.three.items()}
    assert {p: v.number for p, v in got.report.two.items()} == {p: v.number for p, v in one.two.items()}
    assert {p: v.number for p, v in got.report.four.items()} == {p: v.number for p, v in one.four.items()}
    assert got.report.sections.keys() == one.sections.keys() and got.report.year == 2023 and got.report.agency == one.agency
    assert check(got.report).failures == ()


def test_columns_in_another_order_are_known_by_their_heads():
    one = report(12)
    page = html(one)

    def swapped(match):
        cells = re.findall(r"<t[dh] [^>]*>[^<]*</t[dh]>", match[0])
        first = len(cells) - 7 if len(cells) > 6 else 0
        cells[first + 1 if len(cells) > 6 else 0], cells[first + 2 if len(cells) > 6 else 1] = (
            cells[first + 2 if len(cells) > 6 else 1],
            cells[first + 1 if len(cells) > 6 else 0],
        )
        return "<tr>" + "".join(cells) + "</tr>"

    page = re.sub(r'<tr>(?:<th id="three-company">|<th id="three-row).*?</tr>', swapped, page)
    assert page != html(one) and read(page.encode(), "a.html").report.three == one.three


def test_a_row_with_a_cell_too_few_is_reported_and_nothing_shifts():
    one = report(13)
    page = re.sub(r'(<th id="three-row3.4.2".*?</th>)<td[^>]*>\d+</td>', r"\1", html(one))
    got = read(page.encode(), "a.html")
    assert [remark.where for remark in got.remarks] == ["表三“2.没有现成信息需要另行制作”"]
    assert ("3.4.2", "person") not in got.report.three and len(got.report.three) == len(one.three) - 7
    assert ("row", "3.4.2") in {(f.check, f.row) for f in check(got.report, unread=got.remarks).failures}


def test_a_wrong_number_is_found_in_a_published_page():
    one = report(14)
    page = re.sub(r'(<th id="three-row3.1".*?</th><td[^>]*>)(\d+)', lambda m: m[1] + str(int(m[2]) + 1), html(one))
    found = check(read(page.encode(), "a.html").report).failures
    assert {(f.check, f.column) for f in found} == {("total", "total"), ("outcomes", "person")}


def test_other_files_get_one_sentence():
    for data, name in (
        (b"%PDF-1.4 broken", "a.pdf"),
        ("一、总体情况\n很好".encode(), "a.txt"),
        (b"<html><body><p>hello</p></body></html>", "a.html"),
    ):
        with pytest.raises(ReadingError, match="。$"):
            read(data, name)


def test_a_document_without_tables_names_what_is_missing():
    document = docx.Document()
    for line in ("清川市2023年政府信息公开工作年度报告", "一、总体情况", "好。", "二、主动公开政府信息情况"):
        document.add_paragraph(line)
    stream = io.BytesIO()
    document.save(stream)
    got = read(stream.getvalue(), "a.docx").report
    assert (got.agency, got.year, got.sections["1"]) == ("清川市", 2023, "好。")
    assert {f.where for f in check(got).failures} >= {"表二", "表三", "表四", "六、其他需要报告的事项"}


def test_reading_stays_quick_on_a_large_strange_page():
    page = "<table>" + ("<tr><td>其他</td>" + "<td>1</td>" * 7 + "</tr>") * 3000 + "</table><p>一、总体情况</p><p>二、主动公开</p>"
    began = time.perf_counter()
    read(page.encode(), "a.html")
    assert time.perf_counter() - began < 20
