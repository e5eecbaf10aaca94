"""文件清理, to read: what is proposed for each document, the three lists, and whether the pages say what the lists say (S0-25)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import Http404

from gongkai.agencies.access import scope_of
from gongkai.publications.access import MISSING, documents_for
from gongkai.publications.models import Cleanup, CleanupEntry, Document, ValidityChange
from gongkai.publications.validity.register import stock
from gongkai.publications.validity.state import AMENDED, ENDED, IN_FORCE, LAPSED, REPEALED, attach, terms, with_standing, with_validity

Effect = ValidityChange.Effect
CHOICES = (Effect.CONTINUED, Effect.AMENDED, Effect.REPEALED, Effect.LAPSED)
LISTS = {
    Effect.CONTINUED: "继续有效的文件目录",
    Effect.AMENDED: "修改的文件目录",
    Effect.REPEALED: "废止的文件目录",
    Effect.LAPSED: "失效的文件目录",
}
MARKS = {Effect.CONTINUED: {IN_FORCE, AMENDED}, Effect.AMENDED: {AMENDED}, Effect.REPEALED: {REPEALED}, Effect.LAPSED: {LAPSED}}
"""What a page must say of a document that stands in a list; a continued one may have been amended earlier."""


def cleanups_for(user: Any) -> QuerySet[Cleanup]:
    """Of one's own agencies, and all of the places one reads as openness office. A decided one is public besides."""
    scope = scope_of(user)
    rows = Cleanup.objects.select_related("jurisdiction", "agency", "notice", "created_by", "decided_by")
    if not scope.is_staff_member:
        return rows.none()
    return rows.filter(Q(agency__in=scope.agency_ids) | Q(jurisdiction__in=scope.seen_ids))


def access_cleanup(user: Any, pk: int) -> Cleanup:
    row = cleanups_for(user).filter(pk=pk).first()
    if row is None:
        raise Http404(MISSING)
    return row


def counted(rows: QuerySet[Cleanup]) -> QuerySet[Cleanup]:
    """With `.total` documents and `.left` without a proposal."""
    return rows.annotate(total=Count("entries"), left=Count("entries", filter=Q(entries__effect="")))


def open_stock(cleanup: Cleanup, user: Any) -> QuerySet[Any]:
    """What may still be taken in: documents this person may decide on that have not ended by the day, with `.validity` of that day.

    The openness office cleans up for the whole place, another agency what is its own.
    """
    scope = scope_of(user)
    rows = documents_for(user).filter(jurisdiction=cleanup.jurisdiction_id)
    if not scope.is_office_of(cleanup.jurisdiction_id):
        rows = rows.filter(agency=cleanup.agency_id)
    taken = CleanupEntry.objects.filter(cleanup=cleanup).values("document")
    found = with_validity(stock(rows).exclude(pk__in=taken), cleanup.on)
    return found.exclude(validity=REPEALED).select_related("agency", "jurisdiction").order_by("pk")


@dataclass(frozen=True, slots=True)
class Line:
    """One entry with its document as it stands on the day of the clean-up; `suggested` is what its dates alone would say."""

    entry: CleanupEntry
    document: Any
    suggested: str

    @property
    def title(self) -> str:
        standing = self.document.standing
        return standing.title if standing else str(self.document)


def lines(cleanup: Cleanup, entries: Iterable[CleanupEntry]) -> list[Line]:
    """Five queries, however many."""
    listed = list(entries)
    rows = with_standing(Document.objects.filter(pk__in=[row.document_id for row in listed])).select_related("agency", "jurisdiction")
    documents = {row.pk: row for row in attach(rows, cleanup.on, known=terms([cleanup.jurisdiction_id]))}
    return [Line(row, documents[row.document_id], _suggested(documents[row.document_id])) for row in listed]


def _suggested(document: Any) -> str:
    code = document.state.code
    if code in ENDED:
        return Effect.LAPSED if code == LAPSED else Effect.REPEALED
    return Effect.CONTINUED


def by_list(cleanup: Cleanup) -> list[tuple[str, str, list[Line]]]:
    """(effect, name of the list, its documents) in the order a notice prints them; empty lists too, but 修改 only where there is any."""
    found: dict[str, list[Line]] = {effect: [] for effect in CHOICES}
    for line in lines(cleanup, cleanup.entries.exclude(effect="").order_by("document_id")):
        found[line.entry.effect].append(line)
    return [(effect, LISTS[Effect(effect)], rows) for effect, rows in found.items() if rows or effect != Effect.AMENDED]


def disagreements(cleanup: Cleanup) -> list[tuple[Line, str]]:
    """Where a page says on the day of the clean-up something else than the list, with what it says; nothing before the decision."""
    if cleanup.decided_at is None:
        return []
    entries = list(cleanup.entries.exclude(effect=""))
    return [(line, line.document.state.words) for line in lines(cleanup, entries) if line.document.state.code not in MARKS[_of(line)]]


def _of(line: Line) -> Effect:
    return Effect(line.entry.effect)
