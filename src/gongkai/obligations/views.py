"""One obligation, and the verbs of the work on it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from gongkai.agencies.actor import actor_of
from gongkai.agencies.auth import staff_required
from gongkai.agencies.errors import ActionRefused, NotAllowed
from gongkai.obligations import (
    access,
    actions,
    choices,
    deliverables,
    evidence_panel,
    exports,
    proof_fields,
    queries,
    verbs,
    views_clock,
    views_handing,
    views_urging,
)
from gongkai.obligations.deliverables import Deliverable
from gongkai.obligations.forms import FORMS, KeyForm
from gongkai.obligations.models import Obligation
from gongkai.obligations.origins import origin_of, siblings_of


def _form(verb: str, obligation: Obligation, wanted: list[Deliverable], data: Any = None, files: Any = None) -> KeyForm:
    kwargs: dict[str, Any] = {"auto_id": f"{verb}_%s"}
    if verb == "assign":
        kwargs |= {"sections": choices.sections_of(obligation), "people": choices.people_of(obligation)}
        if data is None:
            kwargs["initial"] = {"section": obligation.section_id, "person": obligation.person_id, "inner_due_on": obligation.inner_due_on}
    elif verb == "request_completion" and data is None:
        kwargs["initial"] = {"done_on": timezone.localdate()}
    form = FORMS[verb](data, files, **kwargs)
    if verb == "waive" and not verbs.comes_back(obligation):
        del form.fields["for_good"]
    if verb in ("report_progress", "request_completion"):
        proof_fields.add_proof_fields(form, wanted)
    elif verb == "pass_check" and (needed := verbs.opinion_needed(obligation, wanted)):
        form.fields["text"].required = True
        form.fields["text"].help_text = words = needed + "。"
        form.fields["text"].error_messages["required"] = words
    return form


def _page(request: HttpRequest, obligation: Obligation, bound: tuple[str, KeyForm] | None = None, status: int = 200) -> HttpResponse:
    today = timezone.localdate()
    wanted = deliverables.expected_of(obligation)
    able = [verb for verb in actions.available_verbs(obligation, actor_of(request)) if verb.name in FORMS]
    asked = request.GET.get("do", "")  # what was pressed on the first screen: its form stands open, the others closed
    chosen = bound[0] if bound else next((verb.name for verb in able if verb.name == asked and not verb.reasons), "")
    doable = [
        {
            "name": verb.name,
            "label": verb.label,
            "reasons": verb.reasons,
            "form": bound[1] if bound and bound[0] == verb.name else (None if verb.reasons else _form(verb.name, obligation, wanted)),
            "open": verb.name == chosen,
            "plain": verb.name in ("acknowledge",),
        }
        for verb in able
    ]
    context = {
        "ob": obligation,
        "state": queries.state_of(obligation, today, queries.edge_of(obligation, today)),
        "awaiting": not obligation.fulfilled_on and not obligation.waived_at and verbs.open_request(verbs.checked_kinds(obligation)),
        "ended": "" if obligation.merged_into_id else verbs.ended_words(obligation),  # where it was merged, parts/handing_over.html says
        "origin": origin_of(obligation, request.user),
        "checklist": deliverables.checklist(obligation, wanted),
        "timing": views_clock.part(obligation, request.user),
        "urging": views_urging.part(obligation, request.user),
        "handing": views_handing.part(obligation, request.user),
        "proving": evidence_panel.panel(obligation, request.user),
        "siblings": siblings_of(obligation, request.user),
        "chosen": chosen,
        "able": [v for v in doable if not v["reasons"] or v["open"]],
        "unable": [v for v in doable if v["reasons"] and not v["open"]],
    }
    return render(request, "obligations/detail.html", context, status=status)


@staff_required
@require_GET
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, access.access_obligation(request.user, pk))


@staff_required
@require_POST
def verb(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """One verb on one obligation. A mistake in the form, or a refusal, brings the page back with everything typed."""
    obligation = access.access_obligation(request.user, pk)
    if verb not in FORMS:
        raise Http404("没有这个操作")
    if reason := verbs.role_reason(verb, obligation, request.user):  # before the form: a mistake in it is no answer to a stranger
        raise NotAllowed(reason)
    form = _form(verb, obligation, deliverables.expected_of(obligation), request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, obligation, (verb, form), status=422)
    try:
        getattr(actions, verb)(obligation, request.user, key=str(form.cleaned_data["key"]), **proof_fields.arguments(form))
    except ActionRefused as error:
        for reason in error.reasons:
            form.add_error(None, reason)
        return _page(request, access.access_obligation(request.user, pk), (verb, form), status=409)
    messages.success(request, DONE[verb])
    return redirect(reverse("obligations:detail", args=[pk]) + "#timeline")


DONE = {
    "acknowledge": "已签收。",
    "report_progress": "进展已报送。",
    "request_completion": "已申请办结，等政务公开办核查。",
    "pass_check": "核查通过，已办结。",
    "return_work": "已退回，理由已告知责任单位。",
    "assign": "已交办。",
    "waive": "已免除，理由记入记录。",
    "reinstate": "已取消免除，按原来的期限办理。",
}


@staff_required
@require_GET
def file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A file handed in with a step: always a download, never shown by the browser, for those alone who may see the obligation."""
    stored = access.access_step_file(request.user, pk)
    try:
        response = FileResponse(stored.file.open("rb"), content_type="application/octet-stream")
    except FileNotFoundError as error:
        raise Http404("这个文件不在存储里，请联系管理员核对备份") from error
    exports.safe_headers(response, stored.name)
    return response
