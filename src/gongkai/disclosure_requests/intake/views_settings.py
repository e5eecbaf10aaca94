"""依申请公开设置 of a place: for its openness office; the head of its competent agency reads it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from gongkai.agencies.access import scope_of
from gongkai.agencies.actor import actor_of
from gongkai.agencies.auth import staff_required
from gongkai.agencies.models import Jurisdiction
from gongkai.deeds.pages import attempt, back, status_of
from gongkai.disclosure_requests.actions import configuring
from gongkai.disclosure_requests.models import PlaceSettings
from gongkai.disclosure_requests.numbers import settings_of
from gongkai.obligations.forms import KeyForm

MISSING = "没有这个地区，或者不在您的范围内"


class SettingsForm(KeyForm):
    """The fields of PlaceSettings with their own labels and help; the law's reasons are said by the action."""

    def __init__(self, data: Any = None, *, row: PlaceSettings, may: bool) -> None:
        super().__init__(data, initial={name: getattr(row, name) for name in configuring.FIELDS})
        made = forms.fields_for_model(PlaceSettings, fields=configuring.FIELDS)
        for name in configuring.FIELDS:
            self.fields[name] = made[name]
            self.fields[name].disabled = not may

    def arguments(self) -> dict[str, Any]:
        return {"values": {name: self.cleaned_data[name] for name in configuring.FIELDS}}


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest, pk: int) -> HttpResponse:
    scope = scope_of(request.user)
    place = Jurisdiction.objects.filter(pk=pk).first()
    if place is None or not (scope.is_office_of(pk) or scope.heads_competent_agency_of(pk)):
        raise Http404(MISSING)
    actor = actor_of(request)
    role, status = configuring.configure_role(actor, pk), 200
    form = SettingsForm(request.POST if request.method == "POST" else None, row=settings_of(place), may=not role)
    if request.method == "POST":

        def deed() -> PlaceSettings:
            return configuring.configure(place, actor, key=str(form.cleaned_data["key"]), **form.arguments())

        if attempt(request, form, deed, "设置已保存，从现在起使用；已经编号、办结的不变。") is not None:
            return back("request_cases:settings", pk)
        status = status_of(form)
    context = {"form": form, "place": place, "role": role}
    return render(request, "disclosure_requests/intake/settings.html", context, status=status)
