"""The deadline tool: the golden cases through the screen, limits of the law, receipt, places, and bad input in one sentence each."""

from datetime import date
from html import unescape

import pytest

from gongkai.clocks.tests.test_calendar import GOLDEN


@pytest.fixture
def ask(client, cast):
    client.force_login(cast.drafter)

    def _ask(**query):
        page = client.get("/work/deadline/", query)
        return page.status_code, unescape(page.content.decode())

    return _ask


@pytest.mark.parametrize("received, n, due, provisional", GOLDEN)
def test_golden_cases(ask, received, n, due, provisional):
    status, html = ask(n=n, unit="working_days", start=f"{received}")
    assert status == 200
    assert f'<span class="due-day">{due}（周' in html
    assert f"自 {received} 起 {n} 个工作日，当日不计" in html
    assert ('<span class="state warn">暂定</span>' in html) == provisional
    assert ("2027 年的放假安排还没有公布" in html) == provisional


def test_without_a_question_there_is_only_the_form(ask):
    status, html = ask()
    assert status == 200
    assert 'class="answer"' not in html and "请先改正" not in html
    assert "答复公开申请：20 个工作日（政府信息公开条例（国令711号，2019修订）第三十三条）" in html
    assert "申请行政复议：60 日" in html and "未核对原文" in html


def test_a_limit_of_the_law_in_the_version_of_its_day(ask):
    _, now = ask(limit="reply", start="2026-02-10")
    assert "2026-03-16" in now and "经批准最多可以延长 20 个工作日" in now and "第三十三条" in now
    _, old = ask(limit="reply", start="2019-05-01")
    assert '<span class="due-day">2019-05-23' in old and "第二十四条" in old
    _, least = ask(limit="consult", start="2026-01-16")
    assert "届满 <span" in least and "不少于 30 日" in least
    _, before = ask(limit="hearing_materials", start="2026-06-10")
    assert '<span class="due-day">2026-06-03' in before


def test_hours_need_a_time_and_run_through_the_night(ask):
    status, html = ask(limit="concern_authoritative", start="2026-02-16", time="22:30")
    assert status == 200 and '<span class="due-day">2026-02-17 03:30（周二）' in html
    status, html = ask(limit="concern_authoritative", start="2026-02-16")
    assert status == 422 and "按小时计算，要填起算的时刻" in html


def test_by_the_channel_of_receipt(ask):
    asked = {"limit": "reply", "channel": "internet", "submitted": "2026-02-07", "received": "2026-02-08"}
    status, html = ask(**asked, confirmed="2026-02-10")
    assert status == 200
    assert "收到之日 2026-02-10：互联网渠道，以双方确认之日为收到申请之日" in html and "2026-03-16" in html
    status, html = ask(**asked)
    assert status == 422 and "还没有双方确认时间，不能起算" in html


def test_local_days_off(ask):
    _, national = ask(n=20, unit="working_days", start="2024-04-09")
    _, guangxi = ask(n=20, unit="working_days", start="2024-04-09", place="45")
    assert "04-11 至 04-12" in guangxi and "04-11 至 04-12" not in national
    assert "壮族三月三" in guangxi


@pytest.mark.parametrize(("query", "words"), [
    ({"start": "2026-02-30", "n": 5}, "看不懂这个日期"),
    ({"start": "昨天", "n": 5}, "看不懂这个日期"),
    ({"start": "0001-01-01", "n": 5}, "日期要在 1999-01-01 到 2060-12-31 之间"),
    ({"n": 5}, "请填起算日"),
    ({"start": "2026-02-10"}, "请选一个规定的时限，或者填长度"),
    ({"start": "2026-02-10", "n": "五"}, "长度要写整数"),
    ({"start": "2026-02-10", "n": -1}, "长度不能小于 0"),
    ({"start": "2026-02-10", "n": 10**12}, "长度不能超过 2500 个工作日"),
    ({"start": "2026-02-10", "n": 5, "unit": "fortnights"}, "没有这个单位"),
    ({"start": "2026-02-10", "limit": "x"}, "没有这个时限"),
    ({"start": "2007-01-01", "limit": "reply"}, "没有有效的时限 reply"),
    ({"channel": "pigeon", "limit": "reply"}, "没有这个渠道"),
    ({"channel": "internet", "submitted": "2026-02-10", "confirmed": "2026-02-09", "limit": "reply"}, "早于提交时间"),
    ({"start": "2026-02-10", "n": 5, "place": "99"}, "没有这个地区"),
    ({"start": "2026-02-10", "n": 5, "unit": "hours", "time": "25:00"}, "看不懂这个时刻"),
])  # fmt: skip
def test_bad_input_is_one_sentence_and_nothing_is_lost(ask, query, words):
    status, html = ask(**query)
    assert status == 422
    summary = html[html.index('class="error-summary"') : html.index("没有丢")]
    assert summary.count("<li>") == 1 and words in summary
    for name in ("start", "n"):
        if name in query:
            assert f'value="{query[name]}"' in html


def test_the_largest_questions_are_answered(ask):
    for unit, n in (("working_days", 2500), ("days", 3660), ("hours", 8784), ("months", 120)):
        status, html = ask(n=n, unit=unit, start=f"{date(2060, 12, 31)}", time="23:59")
        assert status == 200 and "中间" in html and len(html) < 120_000
