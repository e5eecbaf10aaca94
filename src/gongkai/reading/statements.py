"""Responsibility statements: (市发改委牵头，财政局配合), 责任单位：…, 牵头部门：…；配合部门：…；完成时限：….

A statement is found by its form and read slot by slot or clause by clause; which units are meant is not looked up anywhere.
"""

from __future__ import annotations

import re

from gongkai.reading.clauses import read_clauses
from gongkai.reading.remarks import units_end
from gongkai.reading.slots import read_slot, slots_in
from gongkai.reading.statement import Role, Statement
from gongkai.reading.units import looks_like_unit

_KEYWORD = re.compile(r"牵头|负责|责任|时限|配合|落实|参与|承办|协办|主办|协助|会同|按(?:照)?职责|组织实施|分工")
_JOINT = re.compile(
    r"按照?(?:各自)?(?:的)?(?:职责|职能|责任|任务)(?:任务)?(?:分工)?|分别(?:牵头|负责)|依(?:据|照)?(?:各自)?(?:职责|职能)|各司其职|根据(?:各自)?职责分工"
)


def read_statement(flat: str, text: str, start: int, end: int, default: Role = "responsible", first_leads: bool = False) -> Statement:
    """The statement in [start, end): slots (牵头单位：…) or clauses (…牵头，…配合). `default` is the role of units no word gives one."""
    statement = Statement(start, end)
    body = flat[start:end]
    statement.joint = _JOINT.search(body) is not None
    stop, said = units_end(flat, start, end)
    if said:
        statement.first_leads = first_leads = True
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
