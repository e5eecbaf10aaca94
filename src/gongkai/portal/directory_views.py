"""机构: the directory by place with search, the page of an agency, the 机构职能目录 of a place as page, Word, Excel and data."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from gongkai.agencies import guides
from gongkai.agencies.models import Agency, Jurisdiction
from gongkai.agencies.queries import course_of, public_agencies
from gongkai.portal import directory, queries
from gongkai.portal.accountability_cache import answered_cheaply

PER_PAGE = 60
MOST = 2000
"""Agencies in the data of the whole directory; a larger installation takes it place by place."""
MAX_ID = 2**63 - 1
JSON = {"ensure_ascii": False}


def _narrowed(request: HttpRequest) -> tuple[str, int | None]:
    given = request.GET.get("place", "")
    place = int(given) if given.isascii() and given.isdecimal() and int(given[:19]) <= MAX_ID else None
    return " ".join(queries.words_of(request.GET.get("q", ""))), place


@require_safe
@answered_cheaply
def index(request: HttpRequest) -> HttpResponse:
    """The directory by place (条例第十二条、第二十条第二项), narrowed by words and place."""
    q, place = _narrowed(request)
    page = Paginator(queries.directory(q, place).select_related("profile"), PER_PAGE).get_page(request.GET.get("page"))
    places = list(queries.places())
    context = {"page_obj": page, "places": places, "tree": directory.tree(places), "place": place, "q": q}
    return render(request, "portal/directory/index.html", context)


@require_safe
@answered_cheaply
def index_json(request: HttpRequest) -> HttpResponse:
    """The twin of the list, with all of each agency; same words, same place, all pages."""
    q, place = _narrowed(request)
    rows = directory.with_all(queries.directory(q, place))[:MOST]
    found = {"agencies": [directory.as_json(one, request) for one in directory.entries(rows)]}
    return JsonResponse(found, json_dumps_params=JSON)


def _agency(code: str) -> Agency:
    """Whoever is or was in the directory: the address of an agency that ended says who followed."""
    found = directory.with_all(Agency.objects.filter(code=code[:40])).first()
    if found is None:
        raise Http404("没有这个单位")
    return found


@require_safe
@answered_cheaply
def agency(request: HttpRequest, code: str) -> HttpResponse:
    found = _agency(code)
    today = timezone.localdate()
    context = {
        "agency": found,
        "one": directory.entry_of(found),
        "ended": bool(found.valid_to and found.valid_to < today),
        "owes_guide": found.kind in guides.rules().kinds,
        "more": directory.belongings(found),
        "children": list(public_agencies().filter(parent=found).order_by("code")),
        "course": list(course_of(found)),
    }
    return render(request, "portal/directory/agency.html", context)


@require_safe
@answered_cheaply
def agency_json(request: HttpRequest, code: str) -> HttpResponse:
    return JsonResponse(directory.as_json(directory.entry_of(_agency(code)), request), json_dumps_params=JSON)


def _place(code: str) -> Jurisdiction:
    found = Jurisdiction.objects.filter(code=code[:12]).first()
    if found is None:
        raise Http404("没有这个地区")
    return found


@require_safe
@answered_cheaply
def functions(request: HttpRequest, code: str) -> HttpResponse:
    """机构职能目录 of a place (S3-4), generated from what its agencies keep."""
    place = _place(code)
    found = directory.of_place(place)
    confirmed = [one.profile.confirmed_on for one in found if one.profile.confirmed_on]
    context = {
        "place": place,
        "entries": found,
        "silent": sum(1 for one in found if not one.functions),
        "confirmed": len(confirmed),
        "oldest": min(confirmed, default=None),
    }
    return render(request, "portal/directory/functions.html", context)


@require_safe
@answered_cheaply
def functions_file(request: HttpRequest, code: str, fmt: str) -> HttpResponse:
    """The same as docx, xlsx or json."""
    place = _place(code)
    today = timezone.localdate()
    found = directory.of_place(place)
    if fmt == "json":
        data = {
            "place": {"code": place.code, "name": place.name},
            "as_of": today,
            "agencies": [directory.as_json(one, request) for one in found],
            "url": request.build_absolute_uri(reverse("portal:directory:functions", args=[place.code])),
        }
        return JsonResponse(data, json_dumps_params=JSON)
    if fmt not in directory.FORMATS:
        raise Http404("没有这种格式")
    name = f"{place.name}机构职能目录.{fmt}"
    return HttpResponse(
        directory.file(place, found, today, fmt),
        content_type=directory.FORMATS[fmt],
        headers={"Content-Disposition": content_disposition_header(True, name)},
    )
