"""四环节一致性报告: the documents whose label is not the same at every point it was seen, by place and agency (S3-25)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from gongkai.formats.ledger import Column, LedgerRow, LedgerTable
from gongkai.publications import labels
from gongkai.publications.access import documents_for
from gongkai.publications.models import LabelRecord
from gongkai.publications.validity.state import attach, with_standing

Point = LabelRecord.Point


@dataclass(frozen=True, slots=True)
class Mismatch:
    """One document: what each point says (empty: not seen there), and the points that differ from the text as it stands."""

    document: Any
    points: tuple[tuple[str, str, bool], ...]
    """(name of the point, label, whether it differs)."""
    label: str

    @property
    def where(self) -> str:
        return "、".join(name for name, _label, differs in self.points if differs)


@dataclass(frozen=True, slots=True)
class Report:
    rows: list[Mismatch]
    checked: int
    """Documents seen at one point at least."""


def mismatches(user: Any) -> Report:
    """What this person reads, by place, agency and number. Six queries whatever the size."""
    seen = Q(pk__in=LabelRecord.objects.values("document"))
    rows = labels.with_points(with_standing(documents_for(user).filter(seen))).select_related("jurisdiction", "agency")
    found, checked = [], 0
    for row in attach(rows.order_by("jurisdiction__code", "agency__code", "pk")):
        checked += 1
        said = {point: getattr(row, f"label_{point}") or "" for point in Point.values}
        label = labels.plain(row.standing.label) if row.standing else ""
        different = {words for words in said.values() if words} | ({label} if label else set())
        if len(different) > 1:
            points = tuple((Point(point).label, words, bool(words) and bool(label) and words != label) for point, words in said.items())
            if not any(differs for *_rest, differs in points):  # the text has none; then the points among themselves
                first = next(words for words in said.values() if words)
                points = tuple((Point(point).label, words, bool(words) and words != first) for point, words in said.items())
            found.append(Mismatch(row, points, label))
    return Report(found, checked)


def table(report: Report) -> LedgerTable:
    columns = [
        Column("n", "序号", 3, "center"),
        Column("place", "行政区划", 6),
        Column("agency", "公开主体", 10),
        Column("title", "标题", 18),
        Column("number", "发文字号", 8),
        *(Column(point.value, point.label, 8, "center") for point in Point),
        Column("text", "文稿现在的标识", 8, "center"),
        Column("where", "不一致的环节", 10),
    ]
    rows = []
    for n, row in enumerate(report.rows, 1):
        text = row.document.standing
        cells: dict[str, Any] = {
            "n": n,
            "place": row.document.jurisdiction.name,
            "agency": row.document.agency.name,
            "title": text.title if text else row.document.index_number,
            "number": text.doc_number if text else "",
            "text": row.label,
            "where": row.where,
        }
        cells |= {point.value: words for point, (_name, words, _differs) in zip(Point, row.points, strict=True)}
        rows.append(LedgerRow(cells))
    notes = [f"核对 {report.checked} 件，不一致 {len(report.rows)} 件。"]
    return LedgerTable("公开属性标识四环节核对表", columns, rows, notes=notes)
