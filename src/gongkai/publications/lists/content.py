"""清单: typed tables with their columns as data (rules/lists.toml), complete before they are submitted, each change with its legal cause.

A document of kind `list` carries its rows in `Revision.rows`: dictionaries by the name of the column. In an edition after the first a row
that is new or changed says so and names its legal cause; a row that is taken out stays once, marked 取消, and is gone from the next edition
(S0-2 to S0-6, S4-14, S4-15).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from gongkai.publications.models import Document, Edition, Revision

ADDED, CHANGED, REMOVED = "新增", "修改", "取消"
MOST_ROWS = 20_000
MOST_CHARACTERS = 5_000
"""Of one cell."""
SHOWN_REASONS = 30
_NUMBER = re.compile(r"^-?\d{1,15}(\.\d{1,6})?$")

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ListColumn:
    name: str
    required: bool = True
    choices: tuple[str, ...] = ()
    number: bool = False


@dataclass(frozen=True, slots=True)
class Schema:
    id: str
    name: str
    group: str
    clauses: tuple[str, ...]
    basis: str
    certainty: str
    key: tuple[str, ...]
    different: tuple[tuple[str, ...], ...]
    columns: tuple[ListColumn, ...]

    @property
    def names(self) -> list[str]:
        """Headers of the whole table, the two of every list last."""
        return [*(column.name for column in self.columns), change_name(), cause_name()]

    def key_of(self, row: Row) -> tuple[str, ...]:
        return tuple(row.get(name, "") for name in self.key)

    def title_of(self, row: Row) -> str:
        """How a row is named in a sentence: its key, and what it is called where the key is a code."""
        words = [row.get(name, "") for name in self.key]
        named = next((row.get(c.name, "") for c in self.columns if c.name.endswith("名称") and c.name not in self.key), "")
        return " ".join(word for word in (*words, named) if word)


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(resources.files("gongkai.publications").joinpath("rules/lists.toml").read_text("utf-8"))


def change_name() -> str:
    return str(_data()["common"]["change"])


def cause_name() -> str:
    return str(_data()["common"]["cause"])


@cache
def schemas() -> dict[str, Schema]:
    """By id, in the order of the file."""
    return {
        row["id"]: Schema(
            row["id"],
            row["name"],
            row["group"],
            tuple(row["clauses"]),
            row["basis"],
            row["certainty"],
            tuple(row["key"]),
            tuple(tuple(names) for names in row.get("different", ())),
            tuple(
                ListColumn(c["name"], c.get("required", True), tuple(c.get("choices", ())), c.get("number", False)) for c in row["column"]
            ),
        )
        for row in _data()["list"]
    }


def schema_of(document: Document) -> Schema | None:
    return schemas().get(document.list_kind)


def family() -> list[Schema]:
    """The six lists that every place publishes together (S4-15)."""
    return [schema for schema in schemas().values() if schema.group == "family"]


def current(rows: Iterable[Row]) -> list[Row]:
    """The rows in force: without those taken out."""
    return [row for row in rows if row.get(change_name(), "") != REMOVED]


def fresh(rows: Iterable[Row]) -> list[dict[str, str]]:
    """The rows as a further edition begins from them: what was taken out is gone, the words of the last change are too."""
    gone = {change_name(), cause_name()}
    return [{name: value for name, value in row.items() if name not in gone} for row in current(rows)]


def row_faults(schema: Schema, rows: Sequence[Row]) -> list[str]:
    """What is wrong with the rows themselves, each with its number as in the table; at most SHOWN_REASONS."""
    found: list[str] = []
    if not rows:
        return ["清单还没有内容，请导入或填写"]
    if len(rows) > MOST_ROWS:
        return [f"清单最多 {MOST_ROWS} 行，现在 {len(rows)} 行"]
    seen: dict[tuple[str, ...], int] = {}
    for n, row in enumerate(rows, 1):
        found += [f"第 {n} 行{words}" for words in _faults_of(schema, row)]
        key = schema.key_of(row)
        if any(key) and (first := seen.setdefault(key, n)) != n:
            found.append(f"第 {n} 行和第 {first} 行的{'、'.join(schema.key)}相同：{schema.title_of(row)}")
        if len(found) > SHOWN_REASONS:
            return [*found[:SHOWN_REASONS], "还有更多，改正以后再查"]
    return found


def _faults_of(schema: Schema, row: Row) -> list[str]:
    found = []
    for column in schema.columns:
        value = row.get(column.name, "").strip()
        if not value:
            if column.required:
                found.append(f"没有填“{column.name}”")
        elif column.choices and value not in column.choices:
            found.append(f"的“{column.name}”是“{value[:30]}”，只能填{'、'.join(column.choices)}")
        elif column.number and not _NUMBER.match(value):
            found.append(f"的“{column.name}”是“{value[:30]}”，要填数字")
        elif len(value) > MOST_CHARACTERS:
            found.append(f"的“{column.name}”超过 {MOST_CHARACTERS} 个字")
    for names in schema.different:
        values = [row.get(name, "").strip() for name in names]
        if values[0] and len(set(values)) < len(values):
            found.append(f"的{'和'.join(names)}相同：由同一个机关审核和决定的，不是转报事项")
    change = row.get(change_name(), "")
    if change and change not in (ADDED, CHANGED, REMOVED):
        found.append(f"的“{change_name()}”只能填{ADDED}、{CHANGED}、{REMOVED}")
    return found


@dataclass(frozen=True, slots=True)
class RowChange:
    """One line of the public notice of changes. `fields`: (column, before, after) of a changed row."""

    kind: str
    title: str
    cause: str
    fields: tuple[tuple[str, str, str], ...] = ()


def diff(schema: Schema, old: Sequence[Row], new: Sequence[Row]) -> list[RowChange]:
    """What changed between two editions, row by row in the order of the new one, rows that went at the end."""
    names = [column.name for column in schema.columns]
    before = {schema.key_of(row): row for row in current(old)}
    found, kept = [], set()
    for row in new:
        key = schema.key_of(row)
        kept.add(key)
        earlier, cause = before.get(key), row.get(cause_name(), "")
        if row.get(change_name(), "") == REMOVED:
            if earlier is not None:
                found.append(RowChange(REMOVED, schema.title_of(row), cause))
        elif earlier is None:
            found.append(RowChange(ADDED, schema.title_of(row), cause))
        else:
            fields = tuple((n, earlier.get(n, ""), row.get(n, "")) for n in names if earlier.get(n, "") != row.get(n, ""))
            if fields:
                found.append(RowChange(CHANGED, schema.title_of(row), cause, fields))
    found += [RowChange(REMOVED, schema.title_of(row), "") for key, row in before.items() if key not in kept]
    return found


def previous(edition: Edition) -> Revision | None:
    """The text of the opened edition before this one. One query."""
    rows = Edition.objects.filter(document=edition.document_id, number__lt=edition.number, published_at__isnull=False)
    earlier = rows.select_related("revision").order_by("-number").first()
    return earlier.revision if earlier else None


def changes(edition: Edition) -> list[RowChange]:
    """What this edition of a list changed; nothing for the first. One query."""
    schema = schema_of(edition.document)
    earlier = previous(edition)
    if schema is None or earlier is None or edition.revision is None:
        return []
    return diff(schema, earlier.rows, edition.revision.rows)


def reasons(edition: Edition) -> list[str]:
    """What keeps a list from being submitted or published; nothing for what is no list. One query."""
    document, revision = edition.document, edition.revision
    if document.kind != Document.Kind.LIST or revision is None:
        return []
    schema = schema_of(document)
    if schema is None:
        return ["没有选清单的种类"] if not document.list_kind else [f"没有“{document.list_kind}”这种清单，请重新选"]
    found = row_faults(schema, revision.rows)
    if found:
        return found
    if not current(revision.rows):
        return ["清单里的行都取消了；整张清单不再公开的，请撤下"]
    return _cause_faults(changes(edition))


def _cause_faults(changed: Iterable[RowChange]) -> list[str]:
    found = []
    for row in changed:
        if row.cause.strip():
            continue
        if row.kind == REMOVED:
            found.append(f"“{row.title}”比上一版少了：请保留这一行，“{change_name()}”填{REMOVED}，并写明{cause_name()}")
        else:
            found.append(f"“{row.title}”是{row.kind}的，没有写明{cause_name()}")
    return found[:SHOWN_REASONS]
