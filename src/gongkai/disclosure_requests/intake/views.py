"""登记来信、来访: a request that did not come by the form of the portal is taken down by staff."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from gongkai.agencies.actor import actor_of
from gongkai.agencies.auth import staff_required
from gongkai.agencies.errors import ActionRefused, NotAllowed
from gongkai.deeds.pages import status_of
from gongkai.disclosure_requests import access
from gongkai.disclosure_requests.actions import filing, mail
from gongkai.disclosure_requests.intake.doors import access_mail
from gongkai.disclosure_requests.intake.forms import IntakeForm, receipt_rules
from gongkai.disclosure_requests.models import DisclosureRequest, IncomingMail


@staff_required
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    agencies = access.agencies_of(request.user)
    if not agencies.exists():
        raise NotAllowed("登记申请由受理机关的工作人员办理")
    given = request.GET.get("mail", "")
    letter = access_mail(request.user, int(given)) if given.isdecimal() and len(given) < 19 else None
    if request.method == "GET":
        form = IntakeForm(agencies=agencies, initial=_begin(letter) if letter else {"agency": agencies.first()})
        return _page(request, form, letter)
    form = IntakeForm(request.POST, request.FILES, agencies=agencies)
    if request.POST.get("only") == "receipt":
        day, why = form.receipt()
        form.errors.clear()
        return _page(request, form, letter, {"receipt": day, "receipt_words": why})
    if form.is_valid():
        try:
            key = str(form.cleaned_data["key"])
            actor = actor_of(request)
            told = form.told()
            done = mail.take_down(letter, actor, told, key=key) if letter else filing.file(told, actor, key=key)
        except ActionRefused as error:
            for reason in error.reasons:
                form.add_error(None, reason)
        else:
            row = DisclosureRequest.objects.select_related("agency", "obligation").get(pk=done.request.pk)
            return render(request, "disclosure_requests/intake/done.html", {"row": row, "code": done.code})
    return _page(request, form, letter, status=status_of(form))


def _begin(letter: IncomingMail) -> dict[str, Any]:
    read = mail.read(letter)
    return {
        "agency": letter.agency_id,
        "channel": DisclosureRequest.Channel.EMAIL,
        "submitted_at": None,
        "email": read.address[:120],
        "name": read.sender.partition("<")[0].strip(" \"'")[:200],
        "subject": read.subject[:120],
        "description": read.text,
        "route": DisclosureRequest.Route.EMAIL,
    }


def _page(
    request: HttpRequest, form: IntakeForm, letter: IncomingMail | None, more: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "groups": form.groups(), "rules": receipt_rules(), "letter": letter, **(more or {})}
    if letter is not None:
        read = mail.read(letter)
        good, bad = mail.attachments(read)
        context |= {"files": [file.name for file in good], "bad": bad, "problems": read.problems}
    return render(request, "disclosure_requests/intake/new.html", context, status=status)
