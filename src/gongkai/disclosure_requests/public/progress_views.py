"""查进度: each step, the clock in words, letters, the clarification, the reply with its files, withdrawal, and how it was."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gongkai.deeds.pages import attempt, status_of
from gongkai.disclosure_requests import numbers
from gongkai.disclosure_requests.actions import clarifying, filing, frequency, public
from gongkai.disclosure_requests.actions.base import open_reasons
from gongkai.disclosure_requests.models import DisclosureRequest, ReplyFile, Service
from gongkai.disclosure_requests.public import progress, telling
from gongkai.disclosure_requests.public.forms import ClarifyForm, LookupForm, RateForm, ReasonsForm, WithdrawForm
from gongkai.disclosure_requests.queries import STATES
from gongkai.disclosure_requests.remedies import remedies
from gongkai.formats.annual_report.outcomes import outcomes
from gongkai.obligations.forms import KeyForm
from gongkai.obligations.too_large import dropped_files

FORMS: dict[str, type[KeyForm]] = {"clarify": ClarifyForm, "reasons": ReasonsForm, "withdraw": WithdrawForm, "rate": RateForm}
View = Callable[..., HttpResponse]


def _with_code(view: View) -> View:
    """For browsers that gave number and code; the others are asked for them. Kept nowhere."""

    @never_cache
    @wraps(view)
    def wrapped(request: HttpRequest, pk: int, **more: Any) -> HttpResponse:
        try:
            case = progress.opened(request, pk)
        except Http404:
            return redirect("requests:progress")
        return view(request, case, **more)

    return wrapped


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def look_up(request: HttpRequest) -> HttpResponse:
    """Number and code. Whatever is wrong, the sentence is the same."""
    if request.method != "POST":
        form = LookupForm(initial={"number": request.GET.get("number", "").replace("\x00", "")[:80]})
        return render(request, "disclosure_requests/public/look_up.html", {"form": form})
    form = LookupForm(request.POST)
    if form.is_valid():
        row = progress.look_up(form.cleaned_data["number"], form.cleaned_data["code"])
        if row is not None:
            progress.let_in(request, row)
            return redirect("requests:case", row.pk)
        form.add_error(None, progress.refused())
    return render(request, "disclosure_requests/public/look_up.html", {"form": form}, status=422)


@never_cache
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """For a computer that others use too."""
    progress.leave(request)
    return redirect("requests:progress")


@require_safe
@_with_code
def case(request: HttpRequest, case: DisclosureRequest) -> HttpResponse:
    return _page(request, case)


def _page(request: HttpRequest, case: DisclosureRequest, bound: tuple[str, KeyForm] | None = None, status: int = 200) -> HttpResponse:
    asked, often = getattr(case, "clarification", None), getattr(case, "frequency", None)
    shown: dict[str, KeyForm | None] = {
        "clarify": ClarifyForm(auto_id="clarify_%s") if asked is not None and not clarifying.answer_reasons(asked) else None,
        "reasons": ReasonsForm(auto_id="reasons_%s") if often is not None and not frequency.give_reasons(often) else None,
        "withdraw": WithdrawForm(auto_id="withdraw_%s") if not open_reasons(case) else None,
        "rate": RateForm(auto_id="rate_%s") if not public.rate_reasons(case) else None,
    }
    if bound is not None:
        shown[bound[0]] = bound[1]
    context = {
        "case": case,
        "state": STATES[case.state],  # type: ignore[attr-defined]  # annotated
        "steps": telling.steps(case),
        "letters": telling.letters(case),
        "asked": asked,
        "often": often,
        "asked_late": asked is not None and timezone.localdate() > asked.due_on,
        "reply_service": telling.reply_service(case),
        "parts": list(case.parts.all()),
        "forms": shown,
        "bound": bound[0] if bound else "",
        "stays": progress.STAYS // 60,
    }
    return render(request, "disclosure_requests/public/case.html", context, status=status)


@require_safe
@_with_code
def reply(request: HttpRequest, case: DisclosureRequest) -> HttpResponse:
    """The reply, its files and what can be done against it. Opening it is proof that it arrived."""
    service = telling.reply_service(case)
    if service is None or service.reply is None:
        return redirect("requests:case", case.pk)
    if request.method == "GET":
        service = public.opened(service)
    answered = service.reply
    assert answered is not None
    place, outcome = numbers.settings_of(case.jurisdiction), outcomes()[answered.outcome]
    context = {
        "case": case,
        "service": service,
        "reply": answered,
        "outcome": outcome,
        "outcome_words": outcome.title.partition("（")[0],  # what the table adds in brackets is for who counts
        "files": [row for row in answered.files.all() if row.given],
        "remedy": remedies(outcome, case.agency, place.reconsideration_organ, place.court, service.sent_on),
    }
    return render(request, "disclosure_requests/public/reply.html", context)


def _press(request: HttpRequest, case: DisclosureRequest, name: str, deed: Callable[[Any], Any], done: str) -> HttpResponse:
    form = FORMS[name](request.POST, request.FILES, auto_id=f"{name}_%s")
    for dropped in dropped_files(request):
        form.add_error(None, f"“{dropped}”太大，没有收下；请压缩或者拆开后再传")
    if attempt(request, form, lambda: deed(form), done) is None:
        return _page(request, case, (name, form), status_of(form))
    return redirect("requests:case", case.pk)


@require_POST
@_with_code
def clarify(request: HttpRequest, case: DisclosureRequest) -> HttpResponse:
    """补正 by the applicant; after its day too, until the office has found that it was given up."""
    asked = getattr(case, "clarification", None)
    if asked is None:
        return redirect("requests:case", case.pk)

    def deed(form: ClarifyForm) -> Any:
        data = form.cleaned_data
        asked.request = case
        return clarifying.answer(asked, None, key=str(data["key"]), words=data["words"], files=data["files"])

    return _press(request, case, "clarify", deed, "补正已经提交，答复期限从今天起重新计算。")


@require_POST
@_with_code
def reasons(request: HttpRequest, case: DisclosureRequest) -> HttpResponse:
    """说明理由 (条例第三十五条) by the applicant, until it is judged."""
    often = getattr(case, "frequency", None)
    if often is None:
        return redirect("requests:case", case.pk)

    def deed(form: ReasonsForm) -> Any:
        often.request = case
        return frequency.give(often, key=str(form.cleaned_data["key"]), words=form.cleaned_data["words"])

    return _press(request, case, "reasons", deed, "理由已经提交。")


@require_POST
@_with_code
def withdraw(request: HttpRequest, case: DisclosureRequest) -> HttpResponse:
    def deed(form: WithdrawForm) -> Any:
        return filing.withdraw(case, None, key=str(form.cleaned_data["key"]), reason=form.cleaned_data["reason"])

    return _press(request, case, "withdraw", deed, "申请已经撤回。")


@require_POST
@_with_code
def rate(request: HttpRequest, case: DisclosureRequest) -> HttpResponse:
    def deed(form: RateForm) -> Any:
        data = form.cleaned_data
        return public.rate(case, key=str(data["key"]), value=data["value"], words=data["words"])

    return _press(request, case, "rate", deed, "谢谢您的评价。")


@require_safe
@_with_code
def letter(request: HttpRequest, case: DisclosureRequest, service: int) -> HttpResponse:
    """The file of a letter that was sent to the applicant. Opening it is proof that it arrived."""
    wanted = Service.objects.filter(pk=service, request=case, letter__in=telling.TO_APPLICANT, file__isnull=False).select_related("file")
    row = wanted.first()
    if row is None or row.file is None or row.file.removed_at is not None:
        raise Http404("没有这份文书")
    if request.method == "GET":
        public.opened(row)
    return _download(row.file.file, row.file.name, row.file.media_type)


@require_safe
@_with_code
def reply_file(request: HttpRequest, case: DisclosureRequest, file: int) -> HttpResponse:
    """A file given with the reply that was sent: what was made for the applicant, never the original behind it."""
    service = telling.reply_service(case)
    row = ReplyFile.objects.filter(pk=file, reply=service.reply_id).exclude(given="").first() if service is not None else None
    if row is None:
        raise Http404("没有这个文件")
    return _download(row.given, row.given_name, "application/octet-stream")


def _download(stored: Any, name: str, media_type: str) -> HttpResponse:
    answer: Any = FileResponse(stored.open(), as_attachment=True, filename=name, content_type=media_type)
    return cast(HttpResponse, answer)
