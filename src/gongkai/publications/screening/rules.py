"""What holds for the screening of a place on a day: the rules with its own severities, the wordings it imported, one key for both."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib import metadata

from django.db.models import Count, Q
from django.utils import timezone

from gongkai.agencies.models import Jurisdiction
from gongkai.publications.models import ScreeningPolicy, Wording, WordingList
from gongkai.reading.files import ocr
from gongkai.screening.rules import Rule, digest, in_force, with_severities
from gongkai.screening.wording import Word, WordList


@dataclass(frozen=True)
class Held:
    """`key` names all of it: what was found under a key is found again under it, on whatever day."""

    day: date
    rules: Mapping[str, Rule]
    words: WordList
    key: str
    unstripped: str


def held(place_id: int, day: date | None = None) -> Held:
    """The rules and wordings in force at a place: its own, and the wordings of the places above it. Four queries."""
    on = day or timezone.localdate()
    chain = places_above(place_id)
    policy = policy_of(chain)
    rules = with_severities(in_force(on), policy.severities if policy else {})
    lists, print_ = _lists(chain, on)
    parts = (digest(rules), print_, str(ocr.is_enabled()), metadata.version("gongkai"))
    key = hashlib.sha256("\n".join(parts).encode()).hexdigest()
    unstripped = policy.unstripped if policy else ScreeningPolicy.Unstripped.REFUSE.value
    return Held(on, rules, _words(lists, on, print_), key, unstripped)


def places_above(place_id: int) -> list[int]:
    """The place and those above it, nearest first."""
    parents = dict(Jurisdiction.objects.order_by().values_list("pk", "parent_id"))
    chain: list[int] = []
    here: int | None = place_id
    while here is not None and here not in chain:
        chain.append(here)
        here = parents.get(here)
    return chain


def policy_of(chain: list[int]) -> ScreeningPolicy | None:
    """What the place decided, else the nearest place above it that did."""
    found = {policy.jurisdiction_id: policy for policy in ScreeningPolicy.objects.filter(jurisdiction__in=chain)}
    return next((found[pk] for pk in chain if pk in found), None)


def _lists(chain: list[int], day: date) -> tuple[tuple[int, ...], str]:
    """The lists in force, and a print of what in them is in force: it changes when an import or a date changes a word."""
    current = Q(effective_to__isnull=True) | Q(effective_to__gte=day)
    rows = (
        WordingList.objects.filter(current, jurisdiction__in=chain, effective_from__lte=day)
        .annotate(
            begun=Count("entries", filter=Q(entries__effective_from__lte=day)),
            ended=Count("entries", filter=Q(entries__effective_to__lt=day)),
        )
        .order_by("pk")
    )
    found = [(one.pk, one.severity, one.imported_at.isoformat(), one.begun, one.ended) for one in rows]
    return tuple(row[0] for row in found), repr(found)


@lru_cache(maxsize=16)
def _words(lists: tuple[int, ...], day: date, print_: str) -> WordList:
    """Built once for each print: 100,000 words take a quarter of a second."""
    rows = Wording.objects.filter(wordings__in=lists).select_related("wordings") if lists else []
    return WordList((_word(row) for row in rows), day)


def _word(row: Wording) -> Word:
    action = "allow" if row.allow else row.severity or row.wordings.severity
    return Word(row.text, row.category, action, row.instead, row.effective_from, row.effective_to)
