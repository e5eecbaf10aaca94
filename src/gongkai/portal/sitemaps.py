"""sitemap.xml: an index, and parts of at most PART addresses each, cut by the numbers of the records so that a part is one range of an
index however large the site is (sitemaps.org: 50,000 addresses and 50 MB a file at most).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any
from xml.sax.saxutils import escape

from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from gongkai.agencies.queries import public_agencies
from gongkai.obligations.middleware import reads_no_states
from gongkai.plans.access import listed_plans
from gongkai.publications.models import Document
from gongkai.publications.public import cache as public_cache
from gongkai.publications.public import facets
from gongkai.publications.topics.queries import opened as opened_topics
from gongkai.reports.access import listed_reports
from gongkai.twins import address, conditional, hosting

PART = 20_000
"""Numbers of records to a part; a record has two addresses at most."""
LISTS = (
    "portal:home",
    "documents:list",
    "documents:browse",
    "documents:valid",
    "documents:lists",
    "documents:topics",
    "public_plans:list",
    "portal:accountability",
    "catalogue_public:list",
    "catalogue_kept:negative",
    "catalogue_kept:sectors",
    "catalogue_kept:sites",
    "catalogue_kept:expansions",
    "requests:start",
    "requests:answers",
    "portal:agencies",
    "portal:accessibility",
    "portal:sitemap",
    "journal:heads",
    "reports_public:list",
)
Place = tuple[str, datetime | None]


def _pages(first: int, last: int) -> Iterable[Place]:
    """The lists, and every value of a facet that has something: one part, whatever it is asked for."""
    for name in LISTS:
        yield reverse(name), None
    for facet in facets.BY_SLUG.values():
        yield reverse("documents:facet", args=[facet.slug]), None
        if facet.param != "agency":
            for value in facets.values(facet):
                if value.n:
                    yield reverse("documents:facet_value", args=[facet.slug, value.code]), None


def _documents(first: int, last: int) -> Iterable[Place]:
    rows = facets.shown().filter(document__gte=first, document__lte=last).order_by("document").values_list("document", "published_at")
    base = reverse("documents:document", args=[1]).removesuffix("1/")
    for pk, at in rows.iterator(chunk_size=2000):
        yield f"{base}{pk}/", at


def _plans(first: int, last: int) -> Iterable[Place]:
    for pk, at in listed_plans().filter(pk__range=(first, last)).order_by("pk").values_list("pk", "opened_at"):
        for name in ("public_plans:detail", "public_plans:document"):
            yield reverse(name, args=[pk]), at


def _topics(first: int, last: int) -> Iterable[Place]:
    for pk, at in hosting.narrowed(opened_topics()).filter(pk__range=(first, last)).order_by("pk").values_list("pk", "opened_at"):
        yield reverse("documents:topic", args=[pk]), at


def _reports(first: int, last: int) -> Iterable[Place]:
    for pk, at in listed_reports().filter(pk__range=(first, last)).order_by("pk").values_list("pk", "published_at"):
        yield reverse("reports_public:report", args=[pk]), at


def _agencies(first: int, last: int) -> Iterable[Place]:
    for code in public_agencies().filter(hosting.here(), pk__range=(first, last)).order_by("pk").values_list("code", flat=True):
        yield reverse("portal:accountability_agency", args=[code]), None
        yield reverse("documents:facet_value", args=["agencies", code]), None


PARTS: dict[str, tuple[Callable[[int, int], Iterable[Place]], Callable[[], int]]] = {
    "pages": (_pages, lambda: 1),
    "documents": (_documents, lambda: _last(Document.objects.filter(first_published_at__isnull=False))),
    "plans": (_plans, lambda: _last(listed_plans())),
    "topics": (_topics, lambda: _last(opened_topics())),
    "reports": (_reports, lambda: _last(listed_reports())),
    "agencies": (_agencies, lambda: _last(public_agencies())),
}


def _last(rows: Any) -> int:
    return rows.order_by().aggregate(last=Max("pk"))["last"] or 0


def _count(name: str) -> int:
    return -(-PARTS[name][1]() // PART)


@require_safe
@reads_no_states
def index(request: HttpRequest) -> HttpResponse:
    """Every part with the day of its newest document. As many queries as there are kinds and parts of documents."""

    def make() -> HttpResponse:
        lines = []
        for name in PARTS:
            for number in range(1, _count(name) + 1):
                path = reverse("portal:sitemap_part", args=[name, number])
                at = None
                if name == "documents":
                    first, last = _range(number)
                    some = facets.shown().filter(document__gte=first, document__lte=last).order_by()
                    at = some.aggregate(at=Max("published_at"))["at"]
                lines.append(f"<sitemap><loc>{escape(address(path, request))}</loc>{_changed(at)}</sitemap>")
        return _xml("sitemapindex", lines)

    return conditional.answer(request, public_cache.tag(request), None, make)


@require_safe
@reads_no_states
def part(request: HttpRequest, part: str, number: int) -> HttpResponse:
    if part not in PARTS or not 1 <= number <= 100_000 or (number > 1 and number > _count(part)):
        raise Http404("没有这一份网站地图")

    def make() -> HttpResponse:
        home = address("/", request).removesuffix("/")
        places = PARTS[part][0](*_range(number))
        return _xml("urlset", [f"<url><loc>{escape(home + path)}</loc>{_changed(at)}</url>" for path, at in places])

    return conditional.answer(request, public_cache.tag(request), None, make)


def _range(number: int) -> tuple[int, int]:
    return (number - 1) * PART + 1, number * PART


def _changed(at: datetime | None) -> str:
    return f"<lastmod>{timezone.localdate(at).isoformat()}</lastmod>" if at else ""


def _xml(root: str, lines: list[str]) -> HttpResponse:
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    return HttpResponse(head + "\n".join(lines) + f"\n</{root}>\n", content_type="application/xml")
