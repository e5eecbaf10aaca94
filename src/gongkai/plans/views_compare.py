"""What changed in an amended plan, and whether a lower plan answers its superior's."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from gongkai.agencies.access import scope_of
from gongkai.agencies.actor import actor_of
from gongkai.agencies.auth import staff_required
from gongkai.agencies.errors import ActionRefused
from gongkai.plans import access, actions, queries
from gongkai.plans.forms import CompareForm, CounterpartForm
from gongkai.plans.pairs import FILTERS, comparison_context

FIELDS = {"text": "任务", "units": "单位", "deadlines": "时限", "channels": "渠道", "quotas": "数量要求", "joint": "分工"}
KINDS = {"changed": ("有变化", "warn"), "added": ("新增", "ok"), "removed": ("不再有", "late"), "same": ("没有变化", "wait")}


@staff_required
@require_GET
def diff(request: HttpRequest, pk: int) -> HttpResponse:
    plan = access.access_plan(request.user, pk)
    if plan.supersedes is None:
        raise Http404("这个方案没有代替别的方案")
    changes = queries.diff(plan.supersedes, plan)
    shown = request.GET.get("kind", "")
    if shown not in KINDS:
        shown = ""
    here = reverse("plans:diff", args=[pk])
    figures = [{"label": "全部", "n": len(changes), "url": here, "current": not shown}] + [
        {"label": word, "n": sum(c.kind == kind for c in changes), "url": f"{here}?kind={kind}", "current": kind == shown}
        for kind, (word, _css) in KINDS.items()
    ]
    context = {
        "plan": plan,
        "old": plan.supersedes,
        "figures": figures,
        "changes": [
            (c, *KINDS[c.kind], [{"label": FIELDS.get(name, name), "old": old, "new": new} for name, (old, new) in c.fields.items()])
            for c in changes
            if (c.kind == shown if shown else c.kind != "same")
        ],
        "shown": shown,
    }
    return render(request, "plans/diff.html", context)


@staff_required
@require_GET
def compare(request: HttpRequest) -> HttpResponse:
    """Two plans chosen, then their pairs."""
    plans = access.plans_for(request.user).defer("source_text")
    asked = "upper" in request.GET or "lower" in request.GET
    form = CompareForm(request.GET if asked else None, plans=plans)
    context: dict[str, Any] = {"form": form}
    if asked and form.is_valid():
        upper, lower = form.cleaned_data["upper"], form.cleaned_data["lower"]
        base = f"{reverse('plans:compare')}?upper={upper.pk}&lower={lower.pk}"
        context |= comparison_context(upper, lower, request.GET.get("show", ""), base + "&show=")
        context["may_decide"] = scope_of(request.user).is_office_of(upper.jurisdiction_id) or scope_of(request.user).is_office_of(
            lower.jurisdiction_id
        )
        context["show"] = request.GET.get("show", "") if request.GET.get("show") in FILTERS else ""
    return render(request, "plans/compare.html", context, status=200 if not asked or form.is_valid() else 422)


@staff_required
@require_POST
def counterpart(request: HttpRequest) -> HttpResponse:
    """A person's word on one pair; both tasks must lie in plans this person may see."""
    form = CounterpartForm(request.POST)
    if not form.is_valid():
        raise Http404("没有这一对任务")
    data = form.cleaned_data
    upper, lower = access.access_task(request.user, data["upper"]), access.access_task(request.user, data["lower"])
    try:
        actions.confirm_counterpart(upper, lower, data["decision"], actor_of(request))
    except ActionRefused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "已确认对应。" if data["decision"] == "confirmed" else "已标为不对应。")
    show = request.POST.get("show", "")
    address = f"{reverse('plans:compare')}?upper={upper.plan_id}&lower={lower.plan_id}" + (f"&show={show}" if show in FILTERS else "")
    return redirect(f"{address}#upper-{upper.pk}")
