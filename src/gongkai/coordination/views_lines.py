"""条块: lead departments by areas over one plan, and the rows behind a number."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from gongkai.agencies.access import scope_of
from gongkai.agencies.auth import staff_required
from gongkai.coordination.queries import lines as queries
from gongkai.plans.access import access_public_plan

MOST = 500


@staff_required
@require_GET
def lines(request: HttpRequest, pk: int) -> HttpResponse:
    plan = access_public_plan(pk)
    context = {
        "plan": plan,
        "axes": queries.axes(request.user, plan),
        "groups": [(name, word) for name, (word, _states) in queries.GROUPS.items()],
        "is_office": plan.jurisdiction_id in scope_of(request.user).seen_ids,
    }
    return render(request, "coordination/lines.html", context)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else None


@staff_required
@require_GET
def rows(request: HttpRequest, pk: int) -> HttpResponse:
    """What one number of the table counts."""
    plan = access_public_plan(pk)
    lead, area, group = _number(request.GET.get("lead", "")), _number(request.GET.get("area", "")), request.GET.get("group", "")
    found = queries.rows_behind(request.user, plan, lead, area, group)
    context = {
        "plan": plan,
        "rows": found[:MOST],
        "n": found.count(),
        "most": MOST,
        "words": queries.words_of(lead, area, group),
    }
    return render(request, "coordination/line_rows.html", context)
