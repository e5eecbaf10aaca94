"""The sentence and the days agree with each other and with the calendar."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.clocks.calendar import is_working_day, working_days_between
from gongkai.workbench.clock import clock


def test_the_sentence_of_the_brief():
    seen = clock(date(2026, 3, 20), date(2026, 3, 13))
    assert seen.sentence == "今天 2026-03-13，期限 2026-03-20，还剩 5 个工作日。"
    assert [day.kind for day in seen.days] == ["today", "off", "off", "counted", "counted", "counted", "counted", "due"]
    assert seen.days[-1].label == "5"
    assert len(seen.notices) == 1
    assert "国务院办公厅关于2026年部分节假日安排的通知" in seen.notices[0]
    assert (seen.css, seen.short, seen.provisional) == ("warn", "还剩 5 个工作日", False)


def test_overdue_counts_from_the_day_after_the_limit():
    seen = clock(date(2026, 3, 13), date(2026, 3, 18))
    assert seen.sentence == "期限 2026-03-13，今天 2026-03-18，已逾期 3 个工作日。"
    assert [(day.kind, day.label) for day in seen.days] == [
        ("due", "期"),
        ("off", "休"),
        ("off", "休"),
        ("past", "1"),
        ("past", "2"),
        ("today", "3"),
    ]
    assert seen.short == "逾期 3 个工作日"


def test_a_weekend_after_the_limit_is_late_by_no_working_day_yet():
    seen = clock(date(2026, 3, 13), date(2026, 3, 14))
    assert "其后还没有工作日" in seen.sentence
    assert (seen.css, seen.short) == ("late", "刚过期限")


def test_make_up_days_and_holidays_are_named():
    kinds = {day.on: (day.kind, day.label) for day in clock(date(2026, 3, 5), date(2026, 2, 13)).days}
    assert kinds[date(2026, 2, 14)] == ("made", "1")
    assert kinds[date(2026, 2, 16)] == ("off", "假")
    assert kinds[date(2026, 3, 1)] == ("off", "休")


def test_the_limit_itself_may_be_a_holiday():
    seen = clock(date(2026, 2, 22), date(2026, 2, 10))
    assert seen.days[-1].label == "期"
    assert "不是工作日" in seen.days[-1].why


def test_today_is_the_limit():
    seen = clock(date(2026, 3, 20), date(2026, 3, 20))
    assert seen.sentence == "今天 2026-03-20（周五）就是期限。"
    assert seen.short == "今天到期"


def test_a_year_without_notice_is_said_to_be_provisional():
    seen = clock(date(2031, 3, 20), date(2031, 3, 3))
    assert seen.provisional
    assert "暂定" in seen.detail
    assert "还没有公布" in seen.notices[0]


def test_done_early_on_the_day_and_late():
    due = date(2026, 3, 13)
    assert "提前 2 个工作日" in clock(due, date(2026, 4, 1), done=date(2026, 3, 11)).sentence
    assert "当天完成" in clock(due, date(2026, 4, 1), done=due).sentence
    late = clock(due, date(2026, 4, 1), done=date(2026, 3, 16))
    assert "逾期 1 个工作日" in late.sentence
    assert late.css == "warn"


def test_without_a_limit_the_words_of_the_plan_stand():
    seen = clock(None, date(2026, 3, 13), standing="每季度")
    assert seen.sentence == "时限：每季度。"
    assert seen.days == ()


@given(st.dates(date(2026, 1, 1), date(2026, 12, 31)), st.integers(-400, 400), st.integers(4, 60))
def test_the_last_number_is_the_count_and_no_square_lies(today, gap, shown):
    due = today + timedelta(gap)
    seen = clock(due, today, shown=shown)
    if gap == 0:
        return
    assert seen.left == working_days_between(today, due)
    squares = [day for day in seen.days if day.kind != "gap"]
    assert len(squares) <= shown + 1
    assert (squares[0].on, squares[-1].on) == (min(today, due), max(today, due))
    for day in squares[1:]:
        if day.label.isdecimal():
            assert is_working_day(day.on)
            assert int(day.label) == working_days_between(min(today, due), day.on)
        else:
            assert not is_working_day(day.on)


@pytest.mark.parametrize(("left", "css"), [(5, "warn"), (6, "plain")])
def test_the_colour_follows_the_window(left, css):
    days = [date(2026, 3, 2) + timedelta(n) for n in range(30)]
    due = next(day for day in days if working_days_between(date(2026, 3, 2), day) == left)
    assert clock(due, date(2026, 3, 2), soon=5).css == css
