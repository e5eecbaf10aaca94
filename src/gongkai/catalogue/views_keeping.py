"""目录管理: the first page, how items stand, one item with its duties, a place's limits."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from gongkai.agencies.actor import actor_of
from gongkai.agencies.auth import staff_required
from gongkai.agencies.errors import NotAllowed
from gongkai.agencies.place_settings import may_set
from gongkai.catalogue import access, contents, exports_keeping, keeping
from gongkai.catalogue import queries_keeping as queries
from gongkai.catalogue.forms_keeping import LimitsForm, StateFilter
from gongkai.catalogue.models import ItemStandard, KeepingTerms
from gongkai.catalogue.states import figures, item_states
from gongkai.catalogue.suggestions import answered
from gongkai.deeds.pages import attempt, back, status_of
from gongkai.obligations.exports import as_file

PER_PAGE = 50


@staff_required
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "catalogue/keeping/home.html", {"front": queries.front(request.user)})


def _asked(request: HttpRequest) -> tuple[StateFilter, list[Any], list[Any]]:
    """(form, all rows, those asked for)."""
    form = StateFilter(request.GET, catalogues=queries.catalogue_choices(request.user))
    form.is_valid()
    data = form.cleaned_data
    rows = queries.state_rows(queries.standards_in_force(request.user, data.get("catalogue"), data.get("q", "")), timezone.localdate())
    return form, rows, queries.chosen(rows, data.get("state", ""))


@staff_required
@require_GET
def states(request: HttpRequest) -> HttpResponse:
    form, rows, found = _asked(request)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "form": form,
        "page_obj": page,
        "figures": figures(row.state for row in rows),
        "filtered": any(form.cleaned_data.values()),
        "query": query.urlencode(),
    }
    return render(request, "catalogue/keeping/states.html", context)


@staff_required
@require_GET
def states_export(request: HttpRequest, fmt: str) -> HttpResponse:
    _form, _rows, found = _asked(request)
    return as_file(exports_keeping.states_table(found), fmt, f"公开事项更新情况 {timezone.localdate()}")


@staff_required
@require_GET
def item(request: HttpRequest, pk: int) -> HttpResponse:
    row = access.access_item(request.user, pk)
    said = ItemStandard.objects.filter(item=row).select_related("version").order_by("-version__number").first()
    context = {
        "item": row,
        "said": said,
        "name": queries.name_of(said) if said else row.code,
        "state": item_states([row], timezone.localdate())[row.pk],
        "duties": queries.duties_of(row),
        "contents": contents.contents_of([row.pk]).get(row.pk, [])[:20],
        "suggestions": answered(row)[:20],
    }
    return render(request, "catalogue/keeping/item.html", context)


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def limits(request: HttpRequest, pk: int) -> HttpResponse:
    place = access.access_place(request.user, pk)
    if not may_set(place.pk, actor_of(request)):
        raise NotAllowed("管理时限由本地区政务公开主管部门设定")
    own = KeepingTerms.objects.filter(jurisdiction=place).values("suggestion_days", "expansion_days", "review_cadence").first()
    form = LimitsForm(request.POST) if request.method == "POST" else LimitsForm(initial=dict(own or {}))
    if form.is_bound:

        def deed() -> KeepingTerms:
            return keeping.set_limits(place, actor_of(request), key=str(form.cleaned_data["key"]), **form.arguments())

        if attempt(request, form, deed, "已保存，从现在起按新的时限。") is not None:
            return back("catalogue_keeping:limits", pk)
    context = {"place": place, "form": form, "now": keeping.limits_in(place.pk)}
    return render(request, "catalogue/keeping/limits.html", context, status=status_of(form) if form.errors else 200)
