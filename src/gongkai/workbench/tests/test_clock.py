"""The sentence and the days agree with each other and with the calendar."""

from datetime import date, datetime, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.clocks.calendar import current, is_working_day, working_days_between
from gongkai.clocks.clock import run
from gongkai.clocks.events import extend, restart, resume, start, suspend
from gongkai.clocks.limits import Limit, limit
from gongkai.obligations import clocking
from gongkai.obligations.opening import NewObligation, open_obligation
from gongkai.workbench.clock import clock, clock_of, limit_clock

REPLY = limit("reply", date(2026, 2, 10))
RECEIVED = start(date(2026, 2, 10))


def seen_on(moment, *events, limit=REPLY, **more):
    return limit_clock(run([RECEIVED, *events], limit, current(), moment), current(), moment, **more)


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
        ("past today", "3"),
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
    assert "放假日，不计" in seen.days[-1].why


def test_today_is_the_limit():
    seen = clock(date(2026, 3, 20), date(2026, 3, 20))
    assert seen.sentence == "今天 2026-03-20（周五）就是期限。"
    assert seen.short == "今天到期"


def test_a_year_without_notice_is_said_to_be_provisional():
    seen = clock(date(2031, 3, 20), date(2031, 3, 3))
    assert seen.provisional
    assert "2031 年的放假安排还没有公布" in seen.detail
    assert seen.notices == ()
    autumn = {day.on: day for day in clock(date(2031, 10, 10), date(2031, 9, 26)).days}
    assert (autumn[date(2031, 10, 1)].label, autumn[date(2031, 10, 4)].label) == ("假", "休")
    assert "法定假日" in autumn[date(2031, 10, 1)].why, "a Wednesday is no weekend"


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
    assert len(squares) <= shown + 3
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


def test_a_limit_shows_how_its_day_came_about_and_what_is_left():
    seen = seen_on(datetime(2026, 3, 13, 9, 0))
    assert seen.sentence == "自 2026-02-10 起 20 个工作日，当日不计，02-15 至 02-23 放假，02-14、02-28 上班：期限 2026-03-16。"
    assert seen.detail == "今天 2026-03-13，期限 2026-03-16，还剩 1 个工作日。"
    assert (seen.short, seen.css, seen.left) == ("还剩 1 个工作日", "warn", 1)
    squares = {day.on: day for day in seen.days}
    assert (squares[date(2026, 2, 10)].label, squares[date(2026, 2, 14)].kind, squares[date(2026, 2, 16)].label) == ("起", "made", "假")
    assert (squares[date(2026, 3, 13)].kind, squares[date(2026, 3, 16)].kind, squares[date(2026, 3, 16)].label) == (
        "counted today", "due", "20",
    )  # fmt: skip
    assert squares[date(2026, 3, 16)].why == "周一 期限，工作日，第 20 个工作日"
    assert len(seen.notices) == 1


def test_after_the_limit_the_days_late_are_numbered_anew():
    seen = seen_on(datetime(2026, 3, 18, 9, 0))
    assert (seen.css, seen.short) == ("late", "逾期 2 个工作日")
    assert [(day.kind, day.label) for day in seen.days][-3:] == [("due", "20"), ("past", "1"), ("past today", "2")]
    assert "逾期第 2 个工作日" in seen.days[-1].why


def test_a_suspended_limit_says_since_when_why_and_what_was_left():
    seen = seen_on(datetime(2026, 4, 1, 9, 0), suspend(date(2026, 2, 26), "征求第三方意见"))
    assert "02-26 起中止（征求第三方意见）" in seen.sentence
    assert (seen.short, seen.left, seen.css) == ("中止，剩 13 个工作日", None, "plain")
    back = seen_on(datetime(2026, 3, 20, 9), suspend(date(2026, 2, 26), "征求第三方意见"), resume(date(2026, 3, 10)), shown=90)
    assert {day.label for day in back.days if date(2026, 2, 26) < day.on <= date(2026, 3, 10)} == {"停"}
    assert [day.label for day in back.days if day.kind == "due"] == ["20"]


def test_an_extension_and_a_restart_are_in_the_sentence():
    longer = seen_on(datetime(2026, 3, 20, 9, 0), extend(date(2026, 3, 10), 20, by="周主任", reason="涉及多家单位"))
    assert "2026-03-10 经周主任批准延长 20 个工作日（涉及多家单位）" in longer.sentence
    again = seen_on(datetime(2026, 3, 20, 9, 0), restart(date(2026, 3, 2), "收到补正材料"))
    assert again.sentence.startswith("自 2026-03-02 重新起 20 个工作日")
    assert again.days[0].on == date(2026, 3, 2)


def test_hours_left_and_late():
    five = Limit("x", 5, "hours")
    events = [start(datetime(2026, 2, 16, 22, 30))]
    early, late = (
        limit_clock(run(events, five, current(), moment), current(), moment)
        for moment in (datetime(2026, 2, 17, 1, 0), datetime(2026, 2, 17, 5, 0))
    )
    assert (early.short, early.left, early.css) == ("还剩 2 小时", 2, "warn")
    assert (late.short, late.css) == ("逾期 1 小时", "late")
    assert early.sentence == "自 2026-02-16 22:30 起 5 小时：期限 2026-02-17 03:30。"
    assert not early.notices


def test_a_done_limit_says_how_early():
    assert "提前 1 个工作日" in seen_on(datetime(2026, 4, 1), done=date(2026, 3, 13)).detail
    assert seen_on(datetime(2026, 4, 1), done=date(2026, 3, 17)).css == "warn"


def test_a_long_span_keeps_its_ends_the_limit_and_today():
    seen = seen_on(datetime(2026, 9, 1, 9, 0), shown=10)
    kept = [day for day in seen.days if day.kind != "gap"]
    assert {kept[0].on, kept[-1].on, date(2026, 3, 16)} <= {day.on for day in kept}
    assert len(kept) <= 13
    assert [day for day in seen.days if day.kind == "gap"]


def test_the_clock_of_an_obligation_names_who_extended_it(cast):
    new = NewObligation(
        cast.city, cast.reform, "statute", 1, "答复公开申请", "条例第三十三条", date(2026, 2, 10), limit=REPLY, clock_from=date(2026, 2, 10)
    )
    row = open_obligation(new, None)
    more = {"n": 20, "approved_by": cast.head, "reason": "涉及多家单位"}
    clocking.record(row, "extend", date(2026, 3, 10), cast.drafter, key="k", **more)
    row.refresh_from_db()
    seen = clock_of(row)
    assert "经周主任批准延长 20 个工作日" in seen.sentence
    assert row.due_on == date(2026, 4, 14)


def test_nothing_runs_for_what_is_waived_or_replaced():
    row = SimpleNamespace(waived_at=datetime(2026, 3, 1), fulfilled_on=None, replaced_on=None, due_on=date(2026, 3, 20), standing="")
    assert clock_of(row).sentence == "期限 2026-03-20，已经免除，不再计时。"
    assert clock_of(row).days == ()
