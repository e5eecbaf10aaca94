"""工作建议, 转主动公开 and 常见问题: lists, and what can be done to each."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from gongkai.agencies.access import scope_of
from gongkai.agencies.actor import actor_of
from gongkai.agencies.auth import staff_required
from gongkai.agencies.models import Agency
from gongkai.deeds.pages import try_or_tell
from gongkai.disclosure_requests import access
from gongkai.disclosure_requests.actions import frequent, opening, suggesting
from gongkai.disclosure_requests.after import doors, forms
from gongkai.disclosure_requests.after.offers import offers
from gongkai.disclosure_requests.after.pages import data, paged, verb
from gongkai.disclosure_requests.after.views import _agencies, both, crumbs
from gongkai.disclosure_requests.models import DisclosureRequest
from gongkai.obligations.forms import KeyForm

OFFERED = 30


@staff_required
@require_GET
def suggestions(request: HttpRequest) -> HttpResponse:
    user = request.user
    rows = doors.suggestions_for(user)
    received = rows.filter(doors.of_mine(user, "to"))
    box = request.GET.get("box", "received")
    shown = received if box == "received" else rows.filter(doors.of_mine(user, "agency"))
    context = {"page": paged(request, shown), "box": box, "crumbs": crumbs(), "may": access.agencies_of(user).exists()}
    return render(request, "disclosure_requests/after/suggestions.html", context)


@staff_required
@both
def new_suggestion(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    case = _case_of(request, actor)
    agencies = _agencies(actor)
    if case is not None:
        agencies = agencies.filter(pk=case.agency_id)
    places = {agency.jurisdiction_id for agency in agencies} | set(scope_of(actor).seen_ids)
    receivers = Agency.objects.filter(jurisdiction__in=places, valid_to__isnull=True).order_by("jurisdiction__code", "code")
    form = forms.SuggestionForm(data(request), agencies=agencies, receivers=receivers)
    return verb(
        request,
        form,
        title="提出工作建议",
        deed=lambda key, agency, **told: suggesting.suggest(agency, actor, key=str(key), request=case, **told),
        done="已经送出，对方在“收到的工作建议”里看到。",
        to=lambda made: reverse("request_cases:suggestion", args=[made.pk]),
        button="送出",
        crumbs=crumbs(("工作建议", "request_cases:suggestions")),
        lead="申请中发现依法行政方面的问题，向相关单位提出工作建议。对方看不到申请和申请人。",
    )


def _case_of(request: HttpRequest, actor: Any) -> DisclosureRequest | None:
    given = request.GET.get("case", "")
    return access.access_case(actor, int(given)) if given.isascii() and given.isdigit() and len(given) < 18 else None


@staff_required
@both
def suggestion(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    row = doors.one(doors.suggestions_for(actor), pk)
    role = suggesting.answer_role(row, actor)
    return verb(
        request,
        forms.WordsForm(data(request)),
        title=f"工作建议：致{row.to.display_name}",
        deed=lambda key, words: suggesting.answer(row, actor, key=str(key), words=words),
        done="已经回复。",
        to=lambda made: reverse("request_cases:suggestion", args=[made.pk]),
        button="回复",
        crumbs=crumbs(("工作建议", "request_cases:suggestions")),
        reasons=[role] if role else suggesting.answer_reasons(row),
        more={"row": row, "sender": row.agency_id in scope_of(actor).agency_ids},
        template="disclosure_requests/after/suggestion.html",
    )


@staff_required
@both
def proposals(request: HttpRequest) -> HttpResponse:
    """What is offered, each with a form that takes it up; below, what was taken up."""
    actor = actor_of(request)
    mine = {agency.pk: agency for agency in access.agencies_of(actor)}
    found = offers(mine) if mine else []
    among = [row.pk for offer in found for row in offer.rows]
    if request.method == "POST":
        form = forms.ProposeForm(request.POST, among=among)

        def deed() -> Any:
            rows = list(DisclosureRequest.objects.filter(pk__in=form.cleaned_data["requests"]).select_related("agency__jurisdiction"))
            suggested = any(row.suggests_opening for row in rows)
            told = {"subject": form.cleaned_data["subject"], "requests": rows, "suggested_by_applicant": suggested}
            return opening.propose(mine[rows[0].agency_id], actor, key=str(form.cleaned_data["key"]), **told)

        made = try_or_tell(request, form, deed, "已列入，请审核人或者负责人审核。")
        return redirect(reverse("request_cases:proposal", args=[made.pk]) if made is not None else reverse("request_cases:proposals"))
    listed = []
    for n, offer in enumerate(found[:OFFERED]):
        initial = {"subject": offer.subject, "requests": [row.pk for row in offer.rows]}
        listed.append((offer, forms.ProposeForm(among=among, auto_id=f"o{n}_%s", initial=initial)))
    rows = doors.proposals_for(actor).prefetch_related("requests")
    context = {"offers": listed, "more": max(0, len(found) - OFFERED), "page": paged(request, rows), "crumbs": crumbs()}
    return render(request, "disclosure_requests/after/proposals.html", context)


@staff_required
@both
def proposal(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    row = doors.one(doors.proposals_for(actor), pk)
    role = opening.decide_role(row, actor)
    return verb(
        request,
        forms.DecideForm(data(request)),
        title=f"转为主动公开：{row.subject}",
        deed=lambda key, **told: opening.decide(row, actor, key=str(key), **told),
        done="已经审核。",
        to=lambda made: reverse("request_cases:proposal", args=[made.pk]),
        button="审核",
        crumbs=crumbs(("转主动公开", "request_cases:proposals")),
        reasons=[role] if role and not row.decided_at else opening.decide_reasons(row),
        more={"row": row, "asked": list(row.requests.only("pk", "number", "subject", "received_on").order_by("pk"))},
        template="disclosure_requests/after/proposal.html",
    )


@staff_required
@require_GET
def answers(request: HttpRequest) -> HttpResponse:
    rows = doors.answers_for(request.user).order_by("-pk")
    context = {"page": paged(request, rows), "crumbs": crumbs(), "may": access.agencies_of(request.user).exists()}
    return render(request, "disclosure_requests/after/answers.html", context)


@staff_required
@both
def new_answer(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    case = _case_of(request, actor)
    agencies = _agencies(actor)
    initial: dict[str, Any] = {}
    if case is not None:
        agencies = agencies.filter(pk=case.agency_id)
        initial = {"question": case.subject}
    return verb(
        request,
        forms.AnswerForm(data(request), agencies=agencies, initial=initial),
        title="拟写常见问题",
        deed=lambda key, agency, **told: frequent.draft(agency, actor, key=str(key), request=case, **told),
        done="已保存，请另一人审核公开。",
        to=lambda made: reverse("request_cases:answer", args=[made.pk]),
        button="保存",
        crumbs=crumbs(("常见问题", "request_cases:answers")),
        lead="多人问起的，写成不含任何个人信息的问答，审核以后公开在“依申请公开”页面。",
    )


@staff_required
@both
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """The answer, with what can be done to it: saved again, published by another, taken down."""
    actor = actor_of(request)
    row = doors.one(doors.answers_for(actor), pk)
    do = request.GET.get("do", "")
    role = frequent.publish_role(row, actor)
    if do == "publish":
        form: Any = KeyForm(data(request))
        label, done, reasons = "审核公开", "已经公开。", [role] if role else frequent.publish_reasons(row)
        deed: Any = lambda key: frequent.publish(row, actor, key=str(key))  # noqa: E731
    elif do == "withdraw":
        form = forms.ReasonForm(data(request))
        label, done, reasons = "撤下", "已经撤下。", frequent.withdraw_reasons(row)
        deed = lambda key, reason: frequent.withdraw(row, actor, key=str(key), reason=reason)  # noqa: E731
    else:
        agencies = Agency.objects.filter(pk=row.agency_id)
        form = forms.AnswerForm(data(request), agencies=agencies, initial={"question": row.question, "answer": row.answer})
        label, done, reasons = "保存", "已保存，请另一人审核公开。", frequent.draft_reasons(row)
        deed = lambda key, agency, **told: frequent.draft(row.agency, actor, key=str(key), row=row, **told)  # noqa: E731
    return verb(
        request,
        form,
        title=row.question,
        deed=deed,
        done=done,
        to=lambda made: reverse("request_cases:answer", args=[made.pk]),
        button=label,
        crumbs=crumbs(("常见问题", "request_cases:answers")),
        reasons=reasons,
        more={"row": row, "do": do, "may_publish": not role},
        template="disclosure_requests/after/answer.html",
    )
