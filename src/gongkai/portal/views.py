"""Public pages that belong to no line of work: home, search, agencies, the statement on accessibility, the map of the site."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from gongkai.portal import queries
from gongkai.portal.accountability_cache import answered_cheaply
from gongkai.publications.public import drawing, facets, listing

YEAR = 365 * 24 * 3600
EXAMPLES = ("义务教育招生", "医保报销", "老旧小区改造", "权责清单", "财政预算")
"""What people look for, in their own words."""
FIELDS = 26
"""Of the pilot (国办发〔2019〕54号)."""
OFTEN = 12
"""Agencies with the most documents shown on the home page; the others stand one step further."""


@require_safe
@answered_cheaply
def home(request: HttpRequest) -> HttpResponse:
    """One page that leads to everything in a step. `?kind=` shows the newest of one kind."""
    kind = request.GET.get("kind", "")
    kind = kind if kind in facets.KINDS else ""
    today = timezone.localdate()
    context = {
        "examples": EXAMPLES,
        "entries": _entries(),
        "kinds": [("", "全部"), *((row.code, row.label) for row in facets.values(facets.FACETS["kind"]) if row.n)],
        "kind": kind,
        "documents": drawing.rows(queries.latest_documents(kind), columns=False),
        "topics": queries.latest_topics(),
        "themes": listing.drawn("home", facets.FACETS["theme"], _themes),
        "fields": listing.drawn("home", facets.FACETS["field"], _fields),
        "agencies": listing.drawn("home", facets.FACETS["agency"], _agencies),
        "plans": queries.latest_plans(),
        "promises": queries.promises(today),
        "done": queries.just_done(today),
        "due": queries.due_next(today),
        "soon": queries.SOON_DAYS,
        "year": today.year,
        "twins": listing.twins_of({"kind": kind} if kind else {}),
    }
    return render(request, "portal/home.html", context)


def _fields() -> list[facets.Value]:
    """The standard fields, those with the most documents first: what a field has to make public is told even where nothing is yet."""
    return sorted(facets.values(facets.FACETS["field"]), key=lambda row: -row.n)[:FIELDS]


def _themes() -> list[facets.Value]:
    return [row for row in facets.values(facets.FACETS["theme"]) if len(row.code) == 2 and row.n]


def _agencies() -> list[facets.Value]:
    """Those with the most documents."""
    some = [row for row in facets.values(facets.FACETS["agency"]) if row.n]
    return sorted(some, key=lambda row: -row.n)[:OFTEN]


REQUESTS = ("requests:start", "requests_public:start", "portal:platform:index", "catalogue_public:list")
ENTRIES = (
    (("portal:platform:index", "documents:list"), "政府信息公开平台", "指南、制度、法定主动公开内容、年报"),
    (REQUESTS, "申请公开政府信息", "没有公开的，可以依法申请，收到之日起 20 个工作日内答复"),
    (("documents:valid",), "现行有效文件库", "今天有效的规章和规范性文件，可以查、可以下载"),
    (("documents:lists",), "清单", "权责清单、中介服务、收费等，一张表看全"),
)


def _entries() -> list[tuple[str, str, str]]:
    """(address, name, what for) of the main doors; each leads to the first of its addresses that this installation has."""
    found = []
    for names, label, words in ENTRIES:
        for name in names:
            try:
                found.append((reverse(name), label, words))
            except NoReverseMatch:
                continue
            break
    return found


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/accessibility.html")


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/sitemap.html", {"plans": queries.latest_plans()})


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
