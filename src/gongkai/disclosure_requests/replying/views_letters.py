"""Letters as files, and the words of the letters of a place: drafted by its openness office, approved by the head."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongkai.agencies.access import scope_of
from gongkai.agencies.actor import actor_of
from gongkai.agencies.auth import staff_required
from gongkai.agencies.models import Jurisdiction
from gongkai.deeds.pages import attempt, back, status_of, try_or_tell
from gongkai.disclosure_requests import access
from gongkai.disclosure_requests.actions import serving, templating
from gongkai.disclosure_requests.letters import files, pdf, wording
from gongkai.disclosure_requests.models import LetterTemplate, Service
from gongkai.disclosure_requests.replying import page
from gongkai.disclosure_requests.replying.access import access_reply, access_service
from gongkai.disclosure_requests.replying.forms import SERVICE_VERBS, PlainForm
from gongkai.obligations.exports import attachment
from gongkai.obligations.forms import DateInput, KeyForm
from gongkai.publications.public.comparing import Comparison, lines

NO_PLACE = "没有这个地区，或者不在您的范围内"


class TemplateForm(KeyForm):
    title = forms.CharField(label="标题", max_length=120)
    body = forms.CharField(
        label="正文",
        max_length=wording.LONGEST,
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text="一行一段；{花括号} 里是填入项，列在下面。",
    )
    effective_from = forms.DateField(label="启用日期", widget=DateInput(), initial=timezone.localdate)


class ReturnForm(KeyForm):
    reason = forms.CharField(label="不同意的理由", max_length=300)


@staff_required
@require_GET
def reply_letter(request: HttpRequest, pk: int, fmt: str) -> HttpResponse:
    """The letter as it would go out now; with the applicant's name for handlers alone."""
    row = access_reply(request.user, pk)
    named = access.handles(request.user, row.request)
    if named:
        access.look(request.user, row.request, "下载答复文书")
    return _file(request, lambda: files.preview(row, fmt, named=named), fmt)


@staff_required
@require_GET
def service_letter(request: HttpRequest, pk: int, fmt: str) -> HttpResponse:
    """A letter that was sent, as it was sent: it names the applicant, so that it is for handlers."""
    row: Service = access_service(request.user, pk)
    access.look(request.user, row.request, "下载文书")
    return _file(request, lambda: files.letter_file(row, fmt), fmt)


def _file(request: HttpRequest, make: Any, fmt: str) -> HttpResponse:
    if fmt not in files.FORMATS:
        raise Http404("没有这种格式")
    try:
        name, data = make()
    except pdf.NoBooklet as error:
        return render(request, "disclosure_requests/replying/no_pdf.html", {"problem": str(error)}, status=503)
    return attachment(data, name, files.MEDIA[fmt])


@staff_required
@require_POST
def service_verb(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """登记送达、没有送达 of a letter."""
    row = access_service(request.user, pk)
    if verb not in SERVICE_VERBS:
        raise Http404("没有这个操作")
    form = SERVICE_VERBS[verb](request.POST, auto_id=f"{verb}-{pk}_%s")

    def deed() -> Service:
        action = serving.served if verb == "served" else serving.not_served
        return action(row, actor_of(request), key=str(form.cleaned_data["key"]), **form.arguments())

    done = "送达已登记。" if verb == "served" else "已登记，请另行发出。"
    if row.reply_id is None:
        try_or_tell(request, form, deed, done)
        return back("request_cases:case", row.request_id)
    if attempt(request, form, deed, done) is not None:
        return back("request_cases:reply", row.reply_id, at="services")
    return page.show(request, access_reply(request.user, row.reply_id), (f"{verb}-{pk}", form), status_of(form))


def _place(user: Any, pk: int) -> Jurisdiction:
    """For its openness office and the head of its competent agency."""
    scope = scope_of(user)
    if not (scope.is_office_of(pk) or scope.heads_competent_agency_of(pk)):
        raise Http404(NO_PLACE)
    place = Jurisdiction.objects.filter(pk=pk).first()
    if place is None:
        raise Http404(NO_PLACE)
    return place


@staff_required
@require_GET
def templates(request: HttpRequest, pk: int) -> HttpResponse:
    place = _place(request.user, pk)
    today = timezone.localdate()
    rows = list(LetterTemplate.objects.filter(jurisdiction=place))
    own = {row.letter: row for row in reversed(rows) if row.approved_at is not None and row.effective_from <= today}
    waiting = {row.letter: row for row in rows if row.approved_at is None}
    listed = [(letter, wording.name_of(letter), own.get(letter), waiting.get(letter)) for letter in wording.letters()]
    return render(request, "disclosure_requests/replying/templates.html", {"place": place, "rows": listed})


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def template(request: HttpRequest, pk: int, letter: str) -> HttpResponse:
    """The words of one letter: in force, drafted, earlier; a post previews (`do=preview`) or saves a draft."""
    place = _place(request.user, pk)
    if letter not in wording.letters():
        raise Http404("没有这种文书")
    held = wording.wording(letter, place, timezone.localdate())
    waiting = templating.waiting(pk, letter)
    shown = waiting or held
    form = TemplateForm(initial={"title": shown.title, "body": shown.body})
    status, preview = 200, wording.sample(letter, shown.title, shown.body)
    if request.method == "POST":
        form = TemplateForm(request.POST)
        if request.POST.get("do") == "preview" and form.is_valid():
            for reason in wording.template_reasons(letter, form.cleaned_data["title"], form.cleaned_data["body"]):
                form.add_error(None, reason)
            preview = wording.sample(letter, request.POST.get("title", ""), request.POST.get("body", ""))
            status = 422 if form.errors else 200
        else:

            def deed() -> LetterTemplate:
                data = form.cleaned_data
                return templating.draft_template(
                    place,
                    actor_of(request),
                    key=str(data["key"]),
                    letter=letter,
                    title=data["title"],
                    body=data["body"],
                    effective_from=data["effective_from"],
                )

            if attempt(request, form, deed, "已保存，等主管部门负责人批准。") is not None:
                return back("request_cases:template", pk, letter)
            status = status_of(form)
    context = {
        "place": place,
        "letter": letter,
        "name": wording.name_of(letter),
        "held": held,
        "waiting": waiting,
        "form": form,
        "may_draft": not templating.draft_role(actor_of(request), pk),
        "may_approve": waiting is not None and not templating.approve_role(actor_of(request), waiting),
        "approve": PlainForm(auto_id="approve_%s"),
        "refuse": ReturnForm(auto_id="refuse_%s"),
        "placeholders": wording.placeholders(letter),
        "required": wording.required(letter),
        "preview": preview,
        "comparison": Comparison([], lines(held.body, waiting.body), []) if waiting else None,
        "versions": LetterTemplate.objects.filter(jurisdiction=place, letter=letter, approved_at__isnull=False).select_related(
            "approved_by"
        ),
    }
    return render(request, "disclosure_requests/replying/template.html", context, status=status)


def _approved(place: Jurisdiction, letter: str) -> QuerySet[LetterTemplate]:
    return LetterTemplate.objects.filter(jurisdiction=place, letter=letter, approved_at__isnull=False).select_related("approved_by")


@staff_required
@require_POST
def template_verb(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """批准、退回."""
    row = LetterTemplate.objects.select_related("jurisdiction").filter(pk=pk).first()
    if row is None or verb not in ("approve", "refuse"):
        raise Http404(NO_PLACE)
    _place(request.user, row.jurisdiction_id)
    form: KeyForm = (PlainForm if verb == "approve" else ReturnForm)(request.POST)
    action = templating.approve_template if verb == "approve" else templating.return_template

    def deed() -> LetterTemplate:
        return action(row, actor_of(request), key=str(form.cleaned_data["key"]), **form.arguments())

    try_or_tell(request, form, deed, "已批准，从启用日期起使用。" if verb == "approve" else "已退回，拟稿人可以修改。")
    return back("request_cases:template", row.jurisdiction_id, row.letter)
