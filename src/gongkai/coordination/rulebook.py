"""Check lists as data: rules/*.toml with a version, effective dates, and a basis for every point."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources

SKIPPED = {"receipts.toml"}


@dataclass(frozen=True, slots=True)
class Point:
    part: str
    text: str
    basis: str = ""
    certainty: str = ""
    """V: the basis was read in the original; M-high, M-med: after somebody else's account."""


@dataclass(frozen=True, slots=True)
class CheckList:
    """One version of a list. `kind` is a Check.Kind; a free list (督查记录) has no points, the checker writes his own."""

    name: str
    version: str
    kind: str
    title: str
    note: str
    valid_from: date
    valid_to: date | None
    points: tuple[Point, ...]

    def in_force(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@cache
def check_lists() -> tuple[CheckList, ...]:
    """Every version of every list."""
    lists = []
    for path in sorted(resources.files("gongkai.coordination").joinpath("rules").iterdir(), key=lambda p: p.name):
        if not path.name.endswith(".toml") or path.name in SKIPPED:
            continue
        data = tomllib.loads(path.read_text("utf-8"))
        points = tuple(
            Point(
                part["title"], point["text"], point.get("basis", part.get("basis", "")), point.get("certainty", part.get("certainty", ""))
            )
            for part in data.get("part", [])
            for point in part["point"]
        )
        lists.append(
            CheckList(
                data["name"],
                data["version"],
                data["kind"],
                data["title"],
                data.get("note", ""),
                data["valid_from"],
                data.get("valid_to"),
                points,
            )
        )
    return tuple(lists)


def lists_in_force(day: date) -> list[CheckList]:
    return [one for one in check_lists() if one.in_force(day)]


def list_of(name: str, day: date) -> CheckList | None:
    """The version of a list in force on `day`; the newest where several are."""
    found = [one for one in lists_in_force(day) if one.name == name]
    return max(found, key=lambda one: one.valid_from) if found else None
