"""The kinds of reminders: a registry into which every line of work puts its own (selecting.py has those of the engine)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

Row = dict[str, Any]
"""What a query of a kind yields: `pk` (obligation), `to` (person), `via` (the agency through which he is told), `mark`, `on` (the date or
moment it is about) and the obligation's `due_on`, `due_at`, `provisional`, `standing`; audience.py puts them there."""


@dataclass(frozen=True, slots=True)
class Moment:
    """When reminders are computed; a test or a late worker gives another."""

    now: datetime
    today: date


@dataclass(frozen=True, slots=True)
class Kind:
    """One reason to tell somebody.

    `due(moment)` gives the queries, one for each audience, of what is true now and not yet told: each row at most once, whenever asked.
    `sentence(row, moment)` is what the person reads. `grace`: working days after `on` from which the reminder calls itself late; None where
    it cannot be.
    """

    name: str
    words: str
    explained: str
    due: Callable[[Moment], Iterable[QuerySet[Any, Row]]]
    sentence: Callable[[Row, Moment], str]
    grace: int | None = 1


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Called once from an app's ready(). A name is a kind's for good: it stands in what was told."""
    _kinds[kind.name] = kind


def kinds() -> list[Kind]:
    """In the order of registration."""
    return list(_kinds.values())


def words_of(name: str) -> str:
    """The Chinese name of a kind; of one that no app registers any more, its own name."""
    kind = _kinds.get(name)
    return kind.words if kind else name
