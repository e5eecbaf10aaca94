"""The words by which a plan's parts announce themselves. Forms of the genre; no document and no body is named here."""

from __future__ import annotations

import re
from enum import StrEnum


class Zone(StrEnum):
    """What a part of a document is for."""

    TASKS = "tasks"
    NEUTRAL = "neutral"
    DUTIES = "duties"
    ORGANISATION = "organisation"
    AIMS = "aims"


_AIMS = re.compile(
    r"^(?:总体|基本|指导)?(?:要求和|思想和|原则和)?(?:总体要求|总要求|总体思路|工作思路|基本思路|指导思想|基本原则|工作原则|编制原则|原则|总体目标|工作目标|发展目标|主要目标|目标任务和要求|预期目标|目标要求|[\u4e00-\u9fff]{0,4}目标|"
    r"重要意义|重大意义|意义|背景|现状|形势|编制依据|政策依据|适用范围|任务范围|实施范围|试点范围|工作范围|范围|[\u4e00-\u9fff]{0,4}对象|名词解释|定义|基本情况|总则)(?:和[\u4e00-\u9fff]{2,6}|及[\u4e00-\u9fff]{2,6}|、[\u4e00-\u9fff]{2,6})?$"
)
_AIMS_LOOSE = re.compile(
    r"指导思想|基本原则|总体要求|总体目标|工作目标|发展目标|主要目标|总体思路|重要意义|重大意义|提高(?:思想)?认识$|充分认识"
)
_TASKS = re.compile(
    r"(?:主要|重点|工作|具体|目标|年度|重大)(?:工作)?(?:任务|工作|举措|措施|内容|事项)|任务(?:分工|分解|清单|内容|安排|及分工|和分工)|工作重点|重点领域|实施步骤|工作步骤|步骤|进度安排|时间安排|工作安排|推进计划|行动|政策措施|工作内容|主要内容|工程$"
)
_DUTIES = re.compile(r"职责|职能分工|责任分工|部门分工|工作分工|^分工|任务分工$")
_ORGANISATION = re.compile(
    r"组织(?:领导|实施|保障|机构|推进|协调|推动)|保障(?:措施|机制|体系)?$|保障措施|工作保障|保障机制|(?:工作|有关|相关|几点|具体)要求$|工作要求|有关要求|相关要求|附则|监督(?:检查|考核|评价|保障|管理)|考核(?:评估|评价|监督|问责|奖惩|激励)?$|强化(?:督查|监督|考核|督导)|督促(?:检查|落实)|加强(?:组织|领导|督查|监督|考核)|有关事项|其他事项|其他$|宣传引导$|经费保障|责任落实$|抓好落实$"
)
_LABEL = re.compile(
    r"^(?:第[一二三四五六七八九十百零]+[章节条部分篇款]+|[(（]?[一二三四五六七八九十百]+[)）]?[、.．]?|[(（]?\d{1,3}[)）]?[、.．]?|[①-⑳]|-{1,2})\s*"
)


def zone_of(heading: str) -> Zone:
    """What a heading (without its number) announces. Headings of substance (加强政策解读) are neutral."""
    title = re.sub(r"[\s:：。]", "", _LABEL.sub("", heading))
    if not title or len(title) > 40:
        return Zone.NEUTRAL
    if re.search(r"(?:和|及|与|、)(?:主要|重点|工作|具体)任务$", title):
        return Zone.TASKS  # 试点范围和主要任务, 工作目标及重点任务: the tasks are in it
    if _AIMS.match(title) or (len(title) <= 14 and _AIMS_LOOSE.search(title)):
        return Zone.AIMS
    if _DUTIES.search(title) and not re.search(r"(?:具体|主要|重点|工作)任务(?:及|和|与)?(?:职责)?分工", title):
        return Zone.DUTIES if len(title) <= 12 else Zone.NEUTRAL
    if _ORGANISATION.search(title) and len(title) <= 16:
        return Zone.ORGANISATION
    if _TASKS.search(title) and len(title) <= 14:
        return Zone.TASKS
    return Zone.NEUTRAL


PLAN_TITLE = re.compile(
    r"工作要点|要点|实施方案|工作方案|行动方案|试点方案|方案|行动计划|工作计划|实施计划|推进计划|实施意见|工作安排|重点工作|主要任务|任务分工|任务分解|若干(?:政策)?措施|政策措施|重点任务|责任清单|任务清单|工作清单|工作任务|职责分工|责任分工|分工表|分工意见|清单$|台账$"
)

NO_PLAN_TITLE = re.compile(
    r"(?:政策解读|解读|解读材料|图解|一图读懂.*|问答|解答|常见问题.*|答记者问|工作总结|总结|(?:年度|工作|情况|调研|述职)报告|汇报|公报|纪要|通报|讲话|致辞|综述|简报|名单|公示|新闻发布会实录)(?:\\([^()]{1,20}\\))?$"
)
"""Titles of texts about plans, or about what was done, which set nobody a task."""
