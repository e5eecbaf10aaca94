"""Evidence through the web: one address for every verb; a mistake in a form brings it back alone, with everything typed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from gongkai.agencies.actor import actor_of
from gongkai.agencies.auth import staff_required
from gongkai.agencies.errors import ActionRefused, NotAllowed
from gongkai.agencies.models import User
from gongkai.obligations import access, proving
from gongkai.obligations import proving_rules as rules
from gongkai.obligations.evidence_panel import LABELS, form_of
from gongkai.obligations.forms import KeyForm
from gongkai.obligations.models import Evidence, Obligation

HANDED_IN = ("record", "address", "file", "no_change")


@staff_required
@require_POST
def evidence(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """One verb on the evidence of one obligation; `proof` names the piece that is judged or withdrawn."""
    obligation = access.access_obligation(request.user, pk)
    if verb not in LABELS:
        raise Http404("没有这个操作")
    actor = actor_of(request)
    proof = _proof(obligation, request) if verb in ("judge", "withdraw") else None
    if reason := _role(verb, obligation, proof, actor):  # before the form: a mistake in it is no answer to a stranger
        raise NotAllowed(reason)
    form = form_of(verb, obligation, request.POST, request.FILES)
    if not form.is_valid():
        return _again(request, obligation, verb, proof, form, 422)
    try:
        made = _do(verb, obligation, proof, actor, form)
    except ActionRefused as error:
        for reason in error.reasons:
            form.add_error(None, reason)
        return _again(request, obligation, verb, proof, form, 409)
    (messages.warning if made.result == Evidence.Result.FAILED and verb != "withdraw" else messages.success)(request, _said(verb, made))
    return redirect(reverse("obligations:detail", args=[pk]) + "#evidence")


def _proof(obligation: Obligation, request: HttpRequest) -> Evidence:
    number = request.POST.get("proof", "")
    rows = obligation.evidence.select_related("copied_from__obligation")
    row = rows.filter(pk=int(number)).first() if number.isascii() and number.isdigit() and len(number) < 19 else None
    if row is None:
        raise Http404("没有这份佐证")
    row.obligation = obligation
    return row


def _role(verb: str, obligation: Obligation, proof: Evidence | None, actor: User) -> str:
    if proof is not None:
        return rules.judge_role(proof, actor) if verb == "judge" else rules.withdraw_role(proof, actor)
    return rules.declare_role(obligation, actor) if verb == "declare" else rules.hand_in_role(obligation, actor)


def _do(verb: str, obligation: Obligation, proof: Evidence | None, actor: User, form: KeyForm) -> Evidence:
    key, given = str(form.cleaned_data["key"]), form.arguments()
    if verb in HANDED_IN:
        return proving.hand_in(obligation, actor, key=key, **given)
    if verb == "declare":
        return proving.declare_no_change(obligation, actor, key, **given)
    assert proof is not None
    deed: Any = proving.judge if verb == "judge" else proving.withdraw
    return deed(proof, actor, key, **given)


def _said(verb: str, made: Evidence) -> str:
    obligation = made.obligation
    done = f"任务于 {obligation.fulfilled_on} 办结。" if obligation.fulfilled_on else "任务还没有办结。"
    if verb == "withdraw":
        return f"佐证已撤回，理由记入记录。{done}"
    if verb == "declare":
        return f"声明已签署。{done}"
    if verb == "no_change":
        return "声明已提交，等本单位负责人或审核人签署。"
    if made.result == Evidence.Result.TO_JUDGE:
        return "佐证已提交，等主管部门核查。"
    if made.result == Evidence.Result.FAILED:
        return f"{'核查' if verb == 'judge' else '自动核查'}不符合：{made.reason}"
    return f"{'核查符合。' if verb == 'judge' else '自动核查符合。'}{done}"


def _again(request: HttpRequest, obligation: Obligation, verb: str, proof: Evidence | None, form: KeyForm, status: int) -> HttpResponse:
    context = {"ob": obligation, "verb": verb, "label": LABELS[verb], "proof": proof, "form": form}
    return render(request, "obligations/evidence.html", context, status=status)
