"""A plan with a task of every kind of answer: one lead, several, shares, everybody, nobody named; issued through the real actions."""

from __future__ import annotations

from datetime import date

import pytest

from gongkai.obligations.models import Obligation
from gongkai.plans import actions

TEXT = """清河市人民政府办公室关于印发清河市2026年政务公开工作要点的通知
清政办发〔2026〕7号
各县区人民政府，市政府各部门：
清河市2026年政务公开工作要点
一、重点领域公开
（一）公开重大建设项目批准和实施信息。2026年11月底前在市政府门户网站公布。（市发改委牵头，市财政局配合）
（二）公布财政收支情况。按月公布全市财政收支情况。（市财政局牵头）
（三）公布就业政策。6月底前汇总公布就业创业政策。（市人社局、市发改委负责）
（四）带头解读政策。主要负责人每年解读政策不少于2次。（市政府各部门负责）
（五）公示补贴。12月15日前公示补贴发放结果。（市财政局、市人社局按职责分工分别牵头）
二、共性任务
（一）更新机构职能信息。信息变动后10个工作日内更新。
（二）公布年度报告。2027年1月31日前公布年度报告。
三、工作保障
未标明牵头单位和责任单位的任务为共性任务，由各县区人民政府、市政府各部门负责落实。
清河市人民政府办公室
2026年1月4日
"""


def read_and_issued(cast):
    """Read, reviewed and issued as in real use, on 2026-01-05."""
    officer = cast.user("openness_officer")
    (draft,) = actions.import_plan(TEXT.encode(), "要点.txt", cast.city, officer)
    for task in draft.tasks.all():
        actions.accept(task, officer)
    issued = actions.issue(draft, officer)
    Obligation.objects.filter(document_id=issued.pk).update(starts_on=date(2026, 1, 5))  # whatever day the tests run on
    return issued


@pytest.fixture
def read_plan(cast):
    return read_and_issued(cast)
