"""Limits, fixed dates and receipt rules: the versions of the law, and what a bad data file is told."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from gongkai.clocks.errors import ClockError
from gongkai.clocks.limits import Limit, fixed_date, limit, limits, read
from gongkai.clocks.receipt import channels, receipt

OLD, NEW = date(2019, 5, 14), date(2019, 5, 15)


def test_the_reply_was_15_and_15_before_15_may_2019_and_is_20_and_20_since():
    assert [(limit("reply", day).n, limit("reply", day).cap, limit("reply", day).unit) for day in (OLD, NEW)] == [
        (15, 15, "working_days"),
        (20, 20, "working_days"),
    ]
    assert "第二十四条" in limit("reply", OLD).article and "第三十三条" in limit("reply", NEW).article


@pytest.mark.parametrize("name, n, unit, kind", [
    ("publish", 20, "working_days", "within"), ("clarify", 7, "working_days", "within"), ("third_party", 15, "working_days", "within"),
    ("joint_maker", 15, "working_days", "within"), ("fee_payment", 20, "working_days", "within"),
    ("reconsideration", 60, "days", "within"), ("suit", 6, "months", "within"), ("suit_after_reconsideration", 15, "days", "within"),
    ("concern_authoritative", 5, "hours", "within"), ("concern_press", 24, "hours", "within"), ("concern_other", 48, "hours", "within"),
    ("interpret", 3, "working_days", "within"), ("consult", 30, "days", "at_least"), ("consult_regulation", 30, "days", "at_least"),
    ("consult_market", 30, "days", "at_least"), ("hearing_materials", 7, "days", "before"), ("hearing_regulation", 30, "days", "before"),
    ("legality_review", 7, "working_days", "at_least"), ("budget_government", 20, "days", "within"),
    ("budget_department", 20, "days", "within"), ("budget_subunit", 20, "days", "within"), ("credit_two", 7, "working_days", "within"),
    ("penalty_withdraw", 3, "working_days", "within"), ("market_penalty", 20, "working_days", "within"),
    ("market_penalty_light_end", 3, "months", "within"), ("market_penalty_end", 36, "months", "within"),
    ("random_check", 20, "working_days", "within"), ("review_accept", 5, "working_days", "within"),
    ("review_forward", 7, "working_days", "within"), ("review_answer", 10, "working_days", "within"),
    ("review_forward_simple", 3, "working_days", "within"), ("regulation_in_force", 30, "days", "at_least"),
    ("regulation_filing", 30, "days", "within"),
])  # fmt: skip
def test_limits_of_the_rules(name, n, unit, kind):
    """mission/regulations.md §1, 3, 7, 9."""
    found = limit(name, date(2026, 1, 5))
    assert (found.n, found.unit, found.kind) == (n, unit, kind)
    assert found.article and found.anchor and found.name and found.certainty in ("read", "memory")


def test_only_the_reply_can_be_extended():
    assert {row.id for row in limits() if row.cap} == {"reply"}


def test_no_limit_before_its_rule():
    with pytest.raises(ClockError, match="2019-05-14 没有有效的时限 clarify"):
        limit("clarify", OLD)
    with pytest.raises(ClockError, match="没有编号"):
        limit("nonsense", NEW)


def test_fixed_dates_of_the_annual_report():
    assert fixed_date("annual_report", 2026) == date(2026, 1, 31) and fixed_date("annual_report_government", 2026) == date(2026, 3, 31)
    assert fixed_date("annual_report", 2018) == date(2018, 3, 31)
    with pytest.raises(ClockError, match="2007 年没有"):
        fixed_date("annual_report", 2007)


ROW = '[[limit]]\nid = "x"\nn = 3\nunit = "days"\narticle = "第一条"\n'


@pytest.mark.parametrize("text, words", [
    (ROW.replace("days", "weeks"), "没有 weeks 这个单位"),
    (ROW.replace("n = 3", 'n = "3"'), "n 要写不小于 0 的整数"),
    (ROW.replace("n = 3", "n = -3"), "n 要写不小于 0 的整数"),
    (ROW + 'kind = "about"\n', "没有 about 这种时限"),
    (ROW + "colour = 1\n", "没有 colour 这一项"),
    (ROW.replace('article = "第一条"\n', ""), "缺少 article"),
    (ROW + "effective_from = 2020-01-02\neffective_to = 2020-01-01\n", "早于施行日"),
    (ROW + ROW, "有两个版本同时有效"),
    ("[[limit\n", "不是 toml"),
    ('[[fixed]]\nid = "y"\nname = "n"\narticle = "a"\nmonth = 2\nday = 30\neffective_from = 2020-01-01\n', "不是每年都有的日期"),
])  # fmt: skip
def test_a_bad_limits_file_is_refused_with_one_sentence(text, words):
    with pytest.raises(ClockError) as refused:
        read(text.encode(), "mine.toml")
    assert words in str(refused.value) and str(refused.value).startswith("mine.toml") and str(refused.value).endswith("。")


def test_a_limit_made_in_code_is_checked_too():
    with pytest.raises(ClockError, match="没有 fortnights"):
        Limit("x", 1, "fortnights")


def test_receipt_by_channel():
    submitted, received, confirmed = date(2026, 3, 2), date(2026, 3, 4), date(2026, 3, 6)
    times = {"submitted": submitted, "received": received, "confirmed": confirmed}
    days = {channel: receipt(channel, **times).on for channel in channels()}
    assert days == {
        "in_person": submitted,
        "registered_post": received,
        "ordinary_mail": confirmed,
        "internet": confirmed,
        "fax": confirmed,
    }
    assert "双方确认之日" in receipt("internet", **times).why and "第三十一条" in receipt("internet", **times).article


def test_before_2019_mail_and_fax_counted_from_arrival():
    times = {"submitted": date(2018, 3, 2), "received": date(2018, 3, 4), "confirmed": date(2018, 3, 6)}
    assert receipt("internet", **times).on == receipt("fax", **times).on == date(2018, 3, 4)


def test_moments_are_read_in_beijing():
    late = datetime(2026, 3, 5, 17, 0, tzinfo=UTC)  # 01:00 on the 6th
    assert receipt("in_person", submitted=late).on == date(2026, 3, 6)
    assert receipt("in_person", submitted=datetime(2026, 3, 5, 23, 0)).on == date(2026, 3, 5)
    assert receipt("in_person", submitted=datetime(2026, 3, 5, 20, tzinfo=timezone(timedelta(hours=-5)))).on == date(2026, 3, 6)


@pytest.mark.parametrize("channel, times, words", [
    ("pigeon", {"submitted": NEW}, "没有 pigeon 这个申请渠道"),
    ("internet", {"submitted": NEW, "received": NEW}, "还没有双方确认时间"),
    ("in_person", {}, "还没有提交时间"),
    ("in_person", {"submitted": date(2008, 4, 30)}, "条例尚未施行"),
    ("registered_post", {"submitted": date(2026, 3, 4), "received": date(2026, 3, 2)}, "早于提交时间"),
])  # fmt: skip
def test_a_receipt_that_cannot_be_is_refused(channel, times, words):
    with pytest.raises(ClockError, match=words):
        receipt(channel, **times)
