"""Responsibility statements: (市发改委牵头，财政局配合), 责任单位：…, 牵头部门：…；配合部门：…；完成时限：….

A statement is found by its form and read slot by slot or clause by clause; which units are meant is not looked up anywhere.
"""

from __future__ import annotations

import re

from gongkai.reading.clauses import read_clauses
from gongkai.reading.slots import read_slot, slots_in
from gongkai.reading.statement import Role, Statement
from gongkai.reading.units import looks_like_unit

_KEYWORD = re.compile(r"牵头|负责|责任|时限|配合|落实|参与|承办|协办|主办|协助|会同|按(?:照)?职责|组织实施|分工")
_JOINT = re.compile(
    r"按照?(?:各自)?(?:的)?(?:职责|职能|责任|任务)(?:任务)?(?:分工)?|分别(?:牵头|负责)|依(?:据|照)?(?:各自)?(?:职责|职能)|各司其职|根据(?:各自)?职责分工"
)
_FIRST_LEADS = re.compile(
    r"[,，;；。(]?\s*[^,，;；。()]{0,6}?(?:列|排|位)[在于]?(?:第一|首)(?:位|个)?(?:的|者)?[^,，;；。()]{0,8}?(?:为|是)?(?:牵头|主办|第一责任)[^,，;；。()]{0,6}|第一(?:个|家)?(?:责任)?(?:单位|部门)(?:为|是)牵头[^,，;；。()]{0,6}"
)
_SAME_BELOW = re.compile(r"[,，;；。]\s*(?:以)?下同")
_REMARK = re.compile(r"。(?=[^。:]{0,60}(?:不再|下同|均需|均由|均涉及|单独列出|另行|以下))|[,，;](?=(?:以下|下列)[^。]{0,40}(?:均|不再))")


def read_statement(flat: str, text: str, start: int, end: int, default: Role = "responsible", first_leads: bool = False) -> Statement:
    """The statement in [start, end): slots (牵头单位：…) or clauses (…牵头，…配合). `default` is the role of units no word gives one."""
    statement = Statement(start, end)
    body = flat[start:end]
    statement.joint = _JOINT.search(body) is not None
    stop = end
    if ("第" in body or "首" in body) and (hit := _FIRST_LEADS.search(flat, start, end)):
        statement.first_leads = first_leads = True
        stop = hit.start()
    elif hit := _SAME_BELOW.search(flat, start, end):
        stop = hit.start()
    if (remark := _REMARK.search(flat, start, stop)) is not None:
        stop = remark.start()
    slots = list(slots_in(flat, start, stop))
    if slots:
        head = flat[start : slots[0][0]].strip(" 。,;、")
        if head and (_KEYWORD.search(head) or looks_like_unit(head)):
            read_clauses(flat, text, start, slots[0][0], statement, default)
        for _, role, a, b in slots:
            read_slot(flat, text, role, a, b, statement)
    else:
        read_clauses(flat, text, start, stop, statement, default)
    if first_leads and not statement.lead and statement.responsible and not statement.responsible[0].text.startswith("各"):
        statement.lead, statement.responsible = statement.responsible[:1], statement.responsible[1:]
    statement.settle()
    return statement
