"""A unit's own part of a plan: what it leads, answers for, helps with and shares with everybody; handing it to sections; its own plan
drafted. And the matrix of who does what in a plan."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from gongkai.agencies.actor import actor_of
from gongkai.agencies.auth import staff_required
from gongkai.agencies.errors import ActionRefused
from gongkai.agencies.models import Agency
from gongkai.obligations import actions, verbs
from gongkai.obligations.access import access_obligation
from gongkai.obligations.models import Obligation
from gongkai.plans import access, matrix, own_document, own_part
from gongkai.plans.models import Plan
from gongkai.plans.original import quote_html
from gongkai.plans.own_forms import HandOverForm


@staff_required
@require_GET
def own_list(request: HttpRequest, pk: int) -> HttpResponse:
    """The units of a plan with their parts, as far as the user sees them. Who sees one unit only is led to it."""
    plan = access.access_issued_plan(request.user, pk)
    parts = own_part.own_parts(plan, access.own_agencies(request.user, plan))
    if len(parts) == 1:
        return redirect("plans:own", pk, parts[0].agency.pk)
    return render(request, "plans/own_list.html", {"plan": plan, "parts": parts})


def _page(
    request: HttpRequest, plan: Plan, agency: Agency, bound: tuple[int, HandOverForm] | None = None, status: int = 200
) -> HttpResponse:
    part = own_part.own_part(plan, agency)
    choices: dict[str, Any] = {}
    if any(part.owned) and not verbs.role_reason("assign", Obligation(owner=agency), request.user):
        choices = {"sections": own_part.sections_of(agency), "people": own_part.people_of(agency)}
    for _key, _words, tasks in part.groups:
        for task in tasks:
            task.quote = quote_html(plan.source_text, task.task)
            for duty in task.duties:
                duty.form = None
                if choices and not verbs.state_reasons("assign", duty, []):
                    duty.form = bound[1] if bound and bound[0] == duty.pk else HandOverForm(duty=duty, **choices)
    context = {
        "plan": plan,
        "agency": agency,
        "part": part,
        "figures": [{"label": words, "n": len(getattr(part, key)), "url": f"#{key}"} for key, words in own_part.GROUPS.items()]
        + [{"label": "已交办", "n": part.handed_over}],
        "exports": own_document.FORMATS,
        "bound": bound[0] if bound else None,
        "all_parts": access.own_agencies(request.user, plan) is None,
    }
    return render(request, "plans/own.html", context, status=status)


@staff_required
@require_GET
def own(request: HttpRequest, pk: int, agency: int) -> HttpResponse:
    plan, unit = access.access_own_part(request.user, pk, agency)
    return _page(request, plan, unit)


@staff_required
@require_POST
def assign(request: HttpRequest, pk: int, agency: int, duty: int) -> HttpResponse:
    """Hands one duty over. A mistake or a refusal brings the page back with everything typed."""
    plan, unit = access.access_own_part(request.user, pk, agency)
    obligation = access_obligation(request.user, duty)
    if (obligation.owner_id, obligation.source, obligation.document_id) != (unit.pk, Obligation.Source.PLAN_TASK, plan.pk):
        raise Http404("这个单位没有这项任务")
    form = HandOverForm(request.POST, duty=obligation, sections=own_part.sections_of(unit), people=own_part.people_of(unit))
    if not form.is_valid():
        return _page(request, plan, unit, (duty, form), status=422)
    try:
        actions.assign(obligation, actor_of(request), key=str(form.cleaned_data["key"]), **form.arguments())
    except ActionRefused as error:
        for reason in error.reasons:
            form.add_error(None, reason)
        return _page(request, plan, unit, (duty, form), status=409)
    messages.success(request, "已交办。")
    return redirect(reverse("plans:own", args=[pk, agency]) + f"#duty-{duty}")


@staff_required
@require_GET
def export(request: HttpRequest, pk: int, agency: int, fmt: str) -> HttpResponse:
    plan, unit = access.access_own_part(request.user, pk, agency)
    return own_document.download(own_part.own_part(plan, unit), fmt)


@staff_required
@require_GET
def matrix_file(request: HttpRequest, pk: int) -> HttpResponse:
    return matrix.download(access.access_plan(request.user, pk))
