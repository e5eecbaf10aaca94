"""What stands on the platform of an agency: documents under each item of the law, its catalogue, its rules, its yearly reports.

A government's platform holds what all agencies of its place have published; every other's what it published itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, Count, IntegerField, Max, QuerySet, Value, When
from django.utils import timezone

from gongkai.agencies.models import Agency
from gongkai.catalogue import contents
from gongkai.catalogue.models import CatalogueVersion, ItemStandard
from gongkai.portal.platform import blocks
from gongkai.portal.platform.blocks import Item
from gongkai.publications.models import Edition
from gongkai.publications.visible import live_editions
from gongkai.reports.access import public_reports
from gongkai.reports.models import AnnualReport

_YEAR = re.compile(r"(?<![0-9])(20[0-9]{2})\s*年")


def is_government(agency: Agency) -> bool:
    return agency.kind == Agency.Kind.GOVERNMENT


def editions(agency: Agency) -> QuerySet[Edition]:
    """Live editions with content on the agency's platform; an announcement that something is withheld is none."""
    rows = live_editions().exclude(revision__attribute="withheld").filter(published_at__isnull=False)
    return rows.filter(document__jurisdiction=agency.jurisdiction_id) if is_government(agency) else rows.filter(document__agency=agency)


def listed(rows: QuerySet[Edition]) -> QuerySet[Edition]:
    """With what a row of a list says, the newest first."""
    return rows.select_related("document__agency", "revision").defer("revision__body", "revision__rows").order_by("-published_at", "-pk")


@dataclass(slots=True)
class Held:
    """An item of the law with its documents counted; `last` the day of the newest."""

    item: Item
    count: int = 0
    last: date | None = None


def by_item(agency: Agency) -> list[Held]:
    """One query whatever the number of documents."""
    found = [Held(item) for item in blocks.items_of(agency.jurisdiction.level)]
    names = ("document__column__slug", "document__column__parent__slug", "document__kind", "revision__genre")
    for *group, n, at in editions(agency).order_by().values_list(*names).annotate(n=Count("pk"), last=Max("published_at")):
        column, above, kind, genre = group
        for held in found:
            if held.item.takes(column, above, kind, genre or ""):
                day = timezone.localdate(at)
                held.count += n
                held.last = max(day, held.last or day)
    return found


def of_item(agency: Agency, item: Item) -> QuerySet[Edition]:
    return listed(editions(agency).filter(item.condition))


def catalogue_items(agency: Agency) -> QuerySet[ItemStandard]:
    """The items of the agency's catalogues in force, in order."""
    rows = ItemStandard.objects.filter(version__state=CatalogueVersion.State.CURRENT, version__catalogue__agency=agency)
    return rows.select_related("version__catalogue").order_by("version__catalogue__title", "version__catalogue_id", "position")


@dataclass(frozen=True, slots=True)
class HeldItem:
    """An item of the catalogue with its documents counted."""

    row: ItemStandard
    count: int
    last: date | None


def held_items(rows: Iterable[ItemStandard]) -> list[HeldItem]:
    some = list(rows)
    held = contents.contents_of(row.item_id for row in some)
    return [HeldItem(row, len(held.get(row.item_id, ())), max((c.on for c in held.get(row.item_id, ())), default=None)) for row in some]


def rules_of(agency: Agency) -> QuerySet[Edition]:
    """政府信息公开制度 of the place, the agency's own first."""
    rows = live_editions().exclude(revision__attribute="withheld").filter(blocks.rules_condition())
    rows = listed(rows.filter(document__jurisdiction=agency.jurisdiction_id, published_at__isnull=False))
    own = Case(When(document__agency=agency, then=Value(0)), default=Value(1), output_field=IntegerField())
    return rows.annotate(other=own).order_by("other", "-published_at", "-pk")


def reports_by_year(agency: Agency, most: int = 300) -> list[tuple[int, list[Edition]]]:
    """年报 by the year they tell of, the latest first: the year in the title, else that before publication."""
    found: dict[int, list[Edition]] = {}
    for edition in listed(editions(agency).filter(blocks.annual_condition()))[:most]:
        assert edition.revision is not None and edition.published_at is not None
        said = _YEAR.search(edition.revision.title)
        year = int(said[1]) if said else timezone.localdate(edition.published_at).year - 1
        found.setdefault(year, []).append(edition)
    return sorted(found.items(), reverse=True)


def annual_of(agency: Agency) -> list[AnnualReport]:
    """年报 written in this system, the latest first. One query."""
    return list(public_reports().defer("printed", "sections").filter(agency=agency).order_by("-year", "-covers_place"))


def years_of(agency: Agency) -> list[tuple[int, list[AnnualReport], list[Edition]]]:
    """Year → its reports, whether they were written here or are documents, the latest first."""
    documents = dict(reports_by_year(agency))
    written: dict[int, list[AnnualReport]] = {}
    for row in annual_of(agency):
        written.setdefault(row.year, []).append(row)
    return [(year, written.get(year, []), documents.get(year, [])) for year in sorted({*documents, *written}, reverse=True)]


def as_row(edition: Edition) -> dict[str, Any]:
    """For the JSON twins."""
    assert edition.revision is not None
    return {
        "id": edition.document_id,
        "title": edition.revision.title,
        "agency": edition.document.agency.name,
        "published_at": edition.published_at,
    }
