"""The ledger through the web: who sees which rows, filters that hold, counts that open rows, exports under the same filters."""

from __future__ import annotations

import csv
import io
import re
from datetime import date, timedelta

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from docx import Document

from gongkai.obligations.forms import window_dates

LEDGER = "/work/ledger/"


@pytest.fixture
def rows(cast, make_obligation):
    """One obligation in each of several states and places."""
    today = timezone.localdate()
    return {
        "late": make_obligation(title="逾期的事", due_on=today - timedelta(days=30), helpers=(cast.finance,)),
        "done": make_obligation(title="办完的事", due_on=today + timedelta(days=90), fulfilled_on=today - timedelta(days=1)),
        "standing": make_obligation(title="长期的事", due_on=None, standing="每月", owner=cast.finance),
        "county": make_obligation(title="县里的事", owner=cast.east_finance, due_on=today + timedelta(days=200)),
        "elsewhere": make_obligation(title="外地的事", owner=cast.elsewhere_office),
    }


def seen(client, query=""):
    page = client.get(LEDGER + query).content.decode()
    return {name for name in ("逾期的事", "办完的事", "长期的事", "县里的事", "外地的事") if f"<b>{name}</b>" in page}


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("drafter", {"逾期的事", "办完的事"}),
        ("other_officer", {"逾期的事", "长期的事"}),
        ("openness_officer", {"逾期的事", "办完的事", "长期的事", "县里的事"}),
        ("county_officer", {"县里的事"}),
        ("county_drafter", {"县里的事"}),
        ("stranger", {"外地的事"}),
    ],
)
def test_everybody_sees_the_rows_of_their_scope_on_screen_and_in_exports(client, cast, rows, who, expected):
    client.force_login(cast.user(who))
    assert seen(client) == expected
    csv = client.get("/work/ledger/export.csv").content.decode("utf-8-sig")
    assert {name for name in ("逾期的事", "办完的事", "长期的事", "县里的事", "外地的事") if name in csv} == expected
    book = openpyxl.load_workbook(io.BytesIO(client.get("/work/ledger/export.xlsx").content))
    cells = {str(cell.value) for row in book.active.iter_rows() for cell in row}
    assert {name for name in ("逾期的事", "办完的事", "长期的事", "县里的事", "外地的事") if name in cells} == expected


@pytest.mark.parametrize("address", [LEDGER, "/work/ledger/export.csv", "/work/ledger/1/", "/work/ledger/files/1/"])
def test_citizens_are_sent_to_the_login(client, db, address):
    response = client.get(address)
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("workbench:login"))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?state=overdue", {"逾期的事"}),
        ("?window=overdue", {"逾期的事"}),
        ("?window=none", {"长期的事"}),
        ("?q=办完", {"办完的事"}),
        ("?acknowledged=yes", set()),
        ("?acknowledged=no&state=standing", {"长期的事"}),
        ("?q=%00", {"逾期的事", "办完的事", "长期的事", "县里的事"}),
    ],
)
def test_filters(client, cast, rows, query, expected):
    client.force_login(cast.openness_officer)
    assert seen(client, query) == expected


def test_filters_by_agency_role_place_and_dates(client, cast, rows):
    client.force_login(cast.openness_officer)
    assert seen(client, f"?agency={cast.finance.pk}") == {"长期的事"}
    assert seen(client, f"?agency={cast.finance.pk}&role=helper") == {"逾期的事"}
    assert seen(client, f"?jurisdiction={cast.east.pk}") == {"县里的事"}
    today = timezone.localdate()
    assert seen(client, f"?due_from={today}&due_to={today + timedelta(days=120)}") == {"办完的事"}


@pytest.mark.parametrize(
    "query",
    [
        "?agency=999999999999999999999999",
        "?agency=abc",
        "?state=exploded",
        "?due_from=2026-13-45",
        "?due_from=2026-12-01&due_to=2026-01-01",
        "?plan=-1",
        "?section=' OR 1=1 --",
        "?page=99999",
        "?page=abc",
        "?sort=password",
        "?sort=-title,owner",
        "?q=" + "长" * 300,
    ],
)
def test_senseless_filters_show_a_page_and_filter_nothing_by_guess(client, cast, rows, query):
    client.force_login(cast.openness_officer)
    response = client.get(LEDGER + query)
    assert response.status_code == 200
    assert client.get("/work/ledger/export.csv" + query).status_code == 200


def test_a_wrong_date_is_named(client, cast, rows):
    client.force_login(cast.openness_officer)
    assert "结束日期早于开始日期" in client.get(LEDGER + "?due_from=2026-12-01&due_to=2026-01-01").content.decode()


def test_counts_open_the_rows_they_count(client, cast, rows):
    client.force_login(cast.openness_officer)
    page = client.get(LEDGER).content.decode()
    figures = re.findall(r'<a href="(\?[^"]*)"[^>]*><b>(\d+)</b><span>(\S+)</span>', page)
    assert {word: int(n) for _url, n, word in figures} == {"全部": 4, "已逾期": 1, "临近期限": 0, "进行中": 1, "长期任务": 1, "已办结": 1}
    for url, n, _word in figures:
        assert len(seen(client, url.replace("&amp;", "&"))) == int(n)


def test_late_rows_come_first_and_headers_sort(client, cast, rows):
    client.force_login(cast.openness_officer)
    page = client.get(LEDGER).content.decode()
    assert page.index("逾期的事") < page.index("县里的事") < page.index("办完的事")
    by_due = client.get(LEDGER + "?sort=-due_on").content.decode()
    assert by_due.index("县里的事") < by_due.index("逾期的事") < by_due.index("长期的事")
    csv = client.get("/work/ledger/export.csv?sort=-due_on").content.decode("utf-8-sig")
    assert csv.index("县里的事") < csv.index("逾期的事") < csv.index("长期的事")


def test_long_ledgers_have_pages_and_can_be_listed_whole_for_print(client, cast, make_obligation):
    for n in range(55):
        make_obligation(title=f"事项{n:02}")
    client.force_login(cast.drafter)
    listed = [len(re.findall(r"<b>事项\d\d</b>", client.get(LEDGER + query).content.decode())) for query in ("", "?page=2", "?all=1")]
    assert listed == [50, 5, 55]


def test_state_is_colour_and_word(client, cast, rows):
    client.force_login(cast.openness_officer)
    page = client.get(LEDGER + "?state=overdue").content.decode()
    assert '<span class="state late square">逾期' in page  # colour, shape and word, as on every other page


def test_queries_do_not_grow_with_the_rows(client, cast, rows, make_obligation):
    client.force_login(cast.openness_officer)
    with CaptureQueriesContext(connection) as few:
        client.get(LEDGER)
    for n in range(30):
        make_obligation(title=f"事 {n}", helpers=(cast.finance, cast.human))
    with CaptureQueriesContext(connection) as many:
        client.get(LEDGER)
    assert len(many) == len(few) <= 22
    with CaptureQueriesContext(connection) as export:
        client.get("/work/ledger/export.csv")
    assert len(export) <= 20


def test_text_is_escaped_and_formulas_are_guarded(client, cast, make_obligation):
    make_obligation(title="<script>alert(1)</script>", basis="=1+1")
    client.force_login(cast.openness_officer)
    assert "<script>alert" not in client.get(LEDGER).content.decode()
    assert "'=1+1" in client.get("/work/ledger/export.csv").content.decode("utf-8-sig")
    book = openpyxl.load_workbook(io.BytesIO(client.get("/work/ledger/export.xlsx").content))
    formulas = [cell for row in book.active.iter_rows() for cell in row if cell.data_type == "f"]
    assert not formulas


def test_an_export_nobody_writes_is_not_found(client, cast):
    client.force_login(cast.openness_officer)
    assert client.get("/work/ledger/export.exe").status_code == 404


@pytest.mark.parametrize(
    ("window", "today", "expected"),
    [
        ("week", date(2026, 11, 22), (date(2026, 11, 16), date(2026, 11, 22))),
        ("month", date(2026, 12, 31), (date(2026, 12, 1), date(2026, 12, 31))),
        ("month", date(2028, 2, 10), (date(2028, 2, 1), date(2028, 2, 29))),
        ("", date(2026, 1, 1), (None, None)),
    ],
)
def test_windows(window, today, expected):
    assert window_dates(window, today) == expected


def test_the_word_file_has_the_same_rows_in_columns_wide_enough_for_paper(client, cast, rows, make_obligation):
    make_obligation(title="有配合的事", helpers=(cast.finance, cast.human), section=cast.section, person=cast.drafter)
    client.force_login(cast.openness_officer)
    table = Document(io.BytesIO(client.get("/work/ledger/export.docx").content)).tables[0]
    lines = [[cell.text for cell in row.cells] for row in table.rows]
    assert lines[0] == ["序号", "事项和依据", "责任单位", "承办", "期限", "状态", "完成日期"]
    assert {line[1].split("\n")[0] for line in lines[1:]} == {row["事项"] for row in csv.DictReader(io.StringIO(export_csv(client)))}
    (line,) = [line for line in lines if line[1].startswith("有配合的事")]
    assert line[2:6] == [
        "清河市发展和改革委员会（牵头）\n配合：清河市财政局、清河市人力资源和社会保障局",
        "政策法规科\n钱经办",
        "2026-11-30",
        line[5],
    ]
    assert line[5].endswith("\n未签收")
    assert min(cell.width.mm for cell in table.rows[1].cells[4:5]) > 20  # a date stands on one line


def export_csv(client):
    return client.get("/work/ledger/export.csv").content.decode("utf-8-sig")
