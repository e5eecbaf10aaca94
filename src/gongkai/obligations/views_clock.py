"""The clock on the page of an obligation: what happened to it, and the forms that record what happens next."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Prefetch, prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from gongkai.agencies.actor import actor_of
from gongkai.agencies.auth import staff_required
from gongkai.agencies.errors import ActionRefused, NotAllowed
from gongkai.clocks.limits import UNITS
from gongkai.obligations import access, clock_verbs, clocking
from gongkai.obligations.forms_clock import ClockForm
from gongkai.obligations.models import ClockEvent, Obligation


def part(obligation: Obligation, user: Any, bound: ClockForm | None = None) -> dict[str, Any]:
    """What templates/obligations/parts/clock.html shows: the limit, its events, and the forms this person may send."""
    limit = clocking.limit_of(obligation)
    events: list[ClockEvent] = []
    if limit is not None:
        prefetch_related_objects([obligation], Prefetch("clock_events", ClockEvent.objects.select_related("approved_by", "actor")))
        events = list(obligation.clock_events.all())
    able: list[dict[str, Any]] = []
    unable: list[dict[str, Any]] = []
    if limit is not None and not clocking.may_keep_clock(obligation, user):
        for kind, label in clock_verbs.LABELS.items():
            mine = bound is not None and bound.event == kind
            reasons = [] if mine else clock_verbs.failure_reasons(kind, obligation)
            row = {"kind": kind, "label": label, "reasons": reasons, "open": mine}
            if reasons:
                unable.append(row)
            else:
                able.append(row | {"form": bound if mine else ClockForm(kind, obligation, user)})
    closed = obligation.fulfilled_on or obligation.waived_at or obligation.replaced_on
    return {
        "limit": limit,
        "unit": UNITS[limit.unit] if limit else "",
        "events": events,
        "able": able,
        "unable": [] if closed else unable,
        "open": bound is not None,
    }


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def clock(request: HttpRequest, pk: int) -> HttpResponse:
    """GET: clock, events and forms on a page of their own. POST: records one event; a mistake or a refusal brings everything typed back."""
    obligation = access.access_obligation(request.user, pk)
    if request.method != "POST":
        return _page(request, obligation)
    if reason := clocking.may_keep_clock(obligation, request.user):
        raise NotAllowed(reason)
    kind = request.POST.get("kind", "")
    if kind not in clock_verbs.LABELS or not obligation.limit:
        raise Http404("没有这个操作")
    form = ClockForm(kind, obligation, request.user, request.POST)
    if not form.is_valid():
        return _page(request, obligation, form, status=422)
    arguments = {name: value for name, value in form.arguments().items() if name not in ("kind", "on")}
    try:
        clocking.record(obligation, kind, form.cleaned_data["on"], actor_of(request), key=str(form.cleaned_data["key"]), **arguments)
    except ActionRefused as error:
        for words in error.reasons:
            form.add_error(None, words)
        return _page(request, access.access_obligation(request.user, pk), form, status=409)
    messages.success(request, clock_verbs.DONE[kind])
    return redirect(reverse("obligations:detail", args=[pk]) + "#clock")


def _page(request: HttpRequest, obligation: Obligation, form: ClockForm | None = None, status: int = 200) -> HttpResponse:
    context = {"ob": obligation, "timing": part(obligation, request.user, form)}
    return render(request, "obligations/clock.html", context, status=status)
