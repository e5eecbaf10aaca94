"""Tables of instructions, through the writers every export uses."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from gongkai.coordination.models import Instruction
from gongkai.coordination.queries.instructions import Recipient
from gongkai.formats.ledger import Column, LedgerRow, LedgerTable
from gongkai.obligations.queries import STATE_WORDS

LIST = (
    Column("n", "序号", 3, "center"),
    Column("title", "事项", 20),
    Column("number", "依据或文号", 12),
    Column("agency", "交办单位", 10),
    Column("issued", "交办日期", 6, "center"),
    Column("due", "期限", 6, "center"),
    Column("states", "办理情况", 12),
    Column("passed", "转办情况", 12),
    Column("withdrawn", "撤回", 8),
)
RECIPIENTS = (
    Column("n", "序号", 3, "center"),
    Column("owner", "承办单位", 14),
    Column("place", "行政区划", 6),
    Column("level", "转办层次", 4, "center"),
    Column("due", "期限", 6, "center"),
    Column("state", "状态", 5, "center"),
    Column("done", "完成日期", 6, "center"),
)


def _said(figures: list[dict[str, Any]]) -> str:
    return "、".join(f"{one['word']} {one['n']}" for one in figures)


def list_table(rows: Iterable[Any]) -> LedgerTable:
    """The list as the screen shows it; `rows` carry the figures of queries.instructions.add_figures."""
    cells = [
        LedgerRow(
            {
                "n": n,
                "title": row.title,
                "number": row.number,
                "agency": row.agency.name,
                "issued": row.issued_on,
                "due": row.due_on or "法定时限",
                "states": _said(row.figures),
                "passed": _said(row.passed_on),
                "withdrawn": row.withdrawn_reason,
            }
        )
        for n, row in enumerate(rows, 1)
    ]
    return LedgerTable("上级交办", LIST, cells, notes=[f"统计时间 {timezone.localtime():%Y-%m-%d %H:%M}，共 {len(cells)} 项。"])


def recipients_table(instruction: Instruction, recipients: Iterable[Recipient]) -> LedgerTable:
    """Everybody it went to, those it was passed on to behind who passed it on."""
    cells = [
        LedgerRow(
            {
                "n": n,
                "owner": "　" * one.depth + one.duty.owner.name,
                "place": one.duty.owner.jurisdiction.name,
                "level": "转办" if one.depth else "交办",
                "due": one.duty.due_on,
                "state": STATE_WORDS[one.duty.state][0],
                "done": one.duty.fulfilled_on,
            }
        )
        for n, one in enumerate(recipients, 1)
    ]
    notes = [f"交办单位：{instruction.agency.name}　{instruction.number}　统计时间 {timezone.localtime():%Y-%m-%d %H:%M}"]
    return LedgerTable(f"{instruction.title}办理情况", RECIPIENTS, cells, issuer=instruction.agency.name, notes=notes)
