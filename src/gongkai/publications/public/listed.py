"""The rows of a public list for its pages, and what follows from the figures of the site: made once for many readers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from django.core.cache import cache
from django.db.models import QuerySet
from django.utils import timezone

from gongkai.twins import hosting
from gongkai.twins.compiled import FIRST, MOST, Compiled

FRESH = 60
"""Seconds; figures are as old as that at most, where they stand in a drawn list of links twice that."""
MANY = 200
"""Fewer are counted on every request: a list of three shall not call itself empty because it was so a minute ago."""
Kept = TypeVar("Kept")
Row = TypeVar("Row")
Statements = tuple[Compiled[int], Compiled[Row]]


def kept(name: str, make: Callable[[], Kept], seconds: int = FRESH) -> Kept:
    """What follows from the figures of the site that is asked, made once in so many seconds."""
    key = f"facet:{name}:{timezone.localdate()}:{hosting.key()}"
    found: Kept | None = cache.get(key)
    if found is None:
        found = make()
        cache.set(key, found, seconds)
    return found


def statements(fitting: QuerySet[Any, Any], dressed: Callable[[QuerySet[Any, Any]], QuerySet[Any, Row]]) -> Statements[Row]:
    """(of the numbers, of the rows) of a list, for `Listed`. What a row says is looked up for the rows of the page alone, not for those
    before it: `dressed` gives what `fitting` has on one page, in the same order."""
    page = fitting[FIRST : FIRST + MOST]
    return Compiled(page.values_list("pk", flat=True)), Compiled(dressed(fitting.model._default_manager.filter(pk__in=page.values("pk"))))


class Listed(Generic[Row]):
    """Counted to a bound, and where the kept figures tell their number (`known`) not at all."""

    def __init__(self, name: str, asked: Statements[Row], fitting: Callable[[], QuerySet[Any, Any]], known: int | None = None) -> None:
        self._name, self._fitting, self._known = name, fitting, known
        self._numbers, self._rows = asked

    def __getitem__(self, wanted: slice) -> list[Row]:
        first = wanted.start or 0
        return self._rows(first=first, most=wanted.stop - first)

    def count(self, most: int) -> int:
        """Up to one more than `most`. Large figures may be a minute old, a small one is counted on every request."""
        if self._known is not None:
            return self._known
        few = len(self._numbers(most=MANY + 1))
        return few if few <= MANY else kept(f"n:{self._name}", lambda: self._fitting().order_by().values("pk")[: most + 1].count())
