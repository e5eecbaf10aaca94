"""机构信息 in the workbench: an agency keeps what it tells the public of itself, its office sees at once what lacks and what is old."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongkai.agencies import access, guides, profiles
from gongkai.agencies.actor import actor_of
from gongkai.agencies.auth import staff_required
from gongkai.agencies.errors import ActionRefused, NotAllowed
from gongkai.agencies.forms_profile import EndSectionForm, GuideTextForm, ProfileForm, SectionForm
from gongkai.agencies.models import Agency, Jurisdiction, Section

PER_PAGE = 50
VERSIONS = 20


def _agency(request: HttpRequest, pk: int) -> Agency:
    agency = access.access_agency(request.user, pk)
    if refusal := profiles.role_reason(agency, request.user):
        raise NotAllowed(refusal)
    return agency


def _profile_page(
    request: HttpRequest, agency: Agency, *, form: ProfileForm | None = None, section: SectionForm | None = None, status: int = 200
) -> HttpResponse:
    """`form` and `section` are forms that came back."""
    profile = guides.profile_of(agency)
    sections = list(agency.sections.filter(valid_to__isnull=True))
    bound = str(section["section"].value() or "") if section else ""
    context = {
        "agency": agency,
        "profile": profile,
        "form": form or ProfileForm(agency=agency, profile=profile),
        "health": guides.health([agency], timezone.localdate())[0],
        "has_guide": agency.kind in guides.rules().kinds,
        "may_confirm": not profiles.confirm_reason(agency, request.user),
        "confirm_reasons": profiles.confirm_reasons(agency),
        "sections": [
            (one, section if section and bound == str(one.pk) else SectionForm(agency=agency, section=one, auto_id=f"s{one.pk}_%s"))
            for one in sections
        ],
        "section_open": int(bound) if bound.isascii() and bound.isdecimal() else None,
        "new_section": section if section and not bound else SectionForm(agency=agency, auto_id="new_%s"),
        "new_open": bool(section and not bound),
        "versions": agency.guides.select_related("made_by").defer("content")[:VERSIONS],
        "today": timezone.localdate(),
    }
    return render(request, "agencies/profile.html", context, status=status)


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest, pk: int) -> HttpResponse:
    """What the agency tells of itself; a post keeps it."""
    agency = _agency(request, pk)
    if request.method != "POST":
        return _profile_page(request, agency)
    form = ProfileForm(request.POST, agency=agency, profile=guides.profile_of(agency))
    if not form.is_valid():
        return _profile_page(request, agency, form=form, status=422)
    try:
        changed = profiles.save_profile(agency, actor_of(request), form.cleaned_data)
    except ActionRefused as error:
        _tell(form, error)
        return _profile_page(request, agency, form=form, status=409)
    messages.success(request, "已保存。" if changed else "没有变化。")
    return redirect("agencies:profile", pk)


def _tell(form: forms.Form, error: ActionRefused) -> None:
    for reason in error.reasons:
        form.add_error(None, reason)


@staff_required
@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    agency = access.access_agency(request.user, pk)
    try:
        fresh = profiles.confirm(agency, actor_of(request))
        messages.success(request, f"已核对，公开页面写明核对于 {timezone.localdate()}。" if fresh else "今天已经核对过。")
    except ActionRefused as error:
        for reason in error.reasons:
            messages.error(request, reason)
    return redirect("agencies:profile", pk)


@staff_required
@require_POST
def keep_section(request: HttpRequest, pk: int) -> HttpResponse:
    agency = _agency(request, pk)
    form = SectionForm(request.POST, agency=agency)
    if not form.is_valid():
        return _profile_page(request, agency, section=form, status=422)
    try:
        row = profiles.keep_section(agency, actor_of(request), **form.cleaned_data)
    except ActionRefused as error:
        _tell(form, error)
        return _profile_page(request, agency, section=form, status=409)
    messages.success(request, f"内设机构“{row.name}”已保存。")
    return redirect(reverse("agencies:profile", args=[pk]) + "#sections")


@staff_required
@require_POST
def end_section(request: HttpRequest, pk: int, section: int) -> HttpResponse:
    agency = _agency(request, pk)
    row = Section.objects.select_related("agency").filter(agency=agency, pk=section).first()
    if row is None:
        raise Http404("没有这个内设机构")
    form = EndSectionForm(request.POST)
    try:
        if form.is_valid():
            profiles.end_section(row, actor_of(request), form.cleaned_data["on"])
            messages.success(request, f"内设机构“{row.name}”已登记撤销。")
        else:
            messages.error(request, "请填写撤销日期，如 2026-11-20")
    except ActionRefused as error:
        messages.error(request, str(error))
    return redirect(reverse("agencies:profile", args=[pk]) + "#sections")


def _places(request: HttpRequest) -> list[Jurisdiction]:
    """The places one is the openness office of, or heads the competent agency of; for everybody else the page does not exist."""
    scope = access.scope_of(request.user)
    places = list(Jurisdiction.objects.filter(pk__in=scope.office_ids | scope.competent_head_ids).order_by("code"))
    if not places:
        raise Http404("指南的检查由政务公开主管部门查看")
    return places


@staff_required
@require_GET
def guide_checks(request: HttpRequest) -> HttpResponse:
    """Completeness and freshness of every guide of one's places; `?state=` keeps those of one state (guides.STATES)."""
    places = _places(request)
    rows = guides.health(
        guides.owing(Agency.objects.filter(jurisdiction__in=places)).order_by("jurisdiction__code", "code"), timezone.localdate()
    )
    state = request.GET.get("state", "")
    state = state if state in guides.STATES else ""
    page = reverse("agencies:guide_checks")
    figures: list[dict[str, Any]] = [{"label": "应当编制指南的单位", "n": len(rows), "url": page, "current": not state}]
    for name, (word, _css) in guides.STATES.items():
        n = sum(row.state == name for row in rows)
        figures.append({"label": word, "n": n, "url": f"{page}?state={name}", "current": state == name, "alarm": name == "incomplete"})
    shown = [row for row in rows if not state or row.state == state]
    context = {
        "places": places,
        "figures": figures,
        "page_obj": Paginator(shown, PER_PAGE).get_page(request.GET.get("page")),
        "days": guides.confirm_days(),
    }
    return render(request, "agencies/guide_checks.html", context)


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def guide_texts(request: HttpRequest, pk: int) -> HttpResponse:
    """The words of the guides of one place, part by part; a post sets one part."""
    place = Jurisdiction.objects.filter(pk=pk, pk__in=access.scope_of(request.user).office_ids).first()
    if place is None:
        raise Http404("没有这个地区，或者不在您的范围内")
    bound: GuideTextForm | None = None
    status = 200
    if request.method == "POST":
        bound = GuideTextForm(request.POST)
        if bound.is_valid():
            try:
                changed = profiles.set_guide_text(place, actor_of(request), bound.cleaned_data["part"], bound.cleaned_data["text"])
                messages.success(request, "已保存，本地区的指南随之更新。" if changed else "没有变化。")
                return redirect("agencies:guide_texts", pk)
            except ActionRefused as error:
                _tell(bound, error)
        status = 422
    texts = guides.texts_of(place.pk)
    rows = []
    for part in guides.rules().parts:
        mine = bound is not None and bound["part"].value() == part.code
        form = bound if mine else GuideTextForm(initial={"part": part.code, "text": texts.get(part.code, "")}, auto_id=f"{part.code}_%s")
        rows.append({"part": part, "own": part.code in texts, "form": form})
    return render(request, "agencies/guide_texts.html", {"place": place, "rows": rows}, status=status)
