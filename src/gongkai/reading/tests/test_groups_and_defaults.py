"""Group lines between loose cells, and tasks that a sentence gives to somebody."""

from __future__ import annotations

import pytest

from gongkai.reading.compiler import compile_plan
from gongkai.reading.extracted import Extracted

NUMBERED = """某区2022年政务公开工作要点责任分工表
序号
工作内容
责任单位
完成时限
一、推进决策公开
1
落实重大行政决策目录公开制度。
区政府办、区司法局
6月底前
2
推行政府开放日活动。
各镇街
长期坚持
二、推进执行公开
3
公开重点任务执行情况。
区政府办
每季度
"""
BARE = "\n".join(line for line in NUMBERED.splitlines() if line not in ("序号", "1", "2", "3")) + "\n"


@pytest.mark.parametrize("text", [NUMBERED, BARE])
def test_a_group_line_between_cells_heads_the_rows_below_it(text):
    tasks = compile_plan(Extracted("x", text)).tasks
    assert [(t.path, t.text[:6], t.responsible) for t in tasks] == [
        (["一、推进决策公开"], "落实重大行政", ["区政府办", "区司法局"]),
        (["一、推进决策公开"], "推行政府开放", ["各镇街"]),
        (["二、推进执行公开"], "公开重点任务", ["区政府办"]),
    ]


def test_a_part_on_scope_and_tasks_lists_tasks():
    text = (
        "某省开展某项改革试点工作方案\n二、试点范围和主要任务\n（一）试点范围。在3个市开展试点。\n"
        "（二）主要任务。承接省级试点工作的相关单位的主要任务如下：\n1.省民政厅：制定标准，开展登记。\n2.省教育厅：梳理事项，编制目录。\n"
        "（三）其他任务。\n1.建立机制。明确流程。\n"
    )
    tasks = compile_plan(Extracted("x", text)).tasks
    assert [t.responsible for t in tasks] == [["省民政厅"], ["省教育厅"], ["承接省级试点工作的相关单位"]]
    assert [t.inherited for t in tasks] == [False, False, True]


def test_a_table_pasted_from_a_spreadsheet_is_parted_by_tabs():
    text = (
        "某市2017年政务公开任务分解表\n"
        "工作任务\t具体内容\t牵头单位\t配合单位\t完成时限\n"
        "助力稳增长\t加强预期引导，做好政策解读。\t市发改委\t市财政局、市统计局\t全年\n"
        "\t推进减税降费信息公开。\t市国税局、市地税局\t\t次年1月底前\n"
    )
    first, second = compile_plan(Extracted("x", text)).tasks
    assert (first.path, first.lead, first.support) == (["助力稳增长"], ["市发改委"], ["市财政局", "市统计局"])
    assert (second.path, second.lead, second.support) == (["助力稳增长"], ["市国税局", "市地税局"], [])
    assert [str(d.due) for d in second.deadlines] == ["2018-01-31"]
