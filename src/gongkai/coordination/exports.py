"""Tables and reports of this line of work, through the writers every export uses."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.utils import timezone

from gongkai.coordination.models import Check, Collection, LeadingGroup, Opinion
from gongkai.coordination.queries import checking, collecting
from gongkai.coordination.queries.collecting import Matrix
from gongkai.formats import docx_ledger
from gongkai.formats.ledger import Column, LedgerRow, LedgerTable
from gongkai.obligations.exports import attachment
from gongkai.plans.models import Plan

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def matrix_table(collection: Collection, matrix: Matrix) -> LedgerTable:
    """Units × items with state, day and receipt in each cell."""
    words = {state: word for state, (word, *_rest) in collecting.STATE_WORDS.items()}

    def cell(row: Any) -> str:
        if row is None:
            return "不用报"
        facts = [words[row.state]]
        if row.submitted_at:
            facts.append(f"{timezone.localdate(row.submitted_at)} 报")
        if row.receipt:
            facts.append(row.receipt)
        return "\n".join(facts)

    columns = [Column("n", "序号", 3, "center"), Column("agency", "报送单位", 12), Column("place", "行政区划", 6)]
    columns += [Column(f"i{n}", item, 10) for n, item in enumerate(matrix.items)]
    columns.append(Column("told", "催报次数", 4, "center"))
    rows = [
        LedgerRow(
            {
                "n": n,
                "agency": row.agency.name,
                "place": row.agency.jurisdiction.name,
                "told": row.reminders or None,
                **{f"i{k}": cell(c) for k, c in enumerate(row.cells)},
            }
        )
        for n, row in enumerate(matrix.rows, 1)
    ]
    notes = [f"报送期限 {collection.due_on}，统计时间 {timezone.localtime():%Y-%m-%d %H:%M}。"]
    return LedgerTable(f"{collection.title}报送情况", columns, rows, issuer=collection.jurisdiction.name, notes=notes)


ROSTER_COLUMNS = (
    Column("n", "序号", 3, "center"),
    Column("place", "分工", 5, "center"),
    Column("name", "姓名", 5, "center"),
    Column("post", "职务", 14),
    Column("agency", "单位", 12),
    Column("since", "任职起", 6, "center"),
    Column("until", "任职止", 6, "center"),
)


def roster_table(group: LeadingGroup, members: Iterable[Any], on: date) -> LedgerTable:
    """名单 as of a day."""
    rows = [
        LedgerRow(
            {
                "n": n,
                "place": m.get_place_display(),
                "name": m.name,
                "post": m.post,
                "agency": m.agency.name if m.agency else "",
                "since": m.since,
                "until": m.until,
            }
        )
        for n, m in enumerate(members, 1)
    ]
    notes = [f"{on} 的名单，共 {len(rows)} 人。"] + ([f"设立文件：{group.basis}"] if group.basis else [])
    return LedgerTable(f"{group.name}名单", ROSTER_COLUMNS, rows, issuer=group.agency.name, issued_on=on, notes=notes)


POINT_COLUMNS = (
    Column("n", "序号", 3, "center"),
    Column("text", "要求", 16),
    Column("basis", "依据", 8),
    Column("state", "结果", 5, "center"),
    Column("finding", "问题", 12),
    Column("due", "整改期限", 6, "center"),
    Column("rectification", "整改情况", 12),
    Column("rectified", "整改日期", 6, "center"),
    Column("rechecked", "复查通过", 6, "center"),
)


def points_table(check: Check, points: Iterable[Any], title: str) -> LedgerTable:
    words = {state: word for state, (word, *_rest) in checking.STATE_WORDS.items()}
    rows = [
        LedgerRow(
            {
                "n": p.position,
                "text": p.text,
                "basis": p.basis + ("（据转述）" if p.certainty.startswith("M") else ""),
                "state": words[p.state],
                "finding": p.finding,
                "due": p.due_on,
                "rectification": p.rectification,
                "rectified": p.rectified_on,
                "rechecked": p.rechecked_on,
            },
            path=(p.part,) if p.part else (),
        )
        for p in points
    ]
    notes = [f"被查单位：{check.agency.name}　检查单位：{check.checker.name}　检查表：{check.rules}"]
    return LedgerTable(title, POINT_COLUMNS, rows, notes=notes, source=title)


def report_tables(check: Check, points: list[Any]) -> list[LedgerTable]:
    """自查报告: how it went in a few lines, the problem list, then every point."""
    found = checking.closure(points)
    kept = checking.problems(points)
    facts = [
        ("检查单位", check.checker.name),
        ("被查单位", check.agency.name),
        ("方案", check.plan.title if check.plan else "—"),
        ("开始", f"{timezone.localdate(check.started_at)}"),
        ("完成", f"{timezone.localdate(check.finished_at)}" if check.finished_at else "还没有完成"),
        ("检查项", f"{len(points)} 项，符合 {sum(p.state == 'passed' for p in points)} 项，不符合 {found.problems} 项"),
        (
            "整改",
            f"已整改 {found.mended} 项，复查通过 {found.closed} 项" + (f"，整改完成率 {found.rate}%" if found.rate is not None else ""),
        ),
        ("总结", check.summary or "还没有写总结"),
    ]
    head = LedgerTable(
        f"{check.title}报告",
        (Column("k", "项目", 6), Column("v", "内容", 30)),
        [LedgerRow({"k": k, "v": v}) for k, v in facts],
        issuer=check.checker.name,
        issued_on=timezone.localdate(check.finished_at) if check.finished_at else timezone.localdate(),
    )
    tables = [head]
    if kept:
        tables.append(points_table(check, kept, "问题清单"))
    return [*tables, points_table(check, points, "检查情况")]


def docx_bytes(tables: list[LedgerTable]) -> bytes:
    buffer = io.BytesIO()
    docx_ledger.write(tables, buffer)
    return buffer.getvalue()


def report(check: Check, points: list[Any]) -> HttpResponse:
    return attachment(docx_bytes(report_tables(check, points)), f"{check.title[:60]}报告.docx", DOCX)


def opinions_table(plan: Plan, opinions: Iterable[Opinion]) -> LedgerTable:
    """意见采纳情况表."""
    columns = (
        Column("n", "序号", 3, "center"),
        Column("asked", "征求对象", 10),
        Column("due", "答复期限", 6, "center"),
        Column("answered", "答复日期", 6, "center"),
        Column("answer", "意见", 20),
        Column("adoption", "采纳情况", 5, "center"),
        Column("note", "说明", 14),
    )
    rows = [
        LedgerRow(
            {
                "n": n,
                "asked": o.asked,
                "due": o.due_on,
                "answered": o.answered_on,
                "answer": o.answer,
                "adoption": o.get_adoption_display() if o.adoption else ("未答复" if not o.answered_on else "待研究"),
                "note": o.adoption_note,
            }
        )
        for n, o in enumerate(opinions, 1)
    ]
    return LedgerTable(f"《{plan.title}》征求意见采纳情况", columns, rows, issuer=plan.jurisdiction.name)
