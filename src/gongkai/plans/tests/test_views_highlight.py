"""Segments give back the text, cover every mark exactly, and stay linear; words are found across line breaks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.plans.highlight import Highlight, WordsNotFound, find_words, heading_level, segments

marks = st.lists(
    st.builds(
        Highlight,
        start=st.integers(-5, 60),
        end=st.integers(-5, 70),
        kind=st.sampled_from(["task", "lead", "deadline", "channel"]),
        task=st.integers(0, 5),
    ),
    max_size=30,
)


@given(st.text(max_size=50), marks)
def test_concatenation_is_the_text_and_marks_are_covered_exactly(text, marks):
    cut = segments(text, marks)
    assert "".join(s.text for s in cut) == text
    assert all(a.end == b.start for a, b in zip(cut, cut[1:], strict=False))
    for place in range(len(text)):
        [segment] = [s for s in cut if s.start <= place < s.end]
        expected = [m for m in marks if max(0, m.start) <= place < min(len(text), m.end)]
        assert sorted(segment.marks, key=repr) == sorted(expected, key=repr)


@given(st.text(min_size=1, max_size=50), marks)
def test_no_segment_is_empty_and_no_two_neighbours_could_be_one(text, marks):
    cut = segments(text, marks)
    assert all(s.start < s.end for s in cut)
    for a, b in zip(cut, cut[1:], strict=False):
        # same set on both sides only where one mark ends as an equal one begins
        assert a.marks != b.marks or any(m.end == a.end or m.start == b.start for m in a.marks + b.marks)


def test_empty_text_has_no_segments():
    assert segments("", [Highlight(0, 3, "task")]) == []


def test_work_grows_with_the_marks_and_not_with_their_square():
    count = 5000
    text = "字" * (count * 20)
    many = [m for n in range(count) for m in (Highlight(n * 20, n * 20 + 18, "task", n), Highlight(n * 20 + 3, n * 20 + 6, "lead", n))]
    cut = segments(text, many)
    assert len(cut) == count * 4  # before, on and after the unit, and the gap
    assert sum(len(s.marks) for s in cut) == count * 4


def test_words_are_found_across_line_breaks():
    text = "一、总则\n加强信\n息公开，按季度公布。\n二、其他"
    start, end = find_words(text, "加强信息", "公布。")
    assert text[start:end] == "加强信\n息公开，按季度公布。"
    assert find_words(text, "二、其他", "") == (text.index("二、"), len(text))


@pytest.mark.parametrize(
    ("first", "last", "says"),
    [("", "x", "请填写"), ("没有的字", "", "没有"), ("公开", "", "出现 2 次"), ("一、公开", "不在后面", "之后没有")],
)
def test_words_that_fix_no_place_say_what_to_do(first, last, says):
    with pytest.raises(WordsNotFound, match=says):
        find_words("一、公开要点。二、公开渠道。", first, last)


@pytest.mark.parametrize(
    ("line", "level"),
    [
        ("一、总体要求", 2),
        ("第二章 任务", 2),
        ("（一）推进决策公开", 3),
        ("(二) 推进执行公开。", 3),
        ("一、加强。各单位要落实。", 0),
        ("4. 加强监管", 0),
        ("", 0),
    ],
)
def test_heading_level(line, level):
    assert heading_level(line) == level
