"""The rows of one version into another: for a revision the same items, for a template items of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Max

from gongkai.catalogue.importing import FIELDS
from gongkai.catalogue.models import CatalogueVersion, Column, Item, ItemStandard


def copy_standards(source: CatalogueVersion, target: CatalogueVersion) -> None:
    """The same items with the same words."""
    rows = list(source.standards.prefetch_related("subjects"))
    made = [_copy(row, target, row.item_id, n) for n, row in enumerate(rows, 1)]
    ItemStandard.objects.bulk_create(made)
    _subjects((new, [a.pk for a in old.subjects.all()]) for old, new in zip(rows, made, strict=True))


def copy_from_template(source: CatalogueVersion, target: CatalogueVersion) -> None:
    """New items in another catalogue.

    Where the template's own agency was the subject, the new agency is; other subjects stay in the same place and are left open in
    another, for the validator to ask. Columns of the same address are taken over.
    """
    rows = list(source.standards.select_related("item__column").prefetch_related("subjects"))
    old, new = source.catalogue, target.catalogue
    columns = dict(Column.objects.filter(jurisdiction=new.jurisdiction_id, closed_on__isnull=True).values_list("slug", "pk"))
    codes = next_codes(new.pk, len(rows))
    items = [
        Item(catalogue=new, code=code, column_id=columns.get(row.item.column.slug) if row.item.column else None)
        for row, code in zip(rows, codes, strict=True)
    ]
    Item.objects.bulk_create(items)
    made, subjects = [], []
    for n, (row, item) in enumerate(zip(rows, items, strict=True), 1):
        copied = _copy(row, target, item.pk, n)
        ids = [agency.pk for agency in row.subjects.all()]
        if ids == [old.agency_id]:
            ids, copied.subject_words = [new.agency_id], new.agency.name
        elif old.jurisdiction_id != new.jurisdiction_id:
            ids, copied.subject_words = [], ""
        made.append(copied)
        subjects.append(ids)
    ItemStandard.objects.bulk_create(made)
    _subjects(zip(made, subjects, strict=True))


def next_codes(catalogue_id: int, n: int) -> list[str]:
    """The next `n` codes of a catalogue: four digits that were never used in it."""
    used = set(Item.objects.filter(catalogue=catalogue_id).values_list("code", flat=True))
    at = max((int(code) for code in used if code.isascii() and code.isdigit() and len(code) < 10), default=0)
    found: list[str] = []
    while len(found) < n:
        at += 1
        if (code := f"{at:04}") not in used:
            found.append(code)
    return found


def next_position(version: CatalogueVersion) -> int:
    return (version.standards.aggregate(n=Max("position"))["n"] or 0) + 1


def fields_of(row: ItemStandard) -> Mapping[str, Any]:
    return {name: getattr(row, name) for name in FIELDS}


def _copy(row: ItemStandard, target: CatalogueVersion, item_id: int, position: int) -> ItemStandard:
    return ItemStandard(version=target, item_id=item_id, position=position, **fields_of(row))


def _subjects(pairs: Iterable[tuple[ItemStandard, list[int]]]) -> None:
    through = ItemStandard.subjects.through
    through.objects.bulk_create(through(itemstandard_id=row.pk, agency_id=pk) for row, ids in pairs for pk in ids)
