"""四环节一致: the printed label must be the same on the draft slip, in the review register, on the issued document and on the web (S3-25).

Submitting, reviewing, issuing and publishing each record what label they saw (`note`); a label that is not of the place's set is refused
(“不得另行创新”). What counts at a point is what was recorded there last.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from gongkai.agencies.errors import ActionRefused
from gongkai.agencies.models import User
from gongkai.publications import metadata
from gongkai.publications.models import Document, Edition, LabelRecord

Point = LabelRecord.Point
BEFORE_WEB = (Point.SLIP, Point.REGISTER, Point.ISSUE)
"""Points that are passed before a document stands on the web."""
_FRAME = re.compile(r"^[（(【\[“\"]*|[）)】\]”\"。]*$")


def plain(label: str) -> str:
    """A label without the brackets and blanks it is printed with: “（此件公开发布）” → 此件公开发布."""
    return _FRAME.sub("", "".join(label.split()))


def note(document: Document, point: str, label: str, by: User | None, source: str = "", *, at: datetime | None = None) -> LabelRecord:
    """Records the label seen at a point, inside the caller's transaction. The same label again at the same point adds no row.

    Raises ActionRefused for a label that the place does not use.
    """
    words = plain(label)
    if reason := refusal(document, words):
        raise ActionRefused(reason)
    last = document.label_records.filter(point=point).order_by("-at", "-pk").first()
    if last is not None and last.label == words:
        return last
    return LabelRecord.objects.create(document=document, point=point, label=words, by=by, source=source[:200], at=at or timezone.now())


def refusal(document: Document, label: str) -> str:
    """Why a label cannot stand; empty when it can: only what the place prints, “不得另行创新”. One query."""
    if not label:
        return "请填写印制标识"
    words = [one.text for one in metadata.labels_of(document.jurisdiction)]
    return "" if label in words else f"“{label}”不是本地区的标识，只能用{'、'.join(words)}"


def seen(document: Document) -> dict[str, LabelRecord]:
    """Point → what was recorded there last. One query."""
    return {row.point: row for row in document.label_records.order_by("at", "pk")}


def reasons(edition: Edition) -> list[str]:
    """What keeps an edition from being published: points passed with another label than the text now carries. Two queries."""
    label = plain(edition.revision.label) if edition.revision else ""
    if not label:
        return []
    return different(label, seen(edition.document).values())


def different(label: str, records: Iterable[LabelRecord]) -> list[str]:
    """One sentence for every earlier point whose label differs."""
    return [
        f"{row.get_point_display()}上的标识是“{row.label}”，现在是“{label}”，四个环节应当一致"
        for row in records
        if row.point in BEFORE_WEB and row.label != label
    ]


def with_points(rows: QuerySet[Document]) -> QuerySet[Document]:
    """Documents with what was recorded last at each point: `.label_slip`, `.label_register`, `.label_issue`, `.label_web` (or None)."""
    records = LabelRecord.objects.filter(document=OuterRef("pk")).order_by("-at", "-pk")
    return rows.annotate(**{f"label_{point}": Subquery(records.filter(point=point).values("label")[:1]) for point in Point.values})
