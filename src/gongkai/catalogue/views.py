"""公开目录: the list, a catalogue with its versions, one version with its rows and verbs, export."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongkai.agencies.actor import actor_of
from gongkai.agencies.auth import staff_required
from gongkai.agencies.errors import NotAllowed
from gongkai.catalogue import access, choices, exports, queries
from gongkai.catalogue.actions import catalogues as actions
from gongkai.catalogue.actions import items
from gongkai.catalogue.forms import ApproveForm, CreateForm, ReviseForm, RowsFilter
from gongkai.catalogue.models import Catalogue, CatalogueVersion
from gongkai.catalogue.showing import audience_words, cell_words, limit_words, printed_limit
from gongkai.catalogue.terms import Terms, terms_of
from gongkai.deeds.pages import attempt, back, status_of, try_or_tell
from gongkai.obligations.forms import KeyForm

PER_PAGE = 50
LISTED = 100
State = CatalogueVersion.State


@staff_required
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The catalogues this person reads; `?kind=` and `?q=` narrow."""
    rows = access.catalogues_for(request.user).order_by("jurisdiction__code", "agency__code", "kind", "field", "pk")
    kind, q = request.GET.get("kind", ""), request.GET.get("q", "").strip()[:100]
    if kind in Catalogue.Kind.values:
        rows = rows.filter(kind=kind)
    if q:
        rows = rows.filter(title__icontains=q)
    page = Paginator(rows, LISTED).get_page(request.GET.get("page"))
    context = {
        "rows": queries.catalogue_rows(page.object_list),
        "page_obj": page,
        "kinds": Catalogue.Kind.choices,
        "kind": kind,
        "q": q,
        "can_create": choices.keeping_agencies(request.user).exists(),
    }
    return render(request, "catalogue/home.html", context)


@staff_required
@require_http_methods(["GET", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    agencies = choices.keeping_agencies(request.user).select_related("jurisdiction")
    first = agencies.first()
    if first is None:
        raise NotAllowed("目录由编制单位的经办人、审核人或负责人建立")
    offer: dict[str, Any] = {"agencies": agencies, "templates": choices.templates(request.user), "terms": terms_of(first.jurisdiction_id)}
    form = CreateForm(request.POST if request.method == "POST" else None, **offer)
    if request.method == "POST":

        def deed() -> CatalogueVersion:
            data = form.arguments()
            return actions.create(data.pop("agency"), actor_of(request), key=str(form.cleaned_data["key"]), **data)

        made = attempt(request, form, deed, "目录已建立，可以逐项填写或者导入目录表。")
        if made is not None:
            return back("catalogue:version", made.pk)
    return render(request, "catalogue/create.html", {"form": form}, status=status_of(form) if form.errors else 200)


@staff_required
@require_GET
def catalogue(request: HttpRequest, pk: int) -> HttpResponse:
    """Versions, and what was done."""
    record = access.access_catalogue(request.user, pk)
    versions = list(record.versions.select_related("made_by", "approved_by"))
    figures = {row["version"]: row for row in queries.figures_of([v.pk for v in versions])}
    reasons = actions.failure_reasons("revise", record, actor_of(request))
    pairs = zip(versions, [*versions[1:], None], strict=True)
    context = {
        "catalogue": record,
        "versions": [(v, before, figures.get(v.pk, {}), queries.STATE_CSS[State(v.state)]) for v, before in pairs],
        "revise": None if reasons else ReviseForm(),
        "against": reasons,
        "deeds": queries.deeds_of(record),
        "terms": terms_of(record.jurisdiction_id),
    }
    return render(request, "catalogue/catalogue.html", context)


@staff_required
@require_POST
def revise(request: HttpRequest, pk: int) -> HttpResponse:
    record = access.access_catalogue(request.user, pk)
    form = ReviseForm(request.POST)

    def deed() -> CatalogueVersion:
        return actions.revise(record, actor_of(request), key=str(form.cleaned_data["key"]), reason=form.cleaned_data["reason"])

    made = try_or_tell(request, form, deed, "修订已开始，现行目录不受影响。")
    return back("catalogue:version", made.pk) if made is not None else back("catalogue:catalogue", pk)


class RowView:
    """A row of a version for the screen: coded columns in words."""

    def __init__(self, n: int, row: Any, terms: Terms) -> None:
        self.n, self.row = n, row
        self.channels = cell_words(row, "channels", terms)
        self.audience = audience_words(row)
        self.limit, self.printed = limit_words(row), printed_limit(row)
        self.is_unread = bool(row.limit_words and not row.limit)
        self.method, self.levels = cell_words(row, "method", terms), cell_words(row, "levels", terms)
        self.stage, self.cycle = cell_words(row, "stage", terms), cell_words(row, "cycle", terms)
        self.column = row.item.column


@staff_required
@require_GET
def version(request: HttpRequest, pk: int) -> HttpResponse:
    return _version_page(request, access.access_version(request.user, pk))


def _version_page(request: HttpRequest, record: CatalogueVersion, approve: Any = None, status: int = 200) -> HttpResponse:
    form = RowsFilter(request.GET or None)
    narrow = form.cleaned_data if form.is_bound and form.is_valid() else {}
    rows = queries.standards_of(record, **narrow)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    terms = terms_of(record.catalogue.jurisdiction_id)
    actor = actor_of(request)
    editing = items.failure_reasons(record, actor)
    waiting = actions.failure_reasons("approve", record, actor) if record.state == State.DRAFT else []
    context = {
        "version": record,
        "catalogue": record.catalogue,
        "css": queries.STATE_CSS[State(record.state)],
        "figures": _figures(record, narrow.get("show", "")),
        "form": form,
        "filtered": any(narrow.values()),
        "page_obj": page,
        "rows": [RowView(n, row, terms) for n, row in enumerate(page.object_list, page.start_index())],
        "can_edit": not editing,
        "importing": record.imports.filter(asked_at__isnull=False, applied_at__isnull=True).first(),
        "is_draft": record.state == State.DRAFT,
        "approve": approve or (None if waiting else ApproveForm() if record.state == State.DRAFT else None),
        "waiting": waiting,
        "discard": KeyForm() if not actions.failure_reasons("discard", record, actor) else None,
        "can_bind": not items.bind_reason(record.catalogue, actor),
    }
    return render(request, "catalogue/version.html", context, status=status)


def _figures(record: CatalogueVersion, show: str) -> list[dict[str, Any]]:
    base = reverse("catalogue:version", args=[record.pk])
    found = next(iter(queries.figures_of([record.pk])), {})
    figures: list[dict[str, Any]] = [{"label": "事项", "n": found.get("rows", 0), "url": base, "current": not show}]
    for name, label in (("incomplete", "没写全"), ("unread", "时限待确认"), ("unbound", "没对应栏目")):
        n = found.get(name, 0)
        figures.append({"label": label, "n": n, "url": f"{base}?show={name}", "current": show == name, "alarm": name == "incomplete"})
    return figures


@staff_required
@require_POST
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    record = access.access_version(request.user, pk)
    form = ApproveForm(request.POST)

    def deed() -> CatalogueVersion:
        return actions.approve(record, actor_of(request), key=str(form.cleaned_data["key"]), text=form.cleaned_data["text"])

    if attempt(request, form, deed, "已批准，从现在起执行，公众网站上已经换成这一版。") is None:
        return _version_page(request, access.access_version(request.user, pk), form, status_of(form))
    return back("catalogue:version", pk)


@staff_required
@require_POST
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    record = access.access_version(request.user, pk)
    form = KeyForm(request.POST)

    def deed() -> Catalogue:
        return actions.discard(record, actor_of(request), key=str(form.cleaned_data["key"]))

    made = try_or_tell(request, form, deed, "修订已放弃，现行目录不受影响。")
    return back("catalogue:catalogue", made.pk) if made is not None else back("catalogue:version", pk)


@staff_required
@require_GET
def export(request: HttpRequest, pk: int, fmt: str) -> HttpResponse:
    """xlsx with all columns, so that it can be changed and imported again; docx as printed; csv flat."""
    return exports.as_download(access.access_version(request.user, pk), fmt)
