"""Media, the four checks and the figures of low use, as data (rules/media.toml, rules/accounts.toml)."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Any


@dataclass(frozen=True, slots=True)
class Medium:
    id: str
    name: str
    words: tuple[str, ...]
    platform: bool = False


@dataclass(frozen=True, slots=True)
class Gate:
    id: str
    name: str
    question: str


@dataclass(frozen=True, slots=True)
class LowUse:
    """An account with fewer than `posts_below` posts in the last `days` is on the list of what should be cleaned up."""

    id: str
    name: str
    days: int
    posts_below: int
    article: str
    effective_from: date
    certainty: str

    @property
    def words(self) -> str:
        return f"{self.days} 天内不足 {self.posts_below} 条" if self.posts_below > 1 else f"{self.days} 天内没有更新"


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(resources.files("gongkai.channels").joinpath(f"rules/{name}").read_text("utf-8"))


@cache
def media() -> dict[str, Medium]:
    rows = _read("media.toml")["medium"]
    return {row["id"]: Medium(row["id"], row["name"], tuple(row["words"]), row.get("platform", False)) for row in rows}


@cache
def accounts_table() -> dict[str, Any]:
    return _read("accounts.toml")


@cache
def gates() -> tuple[Gate, ...]:
    return tuple(Gate(**row) for row in accounts_table()["gate"])


def low_use(day: date) -> tuple[LowUse, ...]:
    """The figures in force on a day."""
    rows = [LowUse(**row) for row in accounts_table()["low_use"]]
    return tuple(row for row in rows if row.effective_from <= day)


def fresh_rule() -> str:
    """Id of the rule of law that says how fresh an account must be."""
    return str(accounts_table()["freshness"]["rule"])


def medium_name(id: str) -> str:
    found = media().get(id)
    return found.name if found else id


def platforms() -> list[tuple[str, str]]:
    return [(row.id, row.name) for row in media().values() if row.platform]


def named_in(words: Iterable[str]) -> frozenset[str]:
    """The media that these words of a plan mean: 网站、两微一端、广播电视. Words that mean none are left out."""
    listed = list(words)
    return frozenset(row.id for row in media().values() if any(name in word for word in listed for name in row.words))
