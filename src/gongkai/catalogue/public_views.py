"""What the public sees: catalogues by agency and field, their items with filters, one item with its standard and content, columns."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from gongkai.agencies.models import Jurisdiction
from gongkai.catalogue import access, column_figures, contents, exports, interactive, queries
from gongkai.catalogue.forms import PublicFilter
from gongkai.catalogue.models import Catalogue, CatalogueVersion, Column, Item, ItemStandard
from gongkai.catalogue.showing import audience_words, cell_words, cycle_words, limit_words, printed_limit
from gongkai.catalogue.terms import Terms, terms_of
from gongkai.twins import hosting

PER_PAGE = 50
SHOWN = 30
LATEST = 20
State = CatalogueVersion.State
JSON = {"ensure_ascii": False}


def _narrowed(request: HttpRequest) -> tuple[Any, str, Jurisdiction | None, str]:
    """Catalogues in force under `?place=` (code) and `?q=`; 404 for a place nobody knows."""
    rows = hosting.narrowed(access.in_force(), place="jurisdiction").order_by("jurisdiction__code", "kind", "agency__code", "field")
    code, q = request.GET.get("place", "")[:12], request.GET.get("q", "").strip()[:100]
    place = Jurisdiction.objects.filter(code=code).first() if code else None
    if code and place is None:
        raise Http404("没有这个地区")
    if place is not None:
        rows = rows.filter(jurisdiction=place)
    if q:
        rows = rows.filter(title__icontains=q)
    return rows, q, place, code


@require_GET
def catalogue_list(request: HttpRequest) -> HttpResponse:
    """By agency and by field of one place or all."""
    rows, q, place, _code = _narrowed(request)
    page = Paginator(rows, PER_PAGE * 2).get_page(request.GET.get("page"))
    listed = queries.catalogue_rows(page.object_list)
    groups = [
        (name, [row for row in listed if row.catalogue.kind == kind])
        for kind, name in ((Catalogue.Kind.AGENCY, "按部门"), (Catalogue.Kind.FIELD, "按领域"), (Catalogue.Kind.SECTOR, "公共企事业单位"))
    ]
    context = {
        "groups": [(name, some) for name, some in groups if some],
        "page_obj": page,
        "q": q,
        "place": place,
        "places": Jurisdiction.objects.filter(catalogues__in=hosting.narrowed(access.in_force(), place="jurisdiction"))
        .distinct()
        .order_by("code"),
    }
    return render(request, "catalogue/public_list.html", context)


@require_GET
def catalogues_json(request: HttpRequest) -> HttpResponse:
    rows, _q, _place, _code = _narrowed(request)
    found = [
        {
            "id": row.catalogue.pk,
            "title": row.catalogue.title,
            "kind": row.catalogue.kind,
            "field": row.catalogue.field or None,
            "agency": {"code": row.catalogue.agency.code, "name": row.catalogue.agency.name},
            "jurisdiction": {"code": row.catalogue.jurisdiction.code, "name": row.catalogue.jurisdiction.name},
            "version": row.current.number if row.current else None,
            "approved_at": row.current.approved_at if row.current else None,
            "items": row.rows,
            "url": request.build_absolute_uri(reverse("catalogue_public:catalogue", args=[row.catalogue.pk])),
        }
        for row in queries.catalogue_rows(rows)
    ]
    return JsonResponse({"catalogues": found}, json_dumps_params=JSON)


def _shown(request: HttpRequest, record: Catalogue) -> tuple[CatalogueVersion, Any, PublicFilter, dict[str, Any]]:
    """The version in force, its rows under the filters, the form and what it says."""
    version = queries.current_of(record)
    if version is None:
        raise Http404(access.MISSING)
    levels = list(dict.fromkeys(version.standards.order_by("position").values_list("level1", flat=True)))
    form = PublicFilter(request.GET or None, levels=levels)
    narrow = form.cleaned_data if form.is_bound and form.is_valid() else {}
    return version, queries.standards_of(version, **narrow), form, narrow


class Shown:
    """A row of a public list."""

    def __init__(self, row: ItemStandard, terms: Terms, last: Any) -> None:
        self.row, self.last = row, last
        self.limit, self.audience = limit_words(row), audience_words(row)
        self.channels, self.method = cell_words(row, "channels", terms), cell_words(row, "method", terms)


@require_GET
def catalogue(request: HttpRequest, pk: int) -> HttpResponse:
    record = access.access_public_catalogue(pk)
    version, rows, form, narrow = _shown(request, record)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    terms = terms_of(record.jurisdiction_id)
    last = contents.last_of_items(row.item_id for row in page.object_list)
    context = {
        "catalogue": record,
        "version": version,
        "rows": [Shown(row, terms, last.get(row.item_id)) for row in page.object_list],
        "page_obj": page,
        "form": form,
        "filtered": any(narrow.values()),
        "query": request.GET.urlencode(),
        "field": terms.field_name(record.field) if record.kind == Catalogue.Kind.FIELD else "",
        "history": record.versions.exclude(state=State.DRAFT),
    }
    return render(request, "catalogue/public_catalogue.html", context)


@require_GET
def catalogue_json(request: HttpRequest, pk: int) -> HttpResponse:
    """The JSON twin of the page, same filters, all pages."""
    record = access.access_public_catalogue(pk)
    version, rows, _form, _narrow = _shown(request, record)
    terms = terms_of(record.jurisdiction_id)
    listed = list(rows)
    last = contents.last_of_items(row.item_id for row in listed)
    found = {
        "id": record.pk,
        "title": record.title,
        "agency": {"code": record.agency.code, "name": record.agency.name},
        "version": version.number,
        "approved_at": version.approved_at,
        "items": [
            exports.as_json(row, terms, _item_url(request, row.item_id)) | {"last_published_on": last.get(row.item_id)} for row in listed
        ],
    }
    return JsonResponse(found, json_dumps_params=JSON)


def _item_url(request: HttpRequest, pk: int) -> str:
    return request.build_absolute_uri(reverse("catalogue_public:item", args=[pk]))


@require_GET
def catalogue_file(request: HttpRequest, pk: int, fmt: str) -> HttpResponse:
    """The version in force as csv, xlsx or docx."""
    version = queries.current_of(access.access_public_catalogue(pk))
    if version is None:
        raise Http404(access.MISSING)
    return exports.as_download(version, fmt, full=False)


def _standard_of(item: Item) -> ItemStandard:
    """What the version in force says of an item, else the last that was."""
    rows = item.standards.exclude(version__state=State.DRAFT).select_related("version", "item")
    found = rows.filter(version__state=State.CURRENT).first() or rows.order_by("-version__number").first()
    assert found is not None
    return found


@require_GET
def item(request: HttpRequest, pk: int) -> HttpResponse:
    """One item: what is public, when, where, by whom; what was published for it. An item that was dropped keeps its page and says so."""
    record = access.access_public_item(pk)
    row = _standard_of(record)
    terms = terms_of(record.catalogue.jurisdiction_id)
    found = contents.contents_of([pk]).get(pk, [])
    context = {
        "item": record,
        "row": row,
        "catalogue": record.catalogue,
        "version": row.version,
        "is_current": row.version.state == State.CURRENT,
        "contents": found[:SHOWN],
        "more": max(0, len(found) - SHOWN),
        "limit": limit_words(row),
        "printed": printed_limit(row),
        "cycle": cycle_words(row),
        "audience": audience_words(row),
        "words": {name: cell_words(row, name, terms) for name in ("channels", "method", "levels", "stage", "links")},
        "sources": list(record.sources.all()),
    }
    return render(request, "catalogue/public_item.html", context)


@require_GET
def item_json(request: HttpRequest, pk: int) -> HttpResponse:
    record = access.access_public_item(pk)
    row = _standard_of(record)
    published = contents.contents_of([pk]).get(pk, [])
    found = exports.as_json(row, terms_of(record.catalogue.jurisdiction_id), _item_url(request, pk))
    found |= {
        "catalogue": {"id": record.catalogue_id, "title": record.catalogue.title, "version": row.version.number},
        "in_force": row.version.state == State.CURRENT,
        "column": record.column.name if record.column else None,
        "contents": [{"title": one.title, "url": request.build_absolute_uri(one.url), "on": one.on} for one in published],
        "sources": [{"list": s.title, "kind": s.list_kind, "row": s.row_key, "name": s.row_name} for s in record.sources.all()],
    }
    return JsonResponse(found, json_dumps_params=JSON)


@require_GET
def column(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """A column and what of the catalogues stands in it. A closed one says where its content went (S4-52)."""
    rows = Column.objects.select_related("jurisdiction", "agency", "parent", "moved_to")
    record = rows.filter(jurisdiction__code=code, slug=slug).first()
    if record is None:
        raise Http404("没有这个栏目")
    standards = ItemStandard.objects.filter(version__state=State.CURRENT, item__column=record).select_related("item", "version__catalogue")
    page = Paginator(standards.order_by("version__catalogue__title", "position"), PER_PAGE).get_page(request.GET.get("page"))
    last = contents.last_of_items(row.item_id for row in page.object_list)
    figures = column_figures.figures_of([record.pk]).get(record.pk, column_figures.Figures())
    row = queries.ColumnRow(record, 0, last_on=contents.last_of_columns([record.pk]).get(record.pk))
    context = {
        "figures": figures,
        "media": [(label, figures.media.get(name, 0)) for name, label in column_figures.MEDIA.items() if figures.media.get(name)],
        "usage": interactive.usage_of([record]).get(record.pk, []),
        "updates": list({one.url: one for one in reversed(column_figures.updates_of(record.pk, LATEST))}.values())[::-1],
        "last_on": row.last_on,
        "state": queries.FRESHNESS[queries.freshness_of(row, timezone.localdate())],
        "column": record,
        "rows": [(row, last.get(row.item_id)) for row in page.object_list],
        "page_obj": page,
        "children": record.children.filter(closed_on__isnull=True),
        "today": timezone.localdate(),
    }
    return render(request, "catalogue/public_column.html", context)
