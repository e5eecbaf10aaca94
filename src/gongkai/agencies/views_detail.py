"""The page of an agency: names, sections, leaders, people, how it came to be, and the figures of the apps above."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from gongkai.agencies import access, leaders, panels, profiles, queries, reorganising
from gongkai.agencies.actor import actor_of
from gongkai.agencies.auth import staff_required
from gongkai.agencies.errors import ActionRefused, NotAllowed
from gongkai.agencies.forms_keeping import AppointForm, LeaveForm
from gongkai.agencies.models import Agency, Leader, Membership


@staff_required
@require_GET
def agency_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return detail_page(request, access.access_agency(request.user, pk))


def detail_page(request: HttpRequest, agency: Agency, bound: AppointForm | None = None, status: int = 200) -> HttpResponse:
    """The page of an agency; `bound` is the form of a leader that came back."""
    people: dict[str, list[Membership]] = {}
    labels = dict(Membership.Role.choices)
    for membership in agency.memberships.select_related("user", "section").filter(user__is_active=True).order_by("user__display_name"):
        people.setdefault(membership.role, []).append(membership)
    context = {
        "agency": agency,
        "aliases": agency.aliases.select_related("jurisdiction"),
        "sections": agency.sections.all(),
        "people": [(labels[role], people[role]) for role in Membership.Role.values if role in people],
        "children": agency.children.all(),
        "panels": panels.panels(request.user, agency),
        "leaders": leaders_part(agency, request.user, bound),
        "course": queries.course_of(agency),
        "may_keep": not profiles.role_reason(agency, request.user),
        "may_reorganise": not reorganising.failure_reasons(agency, request.user),
    }
    return render(request, "agencies/detail.html", context, status=status)


def leaders_part(agency: Agency, user: Any, bound: AppointForm | None = None) -> dict[str, Any]:
    """What templates/agencies/parts/leaders.html shows."""
    may = not leaders.role_reason(agency, user) and agency.valid_to is None
    return {
        "serving": list(leaders.serving(agency)),
        "former": list(agency.leaders.filter(valid_to__isnull=False).order_by("-valid_to", "pk")[:20]),
        "may": may,
        "form": (bound or AppointForm(auto_id="appoint_%s")) if may else None,
        "open": bound is not None,
        "today": timezone.localdate(),
    }


@staff_required
@require_POST
def appoint_leader(request: HttpRequest, pk: int) -> HttpResponse:
    agency = access.access_agency(request.user, pk)
    if refusal := leaders.role_reason(agency, request.user):
        raise NotAllowed(refusal)
    form = AppointForm(request.POST, auto_id="appoint_%s")
    if form.is_valid():
        try:
            leader = leaders.appoint(agency, actor_of(request), **form.cleaned_data)
        except ActionRefused as error:
            for reason in error.reasons:
                form.add_error(None, reason)
            return detail_page(request, agency, form, status=409)
        messages.success(request, f"已登记{leader.name}，{leader.post}。")
        return redirect(reverse("agencies:detail", args=[pk]) + "#leaders")
    return detail_page(request, agency, form, status=422)


@staff_required
@require_POST
def leader_leaves(request: HttpRequest, pk: int, leader: int) -> HttpResponse:
    agency = access.access_agency(request.user, pk)
    row = Leader.objects.select_related("agency").filter(agency=agency, pk=leader).first()
    if row is None:
        raise Http404("没有这位负责人")
    if refusal := leaders.role_reason(agency, request.user):
        raise NotAllowed(refusal)
    form = LeaveForm(request.POST)
    try:
        if form.is_valid():
            leaders.leave(row, actor_of(request), on=form.cleaned_data["on"])
            messages.success(request, f"已登记{row.name}离任。")
        else:
            messages.error(request, "请填写离任日期，如 2026-11-20")
    except ActionRefused as error:
        for reason in error.reasons:
            messages.error(request, reason)
    return redirect(reverse("agencies:detail", args=[pk]) + "#leaders")
