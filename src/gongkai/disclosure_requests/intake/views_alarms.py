"""收件核对."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from gongkai.agencies.access import scope_of
from gongkai.agencies.actor import actor_of
from gongkai.agencies.auth import staff_required
from gongkai.agencies.models import Jurisdiction
from gongkai.deeds.pages import back, try_or_tell
from gongkai.disclosure_requests import access
from gongkai.disclosure_requests.actions import mail
from gongkai.disclosure_requests.intake import alarms as queries
from gongkai.disclosure_requests.intake.forms import CodeForm
from gongkai.disclosure_requests.models import ContactTest
from gongkai.obligations.forms import KeyForm


@staff_required
@require_GET
def alarms(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    untouched = queries.untouched(request.user, today)
    contacts = queries.contacts(request.user, today)
    counts = queries.counts(request.user, today)
    figures = [
        {"label": "一个工作日没有人办的申请", "n": len(untouched), "url": "#untouched", "alarm": True},
        {"label": "指南联系方式要核对的机关", "n": sum(row.css in ("late", "warn") for row in contacts), "url": "#contacts", "alarm": True},
        {"label": "网上提交与登记不一致的月份", "n": sum(bool(row.missing) for row in counts), "url": "#counts", "alarm": True},
    ]
    places = Jurisdiction.objects.filter(pk__in=scope_of(request.user).office_ids).order_by("code")
    context = {"places": places, "untouched": untouched, "contacts": contacts, "counts": counts, "figures": figures, "today": today}
    return render(request, "disclosure_requests/intake/alarms.html", context)


@staff_required
@require_POST
def send_test(request: HttpRequest, pk: int) -> HttpResponse:
    agency = access.agencies_of(request.user).filter(pk=pk).first()
    if agency is None:
        raise Http404("没有这个机关，或者不由您办理")
    form = KeyForm(request.POST)
    try_or_tell(
        request,
        form,
        lambda: mail.send_test(agency, actor_of(request), key=str(form.cleaned_data["key"])),
        "试信已经发出，收到的人回复它，或者在这里填回执码。",
    )
    return back("request_cases:alarms", at="contacts")


@staff_required
@require_POST
def answered(request: HttpRequest, pk: int) -> HttpResponse:
    test = ContactTest.objects.select_related("agency__jurisdiction").filter(pk=pk, agency__in=access.agencies_of(request.user)).first()
    if test is None:
        raise Http404("没有这封试信，或者不由您办理")
    form = CodeForm(request.POST)
    try_or_tell(
        request,
        form,
        lambda: mail.answered(test, actor_of(request), key=str(form.cleaned_data["key"]), **form.arguments()),
        "已登记收到。",
    )
    return back("request_cases:alarms", at="contacts")
