"""变更记录 on the screen: whose eyes, which filters, what is taken away."""

from __future__ import annotations

import io

import openpyxl
import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from gongkai.journal.actions import Change, record_many, seal
from gongkai.workbench.journal_words import field_name, kind_name, value_text

pytestmark = pytest.mark.django_db
URL = "/work/journal/"


@pytest.fixture
def written(cast):
    """Renamings in the city and its county, and one elsewhere."""
    with transaction.atomic():
        record_many(
            [
                Change(
                    "agency.renamed",
                    cast.reform,
                    cast.openness_officer,
                    {"name": "甲"},
                    {"name": "乙"},
                    cast.reform.pk,
                    cast.city.pk,
                    "改革",
                ),
                Change("agency.alias_added", cast.east_finance, cast.county_officer, {}, {"text": "<b>丙"}, None, cast.east.pk),
                Change("agency.renamed", cast.elsewhere_office, cast.stranger, {}, {"name": "丁"}, None, cast.elsewhere.pk),
            ]
        )
    seal()


def seen(client, **query) -> list[str]:
    return [row.entry.object_id for row in client.get(URL, query).context["rows"] if row.entry.object_kind == "agencies.agency"]


def test_an_office_sees_its_place_and_those_below(cast, client, written):
    client.force_login(cast.openness_officer)
    assert seen(client) == [str(cast.east_finance.pk), str(cast.reform.pk)]
    client.force_login(cast.county_officer)
    assert seen(client) == [str(cast.east_finance.pk)]
    client.force_login(cast.stranger)
    assert seen(client) == [str(cast.elsewhere_office.pk)]
    for person in (cast.head, cast.office_head, cast.drafter):
        client.force_login(person)
        assert client.get(URL).status_code == 403
        assert client.get(f"{URL}export.csv").status_code == 403


def test_it_says_what_changed_in_words_and_runs_nothing(cast, client, written):
    client.force_login(cast.openness_officer)
    page = client.get(URL).content.decode()
    for words in ("机构更名", "机构", "全称：", ">甲<", ">乙<", "改革", "吴公开", "第 1 条", "&lt;b&gt;丙"):
        assert words in page, words
    assert "丁" not in page


def test_filters(cast, client, written):
    client.force_login(cast.openness_officer)
    today = timezone.localdate().isoformat()
    city, east = str(cast.reform.pk), str(cast.east_finance.pk)
    for query, rows in [
        ({"actor": "吴"}, [city]),
        ({"action": "agency.alias_added"}, [east]),
        ({"kind": "agencies.agency", "id": city}, [city]),
        ({"since": today, "until": today}, [east, city]),
        ({"until": "2020-01-01"}, []),
        ({"since": "2999-01-01"}, []),
        ({"since": "昨天"}, [east, city]),  # named on the screen, filters nothing
        ({"page": "99"}, [east, city]),
    ]:
        assert seen(client, **query) == rows, query
    assert "昨天" in client.get(URL, {"since": "昨天"}).content.decode()
    assert client.get(URL, {"kind": "no.such", "id": "x"}).status_code == 200


def test_it_costs_the_same_for_many(cast, client):
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert client.get(URL).status_code == 200
        return len(captured)

    client.force_login(cast.openness_officer)
    counts = []
    for many in (2, 45):
        with transaction.atomic():
            record_many(
                Change("agency.renamed", cast.reform, cast.head, {"name": n}, {"name": -n}, place=cast.city.pk) for n in range(1, many)
            )
        seal()
        counts.append(queries())
    assert counts[0] == counts[1]


def test_the_export_has_the_rows_of_the_screen(cast, client, written):
    client.force_login(cast.openness_officer)
    table = client.get(f"{URL}export.csv", {"actor": "吴", "action": "agency.renamed"}).content.decode("utf-8-sig")
    assert "吴公开,机构更名" in table and "丙" not in table
    sheet = openpyxl.load_workbook(io.BytesIO(client.get(f"{URL}export.xlsx").content)).active
    text = [[str(cell.value) for cell in row] for row in sheet.iter_rows()]
    assert sum("机构更名" in row for row in text) == 1
    assert client.get(f"{URL}export.exe").status_code == 404


def test_the_export_says_when_it_was_cut(cast, client, written, monkeypatch):
    monkeypatch.setattr("gongkai.workbench.journal_views.MAX_EXPORT", 1)
    client.force_login(cast.openness_officer)
    sheet = openpyxl.load_workbook(io.BytesIO(client.get(f"{URL}export.xlsx").content)).active
    assert any("只导出最近的 1 条" in str(cell.value) for row in sheet.iter_rows() for cell in row)


def test_words():
    assert (kind_name("agencies.agency"), kind_name("nothing.here"), kind_name("plain")) == ("机构", "nothing.here", "plain")
    assert field_name("agencies.agency", "parent_id") == "主管单位"
    assert field_name("agencies.agency", "nope") == "nope"
    assert value_text([1, None, True, {"a": "b\nc"}]) == "1、、是、a b c"
    assert value_text("长" * 500) == "长" * 200 + "…"
    assert reverse("workbench:journal") == URL
