"""Recurring duties: the same rows whenever and however often one asks."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.clocks.calendar import current
from gongkai.clocks.errors import ClockError
from gongkai.clocks.periods import CADENCES, ISO, DueRule, Freshness, due_day, is_fresh, period, period_of, periods, series, stale_at

D = date
WITH_PERIODS = [name for name in CADENCES if name != "realtime"]
DATES = st.dates(D(2004, 1, 1), D(2040, 12, 31))


@pytest.mark.parametrize("cadence, id, first, last", [
    ("daily", "2026-02-10", D(2026, 2, 10), D(2026, 2, 10)),
    ("weekly", "2026-W07", D(2026, 2, 9), D(2026, 2, 15)),
    ("monthly", "2026-02", D(2026, 2, 1), D(2026, 2, 28)),
    ("quarterly", "2026-Q1", D(2026, 1, 1), D(2026, 3, 31)),
    ("half_yearly", "2026-H1", D(2026, 1, 1), D(2026, 6, 30)),
    ("yearly", "2026", D(2026, 1, 1), D(2026, 12, 31)),
])  # fmt: skip
def test_periods_and_their_ids(cadence, id, first, last):
    found = period_of(cadence, D(2026, 2, 10))
    assert (found.id, found.first, found.last) == (id, first, last) and period(id) == found
    assert CADENCES[cadence] and (cadence in ISO.values())


def test_iso_weeks_at_the_turn_of_the_year():
    assert period_of("weekly", D(2027, 1, 1)).id == "2026-W53" and period("2026-W53").last == D(2027, 1, 3)
    with pytest.raises(ClockError, match="没有这个期间"):
        period("2025-W53")


@given(st.sampled_from(WITH_PERIODS), DATES, st.integers(0, 800))
def test_periods_cover_every_day_once(cadence, since, length):
    found = list(periods(cadence, since, since + timedelta(length)))
    assert found[0].first <= since and found[-1].last >= since + timedelta(length)
    assert all(b.first == a.last + timedelta(1) for a, b in zip(found, found[1:], strict=False))
    assert all(period(p.id) == p for p in found) and len({p.id for p in found}) == len(found)


@given(st.sampled_from(WITH_PERIODS), DATES, st.integers(0, 500), st.integers(0, 500))
def test_asking_twice_or_late_gives_the_same_rows(cadence, since, early, more):
    rule, calendar = DueRule("working_days_after", 5), current()
    before = series(cadence, rule, calendar, since=since, today=since + timedelta(early))
    after = series(cadence, rule, calendar, since=since, today=since + timedelta(early + more))
    assert after[: len(before)] == before
    assert before == series(cadence, rule, calendar, since=since, today=since + timedelta(early))
    assert [row.period.id for row in after] == sorted({row.period.id for row in after}, key=lambda id: period(id).first)


def test_a_series_begins_and_ends():
    rows = series("weekly", DueRule("last_working_day"), current(), since=D(2026, 1, 1), today=D(2027, 6, 1), until=D(2026, 12, 31))
    assert (rows[0].period.id, rows[-1].period.id, len(rows)) == ("2026-W01", "2026-W53", 53)
    assert series("monthly", DueRule(), current(), since=D(2026, 5, 1), today=D(2026, 4, 30)) == []


@pytest.mark.parametrize("id, rule, due", [
    ("2026-02", DueRule("last_day"), D(2026, 2, 28)),
    ("2026-02", DueRule("last_working_day"), D(2026, 2, 28)),  # a Saturday that is worked
    ("2026-01", DueRule("last_working_day"), D(2026, 1, 30)),
    ("2026-09", DueRule("working_days_after", 5), D(2026, 10, 13)),  # 1 to 7 October off, Saturday the 10th worked
    ("2026-Q3", DueRule("working_days_after", 1), D(2026, 10, 8)),
    ("2026-09", DueRule("days_after", 5), D(2026, 10, 8)),
    ("2026-H1", DueRule("days_after", 10), D(2026, 7, 10)),
    ("2025", DueRule("day_of_next", month=1, day=31), D(2026, 1, 31)),
    ("2025", DueRule("day_of_next", month=3, day=31), D(2026, 3, 31)),
    ("2026-01", DueRule("day_of_next", day=31), D(2026, 2, 28)),
    ("2026-02", DueRule("day_of", day=10), D(2026, 2, 10)),
    ("2026-02", DueRule("day_of", day=31), D(2026, 2, 28)),
    ("2026", DueRule("day_of", month=3, day=31), D(2026, 3, 31)),
    ("2024-W40", DueRule("last_working_day"), D(2024, 9, 30)),  # only its Monday was worked
    ("2026-W08", DueRule("last_working_day"), D(2026, 2, 22)),  # the whole week is off: its last day
])  # fmt: skip
def test_due_days(id, rule, due):
    assert due_day(period(id), rule, current())[0] == due


def test_rows_past_the_announced_years_are_provisional():
    rows = series("yearly", DueRule("working_days_after", 3), current(), since=D(2025, 1, 1), today=D(2026, 5, 1))
    assert [(row.due_on, row.provisional) for row in rows] == [(D(2026, 1, 6), False), (D(2027, 1, 6), True)]


def test_real_time_duties_have_a_freshness():
    last = datetime(2026, 2, 13, 10, 0)
    assert stale_at(last, Freshness(24), current()) == datetime(2026, 2, 14, 10, 0)
    assert stale_at(last, Freshness(2, "days"), current()) == datetime(2026, 2, 16)
    assert stale_at(last, Freshness(2, "working_days"), current()) == datetime(2026, 2, 25)  # the 14th worked, then the 24th
    assert is_fresh(last, datetime(2026, 2, 24, 23, 59), Freshness(2, "working_days"), current())
    assert not is_fresh(last, datetime(2026, 2, 24, 16, 0, tzinfo=UTC), Freshness(2, "working_days"), current())
    assert not is_fresh(None, last, Freshness(1), current())


@pytest.mark.parametrize("make, words", [
    (lambda: period_of("realtime", D(2026, 1, 1)), "没有期间"),
    (lambda: period_of("fortnightly", D(2026, 1, 1)), "没有期间"),
    (lambda: period("2026-13"), "没有这个期间"),
    (lambda: period("2026-02-30"), "没有这个期间"),
    (lambda: period("soon"), "没有这个期间"),
    (lambda: DueRule("whenever"), "没有 whenever"),
    (lambda: DueRule("days_after", -1), "不小于 0"),
    (lambda: Freshness(1, "months"), "没有 months"),
    (lambda: Freshness(0), "大于 0"),
])  # fmt: skip
def test_nonsense_is_refused(make, words):
    with pytest.raises(ClockError, match=words):
        make()
