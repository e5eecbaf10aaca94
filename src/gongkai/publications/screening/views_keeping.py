"""What the openness office keeps for screening: wording lists, severities, and the screening of all that is public."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongkai.agencies.access import scope_of
from gongkai.agencies.actor import actor_of
from gongkai.agencies.auth import staff_required
from gongkai.agencies.errors import ActionRefused, NotAllowed
from gongkai.agencies.models import Jurisdiction
from gongkai.deeds.pages import attempt, back, status_of, try_or_tell
from gongkai.formats.ledger import Column, LedgerRow, LedgerTable
from gongkai.obligations.exports import as_file
from gongkai.publications.models import HistoryResult, HistoryScreening, ScreeningPolicy, Wording, WordingList
from gongkai.publications.screening import history as history_screening
from gongkai.publications.screening import wordings
from gongkai.publications.screening.forms import EndForm, ImportForm, PlaceForm, PolicyForm
from gongkai.publications.screening.page import where_words

PER_PAGE = 100
COLUMNS = (
    Column("word", "词语", 14),
    Column("category", "类别", 8),
    Column("action", "处理", 4, "center"),
    Column("advice", "建议用语", 14),
    Column("since", "生效日期", 6, "center"),
    Column("until", "失效日期", 6, "center"),
)
ACTIONS = {"block": "禁用", "warn": "提示"}


def _places(request: HttpRequest) -> Any:
    """Places this person is openness office of; nobody else comes in."""
    places = Jurisdiction.objects.filter(pk__in=scope_of(request.user).office_ids).order_by("code")
    if not places:
        raise NotAllowed("用语表、检查设置和复查由政务公开主管部门办理")
    return places


@staff_required
@require_http_methods(["GET", "POST"])
def wording_lists(request: HttpRequest) -> HttpResponse:
    """The lists, and the import: tried first, taken when the button says so."""
    places = _places(request)
    posted = request.method == "POST"
    form = ImportForm(request.POST if posted else None, request.FILES if posted else None, places=places)
    tried = None
    if posted and form.is_valid():
        data = form.arguments()
        place, file = data.pop("place"), data.pop("file")
        content = file.read()
        if "try" in request.POST:
            try:
                tried = wordings.trial(place, data["name"], content, file.name)
            except ActionRefused as error:
                form.add_error("file", error.reasons)
        else:

            def deed() -> WordingList:
                return wordings.bring_in(
                    place, actor_of(request), key=str(form.cleaned_data["key"]), data=content, filename=file.name, **data
                )

            made = attempt(request, form, deed, "用语表已导入，以后保存的文稿按它检查。")
            if made is not None:
                return back("screening:wording_list", made.pk)
    context = {
        "lists": wordings.lists_for(request.user).annotate(words=Count("entries"))[:PER_PAGE],
        "form": form,
        "tried": tried,
        "hits": wordings.hits(request.user, [], most=20),
    }
    return render(request, "publications/screening/wordings.html", context, status=status_of(form) if form.errors else 200)


@staff_required
@require_GET
def wording_list(request: HttpRequest, pk: int) -> HttpResponse:
    _places(request)
    row = get_object_or_404(wordings.lists_for(request.user), pk=pk)
    entries = Paginator(row.entries.order_by("pk"), PER_PAGE).get_page(request.GET.get("page"))
    hits = {one["masked"]: one for one in wordings.hits(request.user, [], most=10_000)}
    listed: Any = entries.object_list
    for entry in listed:
        entry.hits = hits.get(entry.text)
        entry.action = _action(entry, row)
    may = not wordings.role_reason(row.jurisdiction_id, request.user)
    context = {"list": row, "page": entries, "end_form": EndForm() if may and row.effective_to is None else None}
    return render(request, "publications/screening/wording_list.html", context)


def _action(entry: Wording, row: WordingList) -> str:
    return "允许" if entry.allow else ACTIONS[entry.severity or row.severity]


@staff_required
@require_GET
def export(request: HttpRequest, pk: int, fmt: str) -> HttpResponse:
    """The list in the shape it is imported in."""
    _places(request)
    row = get_object_or_404(wordings.lists_for(request.user), pk=pk)
    cells = [
        LedgerRow(
            {
                "word": entry.text,
                "category": entry.category,
                "action": _action(entry, row),
                "advice": entry.instead,
                "since": entry.effective_from,
                "until": entry.effective_to,
            }
        )
        for entry in row.entries.order_by("pk")
    ]
    return as_file(LedgerTable(row.name, COLUMNS, cells), fmt, row.name[:60])


@staff_required
@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(wordings.lists_for(request.user), pk=pk)
    form = EndForm(request.POST)
    try_or_tell(
        request,
        form,
        lambda: wordings.end(row, actor_of(request), key=str(form.cleaned_data["key"]), on=form.cleaned_data["on"]),
        "用语表已停用。",
    )
    return back("screening:wording_list", pk)


@staff_required
@require_http_methods(["GET", "POST"])
def policy(request: HttpRequest, pk: int) -> HttpResponse:
    place = get_object_or_404(_places(request), pk=pk)
    standing = ScreeningPolicy.objects.filter(jurisdiction=place).first()
    form = PolicyForm(request.POST if request.method == "POST" else None, policy=standing)
    if request.method == "POST":

        def deed() -> ScreeningPolicy:
            return wordings.set_policy(
                place,
                actor_of(request),
                key=str(form.cleaned_data["key"]),
                severities=form.severities(),
                unstripped=form.cleaned_data["unstripped"],
            )

        if attempt(request, form, deed, "已设定；正在拟稿的文稿发布前要按新设定重新检查。") is not None:
            return back("screening:policy", pk)
    context = {"place": place, "form": form, "changed": standing.severities if standing else {}}
    return render(request, "publications/screening/policy.html", context, status=status_of(form) if form.errors else 200)


@staff_required
@require_http_methods(["GET", "POST"])
def histories(request: HttpRequest) -> HttpResponse:
    places = _places(request)
    form = PlaceForm(request.POST if request.method == "POST" else None, places=places)
    if request.method == "POST":

        def deed() -> HistoryScreening:
            return history_screening.start(form.cleaned_data["place"], actor_of(request), key=str(form.cleaned_data["key"]))

        made = attempt(request, form, deed, "复查已经开始，由后台逐件检查，可以离开这个页面。")
        if made is not None:
            return back("screening:history", made.pk)
    rows = history_screening.with_counts(history_screening.histories_for(request.user))[:PER_PAGE]
    context = {"rows": rows, "form": form, "places": places}
    return render(request, "publications/screening/histories.html", context, status=status_of(form) if form.errors else 200)


@staff_required
@require_GET
def history(request: HttpRequest, pk: int) -> HttpResponse:
    _places(request)
    row = get_object_or_404(history_screening.with_counts(history_screening.histories_for(request.user)), pk=pk)
    results = history_screening.standing(HistoryResult.objects.filter(history=row, blocking__gt=0))
    listed = Paginator(results.select_related("document__agency", "revision"), PER_PAGE).get_page(request.GET.get("page"))
    for result in listed.object_list:
        for found in result.findings:
            found["place"] = where_words(found["where"])
            found["name"] = found["why"].partition("：")[0]
    return render(request, "publications/screening/history.html", {"history": row, "page": listed})


@staff_required
@require_GET
def history_progress(request: HttpRequest, pk: int) -> HttpResponse:
    _places(request)
    row = get_object_or_404(history_screening.with_counts(history_screening.histories_for(request.user)), pk=pk)
    response = render(request, "publications/screening/parts/history_progress.html", {"history": row})
    if row.finished_at is not None:
        response["HX-Refresh"] = "true"
    return response
