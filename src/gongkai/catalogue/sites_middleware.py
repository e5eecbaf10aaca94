"""Requests to the host of a site: an open one is answered with what belongs to it, one that was closed or merged sends on for good or
tells where its archive and its notice are.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect, HttpResponseRedirect
from django.template.loader import render_to_string

from gongkai.catalogue import hosts
from gongkai.catalogue.sites import ended_at, target_of
from gongkai.twins import hosting

STAFF = "/work/"


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


class OwnHosts:
    """Sets `request.site` and the site of this request's lists. The host of an open site is let in besides GONGKAI_HOSTS; every other
    host is Django's to refuse (400). The workbench stands on the main host alone: one place to log in, one cookie."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.META.get("HTTP_HOST", "")
        site = hosts.open_at(given)
        request.site = site  # type: ignore[assignment]
        if site is None:
            return self.get_response(request)
        request.get_host = lambda: given.lower()  # type: ignore[method-assign]
        if request.path.startswith(STAFF):
            return self._staff(request, site)
        with hosting.at(site):
            return self.get_response(request)

    def _staff(self, request: HttpRequest, site: hosting.Host) -> HttpResponse:
        if settings.BASE_URL and request.method in ("GET", "HEAD"):
            return HttpResponseRedirect(settings.BASE_URL + request.get_full_path())
        page = render_to_string("catalogue/keeping/staff_elsewhere.html", {"own": site, "base": settings.BASE_URL})
        return HttpResponse(page, status=404)
