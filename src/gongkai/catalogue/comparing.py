"""两版对照: what was added, dropped and changed between two versions of a catalogue, item by item."""

from __future__ import annotations

from dataclasses import dataclass, field

from gongkai.catalogue.importing import LABELS
from gongkai.catalogue.models import CatalogueVersion, ItemStandard
from gongkai.catalogue.showing import cell_words
from gongkai.catalogue.terms import Terms

COMPARED = [name for name in LABELS if name != "limit"]
KINDS = {"added": "新增", "dropped": "删去", "changed": "修改"}


@dataclass(frozen=True, slots=True)
class FieldChange:
    label: str
    old: str
    new: str


@dataclass(slots=True)
class ItemChange:
    """`old` and `new` are the rows; one is None for what was added or dropped."""

    kind: str
    old: ItemStandard | None
    new: ItemStandard | None
    fields: list[FieldChange] = field(default_factory=list)

    @property
    def word(self) -> str:
        return KINDS[self.kind]

    @property
    def row(self) -> ItemStandard:
        row = self.new or self.old
        assert row is not None
        return row


def compare(old: CatalogueVersion, new: CatalogueVersion, terms: Terms) -> list[ItemChange]:
    """In the order of the newer version, what was dropped at the end. The same item is known by itself, not by its name."""
    before = {row.item_id: row for row in old.standards.select_related("item")}
    after = {row.item_id: row for row in new.standards.select_related("item")}
    changes = []
    for pk, row in after.items():
        was = before.get(pk)
        if was is None:
            changes.append(ItemChange("added", None, row))
        elif different := [name for name in COMPARED if getattr(was, name) != getattr(row, name)]:
            fields = [FieldChange(LABELS[name], cell_words(was, name, terms), cell_words(row, name, terms)) for name in different]
            changes.append(ItemChange("changed", was, row, fields))
    changes += [ItemChange("dropped", row, None) for pk, row in before.items() if pk not in after]
    return changes
