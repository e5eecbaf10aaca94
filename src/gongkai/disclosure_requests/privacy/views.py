"""案卷和个人信息: what is kept until when, who looked at whom, what was assessed."""

from __future__ import annotations

import hashlib
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongkai.agencies.access import scope_of
from gongkai.agencies.actor import actor_of
from gongkai.agencies.auth import staff_required
from gongkai.agencies.errors import ActionRefused
from gongkai.agencies.models import Agency
from gongkai.deeds.pages import back
from gongkai.disclosure_requests import access
from gongkai.disclosure_requests.access import access_case
from gongkai.disclosure_requests.actions import archiving, assessing
from gongkai.disclosure_requests.after import doors
from gongkai.disclosure_requests.after.pages import data, paged, verb
from gongkai.disclosure_requests.models import ApplicantLook, ArchivePackage, PrivacyAssessment
from gongkai.disclosure_requests.numbers import settings_of
from gongkai.disclosure_requests.privacy.forms import AssessmentForm
from gongkai.obligations.exports import attachment

HOME = ("案卷和个人信息", "request_cases:privacy")


def crumbs() -> list[tuple[str, str]]:
    return [(HOME[0], reverse(HOME[1]))]


@staff_required
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """What is due to be emptied, what is held, what stands on record; the term of each place."""
    user = request.user
    mine = access.requests_for(user).filter(doors.of_mine(user, "agency"))
    due = archiving.due().filter(pk__in=mine.values("pk")).select_related("agency")
    rows = paged(request, due)
    counts = [
        {"label": "已到期，等候清除", "n": due.filter(archiving.is_free()).count()},
        {"label": "已到期，复议诉讼期间保留", "n": due.exclude(archiving.is_free()).count()},
        {"label": "已去标识化", "n": mine.filter(anonymised_at__isnull=False).count()},
        {"label": "已办结，没有归档", "n": mine.filter(closed_on__isnull=False, archive__isnull=True, anonymised_at=None).count()},
    ]
    corrections = archiving.due_corrections().filter(doors.of_mine(user, "agency")).count()
    counts.append({"label": "更正申请已到期，等候清除", "n": corrections})
    places = {
        agency.jurisdiction_id: agency.jurisdiction for agency in Agency.objects.filter(pk__in=_mine(user)).select_related("jurisdiction")
    }
    terms = [(place, settings_of(place).retention_years) for place in places.values()]
    context = {"counts": counts, "page": rows, "terms": terms, "may_log": _log_agencies(user).exists()}
    return render(request, "disclosure_requests/privacy/home.html", context)


def _mine(user: Any) -> Any:
    scope = scope_of(user)
    governments = Q(kind=Agency.Kind.GOVERNMENT, jurisdiction__in=scope.office_ids)
    return Agency.objects.filter(Q(pk__in=scope.kept_ids) | governments).values("pk")


def _log_agencies(user: Any) -> Any:
    """Whose looks this person may read: the head of the agency; for a government, and over its whole place, the openness office."""
    scope = scope_of(user)
    headed = [pk for pk in scope.kept_ids if scope.heads(pk)]
    return Agency.objects.filter(Q(pk__in=headed) | Q(jurisdiction__in=scope.office_ids))


@staff_required
@require_GET
def looks(request: HttpRequest) -> HttpResponse:
    """Who looked at whose data: the case by its number alone."""
    agencies = _log_agencies(request.user)
    if not agencies.exists():
        raise Http404(doors.MISSING)
    rows = ApplicantLook.objects.filter(Q(request__agency__in=agencies) | Q(correction__agency__in=agencies))
    rows = rows.select_related("user", "request__agency", "correction__agency").defer(
        "request__description", "request__features", "request__purpose", "request__satisfaction_words"
    )
    rows = rows.defer("correction__applicant", "correction__claim")
    context = {"page": paged(request, rows, 50), "crumbs": crumbs()}
    return render(request, "disclosure_requests/privacy/looks.html", context)


@staff_required
@require_GET
def assessments(request: HttpRequest) -> HttpResponse:
    rows = PrivacyAssessment.objects.select_related("agency", "assessed_by").filter(doors.of_mine(request.user, "agency"))
    context = {"page": paged(request, rows), "crumbs": crumbs(), "may": access.agencies_of(request.user).exists()}
    return render(request, "disclosure_requests/privacy/assessments.html", context)


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_assessment(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    agencies = access.agencies_of(actor)
    if not agencies.exists():
        raise Http404(doors.MISSING)
    return verb(
        request,
        AssessmentForm(data(request), agencies=agencies, initial={"assessed_on": timezone.localdate()}),
        title="登记影响评估",
        deed=lambda key, agency, **told: assessing.record(agency, actor, key=str(key), **told),
        done="已登记，至少保存三年。",
        to=lambda made: reverse("request_cases:assessments"),
        button="登记",
        crumbs=[*crumbs(), ("影响评估", reverse("request_cases:assessments"))],
        lead="处理敏感个人信息以前要评估（个人信息保护法第五十五条、第五十六条）；这里不写任何申请人的信息。",
    )


@staff_required
@require_POST
def archive(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    case = access_case(actor, pk)
    try:
        archiving.archive(case, actor, key=request.POST.get("key", ""))
        messages.success(request, "已经归档，每个文件都核对过。")
    except ActionRefused as error:
        for reason in error.reasons:
            messages.error(request, reason)
    return back("request_cases:case", pk, at="keeping")


@staff_required
@require_POST
def package(request: HttpRequest, pk: int) -> HttpResponse:
    """The package as it was made, for a handler; taking it out is a look at the applicant."""
    actor = actor_of(request)
    row = ArchivePackage.objects.select_related("request__agency").filter(request=pk).exclude(file="").first()
    if row is None or not access.handles(actor, row.request):
        raise Http404(doors.MISSING)
    with row.file.open("rb") as file:
        content: bytes = file.read()
    if hashlib.sha256(content).hexdigest() != row.sha256:
        messages.error(request, "案卷包与归档时的校验值不符，没有导出。请先查明原因。")
        return back("request_cases:case", pk, at="keeping")
    access.look(actor, row.request, "导出案卷包")
    return attachment(content, f"{row.request.number}.zip", "application/zip")
