"""Which hits are masked in a copy."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta, timezone

from gongkai.screening.model import Hit
from gongkai.screening.rules import Rule, in_force
from gongkai.screening.text import scan

PERSONAL = frozenset({"id_number", "mobile", "landline", "bank_card", "passport", "address", "email", "licence_plate"})
"""Kinds of which a masked form may be published. A mark of secrecy is never masked away: the document stays inside."""
TABLES = frozenset({"name_table"})
"""Rules that speak of several values at once: the values are masked, not the head of their table."""
_BEIJING = timezone(timedelta(hours=8))

Chooser = Callable[[str, str], list[Hit]]
"""(text, first row of its table) → the hits to be masked, in the order of the text, not overlapping."""


def is_maskable(rule: Rule) -> bool:
    return rule.kind in PERSONAL and rule.id not in TABLES


def personal(text: str, header: str = "") -> list[Hit]:
    """Hits to be masked by today's rules, in the order of the text, not overlapping."""
    rules = in_force(datetime.now(_BEIJING).date())
    return _apart(hit for hit in scan(text, header) if _masks(rules.get(hit.rule)))


def chosen(wanted: Iterable[tuple[str, str]], rules: Mapping[str, Rule]) -> Chooser:
    """A chooser of the values somebody decided on: (rule, masked form), or (rule, "") for all that the rule finds."""
    kept = frozenset(wanted)

    def choose(text: str, header: str = "") -> list[Hit]:
        found = (hit for hit in scan(text, header) if (hit.rule, hit.masked) in kept or (hit.rule, "") in kept)
        return _apart(hit for hit in found if hit.rule in rules and is_maskable(rules[hit.rule]))

    return choose


def _masks(rule: Rule | None) -> bool:
    return rule is not None and rule.severity != "allow" and is_maskable(rule)


def _apart(hits: Iterable[Hit]) -> list[Hit]:
    apart: list[Hit] = []
    for hit in sorted(hits, key=lambda hit: (hit.start, -hit.end)):
        if not apart or hit.start >= apart[-1].end:
            apart.append(hit)
    return apart
