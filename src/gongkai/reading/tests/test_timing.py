"""Time limits and quotas: what binds and what does not, each by the words it is printed in."""

from __future__ import annotations

from datetime import date

import pytest

from gongkai.reading.cleaning import clean
from gongkai.reading.quotas import find_quotas
from gongkai.reading.timing import find_limits, find_slot_limits, number

YEAR = 2019

PROSE: list[tuple[str, list[tuple[str, str]]]] = [
    ("6月底前完成台账", [("absolute", "2019-06-30")]),
    ("11月底前报市政府", [("absolute", "2019-11-30")]),
    ("2020年3月15日前上报", [("absolute", "2020-03-15")]),
    ("2月底前完成", [("absolute", "2019-02-28")]),
    ("2020年2月底前完成", [("absolute", "2020-02-29")]),
    ("年底前全面建成", [("absolute", "2019-12-31")]),
    ("年内实现全覆盖", [("absolute", "2019-12-31")]),
    ("到2025年，全省建成100个", [("absolute", "2025-12-31")]),
    ("2021年底前取得成效", [("absolute", "2021-12-31")]),
    ("上半年前完成", [("absolute", "2019-06-30")]),
    ("第三季度末前完成", [("absolute", "2019-09-30")]),
    ("启动阶段（2018年3月—4月）", [("absolute", "2018-04-30")]),
    ("2018年10月至2019年2月开展整治", [("absolute", "2019-02-28")]),
    ("每季度通报一次", [("recurring", "P3M")]),
    ("每月25日前报送", [("recurring", "P1M")]),
    ("每半年开展一次", [("recurring", "P6M")]),
    ("每周更新", [("recurring", "P1W")]),
    ("每年公开上一年度情况", [("recurring", "P1Y")]),
    ("按季度调度", [("recurring", "P3M")]),
    ("文件公开后3个工作日内解读", [("relative", "文件公开后3个工作日内")]),
    ("最迟5小时内发布", [("relative", "5小时内")]),
    ("在两年之内实行", [("relative", "两年内")]),
    ("及时公开，适时发布，定期更新", []),
    ("2017年印发的文件", []),
    ("贯彻《2019年工作要点》", []),
    ("按照“十四五”规划", []),
    ("违反的在三年内取消资格", []),
    ("截至2018年底，共有20家", []),
    ("培训补贴每人每年只享受一次", []),
    ("办理时限压缩至3个工作日以内", []),
    ("本办法有效期至2022年12月31日", []),
]


@pytest.mark.parametrize(("words", "want"), PROSE)
def test_limits_in_prose(words: str, want: list[tuple[str, str]]) -> None:
    doc = clean(words)
    found = find_limits(doc.flat, 0, len(doc.flat), YEAR)
    assert [(f.kind, f.due.isoformat() if f.due else f.every or (f.within or "").removeprefix("在")) for f in found] == want


SLOTS: list[tuple[str, set[tuple[str, str | None]]]] = [
    ("2019年6月", {("absolute", "2019-06-30")}),
    ("6月底", {("absolute", "2019-06-30")}),
    ("2019.6", {("absolute", "2019-06-30")}),
    ("2019年", {("absolute", "2019-12-31")}),
    ("全年", {("absolute", "2019-12-31")}),
    ("长期坚持", {("ongoing", None)}),
    ("持续推进", {("ongoing", None)}),
    ("2019年12月取得阶段性成果并持续推进", {("absolute", "2019-12-31"), ("ongoing", None)}),
    ("2019年6月30日前，根据《管理办法》文件规定执行", {("absolute", "2019-06-30")}),
    ("信息形成后及时提供", {("on_event", None)}),
    ("按照牵头部门要求时限内提供", {("on_event", None)}),
    ("每季度", {("recurring", "P3M")}),
    ("/", set()),
    ("", set()),
]


@pytest.mark.parametrize(("words", "want"), SLOTS)
def test_limits_in_a_slot(words: str, want: set[tuple[str, str | None]]) -> None:
    doc = clean(words)
    found = find_slot_limits(doc.flat, 0, len(doc.flat), YEAR)
    assert {(f.kind, f.due.isoformat() if f.due else f.every) for f in found} == want


def test_without_a_year_a_bare_month_has_no_day() -> None:
    assert find_limits("6月底前完成", 0, 7, None) == []


def test_places_are_those_of_the_words() -> None:
    flat = "一、推进，2019年6月底前完成。"
    (found,) = find_limits(flat, 0, len(flat), YEAR)
    assert flat[found.start : found.end] == "2019年6月底前" and found.due == date(2019, 6, 30)


@pytest.mark.parametrize(("words", "value"), [("十", 10), ("二十一", 21), ("九十九", 99), ("7", 7), ("两", 2)])
def test_small_numerals(words: str, value: int) -> None:
    assert number(words) == value


QUOTAS: list[tuple[str, list[tuple[float, str, str]]]] = [
    ("全年培训不少于2次", [(2, "次", ">=")]),
    ("每年至少召开1次发布会", [(1, "次", ">=")]),
    ("每年至少听取2次汇报", [(2, "次", ">=")]),
    ("建成800家以上", [(800, "家", ">=")]),
    ("费率不超过0.8%", [(0.8, "%", "<=")]),
    ("给予最高不超过5万元补助", [(5, "万元", "<=")]),
    ("审查周期压缩至4个月以内", [(4, "个月", "<=")]),
    ("压缩企业开办时间至3个工作日以内", [(3, "个工作日", "<=")]),
    ("比例不低于百分之八十", [(80, "%", ">=")]),
    ("粮食产量稳定在50亿斤以上", [(50, "亿斤", ">=")]),
    ("培训两次以上", [(2, "次", ">=")]),
    ("引进100名人才", []),
    ("参保1年以上的职工", []),
    ("年交易额100亿元以上的市场", []),
    ("二级以上医院", []),
    ("3日以内报送", []),
]


@pytest.mark.parametrize(("words", "want"), QUOTAS)
def test_quotas(words: str, want: list[tuple[float, str, str]]) -> None:
    flat = clean(words).flat
    assert [(value, unit, op) for _, _, value, unit, op in find_quotas(flat, 0, len(flat))] == want
