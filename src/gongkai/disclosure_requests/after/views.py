"""更正申请 and 复议诉讼: lists, and what can be done to each."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods

from gongkai.agencies.actor import actor_of
from gongkai.agencies.auth import staff_required
from gongkai.agencies.errors import ActionRefused
from gongkai.disclosure_requests import access
from gongkai.disclosure_requests.access import access_case
from gongkai.disclosure_requests.actions import contesting, correcting
from gongkai.disclosure_requests.actions.base import no_role
from gongkai.disclosure_requests.after import doors, forms
from gongkai.disclosure_requests.after.pages import data, paged, verb
from gongkai.disclosure_requests.letters import files, pdf
from gongkai.disclosure_requests.letters.content import of_correction
from gongkai.disclosure_requests.models import Correction, DisclosureRequest, Remedy
from gongkai.obligations.exports import attachment

HOME = ("答复以后", "request_cases:after")
both = require_http_methods(["GET", "HEAD", "POST"])


def crumbs(*more: tuple[str, str]) -> list[tuple[str, str]]:
    return [(name, reverse(address)) for name, address in (HOME, *more)]


@staff_required
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    user = request.user
    mine = doors.of_mine(user, "to")
    counts: list[dict[str, Any]] = [
        {"label": "更正申请待告知", "n": doors.corrections_for(user).filter(answered_on=None).count(), "url": "corrections"},
        {"label": "复议诉讼未审结", "n": doors.remedies_for(user).filter(closed_on=None).count(), "url": "remedies"},
        {"label": "收到的工作建议待回复", "n": doors.suggestions_for(user).filter(mine, answered_at=None).count(), "url": "suggestions"},
        {"label": "转主动公开待审核", "n": doors.proposals_for(user).filter(decided_at=None).count(), "url": "proposals"},
        {"label": "常见问题待审核", "n": doors.answers_for(user).filter(published_at=None).count(), "url": "answers"},
    ]
    for item in counts:
        item["url"] = reverse(f"request_cases:{item['url']}")
    again = access.requests_for(user).filter(doors.of_mine(user, "agency"), reopened_on__isnull=False).count()
    counts.append({"label": "正在重新答复", "n": again, "url": f"{reverse('request_cases:statistics_rows')}?what=reopened"})
    return render(request, "disclosure_requests/after/home.html", {"counts": counts})


@staff_required
@require_GET
def corrections(request: HttpRequest) -> HttpResponse:
    page = paged(request, doors.corrections_for(request.user))
    context = {"page": page, "may": access.agencies_of(request.user).exists(), "crumbs": crumbs()}
    return render(request, "disclosure_requests/after/corrections.html", context)


@sensitive_post_parameters()
@staff_required
@both
@sensitive_variables()
def new_correction(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    agencies = _agencies(actor)
    form = forms.CorrectionForm(data(request), agencies=agencies, initial={"received_on": timezone.localdate()})

    def deed(key: Any, number: str, agency: Any, **told: Any) -> Correction:
        case = None
        if number.strip():
            case = access.requests_for(actor).filter(agency=agency, number=number.strip()).first()
            if case is None:
                raise ActionRefused(f"本机关没有编号为“{number.strip()[:80]}”的申请，请核对，或者留空")
        return correcting.register(agency, actor, key=str(key), request=case, **told)

    return verb(
        request,
        form,
        title="登记更正申请",
        deed=deed,
        done="更正申请已经登记。",
        to=lambda made: reverse("request_cases:correction", args=[made.pk]),
        button="登记",
        crumbs=crumbs(("更正申请", "request_cases:corrections")),
        lead="有证据证明政府信息记录不准确的，可以要求更正（条例第四十一条）。申请人的信息加密保存，只有本机关的经办人能看到。",
    )


@staff_required
@both
@sensitive_variables()
def correction(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    row = doors.one(doors.corrections_for(actor), pk)
    may = access.acts_for(actor, row.agency)
    form = forms.CorrectionAnswerForm(data(request), initial={"answered_on": timezone.localdate()})
    shown = request.method == "GET" and "show" in request.GET and may
    if shown:
        correcting.look(row, actor)
    return verb(
        request,
        form,
        title=f"更正申请 {row.number}",
        deed=lambda key, **told: correcting.answer(row, actor, key=str(key), **told),
        done="结果已经登记。",
        to=lambda made: reverse("request_cases:correction", args=[made.pk]),
        button="登记结果",
        crumbs=crumbs(("更正申请", "request_cases:corrections")),
        reasons=correcting.answer_reasons(row),
        more={"row": row, "shown": shown, "may": may},
        template="disclosure_requests/after/correction.html",
    )


@staff_required
@require_GET
@sensitive_variables()
def correction_letter(request: HttpRequest, pk: int, fmt: str) -> HttpResponse:
    """The applicant is told in writing: the letter of the result, for who handles it; each look is written down."""
    actor = actor_of(request)
    row: Correction = doors.one(doors.corrections_for(actor), pk)
    if row.answered_on is None or row.anonymised_at or fmt not in files.FORMATS or not access.acts_for(actor, row.agency):
        raise Http404(doors.MISSING)
    correcting.look(row, actor)
    try:
        name, content = files.written(of_correction(row), fmt)
    except pdf.NoBooklet as error:
        return render(request, "disclosure_requests/replying/no_pdf.html", {"problem": str(error)}, status=503)
    return attachment(content, name, files.MEDIA[fmt])


@staff_required
@require_GET
def remedies(request: HttpRequest) -> HttpResponse:
    rows = doors.remedies_for(request.user).order_by("closed_on", "-filed_on", "-pk")
    if request.GET.get("open"):
        rows = rows.filter(closed_on=None)
    context = {"page": paged(request, rows), "crumbs": crumbs(), "open": request.GET.get("open")}
    return render(request, "disclosure_requests/after/remedies.html", context)


@staff_required
@both
def new_remedy(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    case = access_case(actor, pk)
    form = forms.RemedyForm(data(request), case=case, initial={"filed_on": timezone.localdate()})
    return verb(
        request,
        form,
        title="登记复议、诉讼",
        deed=lambda key, **told: contesting.file(case, actor, key=str(key), **told),
        done="已登记。",
        to=lambda made: _case(case),
        button="登记",
        crumbs=[(case.number, _case(case))],
        reasons=_reasons(no_role(actor, case), contesting.file_reasons(case)),
        lead=f"申请 {case.number}。收到副本以后，答复、答辩的期限列入任务台账。",
    )


REMEDY_VERBS: dict[str, tuple[str, Any, Any, Any]] = {
    "served": ("登记收到副本", forms.DayForm, contesting.serve_reasons, contesting.served),
    "answered": ("登记已提出答复、答辩", forms.DayForm, contesting.answer_reasons, contesting.answered),
    "conclude": ("登记结果", forms.ConcludeForm, contesting.closed_reasons, contesting.conclude),
}


@staff_required
@both
def remedy(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    if name not in REMEDY_VERBS:
        raise Http404(doors.MISSING)
    actor = actor_of(request)
    row: Remedy = doors.one(doors.remedies_for(actor), pk)
    label, form_class, reasons, run = REMEDY_VERBS[name]
    today = timezone.localdate()
    form = form_class(data(request), initial={"on": today, "closed_on": today})
    return verb(
        request,
        form,
        title=f"{label}：{row.get_kind_display()}",
        deed=lambda key, **told: run(row, actor, key=str(key), **told),
        done="已登记。",
        to=lambda made: _case(row.request),
        button="登记",
        crumbs=[(row.request.number, _case(row.request))],
        reasons=_reasons(no_role(actor, row.request), reasons(row)),
        lead=f"{row.organ} {row.number}，{row.filed_on} 提起。",
    )


def _case(case: DisclosureRequest) -> str:
    return reverse("request_cases:case", args=[case.pk]) + "#after"


def _reasons(role: str, state: list[str]) -> list[str]:
    return [role] if role else state


def _agencies(user: Any) -> Any:
    rows = access.agencies_of(user)
    if not rows.exists():
        raise Http404(doors.MISSING)
    return rows
