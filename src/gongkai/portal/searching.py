"""The page of results: what the index found, asked again of the database, what it can be narrowed by, and what to do when it is nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from gongkai.search import keeping
from gongkai.search.meaning import meant
from gongkai.search.model import FACETS, Found, Hit, Snippet, Wanted
from gongkai.search.sources import Shown, parts_of, source, sources

PER_PAGE = 20
LAST_PAGE = 500
"""Nobody reads further; a page number of a billion is the last."""
NEAR = 5
LABELS = {"agency": "机关", "field": "领域", "theme": "主题", "genre": "体裁", "validity": "有效性", "year": "年份"}
FEW = 8
"""Values of a facet shown; the others are reached by narrowing otherwise first."""


@dataclass(frozen=True, slots=True)
class Line:
    """One hit: its title and a stretch of its text with the words marked, and what the database says of it now."""

    title: Snippet
    snippet: Snippet
    on: date
    shown: Shown
    kind: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A value to narrow by, with how many it leaves; `url` sets it, or takes it back where it is set."""

    label: str
    n: int
    url: str
    chosen: bool


@dataclass(slots=True)
class Results:
    query: str
    chosen: Mapping[str, list[str]]
    order: str
    page: int
    total: int = 0
    lines: list[Line] = field(default_factory=list)
    gone: int = 0
    """Hits of this page that are no longer public; the index hears of it in a moment."""
    tabs: list[Choice] = field(default_factory=list)
    facets: list[tuple[str, list[Choice]]] = field(default_factory=list)
    meant: list[str] = field(default_factory=list)
    near: list[Line] = field(default_factory=list)

    @property
    def pages(self) -> int:
        return min(LAST_PAGE, -(-self.total // PER_PAGE))

    @property
    def other_order_url(self) -> str:
        return self.url(order="newest" if self.order == "best" else "")

    @property
    def previous_url(self) -> str:
        return self.url(page=self.page - 1) if self.page > 1 else ""

    @property
    def next_url(self) -> str:
        return self.url(page=self.page + 1) if self.page < self.pages else ""

    def url(self, **changes: Any) -> str:
        """This search with some of it changed, from its first page."""
        given: dict[str, Any] = {"q": self.query, **self.chosen, "order": self.order if self.order != "best" else ""}
        given.update(changes)
        return "?" + urlencode({name: value for name, value in given.items() if value}, doseq=True)


def asked(data: QueryDict) -> Results:
    """What the address asks for; anything strange in it is left out."""
    number = data.get("page", "1")
    page = int(number) if number.isascii() and number.isdecimal() and len(number) < 10 else 1
    chosen = {name: sorted(set(data.getlist(name)))[:10] for name in FACETS if any(data.getlist(name))}
    query = " ".join(data.get("q", "").replace("\x00", "").split())
    return Results(query, chosen, "newest" if data.get("order") == "newest" else "best", max(1, min(page, LAST_PAGE)))


def find(results: Results) -> Results:
    """Fills them. Raises SearchDown, QueryTooLong. Queries depend on the kinds among the hits, not on their number."""
    if not results.query and not results.chosen:
        return results
    engine = keeping.current()
    offset = (results.page - 1) * PER_PAGE
    counted = [name for name in FACETS if name != "kind"]
    order: Any = results.order
    found = engine.search(Wanted(results.query, results.chosen, order, offset, PER_PAGE, counted))
    if not found.hits and found.total:
        results.page = -(-found.total // PER_PAGE)
        found = engine.search(Wanted(results.query, results.chosen, order, (results.page - 1) * PER_PAGE, PER_PAGE, counted))
    others = {name: codes for name, codes in results.chosen.items() if name != "kind"}
    kinds = engine.search(Wanted(results.query, others, limit=1, counted=["kind"])).counts.get("kind", ())
    results.total = found.total
    results.lines = lines_of(found)
    results.gone = len(found.hits) - len(results.lines)
    results.tabs = _tabs(results, dict(kinds))
    results.facets = _facets(results, found)
    if not found.total and results.query:
        results.meant = meant(engine, results.query)
        results.near = lines_of(engine.search(Wanted(results.query, limit=NEAR, loose=True)))
    return results


def _tabs(results: Results, counts: Mapping[str, int]) -> list[Choice]:
    chosen = results.chosen.get("kind", [])
    tabs = [(one, counts[one.kind], [one.kind] == chosen) for one in sources() if counts.get(one.kind)]
    return [Choice(one.label, n, results.url(kind=[] if set_ else [one.kind]), set_) for one, n, set_ in tabs]


def lines_of(found: Found) -> list[Line]:
    """The hits that the public sees now, in order."""
    by_kind: dict[str, list[int]] = {}
    keys: list[tuple[Hit, str, int]] = []
    for hit in found.hits:
        kind, pk = parts_of(hit.key)
        by_kind.setdefault(kind, []).append(pk)
        keys.append((hit, kind, pk))
    shown = {kind: one.shown(ids) for kind, ids in by_kind.items() if (one := source(kind))}
    return [Line(hit.title, hit.snippet, hit.on, shown[kind][pk], kind) for hit, kind, pk in keys if pk in shown.get(kind, {})]


def _facets(results: Results, found: Found) -> list[tuple[str, list[Choice]]]:
    named: dict[str, Any] = {}
    for one in sources():
        named.update(one.names)
    groups = []
    for name, label in LABELS.items():
        rows = list(found.counts.get(name, ()))
        rows = sorted(rows, reverse=True) if name == "year" else rows
        chosen = results.chosen.get(name, [])
        if len(rows) < 2 and not chosen:
            continue
        rows = rows[:FEW] + [row for row in rows[FEW:] if row[0] in chosen]
        words = named[name]([code for code, _n in rows]) if name in named else {}
        choices = []
        for code, n in rows:
            narrowed = [one for one in chosen if one != code] if code in chosen else [*chosen, code]
            choices.append(Choice(words.get(code, code), n, results.url(**{name: narrowed}), code in chosen))
        groups.append((label, choices))
    return groups
