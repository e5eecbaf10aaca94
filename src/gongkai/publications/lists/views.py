"""Typed lists in the workbench: what the edition holds, what is missing, what it changes, and the spreadsheet in and out."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from gongkai.agencies.actor import actor_of
from gongkai.agencies.auth import staff_required
from gongkai.deeds.pages import attempt, back, status_of
from gongkai.obligations.exports import as_file
from gongkai.publications.access import access_edition, documents_for
from gongkai.publications.actions import lists as actions
from gongkai.publications.lists import content as lists
from gongkai.publications.lists import xlsx as lists_xlsx
from gongkai.publications.models import Document, Edition, Revision
from gongkai.publications.models.editions import WORKING
from gongkai.publications.topics.forms import RowsForm

PER_PAGE = 50


def _edition(request: HttpRequest, pk: int) -> Edition:
    edition = access_edition(request.user, pk)
    if edition.document.kind != Document.Kind.LIST:
        raise Http404("这不是清单")
    return edition


@staff_required
@require_GET
def list_list(request: HttpRequest) -> HttpResponse:
    """Every list of one's agencies with its present edition."""
    rows = documents_for(request.user).filter(kind=Document.Kind.LIST).prefetch_related("editions__revision").order_by("list_kind", "pk")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    listed = []
    for record in page:
        editions = [row for row in record.editions.all() if row.state != Edition.State.DISCARDED]
        working = next((row for row in editions if row.state in WORKING), None)
        live = next((row for row in editions if row.state == Edition.State.LIVE), None)
        shown = working or live or (editions[0] if editions else None)
        listed.append({"document": record, "schema": lists.schema_of(record), "edition": shown, "working": working, "live": live})
    return render(request, "publications/lists/list.html", {"page_obj": page, "listed": listed})


def _page(request: HttpRequest, edition: Edition, form: RowsForm | None = None, status: int = 200) -> HttpResponse:
    schema = lists.schema_of(edition.document)
    revision = edition.revision
    rows = revision.rows if revision else []
    refused = actions.failure_reasons(edition, request.user)
    if form is None and not refused:
        form = RowsForm(auto_id="rows_%s", initial={"base": revision.pk if revision else None})
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    names = _shown_names(schema, rows)
    return render(
        request,
        "publications/lists/edition.html",
        {
            "edition": edition,
            "document": edition.document,
            "schema": schema,
            "names": names,
            "page_obj": page,
            "cells": [[row.get(name, "") for name in names] for row in page],
            "reasons": lists.reasons(edition),
            "changes": lists.changes(edition),
            "form": form,
            "refused": refused,
            "opened": "rows" if form is not None and form.is_bound else "",
        },
        status=status,
    )


def _shown_names(schema: lists.Schema | None, rows: list[dict[str, Any]]) -> list[str]:
    """Columns of the list; the two of the last change only where a row says something there."""
    names = [column.name for column in schema.columns] if schema else list(dict.fromkeys(name for row in rows for name in row))
    extra = [name for name in (lists.change_name(), lists.cause_name()) if name not in names and any(row.get(name) for row in rows)]
    return names + extra


@staff_required
@require_GET
def edition(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, _edition(request, pk))


@staff_required
@require_POST
def import_rows(request: HttpRequest, pk: int) -> HttpResponse:
    record = _edition(request, pk)
    form = RowsForm(request.POST, request.FILES, auto_id="rows_%s")

    def deed() -> Revision:
        return actions.import_rows(
            record,
            actor_of(request),
            key=str(form.cleaned_data["key"]),
            file=form.cleaned_data["file"],
            base_revision_id=form.cleaned_data["base"],
        )

    made = attempt(request, form, deed, "清单已导入。")
    if made is None:
        return _page(request, record, form, status_of(form))
    return back("topics:rows", pk)


@staff_required
@require_GET
def export(request: HttpRequest, pk: int, fmt: str) -> HttpResponse:
    """The rows as they stand, to be filled in and imported again; without rows an empty table with the headers."""
    record = _edition(request, pk)
    schema = lists.schema_of(record.document)
    if schema is None or record.revision is None:
        raise Http404("没有选清单的种类")
    required = "、".join(column.name for column in schema.columns if column.required)
    notes = (f"必填：{required}。{lists.change_name()}填新增、修改、取消，并写明{lists.cause_name()}。",)
    table = lists_xlsx.table(
        schema, record.revision.rows, record.revision.title, record.document.agency.name, notes if fmt == "docx" else ()
    )
    return as_file(table, fmt, record.revision.title[:80])
