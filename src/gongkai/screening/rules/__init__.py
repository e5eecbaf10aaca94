"""The rules of screening, read from the tables beside this file. A place may set severities of its own beside them."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import astuple, dataclass, replace
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

SEVERITIES = ("block", "warn", "allow")
CERTAINTIES = ("read", "memory")


class RuleError(ValueError):
    """A table of rules that is not well made. `str(error)` is one Chinese sentence naming the row."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One version of a rule; the fields are described at the head of findings.toml."""

    id: str
    kind: str
    severity: str
    name: str
    why: str
    article: str
    certainty: str
    effective_from: date
    effective_to: date | None = None
    fixed: bool = False

    def __post_init__(self) -> None:
        if self.severity not in SEVERITIES:
            raise RuleError(f"规则 {self.id}：severity 只能是 {'、'.join(SEVERITIES)}。")
        if self.certainty not in CERTAINTIES:
            raise RuleError(f"规则 {self.id}：certainty 只能是 {'、'.join(CERTAINTIES)}。")
        if not (self.id and self.kind and self.name and self.why and self.article):
            raise RuleError(f"规则 {self.id or '（无编号）'}：id、kind、name、why、article 都要写。")

    def holds_on(self, day: date) -> bool:
        return self.effective_from <= day and (self.effective_to is None or day <= self.effective_to)


def read(data: bytes, name: str) -> tuple[Rule, ...]:
    """The rules of a TOML file. Raises RuleError for an unknown or missing key, a bad value, or two versions in force together."""
    try:
        rows = tomllib.loads(data.decode("utf-8")).get("rule", [])
        found = tuple(Rule(**row) for row in rows)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, TypeError) as error:
        raise RuleError(f"{name}：规则表有误（{error}）。") from error
    for at, one in enumerate(found):
        for other in found[:at]:
            if one.id == other.id and _overlap(one, other):
                raise RuleError(f"{name}：规则 {one.id} 的两个版本同时有效。")
    return found


def _overlap(a: Rule, b: Rule) -> bool:
    return (a.effective_to is None or b.effective_from <= a.effective_to) and (b.effective_to is None or a.effective_from <= b.effective_to)


def _bytes(name: str) -> bytes:
    return resources.files(__package__).joinpath(name).read_bytes()


@cache
def in_force(day: date) -> Mapping[str, Rule]:
    """Rule id → the version in force on a day."""
    return {rule.id: rule for rule in read(_bytes("findings.toml"), "findings.toml") if rule.holds_on(day)}


def with_severities(rules: Mapping[str, Rule], severities: Mapping[str, str]) -> dict[str, Rule]:
    """The rules with some severities of one's own. Unknown rules are passed over; a fixed one is not made milder."""
    changed = {
        key: replace(rules[key], severity=severity)
        for key, severity in severities.items()
        if key in rules and severity in SEVERITIES and not (rules[key].fixed and severity != "block")
    }
    return {**rules, **changed}


def digest(rules: Mapping[str, Rule]) -> str:
    """Names what would be found: two sets of rules with the same digest give the same findings."""
    written = repr(sorted(astuple(rule) for rule in rules.values()))
    return hashlib.sha256(written.encode() + b"".join(map(_bytes, ("numbering.toml", "words.toml")))).hexdigest()


@dataclass(frozen=True, slots=True)
class Numbering:
    provinces: frozenset[str]
    credit_regions: frozenset[str]
    mobile: tuple[str, ...]
    cards: tuple[tuple[str, frozenset[int]], ...]


@cache
def numbering() -> Numbering:
    """Numbering plans: leading digits of regions, mobile networks and card issuers."""
    table = tomllib.loads(_bytes("numbering.toml").decode("utf-8"))
    cards = tuple((prefix, frozenset(row["lengths"])) for row in table["card"] for prefix in row["prefixes"])
    return Numbering(
        frozenset(table["provinces"]["codes"]), frozenset(table["credit_regions"]["codes"]), tuple(table["mobile"]["prefixes"]), cards
    )


@cache
def words() -> Mapping[str, Mapping[str, Any]]:
    """words.toml: what stands near a value and says what it is."""
    return tomllib.loads(_bytes("words.toml").decode("utf-8"))
