"""动态扩展 for staff: what superiors offered, what one handed down, deciding, and the log of it all."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongkai.agencies.actor import actor_of
from gongkai.agencies.auth import staff_required
from gongkai.agencies.errors import NotAllowed
from gongkai.catalogue import access, expansion, exports_keeping
from gongkai.catalogue.forms_keeping import ExpansionFilter, HandDownForm, ReasonForm
from gongkai.catalogue.models import Catalogue, CatalogueVersion, Deed, Expansion, ItemStandard
from gongkai.deeds.pages import attempt, back, status_of
from gongkai.obligations.exports import as_file
from gongkai.obligations.forms import KeyForm

PER_PAGE = 50
MAX_EXPORT = 10_000
VERBS: dict[str, tuple[str, type[KeyForm], str]] = {
    "take": ("采纳", KeyForm, "已加入本级目录的修订稿，请按本级情况修改，批准后生效。"),
    "decline": ("不采纳", ReasonForm, "已登记不采纳和理由。"),
}


def _asked(request: HttpRequest) -> tuple[ExpansionFilter, Any]:
    form = ExpansionFilter(request.GET)
    rows = expansion.expansions_for(request.user)
    if form.is_valid() and (state := form.cleaned_data["state"]):
        rows = rows.filter(state=state)
    return form, rows


@staff_required
@require_GET
def expansion_list(request: HttpRequest) -> HttpResponse:
    form, rows = _asked(request)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    listed = list(page.object_list)
    names = expansion.names_of(row.origin_id for row in listed)
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "form": form,
        "page_obj": page,
        "rows": [(row, names.get(row.origin_id, row.origin.code)) for row in listed],
        "filtered": bool(form.is_valid() and form.cleaned_data["state"]),
        "query": query.urlencode(),
        "own": access.catalogues_for(request.user).filter(versions__state=CatalogueVersion.State.CURRENT).order_by("title", "pk")[:200],
    }
    return render(request, "catalogue/keeping/expansions.html", context)


@staff_required
@require_GET
def export(request: HttpRequest, fmt: str) -> HttpResponse:
    _form, rows = _asked(request)
    listed = list(rows[:MAX_EXPORT])
    names = expansion.names_of(row.origin_id for row in listed)
    return as_file(exports_keeping.expansions_table(listed, names), fmt, f"动态扩展记录 {timezone.localdate()}")


def _page(request: HttpRequest, row: Expansion, bound: tuple[str, KeyForm] | None = None, status: int = 200) -> HttpResponse:
    role = expansion.decide_role(row, request.user)
    folds = []
    if not role and not expansion.decide_state(row):
        for verb, (label, kind, _done) in VERBS.items():
            if verb == "decline" and row.state == Expansion.State.DECLINED:
                continue
            form = bound[1] if bound and bound[0] == verb else kind(auto_id=f"{verb}_%s")
            folds.append({"verb": verb, "label": label, "form": form, "open": bool(bound and bound[0] == verb)})
    context = {
        "row": row,
        "said": expansion.said_of(row),
        "folds": folds,
        "waits": role if row.state == Expansion.State.OPEN else "",
        "deeds": Deed.objects.filter(about="expansion", about_id=row.pk).select_related("actor", "agency").order_by("at", "pk"),
    }
    return render(request, "catalogue/keeping/expansion.html", context, status=status)


@staff_required
@require_GET
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, expansion.access_expansion(request.user, pk))


@staff_required
@require_POST
def verb(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    row = expansion.access_expansion(request.user, pk)
    if verb not in VERBS:
        raise Http404("没有这种操作")
    _label, kind, done = VERBS[verb]
    form = kind(request.POST, auto_id=f"{verb}_%s")

    def deed() -> ItemStandard | Expansion:
        action: Any = getattr(expansion, verb)
        return action(row, actor_of(request), key=str(form.cleaned_data["key"]), **form.arguments())

    if attempt(request, form, deed, done) is None:
        return _page(request, row, (verb, form), status_of(form))
    return back("catalogue_keeping:expansion", pk)


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def hand_down(request: HttpRequest, pk: int) -> HttpResponse:
    """Items of a catalogue in force, to be offered to the catalogues below."""
    catalogue = access.access_catalogue(request.user, pk)
    if role := expansion.hand_down_role(catalogue, request.user):
        raise NotAllowed(role)
    standards = ItemStandard.objects.filter(version__catalogue=catalogue, version__state=CatalogueVersion.State.CURRENT)
    form = HandDownForm(request.POST if request.method == "POST" else None, standards=standards.select_related("item"))
    if form.is_bound:

        def deed() -> Catalogue:
            return expansion.hand_down(catalogue, form.chosen(), actor_of(request), key=str(form.cleaned_data["key"]))

        if attempt(request, form, deed, "已扩展到下级同类目录，下级在期限内决定。") is not None:
            return back("catalogue_keeping:expansions")
    context = {"catalogue": catalogue, "form": form, "below": expansion.below(catalogue), "any": standards.exists()}
    return render(request, "catalogue/keeping/hand_down.html", context, status=status_of(form) if form.errors else 200)
