"""What a duty must leave behind, from its words, by the rules of rules/deliverables.toml; and what of it has been handed in.

Pure over title and text: two installations with the same words ask for the same things, whoever owns the duty.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

from gongkai.obligations.models import DeliverableProof, Obligation
from gongkai.obligations.origins import text_of

FORMS = ("file", "link")
_PLAIN = str.maketrans({",": "，", ";": "；"})


@dataclass(frozen=True, slots=True)
class Deliverable:
    """One thing to hand in: its name on the check-list, why it is asked for, and whether as a file, as a public address, or either."""

    name: str
    basis: str
    rule: str
    forms: tuple[str, ...] = FORMS


@dataclass(frozen=True, slots=True)
class Rule:
    """One wording and what it asks for. `wanted` pairs a deliverable with the pattern that must fit too, or None."""

    ident: str
    group: str
    match: re.Pattern[str]
    examples: tuple[str, ...]
    wanted: tuple[tuple[Deliverable, re.Pattern[str] | None], ...]
    effective_from: date
    effective_to: date | None = None

    def in_force(self, day: date) -> bool:
        return self.effective_from <= day and (self.effective_to is None or day <= self.effective_to)


def plain(text: str) -> str:
    """The words as the rules see them."""
    return "".join(text.split()).translate(_PLAIN)


@cache
def rules() -> tuple[Rule, ...]:
    """The rules of the data file, in its order. ValueError names the rule that is not well formed."""
    data = tomllib.loads(resources.files("gongkai.obligations").joinpath("rules/deliverables.toml").read_text("utf-8"))
    return tuple(_rule(row, data["effective_from"]) for row in data["rule"])


def _rule(row: dict[str, Any], since: date) -> Rule:
    ident = row["id"]
    wanted = []
    for item in row["deliverables"]:
        forms = tuple(item.get("forms", FORMS))
        if not item["name"] or not item["basis"] or not set(forms) <= set(FORMS) or not forms:
            raise ValueError(f"rule {ident}: {item}")
        wanted.append((Deliverable(item["name"], item["basis"], ident, forms), re.compile(item["when"]) if "when" in item else None))
    return Rule(
        ident,
        row.get("group", ident),
        re.compile(row["match"]),
        tuple(row["examples"]),
        tuple(wanted),
        row.get("effective_from", since),
        row.get("effective_to"),
    )


def asked_for(text: str, day: date) -> list[Deliverable]:
    """What these words ask for under the rules in force on `day`, each name once, in the order of the rules."""
    words = plain(text)
    found: dict[str, Deliverable] = {}
    groups: set[str] = set()
    for rule in rules():
        if rule.group in groups or not rule.in_force(day) or not rule.match.search(words):
            continue
        groups.add(rule.group)
        for deliverable, when in rule.wanted:
            if when is None or when.search(words):
                found.setdefault(deliverable.name, deliverable)
    return list(found.values())


def expected(obligation: Obligation, text: str = "") -> list[Deliverable]:
    """What the duty asks for, from its title and, where given, the full words of its source. A duty keeps the rules of its first day."""
    return asked_for(f"{obligation.title}。{text}", obligation.starts_on)


def expected_of(obligation: Obligation) -> list[Deliverable]:
    """The same with the words of the source read from the app that made the duty; one query."""
    return expected(obligation, text_of(obligation))


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the check-list; `proofs` are what was handed in for it, oldest first."""

    deliverable: Deliverable
    proofs: list[DeliverableProof]


def checklist(obligation: Obligation, wanted: Iterable[Deliverable]) -> list[Item]:
    """Each deliverable with what was handed in. One query, or none when steps, proofs and files are prefetched."""
    by_name: dict[str, list[DeliverableProof]] = {}
    if not (wanted := list(wanted)):
        return []
    if "steps" in getattr(obligation, "_prefetched_objects_cache", {}):
        rows = [proof for step in obligation.steps.all() for proof in step.proofs.all()]
    else:
        rows = list(DeliverableProof.objects.filter(step__obligation=obligation).select_related("step", "file").order_by("pk"))
    for proof in rows:
        by_name.setdefault(proof.name, []).append(proof)
    return [Item(deliverable, by_name.get(deliverable.name, [])) for deliverable in wanted]


def missing(obligation: Obligation, wanted: Iterable[Deliverable] | None = None) -> list[str]:
    """Names of what is asked for and was never handed in."""
    wanted = expected_of(obligation) if wanted is None else wanted
    return [item.deliverable.name for item in checklist(obligation, wanted) if not item.proofs]


def missing_words(names: Iterable[str]) -> str:
    return f"还缺成果材料：{'、'.join(names)}。确实不需要的，请在核查意见里写明理由"
