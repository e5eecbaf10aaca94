"""/documents/lists/: the lists of a place in one index (S4-15), each as a table with its changes and their causes, as csv, json, xlsx."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from gongkai.agencies.models import Jurisdiction
from gongkai.obligations.exports import as_file
from gongkai.obligations.middleware import reads_no_states
from gongkai.publications.lists import content as lists
from gongkai.publications.lists import xlsx as lists_xlsx
from gongkai.publications.models import Document, Edition
from gongkai.publications.public import cache as public_cache
from gongkai.publications.topics.queries import readable
from gongkai.twins import hosting, of_list

PER_PAGE = 100
FORMATS = ("csv", "xlsx", "docx")


def _live() -> Any:
    return readable().filter(document__kind=Document.Kind.LIST).select_related("document__agency", "document__jurisdiction", "revision")


@require_safe
@reads_no_states
def list_index(request: HttpRequest) -> HttpResponse:
    """The lists of a place by kind: the six that belong together first, also where one is not there yet."""

    def make() -> HttpResponse:
        rows = hosting.narrowed(_live(), "document__agency", "document__jurisdiction").defer("revision__body", "revision__rows")
        places = list(Jurisdiction.objects.filter(pk__in=rows.order_by().values("document__jurisdiction")).order_by("code"))
        chosen = next((one for one in places if request.GET.get("place") == str(one.pk)), places[0] if places else None)
        by_kind: dict[str, list[Edition]] = {}
        for row in rows.filter(document__jurisdiction=chosen).order_by("document__agency__code", "document"):
            by_kind.setdefault(row.document.list_kind, []).append(row)
        family = [(schema, by_kind.pop(schema.id, [])) for schema in lists.family()]
        others = [(schema, by_kind.pop(schema.id, [])) for schema in lists.schemas().values() if schema.group != "family"]
        loose = [row for listed in by_kind.values() for row in listed]
        context: dict[str, Any] = {
            "places": places,
            "place": chosen,
            "family": family,
            "others": [o for o in others if o[1]],
            "loose": loose,
        }
        context |= {"twins": of_list("lists", "清单")}
        return render(request, "publications/lists/public_index.html", context)

    return public_cache.answer(request, public_cache.tag(request), None, make)


def _edition(pk: int) -> Edition:
    row: Edition | None = _live().filter(document=pk).first()
    if row is None or row.revision is None:
        raise Http404("没有这张清单，或者现在没有公开")
    return row


def _names(edition: Edition, rows: list[Any]) -> list[str]:
    schema = lists.schema_of(edition.document)
    if schema is not None:
        return [column.name for column in schema.columns]
    hidden = {lists.change_name(), lists.cause_name()}
    return [name for name in dict.fromkeys(name for row in rows for name in row) if name not in hidden]


@require_safe
@reads_no_states
def table(request: HttpRequest, pk: int) -> HttpResponse:
    """One list: its rows in force, what its last edition changed and by what law, a box for suggestions at each row."""
    record = _edition(pk)

    def make() -> HttpResponse:
        assert record.revision is not None
        rows = lists.current(record.revision.rows)
        names = _names(record, rows)
        page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
        schema = lists.schema_of(record.document)
        item = record.document.item_links.values_list("item", flat=True).order_by("item").first()
        box = reverse("catalogue_kept:suggest", args=[item]) if item else ""
        shown = [{"cells": [(name, row.get(name, "")) for name in names], "title": schema.title_of(row) if schema else ""} for row in page]
        context = {
            "edition": record,
            "document": record.document,
            "revision": record.revision,
            "schema": schema,
            "names": names,
            "rows": shown,
            "page_obj": page,
            "changes": lists.changes(record),
            "box": box,
        }
        return render(request, "publications/lists/public_table.html", context)

    return public_cache.answer(request, public_cache.tag(request, record.pk, record.revision_id), record.published_at, make)


@require_safe
@reads_no_states
def rows(request: HttpRequest, pk: int, fmt: str) -> HttpResponse:
    """The rows in force as csv, json, xlsx or docx."""
    record = _edition(pk)
    assert record.revision is not None
    found = lists.current(record.revision.rows)
    names = _names(record, found)
    if fmt == "json":
        told = {
            "title": record.revision.title,
            "list": record.document.list_kind,
            "agency": record.document.agency.name,
            "index_number": record.document.index_number,
            "edition": record.number,
            "published_at": record.published_at,
            "columns": names,
            "rows": [{name: row.get(name, "") for name in names} for row in found],
        }
        return JsonResponse(told, json_dumps_params={"ensure_ascii": False})
    schema = lists.schema_of(record.document)
    if fmt not in FORMATS or schema is None:
        raise Http404("没有这种导出格式")
    ledger = lists_xlsx.table(schema, found, record.revision.title, record.document.agency.name)
    ledger.columns = [column for column in ledger.columns if column.key in names]
    return as_file(ledger, fmt, record.revision.title[:80])
