"""Requests to the host of a site that was closed or merged: sent on for good, or told where its archive and its notice are."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.template.loader import render_to_string

from gongkai.catalogue.sites import ended_at, target_of


class EndedSites:
    """First of all middleware: the host is not among those Django lets in. Everything else passes untouched."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        host = request.META.get("HTTP_HOST", "")
        site = ended_at(host.lower()) if host else None
        if site is None:
            return self.get_response(request)
        if target := target_of(site, request.path):
            return HttpResponsePermanentRedirect(target)
        page = render_to_string("catalogue/keeping/ended.html", {"ended": site})
        return HttpResponse(page, status=410)
