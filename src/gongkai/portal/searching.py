"""The page of results: what the index found, asked again of the database, what it can be narrowed by, and what to do when it is nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from gongkai.agencies.models import Agency
from gongkai.catalogue.models import Item
from gongkai.portal.catalogue_source import KIND as ITEM
from gongkai.portal.entries import RequestEntry, request_entries
from gongkai.portal.site_search import SiteEngine
from gongkai.search import keeping
from gongkai.search.meaning import meant
from gongkai.search.model import FACETS, Found, Hit, Snippet, Wanted
from gongkai.search.sources import Shown, parts_of, source, sources, visible

PER_PAGE = 20
LAST_PAGE = 500
"""Nobody reads further; a page number of a billion is the last."""
NEAR = 5
ALIKE = 0.4
"""The share of what was typed that a record must have to be offered where nothing has it all."""
LABELS = {"agency": "机关", "field": "领域", "theme": "主题", "genre": "体裁", "validity": "有效性", "year": "年份"}
FEW = 8
"""Values of a facet shown at once; the others are folded."""
MOST_CHOSEN, LONGEST_CODE = 10, 40
SUGGESTED, LONGEST_SUGGESTION = 8, 60


@dataclass(frozen=True, slots=True)
class Line:
    """One hit: its title and a stretch of its text with the words marked, and what the database says of it now."""

    title: Snippet
    snippet: Snippet
    on: date
    shown: Shown
    kind: str
    pk: int


@dataclass(frozen=True, slots=True)
class Choice:
    """A value to narrow by, with how many it leaves; `url` sets it, or takes it back where it is set."""

    label: str
    n: int
    url: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    label: str
    choices: list[Choice]
    more: list[Choice]
    """What is folded."""


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
    facets: list[Facet] = field(default_factory=list)
    chips: list[Choice] = field(default_factory=list)
    """What is chosen, each with the address without it; `n` is not told."""
    meant: list[str] = field(default_factory=list)
    near: list[Line] = field(default_factory=list)
    items: list[Line] = field(default_factory=list)
    """Items of the catalogues that may be what was looked for."""
    requests: list[tuple[Agency, RequestEntry]] = field(default_factory=list)
    """Where one asks the agencies of those items for what they did not publish."""
    elsewhere: int = 0
    """How many there are without what was chosen, told where with it there are none."""

    @property
    def pages(self) -> int:
        return min(LAST_PAGE, -(-self.total // PER_PAGE))

    @property
    def is_cut(self) -> bool:
        """Whether there are more than the pages reach."""
        return self.total > LAST_PAGE * PER_PAGE

    @property
    def other_order_url(self) -> str:
        return self.url(order="newest" if self.order == "best" else "")

    @property
    def plain_url(self) -> str:
        """The same words without what was chosen."""
        return self.url(**dict.fromkeys(self.chosen, ""))

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
    query = " ".join(data.get("q", "").replace("\x00", "").split())
    chosen = {name: codes for name in FACETS if (codes := _codes(data.getlist(name)))}
    return Results(query, chosen, "newest" if data.get("order") == "newest" else "best", _page(data.get("page", "1")))


def _codes(values: list[str]) -> list[str]:
    return sorted({value for value in values if value.isprintable() and 0 < len(value) <= LONGEST_CODE})[:MOST_CHOSEN]


def _page(number: str) -> int:
    if not (number.isascii() and number.isdecimal()):
        return 1
    return max(1, min(int(number), LAST_PAGE)) if len(number) < 10 else LAST_PAGE


def find(results: Results) -> Results:
    """Fills them. Raises SearchDown, QueryTooLong. Queries depend on the kinds among the hits, not on their number."""
    if not results.query and not results.chosen:
        return results
    engine = SiteEngine(keeping.current())
    order: Any = results.order
    counted = [name for name in FACETS if name not in results.chosen]
    offset = (results.page - 1) * PER_PAGE
    found = engine.search(Wanted(results.query, results.chosen, order, offset, PER_PAGE, counted))
    if not found.hits and found.total:
        results.page = -(-found.total // PER_PAGE)
        found = engine.search(Wanted(results.query, results.chosen, order, (results.page - 1) * PER_PAGE, PER_PAGE, counted))
    counts = dict(found.counts)
    for name in results.chosen:  # what else could be chosen instead: counted without the choice itself
        others = {other: codes for other, codes in results.chosen.items() if other != name}
        counts |= engine.counts(Wanted(results.query, others, counted=[name]))
    results.total = found.total
    results.lines = lines_of(found)
    results.gone = len(found.hits) - len(results.lines)
    results.tabs = _tabs(results, dict(counts.get("kind", ())))
    _narrowing(results, counts)
    if not found.total:
        _otherwise(results, engine)
    return results


def _otherwise(results: Results, engine: SiteEngine) -> None:
    """What may help where there is nothing."""
    if results.chosen:
        results.elsewhere = engine.search(Wanted(results.query, limit=1)).total
    if not results.query or results.elsewhere:
        return
    results.meant = meant(engine, results.query)
    results.items = _alike(engine, results.query, [ITEM])
    results.near = _alike(engine, results.query, [one.kind for one in sources() if one.kind != ITEM])
    results.requests = _requests(results.items)


def _alike(engine: SiteEngine, query: str, kinds: list[str]) -> list[Line]:
    return lines_of(engine.search(Wanted(query, {"kind": kinds}, limit=NEAR, loose=True, least=ALIKE)))


def _requests(items: Sequence[Line]) -> list[tuple[Agency, RequestEntry]]:
    """The first entry of each agency that owes one of these items."""
    rows = Item.objects.filter(pk__in=[line.pk for line in items]).select_related("catalogue__agency")
    agencies = {item.catalogue.agency_id: item.catalogue.agency for item in rows}
    return [(agency, entries[0]) for agency in agencies.values() if (entries := request_entries(agency))]


def suggestions(typed: str) -> list[str]:
    """Titles of this site that are public now in which what is typed stands, cut to what can be searched. Raises SearchDown."""
    titles = SiteEngine(keeping.current()).titles(typed, SUGGESTED * 2)
    seen = visible(key for key, _title in titles)
    found = dict.fromkeys(" ".join(title.split())[:LONGEST_SUGGESTION] for key, title in titles if key in seen)
    return list(found)[:SUGGESTED]


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
    return [Line(hit.title, hit.snippet, hit.on, shown[kind][pk], kind, pk) for hit, kind, pk in keys if pk in shown.get(kind, {})]


def _narrowing(results: Results, counts: Mapping[str, Sequence[tuple[str, int]]]) -> None:
    """The facets with how many each value leaves, and what is chosen."""
    named: dict[str, Any] = {}
    for one in sources():
        named.update(one.names)
    labels = {one.kind: one.label for one in sources()}
    results.chips = [_chip(results, "kind", "类别", code, labels.get(code, code)) for code in results.chosen.get("kind", [])]
    for name, label in LABELS.items():
        rows, chosen = list(counts.get(name, ())), results.chosen.get(name, [])
        rows = sorted(rows, reverse=True) if name == "year" else rows
        rows += [(code, 0) for code in chosen if code not in dict(rows)]
        words = named[name]([code for code, _n in rows]) if name in named and rows else {}
        results.chips += [_chip(results, name, label, code, words.get(code, code)) for code in chosen]
        if len(rows) < 2 and not chosen:
            continue
        choices = [_choice(results, name, code, n, words.get(code, code)) for code, n in rows]
        first = [choice for at, choice in enumerate(choices) if at < FEW or choice.chosen]
        results.facets.append(Facet(label, first, [choice for choice in choices[FEW:] if not choice.chosen]))


def _choice(results: Results, name: str, code: str, n: int, words: str) -> Choice:
    chosen = results.chosen.get(name, [])
    narrowed = [one for one in chosen if one != code] if code in chosen else [*chosen, code]
    return Choice(words, n, results.url(**{name: narrowed}), code in chosen)


def _chip(results: Results, name: str, label: str, code: str, words: str) -> Choice:
    return Choice(f"{label}：{words}", 0, _choice(results, name, code, 0, words).url, True)
