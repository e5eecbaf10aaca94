"""What may happen that a rule of law answers to, and what may prove that it was done (rules/facts.toml); which of it the apps tell of.

An app declares its fact kinds once, from ready(); a rule whose fact nobody declares waits for its app. This app knows none of them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any


class StatuteError(ValueError):
    """A rule file that cannot be taken. `str(error)` is one Chinese sentence naming file, rule and mend; nothing was taken over."""


@dataclass(frozen=True, slots=True)
class FactKind:
    """`anchor` says what the day of the fact is; `tags` which filters a rule may set: name → values."""

    id: str
    words: str
    app: str
    anchor: str
    tags: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    facts: Mapping[str, FactKind]
    records: Mapping[str, str]
    """Kind of record → its name."""


def read(data: bytes, name: str) -> Vocabulary:
    """Raises StatuteError."""
    try:
        table = tomllib.loads(data.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise StatuteError(f"{name}：不是 toml（{error}），改正后再读。") from None
    facts: dict[str, FactKind] = {}
    for n, row in enumerate(table.get("fact", []), 1):
        where = f"{name} 事实 {row.get('id', f'第 {n} 条')}"
        _check(row, {"id", "words", "app", "anchor", "tags"}, ("id", "words", "app", "anchor"), where)
        if row["id"] in facts:
            raise StatuteError(f"{where}：编号重复，删去一条。")
        tags = {key: tuple(values) for key, values in row.get("tags", {}).items()}
        facts[row["id"]] = FactKind(row["id"], row["words"], row["app"], row["anchor"], tags)
    records: dict[str, str] = {}
    for n, row in enumerate(table.get("record", []), 1):
        _check(row, {"id", "words"}, ("id", "words"), f"{name} 记录第 {n} 条")
        records[row["id"]] = row["words"]
    return Vocabulary(facts, records)


def _check(row: Mapping[str, Any], known: set[str], needed: tuple[str, ...], where: str) -> None:
    if strange := sorted(set(row) - known):
        raise StatuteError(f"{where}：没有 {strange[0]} 这一项，删去或改正。")
    if missing := [key for key in needed if not row.get(key)]:
        raise StatuteError(f"{where}：缺少 {missing[0]}，请补上。")


@cache
def vocabulary() -> Vocabulary:
    return read(resources.files("gongkai.obligations").joinpath("rules/facts.toml").read_bytes(), "facts.toml")


_declared: dict[str, str] = {}


def declare(kind: str, words: str = "") -> None:
    """An app says that it tells of this fact. Raises StatuteError for a kind that facts.toml does not list."""
    known = vocabulary().facts.get(kind)
    if known is None:
        raise StatuteError(f"facts.toml：没有 {kind} 这种事实，先在那里列明，再由功能声明。")
    _declared[kind] = words or known.words


def is_declared(kind: str) -> bool:
    return kind in _declared
