"""方案流程: the five steps of one plan, opinions, filing, the acceptance pack."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from gongkai.agencies.access import scope_of
from gongkai.agencies.actor import actor_of
from gongkai.agencies.auth import staff_required
from gongkai.agencies.errors import ActionRefused
from gongkai.coordination import access, choices, exports
from gongkai.coordination.actions import flow as actions
from gongkai.coordination.forms import AdoptForm, AnswerForm, AskForm, FileUpwardForm, IssueForm, ReceiptForm
from gongkai.coordination.pack import acceptance_pack
from gongkai.coordination.queries import checking
from gongkai.coordination.queries import flow as queries
from gongkai.coordination.views import attempt, back, file_response, status_of
from gongkai.obligations.exports import as_file, safe_headers
from gongkai.plans import actions as plan_actions
from gongkai.plans.models import Plan

OPINION_FORMS: dict[str, type[Any]] = {"record_answer": AnswerForm, "adopt": AdoptForm}
DONE = {"record_answer": "答复已登记。", "adopt": "采纳情况已登记。"}


@staff_required
@require_GET
def flow_list(request: HttpRequest) -> HttpResponse:
    return render(request, "coordination/flows.html", {"plans": queries.flow_rows(request.user)})


def _page(request: HttpRequest, plan: Plan, bound: dict[str, Any] | None = None, status: int = 200) -> HttpResponse:
    """`bound`: forms that came back with mistakes, by name (ask, file, issue, answer-3, …)."""
    user, actor, kept = request.user, actor_of(request), bound or {}
    office = scope_of(user).is_office_of(plan.jurisdiction_id)
    opinions, filings = queries.opinions_of(plan), queries.filings_of(plan)
    submitted = queries.submitted_upward(plan)
    draft = plan.state == Plan.State.DRAFT
    today = {"initial": {"answered_on": timezone.localdate(), "received_on": timezone.localdate()}}
    for opinion in opinions:
        verb = "adopt" if opinion.answered_on else "record_answer"
        name = f"{verb}-{opinion.pk}"
        opinion.verb = verb  # type: ignore[attr-defined]
        opinion.form = None  # type: ignore[attr-defined]
        if office and not actions.state_reasons(verb, opinion):
            opinion.form = kept.get(name) or OPINION_FORMS[verb](auto_id=f"{name}_%s", **_fresh(today))  # type: ignore[attr-defined]
            opinion.open = name in kept  # type: ignore[attr-defined]
    for filing in filings:
        filing.form = None  # type: ignore[attr-defined]
        if office and not filing.receipt:
            name = f"receipt-{filing.pk}"
            filing.form = kept.get(name) or ReceiptForm(auto_id=f"{name}_%s", **_fresh(today))  # type: ignore[attr-defined]
            filing.open = name in kept  # type: ignore[attr-defined]
    notes = actions.issue_notes(plan)
    reasons = plan_actions.failure_reasons("issue", plan, actor) if draft and office else []
    context = {
        "plan": plan,
        "is_office": office,
        "stages": queries.stages(plan, opinions, filings, submitted),
        "stage_words": queries.WORDS,
        "opinions": opinions,
        "summary": queries.adoption_summary(opinions) if opinions else {},
        "filings": filings,
        "submitted": submitted,
        "notes": notes,
        "issue_reasons": reasons,
        "issue_form": kept.get("issue")
        or (IssueForm(auto_id="issue_%s") if office and not reasons and actions.must_confirm(plan) else None),
        "ask_form": kept.get("ask") or (AskForm(auto_id="ask_%s", offer={"agencies": choices.near(user)}) if office and draft else None),
        "ask_open": "ask" in kept,
        "file_form": kept.get("file") or (FileUpwardForm(auto_id="file_%s") if office and not draft else None),
        "file_open": "file" in kept,
        "checks": checking.check_rows(user).filter(plan=plan),
        "draft": draft,
    }
    return render(request, "coordination/flow.html", context, status=status)


def _fresh(kwargs: dict[str, Any]) -> dict[str, Any]:
    """Each form its own copy: the form writes its key into `initial`."""
    return {"initial": dict(kwargs["initial"])}


@staff_required
@require_GET
def flow(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, access.access_flow(request.user, pk))


@staff_required
@require_POST
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    plan = access.access_flow(request.user, pk)
    form = AskForm(request.POST, auto_id="ask_%s", offer={"agencies": choices.near(request.user)})

    def deed() -> Plan:
        return actions.ask(plan, actor_of(request), key=str(form.cleaned_data["key"]), **form.arguments())

    if attempt(request, form, deed, "已登记征求意见。") is None:
        return _page(request, plan, {"ask": form}, status_of(form))
    return back("coordination:flow", pk, at="opinions")


@staff_required
@require_POST
def opinion_verb(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    opinion = access.access_opinion(request.user, pk)
    if verb not in OPINION_FORMS:
        raise Http404("没有这个操作")
    form = OPINION_FORMS[verb](request.POST, auto_id=f"{verb}-{pk}_%s")

    def deed() -> Any:
        return getattr(actions, verb)(opinion, actor_of(request), key=str(form.cleaned_data["key"]), **form.arguments())

    if attempt(request, form, deed, DONE[verb]) is None:
        return _page(request, opinion.plan, {f"{verb}-{pk}": form}, status_of(form))
    return back("coordination:flow", opinion.plan_id, at="opinions")


@staff_required
@require_POST
def issue(request: HttpRequest, pk: int) -> HttpResponse:
    """下达 from here, where the opinions stand: what is still to come must be confirmed first."""
    plan = access.access_flow(request.user, pk)
    form = IssueForm(request.POST, auto_id="issue_%s")
    if actions.must_confirm(plan) and not form.is_valid():
        return _page(request, plan, {"issue": form}, 422)
    try:
        plan_actions.issue(plan, actor_of(request))
    except ActionRefused as error:
        for reason in error.reasons:
            messages.error(request, reason)
    else:
        messages.success(request, "已下达，各单位在台账里看到自己的任务。")
    return back("coordination:flow", pk)


@staff_required
@require_POST
def file_upward(request: HttpRequest, pk: int) -> HttpResponse:
    plan = access.access_flow(request.user, pk)
    form = FileUpwardForm(request.POST, auto_id="file_%s")

    def deed() -> Any:
        return actions.file_upward(plan, actor_of(request), key=str(form.cleaned_data["key"]), **form.arguments())

    if attempt(request, form, deed, "报送备案已登记，收到回执后登记编号。") is None:
        return _page(request, plan, {"file": form}, status_of(form))
    return back("coordination:flow", pk, at="filing")


@staff_required
@require_POST
def filing_receipt(request: HttpRequest, pk: int) -> HttpResponse:
    filing = access.access_filing(request.user, pk)
    form = ReceiptForm(request.POST, request.FILES, auto_id=f"receipt-{pk}_%s")

    def deed() -> Any:
        return actions.record_receipt(filing, actor_of(request), key=str(form.cleaned_data["key"]), **form.arguments())

    if attempt(request, form, deed, "回执已登记。") is None:
        return _page(request, filing.plan, {f"receipt-{pk}": form}, status_of(form))
    return back("coordination:flow", filing.plan_id, at="filing")


@staff_required
@require_GET
def filing_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    return file_response(access.access_filing(request.user, pk))


@staff_required
@require_GET
def opinions_export(request: HttpRequest, pk: int, fmt: str) -> HttpResponse:
    plan = access.access_flow(request.user, pk)
    return as_file(exports.opinions_table(plan, queries.opinions_of(plan)), fmt, f"{plan.title[:60]}意见采纳情况")


@staff_required
@require_GET
def pack(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The acceptance pack, written to a temporary file and streamed from there."""
    plan = access.access_flow(request.user, pk)
    if plan.state == Plan.State.DRAFT:
        raise Http404("方案还没有下达，没有可以验收的材料")
    response = FileResponse(acceptance_pack(plan, request.user), content_type="application/zip")
    safe_headers(response, f"{plan.title[:60]}验收材料 {timezone.localdate()}.zip")
    return response
