"""What the pages of the catalogue show: lists with their figures, rows with filters, columns with their freshness. Constant queries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q

from gongkai.catalogue import contents
from gongkai.catalogue.models import Catalogue, CatalogueVersion, Column, Deed, Import, ItemStandard

State = CatalogueVersion.State
INCOMPLETE = (
    Q(elements="")
    | Q(basis="")
    | Q(limit_words="")
    | Q(subject_words="")
    | Q(channels=[])
    | Q(audience="")
    | Q(method="")
    | Q(levels=[])
    | Q(audience__in=["group", "both"], audience_words="")
)
"""Rows that lack a column the law asks for; the validator (reporting.py) names which."""
UNREAD = Q(limit={}) & ~Q(limit_words="")
SHOWN = {"incomplete": INCOMPLETE, "unbound": Q(item__column__isnull=True), "unread": UNREAD}
"""Parts of a version that a figure opens."""
STATE_CSS = {State.DRAFT: "warn diamond", State.CURRENT: "ok circle", State.PAST: "wait dash"}
FRESHNESS = {
    "fresh": ("正常", "ok circle"),
    "stale": ("更新不及时", "late cross"),
    "blank": ("空白", "late dash"),
    "unwatched": ("不查", "wait"),
    "closed": ("已关停", "wait dash"),
}


@dataclass(slots=True)
class CatalogueRow:
    """A catalogue in a list: the version in force and the draft, with the figures of the one that is shown (in force, else the draft)."""

    catalogue: Catalogue
    current: CatalogueVersion | None = None
    draft: CatalogueVersion | None = None
    rows: int = 0
    incomplete: int = 0
    unbound: int = 0

    @property
    def shown(self) -> CatalogueVersion | None:
        return self.current or self.draft


def catalogue_rows(catalogues: Iterable[Catalogue]) -> list[CatalogueRow]:
    """Two queries beside the list's own."""
    rows = {catalogue.pk: CatalogueRow(catalogue) for catalogue in catalogues}
    for version in CatalogueVersion.objects.filter(catalogue__in=list(rows), state__in=[State.CURRENT, State.DRAFT]):
        if version.state == State.CURRENT:
            rows[version.catalogue_id].current = version
        else:
            rows[version.catalogue_id].draft = version
    shown = {row.shown.pk: row for row in rows.values() if row.shown}
    for figures in figures_of(list(shown)):
        row = shown[figures["version"]]
        row.rows, row.incomplete, row.unbound = figures["rows"], figures["incomplete"], figures["unbound"]
    return list(rows.values())


def figures_of(version_ids: Iterable[int]) -> list[dict[str, Any]]:
    """rows, incomplete, unbound, unread of each version that has rows. One query."""
    found = (
        ItemStandard.objects.filter(version__in=list(version_ids))
        .order_by()
        .values("version")
        .annotate(
            rows=Count("pk"),
            incomplete=Count("pk", filter=INCOMPLETE),
            unbound=Count("pk", filter=Q(item__column__isnull=True)),
            unread=Count("pk", filter=UNREAD),
        )
    )
    return [dict(row) for row in found]


def standards_of(version: CatalogueVersion, *, q: str = "", show: str = "", stage: str = "", audience: str = "", level: str = "") -> Any:
    """The rows of a version in order, narrowed; `show` is a key of SHOWN."""
    rows = version.standards.select_related("item__column")
    for word in q.split()[:5]:
        rows = rows.filter(
            Q(level1__icontains=word)
            | Q(level2__icontains=word)
            | Q(elements__icontains=word)
            | Q(plain_words__icontains=word)
            | Q(item__code__iexact=word)
        )
    if show in SHOWN:
        rows = rows.filter(SHOWN[show])
    for name, value in (("stage", stage), ("audience", audience), ("level1", level)):
        if value:
            rows = rows.filter(**{name: value})
    return rows


def current_of(catalogue: Catalogue) -> CatalogueVersion | None:
    return catalogue.versions.filter(state=State.CURRENT).select_related("made_by", "approved_by").first()


@dataclass(slots=True)
class ColumnRow:
    """A column in the tree. `depth` from 0; `items` bound to it in catalogues in force; `last_on` its newest content."""

    column: Column
    depth: int
    items: int = 0
    last_on: date | None = None
    state: str = "unwatched"
    children: list[ColumnRow] = field(default_factory=list)

    @property
    def word(self) -> str:
        return FRESHNESS[self.state][0]

    @property
    def css(self) -> str:
        return FRESHNESS[self.state][1]


def column_rows(place_id: int, today: date) -> list[ColumnRow]:
    """The tree of a place from top to bottom, closed columns too. Three queries."""
    columns = list(
        Column.objects.filter(jurisdiction=place_id)
        .select_related("agency", "moved_to")
        .annotate(bound=Count("items"))
        .order_by("position", "pk")
    )
    last = contents.last_of_columns([column.pk for column in columns])
    rows = {column.pk: ColumnRow(column, 0, column.bound, last.get(column.pk)) for column in columns}
    tops: list[ColumnRow] = []
    for row in rows.values():
        parent = rows.get(row.column.parent_id or 0)
        (parent.children if parent else tops).append(row)
    for row in rows.values():
        row.state = freshness_of(row, today)
    return list(_walk(tops, 0))


def _walk(rows: list[ColumnRow], depth: int) -> Iterable[ColumnRow]:
    for row in rows:
        row.depth = depth
        yield row
        yield from _walk(row.children, depth + 1)


def freshness_of(row: ColumnRow, today: date) -> str:
    """A column with a limit is blank without content and stale past it (检查指标: 不得有空白栏目); without one it is not watched."""
    column = row.column
    if column.closed_on:
        return "closed"
    if column.freshness_days is None:
        return "fresh" if row.last_on else "unwatched"
    if row.last_on is None:
        return "blank"
    return "stale" if row.last_on < today - timedelta(days=column.freshness_days) else "fresh"


@dataclass(frozen=True, slots=True)
class Binding:
    """How many items of a version stand in a column, and in one with content (S1-9)."""

    items: int
    bound: int
    filled: int

    @property
    def lacking(self) -> int:
        return self.items - self.filled

    @property
    def is_complete(self) -> bool:
        return self.items > 0 and self.filled == self.items


def binding_of(version: CatalogueVersion) -> Binding:
    ids = list(version.standards.order_by().values_list("item_id", "item__column_id"))
    bound = [item for item, column in ids if column]
    return Binding(len(ids), len(bound), len(contents.last_of_items(bound)))


def deeds_of(catalogue: Catalogue, shown: int = 30) -> list[Deed]:
    """What was done to a catalogue and its versions, newest first."""
    versions = list(catalogue.versions.values_list("pk", flat=True))
    here = Q(subject="catalogue", subject_id=catalogue.pk) | Q(subject="catalogueversion", subject_id__in=versions)
    imports = list(Import.objects.filter(version__in=versions).values_list("pk", flat=True))
    here |= Q(subject="import", subject_id__in=imports)
    here |= Q(about="catalogue", about_id=catalogue.pk) | Q(about="catalogueversion", about_id__in=versions)
    return list(Deed.objects.filter(here).select_related("actor", "agency").order_by("-at", "-pk")[:shown])


def deeds_of_column(column: Column, shown: int = 50) -> list[Deed]:
    """What was done to a column, newest first."""
    rows = Deed.objects.filter(subject="column", subject_id=column.pk).select_related("actor", "agency")
    return list(rows.order_by("-at", "-pk")[:shown])
