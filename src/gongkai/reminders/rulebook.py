"""The windows and the steps of escalation, as data (rules/*.toml) read strictly: what is not understood is refused, nothing is guessed."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

AUDIENCES = frozenset({"owner_heads", "place_office", "superior_office"})
_NEEDED = ("id", "times", "to", "words", "article", "certainty")


class RuleError(ValueError):
    """A rule file that cannot be read; the sentence names the row."""


@dataclass(frozen=True, slots=True)
class Escalation:
    """After `times` × the place's number of working days overdue, these people are told. `place` empty: everywhere."""

    id: str
    times: int
    to: tuple[str, ...]
    words: str
    article: str
    certainty: str
    place: str = ""


def read_escalations(data: bytes, name: str) -> tuple[Escalation, ...]:
    """The rows of an escalation file. Raises RuleError with one sentence; nothing is taken over then."""
    try:
        table = tomllib.loads(data.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise RuleError(f"{name}：不是 toml（{error}）。") from None
    if strange := set(table) - {"step"}:
        raise RuleError(f"{name}：没有 {min(strange)} 这一项。")
    rows = tuple(_escalation(row, f"{name} 第 {n} 条") for n, row in enumerate(table.get("step", []), 1))
    seen: set[tuple[str, str]] = set()
    for row in rows:
        if (row.place, row.id) in seen:
            raise RuleError(f"{name}：{row.place or '各地'}有两条 {row.id}。")
        seen.add((row.place, row.id))
    return rows


def _escalation(row: dict[str, Any], where: str) -> Escalation:
    if strange := set(row) - {*_NEEDED, "place"}:
        raise RuleError(f"{where}：没有 {min(strange)} 这一项。")
    if missing := [key for key in _NEEDED if row.get(key) in (None, "", [])]:
        raise RuleError(f"{where}：缺少 {missing[0]}。")
    if not isinstance(row["times"], int) or isinstance(row["times"], bool) or not 0 < row["times"] <= 20:
        raise RuleError(f"{where}：times 是 1 到 20 的整数。")
    if unknown := [who for who in row["to"] if who not in AUDIENCES]:
        raise RuleError(f"{where}：不能报告给 {unknown[0]}，可用 {'、'.join(sorted(AUDIENCES))}。")
    if len(row["id"]) > 20:
        raise RuleError(f"{where}：id 不超过 20 个字。")
    return Escalation(**{**row, "to": tuple(row["to"])})


def _rules(name: str) -> bytes:
    return resources.files("gongkai.reminders").joinpath("rules", name).read_bytes()


@cache
def escalations() -> tuple[Escalation, ...]:
    return read_escalations(_rules("escalation.toml"), "escalation.toml")


def places_of(rows: Sequence[Escalation]) -> frozenset[str]:
    """Division codes that have rows of their own."""
    return frozenset(row.place for row in rows if row.place)


@cache
def window(name: str, unit: str) -> int:
    """A window of rules/reminders.toml, such as ("quota_gap", "working_days")."""
    return int(tomllib.loads(_rules("reminders.toml").decode("utf-8"))[name][unit])
