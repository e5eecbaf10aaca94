"""文件登记: the rules and normative documents of a place with their state, what is due for assessment, what the library shows.

The register counts what was ever made public; the library (/documents/valid/) shows what is in force and can be read. The two counts must
be the same, and where they are not, `not_in_library` says of each document why (S3-8).
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from gongkai.clocks.clock import add_months
from gongkai.publications.access import documents_for
from gongkai.publications.models import Document, Edition, Evaluation, Revision
from gongkai.publications.validity.state import (
    ENDED,
    REGISTERED,
    VALID,
    Terms,
    assessment_months,
    attach,
    terms,
    with_standing,
    with_validity,
    with_validity_live,
)
from gongkai.publications.visible import live_editions
from gongkai.twins import hosting

Attribute = Revision.Attribute


def stock(rows: QuerySet[Document]) -> QuerySet[Any]:
    """规章 and 规范性文件 that were ever made public."""
    return with_standing(rows.filter(kind__in=REGISTERED, first_published_at__isnull=False))


def register_for(user: Any, day: date, known: Terms | None = None) -> QuerySet[Any]:
    """The register as this person reads it, with `.validity` on `day`."""
    rows = stock(documents_for(user)).select_related("jurisdiction", "agency")
    return with_validity(rows, day, known=known).order_by("-pk")


def search(rows: QuerySet[Any], *, q: str = "", year: int | None = None) -> QuerySet[Any]:
    """By words of the title, or by the number; by the year of 成文日期."""
    found = Revision.objects.filter(pk=OuterRef("standing_id"))
    for word in q.split()[:8]:
        rows = rows.filter(Exists(found.filter(Q(title__icontains=word) | Q(doc_number__icontains=word))))
    if year is not None:
        rows = rows.filter(Exists(found.filter(issued_on__year=year)))
    return rows


def library() -> QuerySet[Any]:
    """Everything in force that the public may read now: the place where all valid documents stand together (S3-8)."""
    shown = live_editions().filter(document=OuterRef("pk")).exclude(revision__attribute=Attribute.WITHHELD)
    valid = with_validity_live(shown).filter(validity__in=VALID)
    rows = hosting.narrowed(stock(Document.objects.all()), "agency", "jurisdiction").filter(Exists(valid))
    return rows.select_related("jurisdiction", "agency")


def not_in_library(rows: QuerySet[Any]) -> list[tuple[Any, str]]:
    """Valid documents of a register that the library does not show, each with the reason."""
    missing = attach(rows.filter(validity__in=VALID).exclude(pk__in=library().order_by().values("pk")))
    editions = {row.document_id: row for row in Edition.objects.filter(document__in=[one.pk for one in missing]).order_by("number")}
    return [(row, _why_not(row, editions.get(row.pk))) for row in missing]


def _why_not(document: Any, last: Edition | None) -> str:
    if document.withdrawn_at:
        return f"已从网上撤下：{document.withdrawn_reason}"
    if document.standing is not None and document.standing.attribute == Attribute.WITHHELD:
        return "不予公开"
    if last is not None and last.expires_on and last.expires_on < timezone.localdate():
        return f"公示期到{last.expires_on}为止"
    return "现在没有公开的版次"


def counts(rows: QuerySet[Any]) -> dict[str, int]:
    """State → how many, of a register. One query."""
    found: dict[str, int] = {}
    for code in rows.order_by().values_list("validity", flat=True):
        found[code] = found.get(code, 0) + 1
    return found


def to_assess(user: Any, day: date, known: Terms | None = None) -> QuerySet[Any]:
    """In force on `day` and over by themselves within the time before which they are to be assessed (six months)."""
    known = known or terms()
    rows = with_validity(register_for(user, day, known), add_months(day, assessment_months()), known=known, name="later")
    done = Evaluation.objects.filter(
        document=OuterRef("pk"), subject=Evaluation.Subject.VALIDITY, on__gt=add_months(day, -assessment_months())
    )
    return rows.filter(validity__in=VALID, later__in=ENDED).annotate(assessed=Exists(done))
