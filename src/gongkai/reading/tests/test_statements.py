"""Responsibility statements: brackets, slots, clauses, prose."""

from __future__ import annotations

import pytest

from gongkai.reading.brackets import bracket_end, find_brackets, is_statement
from gongkai.reading.cleaning import clean
from gongkai.reading.compiler import compile_plan
from gongkai.reading.extracted import Extracted
from gongkai.reading.prose import definite_lead, suffix_statement, whole_lead
from gongkai.reading.slots import find_slot_tail
from gongkai.reading.statements import read_statement

Units = tuple[list[str], list[str], list[str], bool]

STATEMENTS: list[tuple[str, Units]] = [
    ("市发改委牵头，财政局、教育局配合", (["市发改委"], [], ["财政局", "教育局"], False)),
    ("市发改委、财政局按职责分工负责", ([], ["市发改委", "财政局"], [], True)),
    ("市发改委、财政局按职责分工分别牵头落实", (["市发改委", "财政局"], [], [], True)),
    ("税务总局、财政部负责，排在第一位的部门为牵头部门，下同", (["税务总局"], ["财政部"], [], False)),
    ("市发改委牵头，会同相关部门落实", (["市发改委"], [], ["相关部门"], False)),
    ("市交通局牵头，会同市自然资源局、市铁路办推进", (["市交通局"], [], ["市自然资源局", "市铁路办"], False)),
    ("国家发展改革委牵头，国务院相关部门及各地区按职责分工负责", (["国家发展改革委"], ["国务院相关部门", "各地区"], [], True)),
    ("责任单位：市公安局；配合单位：市司法局、市民政局；完成时限：2022年12月", ([], ["市公安局"], ["市司法局", "市民政局"], False)),
    ("牵头单位：省工信厅责任单位：省发改委完成时限：2020年底", (["省工信厅"], ["省发改委"], [], False)),
    ("责任领导：张某；责任单位：市人社局；督办单位：市政府督查室", ([], ["市人社局"], [], False)),
    ("市编办", ([], ["市编办"], [], False)),
    ("市工信局、市财政局。以下政策措施均需各县区落实，不再单独列出", ([], ["市工信局", "市财政局"], [], False)),
    ("市市场监管局、市税务局负责，2021年6月底前完成", ([], ["市市场监管局", "市税务局"], [], False)),
]


@pytest.mark.parametrize(("words", "want"), STATEMENTS)
def test_statements(words: str, want: Units) -> None:
    doc = clean(words)
    s = read_statement(doc.flat, doc.text, 0, len(doc.flat))
    assert ([u.text for u in s.lead], [u.text for u in s.responsible], [u.text for u in s.support], s.joint) == want


def test_the_values_of_time_and_channel_slots_are_kept_apart() -> None:
    doc = clean("牵头科室：办公室；完成时限：长期；信息发布及渠道：政府门户网站")
    s = read_statement(doc.flat, doc.text, 0, len(doc.flat))
    assert [doc.text[a:b] for a, b in s.timing] == ["长期"]
    assert [doc.text[a:b] for a, b in s.channel] == ["政府门户网站"]


@pytest.mark.parametrize(
    "inside", ["市发改委负责", "责任单位：市教育局", "市发改委、市财政局", "办公室牵头，各科室配合", "各部门按职责分工负责", "市财政局"]
)
def test_brackets_that_say_who_answers(inside: str) -> None:
    assert is_statement(clean(inside).flat, 0, len(inside))


@pytest.mark.parametrize(
    "inside", ["试行", "以下简称领导小组办公室", "含开发区管委会", "一", "2019年", "市", "国办发[2019]14号", "见附件1", "自治县", "DB35"]
)
def test_brackets_that_do_not(inside: str) -> None:
    assert not is_statement(inside, 0, len(inside))


def test_only_a_bracket_that_ends_a_sentence_is_one() -> None:
    flat = clean("由有关单位（市发改委、市财政局）共同推进各项工作。（市教育局负责）").flat
    assert [flat[a:b] for a, b in find_brackets(flat, 0, len(flat))] == ["(市教育局负责)"]


def test_brackets_nest_and_damaged_ones_close_nowhere() -> None:
    assert bracket_end("(各县(市)政府)", 0, 99) == 9
    assert bracket_end("(((((", 0, 99) == -1
    assert bracket_end("(" * 5000, 0, 5000) == -1


def test_slots_at_the_end_of_a_paragraph() -> None:
    flat = clean("推进改革。责任单位：市发改委、市财政局。").flat
    assert flat[find_slot_tail(flat, 0, len(flat)) :].startswith("责任单位")
    assert find_slot_tail(clean("各责任单位要落实责任。").flat, 0, 10) == -1


@pytest.mark.parametrize(
    ("words", "lead"),
    [
        ("由市教育局牵头，市财政局配合。", ["市教育局"]),
        ("编制规划。由市通信管理局牵头，市住建局参与，2020年3月底前完成。", ["市通信管理局"]),
        ("由市教育局牵头制定办法，推动落实。", []),
        ("建立由市教育局牵头、各部门参与的联席会议制度。", []),
    ],
)
def test_prose_that_leads_the_whole(words: str, lead: list[str]) -> None:
    doc = clean(words)
    assert [u.text for u in whole_lead(doc.flat, doc.text, 0, len(doc.flat))] == lead


def test_a_definite_lead() -> None:
    doc = clean("市体育局牵头制定考核细则。")
    found = definite_lead(doc.flat, doc.text, 0, len(doc.flat))
    assert found is not None and [u.text for u in found.lead] == ["市体育局"]
    vague = clean("市体育局要继续做好牵头工作。")
    assert definite_lead(vague.flat, vague.text, 0, len(vague.flat)) is None


def test_a_last_sentence_that_is_the_statement() -> None:
    doc = clean("全面梳理事项。区公开办牵头，指导各单位。")
    found = suffix_statement(doc.flat, doc.text, 0, len(doc.flat))
    assert found is not None and doc.text[found[0] :].startswith("区公开办") and [u.text for u in found[1].lead] == ["区公开办"]
    assert suffix_statement("市财政局要安排专项资金。", "市财政局要安排专项资金。", 0, 12) is None


FIRST = [
    "列第一位者为牵头单位，下同",
    "排在第一位的部门为牵头部门，下同",
    "排名第一的为牵头单位",
    "首位为牵头单位",
    "第一个单位为牵头单位，下同",
]


@pytest.mark.parametrize("said", FIRST)
def test_the_first_listed_leads_from_where_it_is_said(said):
    text = (
        "某市工作方案\n二、重点任务\n"
        f"（一）完善制度。（市教育局、市财政局，{said}）\n"
        "（二）加强监管。（各县区政府、市公安局）\n"
        "（三）优化服务。（市住建局、市水利局）\n"
    )
    first, collective, third = compile_plan(Extracted("x", text)).tasks
    assert (first.lead, first.responsible) == (["市教育局"], ["市财政局"])
    assert (collective.lead, collective.responsible) == ([], ["各县区政府", "市公安局"])
    assert (third.lead, third.responsible) == (["市住建局"], ["市水利局"])


@pytest.mark.parametrize("text", [
    "某市任务分解\n注：责任单位中排名第一的为牵头单位。\n一、主要任务\n（一）完善制度。健全制度。责任单位：市教育局、市财政局。\n",
    "某市任务表\n| 序号 | 工作任务 | 责任单位（列首位的为牵头单位） |\n| 1 | 完善管理制度。 | 市教育局、市财政局 |\n",
])  # fmt: skip
def test_a_note_or_a_heading_of_a_table_says_that_the_first_leads(text):
    (task,) = compile_plan(Extracted("x", text)).tasks
    assert (task.lead, task.responsible) == (["市教育局"], ["市财政局"])


def test_the_first_item_of_a_list_is_no_lead():
    text = "某市工作方案\n二、主要任务\n（一）推进公开。列第一位的事项优先公开。（市教育局、市财政局负责）\n"
    (task,) = compile_plan(Extracted("x", text)).tasks
    assert task.lead == []


def test_slots_parted_by_blanks_and_an_item_that_opens_with_a_year():
    text = (
        "某局2019年政务公开工作实施方案\n一、公开内容\n（一）招生信息。公开招生政策。\n"
        "责任科室：基础教育科 职成科    公开时限：每年6月底前     公开渠道：局门户网站、新闻媒体\n"
        "（二）审批事项。\n1.2019年底前再取消一批许可。（办公室牵头）\n2.清理变相审批。（法规科负责）\n"
    )
    first, second, third = compile_plan(Extracted("x", text)).tasks
    assert (first.responsible, first.channels) == (["基础教育科", "职成科"], ["局门户网站", "新闻媒体"])
    assert [d.every for d in first.deadlines] == ["P1Y"]
    assert (second.text, second.lead, str(second.deadlines[0].due)) == ("2019年底前再取消一批许可。", ["办公室"], "2019-12-31")
    assert third.responsible == ["法规科"]
