"""A unit's own plan, drafted for it (代拟稿) from its part of the superior plan, as an official document and as a table.

The document is written so that it can be read back: imported in the unit's own name, it gives the same tasks with the sections named.
"""

from __future__ import annotations

import io
from typing import Any

from django.http import HttpResponse

from gongkai.agencies.models import Agency
from gongkai.formats import docx_official
from gongkai.formats.docx_official import OfficialDocument, Paragraph
from gongkai.formats.ledger import Column, LedgerRow, LedgerTable
from gongkai.obligations.exports import as_file, attachment
from gongkai.obligations.queries import STATE_WORDS
from gongkai.plans.models import TaskDeadline
from gongkai.plans.own_part import OwnPart, OwnTask
from gongkai.plans.wording import title_of

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FORMATS = [("docx", "代拟稿（docx，公文格式）"), ("xlsx", "Excel 表格（xlsx）")]
DATE_BLANK = "　　　　年　　月　　日"
NAMED = 3
"""So many units are named in a sentence; of more, their number."""
NUMERALS = "零一二三四五六七八九"

COLUMNS = (
    Column("n", "序号", 3, "center"),
    Column("group", "类别", 5, "center"),
    Column("text", "任务", 26),
    Column("path", "所在章节", 12),
    Column("others", "牵头或负责的其他单位", 9),
    Column("limit", "时限", 8),
    Column("channels", "公开渠道", 8),
    Column("section", "责任科室", 7),
    Column("person", "承办人", 5),
    Column("inner", "内部期限", 6, "center"),
    Column("state", "状态", 5, "center"),
)


def title_words(part: OwnPart) -> str:
    """清河市财政局2026年政务公开工作要点实施方案."""
    year = f"{part.plan.year}年" if part.plan.year else ""
    return f"{part.agency.name}{year}政务公开工作要点实施方案"


def numeral(number: int) -> str:
    """1 to 99 as 一 … 九十九; larger ones in digits."""
    if not 0 < number < 100:
        return str(number)
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else f"{NUMERALS[tens]}十") + (NUMERALS[ones] if ones or not tens else "")


def document_of(part: OwnPart) -> OfficialDocument:
    """The draft. What was waived or taken over by a newer plan is left out, and so is a heading without tasks."""
    plan = part.plan
    number = f"（{plan.doc_number}）" if plan.doc_number else ""
    paragraphs = [Paragraph(f"为落实《{plan.title}》{number}，结合本单位职责，制定本方案。")]
    planned = [(words, [task for task in tasks if task.planned]) for _key, words, tasks in part.groups]
    for n, (words, tasks) in enumerate((pair for pair in planned if pair[1]), 1):
        paragraphs.append(Paragraph(f"{numeral(n)}、{words}", "heading"))
        paragraphs += [_item(part.agency, task, k) for k, task in enumerate(tasks, 1)]
    government = part.agency.kind == Agency.Kind.GOVERNMENT
    return OfficialDocument(
        title=f"{title_words(part)}（代拟稿）",
        addressees="各有关单位：" if government else "各科室、所属各单位：",
        paragraphs=paragraphs,
        signature=part.agency.name,
        date_words=DATE_BLANK,
    )


def _item(agency: Agency, task: OwnTask, n: int) -> Paragraph:
    """（一）公布财政收支情况。按月公开…。（责任科室：预算科；完成时限：2026年12月31日前；信息发布及渠道：市政府门户网站）."""
    text = " ".join(task.task.text.split()).rstrip("。；;，, ") + "。"
    if not task.duties:
        text += f"配合{_named(task.others)}办理。" if task.others else ""
    slots = [_answering(agency, task)]
    if limit := limit_words(task):
        slots.append(f"完成时限：{limit}")
    if task.task.channels:
        slots.append(f"信息发布及渠道：{'、'.join(task.task.channels)}")
    head = title_of(text) + "。"
    lead, rest = (head, text[len(head) :]) if text.startswith(head) and len(text) > len(head) else ("", text)
    return Paragraph(f"{rest}（{'；'.join(slots)}）", "item", f"（{numeral(n)}）{lead}")


def _named(names: list[str]) -> str:
    return "、".join(names) if len(names) <= NAMED else f"{names[0]}等{len(names)}个单位"


def _answering(agency: Agency, task: OwnTask) -> str:
    """The sections it was handed to, or the unit itself while it was not."""
    sections = list(dict.fromkeys(duty.section.name for duty in task.open_duties if duty.section))
    return f"责任科室：{'、'.join(sections)}" if sections else f"责任单位：{agency.display_name}"


def limit_words(task: OwnTask) -> str:
    """The unit's own date where it set one, else the limits of the plan; dates in full, because the unit's plan has no other year."""
    if inner := inner_dates(task):
        return f"{inner[0].year}年{inner[0].month}月{inner[0].day}日前"
    words = [
        f"{d.due.year}年{d.due.month}月{d.due.day}日前" if d.kind == TaskDeadline.Kind.ABSOLUTE and d.due else d.raw
        for d in task.task.deadlines.all()
    ]
    return "、".join(dict.fromkeys(word for word in words if word))


def inner_dates(task: OwnTask) -> list[Any]:
    """The unit's own dates, the earliest first."""
    return sorted({duty.inner_due_on for duty in task.open_duties if duty.inner_due_on})


def table_of(part: OwnPart) -> LedgerTable:
    rows: list[LedgerRow] = []
    for _key, words, tasks in part.groups:
        for task in tasks:
            inner = inner_dates(task)
            rows.append(
                LedgerRow(
                    {
                        "n": len(rows) + 1,
                        "group": words[:2],
                        "text": task.task.text,
                        "path": " › ".join(task.task.path),
                        "others": "、".join(task.others),
                        "limit": "；".join(dict.fromkeys(d.words for d in task.row.deadlines)),
                        "channels": "、".join(task.task.channels or []),
                        "section": "、".join(dict.fromkeys(duty.section.name for duty in task.duties if duty.section)),
                        "person": "、".join(dict.fromkeys(str(duty.person) for duty in task.duties if duty.person)),
                        "inner": inner[0] if inner else None,
                        "state": STATE_WORDS[task.state][0],
                    }
                )
            )
    return LedgerTable(
        title=f"{part.agency.name}任务表",
        columns=COLUMNS,
        rows=rows,
        notes=[f"来自《{part.plan.title}》{part.plan.doc_number}", part.basis],
        source=part.agency.display_name,
    )


def download(part: OwnPart, fmt: str) -> HttpResponse:
    """`docx` or `xlsx`; Http404 for anything else."""
    if fmt == "docx":
        buffer = io.BytesIO()
        docx_official.write(document_of(part), buffer)
        return attachment(buffer.getvalue(), f"{title_words(part)}（代拟稿）.docx", DOCX)
    return as_file(table_of(part), "xlsx" if fmt == "xlsx" else "", f"{part.agency.display_name} 任务表")
