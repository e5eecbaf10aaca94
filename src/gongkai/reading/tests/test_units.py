"""Names of bodies in lists, as documents print them."""

from __future__ import annotations

import pytest

from gongkai.reading.cleaning import clean
from gongkai.reading.columns import align, column_role, header_roles, kind_of
from gongkai.reading.units import looks_like_unit, split_units

LISTS: list[tuple[str, list[str]]] = [
    ("市发改委、人社局", ["市发改委", "人社局"]),
    ("市地税局和国税局", ["市地税局", "国税局"]),
    ("人力资源和社会保障局", ["人力资源和社会保障局"]),
    ("各市、州、县人民政府", ["各市、州、县人民政府"]),
    ("各市、县、区政府", ["各市、县、区政府"]),
    ("各有关部门和单位", ["各有关部门和单位"]),
    ("各区、县级市", ["各区", "县级市"]),
    ("省编办（省审改办）", ["省编办（省审改办）"]),
    ("各县（市、区）人民政府，市直各部门", ["各县（市、区）人民政府", "市直各部门"]),
    ("市发展改革委、市财政局等有关部门", ["市发展改革委", "市财政局"]),
    ("市发展改革委等各规划编制部门", ["市发展改革委"]),
    ("住房城乡建设部等国务院相关部门及各地区", ["住房城乡建设部", "各地区"]),
    ("国务院相关部门", ["国务院相关部门"]),
    ("市教育局、市教育局", ["市教育局"]),
    ("区党工委、管委会办公室政策法规处", ["区党工委、管委会办公室政策法规处"]),
    ("以上由市林业局", ["市林业局"]),
]


@pytest.mark.parametrize(("words", "want"), LISTS)
def test_lists_of_units(words: str, want: list[str]) -> None:
    doc = clean(words)
    units = split_units(doc.flat, doc.text, 0, len(doc.flat))
    assert [u.text for u in units] == want
    assert all(doc.text[u.start : u.end] == u.text for u in units)


@pytest.mark.parametrize(
    "name", ["市财政局", "各乡镇", "县直各部门", "政策法规科", "市建设局", "推进办公室", "各县（市、区）政府", "省政务服务中心", "团市委"]
)
def test_these_look_like_units(name: str) -> None:
    assert looks_like_unit(clean(name).flat)


@pytest.mark.parametrize(
    "words", ["建设平台", "推进工作", "加强监管", "公布清单", "长效机制", "及时公开", "新建学校", "门户网站", "的局", "。"]
)
def test_these_do_not(words: str) -> None:
    assert not looks_like_unit(words)


@pytest.mark.parametrize(
    ("heading", "role"),
    [
        ("序号", "serial"),
        ("工作任务", "task"),
        ("具体措施", "task"),
        ("牵头单位", "lead"),
        ("牵头部门", "lead"),
        ("责任单位", "responsible"),
        ("配合单位", "support"),
        ("配合/责任单位", "either"),
        ("完成时限", "timing"),
        ("时间要求", "timing"),
        ("公开渠道", "channel"),
        ("工作领域", "group"),
        ("牵头领导", "other"),
        ("责任人", "other"),
        ("备注", "other"),
        ("一、推进改革", None),
    ],
)
def test_headings_of_columns(heading: str, role: str | None) -> None:
    assert column_role(heading) == role


def test_the_finest_task_column_is_the_task() -> None:
    assert header_roles(["主要任务", "具体措施", "责任单位"]) == ["group", "task", "responsible"]
    assert header_roles(["姓名", "职务", "电话"]) is None


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        ("3", "serial"),
        ("2019年6月底前", "timing"),
        ("长期坚持", "timing"),
        ("市发改委、各县区", "units"),
        ("办公室牵头,各科室配合", "units"),
        ("建设平台。", "task"),
        (" ", "blank"),
    ],
)
def test_looks_of_cells(cell: str, kind: str) -> None:
    assert kind_of(cell) == kind


def test_a_short_row_is_placed_by_its_looks() -> None:
    roles = ["serial", "group", "task", "lead", "responsible", "timing"]
    assert align(["2", "建设平台，统一管理。", "市财政局", "各县区", "年底前"], roles) == [0, None, 1, 2, 3, 4]
    assert align(["建设平台，统一管理。", "各县区"], roles) == [None, None, 0, None, 1, None]
    assert align(["1", "服务", "建设平台。", "市财政局", "各县区", "年底前"], roles) == [0, 1, 2, 3, 4, 5]
    assert align(list("abcdefg"), roles) is None
