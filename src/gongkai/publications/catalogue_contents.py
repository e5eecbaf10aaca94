"""What is published, as the catalogue asks for it: contents of items and columns, and the lists items are made from (S1-1, S1-9)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.db.models import Max, QuerySet
from django.urls import reverse
from django.utils import timezone

from gongkai.catalogue import column_figures, contents, sources
from gongkai.catalogue.contents import Content
from gongkai.catalogue.sources import ListRef, ListRow
from gongkai.publications import column_contents
from gongkai.publications.lists.content import Row, Schema, cause_name, current, schemas
from gongkai.publications.models import DocumentItem, Edition
from gongkai.publications.visible import live_editions


def _open() -> QuerySet[Edition]:
    """Live editions that carry something: an announcement of non-disclosure is no content."""
    return live_editions().exclude(revision__attribute="withheld").filter(published_at__isnull=False)


def of_items(item_ids: Iterable[int]) -> dict[int, list[Content]]:
    """Two queries, whatever the number."""
    links = list(DocumentItem.objects.filter(item__in=list(item_ids)).values_list("item_id", "document_id"))
    rows = _open().filter(document__in={document for _item, document in links})
    pages = {
        document: Content(title, reverse("documents:document", args=[document]), timezone.localdate(at))
        for document, title, at in rows.order_by().values_list("document_id", "revision__title", "published_at")
    }
    found: dict[int, list[Content]] = defaultdict(list)
    for item, document in links:
        if document in pages:
            found[item].append(pages[document])
    return {item: sorted(some, key=lambda one: one.on, reverse=True) for item, some in found.items()}


def last_of_items(item_ids: Iterable[int]) -> dict[int, date]:
    rows = _open().filter(document__item_links__item__in=list(item_ids)).order_by().values_list("document__item_links__item")
    return _days(rows.annotate(last=Max("published_at")))


def last_of_columns(column_ids: Iterable[int]) -> dict[int, date]:
    rows = _open().filter(document__column__in=list(column_ids)).order_by().values_list("document__column")
    return _days(rows.annotate(last=Max("published_at")))


def _days(rows: Iterable[tuple[int, object]]) -> dict[int, date]:
    return {pk: timezone.localdate(at) for pk, at in rows}  # type: ignore[arg-type]


def lists_of(agency_ids: Iterable[int]) -> list[ListRef]:
    """The lists agencies have published, newest first."""
    known = schemas()
    rows = _open().filter(document__agency__in=list(agency_ids), document__kind="list").order_by("-published_at")
    return [
        ListRef(document, known[kind].name, title, reverse("documents:document", args=[document]))
        for document, kind, title in rows.values_list("document_id", "document__list_kind", "revision__title")
        if kind in known
    ]


def rows_of(list_id: int) -> list[ListRow]:
    """The rows in force of a published list."""
    edition = _open().filter(document=list_id, document__kind="list").select_related("document", "revision").first()
    schema = schemas().get(edition.document.list_kind) if edition else None
    if edition is None or edition.revision is None or schema is None:
        return []
    return [_row(row, schema) for row in current(edition.revision.rows)]


def _row(row: Row, schema: Schema) -> ListRow:
    named = next((c.name for c in schema.columns if c.name.endswith(("名称", "事项")) and row.get(c.name)), "")
    basis = next((row[c.name] for c in schema.columns if c.name.endswith("依据") and c.name != cause_name() and row.get(c.name)), "")
    key = "|".join(schema.key_of(row))
    return ListRow(key, row.get(named, "") or schema.title_of(row) or key, basis)


def register() -> None:
    contents.register(of_items, last_of_items, last_of_columns)
    column_figures.register(column_contents.figures_of, column_contents.updates_of)
    sources.register(lists_of, rows_of)
