"""Items of the catalogues as the public finds them: what is owed to it, by whom, in what time, published yet or not."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db.models import QuerySet
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.urls import reverse
from django.utils import timezone

from gongkai.catalogue.models import CatalogueVersion, Item, ItemStandard
from gongkai.search import log
from gongkai.search.model import PLACE, Record
from gongkai.search.sources import Shown, Source, key_of

KIND = "item"


@receiver([post_save], sender=CatalogueVersion)
def _approved(instance: CatalogueVersion, **_kwargs: Any) -> None:
    """A version that comes into force brings its items in and takes out those it no longer has."""
    if instance.state == CatalogueVersion.State.CURRENT:
        log.changed(KIND, Item.objects.filter(catalogue=instance.catalogue_id).values_list("pk", flat=True))


def _standards() -> QuerySet[ItemStandard]:
    return ItemStandard.objects.filter(version__state=CatalogueVersion.State.CURRENT)


def _records(ids: Collection[int]) -> Iterable[Record]:
    for row in _standards().filter(item__in=ids).select_related("version__catalogue__agency", "item__column"):
        catalogue, column = row.version.catalogue, row.item.column
        on = timezone.localdate(row.version.approved_at or catalogue.created_at)
        words = (row.plain_words, row.level1, row.elements, row.basis, row.subject_words, catalogue.title, catalogue.agency.name)
        yield Record(
            key_of(KIND, row.item_id),
            row.level2 or row.level1,
            "\n".join(filter(None, (*words, column.name if column else ""))),
            on,
            "",
            {
                "kind": [KIND],
                "agency": [str(catalogue.agency_id)],
                PLACE: [str(catalogue.jurisdiction_id)],
                "field": [catalogue.field] if catalogue.field else [],
                "year": [str(on.year)],
            },
        )


def _keys(after: int, limit: int) -> list[int]:
    return list(_standards().filter(item__gt=after).order_by("item").values_list("item", flat=True)[:limit])


def _live(ids: Collection[int]) -> Iterable[int]:
    return _standards().filter(item__in=ids).values_list("item", flat=True)


def _shown(ids: Collection[int]) -> Mapping[int, Shown]:
    shown = {}
    for row in _standards().filter(item__in=ids).select_related("version__catalogue__agency", "item__column"):
        catalogue, column = row.version.catalogue, row.item.column
        limit = f"公开时限：{row.limit_words}" if row.limit_words else ""
        notes = (row.level1 if row.level2 else "", catalogue.agency.display_name, limit, f"栏目：{column.name}" if column else "")
        url = reverse("catalogue_public:item", args=[row.item_id])
        shown[row.item_id] = Shown(row.level2 or row.level1, url, tuple(filter(None, notes)))
    return shown


ITEMS = Source(KIND, "公开事项", _records, _keys, _shown, live=_live)
