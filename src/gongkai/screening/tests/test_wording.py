"""Wording lists: read whole or refused with the row, in force by their dates, quiet inside allowed phrases."""

from __future__ import annotations

from datetime import date

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.reading.errors import ReadingError
from gongkai.screening.tests.made import bytes_of
from gongkai.screening.text import scan
from gongkai.screening.wording import Word, WordList, examine, read

TODAY = date(2026, 11, 22)


def test_csv_and_xlsx_are_the_same():
    rows = [
        ["词语", "类别", "处理", "建议用语", "生效日期", "失效日期"],
        ["甲词", "类一", "禁用", "乙词", "2026-01-01", "2026年12月31日"],
        ["丙词", "", "", "", "", ""],
    ]
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append([cell or None for cell in row])
    expected = (Word("甲词", "类一", "block", "乙词", date(2026, 1, 1), date(2026, 12, 31)), Word("丙词"))
    assert read("\n".join(map(",".join, rows)).encode("gb18030"), "a.csv") == read(bytes_of(book.save), "a.xlsx") == expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "空"),
        ("甲,乙\n一,二", "没有“词语”"),
        ("词语,处理\n甲词,删", "第 2 行：处理"),
        ("词语,生效日期\n甲词,昨天", "第 2 行：日期"),
        ("词语,生效日期,失效日期\n甲词,2026-02-01,2026-01-01", "早于"),
        (f"词语,类别\n{'长' * 101},", "第 2 行：词语"),
    ],
)
def test_a_bad_list_is_refused_with_its_row(text, words):
    with pytest.raises(ReadingError, match=words):
        read(text.encode(), "a.csv")


def test_dates_and_allowed_phrases():
    words = [
        Word("甲词", since=date(2026, 1, 1)),
        Word("旧词", until=date(2025, 12, 31)),
        Word("秘密", "保密", "block"),
        Word("商业秘密", action="allow"),
    ]
    listed = WordList(words, TODAY)
    text = "甲词、旧词、商业秘密、秘密。"
    assert [(hit.rule, text[hit.start : hit.end], hit.category) for hit in scan(text, words=listed)] == [
        ("wording", "甲词", ""),
        ("wording.block", "秘密", "保密"),
    ]
    assert listed.counts == {"甲词": 1, "秘密": 1}
    assert list(WordList([], TODAY).hits("甲词")) == []


@given(
    st.lists(st.text("甲乙丙", min_size=1, max_size=3), min_size=1, max_size=6),
    st.lists(st.text("甲乙丙", min_size=1, max_size=4), max_size=3),
    st.text("甲乙丙丁", max_size=40),
)
def test_the_same_as_looking_word_by_word(warned, allowed, text):
    listed = WordList([Word(word) for word in warned] + [Word(word, action="allow") for word in allowed], TODAY)

    def places(word):
        return [(at, at + len(word)) for at in range(len(text)) if text.startswith(word, at)]

    quiet = [span for word in allowed for span in places(word)]
    expected = {
        span for word in warned if word not in allowed for span in places(word) if not any(a <= span[0] and span[1] <= b for a, b in quiet)
    }
    assert {(hit.start, hit.end) for hit in listed.hits(text)} == expected


def test_a_text_file_has_a_word_a_line():
    words, faults = examine("不用的词\t要用的词\n\n另一个词\n".encode(), "表.txt")
    assert [(word.word, word.advice) for word in words] == [("不用的词", "要用的词"), ("另一个词", "")] and not faults


def test_every_bad_row_is_named_in_a_dry_run():
    words, faults = examine("词语,处理,生效日期\n甲,提示,2026-01-01\n乙,删除,\n丙,,昨天\n".encode(), "表.csv")
    assert [word.word for word in words] == ["甲"]
    assert faults == ["第 3 行：处理只能写 提示、禁用、允许", "第 4 行：日期 昨天 写成 2026-01-31 的样子"]
