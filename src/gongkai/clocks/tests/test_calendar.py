"""The working calendar against two independent tables, three ways of counting, and worked cases."""

from datetime import date, timedelta

import chinese_calendar
import holidays
import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.clocks.calendar import add_working_days, announced, current, is_working_day, working_days_between
from gongkai.clocks.errors import ClockError
from gongkai.clocks.fast import FastCalendar

FIRST, LAST = date(2004, 1, 1), date(2026, 12, 31)
# chinesecalendar leaves out one day that the notice for 2006 made a working day; holidays has it.
WORKED_IN_2005 = date(2005, 12, 31)
SOME_DAYS = st.dates(date(2000, 1, 1), date(2050, 12, 31))


def days(first=FIRST, last=LAST):
    return (first + timedelta(n) for n in range((last - first).days + 1))


def test_every_year_from_2004_to_2026_is_announced():
    assert sorted(announced()) == list(range(2004, 2027))


def test_every_year_names_its_notice_with_number_and_date():
    for year, row in announced().items():
        for notice in row.notices:
            assert notice.certainty == "read" and "〕" in notice.number and notice.dated, year
    assert "国办发明电〔2025〕7号，2025-11-04" in announced()[2026].notice
    assert announced()[2020].notice.count("通知") == 2


def test_days_agree_with_holidays():
    table = holidays.country_holidays("CN", years=range(2004, 2027))
    assert [d for d in days() if is_working_day(d) != table.is_working_day(d)] == []


def test_days_agree_with_chinesecalendar_but_for_one():
    assert [d for d in days() if is_working_day(d) != chinese_calendar.is_workday(d)] == [WORKED_IN_2005]


def test_working_days_of_2026_by_month():
    months = [sum(is_working_day(d) for d in days(date(2026, 1, 1)) if d.month == m) for m in range(1, 13)]
    assert months == [21, 16, 22, 21, 19, 21, 23, 21, 22, 18, 21, 23] and sum(months) == 248


GOLDEN = [
    (date(2022, 9, 30), 20, date(2022, 11, 2), False),
    (date(2026, 2, 10), 7, date(2026, 2, 26), False),
    (date(2026, 2, 10), 15, date(2026, 3, 9), False),
    (date(2026, 2, 10), 20, date(2026, 3, 16), False),
    (date(2026, 2, 10), 40, date(2026, 4, 14), False),
    (date(2026, 2, 14), 20, date(2026, 3, 20), False),
    (date(2026, 2, 20), 20, date(2026, 3, 20), False),
    (date(2026, 9, 18), 20, date(2026, 10, 22), False),
    (date(2026, 11, 23), 7, date(2026, 12, 2), False),
    (date(2026, 11, 23), 20, date(2026, 12, 21), False),
    (date(2026, 11, 23), 40, date(2027, 1, 19), True),
]


@pytest.mark.parametrize("received, n, due, provisional", GOLDEN)
def test_worked_cases(received, n, due, provisional):
    answer = add_working_days(received, n)
    assert (answer.on, answer.provisional) == (due, provisional)


@pytest.fixture(scope="module")
def rest_days():
    """Every day that is not worked, for numpy.busday_offset: a method that shares nothing with the index but the days."""
    return numpy.array([d for d in days(date(1999, 1, 1), date(2060, 12, 31)) if not current().is_working_day(d)], dtype="datetime64[D]")


@pytest.fixture(scope="module")
def fast():
    return FastCalendar(current())


@settings(deadline=None)
@given(start=SOME_DAYS, n=st.integers(1, 60))
def test_three_methods_agree(start, n, rest_days, fast):
    index = current().index
    due = index.add(start, n)
    assert due == index.step(start, n)
    by_numpy = numpy.busday_offset(numpy.datetime64(start), n, roll="preceding", weekmask="1111111", holidays=rest_days)
    assert due.on == by_numpy.item()
    on, provisional = fast.add([start], n)
    assert (on[0].item(), bool(provisional[0])) == (due.on, due.provisional)


@given(SOME_DAYS, st.integers(-60, -1))
def test_backwards_agrees_with_stepping(start, n):
    index = current().index
    assert index.add(start, n) == index.step(start, n)


@settings(deadline=None)
@given(a=SOME_DAYS, b=SOME_DAYS)
def test_between_is_a_sum_over_the_days(a, b, fast):
    first, last = sorted((a, b))
    count = sum(is_working_day(d) for d in days(first + timedelta(1), last)) if (last - first).days < 800 else None
    if count is not None:
        assert working_days_between(first, last) == count and working_days_between(last, first) == -count
    assert fast.between([a], [b])[0] == working_days_between(a, b)


@given(SOME_DAYS, st.integers(1, 60))
def test_the_nth_working_day_has_n_working_days_behind_it(start, n):
    due = add_working_days(start, n).on
    assert is_working_day(due)
    assert working_days_between(start, due) == n


@given(SOME_DAYS, st.integers(1, 40), st.integers(1, 40))
def test_counting_on_is_counting_together(start, a, b):
    assert add_working_days(add_working_days(start, a).on, b).on == add_working_days(start, a + b).on


@given(SOME_DAYS, SOME_DAYS, st.integers(1, 60))
def test_later_received_is_never_due_earlier(a, b, n):
    first, last = sorted((a, b))
    assert add_working_days(first, n).on <= add_working_days(last, n).on
    assert add_working_days(a, n).on < add_working_days(a, n + 1).on


def test_an_unannounced_year_is_provisional():
    assert add_working_days(date(2031, 5, 20), 3).provisional
    assert not is_working_day(date(2027, 2, 8)) and not is_working_day(date(2027, 6, 9))  # 初三, 端午: the moon is known
    assert add_working_days(date(2026, 12, 30), 1) == (date(2026, 12, 31), False)  # the last day that is certain
    assert add_working_days(date(2026, 12, 30), 2) == (date(2027, 1, 4), True)
    assert add_working_days(date(2026, 12, 31), 0) == (date(2026, 12, 31), False)
    assert add_working_days(date(2027, 1, 4), -1) == (date(2026, 12, 31), True)  # back over 1 to 3 January 2027


def test_days_outside_the_index_are_stepped_through(fast):
    assert add_working_days(date(2060, 12, 30), 5).on == date(2061, 1, 6)
    assert add_working_days(date(1990, 1, 1), 3) == (date(1990, 1, 4), True)
    assert working_days_between(date(2060, 12, 30), date(2061, 1, 6)) == 5
    with pytest.raises(ClockError, match="逐个计算"):
        fast.add(["2061-01-01"], 1)
    with pytest.raises(ClockError, match="大于 0"):
        fast.add(["2026-01-01"], 0)
