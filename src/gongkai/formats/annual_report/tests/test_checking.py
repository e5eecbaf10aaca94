"""Consistent reports pass; whatever is changed is found by the check that is meant for it."""

from __future__ import annotations

import dataclasses
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.formats.annual_report.checking import check
from gongkai.formats.annual_report.likeness import likeness
from gongkai.formats.annual_report.model import Value, cell, from_dict
from gongkai.formats.annual_report.narrative import claims
from gongkai.formats.annual_report.tests.made import report, reports


def changed(given, table, place, value):
    return dataclasses.replace(given, **{table: {**given.table(table), place: value if isinstance(value, Value) else cell(value)}})


def said(given, section, text):
    return dataclasses.replace(given, sections={**given.sections, section: text})


@settings(max_examples=50)
@given(reports())
def test_a_consistent_report_passes(one):
    assert check(one).findings == ()
    assert from_dict(one.to_dict()) == one


@settings(max_examples=150)
@given(reports(), st.data())
def test_a_single_changed_number_fails_with_the_checks_meant_for_it(one, data):
    table = data.draw(st.sampled_from(["three", "four"]))
    row, column = place = data.draw(st.sampled_from(one.form.places[table]))
    wrong = changed(one, table, place, one.number(table, row, column) + data.draw(st.integers(1, 50)))
    found = check(wrong).failures
    if table == "four":
        expected = {("group", "cases", column.split(".")[0] + ".total")}
    else:
        expected = {("total", row, "total")}
        if row in ("1", "2", "4", "3.7"):
            expected.add(("carry", None, column))
        if row == "3.7" or row in one.form.outcome_rows:
            expected.add(("outcomes", "3.7", column))
    assert {(f.check, f.row, f.column) for f in found} == expected
    assert all(f.message.endswith("。") and f.where and f.expected != f.found for f in found)


@given(reports("2021"), st.sampled_from(["person", "legal", "total"]), st.integers(1, 9))
def test_last_years_carry_over_must_be_this_years(last, column, more):
    this = report(5, year=2024)
    for code in [c.code for c in this.form.three_columns]:
        this = changed(this, "three", ("2", code), last.number("three", "4", code))
    same = [f for f in check(this, last).failures if f.check == "carried_over"]
    wrong = changed(this, "three", ("2", column), last.number("three", "4", column) + more)
    found = [f for f in check(wrong, last).failures if f.check == "carried_over"]
    assert same == [] and [(f.column, f.found - f.expected) for f in found] == [(column, more)]


def test_rules_in_force_move_by_what_was_made_and_abolished():
    last = changed(report(1), "two", ("normative", "valid"), 10)
    this = report(2, year=2024)
    for column, number in (("made", 3), ("abolished", 2), ("valid", 12)):
        this = changed(this, "two", ("normative", column), number)
    found = [f for f in check(this, last).warnings if f.check == "valid" and f.row == "normative"]
    assert [(f.expected, f.found) for f in found] == [(11, 12)]
    assert [f.check for f in check(dataclasses.replace(this, year=2026), last).warnings if f.check in ("years", "valid")] == ["years"]


@pytest.mark.parametrize(
    ("value", "name", "severity"),
    [
        (Value(None, ""), "empty", "warn"),
        (Value(None, "三件"), "number", "fail"),
        (-1, "negative", "fail"),
        (Decimal("1.5"), "integer", "fail"),
    ],
)
def test_cells_hold_whole_numbers(value, name, severity):
    one = changed(report(3), "two", ("licences", "decisions"), value)
    assert [(f.check, f.severity) for f in check(one).findings] == [(name, severity)]


def test_fees_may_have_fractions_and_changes_may_be_negative():
    assert check(changed(report(3), "two", ("charges", "fees"), Decimal("12.35"))).findings == ()
    assert check(changed(report(3, "2019"), "two", ("licences", "change"), -4)).findings == ()


def test_missing_parts_are_named():
    one = report(4)
    lost = dataclasses.replace(one, four={}, sections={"1": "已经做了。", "2": "", "3": "", "4": "", "5": ""})
    assert [(f.check, f.where) for f in check(lost).failures] == [
        ("section", "五、存在的主要问题及改进情况"),
        ("section", "六、其他需要报告的事项"),
        ("table", "表四"),
    ]
    row = dataclasses.replace(one, three={place: value for place, value in one.three.items() if place[0] != "3.4.2"})
    assert [(f.check, f.row, f.expected) for f in check(row).failures] == [("row", "3.4.2", 7)]


def numbered(**numbers):
    one = report(6, largest=0)
    for place, number in numbers.items():
        one = changed(one, "three", (place.replace("_", "."), "total"), number)
    return one


@pytest.mark.parametrize(
    ("text", "row", "number"),
    [
        ("2023年，我局共收到政府信息公开申请12件，同比增加3件。", "1", 12),
        ("全年新收政府信息公开申请１２件。", "1", 12),
        ("共受理依申请公开申请1,234件", "1", 1234),
        ("收到十二件政府信息公开申请，均已答复。", "1", 12),
        ("全年未收到政府信息公开申请。", "1", 0),
        ("没有收到公民、法人和其他组织的政府信息公开申请", "1", 0),
        ("上年结转3件", "2", 3),
        ("其中，予以公开3件、其余另计", "3.1", 3),
        ("部分公开2件", "3.2", 2),
        ("不予公开共计4件", "3.3", 4),
        ("无法提供5件", "3.4", 5),
        ("不予处理6件", "3.5", 6),
        ("其他处理：7件", "3.6", 7),
        ("办结申请8件", "3.7", 8),
        ("结转下年度继续办理9件", "4", 9),
        ("引发行政复议2件", "cases", 2),
        ("未发生因政府信息公开引起的行政复议、行政诉讼。", "cases", 0),
        ("制发行政规范性文件3件", "normative", 3),
        ("行政事业性收费共计12.5万元", "charges", Decimal("12.5")),
        ("作出行政许可决定30件", "licences", 30),
    ],
)
def test_numbers_in_the_text_are_found_with_their_meaning(text, row, number):
    found = [(claim.phrase.rows[0], claim.number) for claim in claims(said(report(6), "1", text))]
    assert (row, number) in found and len({one for one, _ in found}) == 1


@pytest.mark.parametrize(
    "text",
    [
        "通过网络收到政府信息公开申请5件",
        "收到自然人政府信息公开申请5件",
        "2022年，收到政府信息公开申请9件",
        "较上年减少3件",
        "公开行政许可信息200条",
        "答复网民留言30件",
        "办理政协提案答复12件",
        "主动公开政府信息1200条",
        "2022年共收到政府信息公开申请3件",
    ],
)
def test_numbers_that_mean_something_else_are_left_alone(text):
    assert list(claims(said(report(6), "1", text))) == []


def test_a_text_that_differs_from_its_table_is_quoted():
    one = said(numbered(), "1", "全年收到政府信息公开申请12件。维持2件。行政复议3件，维持1件；行政诉讼2件，纠正1件。")
    found = [f for f in check(one).failures if f.check == "narrative"]
    assert [(f.table, f.row, f.expected, f.found) for f in found] == [
        ("three", "1", 0, 12),
        ("four", "cases", 0, 3),
        ("four", "cases", 0, 1),
        ("four", "cases", 0, 2),
        ("four", "cases", 0, 1),
    ]
    assert found[0].message == "“总体情况”写“收到政府信息公开申请12件”（12），表三·一、本年新收政府信息公开申请数量·总计是 0。"


TEXT = (
    "清川市水利局认真贯彻政府信息公开条例，坚持以公开为常态、不公开为例外，全年主动公开信息120条，其中工作动态80条、通知公告40条，"
    "及时更新公开指南和公开目录，规范办理依申请公开，健全登记、审核、办理、答复、归档制度，完善水库除险加固和农村供水等重点领域信息公开。"
)


def test_a_copied_text_scores_one_whatever_numbers_and_names_were_changed():
    other = TEXT.replace("120", "131").replace("80", "91").replace("清川市水利局", "云岭县水利局")
    found = likeness(TEXT, other, ["清川市水利局", "云岭县水利局"])
    assert found.score == 1 and found.passage.startswith("认真贯彻政府信息公开条例")
    one, two = said(report(7), "1", TEXT * 2), said(report(8), "1", other * 2)
    assert [f.check for f in check(one, others=[("邻县.html", two)]).findings] == ["copy"]


def test_texts_of_their_own_score_low():
    own = (
        "今年我们把群众打电话问得最多的三十个问题写成问答，放在门户首页；请六位老同志试用查询页面，按他们的意见改大了字号。"
        "河道清淤的合同、进度和验收照片每周上网，镇上的公示栏同步张贴，年底请代表评议，得分九十二分，未达标的两项已经整改到位。"
    )
    assert likeness(TEXT, own).score < 0.1
    assert not likeness("太短", TEXT).compared
