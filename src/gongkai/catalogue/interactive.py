"""How much an interactive column is used (S2-20), as the app behind it says: 在线访谈、民意征集、电视问政."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from gongkai.catalogue.models import Column

Figure = dict[str, Any]
"""`label`, `n`, `url` (may be empty); as components/counts.html takes them."""
Provider = Callable[[list[Column]], dict[int, list[Figure]]]
_providers: dict[str, list[Provider]] = {}


def register(kind: str, provider: Provider) -> None:
    """Called once from an app's ready(); `kind` is of Column.Interactive. Answers for many columns in a constant number of queries."""
    listed = _providers.setdefault(Column.Interactive(kind).value, [])
    if provider not in listed:
        listed.append(provider)


def usage_of(columns: Iterable[Column]) -> dict[int, list[Figure]]:
    """Column id → its usage; nothing for columns that are not interactive or nobody counts."""
    by_kind: dict[str, list[Column]] = {}
    for column in columns:
        if column.interactive:
            by_kind.setdefault(column.interactive, []).append(column)
    found: dict[int, list[Figure]] = {}
    for kind, some in by_kind.items():
        for provider in _providers.get(kind, []):
            for pk, figures in provider(some).items():
                found.setdefault(pk, []).extend(figures)
    return found
