"""算期限: a tool for everybody on the staff. A GET form, so that an answer has an address that can be passed on."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from gongkai.agencies.auth import memberships_of, staff_required
from gongkai.clocks.clock import due
from gongkai.clocks.errors import ClockError
from gongkai.clocks.limits import UNITS
from gongkai.workbench.clock import WEEKDAYS, limit_clock
from gongkai.workbench.forms_deadline import DeadlineForm

SQUARES = 120


@require_safe
@staff_required
def deadline(request: HttpRequest) -> HttpResponse:
    """The form, and under it the answer to what the address asks. What cannot be counted is one sentence (422)."""
    asked = any(request.GET.get(name) for name in ("limit", "n", "start", "channel", "submitted", "received", "confirmed"))
    places = {row.agency.jurisdiction.code: row.agency.jurisdiction.name for row in memberships_of(request.user)}
    form = DeadlineForm(request.GET if asked else None, today=timezone.localdate(), places=sorted(places.items()))
    answer = _answer(form) if asked and form.is_valid() else None
    status = 422 if asked and answer is None else 200
    return render(request, "workbench/deadline.html", {"form": form, "answer": answer}, status=status)


def _answer(form: DeadlineForm) -> dict[str, Any] | None:
    limit, calendar = form.cleaned_data["rule"], form.calendar()
    try:
        found = due(form.cleaned_data["begin"], limit, calendar)
    except ClockError as error:
        form.add_error(None, str(error))
        return None
    assert found.on is not None  # nothing suspends a clock of one start
    shown = f"{found.at:%Y-%m-%d %H:%M}" if found.at else f"{found.on}"
    return {
        "due": f"{shown}（周{WEEKDAYS[found.on.weekday()]}）",
        "after": limit.kind == "at_least",
        "clock": limit_clock(found, calendar, shown=SQUARES),
        "limit": limit if limit.id else None,
        "cap": f"{limit.cap} {UNITS[limit.unit]}" if limit.cap else "",
        "receipt": form.cleaned_data["receipt"],
        "calendar": calendar.version,
    }
