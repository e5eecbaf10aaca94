"""rules/standard.toml and rules/columns.toml as objects: what may stand in a catalogue's columns, and the columns a site starts with."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

LISTS = ("channel", "audience", "method", "level", "stage", "link", "cycle")


@dataclass(frozen=True, slots=True)
class Entry:
    """One code with its name and the wordings that mean the same."""

    code: str
    name: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Heading:
    """A column of the table. `needed`: every item must say it (国办发〔2019〕54号, S1-5)."""

    key: str
    name: str
    also: tuple[str, ...] = ()
    needed: bool = False


@dataclass(frozen=True, slots=True)
class Standard:
    citation: str
    lists: Mapping[str, tuple[Entry, ...]]
    headings: tuple[Heading, ...]
    by_word: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """List → wording in plain form → code."""

    def names(self, which: str) -> dict[str, str]:
        return {entry.code: entry.name for entry in self.lists[which]}

    def choices(self, which: str) -> list[tuple[str, str]]:
        return [(entry.code, entry.name) for entry in self.lists[which]]

    def code_of(self, which: str, words: str) -> str:
        """The code a wording means; empty when it is none of them."""
        return self.by_word[which].get(plain(words), "")

    @property
    def needed(self) -> tuple[Heading, ...]:
        return tuple(heading for heading in self.headings if heading.needed)


@dataclass(frozen=True, slots=True)
class ColumnRule:
    """A column of the tree a place starts with. `of`: indicator (检查指标, read) or county (one county's checker, a default)."""

    slug: str
    name: str
    type: str
    parent: str = ""
    freshness_days: int | None = None
    of: str = ""
    clause: str = ""


_DROPPED = re.compile(r"[\s_＿:：。.、，,;；/\\·\-—()（）\[\]【】\"“”'‘’]+")


def plain(words: str) -> str:
    """A wording for comparing: full-width forms made narrow, blanks and punctuation left out."""
    return _DROPPED.sub("", unicodedata.normalize("NFKC", words))


def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads(resources.files("gongkai.catalogue").joinpath(f"rules/{name}").read_text("utf-8"))


@cache
def standard() -> Standard:
    table = _toml("standard.toml")
    lists = {which: tuple(Entry(row["code"], row["name"], tuple(row.get("also", ()))) for row in table[which]) for which in LISTS}
    headings = tuple(Heading(row["key"], row["name"], tuple(row.get("also", ())), row.get("needed", False)) for row in table["heading"])
    words = {which: {plain(w): entry.code for entry in rows for w in (entry.name, *entry.also)} for which, rows in lists.items()}
    words["heading"] = {plain(w): heading.key for heading in headings for w in (heading.name, *heading.also)}
    return Standard(table["citation"], lists, headings, words)


@cache
def column_types() -> tuple[str, ...]:
    """ColumnType as the law enumerates it, and 其他."""
    return tuple(_toml("columns.toml")["types"])


@cache
def default_columns() -> tuple[ColumnRule, ...]:
    """Parents before their children."""
    rows = [ColumnRule(**row) for row in _toml("columns.toml")["column"]]
    return tuple(sorted(rows, key=lambda row: bool(row.parent) + any(r.slug == row.parent and r.parent for r in rows)))
