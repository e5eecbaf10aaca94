"""发文审批单: the slip on which a draft goes round, with its openness attribute in the form itself (S3-24, S4-41; 国办发〔2016〕80号).

Every draft carries 主动公开, 依申请公开 or 不予公开, decided together with the document; what is not opened says why. The places of the
reviewers are those of the workflow, filled with what each concluded where that was done in this system, else left free for the pen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, BinaryIO

import docx
from django.utils import timezone
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.shared import Mm

from gongkai.catalogue import grounds
from gongkai.formats.gbt9704 import TYPE_AREA_MM, element, set_page, set_styles
from gongkai.formats.ledger import cell_text
from gongkai.publications.models import Edition, Revision
from gongkai.publications.reviewing import workflow
from gongkai.publications.vocabularies import genre_words, theme_words

TITLE = "发文审批单"
_LABEL_MM = 32
_SIGNATURE_MM = 22


@dataclass(frozen=True, slots=True)
class Place:
    """Where a reviewer writes: what is asked of whom, and what he concluded, if he has."""

    name: str
    role: str
    words: str = ""
    person: str = ""
    on: str = ""


@dataclass(frozen=True, slots=True)
class Slip:
    agency: str
    rows: list[tuple[str, str]]
    attributes: list[tuple[str, bool]]
    """Each of the three statutory attributes, and whether it was chosen."""
    redacted: bool
    label: str
    reason: str
    places: list[Place]


def slip_of(edition: Edition) -> Slip:
    """Of the revision as it stands now. Six queries."""
    document, revision = edition.document, edition.revision
    places = [_place(step, review) for step, review in _steps(edition)]
    if revision is None:
        return Slip(
            document.agency.name,
            [("索引号", document.index_number)],
            [(str(a), False) for _, a in Revision.Attribute.choices],
            False,
            "",
            "",
            places,
        )
    issuers = [link.agency.name for link in revision.issuer_links.select_related("agency").order_by("position")]
    attached = [link.title for link in revision.attachment_links.order_by("position")]
    rows = [
        ("标题", revision.title),
        ("发文字号", revision.doc_number),
        ("发文机关", "、".join(issuers)),
        ("成文日期", str(revision.issued_on or "")),
        ("体裁", genre_words(revision.genre) if revision.genre else ""),
        ("主题分类", theme_words(revision.theme) if revision.theme else ""),
        ("索引号", document.index_number),
        ("拟稿", f"{edition.author}　{timezone.localdate(revision.saved_at)}　第 {revision.number} 稿"),
        ("附件", "；".join(attached) or "无"),
    ]
    chosen = [(str(words), value == revision.attribute) for value, words in Revision.Attribute.choices]
    return Slip(document.agency.name, rows, chosen, revision.redacted, revision.label, _reason(revision), places)


def _steps(edition: Edition) -> list[tuple[workflow.WorkStep, Any]]:
    said = workflow.latest_reviews(edition)
    return [(step, said.get(step.id)) for step in workflow.steps_for(edition)]


def _place(step: workflow.WorkStep, review: Any) -> Place:
    if review is None:
        return Place(step.name, step.role_words)
    words = review.get_conclusion_display() + (f"：{review.opinion}" if review.opinion else "")
    return Place(step.name, step.role_words, f"{words}（依据：{review.basis}）", str(review.reviewer), str(timezone.localdate(review.at)))


def _reason(revision: Revision) -> str:
    if revision.attribute != Revision.Attribute.WITHHELD:
        return ""
    row = grounds.ground(revision.ground)
    return f"{row.name}（{row.article}）。{revision.ground_words}" if row else revision.ground_words


def attribute_words(slip: Slip) -> str:
    """☑主动公开　□依申请公开　□不予公开　□删减后公开."""
    boxes = [*slip.attributes, ("删减后公开", slip.redacted)]
    return "　".join(f"{'☑' if chosen else '□'}{name}" for name, chosen in boxes)


def write_docx(slip: Slip, stream: BinaryIO) -> None:
    """The slip as a table on a page of GB/T 9704-2012; text never becomes a field."""
    document = docx.Document()
    set_styles(document)
    set_page(document)
    properties = document.core_properties
    properties.author, properties.comments, properties.language = "gongkai", "", "zh-CN"
    properties.title = TITLE
    document.add_paragraph(cell_text(f"{slip.agency}{TITLE}"), style="公文标题")
    table = document.add_table(rows=0, cols=2)
    table.style, table.alignment, table.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
    rows = [*slip.rows, ("公开属性", attribute_words(slip)), ("印制标识", slip.label), ("不公开的理由", slip.reason)]
    for name, words in rows:
        _row(table, name, [words])
    for place in slip.places:
        signed = f"{place.person}　{place.on}" if place.person else "（签名）　　　　年　　月　　日"
        _row(table, f"{place.name}\n（{place.role}）", [place.words, signed], _SIGNATURE_MM)
    document.save(stream)


def _row(table: Any, name: str, paragraphs: list[str], height: int = 0) -> None:
    row = table.add_row()
    row._tr.get_or_add_trPr().append(element("cantSplit"))
    if height:
        row.height = Mm(height)
    for cell, width, words, style in zip(
        row.cells, (_LABEL_MM, TYPE_AREA_MM[0] - _LABEL_MM), ([name], paragraphs), ("表文居中", "表文"), strict=True
    ):
        cell.width = Mm(width)
        for n, text in enumerate(words):
            paragraph = cell.paragraphs[0] if not n else cell.add_paragraph()
            paragraph.style = style
            paragraph.add_run(cell_text(text))
