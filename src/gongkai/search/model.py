"""What the index is given, what it is asked, what it answers. An engine knows no database; who may see what is asked again there."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, Protocol

FACETS = ("kind", "agency", "field", "theme", "genre", "validity", "year")
"""What results can be narrowed by; the values are codes, several of each are allowed in a record (an index of 万 records stays small)."""
PLACE = "place"
"""The jurisdiction of a record: what the site of a place narrows to; never chosen by a reader nor counted."""


@dataclass(frozen=True, slots=True)
class Record:
    """One thing to be found. `key` is `<kind>:<id>`; `number` the canonical document number; `facets` codes by facet name or PLACE.

    `body` is plain text. `weight` lifts what stands above others of the same words (1.0: as the rest).
    """

    key: str
    title: str
    body: str
    on: date
    number: str = ""
    facets: Mapping[str, Collection[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A search: words apart from each other must all occur; `facets` any of the codes given of each; `order` best or newest first."""

    text: str
    facets: Mapping[str, Collection[str]] = field(default_factory=dict)
    order: Literal["best", "newest"] = "best"
    offset: int = 0
    limit: int = 20
    counted: Sequence[str] = ()
    """Facets whose values are to be counted over everything found."""
    loose: bool = False
    """Documents that have some of the pairs of characters will do: what is offered where nothing has all the words."""
    least: float = 0.0
    """The share of those pairs, 0 to 1, that a document must have in its title or the beginning of its text where `loose` holds."""


@dataclass(frozen=True, slots=True)
class Snippet:
    """A stretch of printed text with the spans in it that the words of the query are."""

    text: str
    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Hit:
    key: str
    title: Snippet
    snippet: Snippet
    on: date


@dataclass(frozen=True, slots=True)
class Found:
    """`total` counts everything that matched; `hits` is one page of it; `counts` values of each facet asked for, most first."""

    total: int
    hits: tuple[Hit, ...]
    counts: Mapping[str, Sequence[tuple[str, int]]] = field(default_factory=dict)


class SearchDown(RuntimeError):
    """The index cannot answer now. The page says so; it never answers “nothing found” (invariant 10)."""


class QueryTooLong(ValueError):
    """`str(error)` is the sentence for the page."""


class SearchEngine(Protocol):
    """One index. `put` and `drop` are seen by searches after `commit`. Raises SearchDown where the index is gone or broken."""

    def put(self, records: Iterable[Record]) -> int: ...

    def drop(self, keys: Iterable[str]) -> None: ...

    def commit(self, position: int) -> None: ...

    def position(self) -> int: ...

    def search(self, wanted: Wanted) -> Found: ...

    def count(self) -> int: ...
