"""What changes where there is more than is counted or offered while somebody waits: every row is still reached, no figure is invented."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from gongkai.obligations import choices, queries, views_ledger, views_rollup

LEDGER = "/work/ledger/"


@pytest.fixture
def many(cast, make_obligation, monkeypatch):
    """Twelve open and four done duties of the city, where ten are counted and a page has three."""
    monkeypatch.setattr(queries, "MOST", 10)
    monkeypatch.setattr(views_ledger, "PER_PAGE", 3)
    today = timezone.localdate()
    rows = [
        make_obligation(title=f"第 {n} 件", due_on=today + timedelta(days=n - 4), starts_on=today - timedelta(days=90)) for n in range(12)
    ]
    for n in range(4):
        make_obligation(title=f"办完 {n}", due_on=today - timedelta(days=9), fulfilled_on=today - timedelta(days=10))
    return rows


@pytest.fixture
def office(client, cast):
    client.force_login(cast.openness_officer)
    return client


def test_a_wide_ledger_lists_what_is_open_by_date_and_claims_no_figure(office, many):
    page = office.get(LEDGER)
    assert page.context["wide"]
    assert {figure["n"] for figure in page.context["figures"]} == {None}
    assert "范围内超过 10 项" in page.content.decode()
    listed = [row.record.pk for n in range(1, 5) for row in office.get(f"{LEDGER}?page={n}").context["table"].page.object_list]
    assert listed == [row.pk for row in many]


def test_what_a_narrower_question_finds_is_counted_exactly(office, many):
    page = office.get(f"{LEDGER}?q=办完")
    assert not page.context["wide"]
    assert page.context["table"].page.paginator.count == 4
    for state, expected in (("overdue", 4), ("open", 12), ("replaced", 0)):
        found = office.get(f"{LEDGER}?state={state}&due_from=2000-01-01&q=件")
        assert found.context["wide"] and found.context["table"].page.paginator.count == expected, state


def test_pages_of_a_wide_ledger_end_where_nobody_leafs(office, many, monkeypatch):
    monkeypatch.setattr(views_ledger, "MAX_LISTED", 6)
    page = office.get(LEDGER)
    paginator = page.context["table"].page.paginator
    assert (paginator.num_pages, paginator.count, paginator.more) == (2, 6, True)
    assert "6 条以上" in page.content.decode()


def test_the_file_of_a_wide_ledger_has_all_that_is_open(office, many):
    text = office.get(f"{LEDGER}export.csv").content.decode("utf-8-sig")
    assert [row[1] for row in csv.reader(io.StringIO(text))][1:] == [row.title for row in many]


def test_a_wide_scope_is_offered_the_plans_of_its_own_place_and_the_one_asked_for(office, cast, make_obligation, monkeypatch):
    city = make_obligation(document_id=7)
    county = make_obligation(owner=cast.east_finance, document_id=8)
    monkeypatch.setattr(views_rollup, "document_titles", lambda pairs, user: {pk: f"方案 {pk}" for _source, pk in pairs})
    address = "/work/rollup/?year="

    def offered(query=""):
        return [pk for pk, _title in office.get(address + query).context["form"].fields["plan"].choices if pk]

    assert offered() == [county.document_id, city.document_id], "two places: everything"
    monkeypatch.setattr(views_rollup, "WIDE", 0)
    assert offered() == [city.document_id]
    assert offered(f"&place={cast.east.pk}") == [county.document_id]
    assert offered(f"&plan={county.document_id}") == [county.document_id, city.document_id]


@pytest.mark.parametrize("asked", ["x", "-1", "１" * 30, "9" * 5000])
def test_a_place_that_is_no_place_is_not_found(office, cast, asked):
    assert office.get("/work/rollup/", {"place": asked}).status_code == 404


def test_the_ledger_of_a_wide_scope_offers_the_units_of_one_place(cast, make_obligation, monkeypatch):
    monkeypatch.setattr(choices, "WIDE", 0)
    make_obligation(owner=cast.reform, helpers=(cast.finance,))
    make_obligation(owner=cast.east_finance)
    user = cast.user("openness_officer")
    assert [pk for pk, _name in choices.ledger_choices(user)["agency"]] == sorted([cast.reform.pk, cast.finance.pk])
    east = choices.ledger_choices(cast.user("openness_officer"), {"jurisdiction": str(cast.east.pk)})
    assert [pk for pk, _name in east["agency"]] == [cast.east_finance.pk]
    assert len(east["jurisdiction"]) > 1


def test_urgency_is_the_order_in_which_states_are_shown(cast, make_obligation):
    today = timezone.localdate()
    make_obligation(due_on=today - timedelta(days=3))
    make_obligation(due_on=today + timedelta(days=400))
    make_obligation(due_on=None, standing="长期坚持")
    make_obligation(due_on=today, fulfilled_on=today)
    rows = queries.ledger(cast.user("openness_officer")).order_by("urgency")
    assert [row.state for row in rows] == sorted((row.state for row in rows), key=list(queries.STATE_WORDS).index)
    assert all(row.urgency == list(queries.STATE_WORDS).index(row.state) for row in rows)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="a setting of PostgreSQL")
def test_a_connection_does_not_compile_its_queries(db):
    with connection.cursor() as cursor:
        cursor.execute("SHOW jit")
        assert cursor.fetchone() == ("off",)
