"""`gongkai report check` and `annual`: the contract of its JSON, its exit statuses, and one sentence for what cannot be read."""

from __future__ import annotations

import io
import json
import re

import pytest

from gongkai.conftest import *  # noqa: F403
from gongkai.formats.annual_report import writing_docx, writing_html
from gongkai.formats.annual_report.tests.made import report
from gongkai.reading.annual_report import read
from tests.cli_runner import call, complaint


@pytest.fixture
def page(tmp_path):
    path = tmp_path / "年报.html"
    path.write_text(writing_html.page(report(21)), "utf-8")
    return path


def wrong(page):
    text = re.sub(r'(<th id="three-row3.1".*?</th><td[^>]*>)(\d+)', lambda m: m[1] + str(int(m[2]) + 1), page.read_text("utf-8"))
    path = page.with_name("错.html")
    path.write_text(text, "utf-8")
    return path


def test_a_report_that_adds_up_gives_status_0_and_the_cells_as_read(page):
    result = call("report", "check", page, "--format", "json")
    assert result.returncode == 0, result.stderr.decode()
    found = json.loads(result.stdout)
    assert found["file"] == "年报.html" and found["layout"] == "2021" and found["failures"] == []
    assert found["tables"]["three"]["1"]["total"] == report(21).number("three", "1", "total")


def test_a_report_that_does_not_gives_status_1_and_each_identity(page):
    result = call("report", "check", wrong(page), "--format", "json")
    assert result.returncode == 1
    failures = json.loads(result.stdout)["failures"]
    assert {(one["check"], one["column"], one["found"] - one["expected"]) for one in failures} == {
        ("total", "total", -1),
        ("outcomes", "person", -1),
    }
    table = call("report", "check", wrong(page)).stdout.decode()
    assert "2 处不符" in table and "自然人" in table and "清川市水利局，2023 年，2021年格式。" in table


def test_docx_and_the_older_layout(tmp_path):
    stream = io.BytesIO()
    writing_docx.write(report(22, "2019"), stream)
    path = tmp_path / "旧.docx"
    path.write_bytes(stream.getvalue())
    result = call("report", "check", path, "-f", "json")
    assert result.returncode == 0 and json.loads(result.stdout)["layout"] == "2019"


def test_last_year_and_a_neighbour_are_compared(page, tmp_path):
    last, neighbour = tmp_path / "上年.html", tmp_path / "邻县.html"
    last.write_text(writing_html.page(report(23, year=2022)), "utf-8")
    neighbour.write_text(writing_html.page(report(21)), "utf-8")
    result = call("report", "check", page, "--last-year", last, "--other", neighbour, "-f", "json")
    found = json.loads(result.stdout)
    assert result.returncode == 1 and "carried_over" in {one["check"] for one in found["failures"]}
    assert [one["other"] for one in found["likeness"]] == ["上年报告", str(neighbour)]


def test_several_reports_give_a_line_each_and_an_unreadable_one_spoils_nothing(page, tmp_path):
    broken = tmp_path / "坏.docx"
    broken.write_bytes(b"PK\x03\x04 nothing")
    result = call("report", "check", page, broken, page.parent / "没有.html", "-f", "json")
    assert result.returncode == 2 and result.stderr.decode().count("\n") == 2
    assert json.loads(result.stdout)["file"] == "年报.html"


def test_bad_use_gets_one_sentence(page):
    assert "只能和一份报告比" in complaint(call("report", "check", page, page, "--last-year", page))
    assert "只能读一次" in complaint(call("report", "check", "-", "--last-year", "-"))
    complaint(call("report", "check", page, "--format", "xlsx"))
    complaint(call("report", "check", page, "--other", page.parent / "没有.html"))


# -- gongkai report annual ---------------------------------------------------------------------------------------------


@pytest.fixture
def department(cast):
    from gongkai.reports.tests.making import YEAR, case, written

    case(cast.reform, 1, closed=None)
    return ("report", "annual", "--agency", cast.reform.code, "--year", YEAR), written(cast)


def test_the_report_of_an_agency_in_every_form_with_its_checks(department, tmp_path):
    arguments, made = department
    html = call(*arguments)
    assert html.returncode == 0, html.stderr.decode()
    assert read(html.stdout, "a.html").report.number("three", "1", "total") == 1
    found = json.loads(call(*arguments, "--format", "json").stdout)
    assert found["failures"] == [] and found["tables"]["three"]["4"]["person"] == 1
    for ending, head in (("docx", b"PK"), ("pdf", b"%PDF"), ("json", b"{"), ("html", b"<!doctype")):
        path = tmp_path / f"年报.{ending}"
        assert call(*arguments, "-o", path).returncode == 0
        assert path.read_bytes().startswith(head)
    assert call("report", "check", tmp_path / "年报.docx").returncode == 0
    assert str(made.year) in html.stdout.decode()


def test_what_does_not_add_up_gives_status_1_and_the_report_all_the_same(department):
    from decimal import Decimal

    from gongkai.reports.actions import writing

    arguments, made = department
    writing.add(
        made,
        made.agency.memberships.get(role="drafter").user,
        key="x",
        table="three",
        row="2",
        column="person",
        amount=Decimal(1),
        reason="旧",
    )
    result = call(*arguments, "--format", "json")
    assert result.returncode == 1
    assert json.loads(result.stdout)["failures"] and "不符：表三“自然人”列" in result.stderr.decode()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("--agency", "999999-999"), "没有这个单位"),
        (("--year", "1999"), "2008"),
        (("--place",), "只有一级政府"),
        (("--format", "xlsx"), "没有这种格式"),
    ],
)
def test_what_cannot_be_made_is_one_sentence(department, change, words):
    assert words in complaint(call(*department[0], *change))
