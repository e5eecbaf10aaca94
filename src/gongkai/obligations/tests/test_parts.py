"""A scope asked in parts, and a year asked in ranges, find what they find when asked at once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from gongkai.agencies.tests.test_access import EVERYBODY
from gongkai.obligations import queries
from gongkai.obligations.access import obligations_for, parts_for
from gongkai.obligations.models import Obligation
from gongkai.obligations.oversight import of_year
from gongkai.obligations.rollup import add_delays, by_owner, figures_of, in_year

TODAY = timezone.localdate()


@pytest.fixture
def many(cast, make_obligation):
    """Duties of three agencies in two places with a helper in another, of every state, some without a date."""
    agencies = (cast.reform, cast.finance, cast.east_finance)
    for n in range(60):
        due = TODAY + timedelta(days=23 * n % 800 - 400)
        done = due + timedelta(days=n % 5 - 2) if n % 3 == 0 and due < TODAY else None
        more = {"due_on": None, "standing": "长期"} if n % 7 == 0 else {"due_on": due}
        make_obligation(
            title=f"第 {n} 件",
            owner=agencies[n % 3],
            helpers=(agencies[(n + 1) % 3],) if n % 4 == 0 else (),
            starts_on=min(due, TODAY) - timedelta(days=40 + n * 11),
            fulfilled_on=done,
            **more,
        )


@pytest.mark.parametrize("who", EVERYBODY)
def test_parts_of_a_scope_share_no_row_and_leave_none_out(cast, many, who):
    user = cast.user(who)
    parts = [list(rows.order_by().values_list("pk", flat=True)) for rows in parts_for(user)]
    whole = sorted(obligations_for(user).values_list("pk", flat=True))
    assert sorted(pk for part in parts for pk in part) == whole


@pytest.mark.parametrize("who", ["openness_officer", "county_officer", "office_head", "drafter"])
@pytest.mark.parametrize("by", [queries.URGENT_FIRST, queries.DUE_FIRST])
def test_pages_of_parts_are_the_pages_of_the_whole(cast, many, who, by):
    user = cast.user(who)
    parts = queries.ledger_parts(user, {}, today=TODAY)
    whole = queries.keys_in_order([queries.ledger(user, {}, today=TODAY)], by, slice(0, 1000))
    paged = [pk for start in range(0, len(whole) + 7, 7) for pk in queries.keys_in_order(parts, by, slice(start, start + 7))]
    assert paged == whole and len(set(whole)) == len(whole) > 0
    assert queries.count_up_to(parts, 1000) == len(whole) and queries.count_up_to(parts, 3) == 3


@pytest.mark.parametrize("who", ["openness_officer", "county_officer", "drafter"])
def test_counts_of_parts_are_the_counts_of_the_whole_and_stop_at_the_bound(cast, many, who, monkeypatch):
    user = cast.user(who)
    counted = queries.counts_within(queries.ledger_parts(user, {}, today=TODAY))
    assert counted == queries.counts(queries.ledger(user, {}, today=TODAY)) and counted is not None
    monkeypatch.setattr(queries, "MOST", sum(counted.values()))
    assert queries.counts_within(queries.ledger_parts(user, {}, today=TODAY)) == counted
    monkeypatch.setattr(queries, "MOST", sum(counted.values()) - 1)
    assert queries.counts_within(queries.ledger_parts(user, {}, today=TODAY)) is None


@pytest.mark.parametrize("year", [None, TODAY.year - 1, TODAY.year, TODAY.year + 1])
def test_a_year_in_ranges_is_the_year(many, year):
    rows = Obligation.objects.order_by()
    whole = rows if year is None else of_year(rows, year)
    parts = [pk for part in in_year(rows, year) for pk in part.values_list("pk", flat=True)]
    assert sorted(parts) == sorted(whole.values_list("pk", flat=True))
    expected = by_owner(whole, TODAY)
    add_delays(expected, whole, TODAY)
    assert figures_of(rows, year, TODAY) == expected


def test_what_has_no_date_stands_last_in_every_order(cast, many):
    rows = queries.ledger_parts(cast.user("openness_officer"), {}, today=TODAY)
    keys = queries.keys_in_order(rows, queries.DUE_FIRST, slice(0, 1000))
    dates = dict(Obligation.objects.values_list("pk", "due_on"))
    listed = [dates[key] or date.max for key in keys]
    assert listed == sorted(listed) and date.max in listed
