"""What stands in the columns of the site, counted by document, contributing agency and kind of content (catalogue/column_figures.py)."""

from __future__ import annotations

from collections import defaultdict
from pathlib import PurePath

from django.db.models import Count, QuerySet
from django.urls import reverse

from gongkai.catalogue.column_figures import Figures, Update
from gongkai.publications.models import Edition, RevisionAttachment
from gongkai.publications.visible import live_editions

CHART = frozenset({".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp"})
VIDEO = frozenset({".mp4", ".webm", ".mov", ".avi"})
DATA = frozenset({".csv", ".xlsx", ".xls", ".json", ".xml"})


def _open(columns: list[int]) -> QuerySet[Edition]:
    rows = live_editions().exclude(revision__attribute="withheld").filter(published_at__isnull=False)
    return rows.filter(document__column__in=columns).order_by()


def figures_of(column_ids: list[int]) -> dict[int, Figures]:
    """Two queries whatever the number. A document may count under several kinds of content: its text, and each kind of its attachments."""
    found: dict[int, Figures] = defaultdict(Figures)
    kinds: dict[int, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    grouped = _open(column_ids).values_list("document__column", "document__agency__name", "document__kind").annotate(n=Count("pk"))
    agencies: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    lists: dict[int, int] = defaultdict(int)
    for column, agency, kind, n in grouped:
        found[column].documents += n
        agencies[column][agency] += n
        lists[column] += n if kind == "list" else 0
    files = RevisionAttachment.objects.filter(revision__in=_open(column_ids).values("revision")).order_by()
    for column, document, name in files.values_list("revision__edition__document__column", "revision__edition__document", "version__name"):
        kinds[column][_kind_of(name)].add(document)
    for column, row in found.items():
        row.agencies = sorted(agencies[column].items(), key=lambda pair: -pair[1])
        some = {kind: len(documents) for kind, documents in kinds[column].items()}
        row.media = {"text": row.documents, "data": some.get("data", 0) + lists[column]}
        row.media |= {kind: some.get(kind, 0) for kind in ("chart", "video")}
    return dict(found)


def _kind_of(name: str) -> str:
    suffix = PurePath(name).suffix.lower()
    return "video" if suffix in VIDEO else "chart" if suffix in CHART else "data" if suffix in DATA else "file"


def updates_of(column_id: int, most: int) -> list[Update]:
    """The newest editions of the column's documents, earlier ones of the same document too; nothing of what is not open now."""
    states = (Edition.State.LIVE, Edition.State.PAST)
    rows = Edition.objects.filter(document__in=_open([column_id]).values("document"), state__in=states, published_at__isnull=False)
    rows = rows.exclude(revision__attribute="withheld").order_by("-published_at", "-pk")
    listed = rows.values_list("published_at", "revision__title", "document_id", "document__agency__name")
    return [Update(at, title, reverse("documents:document", args=[pk]), agency) for at, title, pk, agency in listed[:most] if at]
