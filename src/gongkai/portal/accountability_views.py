"""公开问责: what was promised, by when, and what became of it; by plan and by agency, as page, JSON and CSV."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.db.models import F, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from gongkai.agencies.models import Agency
from gongkai.formats.ledger import starts_formula
from gongkai.obligations.queries import STATE_WORDS, with_state
from gongkai.obligations.year import year_of
from gongkai.plans.access import access_public_plan
from gongkai.portal import accountability
from gongkai.portal.accountability import HEADINGS, Promise
from gongkai.portal.accountability_cache import answered_cheaply
from gongkai.twins import hosting, of_list

PER_PAGE = 50
MOST = 20_000
"""Rows of one file; a place with more takes it year by year or agency by agency."""
FIRST_YEAR = 2008
"""The first year of the regulation on open government information."""


def _year(request: HttpRequest, today: date) -> int:
    """The year asked for, this one when none or nonsense is."""
    given = request.GET.get("year", "")
    year = int(given) if given.isascii() and given.isdecimal() and len(given) == 4 else today.year
    return year if FIRST_YEAR <= year <= today.year + 1 else today.year


def _years(today: date) -> list[int]:
    return list(range(today.year + 1, today.year - 5, -1))


def _ordered(rows: QuerySet[Any], today: date) -> QuerySet[Any]:
    rows = with_state(rows, today).select_related("owner", "jurisdiction")
    return rows.order_by("owner__jurisdiction__code", "owner__code", F("due_on").asc(nulls_last=True), "pk")


def _csv(found: list[Promise], name: str) -> HttpResponse:
    """The table with a byte order mark, which spreadsheets want; a cell that would run as a formula is made text."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(HEADINGS)
    for row in accountability.as_rows(found):
        cells = ["" if cell is None else str(cell) for cell in row]
        writer.writerow(["'" + cell if starts_formula(cell) else cell for cell in cells])
    answer = HttpResponse("\ufeff" + buffer.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = content_disposition_header(True, f"{name}.csv")
    return answer


def _json(request: HttpRequest, found: list[Promise], **head: Any) -> JsonResponse:
    body = {**head, "url": request.build_absolute_uri(request.path), "promises": accountability.as_json(found)}
    return JsonResponse(body, json_dumps_params={"ensure_ascii": False})


def _figures(figures: accountability.Figures, base: str = "") -> list[dict[str, Any]]:
    """The counts on top; with `base` each opens its rows."""
    names = ("done", "done_late", "overdue", "due_soon", "waived")
    found = [{"label": "承诺", "n": figures.total, "url": f"{base}&state=" if base and figures.total else ""}]
    for state in names:
        n = getattr(figures, state)
        url = f"{base}&state={state}" if base and n else ""
        found.append({"label": STATE_WORDS[state][0], "n": n, "url": url, "alarm": state == "overdue"})
    return found


@require_safe
@answered_cheaply
def index(request: HttpRequest) -> HttpResponse:
    """Every plan and every agency with its figures; `format=json` and `format=csv` give every promise of the year."""
    today = timezone.localdate()
    year = _year(request, today)
    rows = hosting.narrowed(accountability.public_duties(year), "owner")
    if (fmt := request.GET.get("format")) in ("json", "csv"):
        found = accountability.promises(_ordered(rows, today)[:MOST], today)
        return _csv(found, f"承诺兑现 {year}") if fmt == "csv" else _json(request, found, year=year, as_of=today)
    agencies = accountability.accounts_of_agencies(rows, today)
    whole = accountability.Figures()
    for account in agencies:
        whole.add(account.figures)
    context = {
        "year_now": year,
        "years": _years(today),
        "plans": accountability.accounts_of_plans(rows, today),
        "page_obj": Paginator(agencies, PER_PAGE).get_page(request.GET.get("page")),
        "whole": whole,
        "figures": _figures(whole),
        "year": year_of(rows, year, today, whose="各单位"),
        "twins": of_list("accountability", "承诺兑现：最近办结"),
        "today": today,
    }
    return render(request, "portal/accountability.html", context)


def _table(request: HttpRequest, rows: QuerySet[Any], whose: str, today: date, year: int, **context: Any) -> HttpResponse:
    """The page of one agency or one plan. `state` narrows it."""
    base = f"?year={year}"
    figures = accountability.totals(rows, today)
    state = request.GET.get("state", "")
    ordered = _ordered(rows, today)
    shown = ordered.filter(state=state) if state in STATE_WORDS else ordered
    page = Paginator(shown, PER_PAGE).get_page(request.GET.get("page"))
    counts = _figures(figures, base)
    for figure in counts:
        figure["current"] = figure["label"] == (STATE_WORDS[state][0] if state in STATE_WORDS else "承诺")
    context |= {
        "year_now": year,
        "years": _years(today),
        "figures": counts,
        "whole": figures,
        "page_obj": page,
        "promises": accountability.promises(page.object_list, today),
        "year": year_of(rows, year, today, whose=whose),
        "whose": whose,
        "today": today,
    }
    return render(request, "portal/accountability_table.html", context)


@require_safe
@answered_cheaply
def agency(request: HttpRequest, code: str) -> HttpResponse:
    """What one agency promised, and what became of it."""
    found = Agency.objects.select_related("jurisdiction").filter(code=code).first()
    if found is None:
        raise Http404("没有这个单位")
    today = timezone.localdate()
    year = _year(request, today)
    rows = accountability.public_duties(year).filter(owner=found)
    if (fmt := request.GET.get("format")) in ("json", "csv"):
        listed = accountability.promises(_ordered(rows, today)[:MOST], today)
        head = {"agency": {"code": found.code, "name": found.name}, "year": year, "as_of": today}
        return _csv(listed, f"{found.name}承诺兑现 {year}") if fmt == "csv" else _json(request, listed, **head)
    return _table(request, rows, found.name, today, year, agency=found)


@require_safe
@answered_cheaply
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """What one issued plan promised, and what became of it, whatever the year; `year` chooses the picture."""
    found = access_public_plan(pk)
    today = timezone.localdate()
    year = _year(request, today) if request.GET.get("year") else found.year or today.year
    rows = accountability.public_duties().filter(source="plan_task", document_id=pk)
    if (fmt := request.GET.get("format")) in ("json", "csv"):
        listed = accountability.promises(_ordered(rows, today)[:MOST], today)
        head = {"plan": {"id": pk, "title": found.title}, "as_of": today}
        return _csv(listed, f"{found.title}承诺兑现") if fmt == "csv" else _json(request, listed, **head)
    return _table(request, rows, found.title, today, year, plan=found, plan_url=reverse("public_plans:detail", args=[pk]))
