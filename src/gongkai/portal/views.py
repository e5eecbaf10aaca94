"""Public pages that belong to no line of work: home, search, agencies, the statement on accessibility, the map of the site."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from gongkai.plans.access import public_plans
from gongkai.portal import queries
from gongkai.publications.visible import live_editions

YEAR = 365 * 24 * 3600
AGENCIES_PER_PAGE = 60
MAX_ID = 2**63 - 1
MOST_DOCUMENTS = 45_000
"""In the map for search engines, which take 50,000 addresses; older documents are reached from the lists."""
LISTS = (
    "portal:home",
    "documents:list",
    "documents:valid",
    "documents:lists",
    "documents:topics",
    "public_plans:list",
    "portal:accountability",
    "catalogue_public:list",
    "catalogue_kept:negative",
    "catalogue_kept:sectors",
    "catalogue_kept:sites",
    "portal:agencies",
    "portal:accessibility",
    "portal:sitemap",
)


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    context = {
        "documents": queries.latest_documents(),
        "plans": queries.latest_plans(),
        "promises": queries.promises(today),
        "done": queries.just_done(today),
        "due": queries.due_next(today),
        "soon": queries.SOON_DAYS,
        "year": today.year,
    }
    return render(request, "portal/home.html", context)


@require_safe
def agencies(request: HttpRequest) -> HttpResponse:
    """The directory of agencies (条例第十二条: 机关职能、机构设置、办公地址、联系方式), by jurisdiction."""
    given = request.GET.get("place", "")
    place = int(given) if given.isascii() and given.isdecimal() and int(given) <= MAX_ID else None
    q = " ".join(queries.words_of(request.GET.get("q", "")))
    page = Paginator(queries.directory(q, place), AGENCIES_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "portal/agencies.html", {"page_obj": page, "places": queries.places(), "place": place, "q": q})


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/accessibility.html")


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/sitemap.html", {"plans": queries.latest_plans()})


@require_safe
def sitemap_xml(request: HttpRequest) -> HttpResponse:
    """Every public address a search engine should know."""
    pages: list[dict[str, Any]] = [{"url": request.build_absolute_uri(reverse(name))} for name in LISTS]
    for pk, published_at in live_editions().order_by("-published_at").values_list("document", "published_at")[:MOST_DOCUMENTS]:
        pages.append({"url": request.build_absolute_uri(reverse("documents:document", args=[pk])), "changed": published_at})
    for pk, opened_at in public_plans().order_by("pk").values_list("pk", "opened_at"):
        for name in ("public_plans:detail", "public_plans:document"):
            pages.append({"url": request.build_absolute_uri(reverse(name, args=[pk])), "changed": opened_at})
    return render(request, "portal/sitemap.xml", {"pages": pages}, content_type="application/xml")


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
