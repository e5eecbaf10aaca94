"""Cleaning with the way back: noise goes, the text stays, every character knows where it stood."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.reading.channels import find_channels, split_slot
from gongkai.reading.citations import cited_documents
from gongkai.reading.cleaning import clean, is_noise, noise_tail, tidy
from gongkai.reading.compiler import compile_plan
from gongkai.reading.extracted import Extracted
from gongkai.reading.wrapping import unwrap

PLAIN = "一、推进政务服务标准化，完善平台建设（试行）。各部门要认真落实工作要求；年底前完成。"
NOTES = ("jìn", "fā", "huì", "lǜ", "gè", "zhǎng", "ér")


@settings(deadline=None)
@given(st.lists(st.integers(0, len(PLAIN) - 1), max_size=20, unique=True), st.data())
def test_pinyin_notes_go_and_every_character_keeps_its_place(places: list[int], data: st.DataObject) -> None:
    raw, places_of = "", []
    for k, c in enumerate(PLAIN):
        places_of.append(len(raw))
        raw += c
        if k in places and "\u4e00" <= c <= "\u9fff":
            raw += data.draw(st.sampled_from(("({})", "（{}）"))).format(data.draw(st.sampled_from(NOTES)))
    doc = clean(raw)
    assert doc.text == PLAIN
    assert list(doc.origin) == places_of


@settings(deadline=None)
@given(st.text(alphabet=st.sampled_from("一二（）()《》12ａ１\u200b\ufeff\r\n 進發政府ào"), max_size=200))
def test_each_character_came_from_one_of_the_raw_text(raw: str) -> None:
    doc = clean(raw)
    assert len(doc.text) == len(doc.flat) == len(doc.origin)
    assert list(doc.origin) == sorted(set(doc.origin))
    assert all(0 <= o < len(raw) for o in doc.origin)
    for start in range(0, len(doc.text), 7):
        a, b = doc.raw(start, min(start + 3, len(doc.text)))
        assert 0 <= a <= b <= len(raw)


@pytest.mark.parametrize(
    "text",
    [
        "(一)加强领导",
        "（试行）",
        "移动客户端(app)建设",
        "项目(PPP)信息",
        "某政发〔2020〕5号",
        "[2017]1号",
        "面积(km)",
        "各县（市、区）",
        "（一）（二）",
        "(ppp)",
    ],
)
def test_what_is_no_pinyin_note_survives(text: str) -> None:
    assert clean(text * 8).text == text * 8


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("據(jù)此", "据此"),
        ("發(fā)展(zhǎn)規(guī)劃", "发展规划"),
        ("１２月ＡＰＰ", "12月APP"),
        ("推\u200b进\ufeff", "推进"),
        ("國務院辦公廳關於印發通知", "国务院办公厅关于印发通知"),
        ("第\r一\r\n条", "第\n一\n\n条"),
    ],
)
def test_forms_are_made_plain(raw: str, text: str) -> None:
    assert clean(raw).text == text


def test_a_simplified_text_with_one_old_form_is_left() -> None:
    assert "乾隆" in clean("乾隆年间" + "推进政务公开" * 100).text


@pytest.mark.parametrize(
    "line",
    [
        "分享到：微信 微博",
        "扫一扫在手机打开当前页",
        "上一篇：某通知",
        "【打印】【关闭】",
        "索引号: 0001 组配分类: 通知",
        "发布时间：2020-10-21 来源：某局",
        "责任编辑：张某",
    ],
)
def test_lines_of_the_page(line: str) -> None:
    assert is_noise(clean(line).flat)


@pytest.mark.parametrize("line", ["一、推进政务公开", "责任单位：市发改委", "各县（市、区）要认真落实。", "完成时限：长期"])
def test_lines_of_the_document(line: str) -> None:
    assert not is_noise(clean(line).flat)


def test_a_button_glued_to_the_last_sentence_is_cut() -> None:
    line = clean("抓好落实。分享到：").flat
    assert line[: noise_tail(line)] == "抓好落实。"


def test_tidy_joins_what_was_broken() -> None:
    assert tidy(" 推进 政务\n公开 ， 建设 WEB  API 平台 ") == "推进政务公开，建设WEB API平台" or tidy("推进 政务") == "推进政务"


def test_hard_wrapped_lines_are_put_together_and_keep_their_places() -> None:
    body = "为做好有关工作，按照上级部署，结合实际，坚持问题导向和效果导向相结合，推进政务服务标准化规范化便利化，" * 8 + "。"
    raw = "\n".join(body[k : k + 20] for k in range(0, len(body), 20)) + "\n一、抓好落实\n"
    doc = unwrap(clean(raw), [])
    assert body in doc.text and doc.text.endswith("\n一、抓好落实\n")
    assert all(raw[o] == c for o, c in zip(doc.origin, doc.text, strict=True))


# -- channels, citations, metadata ----------------------------------------------------------------------------------

CHANNELS: list[tuple[str, list[str]]] = [
    ("在市政府门户网站公开。", ["市政府门户网站"]),
    ("通过新闻发布会、在线访谈等方式解读政策。", ["新闻发布会", "在线访谈"]),
    ("通过“信用中国”网站公开处罚结果。", ["“信用中国”网站"]),
    ("加强政府网站建设，提升服务水平。", []),
    ("建立执法信息公示平台，集中公开执法信息。", []),
    ("做好政务公开工作。", []),
]


@pytest.mark.parametrize(("words", "want"), CHANNELS)
def test_channels_in_prose(words: str, want: list[str]) -> None:
    doc = clean(words)
    assert [doc.text[a:b] for a, b in find_channels(doc.flat, 0, len(doc.flat))] == want


def test_the_slot_of_channels_leaves_the_publishing_office_out() -> None:
    flat = "办公室,政府门户网站、政务公开统一平台"
    assert [flat[a:b] for a, b in split_slot(flat, 0, len(flat), {"办公室"})] == ["政府门户网站", "政务公开统一平台"]


def test_cited_documents_with_their_numbers() -> None:
    doc = clean(
        "按照《国务院办公厅关于印发要点的通知》（国办发〔2019〕14号）和《政府信息公开条例》要求，落实《通知》《某市方案》。再按《政府信息公开条例》办。"
    )
    found = cited_documents(doc, ["某市方案"], [(0, len(doc.text))])
    assert [(c.title, c.number) for c in found] == [("国务院办公厅关于印发要点的通知", "国办发〔2019〕14号"), ("政府信息公开条例", None)]


METADATA = [
    (
        "某市人民政府办公室关于印发2020年工作要点的通知\n某政办发〔2020〕52号\n各县区：\n"
        "现将《2020年工作要点》印发给你们。\n某市人民政府办公室\n2020年8月14日\n2020年工作要点\n一、推进改革\n",
        ("某市人民政府办公室关于印发2020年工作要点的通知", "某市人民政府办公室", "某政办发〔2020〕52号", "2020-08-14"),
    ),
    (
        "索引号: 0001 文号: 某政办〔2020〕12号\n名称: 某通知\n某市2020年工作方案\n一、推进改革\n（一）抓好落实。\n"
        "某市教育局\n2020年3月1日\n",
        ("某市2020年工作方案", "某市教育局", "某政办〔2020〕12号", "2020-03-01"),
    ),
    (
        "某市人民政府关于加快发展的意见某府发〔2019〕17号各区县人民政府：近年来，发展较快。一、总体要求（一）指导思想。抓好落实。某市人民政府2019年6月28日（此件公开发布）",
        ("某市人民政府关于加快发展的意见", "某市人民政府", "某府发〔2019〕17号", "2019-06-28"),
    ),
    ("一、推进改革\n按照《某要点》（国办发〔2019〕14号）要求。\n", (None, None, None, None)),
]


@pytest.mark.parametrize(("text", "want"), METADATA)
def test_title_issuer_number_and_date(text: str, want: tuple[str | None, ...]) -> None:
    plan = compile_plan(Extracted("x.txt", text))
    assert (plan.title, plan.issuer, plan.doc_number, plan.issued_on.isoformat() if plan.issued_on else None) == want
