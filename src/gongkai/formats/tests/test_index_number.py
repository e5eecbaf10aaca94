"""索引号: the grammars of the field are made and read back; what a program failed to fill in is refused."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.formats.index_number import DEFAULT_PATTERN, IndexPattern, reasons, usable

SEEN = [
    # pattern, organ code, day, serial, as seen on a government's site (regulations.md §6)
    ("{code}/{year}-{n:05d}", "000014349", date(2022, 8, 1), 39, "000014349/2022-00039"),
    ("{code}/{year}-{n:05d}", "11441700007280420Y", date(2021, 3, 2), 50, "11441700007280420Y/2021-00050"),
    ("{code}/{year}{month}-{n:05d}", "11341702486344515H", date(2021, 10, 9), 13, "11341702486344515H/202110-00013"),
]
DEFECT = "11370300MB28646707/2021-None"


@pytest.mark.parametrize(("pattern", "code", "on", "n", "printed"), SEEN)
def test_the_grammars_of_the_field(pattern, code, on, n, printed):
    assert reasons(pattern) == []
    assert IndexPattern(pattern).number(code, "990100", on, n) == printed
    assert IndexPattern(pattern).matches(printed)
    assert usable(printed)


def test_the_live_defect_is_refused():
    assert not usable(DEFECT)
    assert not any(IndexPattern(pattern).matches(DEFECT) for pattern, *_ in SEEN)


@pytest.mark.parametrize("number", ["", " ", "x/null", "UNDEFINED-1", "a/{n}", "a b\n", "1" * 81, "<b>1", "11/2021-NaN"])
def test_what_is_no_number(number):
    assert not usable(number)


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("{code}/{year}", "流水号"),
        ("{n}{n}{code}", "只能有一个"),
        ("{year}-{n:05d}", "会重复"),
        ("{code.__class__}/{n}", "不认识"),
        ("{code!r}/{n}", "位数"),
        ("{code:>9}/{n}", "位数"),
        ("{code/{n}", "不认识|花括号"),
        ("{code}{n:x}", "位数"),
        ("{code} {n}", "只能有字母"),
        ("{code}" + "a" * 80 + "{n}", "不能超过"),
    ],
)
def test_patterns_that_cannot_be_used_say_why(pattern, words):
    found = "；".join(reasons(pattern))
    import re

    assert re.search(words, found), found


@given(
    st.sampled_from([row[0] for row in SEEN] + ["{place}{code}-{year}-{n}"]),
    st.dates(date(1990, 1, 1), date(2099, 12, 31)),
    st.integers(1, 99_999),
)
def test_a_number_is_of_its_pattern_and_of_its_period(pattern, on, n):
    one = IndexPattern(pattern)
    number = one.number("11370300MB28646707", "990100", on, n)
    assert one.matches(number) and usable(number)
    assert one.period("11370300MB28646707", "990100", on) == one.period("11370300MB28646707", "990100", on.replace(day=1))
    assert number.endswith(str(n).zfill(5) if ":05d" in pattern else str(n))


@pytest.mark.parametrize(("code", "n"), [("", 1), ("None", 1), ("11", 0)])
def test_nothing_is_made_of_nothing(code, n):
    with pytest.raises(ValueError, match="no index number"):
        IndexPattern(DEFAULT_PATTERN).number(code, "990100", date(2026, 1, 1), n)
