"""Typed by sound, with a wrong character, half remembered: what was meant is offered, and what is offered is there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from gongkai.search.meaning import meant
from gongkai.search.model import Record, Wanted
from gongkai.search.sounds import syllables, typed_syllables
from gongkai.search.tantivy_engine import TantivyEngine

TITLES = ["清河市城市供热管理办法", "既有住宅加装电梯补助申领指南", "清河市机动车停车场管理办法", "行政事业性收费目录清单"]


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TantivyEngine]:
    one = TantivyEngine(tmp_path_factory.mktemp("index"))
    one.put(Record(f"document:{n}", title, "正文", date(2026, 1, 1)) for n, title in enumerate(TITLES))
    one.commit(1)
    yield one
    one.close()


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("公热", "供热"),
        ("gongre", "供热"),
        ("电体补助", "电梯补助"),
        ("停车厂管理", "停车场管理"),
        ("tingchechang", "停车场"),
        ("收废目录", "收费目录"),
    ],
)
def test_what_was_meant_is_offered_and_there(engine: TantivyEngine, typed: str, wanted: str):
    assert engine.search(Wanted(typed)).total == 0
    offered = meant(engine, typed)
    assert wanted in offered
    assert all(engine.search(Wanted(one)).total for one in offered)


@pytest.mark.parametrize("typed", ["", "热", "zzzz", "完全无关的话", "*" * 29])
def test_nothing_is_made_up(engine: TantivyEngine, typed: str):
    assert meant(engine, typed) == []


def test_titles_are_offered_while_typing(engine: TantivyEngine):
    assert set(engine.titles("管理办")) == {("document:0", "清河市城市供热管理办法"), ("document:2", "清河市机动车停车场管理办法")}
    assert engine.titles("管") == []


@pytest.mark.parametrize(
    ("letters", "wanted"),
    [("gongre", ["gong", "re"]), ("xian", ["xian"]), ("xi'an", ["xian"]), ("abc", []), ("zhuangbei", ["zhuang", "bei"])],
)
def test_letters_into_syllables(letters: str, wanted: list[str]):
    assert typed_syllables(letters) == wanted


def test_every_character_has_its_sound():
    assert syllables("供热A1办法") == ["gong", "re", "A", "1", "ban", "fa"]
