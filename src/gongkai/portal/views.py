"""Public pages that belong to no line of work: home, search, agencies, the statement on accessibility, the map of the site."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.templatetags.static import static
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

YEAR = 365 * 24 * 3600


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/home.html")


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/search.html")


@require_safe
def agencies(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/agencies.html")


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/accessibility.html")


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/sitemap.html")


@require_safe
def sitemap_xml(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/sitemap.xml", content_type="application/xml")


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/robots.txt", content_type="text/plain; charset=utf-8")


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Browsers that ask for the old address get the one drawing there is."""
    return HttpResponseRedirect(static("seal.svg"))


# Exempt from the token on purpose: it changes nothing but the reader's own type size, and public pages stay free of cookies.
@csrf_exempt
@require_POST
def large_type(request: HttpRequest) -> HttpResponse:
    """长者模式 on (`on=1`) or off, remembered for a year; back to the page it was asked from."""
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        target = resolve_url("portal:home")
    response = HttpResponseRedirect(target)
    if request.POST.get("on") == "1":
        response.set_cookie("large", "1", max_age=YEAR, samesite="Lax", secure=request.is_secure(), httponly=True)
    else:
        response.delete_cookie("large", samesite="Lax")
    return response
