"""催办 on the page of an obligation, its reply, and the urging of many overdue rows with one form."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from gongkai.agencies.access import scope_of
from gongkai.agencies.actor import actor_of
from gongkai.agencies.auth import staff_required
from gongkai.agencies.errors import ActionRefused, NotAllowed
from gongkai.obligations import access, choices, queries, urging
from gongkai.obligations.forms import DateInput, KeyForm, LedgerFilter
from gongkai.obligations.models import Obligation

MOST = 200
"""Rows of one form: what a person can look through before pressing."""


class UrgeForm(KeyForm):
    text = forms.CharField(label="催办内容", max_length=2000, widget=forms.Textarea(attrs={"rows": 3}), help_text="写明催什么，差在哪里。")
    reply_by = forms.DateField(label="请在哪天以前答复", required=False, widget=DateInput())

    def clean_reply_by(self) -> Any:
        day = self.cleaned_data["reply_by"]
        if day and day < timezone.localdate():
            raise forms.ValidationError("要求答复的日期不能早于今天")
        return day


class ReplyForm(KeyForm):
    text = forms.CharField(
        label="答复", max_length=5000, widget=forms.Textarea(attrs={"rows": 3}), help_text="写明办到哪一步、卡在哪里、哪天能办完。"
    )


FORMS: dict[str, type[KeyForm]] = {"urge": UrgeForm, "reply": ReplyForm}
DONE = {"urge": "已催办，责任单位会收到提醒。", "reply": "已答复，催办的人会收到提醒。"}


def part(obligation: Obligation, user: Any) -> dict[str, Any]:
    """What templates/obligations/parts/urging.html shows: the urging that waits, and the forms this person may send."""
    able = [verb for verb in FORMS if not urging.failure_reasons(verb, obligation, user)]
    return {
        "state": urging.urging_of(obligation),
        "forms": [(verb, urging.LABELS[verb], FORMS[verb](auto_id=f"{verb}_%s")) for verb in reversed(able)],
    }


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def urge(request: HttpRequest, pk: int) -> HttpResponse:
    """GET: the form on a page of its own, for links from lists. POST: urges."""
    return _one(request, pk, "urge")


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def reply(request: HttpRequest, pk: int) -> HttpResponse:
    return _one(request, pk, "reply")


def _one(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    obligation = access.access_obligation(request.user, pk)
    if refusal := (urging.may_urge if verb == "urge" else urging.may_reply)(obligation, request.user):
        raise NotAllowed(refusal)
    form = FORMS[verb](request.POST if request.method == "POST" else None, auto_id=f"{verb}_%s")
    reasons = urging.failure_reasons(verb, obligation, request.user) if request.method != "POST" else []
    status = 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            try:
                act = urging.urge if verb == "urge" else urging.reply
                act(obligation, actor_of(request), key=str(form.cleaned_data["key"]), **form.arguments())
            except ActionRefused as error:
                reasons, status = error.reasons, 409
            else:
                messages.success(request, DONE[verb])
                return redirect(reverse("obligations:detail", args=[pk]) + "#timeline")
    context = {"ob": obligation, "form": form, "label": urging.LABELS[verb], "reasons": reasons, "urging": urging.urging_of(obligation)}
    return render(request, "obligations/urge.html", context, status=status)


def urges_many(user: Any) -> bool:
    """Whether this person urges at all: an openness office or some agency's head."""
    scope = scope_of(user)
    return bool(scope.seen_ids) or any("head" in roles for roles in scope.roles.values())


def _urgeable(request: HttpRequest) -> list[Any]:
    """The overdue rows under the ledger's filters that this person may urge, longest overdue first. A constant number of queries."""
    scope = scope_of(request.user)
    filters = LedgerFilter(request.GET, choices=choices.ledger_choices(request.user, request.GET)).filters() | {"state": "overdue"}
    rows = urging.with_open_urging(queries.ledger(request.user, filters)).filter(awaiting_check=False)
    headed = [agency for agency in scope.agency_ids if scope.heads(agency)]
    mine = rows.filter(Q(jurisdiction__in=scope.seen_ids) | Q(owner__in=headed))
    return list(mine.order_by("due_on", "pk")[:MOST])


@staff_required
@require_http_methods(["GET", "HEAD"])
def choose_many(request: HttpRequest) -> HttpResponse:
    """The overdue rows, each with a box; what is chosen is urged with one form."""
    if not urges_many(request.user):
        raise PermissionDenied("催办由政务公开主管部门或者责任单位的负责人办理")
    return _many_page(request, UrgeForm(), set())


@staff_required
@require_POST
def urge_many(request: HttpRequest) -> HttpResponse:
    if not urges_many(request.user):
        raise PermissionDenied("催办由政务公开主管部门或者责任单位的负责人办理")
    form = UrgeForm(request.POST)
    chosen = {int(value) for value in request.POST.getlist("row")[:MOST] if value.isascii() and value.isdigit() and len(value) < 19}
    if not chosen:
        form.add_error(None, "请先勾选要催办的任务")
    if not form.is_valid():
        return _many_page(request, form, chosen, status=422)
    rows = list(access.obligations_for(request.user).filter(pk__in=chosen).select_related("owner").order_by("due_on", "pk"))
    summary = urging.urge_many(rows, actor_of(request), key=str(form.cleaned_data["key"]), **form.arguments())
    return render(request, "obligations/urged_many.html", {"summary": summary})


def _many_page(request: HttpRequest, form: UrgeForm, chosen: set[int], status: int = 200) -> HttpResponse:
    rows = _urgeable(request)
    context = {"rows": rows, "form": form, "chosen": chosen, "most": MOST, "query": request.GET.urlencode()}
    return render(request, "obligations/urge_many.html", context, status=status)
