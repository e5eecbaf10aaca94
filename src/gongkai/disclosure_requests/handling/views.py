"""The page of a case: its state and clock, the panels of every room, its course; the verbs of this room; its files."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from gongkai.agencies.actor import actor_of
from gongkai.agencies.auth import staff_required
from gongkai.deeds.pages import attempt, back, status_of
from gongkai.disclosure_requests import access, loaded
from gongkai.disclosure_requests.after.panel import panel as after
from gongkai.disclosure_requests.handling import parts
from gongkai.disclosure_requests.handling.desk import Desk
from gongkai.disclosure_requests.handling.forms import CaseForm
from gongkai.disclosure_requests.handling.verbs import VERBS
from gongkai.disclosure_requests.models import CaseFile, Deed, DisclosureRequest
from gongkai.disclosure_requests.panels import Maker
from gongkai.disclosure_requests.privacy.panel import panel as privacy
from gongkai.disclosure_requests.queries import STATES
from gongkai.disclosure_requests.replying.panel import panel as replying
from gongkai.formats.annual_report.outcomes import outcomes
from gongkai.obligations.exports import attachment
from gongkai.twins.compiled import GIVEN, Compiled

ROOMS: tuple[Maker, ...] = (
    parts.applicant,
    parts.receipt,
    parts.assignments,
    parts.clarification,
    parts.consultations,
    parts.extension,
    parts.fee,
    parts.often,
    parts.alike,
    parts.files,
    replying,
    parts.letters,
    after,
    privacy,
)
"""In the order of a case."""
STATE_CSS = {
    "waiting": "wait",
    "received": "warn",
    "registered": "warn",
    "clarifying": "wait",
    "charging": "wait",
    "consulting": "wait",
    "signed": "warn",
    "closed": "ok",
    "withdrawn": "wait",
}
"""Colour and shape of a state beside its word; what is not here is plain."""


@staff_required
@require_GET
def case(request: HttpRequest, pk: int) -> HttpResponse:
    row = access.access_case(request.user, pk)
    if "quantity" in request.GET:
        row.reckon = {"by": request.GET.get("by", ""), "quantity": request.GET["quantity"]}  # type: ignore[attr-defined]
    return page(request, row, do=request.GET.get("do", ""))


@staff_required
@require_POST
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """显示申请人: who pressed it, when, stands in the record of looks."""
    row = access.access_case(request.user, pk)
    access.look(request.user, row, "申请人信息和申请内容")
    row.is_shown = True  # type: ignore[attr-defined]
    return page(request, row)


@staff_required
@require_POST
def verb(request: HttpRequest, pk: int, verb: str, on: int | None = None) -> HttpResponse:
    row = access.access_case(request.user, pk)
    spec = VERBS.get(verb)
    if spec is None or (spec.on is None) != (on is None):
        raise Http404("没有这个操作")
    target: Any = row
    if spec.on is not None:
        target = spec.on._default_manager.filter(pk=on, request=row).first()
        if target is None:
            raise Http404(access.MISSING)
        target.request = row
    ident = f"{verb}-{on}" if on is not None else verb
    form = spec.form(request.POST, request.FILES, case=row, target=None if on is None else target, auto_id=f"{ident}_%s")

    def deed() -> Any:
        return spec.run(target, actor_of(request), key=str(form.cleaned_data["key"]), **form.arguments())

    if attempt(request, form, deed, spec.done) is not None:
        gone = verb == "transfer" and not access.requests_for(request.user).filter(pk=pk).exists()
        return back("request_cases:queue") if gone else back("request_cases:case", pk, at=spec.anchor)
    fresh = access.access_case(request.user, pk)
    return page(request, fresh, bound=(ident, form), status=status_of(form))


@staff_required
@require_GET
def file(request: HttpRequest, pk: int) -> HttpResponse:
    """A file of the case, opened for a handler; each opening is written down, by the kind of file alone."""
    row = access.of_case(request.user, CaseFile, pk)
    access.look(request.user, row.request, f"案卷文件：{row.get_kind_display()}")
    if row.removed_at is not None:
        raise Http404("这个文件保存期满，已经清除")
    with row.file.storage.open(row.file.name) as opened:
        return attachment(opened.read(), row.name, row.media_type)


@cache
def _course() -> Compiled[Deed]:
    return Compiled(Deed.objects.filter(request_id=GIVEN).select_related("actor", "agency").order_by("at", "pk"))


def page(
    request: HttpRequest, row: DisclosureRequest, *, do: str = "", bound: tuple[str, CaseForm] | None = None, status: int = 200
) -> HttpResponse:
    """The whole page; also for other rooms, whose refused forms come back on it."""
    loaded.load(row)
    row.state = loaded.state(row)  # type: ignore[attr-defined]
    row.desk = Desk(row, request.user, do, bound)  # type: ignore[attr-defined]
    panels = [panel for maker in ROOMS if (panel := maker(row, request.user)) is not None]
    context = {
        "row": row,
        "duty": row.obligation,
        "state_word": STATES[row.state],  # type: ignore[attr-defined]
        "state_css": STATE_CSS.get(row.state, ""),  # type: ignore[attr-defined]
        "outcome": outcomes()[row.outcome] if row.outcome else None,
        "panels": panels,
        "course": _course()(row.pk),
        "show_url": reverse("request_cases:show", args=[row.pk]),
    }
    return render(request, "disclosure_requests/handling/case.html", context, status=status)
