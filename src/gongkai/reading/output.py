"""From a `Plan` to what people and programs take away: the JSON object, the ledger, the 任务分工表."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, BinaryIO, TextIO

from gongkai.formats.ledger import Cell, Column, LedgerRow, LedgerTable
from gongkai.reading.model import Deadline, Plan, Quota, Task

EVERY = {"P1D": "每日", "P1W": "每周", "P1M": "每月", "P3M": "每季度", "P6M": "每半年", "P1Y": "每年"}
KINDS = {"absolute": "限期", "relative": "相对期限", "recurring": "周期", "ongoing": "长期", "on_event": "随事项"}

ASSIGNMENT_COLUMNS = (
    Column("n", "序号", 3, "center"),
    Column("text", "任务", 17),
    Column("lead", "牵头单位", 5.5),
    Column("responsible", "责任单位", 5.5),
    Column("support", "配合单位", 5.5),
    Column("deadline_lines", "时限", 5.4),
    Column("channels", "渠道", 4.6),
)
"""任务分工表: what fits 156 mm of paper or a terminal."""

LEDGER_COLUMNS = (
    Column("n", "序号", 3, "center"),
    Column("path", "所属部分", 11),
    Column("text", "任务", 25),
    Column("lead", "牵头单位", 8),
    Column("responsible", "责任单位", 8),
    Column("support", "配合单位", 8),
    Column("joint", "分工方式", 5, "center"),
    Column("deadlines", "时限", 8),
    Column("due", "最后期限", 6, "center"),
    Column("every", "频次", 4, "center"),
    Column("quotas", "数量要求", 6),
    Column("channels", "渠道", 7),
    Column("doubts", "待核对", 8),
)
"""The ledger for a spreadsheet: every field of a task, one a column."""


def deadline_text(deadline: Deadline) -> str:
    """As printed, and as understood where that says more: `年底前（2017-12-31）`."""
    if deadline.due and deadline.due.isoformat() not in deadline.raw:
        return f"{deadline.raw}（{deadline.due.isoformat()}）"
    if deadline.every and deadline.raw[:1] not in "每按逐":
        return f"{deadline.raw}（{EVERY[deadline.every]}）"
    return deadline.raw


def last_due(deadlines: Iterable[Any]) -> date | None:
    """The latest absolute date among deadlines, or None."""
    return max((d.due for d in deadlines if d.due), default=None)


def _quota_text(quota: Quota) -> str:
    return quota.raw


def _cells(n: int, task: Task) -> dict[str, Cell]:
    every = [EVERY[d.every] for d in task.deadlines if d.every]
    return {
        "n": n,
        "path": " / ".join(task.path),
        "text": task.text,
        "lead": "、".join(task.lead),
        "responsible": "、".join(task.responsible),
        "support": "、".join(task.support),
        "joint": "按职责分工" if task.joint else "",
        "deadlines": "；".join(dict.fromkeys(map(deadline_text, task.deadlines))),
        "deadline_lines": "\n".join(dict.fromkeys(deadline_text(d).replace("（20", "\n（20") for d in task.deadlines)),
        "due": last_due(task.deadlines),
        "every": "、".join(dict.fromkeys(every)),
        "quotas": "；".join(dict.fromkeys(map(_quota_text, task.quotas))),
        "channels": "、".join(task.channels),
        "doubts": "；".join(task.doubts),
    }


def _summary(plan: Plan) -> str:
    if not plan.tasks:
        return "没有读到任务：这份文件可能不是工作要点或实施方案。"
    dated = sum(bool(task.deadlines) for task in plan.tasks)
    owned = sum(bool(task.lead or task.responsible) for task in plan.tasks)
    doubtful = sum(bool(task.doubts) for task in plan.tasks)
    return f"共 {len(plan.tasks)} 项任务，{owned} 项写明单位，{dated} 项有时限" + (f"，{doubtful} 项需要核对" if doubtful else "") + "。"


def to_table(plan: Plan, columns: Sequence[Column] = LEDGER_COLUMNS, notes: bool = True) -> LedgerTable:
    """The plan as a neutral table with the given columns; `notes` adds the sum and the warnings below it."""
    lines = [_summary(plan)] + [f"提示：{warning.message}" for warning in plan.warnings]
    return LedgerTable(
        title=plan.title or plan.source,
        columns=columns,
        rows=[LedgerRow(_cells(n, task), tuple(task.path)) for n, task in enumerate(plan.tasks, 1)],
        document_number=plan.doc_number,
        issuer=plan.issuer,
        issued_on=plan.issued_on,
        notes=lines if notes else (),
        source=plan.source,
    )


def plan_name(title: str) -> str:
    """The plan's own name in the title of the notice that carries it: 关于印发《X》的通知 is X."""
    inner = re.search(r"(?:印发|转发|下发|发布)[《〈<](.+)[》〉>](?:的|通知|$)", title)
    return inner[1] if inner else re.sub(r"^.{0,40}?关于(?:印发|下发)(.+)的通知$", r"\1", title)


def assignment_table(plan: Plan) -> LedgerTable:
    """The 任务分工表 of a plan, for paper."""
    table = to_table(plan, ASSIGNMENT_COLUMNS, notes=False)
    name = plan_name(table.title)
    table.title = name + ("\n" if len(name) > 15 else "") + "任务分工表"  # 7.3.1: a title breaks where the sense does
    return table


def json_line(data: dict[str, Any]) -> str:
    """One JSON object on one line, Chinese as Chinese."""
    return json.dumps(data, ensure_ascii=False, separators=(", ", ": "))


def json_pretty(data: dict[str, Any]) -> str:
    """One JSON object, indented."""
    return json.dumps(data, ensure_ascii=False, indent=2)


def write_tables(tables: Sequence[LedgerTable], form: str, stream: BinaryIO) -> None:
    """Writes tables as "csv", "xlsx" or "docx" bytes. ValueError for another form. The writers load only when asked for."""
    if form == "csv":
        from gongkai.formats import csv_ledger

        csv_ledger.write(tables, stream)
    elif form == "xlsx":
        from gongkai.formats import xlsx_ledger

        xlsx_ledger.write(tables, stream)
    elif form == "docx":
        from gongkai.formats import docx_ledger

        docx_ledger.write(tables, stream)
    else:
        raise ValueError(form)


def write_plans(plans: Sequence[Plan], form: str, stream: BinaryIO) -> None:
    """Writes plans as "json" (pretty for one, a line each for several), "csv", "xlsx" or "docx"."""
    if form == "json":
        texts = [json_pretty(plans[0].to_dict())] if len(plans) == 1 else [json_line(plan.to_dict()) for plan in plans]
        stream.write("".join(text + "\n" for text in texts).encode("utf-8", "replace"))
        return
    make = assignment_table if form == "docx" else to_table
    write_tables([make(plan) for plan in plans], form, stream)


def print_plans(plans: Sequence[Plan], stream: TextIO, width: int | None = None) -> None:
    """Prints the plans as tables for a person; `width` in terminal columns."""
    from gongkai.formats import plain_table

    plain_table.write([to_table(plan, ASSIGNMENT_COLUMNS) for plan in plans], stream, width)
