"""What importing a table would do to a draft: row by row new, changed, the same, not importable; and what the draft has beyond it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from gongkai.agencies.matching import Directory
from gongkai.agencies.models import Agency
from gongkai.catalogue.models import CatalogueVersion, ItemStandard
from gongkai.catalogue.subjects import subjects_in
from gongkai.catalogue.table_rows import Fault, Row, read_rows
from gongkai.catalogue.tables import EVERY, Told, quiet, read_tables
from gongkai.catalogue.terms import terms_of

FIELDS = (
    "level1",
    "level2",
    "elements",
    "basis",
    "limit_words",
    "limit",
    "cycle",
    "subject_words",
    "channels",
    "audience",
    "audience_words",
    "method",
    "levels",
    "stage",
    "links",
    "plain_words",
)
"""What a version says of an item, without its place and its subjects as agencies."""
LABELS = {field.name: str(field.verbose_name) for field in ItemStandard._meta.concrete_fields if field.name in FIELDS}


@dataclass(slots=True)
class Step:
    """One row and what becomes of it. `standard`: what the draft has; `changes`: fields that would differ."""

    row: Row
    kind: str
    standard: ItemStandard | None = None
    changes: list[str] = field(default_factory=list)
    subjects: list[Agency] = field(default_factory=list)

    @property
    def changed_words(self) -> str:
        return "、".join(LABELS[name] for name in self.changes if name != "limit")


@dataclass(slots=True)
class Outlook:
    """The dry run. `missing`: what the draft has and the table has not; `hidden` and `headers`: see table_rows.Read."""

    steps: list[Step]
    notes: list[str]
    missing: list[ItemStandard]
    hidden: list[tuple[str, int]] = field(default_factory=list)
    headers: list[list[list[str]]] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        found = Counter(step.kind for step in self.steps)
        return {kind: found[kind] for kind in ("new", "changed", "same", "wrong")}

    @property
    def faults(self) -> list[tuple[str, Fault]]:
        """(place, sentence) of everything that keeps a row out."""
        return [(step.row.place, sentence) for step in self.steps for sentence in step.row.errors]

    @property
    def warnings(self) -> list[tuple[str, str]]:
        return [(step.row.place, sentence) for step in self.steps for sentence in step.row.warnings]


def outlook(version: CatalogueVersion, data: bytes, name: str, *, hidden: bool = False, told: Told = quiet) -> Outlook:
    """Reads the file and compares it with the draft; nothing is written. Raises tables.TableError.

    `told` hears of three passes over the rows: out of the file, into items, beside the draft.
    """
    place = version.catalogue.jurisdiction
    tables = read_tables(data, name, lambda done, total: told(done, 3 * total))
    read = read_rows(tables, name, terms_of(place.pk), hidden=hidden, told=lambda done, total: told(total + done, 3 * total))
    standards = list(version.standards.select_related("item"))
    find = _finder(standards, read.rows)
    directory = Directory(place)
    known: dict[str, tuple[list[Agency], list[str]]] = {}
    steps, met = [], set()
    for n, row in enumerate(read.rows):
        if n % EVERY == 0:
            told(2 * len(read.rows) + n, 3 * len(read.rows))
        standard = find(row)
        words = row.values.get("subject_words", "")
        if words not in known:
            known[words] = subjects_in(words, directory)
        subjects, unknown = known[words]
        row.warnings += [f"公开主体“{part[:30]}”在机构名录里找不到，文字已保留" for part in unknown]
        if row.errors:
            steps.append(Step(row, "wrong", standard, subjects=subjects))
        elif standard is None:
            steps.append(Step(row, "new", subjects=subjects))
        else:
            changes = [name for name in FIELDS if name in row.given and row.values[name] != getattr(standard, name)]
            steps.append(Step(row, "changed" if changes else "same", standard, changes, subjects))
        if standard is not None:
            met.add(standard.pk)
    return Outlook(steps, read.notes, [standard for standard in standards if standard.pk not in met], read.hidden, read.headers)


def _finder(standards: list[ItemStandard], rows: list[Row]) -> Callable[[Row], ItemStandard | None]:
    """An item is known by its code; without one, or by one the draft does not have, by its names, unless another row has its code."""
    by_code = {standard.item.code: standard for standard in standards}
    by_name = {(standard.level1, standard.level2): standard for standard in standards}
    codes = {row.values["code"] for row in rows}

    def find(row: Row) -> ItemStandard | None:
        if found := by_code.get(row.values["code"]):
            return found
        named = by_name.get(row.key)
        return named if named is not None and named.item.code not in codes else None

    return find


def written(step: Step) -> dict[str, Any]:
    """The fields a row gives, ready to be stored."""
    return {name: step.row.values[name] for name in FIELDS if name in step.row.given}
