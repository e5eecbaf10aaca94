"""收到的邮件: what came, what of it became a request, what was set aside and why."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from gongkai.agencies.actor import actor_of
from gongkai.agencies.auth import staff_required
from gongkai.deeds.pages import attempt, status_of
from gongkai.disclosure_requests.actions import mail as actions
from gongkai.disclosure_requests.actions.base import masked
from gongkai.disclosure_requests.intake.doors import access_mail, mails_for, masked_address
from gongkai.disclosure_requests.intake.forms import AsideForm
from gongkai.disclosure_requests.models import IncomingMail
from gongkai.obligations.exports import attachment
from gongkai.obligations.paging import BoundedPaginator

PER_PAGE = 25
VIEWS = {"new": "待处理", "taken": "已登记", "aside": "不作申请处理"}


@staff_required
@require_GET
def mails(request: HttpRequest) -> HttpResponse:
    view = request.GET.get("view", "new")
    rows = mails_for(request.user)
    if view == "taken":
        rows = rows.filter(request__isnull=False)
    elif view == "aside":
        rows = rows.filter(set_aside_at__isnull=False)
    else:
        view, rows = "new", rows.filter(request__isnull=True, set_aside_at__isnull=True)
    rows = rows.defer("request__description", "request__features", "request__purpose", "request__satisfaction_words")
    page = BoundedPaginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    listed = [(row, masked_address(row.sender), masked(row.subject) or "没有标题") for row in page.object_list]
    tabs = [(name, label, name == view) for name, label in VIEWS.items()]
    return render(request, "disclosure_requests/intake/mails.html", {"rows": listed, "page": page, "tabs": tabs, "view": view})


@staff_required
@require_GET
def mail(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, access_mail(request.user, pk))


@staff_required
@require_POST
def set_aside(request: HttpRequest, pk: int) -> HttpResponse:
    row = access_mail(request.user, pk)
    form = AsideForm(request.POST)

    def deed() -> IncomingMail:
        return actions.set_aside(row, actor_of(request), key=str(form.cleaned_data["key"]), **form.arguments())

    if attempt(request, form, deed, "已标为不作申请处理。") is not None:
        return redirect("request_cases:mails")
    return _page(request, row, form, status_of(form))


@staff_required
@require_GET
def raw(request: HttpRequest, pk: int) -> HttpResponse:
    row = access_mail(request.user, pk)
    with row.raw.storage.open(str(row.raw.name)) as opened:
        return attachment(opened.read(), f"邮件{row.pk}.eml", "message/rfc822")


def _page(request: HttpRequest, row: IncomingMail, form: AsideForm | None = None, status: int = 200) -> HttpResponse:
    letter = actions.read(row)
    _good, bad = actions.attachments(letter)
    waits = not actions.open_reasons(row)
    context = {"row": row, "letter": letter, "bad": bad, "waits": waits, "form": form or (AsideForm() if waits else None)}
    return render(request, "disclosure_requests/intake/mail.html", context, status=status)
