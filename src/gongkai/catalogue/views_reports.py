"""校验报告, 覆盖情况, 两版对照, and the 目录清单 of every department of a place."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from gongkai.agencies.auth import staff_required
from gongkai.agencies.models import Jurisdiction
from gongkai.catalogue import access, queries
from gongkai.catalogue.comparing import KINDS
from gongkai.catalogue.comparing import compare as compare_versions
from gongkai.catalogue.coverage import coverage_of, coverage_of_place
from gongkai.catalogue.forms import PlaceFilter
from gongkai.catalogue.listing import list_book
from gongkai.catalogue.models import CatalogueVersion
from gongkai.catalogue.reporting import report_of
from gongkai.catalogue.terms import terms_of
from gongkai.obligations.exports import WRITERS, attachment


def place_of(request: HttpRequest) -> Jurisdiction:
    """`?place=`, else the first this person has."""
    places = access.places_for(request.user)
    form = PlaceFilter(request.GET or None, places=places)
    chosen = form.cleaned_data.get("place") if form.is_bound and form.is_valid() else None
    if chosen is None and request.GET.get("place"):
        raise Http404(access.MISSING)
    found = chosen or places.first()
    if found is None:
        raise Http404(access.MISSING)
    return found


@staff_required
@require_GET
def report(request: HttpRequest, pk: int) -> HttpResponse:
    version = access.access_version(request.user, pk)
    found = report_of(version)
    context = {"version": version, "catalogue": version.catalogue, "report": found, "binding": queries.binding_of(version)}
    return render(request, "catalogue/report.html", context)


@staff_required
@require_GET
def coverage(request: HttpRequest, pk: int) -> HttpResponse:
    version = access.access_version(request.user, pk)
    context = {"version": version, "catalogue": version.catalogue, "matrix": coverage_of(version)}
    return render(request, "catalogue/coverage.html", context)


@staff_required
@require_GET
def place_coverage(request: HttpRequest) -> HttpResponse:
    place = place_of(request)
    whole, each = coverage_of_place(place.pk)
    context = {"place": place, "places": list(access.places_for(request.user)), "matrix": whole, "each": each}
    return render(request, "catalogue/place_coverage.html", context)


@staff_required
@require_GET
def compare(request: HttpRequest, pk: int, other: int) -> HttpResponse:
    """`other` is the version compared with; two of one catalogue, or 404."""
    new, old = access.access_version(request.user, pk), access.access_version(request.user, other)
    if new.catalogue_id != old.catalogue_id or new.pk == old.pk:
        raise Http404("请选同一目录的两版")
    if new.number < old.number:
        new, old = old, new
    changes = compare_versions(old, new, terms_of(new.catalogue.jurisdiction_id))
    counts = [(word, sum(change.kind == kind for change in changes)) for kind, word in KINDS.items()]
    context = {"new": new, "old": old, "catalogue": new.catalogue, "changes": changes, "counts": counts}
    return render(request, "catalogue/compare.html", context)


@staff_required
@require_GET
def place_list(request: HttpRequest) -> HttpResponse:
    """政府信息主动公开目录清单 of every department of a place in one workbook (S4-2)."""
    place = place_of(request)
    versions = CatalogueVersion.objects.filter(state=CatalogueVersion.State.CURRENT, catalogue__in=access.catalogues_for(request.user))
    data = list_book(place, versions.filter(catalogue__jurisdiction=place))
    name = f"{place.name}政府信息主动公开目录清单 {timezone.localdate()}.xlsx"
    return attachment(data, name, WRITERS["xlsx"][1])
