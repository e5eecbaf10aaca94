"""The working calendar against two independent tables, and against worked cases."""

from datetime import date, timedelta

import chinese_calendar
import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.clocks.calendar import add_working_days, announced, is_working_day, working_days_between

FIRST, LAST = date(2004, 1, 1), date(2026, 12, 31)
# chinesecalendar leaves out one day that the notice for 2006 made a working day; holidays has it.
WORKED_IN_2005 = date(2005, 12, 31)


def days():
    return (FIRST + timedelta(n) for n in range((LAST - FIRST).days + 1))


def test_every_year_from_2004_to_2026_is_announced():
    assert sorted(announced()) == list(range(2004, 2027))


def test_days_agree_with_holidays():
    table = holidays.country_holidays("CN", years=range(2004, 2027))
    assert [d for d in days() if is_working_day(d) != table.is_working_day(d)] == []


def test_days_agree_with_chinesecalendar_but_for_one():
    assert [d for d in days() if is_working_day(d) != chinese_calendar.is_workday(d)] == [WORKED_IN_2005]


@pytest.mark.parametrize("received, n, due, provisional", [
    (date(2022, 9, 30), 20, date(2022, 11, 2), False),
    (date(2026, 2, 10), 7, date(2026, 2, 26), False),
    (date(2026, 2, 10), 15, date(2026, 3, 9), False),
    (date(2026, 2, 10), 20, date(2026, 3, 16), False),
    (date(2026, 2, 10), 40, date(2026, 4, 14), False),
    (date(2026, 2, 14), 20, date(2026, 3, 20), False),
    (date(2026, 2, 20), 20, date(2026, 3, 20), False),
    (date(2026, 9, 18), 20, date(2026, 10, 22), False),
    (date(2026, 11, 23), 20, date(2026, 12, 21), False),
    (date(2026, 11, 23), 40, date(2027, 1, 19), True),
])  # fmt: skip
def test_worked_cases(received, n, due, provisional):
    answer = add_working_days(received, n)
    assert (answer.on, answer.provisional) == (due, provisional)


@given(st.dates(date(2004, 1, 1), date(2026, 6, 1)), st.integers(1, 60))
def test_the_nth_working_day_has_n_working_days_behind_it(start, n):
    due = add_working_days(start, n).on
    assert is_working_day(due)
    assert working_days_between(start, due) == n


@given(st.dates(date(2004, 1, 1), date(2026, 6, 1)), st.integers(1, 40), st.integers(1, 40))
def test_counting_on_is_counting_together(start, a, b):
    assert add_working_days(add_working_days(start, a).on, b).on == add_working_days(start, a + b).on


def test_an_unannounced_year_is_provisional():
    assert add_working_days(date(2031, 5, 20), 3).provisional
