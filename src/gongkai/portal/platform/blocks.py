"""rules/platform.toml as objects: the blocks of the platform on a day, and the items the law names."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

from django.db.models import Q


@dataclass(frozen=True, slots=True)
class Block:
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class BlockSet:
    """The blocks in their order, from `since` on."""

    since: date
    name: str
    citation: str
    blocks: tuple[Block, ...]

    def named(self, code: str) -> str:
        return next((block.name for block in self.blocks if block.code == code), "")


@dataclass(frozen=True, slots=True)
class Item:
    """What 第二十条 or 第二十一条 asks for; `page`: the page of the agency answers it as well."""

    code: str
    name: str
    article: str
    columns: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    genres: frozenset[str] = frozenset()
    levels: frozenset[str] = frozenset()
    page: str = ""

    def asked_of(self, level: str) -> bool:
        return not self.levels or level in self.levels

    def takes(self, column: str | None, above: str | None, kind: str, genre: str) -> bool:
        return column in self.columns or above in self.columns or kind in self.kinds or genre in self.genres

    @property
    def condition(self) -> Q:
        """The same for editions (`publications.visible.live_editions`)."""
        columns = list(self.columns)
        found = Q(document__column__slug__in=columns) | Q(document__column__parent__slug__in=columns)
        return found | Q(document__kind__in=list(self.kinds)) | Q(revision__genre__in=list(self.genres))


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(resources.files("gongkai.portal").joinpath("rules/platform.toml").read_text("utf-8"))


@cache
def block_sets() -> tuple[BlockSet, ...]:
    rows = [
        BlockSet(row["effective_from"], row["name"], row["citation"], tuple(Block(**block) for block in row["block"]))
        for row in _table()["blocks"]
    ]
    return tuple(sorted(rows, key=lambda row: row.since))


def blocks_on(day: date) -> BlockSet:
    """Those in force; before the first rule its set."""
    held = [row for row in block_sets() if row.since <= day]
    return held[-1] if held else block_sets()[0]


@cache
def items() -> tuple[Item, ...]:
    sets = ("columns", "kinds", "genres", "levels")
    return tuple(
        Item(row["code"], row["name"], row["article"], page=row.get("page", ""), **{name: frozenset(row.get(name, ())) for name in sets})
        for row in _table()["content"]["item"]
    )


def items_of(level: str) -> list[Item]:
    return [item for item in items() if item.asked_of(level)]


def item(code: str) -> Item | None:
    return next((one for one in items() if one.code == code), None)


def content_citation() -> str:
    return str(_table()["content"]["citation"])


def rules_condition() -> Q:
    """Editions that stand under 政府信息公开制度."""
    return Q(document__column__slug__in=_table()["rules"]["columns"])


def annual_condition() -> Q:
    """Editions that are yearly reports: in their column, or by their title."""
    named = Q()
    for word in _table()["annual"]["title"]:
        named &= Q(revision__title__contains=word)
    return Q(document__column__slug__in=_table()["annual"]["columns"]) | named
