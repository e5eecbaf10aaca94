"""The page on which an event is recorded, from which a limit of a plan's task runs."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from gongkai.agencies.actor import actor_of
from gongkai.agencies.auth import staff_required
from gongkai.agencies.errors import ActionRefused, NotAllowed
from gongkai.obligations.access import access_obligation
from gongkai.obligations.models import Obligation
from gongkai.obligations.periods import period_words
from gongkai.plans.actions.events import NTH, event_reasons, limits_of, record_event
from gongkai.plans.event_form import EventForm

SHOWN = 20


@staff_required
@require_http_methods(["GET", "POST"])
def event(request: HttpRequest, duty: int) -> HttpResponse:
    """The form, what was recorded before, and why it cannot be recorded now. 404 for a duty that waits for no event."""
    obligation = access_obligation(request.user, duty)
    limits = limits_of(obligation)
    if not limits:
        raise Http404("这项任务的期限不由事件起算")
    reasons = event_reasons(obligation, request.user)
    if request.method == "POST" and reasons:
        raise NotAllowed(reasons[0])
    form = EventForm(request.POST or None, limits=limits, basis=obligation.basis)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                child = record_event(obligation, actor_of(request), key=str(form.cleaned_data["key"]), **form.arguments())
            except ActionRefused as error:
                status = 409
                for reason in error.reasons:
                    form.add_error(None, reason)
            else:
                messages.success(request, f"已登记，期限 {child.due_on}。")
                return redirect("obligations:detail", child.pk)
    of_task = {"source": obligation.source, "subject_id": obligation.subject_id, "owner": obligation.owner, "share": obligation.share}
    before = Obligation.objects.filter(**of_task, period__regex=NTH)
    rows = list(before.order_by("-starts_on", "-pk")[:SHOWN])
    for row in rows:
        row.period_name = period_words(row)  # type: ignore[attr-defined]
    context = {"ob": obligation, "form": form, "reasons": reasons, "limits": limits, "before": rows, "today": timezone.localdate()}
    return render(request, "plans/event.html", context, status=status)
