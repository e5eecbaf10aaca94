"""栏目: the tree of a place with owners and freshness, its verbs; 词表: how the place words fields and channels."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongkai.agencies.access import scope_of
from gongkai.agencies.actor import actor_of
from gongkai.agencies.auth import staff_required
from gongkai.agencies.errors import NotAllowed
from gongkai.agencies.models import Agency, Jurisdiction
from gongkai.catalogue import access, choices, column_checks, column_figures, interactive, queries
from gongkai.catalogue.actions import columns as actions
from gongkai.catalogue.forms import CloseColumnForm, FoundForm, TermForm
from gongkai.catalogue.forms_columns import ColumnForm
from gongkai.catalogue.models import Column, Term
from gongkai.catalogue.rulebook import default_columns
from gongkai.catalogue.terms import terms_of
from gongkai.catalogue.views_reports import place_of
from gongkai.deeds.pages import attempt, status_of, try_or_tell


def _at(name: str, place_id: int, *args: Any) -> str:
    return f"{resolve_url(name, *args)}?place={place_id}"


@staff_required
@require_GET
def column_list(request: HttpRequest) -> HttpResponse:
    """`?state=` keeps the columns of one state, `?check=` those that fail one check."""
    place = place_of(request)
    today = timezone.localdate()
    rows = queries.column_rows(place.pk, today)
    checks = [(check, n) for check, n in column_checks.counted(rows, today) if n]
    failed = next((check.code for check, _n in checks if check.code == request.GET.get("check")), "")
    state = request.GET.get("state", "")
    counts = {name: sum(row.state == name for row in rows) for name in queries.FRESHNESS}
    page = _at("catalogue:columns", place.pk)
    figures = [{"label": "栏目", "n": len(rows), "url": page, "current": state not in queries.FRESHNESS}]
    for name, (word, _css) in queries.FRESHNESS.items():
        if counts[name] or name in ("stale", "blank"):
            figures.append(
                {"label": word, "n": counts[name], "url": f"{page}&state={name}", "current": name == state, "alarm": name == "blank"}
            )
    office = scope_of(request.user).is_office_of(place.pk)
    known = {row.column.slug for row in rows}
    missing = [rule for rule in default_columns() if rule.slug not in known]
    competent = Agency.objects.filter(jurisdiction=place, is_competent=True, valid_to__isnull=True).first()
    context = {
        "place": place,
        "places": list(access.places_for(request.user)),
        "rows": _shown(rows, state, failed, today),
        "checks": checks,
        "failed": failed,
        "figures": figures,
        "is_office": office,
        "missing": missing,
        "found": FoundForm(agencies=choices.place_agencies(place.pk), initial={"agency": competent}) if office and missing else None,
    }
    return render(request, "catalogue/columns.html", context)


def _shown(rows: list[queries.ColumnRow], state: str, failed: str, today: date) -> list[queries.ColumnRow]:
    if state in queries.FRESHNESS:
        rows = [row for row in rows if row.state == state]
    return [row for row in rows if failed in {check.code for check in column_checks.faults_of(row, today)}] if failed else rows


@staff_required
@require_GET
def log(request: HttpRequest, pk: int) -> HttpResponse:
    """更新记录 of a column (S2-32): what was put there, what was done to it, who contributes, what is wrong with it."""
    record = access.access_column(request.user, pk)
    today = timezone.localdate()
    row = next(one for one in queries.column_rows(record.jurisdiction_id, today) if one.column.pk == record.pk)
    figures = column_figures.figures_of([record.pk]).get(record.pk, column_figures.Figures())
    context = {
        "place": record.jurisdiction,
        "column": record,
        "row": row,
        "faults": column_checks.faults_of(row, today),
        "figures": figures,
        "media": [(label, figures.media.get(name, 0)) for name, label in column_figures.MEDIA.items()],
        "usage": interactive.usage_of([record]).get(record.pk, []),
        "updates": column_figures.updates_of(record.pk),
        "deeds": list(queries.deeds_of_column(record)),
        "is_office": scope_of(request.user).is_office_of(record.jurisdiction_id),
    }
    return render(request, "catalogue/column_log.html", context)


@staff_required
@require_POST
def found(request: HttpRequest, pk: int) -> HttpResponse:
    place = access.access_place(request.user, pk)
    form = FoundForm(request.POST, agencies=choices.place_agencies(place.pk))
    try_or_tell(
        request,
        form,
        lambda: actions.found(place, actor_of(request), key=str(form.cleaned_data["key"]), agency=form.cleaned_data["agency"]),
        "标准栏目已设立。",
    )
    return redirect(_at("catalogue:columns", place.pk))


def _office(request: HttpRequest, place: Jurisdiction) -> None:
    if not scope_of(request.user).is_office_of(place.pk):
        raise NotAllowed("栏目和词表由本地区政务公开主管部门办理")


def _form(request: HttpRequest, place: Jurisdiction, column: Column | None = None) -> ColumnForm:
    data = request.POST if request.method == "POST" else None
    offered = choices.open_columns(place.pk)
    offered = offered.exclude(pk=column.pk) if column is not None else offered
    return ColumnForm(data, columns=offered, agencies=choices.place_agencies(place.pk), column=column)


@staff_required
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, pk: int) -> HttpResponse:
    place = access.access_place(request.user, pk)
    _office(request, place)
    form = _form(request, place)

    def deed() -> Column:
        return actions.make(place, actor_of(request), key=str(form.cleaned_data["key"]), **form.arguments())

    if request.method == "POST" and attempt(request, form, deed, "栏目已设立。") is not None:
        return redirect(_at("catalogue:columns", place.pk))
    return render(request, "catalogue/column.html", {"place": place, "form": form}, status=status_of(form) if form.errors else 200)


@staff_required
@require_http_methods(["GET", "POST"])
def column(request: HttpRequest, pk: int) -> HttpResponse:
    """Change and, in a fold below, close."""
    record = access.access_column(request.user, pk)
    place = record.jurisdiction
    _office(request, place)
    form = _form(request, place, record)

    def deed() -> Column:
        return actions.change(record, actor_of(request), key=str(form.cleaned_data["key"]), **form.arguments())

    if request.method == "POST" and attempt(request, form, deed, "栏目已修改。") is not None:
        return redirect(_at("catalogue:columns", place.pk))
    return _column_page(request, record, form)


def _column_page(request: HttpRequest, record: Column, form: ColumnForm, closing: CloseColumnForm | None = None) -> HttpResponse:
    others = choices.open_columns(record.jurisdiction_id).exclude(pk=record.pk)
    bad = form.errors or (closing.errors if closing else None)
    context = {
        "place": record.jurisdiction,
        "column": record,
        "form": form,
        "close": closing or CloseColumnForm(columns=others, auto_id="close_%s"),
        "closing": closing is not None,
        "items": record.items.count(),
    }
    return render(request, "catalogue/column.html", context, status=status_of(closing if closing else form) if bad else 200)


@staff_required
@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    record = access.access_column(request.user, pk)
    _office(request, record.jurisdiction)
    others = choices.open_columns(record.jurisdiction_id).exclude(pk=record.pk)
    form = CloseColumnForm(request.POST, columns=others, auto_id="close_%s")

    def deed() -> Column:
        return actions.close(record, actor_of(request), key=str(form.cleaned_data["key"]), **form.arguments())

    if attempt(request, form, deed, "栏目已关停，原来的地址说明内容去了哪里。") is None:
        fresh = ColumnForm(columns=others, agencies=choices.place_agencies(record.jurisdiction_id), column=record)
        return _column_page(request, access.access_column(request.user, pk), fresh, form)
    return redirect(_at("catalogue:columns", record.jurisdiction_id))


@staff_required
@require_http_methods(["GET", "POST"])
def terms(request: HttpRequest, pk: int) -> HttpResponse:
    place = access.access_place(request.user, pk)
    form = TermForm(request.POST if request.method == "POST" else None)

    def deed() -> Term:
        return actions.set_term(place, actor_of(request), key=str(form.cleaned_data["key"]), **form.arguments())

    if request.method == "POST":
        _office(request, place)
        if attempt(request, form, deed, "词表已修改。") is not None:
            return redirect(resolve_url("catalogue:terms", place.pk))
    words = terms_of(place.pk)
    context = {
        "place": place,
        "places": list(access.places_for(request.user)),
        "fields": list(words.fields.values()),
        "channels": list(words.channels.items()),
        "unused": list(Term.objects.filter(jurisdiction=place, unused=True)),
        "form": form if scope_of(request.user).is_office_of(place.pk) else None,
    }
    return render(request, "catalogue/terms.html", context, status=status_of(form) if form.errors else 200)
