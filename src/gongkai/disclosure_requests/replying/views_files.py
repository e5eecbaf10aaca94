"""Files of a reply: what was found comes in, goes with the reply, is marked for redaction, looked at and handed out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongkai.agencies.actor import actor_of
from gongkai.agencies.auth import staff_required
from gongkai.agencies.errors import ActionRefused
from gongkai.deeds.pages import attempt, back, status_of, try_or_tell
from gongkai.disclosure_requests.actions import replying
from gongkai.disclosure_requests.actions.base import no_role
from gongkai.disclosure_requests.casefiles import content_of
from gongkai.disclosure_requests.models import CaseFile, DisclosureRequest, Reply, ReplyFile
from gongkai.disclosure_requests.replying import docx_tool, pictures
from gongkai.disclosure_requests.replying import page as reply_page
from gongkai.disclosure_requests.replying.access import access_file, access_found, access_reply
from gongkai.disclosure_requests.replying.forms import AttachForm, PlainForm
from gongkai.disclosure_requests.replying.redacting_forms import Marks
from gongkai.obligations.exports import attachment
from gongkai.obligations.too_large import dropped_files
from gongkai.publications.drafting.attachments import too_large
from gongkai.reading.errors import ReadingError


@staff_required
@require_POST
def attach(request: HttpRequest, pk: int) -> HttpResponse:
    """Files that were found come into the case."""
    row = access_reply(request.user, pk)
    form = AttachForm(request.POST, request.FILES, auto_id="attach_%s")
    for name in dropped_files(request):
        form.add_error("files", too_large(name))

    def deed() -> DisclosureRequest:
        data = form.cleaned_data
        return replying.attach(row.request, actor_of(request), key=str(data["key"]), files=data["files"])

    if attempt(request, form, deed, "文件已放进案卷，可以选择随答复提供。") is None:
        return reply_page.show(request, access_reply(request.user, pk), ("attach", form), status_of(form))
    return back("request_cases:reply", pk, at="files")


@staff_required
@require_POST
def give(request: HttpRequest, pk: int, source: int) -> HttpResponse:
    row = access_reply(request.user, pk)
    file = access_found(request.user, source)
    form = PlainForm(request.POST)

    def deed() -> ReplyFile:
        return replying.give(row, actor_of(request), key=str(form.cleaned_data["key"]), source=file)

    try_or_tell(request, form, deed, "文件将随答复提供，后台正在制作副本。")
    return back("request_cases:reply", pk, at="files")


@staff_required
@require_POST
def take_away(request: HttpRequest, pk: int) -> HttpResponse:
    file = access_file(request.user, pk)
    form = PlainForm(request.POST)

    def deed() -> Reply:
        return replying.take_away(file, actor_of(request), key=str(form.cleaned_data["key"]))

    try_or_tell(request, form, deed, "文件不再随答复提供，原件还在案卷里。")
    return back("request_cases:reply", file.reply_id, at="files")


def _reader(stored: Any) -> Callable[[], bytes]:
    return lambda: content_of(stored)


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def redact(request: HttpRequest, pk: int) -> HttpResponse:
    """The tool: a page of the file as a picture with its boxes, the table of all marks, words, and proposals on request."""
    file = access_file(request.user, pk)
    source, reply = file.source, file.reply
    read = _reader(source.file)
    context: dict[str, Any] = {"file": file, "reply": reply, "source": source}
    context["may"] = not no_role(actor_of(request), reply.request) and not replying.draft_reasons(reply.request)
    try:
        looked = pictures.look(source.sha256, read, source.name)
        found = pictures.proposals(source.sha256, read, source.name) if "propose" in request.GET or "proposed" in request.POST else []
    except ReadingError as error:
        context["problem"] = f"{error.problem}，{error.mend}。"
        return render(request, "disclosure_requests/replying/redact.html", context, status=409)
    except OSError:
        context["problem"] = "存储里没有这个文件，请重新上传。"
        return render(request, "disclosure_requests/replying/redact.html", context, status=409)
    if looked.kind == "docx":
        return docx_tool.tool(request, file, looked, read, found, context["may"])
    pager = Paginator(range(1, looked.pages + 1), 1).get_page(request.GET.get("page") or request.POST.get("at")) if looked.pages else None
    number = pager.number if pager else 1
    marks = Marks(request.POST if request.method == "POST" else None, file.areas, found, number)
    status = 200
    if request.method == "POST":
        reasons: list[str] = []
        if marks.is_valid():
            key = str(marks.key.cleaned_data["key"])
            try:
                replying.give(reply, actor_of(request), key=key, source=source, areas=marks.areas())
                address = reverse("request_cases:redact", args=[pk])
                return back("request_cases:redact", pk, at="result") if number == 1 else _at(f"{address}?page={number}#result")
            except ActionRefused as error:
                reasons = error.reasons
        context["reasons"] = reasons or marks.problems()
        status = 409 if reasons else 422
    context |= {"marks": marks, "look": looked, "page_obj": pager, "proposals": found, "asked": "propose" in request.GET}
    if pager is not None:
        try:
            shown = pictures.page(source.sha256, read, source.name, number)
            context |= {"width": shown.width, "height": shown.height}
        except ReadingError as error:
            context["page_problem"] = f"{error.problem}，{error.mend}。"
    return render(request, "disclosure_requests/replying/redact.html", context, status=status)


def _at(address: str) -> HttpResponse:
    response = HttpResponse(status=302)
    response["Location"] = address
    return response


@staff_required
@require_GET
def picture(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """One page as a picture, of the original or (`?made=1`) of the copy that is given. Never cached outside this process."""
    file = access_file(request.user, pk)
    made = request.GET.get("made") == "1"
    if made and not file.given:
        raise Http404("副本还没有制作好")
    stored, sha, name = (
        (file.given, file.given_sha256, file.given_name) if made else (file.source.file, file.source.sha256, file.source.name)
    )
    try:
        shown = pictures.page(sha, _reader(stored), name, number)
    except (ReadingError, OSError) as error:
        raise Http404("没有这一页") from error
    response = HttpResponse(shown.png, content_type="image/png")
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    patch_vary_headers(response, ["Cookie"])
    return response


@staff_required
@require_GET
def given(request: HttpRequest, pk: int) -> HttpResponse:
    """The copy that goes out."""
    file = access_file(request.user, pk)
    if not file.given:
        raise Http404("副本还没有制作好")
    return _download(file.given, file.given_name, "application/octet-stream")


@staff_required
@require_GET
def source(request: HttpRequest, pk: int) -> HttpResponse:
    row: CaseFile = access_found(request.user, pk)
    return _download(row.file, row.name, "application/octet-stream")


def _download(stored: Any, name: str, media_type: str) -> HttpResponse:
    try:
        return attachment(_reader(stored)(), name, media_type)
    except OSError as error:
        raise Http404("存储里没有这个文件") from error
