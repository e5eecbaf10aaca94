"""The compiler as a whole: generated plans are read as they were meant; forms of the genre; texts that are no plans; any text at all."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongkai.reading.compiler import compile_plan
from gongkai.reading.extracted import Extracted
from gongkai.reading.model import Plan, Task
from gongkai.reading.tests.plan_generator import Document, Limit, documents


def compiled(text: str) -> Plan:
    return compile_plan(Extracted("plan.txt", text))


def _norm(text: str) -> str:
    wide = {0xFF10 + d: str(d) for d in range(10)} | {ord("．"): "."}
    return "".join(text.split()).translate(wide)


def _limits(task: Task) -> set[Limit]:
    return {(d.kind, d.due.isoformat() if d.due else None, d.every) for d in task.deadlines}


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(documents())
def test_a_generated_plan_is_read_as_it_was_meant(document: Document) -> None:
    plan = compile_plan(document.extracted)
    assert [_norm(t.text) for t in plan.tasks] == [_norm(t.text) for t in document.tasks]
    for got, true in zip(plan.tasks, document.tasks, strict=True):
        assert (got.lead, got.responsible, got.support) == (true.lead, true.responsible, true.support), true.text
        assert got.joint == true.joint, true.text
        assert _limits(got) == true.limits, true.text
        assert [_norm(p) for p in got.path] == [_norm(p) for p in true.path], true.text


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(documents())
def test_spans_and_marks_lie_inside_the_text(document: Document) -> None:
    plan = compile_plan(document.extracted)
    size = len(document.extracted.text)
    for task in plan.tasks:
        for start, end in [task.span, *(m.span for m in task.marks), *(d.span for d in task.deadlines)]:
            assert 0 <= start < end <= size
    json.dumps(plan.to_dict())


# -- texts that set nobody a task -----------------------------------------------------------------------------------

NO_PLANS = {
    "award": (
        "某市人民政府关于表彰先进集体的决定\n各县人民政府：\n市政府决定，授予市财政局等20个单位“先进集体”称号。\n"
        "希望受表彰的集体再接再厉。\n某市人民政府\n2020年1月10日\n附件1\n先进集体名单\n市财政局、市教育局\n一、一等奖\n"
        "市卫健委\n"
    ),
    "holiday": (
        "某市人民政府办公室关于国庆节放假的通知\n各单位：\n一、10月1日至7日放假，共7天。9月26日上班。\n"
        "二、各单位要安排好值班。\n某市人民政府办公室\n2021年9月24日\n"
    ),
    "regulation": (
        "某省文件管理办法\n第一章 总则\n第一条 为了加强管理，制定本办法。\n第二条 县级以上司法行政部门负责审核工作。\n"
        "第三条 自公布之日起15日内报送备案，每年至少检查一次。\n第四条 本办法自2019年5月1日起施行。\n"
    ),
    "appointments": (
        "关于张某等同志任免职的通知\n任命：\n张某为市教育局局长；\n免去：\n王某的市教育局局长职务。\n某市人民政府\n2019年5月6日\n"
    ),
    "interpretation": (
        "《某市一网通办实施方案》政策解读\n一、起草背景\n市政务服务局牵头起草了方案。\n二、主要内容\n"
        "（一）统一平台。2020年底前建成平台，由市大数据局牵头。\n（二）优化流程。压减时限50%以上。\n"
    ),
    "report": (
        "某局2020年政府信息公开工作年度报告\n一、总体情况\n（一）主动公开。公开信息1200条。\n"
        "（二）管理。由办公室牵头负责，各科室配合。\n二、改进措施\n下一步，每季度组织一次培训。\n"
    ),
    "statistics": "某市2020年国民经济和社会发展统计公报\n一、综合\n全年生产总值增长3.5%。\n二、工业\n规模以上企业500家以上。\n",
    "questions": "政务服务常见问题解答\n问：如何办理居住证？\n答：到派出所申请，15个工作日内办结。\n1.办理时限：5个工作日。\n",
    "call": (
        "关于征集民生实事项目的公告\n一、征集时间\n2020年11月1日至11月30日。\n二、征集方式\n1.发送邮件。\n"
        "某市人民政府办公室\n2020年10月30日\n"
    ),
    "news": "某市召开工作推进会\n本报讯 3月5日，推进会召开。会议要求，各部门要在6月底前完成任务。\n市发改委、市财政局负责人参加会议。\n",
    "empty": "",
    "blank": " \n\n\u3000\n",
}


@pytest.mark.parametrize("name", NO_PLANS)
def test_a_text_that_is_no_plan_has_no_task(name: str) -> None:
    assert compiled(NO_PLANS[name]).tasks == []


# -- forms ----------------------------------------------------------------------------------------------------------

Row = tuple[str, list[str], list[str], list[str]]
"""(beginning of the text, lead, responsible, support)"""

FORMS: dict[str, tuple[str, list[Row]]] = {
    "first listed leads, a collective does not": (
        "某市若干措施\n一、支持汽车消费。（市商务局、市财政局负责，列第一位者为牵头单位，下同）\n"
        "二、发放消费券。（市文旅局、市商务局负责）\n三、推动进社区。（各区政府、市商务局负责）\n",
        [
            ("支持汽车消费", ["市商务局"], ["市财政局"], []),
            ("发放消费券", ["市文旅局"], ["市商务局"], []),
            ("推动进社区", [], ["各区政府", "市商务局"], []),
        ],
    ),
    "a column 配合/责任单位": (
        "某市方案\n序号 | 重点任务 | 牵头单位 | 配合/责任单位 | 完成时限 |\n"
        "1 | 建设平台，统一管理。 | 市大数据局 | 市财政局 | 2020年9月底前 |\n"
        "2 | 完善证照库，归集证照。 | | 市政务服务局 | 2020年10月底前 |\n",
        [("建设平台", ["市大数据局"], [], ["市财政局"]), ("完善证照库", [], ["市政务服务局"], [])],
    ),
    "cells run together, all in one line": (
        "某区任务分解表\n"
        "序号工作任务牵头单位责任单位完成时限1做好会议公开。区政府办公室各有关单位全年2公布审批结果。区发改局区住建局、区水务局2019年6月底前\n",
        [("做好会议公开", ["区政府办公室"], ["各有关单位"], []), ("公布审批结果", ["区发改局"], ["区住建局", "区水务局"], [])],
    ),
    "a row that lost its spanned cells": (
        "某县清单\n工作领域 | 具体任务 | 责任单位 | 完成时间 |\n宣传 | 1.制作标语 | 县委宣传部 | 2018年6月 |\n"
        "2.开展集中宣传月活动 | 县司法局 | 2018年7月 |\n",
        [("制作标语", [], ["县委宣传部"], []), ("开展集中宣传", [], ["县司法局"], [])],
    ),
    "a statement on a line after several items": (
        "某市方案\n一、主要任务\n（一）规范中介服务。\n1.清理事项；\n2.公布目录。\n（市编办、市政务中心按职责分工负责）\n",
        [("清理事项", [], ["市编办", "市政务中心"], [])],
    ),
    "statements without brackets": (
        "某县方案\n一、重点任务\n1.污水治理。县生态环境局牵头负责，各乡镇实施。\n"
        "2.督导检查。县委督查室、县政府督查室负责。\n3.道路提升，新建道路。由县住建局牵头，县交通局配合。\n",
        [
            ("污水治理", ["县生态环境局"], ["各乡镇"], []),
            ("督导检查", [], ["县委督查室", "县政府督查室"], []),
            ("道路提升", ["县住建局"], [], ["县交通局"]),
        ],
    ),
    "prose leads the whole beside a slot, not a part": (
        "某市若干措施\n一、加快建设\n"
        "（一）编制规划。由市通信管理局牵头，市住建局参与。责任单位：市通信管理局、市住建局。\n"
        "（二）开放资源。由市机关事务局牵头制定目录，推动开放。责任单位：市机关事务局、市交通局。\n",
        [
            ("编制规划", ["市通信管理局"], ["市住建局"], []),
            ("开放资源", [], ["市机关事务局", "市交通局"], []),
        ],
    ),
    "duties": (
        "某市方案\n一、工作目标\n明显改善。\n二、职责分工\n"
        "由市政府办公室牵头，具体分工如下：市城管局：负责统筹协调。市财政局负责资金保障，市审计局予以配合；市司法局负责执法监督，与市公安局配合做好查处。及时通报。\n",
        [
            ("市城管局", [], ["市城管局"], []),
            ("市财政局", [], ["市财政局"], ["市审计局"]),
            ("市司法局", [], ["市司法局"], ["市公安局"]),
        ],
    ),
    "what each takes on": (
        "某市试点方案\n三、工作任务\n（一）区教育局：承担义务教育领域公开。\n（二）区住建局：承担保障性住房领域公开。\n",
        [("区教育局", [], ["区教育局"], []), ("区住建局", [], ["区住建局"], [])],
    ),
    "以上任务由": (
        "某市方案\n一、主要任务\n（一）做好舆情回应。各单位要及时发声。\n以上任务由市委网信办牵头，各部门配合。\n",
        [("做好舆情回应", ["市委网信办"], [], ["各部门"])],
    ),
    "slots that lost their breaks": (
        "某省意见\n一、重点工作\n（一）培育龙头企业。制定培育计划。牵头单位：省工信厅责任单位：省发改委、省财政厅完成时限：2020年底\n",
        [("培育龙头企业", ["省工信厅"], ["省发改委", "省财政厅"], [])],
    ),
    "persons beside units": (
        "某县工作要点\n一、医改\n1.推进医共体建设。（责任领导：李某；责任股室：医政股；配合股室：财务股、人事股）\n",
        [("推进医共体建设", [], ["医政股"], ["财务股", "人事股"])],
    ),
    "a default for what names nobody": (
        "某市要点\n一、主要任务\n（一）推进改革。（市发改委牵头）\n（二）规范管理。抓好日常检查。\n二、组织保障\n"
        "未明确牵头部门的事项，各县区、各部门都要抓好落实。\n",
        [("推进改革", ["市发改委"], [], []), ("规范管理", [], ["各县区", "各部门"], [])],
    ),
    "a heading that names who answers": (
        "某市2020年重点工作\n一、稳增长（市发改委）\n固定资产投资增长8%以上。\n二、促改革（市委改革办）\n"
        "1.深化国企改革。\n2.深化要素改革。\n",
        [
            ("固定资产投资", [], ["市发改委"], []),
            ("深化国企改革", [], ["市委改革办"], []),
            ("深化要素改革", [], ["市委改革办"], []),
        ],
    ),
    "a name with a bracket, and help, in a slot": (
        "某市要点\n一、做好会议开放。责任部门：市政府办公厅（综合处、督查室）；完成时限：每季度末\n"
        "二、推进公开。（责任单位：市编办、市法制办会同各有关部门）\n",
        [("做好会议开放", [], ["市政府办公厅（综合处、督查室）"], []), ("推进公开", [], ["市编办", "市法制办"], ["各有关部门"])],
    ),
    "a request of the notice": (
        "某市人民政府办公室关于印发某方案的通知\n各县区：\n一、各单位要于5月20日前制定方案，报市政务服务局备案。\n"
        "二、各单位要高度重视。\n某市人民政府办公室\n2020年5月6日\n某市工作方案\n一、主要任务\n"
        "（一）推进服务。（市政务服务局负责）\n",
        [("各单位要于", [], [], []), ("推进服务", [], ["市政务服务局"], [])],
    ),
    "organisation binds only with a date, a quota or a lead": (
        "某市方案\n一、主要任务\n（一）推进服务。（市政务服务局负责）\n二、保障措施\n"
        "（一）加强领导。各单位要高度重视。建立市政务服务局牵头、各部门参与的工作机制。\n"
        "（二）强化培训。年内至少组织2次培训。\n（三）附则。本方案自2020年1月1日起施行，有效期3年。\n",
        [("推进服务", [], ["市政务服务局"], []), ("强化培训", [], [], [])],
    ),
}


@pytest.mark.parametrize("name", FORMS)
def test_a_form_is_read(name: str) -> None:
    text, rows = FORMS[name]
    tasks = compiled(text).tasks
    assert [t.text[: len(row[0])] for t, row in zip(tasks, rows, strict=False)] == [row[0] for row in rows]
    assert [(t.lead, t.responsible, t.support) for t in tasks] == [row[1:] for row in rows]


def test_two_plans_in_one_notice_have_paths_of_their_own() -> None:
    tasks = compiled(
        "现将《春季方案》《秋季方案》印发给你们。\n某县人民政府\n2018年2月1日\n某县春季造林方案\n一、主要任务\n"
        "（一）完成造林。（县林业局负责）\n"
        "某县秋季造林方案\n一、其他任务\n（一）完成补植。（县农业局负责）\n"
    ).tasks
    assert [t.path for t in tasks] == [["一、主要任务"], ["一、其他任务"]]


def test_titles_end_where_a_reader_ends_them() -> None:
    tasks = compiled(
        "某市试点方案\n"
        "根据部署，制定本方案。一、总体要求以服务群众为中心，稳步推进。二、主要任务（一）梳理公开事项按照统一要求，对公开事项进行全面梳理，形成完整底数。"
        "（二）规范工作流程健全审查、发布、解读等流程，6月底前完成，逐步推广到全市。三、进度安排（一）启动阶段（2017年10月—12月）制定方案，召开会议，全面动员。\n"
    ).tasks
    assert [t.path[-1] for t in tasks] == ["（一）梳理公开事项", "（二）规范工作流程", "（一）启动阶段（2017年10月—12月）"]


# -- any text -------------------------------------------------------------------------------------------------------

PIECES = [
    "（",
    "）",
    "〔",
    "〕",
    "《",
    "》",
    "“",
    "|",
    "\n",
    "。",
    "；",
    "：",
    "、",
    "一、",
    "（一）",
    "1.",
    "①",
    "第一条",
    "序号",
    "责任单位",
    "牵头单位：",
    "完成时限",
    "市发改委",
    "各县区",
    "牵头",
    "配合",
    "负责",
    "2019年6月底前",
    "每季度",
    "不少于3次",
    "推进工作",
    " ",
    "进(jìn)",
    "發",
    "附件1",
    "某市工作方案",
    "\r",
    "\x00",
    "\u200b",
]


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=300), st.lists(st.sampled_from(PIECES), max_size=120).map("".join)))
def test_no_text_is_too_odd(text: str) -> None:
    plan = compiled(text)
    for task in plan.tasks:
        assert 0 <= task.span[0] < task.span[1] <= len(text)
    json.dumps(plan.to_dict(), ensure_ascii=False)


@pytest.mark.parametrize(
    "piece",
    [
        "(",
        "（",
        "[",
        "|",
        "|\n",
        "\n",
        " ",
        "一、",
        "（一）",
        "《",
        "市发改委、",
        "责任单位：",
        "推进。（市发改委牵头）",
        "一、推进。（市发改委牵头）\n",
        "序号\n任务\n责任单位\n",
        "1|推进|市发改委|\n",
        "每季度2019年6月底前",
        "由市发改委牵头",
        "aā(a)",
    ],
)
def test_time_is_linear_in_odd_text(piece: str) -> None:
    """Four times the text in far less than sixteen times the time; the small one is long enough to measure."""
    small, large = piece * (20_000 // len(piece)), piece * (80_000 // len(piece))
    compiled(small)
    times = []
    for text in (small, large):
        start = time.process_time()
        compiled(text)
        times.append(time.process_time() - start)
    assert times[1] < 12 * max(times[0], 0.05), times
