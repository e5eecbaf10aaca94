"""Rows of a draft: add, edit, drop; from a list; columns of the items."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from gongkai.agencies.actor import actor_of
from gongkai.agencies.auth import staff_required
from gongkai.agencies.errors import NotAllowed
from gongkai.catalogue import access, choices, sources
from gongkai.catalogue.actions import items
from gongkai.catalogue.forms import ItemForm
from gongkai.catalogue.models import CatalogueVersion, Column, ItemSource, ItemStandard
from gongkai.catalogue.terms import terms_of
from gongkai.deeds.pages import attempt, back, status_of, try_or_tell
from gongkai.obligations.forms import KeyForm


def _form(request: HttpRequest, version: CatalogueVersion, row: ItemStandard | None = None) -> ItemForm:
    place = version.catalogue.jurisdiction_id
    initial = {"subject_words": version.catalogue.agency.name, "subjects": [version.catalogue.agency_id]} if row is None else {}
    data = request.POST if request.method == "POST" else None
    return ItemForm(data, terms=terms_of(place), agencies=choices.place_agencies(place), row=row, initial=initial)


def _page(request: HttpRequest, version: CatalogueVersion, form: ItemForm, row: ItemStandard | None = None) -> HttpResponse:
    context = {
        "version": version,
        "catalogue": version.catalogue,
        "form": form,
        "row": row,
        "drop": KeyForm(auto_id="drop_%s") if row is not None else None,
        "sources": list(row.item.sources.all()) if row is not None else [],
    }
    return render(request, "catalogue/item.html", context, status=status_of(form) if form.errors else 200)


def insist_keeper(version: CatalogueVersion, actor: Any) -> None:
    """The page of a form is for whoever may send it."""
    if reason := items.keeper_reason(version.catalogue.agency, actor):
        raise NotAllowed(reason)


@staff_required
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, pk: int) -> HttpResponse:
    version = access.access_version(request.user, pk)
    insist_keeper(version, actor_of(request))
    form = _form(request, version)
    if request.method == "POST":

        def deed() -> ItemStandard:
            data = form.cleaned_data
            return items.add(version, actor_of(request), key=str(data["key"]), values=form.values(), subjects=data["subjects"])

        if attempt(request, form, deed, "事项已增加。") is not None:
            return back("catalogue:version", pk)
    return _page(request, version, form)


@staff_required
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    row = access.access_standard(request.user, pk)
    insist_keeper(row.version, actor_of(request))
    form = _form(request, row.version, row)
    if request.method == "POST":

        def deed() -> ItemStandard:
            data = form.cleaned_data
            return items.edit(row, actor_of(request), key=str(data["key"]), values=form.values(), subjects=data["subjects"])

        if attempt(request, form, deed, "事项已修改。") is not None:
            return back("catalogue:version", row.version_id, at=f"item-{row.item_id}")
    return _page(request, row.version, form, row)


@staff_required
@require_POST
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    row = access.access_standard(request.user, pk)
    form = KeyForm(request.POST)
    try_or_tell(
        request, form, lambda: items.drop(row, actor_of(request), key=str(form.cleaned_data["key"])), "已从这一版删去，现行目录不受影响。"
    )
    return back("catalogue:version", row.version_id)


@staff_required
@require_http_methods(["GET", "POST"])
def bind(request: HttpRequest, pk: int) -> HttpResponse:
    """A column for every item of a version (S1-9). Only what was changed is sent to the action."""
    version = access.access_version(request.user, pk)
    if reason := items.bind_reason(version.catalogue, actor_of(request)):
        raise NotAllowed(reason)
    columns = {column.pk: column for column in choices.open_columns(version.catalogue.jurisdiction_id)}
    rows = list(version.standards.select_related("item__column"))
    form = KeyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        chosen: dict[int, Column | None] = {}
        for row in rows:
            value = request.POST.get(f"item-{row.item_id}")
            if value is None:
                continue
            column = columns.get(int(value)) if value.isascii() and value.isdigit() and len(value) < 19 else None
            if value and column is None:
                form.add_error(None, f"“{row}”选的栏目不在本地区，或者已经关停") if form.is_valid() else None
            if (column.pk if column else None) != row.item.column_id:
                chosen[row.item_id] = column

        def deed() -> Any:
            return items.bind(version.catalogue, actor_of(request), key=str(form.cleaned_data["key"]), columns=chosen)

        if attempt(request, form, deed, f"已对应栏目，改动 {len(chosen)} 项。") is not None:
            return back("catalogue:version", pk)
    context = {"version": version, "catalogue": version.catalogue, "rows": rows, "columns": list(columns.values()), "form": form}
    return render(request, "catalogue/bind.html", context, status=status_of(form) if form.errors else 200)


@staff_required
@require_http_methods(["GET", "POST"])
def from_list(request: HttpRequest, pk: int) -> HttpResponse:
    """Rows of the agency's lists that have no item yet (S1-1). `?list=` chooses the list."""
    version = access.access_version(request.user, pk)
    insist_keeper(version, actor_of(request))
    lists = sources.lists_of([version.catalogue.agency_id])
    asked = request.POST.get("list") or request.GET.get("list") or ""
    chosen = next((one for one in lists if str(one.id) == asked), lists[0] if lists else None)
    rows = sources.rows_of(chosen.id) if chosen else []
    used = {} if chosen is None else _traced(version, chosen.id)
    form = KeyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and chosen is not None:
        ticked = set(request.POST.getlist("row"))

        def deed() -> CatalogueVersion:
            wanted = [row for row in rows if row.key in ticked]
            return items.add_from_list(version, actor_of(request), key=str(form.cleaned_data["key"]), source=chosen, rows=wanted)

        if attempt(request, form, deed, "已建立事项，请逐项补全公开标准。") is not None:
            return back("catalogue:version", pk)
    context = {
        "version": version,
        "catalogue": version.catalogue,
        "lists": lists,
        "chosen": chosen,
        "rows": [(row, used.get(row.key)) for row in rows],
        "form": form,
    }
    return render(request, "catalogue/from_list.html", context, status=status_of(form) if form.errors else 200)


def _traced(version: CatalogueVersion, list_id: int) -> dict[str, ItemSource]:
    rows = ItemSource.objects.filter(item__standards__version=version, document_id=list_id).select_related("item")
    return {row.row_key: row for row in rows}
