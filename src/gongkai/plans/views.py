"""Plans for staff: list, import, detail, issue, export. The review has views_review.py, changes and comparison views_compare.py."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongkai.agencies.access import scope_of
from gongkai.agencies.actor import actor_of
from gongkai.agencies.auth import staff_required
from gongkai.agencies.errors import ActionRefused, NotAllowed
from gongkai.obligations.queries import STATE_WORDS
from gongkai.plans import access, actions, exports, listing, queries
from gongkai.plans.forms import ImportForm
from gongkai.plans.links import links, notes
from gongkai.plans.models import Plan, PlanStep
from gongkai.reading.errors import ReadingError

PER_PAGE = 30


@staff_required
@require_GET
def plan_list(request: HttpRequest) -> HttpResponse:
    page = Paginator(listing.plan_rows(request.user), PER_PAGE).get_page(request.GET.get("page"))
    context = {"page_obj": page, "plans": page.object_list, "may_import": bool(scope_of(request.user).office_ids)}
    return render(request, "plans/list.html", context)


@staff_required
@require_http_methods(["GET", "POST"])
def import_plan(request: HttpRequest) -> HttpResponse:
    """One file in, one or several drafts out; a mistake brings the form back as it was."""
    if not scope_of(request.user).office_ids:
        raise NotAllowed("方案由本地区政务公开主管部门导入")
    choices: dict[str, Any] = {"jurisdictions": listing.own_jurisdictions(request.user), "plans": listing.replaceable(request.user)}
    if request.method == "GET":
        return render(request, "plans/import.html", {"form": ImportForm(initial={"supersedes": request.GET.get("supersedes")}, **choices)})
    form = ImportForm(request.POST, request.FILES, **choices)
    if form.is_valid():
        data = form.cleaned_data
        try:
            plans = actions.import_plan(
                data["file"].read(), data["file"].name, data["jurisdiction"], actor_of(request), supersedes=data["supersedes"]
            )
        except ReadingError as error:
            form.add_error("file", str(error))
        except ActionRefused as error:
            form.add_error(None, str(error))
        else:
            found = sum(len(queries.review_tasks(plan)) for plan in plans)
            read = f"读出 {found} 项任务" if len(plans) == 1 else f"读出 {len(plans)} 份方案、{found} 项任务"
            messages.success(request, f"{read}，请核对。")
            return redirect("plans:review", plans[0].pk) if len(plans) == 1 else redirect("plans:list")
    return render(request, "plans/import.html", {"form": form}, status=422)


@dataclass(slots=True)
class StepLine:
    """A line of the record: one step, or a run of the same deed by the same person on the same day."""

    kind: str
    label: str
    at: Any
    actor: Any
    text: str
    many: int = 0

    def get_kind_display(self) -> str:
        return self.label


def step_lines(steps: Iterable[PlanStep]) -> list[StepLine]:
    """Confirming ninety rows is one line with its number, not ninety lines."""
    lines: list[StepLine] = []
    for step in steps:
        last = lines[-1] if lines else None
        together = step.kind in {PlanStep.Kind.ACCEPTED, PlanStep.Kind.EDITED, PlanStep.Kind.REASSIGNED, PlanStep.Kind.EXCLUDED}
        if (
            together
            and last
            and last.kind == step.kind
            and last.actor == step.actor
            and timezone.localdate(last.at) == timezone.localdate(step.at)
        ):
            last.many = (last.many or 1) + 1
            last.at, last.text = step.at, ""
        else:
            lines.append(StepLine(step.kind, step.get_kind_display(), step.at, step.actor, step.text))
    return lines


def _figures(plan: Plan) -> list[dict[str, Any]]:
    """Draft: how far the review is. Issued: tasks by state, each opening its rows on the public page."""
    if plan.state == Plan.State.DRAFT:
        review, tasks = reverse("plans:review", args=[plan.pk]), queries.review_tasks(plan)
        pending = [t for t in tasks if t.review == "pending"]
        attend = [t for t in pending if t.doubts or any(not u.resolved for u in t.units.all())]
        return [
            {"label": "读出", "n": len(tasks), "url": review},
            {"label": "待核对", "n": len(pending), "url": review},
            {"label": "需要看一眼", "n": len(attend), "url": review, "alarm": True},
            {"label": "不是任务", "n": sum(t.review == "not_a_task" for t in tasks), "url": review},
        ]
    totals = queries.plan_totals(plan)
    page = reverse("public_plans:detail", args=[plan.pk])
    return [{"label": "任务", "n": sum(totals.values()), "url": page}] + [
        {"label": STATE_WORDS[state][0], "n": n, "url": f"{page}?state={state}", "alarm": state == "overdue"}
        for state, n in totals.items()
        if n
    ]


@staff_required
@require_GET
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    plan = access.access_plan(request.user, pk)
    text = plan.source_text
    warnings = [
        {"message": w.get("message", ""), "words": " ".join(text[slice(*(w.get("span") or (0, 0)))].split())[:120]} for w in plan.warnings
    ]
    draft = plan.state == Plan.State.DRAFT
    context = {
        "plan": plan,
        "figures": _figures(plan),
        "warnings": warnings,
        "steps": step_lines(listing.steps_of(plan)) if scope_of(request.user).is_office_of(plan.jurisdiction_id) else [],
        "issue_reasons": actions.failure_reasons("issue", plan, actor_of(request)) if draft else [],
        "may_import": scope_of(request.user).is_office_of(plan.jurisdiction_id),
        "exports": exports.FORMATS,
        "links": links(request.user, plan),
    }
    return render(request, "plans/detail.html", context)


@staff_required
@require_http_methods(["GET", "POST"])
def issue(request: HttpRequest, pk: int) -> HttpResponse:
    """First what it will do, then the deed."""
    plan = access.access_plan(request.user, pk)
    if plan.state != Plan.State.DRAFT:
        messages.info(request, "这个方案已经下达。")
        return redirect("plans:detail", pk)
    plan = access.access_draft(request.user, pk)
    reasons = actions.failure_reasons("issue", plan, actor_of(request))
    if request.method == "POST" and not reasons:
        try:
            actions.issue(plan, actor_of(request))
        except ActionRefused as error:
            reasons = error.reasons
        else:
            messages.success(request, "已下达，各单位在台账里看到自己的任务。")
            return redirect("plans:detail", pk)
    preview = None if reasons else queries.issue_preview(plan, timezone.now())
    owners = len(preview.agencies) - preview.helpers if preview else 0
    status = 409 if request.method == "POST" else 200
    return render(
        request,
        "plans/issue.html",
        {"plan": plan, "reasons": reasons, "preview": preview, "owners": owners, "notes": notes(plan)},
        status=status,
    )


@staff_required
@require_POST
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Deletes a draft, so that the file can be read anew. The page says so before; an issued plan is never deleted."""
    plan = access.access_draft(request.user, pk)
    title = plan.title
    try:
        actions.discard(plan, actor_of(request))
    except ActionRefused as error:
        messages.error(request, str(error))
        return redirect("plans:detail", pk)
    messages.success(request, f"草稿《{title}》已删除，可以重新导入。")
    return redirect("plans:list")


@staff_required
@require_GET
def export(request: HttpRequest, pk: int, fmt: str) -> HttpResponse:
    plan = access.access_plan(request.user, pk)
    return exports.download(plan, queries.review_tasks(plan), fmt)
