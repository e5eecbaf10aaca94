"""The grounds of the law: all of Articles 14 to 16, each with must or may, and hints that decide nothing."""

from __future__ import annotations

from datetime import date

import pytest

from gongkai.catalogue import grounds


def test_articles_14_to_16_are_there_with_must_and_may() -> None:
    by_clause: dict[str, set[str]] = {}
    for row in grounds.grounds():
        by_clause.setdefault(row.clause, set()).add(row.bind)
    assert by_clause == {"第十四条": {"must"}, "第十五条": {"must"}, "第十六条第一款": {"may"}, "第十六条第二款": {"may"}}
    ids = [row.id for row in grounds.grounds()]
    assert [sum(i.startswith(f"{n}.") for i in ids) for n in (14, 15, 16)] == [3, 1, 3 + 4 + 1]


def test_every_ground_has_its_words_and_says_what_lifts_it() -> None:
    for row in grounds.grounds():
        assert row.words_of_law.endswith("。") and "711号" in row.article and row.words, row.id
        assert bool(row.lifted) == (row.clause != "第十四条"), row.id
        assert row.bind_words in ("应当不予公开", "可以不予公开")


@pytest.mark.parametrize(("day", "found"), [(date(2019, 5, 14), 0), (date(2019, 5, 15), 12), (date(2026, 11, 22), 12)])
def test_grounds_hold_from_the_day_of_the_amended_regulation(day: date, found: int) -> None:
    assert len(grounds.grounds(day)) == len(grounds.choices(day)) == found


def test_signs_in_a_text_suggest_a_ground_and_nothing_is_found_in_plain_words() -> None:
    assert [row.id for row, _signs in grounds.suggested("关于报送方案修改稿和送审稿的请示")] == ["16.draft", "16.report"]
    assert grounds.suggested("2026年义务教育招生入学政策") == []


def test_an_unknown_ground_is_none_so_that_old_rows_can_still_be_shown() -> None:
    assert grounds.ground("13.gone") is None
    found = grounds.ground("14.secret")
    assert found is not None and found.must
