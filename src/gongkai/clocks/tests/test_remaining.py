"""What is left, or how late: the words, the days behind them, and that both agree with the calendar."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.clocks.calendar import Calendar, current
from gongkai.clocks.remaining import at_the_end, until_day, until_moment

D = date


def test_days_left_with_the_holidays_between():
    seen = until_day(D(2026, 3, 16), D(2026, 2, 10), current())
    assert (seen.n, seen.late, seen.short, seen.provisional) == (20, False, "还剩 20 个工作日", False)
    assert seen.sentence == "今天 2026-02-10，期限 2026-03-16，还剩 20 个工作日。"
    assert seen.rule == "今天不计，期限当天计入，02-15 至 02-23 放假，02-14、02-28 上班。"
    assert (seen.days[0].date, seen.days[-1].date, sum(day.counted for day in seen.days)) == (D(2026, 2, 10), D(2026, 3, 16), 20)


def test_days_late():
    seen = until_day(D(2026, 3, 13), D(2026, 3, 18), current())
    assert (seen.n, seen.late, seen.short) == (-3, True, "逾期 3 个工作日")
    assert seen.sentence == "期限 2026-03-13，今天 2026-03-18，已逾期 3 个工作日。"
    assert seen.days[0].kind == "start" and "期限" in seen.days[0].why


@pytest.mark.parametrize(("due", "today", "short"), [
    (D(2026, 3, 20), D(2026, 3, 20), "今天到期"),
    (D(2026, 3, 13), D(2026, 3, 14), "刚过期限"),
    (D(2026, 3, 15), D(2026, 3, 14), "期限前无工作日"),
])  # fmt: skip
def test_where_no_working_day_lies_between(due, today, short):
    assert until_day(due, today, current()).short == short


def test_a_year_without_notice_knows_its_statutory_days():
    seen = until_day(D(2031, 10, 10), D(2031, 9, 26), Calendar.load())
    assert seen.provisional and "2031 年的放假安排还没有公布" in seen.rule
    why = {day.date: day for day in seen.days}
    assert (why[D(2031, 10, 1)].kind, why[D(2031, 10, 1)].why) == ("off", "法定假日（暂定）")
    assert why[D(2031, 10, 4)].kind == "rest" and not why[D(2031, 10, 1)].counted


def test_hours():
    due, now = datetime(2026, 2, 17, 3, 30), datetime(2026, 2, 17, 1, 0)
    assert (until_moment(due, now).n, until_moment(due, now).short) == (2, "还剩 2 小时")
    assert until_moment(due, datetime(2026, 2, 16, 17, 0, tzinfo=UTC)).short == "还剩 2 小时"
    assert until_moment(due, datetime(2026, 2, 17, 3, 0)).short == "还剩不到 1 小时"
    late = until_moment(due, datetime(2026, 2, 17, 5, 0))
    assert (late.n, late.late, late.sentence) == (-1, True, "期限 2026-02-17 03:30，现在 2026-02-17 05:00，已逾期 1 小时。")


def test_at_the_end():
    due = D(2026, 3, 13)
    assert [at_the_end(due, done, current()).short for done in (D(2026, 3, 11), due, D(2026, 3, 14), D(2026, 3, 16))] == [
        "提前 2 个工作日", "当天完成", "逾期不满 1 个工作日", "逾期 1 个工作日",
    ]  # fmt: skip
    moment = datetime(2026, 2, 17, 3, 30)
    assert at_the_end(moment, moment - timedelta(hours=2), current()).short == "提前 2 小时"
    assert at_the_end(moment, moment + timedelta(minutes=1), current()).late


@given(st.dates(D(2000, 1, 1), D(2040, 12, 31)), st.integers(-300, 300))
def test_the_number_is_the_count_of_its_days(today, gap):
    due = today + timedelta(gap)
    seen = until_day(due, today, current())
    assert seen.n == current().between(today, due)
    assert seen.late == (gap < 0)
    if gap:
        assert sum(day.counted for day in seen.days) == abs(seen.n)
    assert until_day(due, today, current(), explain=False).short == seen.short


@given(st.dates(D(2004, 1, 1), D(2045, 12, 31)))
def test_what_the_calendar_says_to_a_program_is_what_it_says_to_a_person(day):
    for calendar in (current(), current().for_scope("450100")):
        kind, why = calendar.kind(day), calendar.why(day)
        assert (kind in ("day", "made")) == calendar.is_working_day(day)
        words = {"day": ("工作日",), "made": ("调休上班",), "rest": ("周末",), "off": ("放假", "法定假日")}[kind]
        assert any(word in why for word in words)
