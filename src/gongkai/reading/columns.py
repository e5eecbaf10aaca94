"""What the columns of a task table hold: by their headings, and by what a cell looks like where a row has lost some of its cells."""

from __future__ import annotations

import re
from functools import cache
from typing import Literal

from gongkai.reading.units import looks_like_unit

Kind = Literal["blank", "serial", "timing", "units", "task"]

UNIT_ROLES = ("lead", "responsible", "support", "either", "all")
INHERITED = ("lead", "responsible", "support", "either", "all", "timing", "group")
"""Columns whose cell may span rows: a row that has lost it takes it from the row above."""

_BODY = "(?:单位|部门|科室|处室|股室|机构|主体)"
_SUBJECT = "(?:公开|测评|整治|整改|创建|考核|建设|改革|服务)"
_HEADERS: list[tuple[str, tuple[str, ...]]] = [
    ("serial", (r"序号|编号|序|项次|No\.?|任务序号|任务编号|项目序号",)),
    (
        "other",
        (
            r"(?:牵头|责任|分管|包保|包联|联系|主管|挂帅|市级|县级|区级|督办)?(?:领导|责任人|负责人|联系人|牵头人)(?:及电话)?",
            r"备注|说明|依据|政策依据|来源|完成情况|进展(?:情况)?|电话|得分|分值|目标|工作目标|年度目标|成果|预期成果|成果形式",
            r"考核(?:标准|办法)|单位|数量|(?:督办|督导|监督|督查|考核|指导|审核)(?:单位|部门|科室)",
        ),
    ),
    ("either", (rf"(?:配合|协助|参与){_BODY}?[/、(及和]+责任{_BODY}?\)?", rf"责任[/、及和]配合{_BODY}")),
    ("all", (rf"(?:牵头|主办){_BODY}?[/、及和(]+(?:责任|配合|协办|参与|参加|协助|落实){_BODY}?\)?",)),
    ("lead", (rf"(?:牵头|主办|主责|牵头负责|牵头责任|主要责任|第一责任|组织实施){_BODY}?",)),
    ("support", (rf"(?:配合|协办|协助|参与|参加|协同|会办|配合落实|协同配合){_BODY}?",)),
    (
        "responsible",
        (
            rf"(?:责任|负责|落实|承办|实施|完成|执行|责任落实|具体责任|公开责任){_BODY}?(?:\(.{{1,12}}\))?",
            r"责任(?:分工)|责任单位及责任人|公开主体",
        ),
    ),
    (
        "timing",
        (
            r"(?:完成|办结|落实|整改|推进|计划|工作|实施|公开|计划完成)?(?:时限|时间|期限|进度|日期)(?:要求|安排|进度|节点|表|计划)?",
            r"(?:时间|进度)(?:节点|安排|进度)(?:要求)?|起止(?:时间|日期)",
        ),
    ),
    ("channel", (r"(?:信息)?(?:公开|发布)(?:及|和)?(?:渠道|载体|平台|方式|途径)(?:和载体|及渠道)?|渠道",)),
    (
        "task",
        (
            r"(?:主要|重点|具体|目标|年度|公开)?(?:工作|任务)?(?:任务|内容|举措|措施|事项|要点|目标任务|目标及任务)",
            r"(?:主要|工作|部门)?职责(?:任务|分工)?|工作任务及(?:要求|措施)|任务(?:内容|描述|要求|事项|措施|分解)",
            r"具体(?:任务|措施|内容|工作|举措|要求|事项)|工作(?:要求|内容|措施|任务|举措)",
            rf"{_SUBJECT}(?:内容|事项|任务|措施|要求|标准|举措|重点)|(?:落实|推进|实施)(?:措施|内容|举措)|内容|措施",
        ),
    ),
    (
        "group",
        (
            r"(?:工作|重点|公开|任务|改革|测评)?(?:领域|类别|分类|方面|项目|板块|名称|大类)|[一二三]级(?:任务|指标|事项|目录)",
            r"工作项目|重点(?:工作|任务|领域)|工作类别|任务类别|任务名称|阶段|工作阶段|公开类别|主要任务|事项(?:类别|名称)",
            r"章节|专项行动|行动名称",
        ),
    ),
]
_COMPILED = [(role, re.compile("^(?:" + "|".join(patterns) + ")$")) for role, patterns in _HEADERS]


@cache
def _role(name: str) -> str | None:
    return next((role for role, pattern in _COMPILED if pattern.match(name)), None)


def column_role(header: str) -> str | None:
    """What a column's heading says it holds; None when it is no heading this genre uses."""
    if len(header) > 40:
        return None
    name = re.sub(r"[\s|:]", "", header)
    return _role(name) if 1 <= len(name) <= 16 else None


def header_roles(names: list[str]) -> list[str] | None:
    """Roles of a header row, or None when these are not the headings of a task table."""
    roles = [column_role(n) or "other" for n in names]
    if "task" not in roles and "group" in roles:
        at = len(roles) - 1 - roles[::-1].index("group")
        roles[at] = "task"
    if roles.count("task") > 1:  # 主要任务 | 具体措施: the last and finest is the task, those before group it
        last = len(roles) - 1 - roles[::-1].index("task")
        roles = ["group" if r == "task" and i != last else r for i, r in enumerate(roles)]
    answered = set(UNIT_ROLES) & set(roles)
    return roles if "task" in roles and (answered or "timing" in roles) else None


_DATE_CELL = re.compile(
    r"^(?:(?:20[0-9]{2}年)?(?:[0-9]{1,2}月)?(?:[0-9]{1,2}日)?(?:上旬|中旬|下旬|底|末|年底|年内)?(?:以?前|之前)?(?:完成)?"
    r"|20[0-9]{2}[./-][0-9]{1,2}(?:[./-][0-9]{1,2})?(?:前|底前)?"
    r"|(?:长期|持续|常年|全年|适时)(?:坚持|推进|实施|开展|任务)?|每[年月季周].{0,6}|按.{0,10}要求.{0,6}|年底前?|年内|(?:20[0-9]{2}年)?第?[一二三四]季度.{0,3}|(?:20[0-9]{2}年)?[上下]半年|即时|及时|随时)$"
)
_ROLE_WORDS = re.compile(r"(?:按照?(?:各自)?职责(?:分工)?)?(?:分别|共同|具体)?(?:牵头|配合|负责|参与|落实)+(?=[、,;。\s]|$)|会同|。$")


def kind_of(cell: str) -> Kind:
    """What a loose cell looks like."""
    value = cell.strip(" |\n")
    if not value or value in ("/", "-", "--"):
        return "blank"
    if re.fullmatch(r"[0-9]{1,3}[.、]?", value):
        return "serial"
    if len(value) <= 24 and _DATE_CELL.match(value.replace(" ", "")):
        return "timing"
    if len(value) <= 300:
        names = [n for n in re.split(r"[、,;\s]+", _ROLE_WORDS.sub("", value)) if n]
        if names and all(looks_like_unit(re.sub("等$", "", n)) for n in names):
            return "units"
    return "task"


def _fit(kind: Kind, role: str, value: str) -> float:
    """How well a cell of this look stands in a column of this role."""
    if kind == "blank":
        return -3.0 if role == "task" else 0.0
    if role == "serial":
        return 3.0 if kind == "serial" else -4.0
    if role == "timing":
        return {"timing": 3.0, "task": -0.5}.get(kind, -4.0)
    if role in UNIT_ROLES:
        if kind == "units":
            return 1.5 if role == "lead" and value.startswith("各") else 2.0
        return -2.5
    if role == "task":
        return {"task": 3.0, "units": -1.0}.get(kind, -3.0)
    if role == "group":
        return {"task": 1.0, "units": -0.5}.get(kind, -3.0)
    return {"task": 0.2, "units": -0.5}.get(kind, -1.0)


_SKIP = {"task": -5.0, "serial": -0.2, "group": -0.1, "timing": -0.6, "other": -0.3, "lead": -0.6}


def align(cells: list[str], roles: list[str]) -> list[int | None] | None:
    """For each column the index of its cell, or None where the row has no cell: the order-keeping placement that fits the looks best.

    A row that is complete stays as it is unless another placement fits much better. None when there are more cells than columns.
    """
    n, m = len(cells), len(roles)
    while n > m and not cells[n - 1].strip():
        n -= 1
    if n > m:
        return None
    kinds = [kind_of(c) for c in cells[:n]]
    filled = n
    while filled and kinds[filled - 1] == "blank":
        filled -= 1
    direct = [*range(n), *[None] * (m - n)]
    if filled == m or not filled:
        return direct
    fits = [[_fit(kinds[i], roles[j], cells[i].strip()) for j in range(m)] for i in range(filled)]
    skips = [_SKIP.get(r, -0.5) for r in roles]
    best: list[list[float]] = [[0.0] * (m + 1) for _ in range(filled + 1)]
    for j in range(1, m + 1):
        best[0][j] = best[0][j - 1] + skips[j - 1]
    for i in range(1, filled + 1):
        for j in range(m + 1):
            best[i][j] = float("-inf") if j < i else max(best[i - 1][j - 1] + fits[i - 1][j - 1], best[i][j - 1] + skips[j - 1])
    as_is = sum(fits[i][i] for i in range(filled)) + sum(skips[j] for j in range(n, m))
    if n == m and best[filled][m] < as_is + 2.5:
        return direct
    placed: list[int | None] = [None] * m
    i, j = filled, m
    while i:
        if best[i][j] == best[i - 1][j - 1] + fits[i - 1][j - 1]:
            i, j = i - 1, j - 1
            placed[j] = i
        else:
            j -= 1
    return placed
