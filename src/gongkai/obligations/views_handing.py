"""移交: one obligation from its page; all of an agency or a section from the agency's page, after a look at what will happen."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from gongkai.agencies.access import access_agency, scope_of
from gongkai.agencies.actor import actor_of
from gongkai.agencies.auth import staff_required
from gongkai.agencies.errors import ActionRefused, NotAllowed
from gongkai.agencies.models import Agency, Section
from gongkai.agencies.queries import living
from gongkai.obligations import handing_over
from gongkai.obligations.access import access_obligation, obligations_for
from gongkai.obligations.forms import DateInput, KeyForm
from gongkai.obligations.models import Obligation


class HandOverForm(KeyForm):
    to = forms.ModelChoiceField(Agency.objects.none(), label="移交给", empty_label="请选择")
    reason = forms.CharField(
        label="理由", max_length=500, widget=forms.Textarea(attrs={"rows": 2}), help_text="如：机构职责调整，写明依据。"
    )
    on = forms.DateField(label="移交日期", widget=DateInput(), help_text="从这一天起由新单位负责，不能晚于今天。")

    def __init__(self, data: Any = None, *, user: Any, without: int, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {}).setdefault("on", timezone.localdate())
        super().__init__(data, **kwargs)
        reach = living(Agency.objects.filter(jurisdiction__in=scope_of(user).seen_ids)).exclude(pk=without)
        self.fields["to"].queryset = reach.order_by("jurisdiction__code", "code")  # type: ignore[attr-defined]


class HandOverAllForm(HandOverForm):
    section = forms.ModelChoiceField(Section.objects.none(), label="移交哪些", required=False, empty_label="这个单位的全部")
    expected = forms.CharField(required=False, widget=forms.HiddenInput)
    field_order = ["section", "to", "reason", "on"]

    def __init__(self, data: Any = None, *, agency: Agency, **kwargs: Any) -> None:
        super().__init__(data, without=agency.pk, **kwargs)
        self.fields["section"].queryset = agency.sections.order_by("name")  # type: ignore[attr-defined]


def part(obligation: Obligation, user: Any) -> dict[str, Any]:
    """What templates/obligations/parts/handing_over.html shows: where the obligation went, and the way to hand it over."""
    ended = obligation.merged_into if obligation.replaced_on else None
    return {
        "ended_in": ended,
        "visible": ended is not None and obligations_for(user).filter(pk=ended.pk).exists(),
        "may": not handing_over.failure_reasons(obligation, user),
    }


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    obligation = access_obligation(request.user, pk)
    if refusal := handing_over.role_reason(obligation, None, request.user):
        raise NotAllowed(refusal)
    reasons = handing_over.state_reasons(obligation)
    form = HandOverForm(request.POST if request.method == "POST" else None, user=request.user, without=obligation.owner_id)
    status = 409 if reasons else 200
    if form.is_bound and not reasons:
        status = 422
        if form.is_valid():
            data = form.cleaned_data
            try:
                made = handing_over.hand_over(
                    obligation, data["to"], actor_of(request), key=str(data["key"]), reason=data["reason"], on=data["on"]
                )
            except ActionRefused as error:
                status = 409
                for reason in error.reasons:
                    form.add_error(None, reason)
            else:
                merged = made.pk != obligation.pk
                messages.success(request, f"{data['to'].name}已有同一任务，已并入。" if merged else f"已移交{data['to'].name}。")
                return redirect(reverse("obligations:detail", args=[pk]) + "#timeline")
    return render(request, "obligations/hand_over.html", {"ob": obligation, "form": form, "reasons": reasons}, status=status)


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def hand_over_all(request: HttpRequest, pk: int) -> HttpResponse:
    """First the form, then what it would do, then the deed; when the figures have changed in between, they are shown again."""
    agency = access_agency(request.user, pk)
    if not scope_of(request.user).is_office_of(agency.jurisdiction_id):
        raise NotAllowed("批量移交由本地区政务公开主管部门办理")
    context: dict[str, Any] = {"agency": agency, "open": handing_over.open_of(agency).count()}
    if request.method != "POST":
        asked = request.GET.get("section", "")
        initial = {"section": int(asked)} if asked.isascii() and asked.isdigit() and len(asked) < 18 else {}
        form = HandOverAllForm(user=request.user, agency=agency, initial=initial)
        return render(request, "obligations/hand_over_all.html", {**context, "form": form})
    form = HandOverAllForm(request.POST, user=request.user, agency=agency)
    if not form.is_valid():
        return render(request, "obligations/hand_over_all.html", {**context, "form": form}, status=422)
    data = form.cleaned_data
    actor, status = actor_of(request), 200
    arguments: dict[str, Any] = {"key": str(data["key"]), "reason": data["reason"], "on": data["on"], "section": data["section"]}
    try:
        seen = handing_over.hand_over_all(agency, data["to"], actor, dry_run=True, **arguments)
        if request.POST.get("confirm") and data["expected"] == seen.sentence:
            done = handing_over.hand_over_all(agency, data["to"], actor, **arguments)
            messages.success(request, f"已{done.sentence}给{data['to'].name}。")
            return redirect(reverse("agencies:detail", args=[pk]))
    except (ActionRefused, NotAllowed) as error:
        for reason in getattr(error, "reasons", [str(error)]):
            form.add_error(None, reason)
        return render(request, "obligations/hand_over_all.html", {**context, "form": form}, status=409)
    if request.POST.get("confirm"):
        status = 409
    context |= {"form": form, "seen": seen, "data": data, "changed": bool(request.POST.get("confirm"))}
    return render(request, "obligations/hand_over_preview.html", context, status=status)
