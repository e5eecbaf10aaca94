"""/channels/: the list of 政务新媒体 accounts for anybody, with its JSON and csv. No names of persons."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from gongkai.agencies.models import Agency, Jurisdiction
from gongkai.channels import exports, queries
from gongkai.channels.models import Reading
from gongkai.obligations.exports import as_file

PER_PAGE = 50


def _place(request: HttpRequest) -> int | None:
    given = request.GET.get("place", "")
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 18 else None


def _rows(request: HttpRequest) -> Any:
    rows = queries.public_accounts()
    place = _place(request)
    return rows.filter(agency__jurisdiction=place) if place else rows


@require_safe
def accounts(request: HttpRequest) -> HttpResponse:
    page = Paginator(_rows(request), PER_PAGE).get_page(request.GET.get("page"))
    places = Jurisdiction.objects.filter(pk__in=Agency.objects.filter(media_accounts__isnull=False).values("jurisdiction")).order_by("code")
    context = {
        "page_obj": page,
        "rows": queries.with_freshness(page.object_list, timezone.localdate()),
        "places": places,
        "place": _place(request),
    }
    return render(request, "channels/public/accounts.html", context)


def _use(reading: Reading | None) -> dict[str, Any] | None:
    """Messages and answers are of the year of `on`."""
    if reading is None:
        return None
    return {"on": reading.on, "followers": reading.followers, "messages": reading.messages, "answered": reading.answered}


@require_safe
def accounts_json(request: HttpRequest) -> HttpResponse:
    rows = queries.with_freshness(_rows(request), timezone.localdate())
    listed = [
        {
            "name": row.name,
            "platform": row.platform,
            "platform_words": row.platform_words,
            "address": row.address or None,
            "agency": {"code": row.agency.code, "name": row.agency.name},
            "jurisdiction": row.agency.jurisdiction.code,
            "opened_on": row.opened_on,
            "state": row.state,
            "state_words": row.get_state_display(),
            "state_on": row.state_on,
            "last_update": timezone.localdate(row.fresh.last) if row.fresh.last else None,
            "use": _use(row.fresh.reading),
        }
        for row in rows
    ]
    response = JsonResponse({"accounts": listed, "n": len(listed)}, json_dumps_params={"ensure_ascii": False})
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


@require_safe
def accounts_csv(request: HttpRequest) -> HttpResponse:
    rows = queries.with_freshness(_rows(request), timezone.localdate())
    return as_file(exports.accounts_table(rows, public=True), "csv", f"政务新媒体账号 {timezone.localdate()}")
