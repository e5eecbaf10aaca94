"""The list of documents at the desk: one row each with the edition that counts, in a constant number of queries."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from gongkai.agencies.models import Agency
from gongkai.catalogue.models import Column as SiteColumn
from gongkai.formats.ledger import Column, LedgerRow, LedgerTable
from gongkai.publications.access import documents_for
from gongkai.publications.models import Document, Edition
from gongkai.publications.models.editions import WORKING
from gongkai.publications.vocabularies import genre_words, theme_words

STATE_WORDS = {
    "draft": ("拟稿", "wait"),
    "review": ("审核中", "warn"),
    "ready": ("待发布", "warn"),
    "scheduled": ("定时发布", "warn"),
    "failed": ("发布失败", "late"),
    "live": ("已公开", "ok"),
    "past": ("历史版本", "wait"),
    "withdrawn": ("已撤下", "late cross"),
    "discarded": ("已放弃", "wait dash"),
}
"""State of an edition: its word and its colour and shape on the screen."""
MOST_EXPORTED = 20_000
EXPORT = (
    Column("n", "序号", 3, "center"),
    Column("index", "索引号", 12),
    Column("title", "标题", 24),
    Column("number", "发文字号", 10),
    Column("agency", "公开主体", 10),
    Column("kind", "类别", 7),
    Column("column", "栏目", 8),
    Column("theme", "主题分类", 10),
    Column("genre", "体裁", 6),
    Column("attribute", "公开属性", 6),
    Column("issued", "成文日期", 7, "center"),
    Column("state", "状态", 6, "center"),
    Column("published", "发布日期", 7, "center"),
    Column("first", "首次公开", 7, "center"),
    Column("updated", "更新日期", 7, "center"),
)


def documents(
    user: Any, *, q: str = "", state: str = "", kind: str = "", agency: Agency | None = None, column: SiteColumn | None = None
) -> QuerySet[Document]:
    """Newest first. Each with `shown_*` of its edition in hand, else of its last; `live_at` where the public sees one."""
    rows = documents_for(user)
    if kind:
        rows = rows.filter(kind=kind)
    if agency is not None:
        rows = rows.filter(agency=agency)
    if column is not None:
        rows = rows.filter(column=column)
    if state == "working":
        rows = rows.filter(editions__state__in=WORKING)
    elif state:
        rows = rows.filter(editions__state=state)
    if q := " ".join(q.split()):
        mine = Edition.objects.filter(document=OuterRef("pk"))
        found = mine.filter(Q(revision__title__icontains=q) | Q(revision__doc_number__icontains=q))
        rows = rows.filter(Q(index_number__icontains=q) | Q(pk__in=Subquery(found.values("document"))))
    last = Edition.objects.filter(document=OuterRef("pk")).order_by("-number")
    live = Edition.objects.filter(document=OuterRef("pk"), state="live")
    columns = {name: Subquery(last.values(path)[:1]) for name, path in SHOWN.items()}
    return rows.annotate(**columns, live_at=Subquery(live.values("published_at")[:1])).distinct().order_by("-pk")


SHOWN = {
    "shown_pk": "pk",
    "shown_state": "state",
    "shown_number": "number",
    "shown_title": "revision__title",
    "shown_doc_number": "revision__doc_number",
    "shown_theme": "revision__theme",
    "shown_genre": "revision__genre",
    "shown_attribute": "revision__attribute",
    "shown_issued": "revision__issued_on",
    "shown_saved": "revision__saved_at",
}


def state_counts(user: Any) -> dict[str, int]:
    """How many documents have an edition in each state that a person attends to. One query."""
    rows = Edition.objects.filter(document__in=documents_for(user).order_by().values("pk"), state__in=[*WORKING, "live"])
    return dict(rows.order_by().values_list("state").annotate(n=Count("document", distinct=True)).values_list("state", "n"))


def export_table(rows: Iterable[Any], title: str, notes: list[str]) -> LedgerTable:
    attributes = {"proactive": "主动公开", "on_request": "依申请公开", "withheld": "不予公开"}
    listed = [
        LedgerRow(
            {
                "n": n,
                "index": row.index_number,
                "title": row.shown_title,
                "number": row.shown_doc_number,
                "agency": row.agency.name,
                "kind": row.get_kind_display(),
                "column": row.column.name if row.column else "",
                "theme": theme_words(row.shown_theme) if row.shown_theme else "",
                "genre": genre_words(row.shown_genre) if row.shown_genre else "",
                "attribute": attributes.get(row.shown_attribute, ""),
                "issued": row.shown_issued,
                "state": STATE_WORDS[row.shown_state][0] if row.shown_state else "",
                "published": timezone.localdate(row.live_at) if row.live_at else None,
                "first": timezone.localdate(row.first_published_at) if row.first_published_at else None,
                "updated": timezone.localdate(row.shown_saved) if row.shown_saved else None,
            }
        )
        for n, row in enumerate(rows, 1)
    ]
    return LedgerTable(title=title, columns=list(EXPORT), rows=listed, notes=notes)


def open_editions(document: Document) -> list[Edition]:
    """Every edition of a document, newest first, with who made it and its present text. One query."""
    return list(document.editions.select_related("revision", "author", "published_by").order_by(F("number").desc()))
