"""公开时限: what real tables say, read exactly or not at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.catalogue.limits import limit_in_words, parse_limit
from gongkai.clocks.limits import KINDS, Limit

WITHIN = {"kind": "within", "unit": "working_days"}


@pytest.mark.parametrize(
    ("words", "limit", "cycle"),
    [
        ("信息形成或者变更之日起20个工作日内", WITHIN | {"n": 20, "anchor": "信息形成或者变更之日"}, ""),
        ("自信息形成或变更之日起２０个工作日内予以公开", WITHIN | {"n": 20, "anchor": "信息形成或变更之日"}, ""),
        ("信息形成（变更）之日起20个工作日内", WITHIN | {"n": 20, "anchor": "信息形成(变更)之日"}, ""),
        ("变更之日起二十个工作日内", WITHIN | {"n": 20, "anchor": "变更之日"}, ""),
        (
            "信息形成或变更之日起20个工作日内予以公开。法律、法规对政府信息公开的期限另有规定的，从其规定。",
            WITHIN | {"n": 20, "anchor": "信息形成或变更之日"},
            "",
        ),
        ("3个工作日内", WITHIN | {"n": 3, "anchor": ""}, ""),
        ("20工作日", WITHIN | {"n": 20, "anchor": ""}, ""),
        ("公开时限：20个工作日内", WITHIN | {"n": 20, "anchor": ""}, ""),
        ("自收到批复后20日内", {"kind": "within", "n": 20, "unit": "days", "anchor": "收到批复后"}, ""),
        ("24小时内", {"kind": "within", "n": 24, "unit": "hours", "anchor": ""}, ""),
        ("工程竣工后1个月内", {"kind": "within", "n": 1, "unit": "months", "anchor": "工程竣工后"}, ""),
        ("会议召开前3个工作日", {"kind": "before", "n": 3, "unit": "working_days", "anchor": "会议召开"}, ""),
        ("提前10个工作日", {"kind": "before", "n": 10, "unit": "working_days", "anchor": ""}, ""),
        ("实时公开", {"kind": "at_once"}, ""),
        ("及时公开", {"kind": "promptly"}, ""),
        ("信息形成后及时公开", {"kind": "promptly", "anchor": "信息形成后"}, ""),
        ("长期公开", {"kind": "standing"}, ""),
        ("每月10日前", {"kind": "by_day", "n": 10, "unit": "month"}, "monthly"),
        ("每月底前公布", {"kind": "by_day", "n": 31, "unit": "month"}, "monthly"),
        ("每年1月31日前", {"kind": "by_day", "n": 31, "unit": "year", "month": 1}, "yearly"),
        ("按季度", {"kind": "cadence"}, "quarterly"),
        ("每季度更新一次", {"kind": "cadence"}, "quarterly"),
        ("按年度公开", {"kind": "cadence"}, "yearly"),
        ("2026年12月底前", {"kind": "on", "on": "2026-12-31"}, ""),
        ("审批后20个工作日内；每季度更新", WITHIN | {"n": 20, "anchor": "审批后"}, "quarterly"),
    ],
)
def test_what_real_tables_say(words, limit, cycle):
    parsed = parse_limit(words)
    assert (parsed.limit, parsed.cycle, parsed.doubt) == (limit, cycle, "")


@pytest.mark.parametrize(
    "words",
    [
        "",
        "  ",
        "同上",
        "由市局另定",
        "半年内",
        "形成后3个工作日内；变更后5个工作日内",
        "公示期不少于5个工作日",
        "0个工作日内",
        "每月40日前",
        "每年2月31日前",
        "3至5个工作日内",
    ],
)
def test_what_cannot_be_read_is_asked_about_and_never_guessed(words):
    parsed = parse_limit(words)
    assert parsed.limit == {}
    assert parsed.doubt


@given(st.text(max_size=200))
def test_no_text_breaks_it_and_each_is_read_or_doubted(words):
    parsed = parse_limit(words)
    assert bool(parsed.limit) != bool(parsed.doubt)
    assert isinstance(limit_in_words(parsed.limit), str)


@given(
    st.text(
        alphabet="信息形成变更之日起后前内每月季度年底第提0123456789一二十两个工作日小时天周自于在及时实公开更新，；。（）、 ", max_size=40
    )
)
def test_texts_made_of_its_own_words(words):
    parsed = parse_limit(words)
    assert bool(parsed.limit) != bool(parsed.doubt)
    if parsed.limit.get("kind") in KINDS:
        Limit("x", parsed.limit["n"], parsed.limit["unit"], kind=parsed.limit["kind"])  # what the clocks can count


ANCHORS = st.sampled_from(["", "信息形成或者变更之日", "作出决定之日", "收到批复后", "工程竣工后", "会议结束后"])
UNITS = st.sampled_from(["working_days", "days", "hours", "months"])


@given(st.integers(1, 120), UNITS, ANCHORS)
def test_a_limit_put_in_words_reads_the_same_again(n, unit, anchor):
    limit = {"kind": "within", "n": n, "unit": unit, "anchor": anchor or "信息形成或者变更之日"}
    assert parse_limit(limit_in_words(limit)).limit == limit


@given(st.integers(1, 120), UNITS, st.sampled_from(["", "会议召开", "听证会举行"]))
def test_so_does_one_that_ends_before_something(n, unit, anchor):
    limit = {"kind": "before", "n": n, "unit": unit, "anchor": anchor}
    assert parse_limit(limit_in_words(limit)).limit == limit


@given(st.integers(1, 31), st.integers(1, 12))
def test_and_a_day_of_every_month_or_year(n, month):
    monthly = {"kind": "by_day", "n": n, "unit": "month"}
    assert parse_limit(limit_in_words(monthly)).limit == monthly
    yearly = {"kind": "by_day", "n": min(n, 28), "unit": "year", "month": month}
    assert parse_limit(limit_in_words(yearly)).limit == yearly
