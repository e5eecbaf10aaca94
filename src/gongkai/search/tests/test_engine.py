"""The engine finds exactly what a substring search finds, whatever is typed, and says when it cannot answer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongkai.search.model import QueryTooLong, Record, SearchDown, Wanted
from gongkai.search.normal import normal, with_offsets
from gongkai.search.query import words_of
from gongkai.search.tantivy_engine import TantivyEngine

TEXTS = [
    ("清河市城市供热管理办法", "第五条　卧室、起居室的温度不低于18摄氏度。", "清政办发〔2025〕8号", "2025"),
    ("关于加装电梯补助的通知", "补助标准为每部电梯15万元，一次拨付；咨询 A座 3楼。", "清建发〔2024〕31号", "2024"),
    ("部門預算公開", "依據《清河市城市供热管理办法》（清政办发[2025]8号）安排资金。", "", "2024"),
]


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[TantivyEngine]:
    one = TantivyEngine(tmp_path / "index")
    one.put(Record(f"document:{n}", t, b, date(int(y), 3, n + 1), k, {"year": [y]}) for n, (t, b, k, y) in enumerate(TEXTS))
    one.commit(7)
    yield one
    one.close()


def found(engine: TantivyEngine, text: str, **more: object) -> list[str]:
    return [hit.key for hit in engine.search(Wanted(text, **more)).hits]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("typed", "keys"),
    [
        ("供热", {"document:0", "document:2"}),
        ("热管", {"document:0", "document:2"}),
        ("梯", {"document:1"}),
        ("部门预算", {"document:2"}),
        ("Ａ座3楼", {"document:1"}),
        ("供热 资金", {"document:2"}),
        ("没有的词", set()),
        ("*", set()),
    ],
)
def test_words_are_found_in_any_form(engine: TantivyEngine, typed: str, keys: set[str]):
    assert set(found(engine, typed)) == keys


@pytest.mark.parametrize("number", ["清政办发〔2025〕8号", "清政办发[2025]8号", "清政办发（2025）8号", " 清政办发【2025】 8 号"])
def test_a_document_number_brings_its_document_first_in_any_bracket(engine: TantivyEngine, number: str):
    assert found(engine, number)[0] == "document:0"


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_recall_is_that_of_a_substring_search(engine: TantivyEngine, data: st.DataObject):
    source = "".join(title + body for title, body, _, _ in TEXTS)
    begin = data.draw(st.integers(0, len(source) - 1))
    typed = source[begin : begin + data.draw(st.integers(1, 12))]
    words = words_of(typed)
    truth = {
        f"document:{n}"
        for n, (title, body, _, _) in enumerate(TEXTS)
        if words and all(w in normal(title) or w in normal(body) for w in words)
    }
    assert words == [] or truth <= set(found(engine, typed))
    if not any("号" in word for word in words):  # a number also brings the document that bears it
        assert words == [] or set(found(engine, typed)) == truth


@given(st.text())
def test_offsets_lead_back_to_the_printed_text(text: str):
    plain, offsets = with_offsets(text)
    assert plain == normal(text) and len(offsets) == len(plain)
    assert all(normal(text[at]) for at in offsets)
    assert normal(plain) == plain


def test_the_snippet_marks_the_printed_words(engine: TantivyEngine):
    (hit,) = engine.search(Wanted("部门预算")).hits
    assert [hit.title.text[begin:end] for begin, end in hit.title.spans] == ["部門預算"]
    (hit,) = engine.search(Wanted("3楼")).hits
    assert [hit.snippet.text[begin:end] for begin, end in hit.snippet.spans] == ["3楼"]


def test_narrowed_counted_and_ordered(engine: TantivyEngine):
    answer = engine.search(Wanted("", counted=("year",)))
    assert answer.total == 3 and dict(answer.counts["year"]) == {"2024": 2, "2025": 1}
    assert found(engine, "", order="newest") == ["document:0", "document:2", "document:1"]
    assert found(engine, "供热", facets={"year": ["2024"]}) == ["document:2"]
    assert engine.search(Wanted("供热", limit=1, offset=1)).total == 2


def test_some_of_the_words_are_offered_where_nothing_has_all(engine: TantivyEngine):
    assert found(engine, "电梯补助怎么申请") == []
    assert found(engine, "电梯补助怎么申请", loose=True)[0] == "document:1"


@pytest.mark.parametrize("typed", ["长" * 201, " ".join(f"词{n}" for n in range(17))])
def test_too_much_is_refused_in_one_sentence(typed: str):
    with pytest.raises(QueryTooLong, match="最多"):
        words_of(typed)


def test_the_position_is_part_of_the_commit(engine: TantivyEngine, tmp_path: Path):
    assert (engine.position(), engine.count()) == (7, 3)
    engine.put([Record("document:9", "新的一条", "正文", date(2026, 1, 1))])
    assert found(engine, "新的一条") == []  # not before the commit
    engine.close()
    again = TantivyEngine(tmp_path / "index")
    assert (again.position(), again.count()) == (7, 3)
    again.put([Record("document:0", "换了标题", "正文", date(2026, 1, 1))])
    again.drop(["document:1"])
    again.commit(9)
    assert (again.position(), again.count()) == (9, 2)
    assert found(again, "城市供热管理办法 温度") == []
    again.close()


def test_an_index_that_is_gone_or_being_written_says_so(engine: TantivyEngine, tmp_path: Path):
    other = TantivyEngine(tmp_path / "index")
    with pytest.raises(SearchDown, match="另一个进程"):
        other.put([Record("document:5", "标题", "正文", date(2026, 1, 1))])
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(SearchDown, match="打不开"):
        TantivyEngine(tmp_path / "file")
