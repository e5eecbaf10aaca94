"""Pairs of tasks that may be one: looked for agency by agency, decided by a person."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from gongkai.agencies.actor import actor_of
from gongkai.agencies.auth import staff_required
from gongkai.agencies.errors import ActionRefused
from gongkai.agencies.models import Agency
from gongkai.obligations import access, duplicates
from gongkai.obligations.forms import KeyForm
from gongkai.obligations.models import Duplicate
from gongkai.obligations.queries import with_state

AGENCIES = 5
"""Agencies whose tasks one page compares: about 0.4 s of one core each where they have three hundred open tasks."""


class DecideForm(KeyForm):
    first = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    second = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    similarity = forms.FloatField(min_value=0, max_value=1, widget=forms.HiddenInput)
    decision = forms.ChoiceField(choices=Duplicate.Decision.choices, widget=forms.HiddenInput)


@staff_required
@require_GET
def offered(request: HttpRequest) -> HttpResponse:
    """The pairs of some agencies at a time: one's own, or those of the place whose openness office one is."""
    rows = duplicates.comparable(access.obligations_for(request.user).filter(duplicates.decidable_by(request.user)))
    counted = rows.order_by().values("owner").annotate(n=Count("pk")).filter(n__gt=1).values("owner")
    page = Paginator(Agency.objects.filter(pk__in=counted).order_by("jurisdiction__code", "code"), AGENCIES).get_page(
        request.GET.get("page")
    )
    of_page = rows.filter(owner__in=[agency.pk for agency in page.object_list])
    pairs = duplicates.pairs_of(with_state(of_page.select_related("owner", "jurisdiction"), timezone.localdate()))
    together = access.obligations_for(request.user).filter(duplicates.decidable_by(request.user), merged_into__isnull=False)
    context = {
        "page_obj": page,
        "pairs": [{"pair": pair, "key": str(uuid.uuid4())} for pair in pairs],
        "together": together.select_related("merged_into", "owner").order_by("owner__code", "pk")[:AGENCIES],
    }
    return render(request, "obligations/duplicates.html", context)


@staff_required
@require_POST
def decide(request: HttpRequest) -> HttpResponse:
    form = DecideForm(request.POST)
    if not form.is_valid():
        raise Http404("没有这一对任务")
    data: dict[str, Any] = form.cleaned_data
    first = access.access_obligation(request.user, data["first"])
    second = access.access_obligation(request.user, data["second"])
    try:
        duplicates.decide(
            first, second, actor_of(request), key=str(data["key"]), decision=data["decision"], similarity=round(data["similarity"], 3)
        )
    except ActionRefused as error:
        messages.error(request, str(error))
    else:
        together = data["decision"] == Duplicate.Decision.TOGETHER
        messages.success(request, "已并案办理：佐证在期限早的一项提交。" if together else "已记下：不是一件事，以后不再提示。")
    return redirect(reverse("obligations:duplicates"))


@staff_required
@require_POST
def separate(request: HttpRequest, pk: int) -> HttpResponse:
    obligation = access.access_obligation(request.user, pk)
    try:
        duplicates.separate(obligation, actor_of(request), key=request.POST.get("key", ""))
    except ActionRefused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "已取消并案，佐证在本项提交。")
    return redirect(reverse("obligations:detail", args=[pk]) + "#timeline")
