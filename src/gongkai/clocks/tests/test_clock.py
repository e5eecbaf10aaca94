"""The clock: events to due day, state, remaining, days and sentence; and the events it refuses."""

import sys
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.clocks.calendar import current
from gongkai.clocks.clock import add_months, due, run
from gongkai.clocks.errors import ClockError
from gongkai.clocks.events import Event, delay, extend, restart, resume, start, stop, suspend
from gongkai.clocks.fast import FastCalendar
from gongkai.clocks.limits import Limit, limit
from gongkai.clocks.receipt import receipt
from gongkai.clocks.tests.test_calendar import GOLDEN

D = date
REPLY = limit("reply", D(2026, 2, 10))
OLD_REPLY = limit("reply", D(2019, 5, 1))
DAYS = Limit("days", 10, "days")
RECEIVED = start(D(2026, 2, 10))


def clock(*events, limit=REPLY, today=None):
    return run(events, limit, current(), today)


@pytest.mark.parametrize("received, n, due_on, provisional", GOLDEN)
def test_golden_cases(received, n, due_on, provisional):
    answer = clock(start(received), limit=Limit("x", n, "working_days"))
    assert (answer.on, answer.provisional, answer.calendar) == (due_on, provisional, current().version)
    assert sum(day.counted for day in answer.days) == n and not answer.days[0].counted
    assert answer.days[0].date == received and answer.days[-1].date == due_on and answer.days[-1].counted
    assert ("暂定" in answer.sentence) == provisional


def test_the_sentence_a_judge_can_check():
    assert clock(RECEIVED).sentence == "自 2026-02-10 起 20 个工作日，当日不计，02-15 至 02-23 放假，02-14、02-28 上班：期限 2026-03-16。"


def test_a_case_opened_under_the_old_rule_keeps_it():
    """Received 2019-05-01 (a holiday): 15 working days, extended by 15; the law of 15 May 2019 changes neither."""
    answer = clock(start(D(2019, 5, 1)), extend(D(2019, 5, 20), 15, by="主任", reason="查找"), limit=OLD_REPLY)
    assert clock(start(D(2019, 5, 1)), limit=OLD_REPLY).on == D(2019, 5, 23)
    assert answer.on == D(2019, 6, 14)  # 7 to 9 June are off


def test_state_and_remaining():
    states = {day: clock(RECEIVED, today=day) for day in (D(2026, 2, 9), D(2026, 2, 10), D(2026, 3, 16), D(2026, 3, 17), D(2026, 3, 20))}
    assert [(a.state, a.remaining) for a in states.values()] == [
        ("not_started", 20), ("running", 20), ("running", 0), ("overdue", -1), ("overdue", -4),
    ]  # fmt: skip
    assert (clock(RECEIVED).state, clock(RECEIVED).remaining) == ("running", None)
    assert clock(RECEIVED, stop(D(2026, 3, 16))).state == "met"
    late = clock(RECEIVED, stop(D(2026, 3, 17)), today=D(2026, 9, 1))
    assert (late.state, late.remaining) == ("met_late", None) and "2026-03-17 逾期办结" in late.sentence


def test_a_clock_that_will_begin_anew_says_so_and_has_nothing_left():
    """条例第三十条: the days of the reply run from the corrected request; what was left before it is nobody's."""
    waiting = clock(RECEIVED, suspend(D(2026, 2, 26), "等候申请人补正"), today=D(2026, 4, 1))
    assert (waiting.on, waiting.state, waiting.remaining) == (None, "suspended", None)
    assert waiting.sentence.endswith("起中止（等候申请人补正）：等到以后，自次日起重新计算 20 个工作日。")
    back = clock(RECEIVED, suspend(D(2026, 2, 26), "等候申请人补正"), restart(D(2026, 3, 10), "收到补正"))
    assert back.on == current().add(D(2026, 3, 10), 20).on


def test_time_for_consulting_a_third_party_does_not_count():
    """Asked on the 12th working day (26 February), answered 10 March: the remaining 13 run from 11 March."""
    pause = suspend(D(2026, 2, 26), "征求第三方意见")
    waiting = clock(RECEIVED, pause, today=D(2026, 4, 1))
    assert (waiting.on, waiting.state, waiting.remaining) == (None, "suspended", 13)
    assert "剩余 13 个工作日" in waiting.sentence and waiting.days[-1].date == D(2026, 2, 26)
    back = clock(RECEIVED, pause, resume(D(2026, 3, 10)))
    assert back.on == D(2026, 3, 27) == current().add(D(2026, 3, 10), 13).on
    assert sum(day.counted for day in back.days) == 20
    excluded = [day for day in back.days if day.why == "中止期间不计入：征求第三方意见"]
    assert [excluded[0].date, excluded[-1].date, any(d.counted for d in excluded)] == [D(2026, 2, 27), D(2026, 3, 10), False]
    assert "02-27 至 03-10 中止不计（征求第三方意见）" in back.sentence


def test_two_suspensions_and_one_that_takes_no_time():
    once = clock(RECEIVED, suspend(D(2026, 2, 26), "甲"), resume(D(2026, 3, 10)))
    same_day = clock(RECEIVED, suspend(D(2026, 2, 12), "乙"), resume(D(2026, 2, 12)), suspend(D(2026, 2, 26), "甲"), resume(D(2026, 3, 10)))
    assert same_day.on == once.on
    twice = clock(RECEIVED, suspend(D(2026, 2, 11), "乙"), resume(D(2026, 2, 13)), suspend(D(2026, 2, 26), "甲"), resume(D(2026, 3, 10)))
    assert twice.on == current().add(once.on, 2).on
    last_day = clock(RECEIVED, suspend(D(2026, 3, 16), "甲"), resume(D(2026, 3, 20)))
    assert last_day.on == D(2026, 3, 20)
    assert [day.counted for day in last_day.days[-5:]] == [True, False, False, False, False]


def test_a_suspension_after_the_due_day_stops_nothing():
    answer = clock(RECEIVED, suspend(D(2026, 3, 20), "征求意见"), today=D(2026, 3, 25))
    assert (answer.on, answer.state) == (D(2026, 3, 16), "overdue")


def test_a_corrected_request_starts_the_clock_again():
    answer = clock(RECEIVED, suspend(D(2026, 2, 12), "通知补正"), restart(D(2026, 3, 2), "收到补正材料"))
    assert answer.on == current().add(D(2026, 3, 2), 20).on and answer.days[0].why == "重新起算，当日不计入"
    assert answer.sentence.startswith("自 2026-03-02 重新起 20 个工作日")


def test_extension_adds_within_the_cap_and_a_restart_begins_anew():
    longer = clock(RECEIVED, extend(D(2026, 3, 10), 20, by="李主任", reason="涉及多家单位"))
    assert longer.on == D(2026, 4, 14)
    assert "2026-03-10 经李主任批准延长 20 个工作日（涉及多家单位）" in longer.sentence
    halves = clock(RECEIVED, extend(D(2026, 3, 10), 12, by="李", reason="甲"), extend(D(2026, 3, 20), 8, by="李", reason="乙"))
    assert halves.on == longer.on
    again = clock(RECEIVED, extend(D(2026, 3, 10), 20, by="李", reason="甲"), restart(D(2026, 3, 11), "缴费"))
    assert again.on == current().add(D(2026, 3, 11), 20).on
    twice = (
        extend(D(2026, 3, 10), 20, by="李", reason="甲"),
        restart(D(2026, 3, 11), "缴费"),
        extend(D(2026, 4, 1), 20, by="李", reason="乙"),
    )
    assert clock(RECEIVED, *twice).on == current().add(D(2026, 3, 11), 40).on


def test_calendar_days_roll_forward_and_months_have_corresponding_days():
    rolled = clock(start(D(2026, 2, 5)), limit=DAYS)
    assert rolled.on == D(2026, 2, 24) and "最后一日 2026-02-15 是放假日，顺延" in rolled.sentence
    assert sum(day.counted for day in rolled.days) == 10
    assert clock(start(D(2026, 3, 2)), limit=DAYS).on == D(2026, 3, 12)
    paused = clock(start(D(2026, 3, 2)), suspend(D(2026, 3, 4), "甲"), resume(D(2026, 3, 9)), limit=DAYS)
    assert paused.on == D(2026, 3, 17)
    assert add_months(D(2025, 8, 31), 6) == D(2026, 2, 28) and add_months(D(2026, 11, 30), 3) == D(2027, 2, 28)
    suit = limit("suit", D(2026, 1, 1))
    assert clock(start(D(2025, 8, 31)), limit=suit).on == D(2026, 2, 28)  # a Saturday that was worked
    assert clock(start(D(2025, 8, 15)), limit=suit).on == D(2026, 2, 24)
    assert clock(start(D(2025, 8, 15)), suspend(D(2025, 9, 1), "甲"), resume(D(2025, 9, 6)), limit=suit).on == D(2026, 2, 24)
    three = Limit("x", 3, "months")
    assert clock(start(D(2026, 3, 3)), suspend(D(2026, 3, 9), "甲"), resume(D(2026, 3, 16)), limit=three).on == D(2026, 6, 10)
    last = (suspend(D(2026, 6, 3), "甲"), resume(D(2026, 6, 5)))
    assert clock(start(D(2026, 3, 3)), *last, limit=three).on == D(2026, 6, 5)
    assert clock(start(D(2026, 3, 3)), last[0], limit=three).state == "suspended"
    end = limit("market_penalty_light_end", D(2026, 1, 1))
    assert clock(start(D(2025, 11, 15)), limit=end).on == D(2026, 2, 15)  # an end of publication does not roll


def test_shortest_periods_and_days_before():
    consult = limit("consult", D(2026, 1, 1))
    answer = clock(start(D(2026, 1, 16)), limit=consult)
    assert answer.on == D(2026, 2, 15) and "不少于 30 日" in answer.sentence and answer.sentence.endswith("2026-02-15 之后届满。")
    before = clock(start(D(2026, 6, 10)), limit=limit("hearing_materials", D(2026, 1, 1)))
    assert before.on == D(2026, 6, 3) and sum(day.counted for day in before.days) == 7
    review = clock(start(D(2026, 3, 2)), limit=Limit("x", 3, "working_days", kind="before", roll=False))
    assert review.on == D(2026, 2, 26) and sum(day.counted for day in review.days) == 3  # Saturday 28 February is worked


def test_hours_run_through_nights_and_holidays():
    five = limit("concern_authoritative", D(2026, 2, 16))
    answer = clock(start(datetime(2026, 2, 16, 22, 30)), limit=five, today=datetime(2026, 2, 17, 1, 0))
    assert (answer.at, answer.on, answer.remaining, answer.provisional) == (datetime(2026, 2, 17, 3, 30), D(2026, 2, 17), 2, False)
    assert answer.sentence == "自 2026-02-16 22:30 起 5 小时：期限 2026-02-17 03:30。"
    assert clock(start(datetime(2026, 2, 16, 22, 30)), limit=five, today=datetime(2026, 2, 17, 3, 31)).state == "overdue"
    abroad = clock(start(datetime(2026, 2, 16, 14, 30, tzinfo=UTC)), limit=five)
    assert abroad.at == answer.at
    stopped = [clock(start(datetime(2026, 2, 16, 22, 30)), stop(datetime(2026, 2, 17, 3, minute)), limit=five).state for minute in (30, 31)]
    assert stopped == ["met", "met_late"]
    pause = (suspend(datetime(2026, 2, 16, 23, 0), "甲"), resume(datetime(2026, 2, 17, 1, 0)))
    assert clock(start(datetime(2026, 2, 16, 22, 30)), *pause, limit=five).at == datetime(2026, 2, 17, 5, 30)
    waiting = clock(start(datetime(2026, 2, 16, 22, 30)), pause[0], limit=five, today=datetime(2026, 2, 18))
    assert (waiting.at, waiting.state, waiting.remaining) == (None, "suspended", 4)


def test_start_by_receipt():
    got = receipt("internet", submitted=D(2026, 2, 7), received=D(2026, 2, 8), confirmed=D(2026, 2, 10))
    event = start(got)
    assert event.on == D(2026, 2, 10) and "双方确认" in event.reason and clock(event).on == D(2026, 3, 16)


def test_a_local_calendar_moves_the_due_day():
    national, guangxi = (run([start(D(2024, 4, 9))], REPLY, c) for c in (current(), current().for_scope("450100")))
    assert guangxi.on == current().add(national.on, 2).on and guangxi.calendar != national.calendar
    assert "04-11 至 04-12、05-01 至 05-05 放假" in guangxi.sentence and "04-11" not in national.sentence


def test_a_delay_has_no_most_takes_nothing_from_the_extension_and_leaves_the_days_running():
    """条例第三十五条."""
    late = delay(D(2026, 3, 10), 30, reason="件数较多")
    assert clock(RECEIVED, late).on == current().add(D(2026, 3, 16), 30).on
    both = clock(RECEIVED, late, extend(D(2026, 3, 11), 20, by="李", reason="检索量大"))
    assert both.on == current().add(D(2026, 3, 16), 50).on
    assert "确定延迟 30 个工作日（件数较多）" in both.sentence and "经李批准延长 20 个工作日" in both.sentence
    assert clock(RECEIVED, late, stop(D(2026, 3, 11))).state == "met"
    assert clock(RECEIVED, late, restart(D(2026, 3, 12), "补正")).on == current().add(D(2026, 3, 12), 20).on


EXTEND = extend(D(2026, 3, 10), 20, by="李主任", reason="涉及多家单位")


@pytest.mark.parametrize("events, words", [
    ([], "第一个事件要是起算"),
    ([stop(D(2026, 3, 1))], "第一个事件要是起算"),
    ([RECEIVED, start(D(2026, 2, 11))], "已经起算"),
    ([RECEIVED, extend(D(2026, 3, 10), 21, by="李", reason="甲")], "最多可以延长 20个工作日，不能再延长 21个工作日"),
    ([RECEIVED, EXTEND, extend(D(2026, 3, 11), 1, by="李", reason="甲")], "已延长 20个工作日"),
    ([RECEIVED, delay(D(2026, 3, 10), 0, reason="甲")], "延迟的数目要大于 0"),
    ([RECEIVED, delay(D(2026, 3, 10), 5, reason=" ")], "延迟答复要写明理由"),
    ([RECEIVED, delay(D(2026, 3, 17), 5, reason="甲")], "不能再延迟答复"),
    ([RECEIVED, extend(D(2026, 3, 10), 0, by="李", reason="甲")], "大于 0"),
    ([RECEIVED, extend(D(2026, 3, 10), 5, by=" ", reason="甲")], "写明批准人和理由"),
    ([RECEIVED, extend(D(2026, 3, 10), 5, by="李", reason="")], "写明批准人和理由"),
    ([RECEIVED, extend(D(2026, 3, 17), 5, by="李", reason="甲")], "期限已于 2026-03-16 届满"),
    ([RECEIVED, resume(D(2026, 3, 10))], "没有正在进行的中止，不能恢复"),
    ([RECEIVED, suspend(D(2026, 3, 1), "甲"), suspend(D(2026, 3, 2), "乙")], "恢复之前不能再次中止"),
    ([RECEIVED, suspend(D(2026, 3, 1), " ")], "中止要写明事由"),
    ([RECEIVED, suspend(D(2026, 2, 9), "甲")], "早于起算日 2026-02-10"),
    ([RECEIVED, suspend(D(2026, 3, 5), "甲"), resume(D(2026, 3, 4))], "早于前一事件"),
    ([RECEIVED, stop(D(2026, 3, 5)), suspend(D(2026, 3, 6), "甲")], "已经办结，不能再中止"),
])  # fmt: skip
def test_bad_events_are_refused_with_one_sentence(events, words):
    with pytest.raises(ClockError) as refused:
        run(events, REPLY, current())
    text = str(refused.value)
    assert words in text and text.endswith("。") and "\n" not in text


def test_more_refusals():
    with pytest.raises(ClockError, match="不能延长"):
        clock(RECEIVED, EXTEND, limit=DAYS)
    with pytest.raises(ClockError, match="都要写时刻"):
        clock(RECEIVED, limit=limit("concern_other", D(2026, 2, 10)))
    with pytest.raises(ClockError, match="没有 pause 这种事件"):
        Event("pause", D(2026, 2, 10))
    with pytest.raises(ClockError, match="超出了日历"):
        due(D(9999, 12, 20), REPLY, current())
    with pytest.raises(ClockError, match="超出了日历"):
        due(D(9999, 12, 20), Limit("x", 1, "months"), current())


SPANS = st.dates(D(2004, 1, 1), D(2026, 1, 31))


@settings(deadline=None)
@given(SPANS, st.integers(0, 15), st.integers(0, 60), st.sampled_from([REPLY, DAYS]))
def test_a_suspension_moves_the_due_day_by_what_it_took(received, after, length, kind):
    """Counting the days of the explanation gives the limit back, whatever was excluded; and nothing suspended is due earlier."""
    begin = received + timedelta(after)
    plain = clock(start(received), limit=kind)
    paused = clock(start(received), suspend(begin, "征求意见"), resume(begin + timedelta(length)), limit=kind)
    assert paused.on >= plain.on
    if begin < (plain.on if kind is REPLY else received + timedelta(10)):
        assert sum(day.counted for day in paused.days) == kind.n


@settings(deadline=None)
@given(SPANS, SPANS, st.integers(0, 60), st.sampled_from(["working_days", "days", "months"]))
def test_later_started_is_never_due_earlier(a, b, n, unit):
    first, last = sorted((a, b))
    assert clock(start(first), limit=Limit("x", n, unit)).on <= clock(start(last), limit=Limit("x", n, unit)).on


@settings(deadline=None)
@given(SPANS, st.integers(1, 20), st.integers(1, 20))
def test_an_extension_is_the_same_as_a_longer_limit(received, at, n):
    extended = clock(start(received), extend(current().add(received, at).on, n, by="李", reason="甲"))
    assert extended.on == clock(start(received), limit=Limit("x", 20 + n, "working_days")).on


EVENTS = st.lists(
    st.tuples(st.sampled_from(["restart", "suspend", "resume", "extend", "delay", "stop"]), st.integers(-2, 30), st.integers(0, 12)),
    max_size=6,
)


@settings(deadline=None, max_examples=200)
@given(SPANS, EVENTS, st.integers(-5, 90), st.sampled_from([REPLY, DAYS, Limit("x", 2, "months", cap=1)]))
def test_any_events_give_a_checked_answer_or_one_sentence(received, steps, seen, kind):
    events, day = [start(received)], received
    for name, after, n in steps:
        day += timedelta(after)
        events.append(Event(name, day, n=n, reason="甲", by="乙"))
    try:
        answer = clock(*events, limit=kind, today=received + timedelta(seen))
    except ClockError as error:
        assert str(error).endswith("。")
        return
    assert (answer.on is None) == (answer.sentence.count("期限待恢复后计算") == 1)
    if answer.on is not None and kind is REPLY:
        assert answer.on == events[0].on or current().is_working_day(answer.on) or answer.days[-1].why.startswith("中止")
    if answer.state == "overdue":
        assert answer.on < received + timedelta(seen)
    assert [d.date for d in answer.days] == sorted({d.date for d in answer.days})


def test_without_numpy_only_the_fast_form_is_missing(monkeypatch):
    monkeypatch.setitem(sys.modules, "numpy", None)
    assert clock(RECEIVED).on == D(2026, 3, 16)
    with pytest.raises(ClockError, match="没有安装 numpy"):
        FastCalendar(current())
