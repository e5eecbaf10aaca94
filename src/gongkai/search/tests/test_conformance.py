"""Recall 1.000: over texts and queries of every kind of sign, the engine finds what a search for substrings finds, no more and no less."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from random import Random
from typing import Any

import pytest

from gongkai.formats.document_number import parse
from gongkai.search.model import QueryTooLong, Record, Wanted
from gongkai.search.normal import normal
from gongkai.search.query import words_of
from gongkai.search.tantivy_engine import TantivyEngine

DOCUMENTS, QUERIES = 150, 1500
WORDS = [
    "供热管理办法",
    "部門預算公開",
    "加装电梯补助",
    "行政許可",
    "Ａ座３楼",
    "GB/T",
    "28181-2016",
    "18℃",
    "㎡",
    "№5",
    "“放管服”改革",
    "〔2025〕",
    "（试行）",
    "第十二条",
    "第12條",
    "95%",
    "0571-8888",
    "gov.cn",
    "e-mail",
    "100万元",
    "①②③",
    "臺灣",
    "里程",
    "裡面",
    "著作",
    "着力",
    "乾隆",
    "干部",
    "后面",
    "皇后",
    "發展",
    "头发",
    "〇",
    "零",
    "二〇二五年",
    "﹙附﹚",
    "𠮷野家",
    "ñandú",
    "ﬁle",
    "½",
    "Ⅻ",
    "政务公开",
    "政",
    "务",
    "公开",
    "a",
    "b",
    "A.B;C",
    "、，",
    "。！？",
    "——",
    "……",
    "《》",
    "「」",
]
VARIANTS = {
    "width": lambda text: "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in text),
    "brackets": lambda text: text.translate(str.maketrans("〔〕（）()[]", "[]()〔〕【】")),
    "case": lambda text: text.swapcase(),
    "traditional": lambda text: text.translate(str.maketrans("务预许发补办热电第条楼万台门开", "務預許發補辦熱電第條樓萬臺門開")),
    "spaces": lambda text: text,
}
NUMBERS = ["清政办发〔2025〕8号", "清建发〔2024〕131号", "国办发〔2019〕54号", "清政函〔2023〕7号"]


def _text(rng: Random, words: int) -> str:
    pieces = []
    for _ in range(words):
        pieces.append(rng.choice(WORDS))
        if rng.random() < 0.3:
            pieces.append(rng.choice(["", "，", " ", "\n", "　", "\u200b", "、", "。", "\t", "-"]))
        if rng.random() < 0.1:
            pieces.append("".join(chr(rng.randrange(0x4E00, 0x4F00)) for _ in range(3)))
    return "".join(pieces)


@pytest.fixture(scope="module")
def corpus() -> list[Record]:
    rng = Random(5)
    return [
        Record(f"document:{n}", _text(rng, 6), _text(rng, rng.choice([0, 3, 30, 120])), date(2026, 1, 1), rng.choice(["", *NUMBERS]))
        for n in range(DOCUMENTS)
    ]


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory, corpus: list[Record]) -> Iterator[TantivyEngine]:
    one = TantivyEngine(tmp_path_factory.mktemp("index"))
    for at in range(0, DOCUMENTS, 40):  # several segments
        one.put(corpus[at : at + 40])
        one.commit(at + 40)
    yield one
    one.close()


def truth(corpus: list[Record], typed: str) -> set[str]:
    words = words_of(typed)
    found = set()
    for record in corpus:
        title, body, number = normal(record.title), normal(record.body), normal(record.number)
        if words and all(word in title or word in body or (parse(word) and word == number) for word in words):
            found.add(record.key)
    return found


def _queries(corpus: list[Record]) -> list[str]:
    rng = Random(9)
    made = []
    while len(made) < QUERIES:
        record = rng.choice(corpus)
        source = rng.choice([record.title, record.body or record.title])
        parts = []
        for _ in range(rng.choice([1, 1, 1, 2, 3])):
            begin = rng.randrange(len(source))
            parts.append(VARIANTS[rng.choice(list(VARIANTS))](source[begin : begin + rng.choice([1, 1, 2, 2, 3, 4, 6, 9, 15])]))
        made.append(" ".join(parts))
    return [one for one in made if one.strip() and len(one) <= 200]


def test_recall_is_one_over_generated_texts_and_queries(engine: TantivyEngine, corpus: list[Record]):
    asked = found_any = 0
    for typed in _queries(corpus):
        try:
            wanted = truth(corpus, typed)
        except QueryTooLong:
            continue
        answer = engine.search(Wanted(typed, limit=DOCUMENTS))
        assert {hit.key for hit in answer.hits} == wanted, typed
        assert answer.total == len(wanted)
        asked, found_any = asked + 1, found_any + bool(wanted)
    assert asked > QUERIES * 0.9
    assert found_any > QUERIES * 0.5, "queries taken from the texts that find nothing prove nothing"


@pytest.mark.parametrize("sign", sorted({sign for word in WORDS for sign in word}))
def test_every_single_sign_is_found(engine: TantivyEngine, corpus: list[Record], sign: str):
    assert {hit.key for hit in engine.search(Wanted(sign, limit=DOCUMENTS)).hits} == truth(corpus, sign)


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("brackets", ["〔〕", "[]", "()", "（）", "【】", "［］", "〖〗", "﹝﹞"])
@pytest.mark.parametrize("spaced", [False, True])
def test_a_document_number_is_found_in_any_bracket(engine: TantivyEngine, corpus: list[Record], number: str, brackets: str, spaced: bool):
    typed = number.replace("〔", brackets[0]).replace("〕", brackets[1])
    typed = typed.replace(brackets[0], f" {brackets[0]}").replace(brackets[1], f"{brackets[1]} ") if spaced else typed
    bearing = {record.key for record in corpus if record.number == number}
    found = {hit.key for hit in engine.search(Wanted(typed, limit=DOCUMENTS)).hits}
    assert bearing and bearing <= found
    assert found == truth(corpus, typed)


@pytest.mark.parametrize("typed", ["供熱管理辦法", "供热管理办法", "供　热管理　办法", "“供热管理办法”", "供热管理办法 供热管理办法"])
def test_forms_of_one_word_find_the_same(engine: TantivyEngine, corpus: list[Record], typed: str):
    found = {hit.key for hit in engine.search(Wanted(typed, limit=DOCUMENTS)).hits}
    assert found == truth(corpus, typed) and found


def test_every_hit_shows_where_it_was_found(engine: TantivyEngine):
    for typed in ("部门预算公开", "18℃", "（試行）", "A座3楼"):
        for hit in engine.search(Wanted(typed, limit=DOCUMENTS)).hits:
            marked: list[Any] = [(part, span) for part in (hit.title, hit.snippet) for span in part.spans]
            assert marked, (typed, hit.key)
            assert any(words_of(typed)[0] in normal(part.text[begin:end]) for part, (begin, end) in marked)
