"""By what the public's documents can be gone through: agency, field, theme, genre, year, validity, kind, column. One table for the list,
its feeds, its subscriptions and the pages of browsing; every value with how many documents it holds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, F, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from gongkai.agencies.models import Agency
from gongkai.catalogue.models import Column
from gongkai.catalogue.terms import standard_fields
from gongkai.publications.models import Document, DocumentItem, Edition
from gongkai.publications.public.listed import FRESH, MANY, Listed, Statements, kept, statements
from gongkai.publications.validity import state as validity
from gongkai.publications.visible import live_editions
from gongkai.publications.vocabularies import genre_words, genres, theme_words, themes
from gongkai.twins import hosting

FIRST_YEAR = 1949
Counts = dict[str, int]


@dataclass(frozen=True, slots=True)
class Facet:
    """`param` names it in the address of a list, `slug` in an address of its own (empty: it has none). `known` tells whether a value can
    be; `narrow` leaves the editions that have it."""

    param: str
    label: str
    slug: str
    counted: Callable[[QuerySet[Edition]], Counts]
    narrow: Callable[[QuerySet[Edition], str], QuerySet[Edition]]
    words: Callable[[str], str]
    known: Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Value:
    code: str
    label: str
    n: int
    """Documents; of a class of themes those of its subclasses too."""


def _number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and 0 < len(text) < 18


def _grouped(path: str) -> Callable[[QuerySet[Edition]], Counts]:
    def counted(rows: QuerySet[Edition]) -> Counts:
        found = rows.order_by().values_list(path).annotate(n=Count("pk"))
        return {str(value): n for value, n in found if value not in (None, "")}

    return counted


def _theme_counts(rows: QuerySet[Edition]) -> Counts:
    found: Counter[str] = Counter(_grouped("revision__theme")(rows))
    for code, n in list(found.items()):
        if len(code) > 2:
            found[code[:2]] += n
    return dict(found)


def _in_theme(rows: QuerySet[Edition], code: str) -> QuerySet[Edition]:
    """A class with its subclasses, each by name: an index finds them, which it would not by the beginning of their codes."""
    return rows.filter(revision__theme__in=[one for one in themes() if one.startswith(code)])


def _field_counts(rows: QuerySet[Edition]) -> Counts:
    pairs = DocumentItem.objects.filter(document__in=rows.order_by().values("document")).exclude(item__catalogue__field="")
    found = pairs.order_by().values_list("item__catalogue__field").annotate(n=Count("document", distinct=True))
    return dict(found)


def _in_field(rows: QuerySet[Edition], code: str) -> QuerySet[Edition]:
    return rows.filter(document__in=DocumentItem.objects.filter(item__catalogue__field=code).values("document"))


def _validity_counts(rows: QuerySet[Edition]) -> Counts:
    states = validity.with_validity_live(rows).annotate(code=F("validity")).order_by().values_list("code", flat=True)
    return dict(Counter(code for code in states if code != validity.NONE))


def _with_validity(rows: QuerySet[Edition], code: str) -> QuerySet[Edition]:
    return validity.with_validity_live(rows.filter(validity.may_be(code))).filter(validity=code)


def _where(path: str) -> Callable[[QuerySet[Edition], str], QuerySet[Edition]]:
    return lambda rows, value: rows.filter(**{path: value})


def _agency_words(code: str) -> str:
    known = next((row.label for row in values(FACETS["agency"]) if row.code == code), "")
    return known or (Agency.objects.filter(pk=code).values_list("name", flat=True).first() if _number(code) else None) or code


def _column_words(code: str) -> str:
    row = Column.objects.filter(pk=code).first() if _number(code) else None
    return row.name if row else code


def _field_name(code: str) -> str:
    return next((field.name for field in standard_fields() if field.code == code), code)


def _year(text: str) -> bool:
    return _number(text) and len(text) == 4 and FIRST_YEAR <= int(text) <= timezone.localdate().year


KINDS = dict(Document.Kind.choices)
_ALL = (
    Facet("agency", "公开主体", "agencies", _grouped("document__agency"), _where("document__agency"), _agency_words, _number),
    Facet("field", "领域", "fields", _field_counts, _in_field, _field_name, lambda v: len(v) <= 40 and v.replace("_", "").isalnum()),
    Facet("theme", "主题", "themes", _theme_counts, _in_theme, theme_words, lambda v: v in themes()),
    Facet("genre", "体裁", "genres", _grouped("revision__genre"), _where("revision__genre"), genre_words, lambda v: v in genres()),
    Facet("kind", "类别", "kinds", _grouped("document__kind"), _where("document__kind"), lambda v: KINDS.get(v, v), lambda v: v in KINDS),
    Facet(
        "validity",
        "有效性",
        "validity",
        _validity_counts,
        _with_validity,
        lambda v: validity.WORDS.get(v, v),
        lambda v: bool(validity.WORDS.get(v)),
    ),
    Facet("year", "发布年份", "years", _grouped("published_at__year"), _where("published_at__year"), lambda v: f"{v} 年", _year),
    Facet("column", "栏目", "", _grouped("document__column"), _where("document__column"), _column_words, _number),
)
FACETS = {facet.param: facet for facet in _ALL}
BY_SLUG = {facet.slug: facet for facet in _ALL if facet.slug}


def asked(request: HttpRequest) -> tuple[dict[str, str], list[str]]:
    return asked_of(request.GET)


def asked_of(given: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """(what a query or a form chooses by facet, a sentence for each value that cannot be: it does not narrow)."""
    chosen, ignored = {}, []
    for param, facet in FACETS.items():
        value = given.get(param, "").strip()
        if not value:
            continue
        if facet.known(value):
            chosen[param] = value
        else:
            ignored.append(f"没有“{value[:30]}”这样的{facet.label}，这一项没有用来筛选")
    return chosen, ignored


def shown() -> QuerySet[Edition]:
    """What the site that is asked lists: the live editions, on a site with a host of its own those of its agencies."""
    return hosting.narrowed(live_editions(), "document__agency", "document__jurisdiction")


def rows(chosen: Mapping[str, str]) -> QuerySet[Edition]:
    """Live editions that fit, the newest first, with what a row of a list says and without the text."""
    return _dressed(_fitting(chosen))


def _fitting(chosen: Mapping[str, str]) -> QuerySet[Edition]:
    found = shown()
    for param, value in chosen.items():
        found = FACETS[param].narrow(found, value)
    return found.order_by("-published_at", "-pk")


def _dressed(rows: QuerySet[Edition]) -> QuerySet[Edition]:
    found = rows.select_related("document__agency", "document__column", "revision").order_by("-published_at", "-pk")
    return found.defer("revision__body", "revision__rows", "revision__abstract", "revision__ground_words")


def listed(chosen: Mapping[str, str]) -> Listed[Edition]:
    """The same for the pages of a list."""
    known = tuple(sorted(validity.terms().own.items())) if "validity" in chosen else ()
    asked = _asked(tuple(chosen.items()), timezone.localdate(), hosting.key(), known)
    return Listed(urlencode(chosen), asked, lambda: _fitting(chosen), how_many(chosen))


@lru_cache(maxsize=512)
def _asked(chosen: tuple[tuple[str, str], ...], day: date, host: str, known: tuple[Any, ...]) -> Statements[Edition]:
    """Everything the statements name besides: the day, the site, and the terms the places have set."""
    return statements(_fitting(dict(chosen)), _dressed)


def values(facet: Facet) -> list[Value]:
    """What there is, in the order of its vocabulary, else by name; kept for FRESH seconds."""
    return kept(facet.param, lambda: _values(facet), FRESH if facet.param != "validity" else 10 * FRESH)


def _values(facet: Facet) -> list[Value]:
    counts = facet.counted(shown())
    if facet.param == "agency":
        listed = Agency.objects.filter(pk__in=counts).order_by("jurisdiction__code", "code").values_list("pk", "name")
        return [Value(str(pk), name, counts[str(pk)]) for pk, name in listed]
    if facet.param == "column":
        columns = Column.objects.filter(pk__in=counts).values_list("pk", "name")
        return [Value(str(pk), name, counts[str(pk)]) for pk, name in columns]
    if facet.param == "field":
        order = [field.code for field in standard_fields()]
        codes = [*order, *sorted(set(counts) - set(order))]
        return [Value(code, facet.words(code), counts.get(code, 0)) for code in codes]
    if facet.param == "theme":
        return [Value(code, theme.name, counts.get(code, 0)) for code, theme in themes().items()]
    codes = sorted(counts, reverse=True) if facet.param == "year" else [*_order(facet, counts)]
    return [Value(code, facet.words(code), counts[code]) for code in codes]


def _order(facet: Facet, counts: Counts) -> list[str]:
    order = {"genre": list(genres()), "kind": list(KINDS), "validity": list(validity.WORDS)}[facet.param]
    return [code for code in order if code in counts] + sorted(set(counts) - set(order))


def how_many(chosen: Mapping[str, str]) -> int | None:
    """How many documents none or one condition leaves, where the figures that are kept tell it and are large enough to be a minute old."""
    if len(chosen) > 1:
        return None
    if not chosen:
        n = sum(row.n for row in values(FACETS["kind"]))  # every document is of one kind
    else:
        (param, value), *_ = chosen.items()
        n = next((row.n for row in values(FACETS[param]) if row.code == value), 0)
    return n if n > MANY else None


def words(chosen: Mapping[str, str]) -> str:
    """主题：财政、金融、审计，体裁：通知; at most two queries."""
    return "，".join(f"{FACETS[param].label}：{FACETS[param].words(value)}" for param, value in chosen.items())
