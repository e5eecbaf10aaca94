"""/site-checks/: how the public site itself fares, by quarter, as page and as data (S4-51)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gongkai.portal.export import watching


@require_safe
def checks(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/export/checks.html", {"quarters": watching.quarters()})


@require_safe
def checks_json(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"quarters": [one.as_json() for one in watching.quarters()]}, json_dumps_params={"ensure_ascii": False})
