"""栏目: the tree of a place with who answers for each column, how often it is renewed and what stands in it; the same as data."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from gongkai.agencies.models import Jurisdiction
from gongkai.catalogue import column_figures, interactive, queries
from gongkai.catalogue.models import Column
from gongkai.catalogue.queries import ColumnRow
from gongkai.obligations.exports import as_file
from gongkai.portal import column_usage
from gongkai.portal.accountability_cache import answered_cheaply
from gongkai.twins import hosting

JSON = {"ensure_ascii": False}


def _places() -> list[Jurisdiction]:
    """Those that have columns, in the order of their codes."""
    shown = hosting.narrowed(Column.objects.order_by(), place="jurisdiction")
    return list(Jurisdiction.objects.filter(pk__in=shown.values("jurisdiction")).order_by("code"))


def _open_rows(place: Jurisdiction) -> list[ColumnRow]:
    return [row for row in queries.column_rows(place.pk, timezone.localdate()) if not row.column.closed_on]


def _page(request: HttpRequest, place: Jurisdiction | None, places: list[Jurisdiction]) -> HttpResponse:
    rows = _open_rows(place) if place else []
    figures = column_figures.figures_of(row.column.pk for row in rows)
    usage = interactive.usage_of(row.column for row in rows)
    nothing = column_figures.Figures()
    context = {
        "place": place,
        "places": places,
        "rows": [(row, figures.get(row.column.pk, nothing), usage.get(row.column.pk, [])) for row in rows],
        "documents": sum(some.documents for some in figures.values()),
        "is_interactive": bool(usage),
    }
    return render(request, "portal/columns/tree.html", context)


@require_safe
@answered_cheaply
def index(request: HttpRequest) -> HttpResponse:
    """The tree of the first place that has columns; the others a link away."""
    places = _places()
    return _page(request, places[0] if places else None, places)


def _place(code: str) -> Jurisdiction:
    found = Jurisdiction.objects.filter(code=code[:12]).first()
    if found is None:
        raise Http404("没有这个地区")
    return found


@require_safe
@answered_cheaply
def tree(request: HttpRequest, code: str) -> HttpResponse:
    return _page(request, _place(code), _places())


@require_safe
@answered_cheaply
def tree_json(request: HttpRequest, code: str) -> HttpResponse:
    place = _place(code)
    rows = _open_rows(place)
    figures = column_figures.figures_of(row.column.pk for row in rows)
    usage = interactive.usage_of(row.column for row in rows)
    slugs = {row.column.pk: row.column.slug for row in rows}

    def one(row: ColumnRow) -> dict[str, Any]:
        column, some = row.column, figures.get(row.column.pk, column_figures.Figures())
        return {
            "slug": column.slug,
            "name": column.name,
            "type": column.kind,
            "parent": slugs.get(column.parent_id or 0),
            "agency": {"code": column.agency.code, "name": column.agency.name},
            "description": column.description,
            "freshness_days": column.freshness_days,
            "state": row.state,
            "last_published_on": row.last_on,
            "documents": some.documents,
            "media": some.media,
            "contributors": [{"agency": name, "documents": n} for name, n in some.agencies],
            "interactive": column.interactive or None,
            "entry": column.entry_url or None,
            "usage": usage.get(column.pk, []),
            "url": request.build_absolute_uri(reverse("catalogue_public:column", args=[place.code, column.slug])),
        }

    data = {"place": {"code": place.code, "name": place.name}, "columns": [one(row) for row in rows]}
    return JsonResponse(data, json_dumps_params=JSON)


@require_safe
@answered_cheaply
def interactive_csv(request: HttpRequest, code: str) -> HttpResponse:
    """How much the interactive columns of the place are used, a line for each figure (S2-20)."""
    rows = [row for row in _open_rows(_place(code)) if row.column.interactive]
    table = column_usage.table(row.column for row in rows)
    return as_file(table, "csv", f"{_place(code).name}互动栏目使用情况 {timezone.localdate()}")


@require_safe
def column(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """The page of a column has stood under /catalogue/ from the first; its address never changes, so this one leads there."""
    if not Column.objects.filter(jurisdiction__code=code[:12], slug=slug).exists():
        raise Http404("没有这个栏目")
    return HttpResponsePermanentRedirect(reverse("catalogue_public:column", args=[code, slug]))
