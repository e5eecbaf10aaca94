"""/documents/: what the public can read, the newest first, by every facet; the same by e-mail, as Atom and as JSON; and the pages of
browsing, where each value of a facet has an address of its own (/documents/themes/02/).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from gongkai.agencies.models import Agency
from gongkai.obligations.middleware import reads_no_states
from gongkai.obligations.paging import BoundedPaginator
from gongkai.publications.models import Edition, Revision
from gongkai.publications.public import cache as public_cache
from gongkai.publications.public import drawing, facets
from gongkai.publications.public.facets import BY_SLUG, FACETS, Facet
from gongkai.publications.public.listed import kept
from gongkai.publications.vocabularies import themes
from gongkai.twins import LAST_PAGE, Entry, Twin, address, links, of_rows, page_number, respond

PER_PAGE = 20
BROWSED = ("theme", "field", "genre", "kind", "validity", "year", "agency")
"""In the order of /documents/browse/."""
SHOWN = ("kind", "theme", "genre", "field", "validity", "year", "agency", "column")
"""In the order of the filters of a list."""
OPTION = '<option value="{}">{}（{}）</option>'
NEXT_STEPS = {
    "validity": "没有这种状态的文件。现行有效的都在有效文件库里。",
    "field": "这个领域还没有公开的信息。公开目录写着这个领域应当公开什么、由谁公开、多久公开。",
}


def list_url(chosen: Mapping[str, str]) -> str:
    """Where a list with these conditions is cited: one facet by its own address, several by the query."""
    if len(chosen) == 1:
        (param, value), *_ = chosen.items()
        if FACETS[param].slug:
            return reverse("documents:facet_value", args=[FACETS[param].slug, _public_value(param, value)])
    base = reverse("documents:list")
    return f"{base}?{urlencode(sorted(chosen.items()))}" if chosen else base


def _public_value(param: str, value: str) -> str:
    """An agency is named by its code in an address that lasts, by its row in a query."""
    if param != "agency":
        return value
    return _codes().get(value) or Agency.objects.filter(pk=value).values_list("code", flat=True).first() or value


def twins_of(chosen: Mapping[str, str]) -> dict[str, str]:
    title = facets.words(chosen) if chosen else "政府信息公开"
    return links(lambda fmt: reverse("documents:feed", args=[fmt]), title, chosen, reverse("documents:follow"))


def _page(request: HttpRequest, chosen: Mapping[str, str]) -> Any:
    rows, most = facets.listed(chosen), LAST_PAGE * PER_PAGE
    return BoundedPaginator(rows, PER_PAGE, most=most, known=rows.count(most)).get_page(page_number(request))


def _filters(chosen: Mapping[str, str]) -> list[dict[str, Any]]:
    """What can be chosen, for the form: of each facet the values that leave something, and the one chosen in any case."""
    drawn = kept("options", lambda: {param: _options(param) for param in SHOWN})
    shown = []
    for param in SHOWN:
        value, (n, options) = chosen.get(param, ""), drawn[param]
        if n > 1 or value:
            shown.append({"param": param, "label": FACETS[param].label, "options": mark_safe(_selected(param, options, value))})  # noqa: S308
    return shown


def _options(param: str) -> tuple[int, str]:
    """How many, and all of them drawn: there are hundreds, and they are the same for everybody."""
    some = [row for row in facets.values(FACETS[param]) if row.n and (param != "theme" or len(row.code) == 2)]
    return len(some), format_html_join("", OPTION, ((row.code, row.label, row.n) for row in some))


def _selected(param: str, options: str, value: str) -> str:
    if not value:
        return options
    begin = format_html('<option value="{}"', value)
    if begin not in options:
        facet = FACETS[param]
        found = next((row for row in facets.values(facet) if row.code == value), None)
        options += format_html(OPTION, value, found.label if found else facet.words(value), found.n if found else 0)
    return options.replace(begin, f"{begin} selected", 1)


def _context(request: HttpRequest, chosen: dict[str, str], ignored: list[str]) -> dict[str, Any]:
    page = _page(request, chosen)
    cited = list_url(chosen)
    if page.number > 1:
        cited += f"{'&' if '?' in cited else '?'}page={page.number}"
    return {
        "page_obj": page,
        "rows": drawing.rows(page.object_list),
        "filters": lambda: _filters(chosen),  # asked for by the page that shows them, not by those of one facet
        "filtered": bool(chosen),
        "chosen": chosen,
        "ignored": ignored,
        "canonical": address(cited, request),
        "twins": twins_of(chosen),
        "next_step": next((words for param, words in NEXT_STEPS.items() if param in chosen), ""),
    }


@require_safe
@reads_no_states
def document_list(request: HttpRequest) -> HttpResponse:
    def make() -> HttpResponse:
        chosen, ignored = facets.asked(request)
        return render(request, "publications/public/list.html", _context(request, chosen, ignored))

    return public_cache.answer(request, public_cache.tag(request), None, make)


@require_safe
@reads_no_states
def feed(request: HttpRequest, fmt: str) -> HttpResponse:
    """The same list with the same conditions, for programs."""

    def make() -> Twin:
        chosen, ignored = facets.asked(request)
        title = facets.words(chosen) if chosen else "政府信息公开"
        rows = facets.rows(chosen).defer(None).defer("revision__body", "revision__rows", "revision__ground_words")
        return of_rows(request, title, list_url(chosen), rows, entry, ignored)

    return respond(request, fmt, [public_cache.last_deeds()], make)


def entry(row: Edition) -> Entry:
    """An edition as a row of a feed. What is withheld gives its title and that it is withheld, nothing else."""
    revision, document = row.revision, row.document
    assert revision is not None and row.published_at is not None
    withheld = revision.attribute != Revision.Attribute.PROACTIVE
    more = {
        "index_number": document.index_number,
        "doc_number": revision.doc_number or None,
        "kind": document.kind,
        "theme": revision.theme or None,
        "genre": revision.genre or None,
        "issued_on": revision.issued_on,
        "attribute": revision.attribute,
        "edition": row.number,
        "json": reverse("documents:document_json", args=[document.pk]),
    }
    tags = [FACETS[name].words(code) for name, code in (("theme", revision.theme), ("genre", revision.genre)) if code]
    return Entry(
        reverse("documents:document", args=[document.pk]),
        revision.title,
        row.published_at,
        "不予公开" if withheld else revision.abstract,
        document.agency.name,
        document.first_published_at,
        tags,
        more,
    )


@require_safe
@reads_no_states
def browse(request: HttpRequest) -> HttpResponse:
    """Every way through the documents on one page."""

    def make() -> HttpResponse:
        groups = [(facet, drawn("top", facet, partial(_top, facet))) for facet in map(FACETS.__getitem__, BROWSED)]
        return render(request, "publications/public/browse.html", {"groups": [(f, some) for f, some in groups if some]})

    return public_cache.answer(request, public_cache.tag(request), None, make)


def _top(facet: Facet) -> list[facets.Value]:
    some = facets.values(facet)
    if facet.param == "theme":
        return [row for row in some if len(row.code) == 2]
    return some if facet.param == "field" else [row for row in some if row.n]


def addressed(facet: Facet, some: list[facets.Value]) -> list[tuple[facets.Value, str]]:
    """Each value with its address; the codes of the agencies are kept with their figures."""
    codes = {row.code: row.code for row in some}
    if facet.param == "agency":
        codes = _codes()
    return [(row, reverse("documents:facet_value", args=[facet.slug, codes[row.code]])) for row in some if row.code in codes]


def drawn(name: str, facet: Facet, some: Callable[[], list[facets.Value]]) -> SafeString:
    """The same drawn, kept with the figures under a `name` of the facet's."""
    return kept(f"links:{facet.param}:{name}", lambda: drawing.links(addressed(facet, some())))


def _codes() -> dict[str, str]:
    """Number → code of the agencies that are listed, kept with their figures."""

    def read() -> dict[str, str]:
        listed = [row.code for row in facets.values(FACETS["agency"])]
        return {str(pk): code for pk, code in Agency.objects.filter(pk__in=listed).order_by().values_list("pk", "code")}

    return kept("codes", read)


@require_safe
@reads_no_states
def facet_index(request: HttpRequest, facet: str) -> HttpResponse:
    """The values of one facet with their counts; themes with their subclasses."""
    one = BY_SLUG[facet]

    def make() -> HttpResponse:
        listed = addressed(one, facets.values(one) if one.param == "theme" else _top(one))
        under: dict[str, list[Any]] = {}
        for row, url in listed:
            if one.param == "theme" and len(row.code) > 2 and row.n:
                under.setdefault(row.code[:2], []).append((row, url))
        top = [(row, url, under.get(row.code, [])) for row, url in listed if one.param != "theme" or len(row.code) == 2]
        return render(request, "publications/public/facet.html", {"facet": one, "rows": top})

    return public_cache.answer(request, public_cache.tag(request), None, make)


@require_safe
@reads_no_states
def facet_value(request: HttpRequest, facet: str, value: str) -> HttpResponse:
    """The list of one value, with its way up and, of a theme, its subclasses. Further conditions lead to the list with a query."""
    one = BY_SLUG[facet]
    code = _code_of(one, value)
    further, ignored = facets.asked(request)
    if further:
        return redirect(f"{reverse('documents:list')}?{urlencode({**further, one.param: code})}")

    def make() -> HttpResponse:
        context = _context(request, {one.param: code}, ignored)
        label = one.words(code)
        theme = themes().get(code) if one.param == "theme" else None
        parent = themes().get(theme.parent) if theme and theme.parent else None
        context |= {"facet": one, "heading": theme.name if theme else label, "value": value, "parent": parent}
        if theme and not parent:
            context["below"] = drawn(code, one, lambda: [row for row in facets.values(one) if row.n and row.code[:2] == code != row.code])
        return render(request, "publications/public/list.html", context)

    return public_cache.answer(request, public_cache.tag(request), None, make)


def _code_of(facet: Facet, value: str) -> str:
    """What the value of an address stands for in a query; 404 for what cannot be."""
    code = value
    if facet.param == "agency":
        known = next((pk for pk, one in _codes().items() if one == value), "")
        code = known or str(Agency.objects.filter(code=value[:60]).values_list("pk", flat=True).first() or "")
    if not facet.known(code):
        raise Http404(f"没有这样的{facet.label}")
    return code
