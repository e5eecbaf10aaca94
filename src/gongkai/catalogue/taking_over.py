"""What a dry run has shown, written into a draft: in pieces, so that each piece is one short transaction. A piece done again does nothing
new, for the table is compared with the draft anew before (importing.py): rows taken already are then the same."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import models

from gongkai.agencies.models import User
from gongkai.catalogue.actions.catalogues import drop_unused_items
from gongkai.catalogue.copying import next_codes, next_position
from gongkai.catalogue.importing import Outlook, Step, written
from gongkai.catalogue.models import CatalogueVersion, Item, ItemStandard
from gongkai.journal.actions import Change, record_many

PIECE = 400
"""Rows of one transaction."""
FIELDS = [f.name for f in ItemStandard._meta.concrete_fields if f.name not in ("id", "version", "item")]


def base_of(version: CatalogueVersion, seen: Outlook, dropping: bool) -> int:
    """What is added to a row's number for its place: the order is the table's, behind what the table has not."""
    return 0 if not seen.missing or dropping else next_position(version)


class Writer:
    """Writes the good rows of one outlook. `actor` is None for the operator at the command line."""

    def __init__(self, version: CatalogueVersion, seen: Outlook, actor: User | None, base: int) -> None:
        self.version, self.seen, self.actor = version, seen, actor
        self.steps = [step for step in seen.steps if step.kind != "wrong"]
        self._position = {id(step): base + n for n, step in enumerate(seen.steps, 1)}
        taken = {step.row.values["code"] for step in self.steps}
        fresh = sum(step.kind == "new" for step in self.steps)
        self._codes = iter([code for code in next_codes(version.catalogue_id, fresh + len(taken)) if code not in taken])
        self._where = (version.catalogue.agency_id, version.catalogue.jurisdiction_id)

    def pieces(self) -> list[list[Step]]:
        return [self.steps[at : at + PIECE] for at in range(0, len(self.steps), PIECE)]

    def write(self, steps: Sequence[Step]) -> None:
        """One piece, with an entry in the journal for every row that is new or changed."""
        fresh = [step for step in steps if step.kind == "new"]
        known = [step for step in steps if step.kind != "new"]
        changes = [*self._add(fresh), *self._change(known)]
        _subjects([step for step in steps if step.kind == "new" or "subject_words" in step.changes])
        record_many(changes)

    def _add(self, steps: list[Step]) -> list[Change]:
        for step, item in zip(steps, self._items(steps), strict=True):
            step.standard = ItemStandard(version=self.version, item=item, position=self._position[id(step)], **written(step))
        ItemStandard.objects.bulk_create([step.standard for step in steps if step.standard])
        return [Change("catalogue.added", step.standard, self.actor, {}, written(step), *self._where) for step in steps if step.standard]

    def _items(self, steps: list[Step]) -> list[Item]:
        """An item for every new row: known again by the code of an earlier version, else new with the table's code or the next."""
        wanted = [step.row.values["code"] for step in steps]
        here = Item.objects.filter(catalogue=self.version.catalogue_id, code__in=[code for code in wanted if code])
        earlier = {item.code: item for item in here}
        items = [earlier.get(code) or Item(catalogue_id=self.version.catalogue_id, code=code or next(self._codes)) for code in wanted]
        Item.objects.bulk_create([item for item in items if item.pk is None])
        return items

    def _change(self, steps: list[Step]) -> list[Change]:
        """Rows the draft has: what differs, and their place. Those that stay as and where they are cost nothing."""
        changes, edited, moved = [], [], []
        for step in steps:
            row = step.standard
            assert row is not None
            is_moved = row.position != self._position[id(step)]
            row.position = self._position[id(step)]
            if step.kind != "changed":
                moved += [row] if is_moved else []
                continue
            new = {name: value for name, value in written(step).items() if name in step.changes}
            old = {name: getattr(row, name) for name in new}
            for name, value in new.items():
                setattr(row, name, value)
            edited.append(row)
            changes.append(Change("catalogue.edited", row, self.actor, old, new, *self._where))
        ItemStandard.objects.bulk_update(edited, FIELDS, batch_size=200)
        ItemStandard.objects.bulk_update(moved, ["position"], batch_size=400)
        return changes

    def drop(self) -> int:
        """Takes out of the draft what the table has not; how many."""
        rows = self.seen.missing
        for at in range(0, len(rows), PIECE):
            ItemStandard.objects.filter(pk__in=[row.pk for row in rows[at : at + PIECE]]).delete()
        if rows:
            drop_unused_items(self.version.catalogue_id)
        named = ({"level1": row.level1, "level2": row.level2} for row in rows)
        record_many(Change("catalogue.dropped", row, self.actor, old, {}, *self._where) for row, old in zip(rows, named, strict=True))
        return len(rows)


def take_over(version: CatalogueVersion, seen: Outlook, actor: User | None, drop_missing: bool) -> None:
    """All good rows at once, in the caller's transaction."""
    writer = Writer(version, seen, actor, base_of(version, seen, drop_missing))
    for piece in writer.pieces():
        writer.write(piece)
    if drop_missing:
        writer.drop()


def _subjects(steps: Sequence[Step]) -> None:
    through: type[models.Model] = ItemStandard.subjects.through
    rows = [step.standard.pk for step in steps if step.standard]
    through._default_manager.filter(itemstandard_id__in=rows).delete()
    through._default_manager.bulk_create(
        through(itemstandard_id=step.standard.pk, agency_id=agency.pk) for step in steps if step.standard for agency in step.subjects
    )
