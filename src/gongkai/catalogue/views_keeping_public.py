"""What anybody may read of the living catalogue: the negative list, expansions, public bodies, sites; and the box for suggestions."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.module_loading import import_string
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from gongkai.agencies.errors import ActionRefused
from gongkai.agencies.models import Jurisdiction
from gongkai.catalogue import expansion, exports_keeping, negative, sectors, suggestions
from gongkai.catalogue.access import access_public_item
from gongkai.catalogue.forms_keeping import FindSuggestionForm, SuggestForm
from gongkai.catalogue.models import Expansion, PublicBody, Site
from gongkai.obligations.exports import as_file
from gongkai.twins import hosting, of_list

PER_PAGE = 50


def _place(request: HttpRequest) -> int | None:
    given = request.GET.get("place", "")
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 18 else None


def _listed(request: HttpRequest) -> list[negative.Shown]:
    rows = hosting.narrowed(negative.listed(timezone.localdate()))
    place = _place(request)
    return negative.shown(rows.filter(jurisdiction=place) if place else rows, timezone.localdate())


@require_safe
def negative_list(request: HttpRequest) -> HttpResponse:
    """The classes in force with their law (S2-28), by place."""
    page = Paginator(_listed(request), PER_PAGE).get_page(request.GET.get("page"))
    places = (
        Jurisdiction.objects.filter(negative_classes__in=hosting.narrowed(negative.listed(timezone.localdate())))
        .distinct()
        .order_by("code")
    )
    return render(
        request,
        "catalogue/kept/negative.html",
        {"page_obj": page, "places": places, "place": _place(request), "twins": of_list("negative", "负面清单")},
    )


@require_safe
def negative_export(request: HttpRequest, fmt: str) -> HttpResponse:
    return as_file(exports_keeping.negative_table(_listed(request)), fmt, f"负面清单 {timezone.localdate()}")


@require_safe
def expansions(request: HttpRequest) -> HttpResponse:
    """The log of what superiors added and what became of it below (S4-41)."""
    rows = (
        hosting.narrowed(Expansion.objects.all(), "catalogue__agency")
        .select_related("catalogue__agency", "origin__catalogue__agency")
        .order_by("-proposed_at", "-pk")
    )
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    listed = list(page.object_list)
    names = expansion.names_of(row.origin_id for row in listed)
    context: dict[str, Any] = {
        "page_obj": page,
        "rows": [(row, names.get(row.origin_id, row.origin.code)) for row in listed],
        "basis": expansion.BASIS,
    }
    context |= {"twins": of_list("expansions", "上级扩展的公开事项")}
    return render(request, "catalogue/kept/expansions.html", context)


@require_safe
def sector_list(request: HttpRequest) -> HttpResponse:
    """The eight sectors of 条例第五十五条 with how many bodies are registered in each."""
    living = list(
        hosting.narrowed(PublicBody.objects.all()).filter(agency__valid_to__isnull=True).order_by().values_list("sector", flat=True)
    )
    rows = [(row, living.count(row.id)) for row in sectors.sectors().values()]
    return render(request, "catalogue/kept/sectors.html", {"rows": rows, "table": sectors.table()})


@require_safe
def sector(request: HttpRequest, code: str) -> HttpResponse:
    """The bodies of one sector with what each must publish and how that stands."""
    found = sectors.sectors().get(code)
    if found is None:
        raise Http404("没有这个行业")
    bodies = (
        hosting.narrowed(PublicBody.objects.all())
        .filter(sector=code, agency__valid_to__isnull=True)
        .select_related("agency__jurisdiction", "supervisor")
    )
    page = Paginator(bodies, 20).get_page(request.GET.get("page"))
    context = {"sector": found, "page_obj": page, "rows": sectors.rows_of(page.object_list, timezone.localdate()), "table": sectors.table()}
    return render(request, "catalogue/kept/sector.html", context)


@require_safe
def site_list(request: HttpRequest) -> HttpResponse:
    """Every site there is or was, with its notice, its new address or its archive (S4-52)."""
    rows = hosting.narrowed(Site.objects.all()).select_related("agency__jurisdiction", "merged_into")
    return render(request, "catalogue/kept/sites.html", {"rows": rows})


# Exempt from the token on purpose: the box needs no account and no cookie; its signed key makes one suggestion (suggestions.py).
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def suggest(request: HttpRequest, pk: int) -> HttpResponse:
    """The box of an item on a page of its own; also where the box on the item's page leads."""
    item = access_public_item(pk)
    about = " ".join(request.GET.get("about", "").split())[:100]  # a row of a list, as its page names it
    begun = {"key": suggestions.new_key(item), "text": f"关于“{about}”：" if about else ""}
    form = SuggestForm(request.POST if request.method == "POST" else None, initial=begun)
    if form.is_bound and form.is_valid():
        address_of = import_string(settings.AXES_CLIENT_IP_CALLABLE)  # how this installation sees through its proxies
        sender = suggestions.sender_of(address_of(request))
        try:
            made = suggestions.submit(item, sender=sender, **form.cleaned_data)
        except ActionRefused as error:
            for reason in error.reasons:
                form.add_error(None, reason)
        else:
            return redirect("catalogue_kept:suggestion", code=made.code)
    if form.is_bound:  # what was typed stays, with a key that can be used
        form.data = {**request.POST.dict(), "key": suggestions.new_key(item)}
    standard = suggestions.standard_of(item)
    context: dict[str, Any] = {"item": item, "standard": standard, "form": form, "answered": suggestions.answered(item)[:20]}
    context |= {"twins": of_list("suggestions", "公众建议和答复")}
    return render(request, "catalogue/kept/suggest.html", context, status=422 if form.errors else 200)


@require_safe
def find_suggestion(request: HttpRequest) -> HttpResponse:
    form = FindSuggestionForm(request.GET or None)
    if form.is_bound and form.is_valid():
        if (row := suggestions.by_code(form.cleaned_data["code"])) is not None:
            return redirect("catalogue_kept:suggestion", code=row.code)
        form.add_error("code", "没有这个查询码，请核对后再查")
    return render(request, "catalogue/kept/find_suggestion.html", {"form": form})


@require_safe
def suggestion(request: HttpRequest, code: str) -> HttpResponse:
    """The receipt: who has the code sees what was kept and what was answered."""
    row = suggestions.by_code(code)
    if row is None:
        raise Http404("没有这个查询码")
    duty = suggestions.duties_of([row]).get(row.pk)
    name = expansion.names_of([row.item_id]).get(row.item_id, row.item.code)
    response = render(request, "catalogue/kept/suggestion.html", {"row": row, "due_on": duty.due_on if duty else None, "name": name})
    response.headers["X-Robots-Tag"] = "noindex"
    return response
