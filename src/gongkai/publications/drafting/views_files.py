"""附件 at the desk: upload several, replace, describe and order, take away, download the original."""

from __future__ import annotations

from typing import Any

from django.core.files import File
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_GET, require_POST

from gongkai.agencies.actor import actor_of
from gongkai.agencies.auth import staff_required
from gongkai.deeds.pages import attempt, back, status_of, try_or_tell
from gongkai.obligations.exports import safe_headers
from gongkai.obligations.forms import KeyForm
from gongkai.obligations.too_large import dropped_files
from gongkai.publications import access
from gongkai.publications.actions import drafting
from gongkai.publications.drafting import attachments
from gongkai.publications.drafting.forms import AttachForm, ReplaceForm
from gongkai.publications.drafting.views import page_of
from gongkai.publications.models import Revision


@staff_required
@require_POST
def attach(request: HttpRequest, pk: int) -> HttpResponse:
    edition = access.access_edition(request.user, pk)
    form = AttachForm(request.POST, request.FILES, auto_id="attach_%s")
    for name in dropped_files(request):
        form.add_error("files", attachments.too_large(name))

    def deed() -> Revision:
        data = form.cleaned_data
        return drafting.attach(edition, actor_of(request), key=str(data["key"]), files=data["files"], contact=data["contact"])

    if attempt(request, form, deed, "附件已上传，后台正在检查。") is None:
        return page_of(request, edition.document, ("attach", form), status_of(form))
    return back("drafting:document", edition.document_id, at="files")


@staff_required
@require_POST
def replace(request: HttpRequest, pk: int, attachment_pk: int) -> HttpResponse:
    edition = access.access_edition(request.user, pk)
    attachment = access.access_attachment(request.user, attachment_pk)
    form = ReplaceForm(request.POST, request.FILES)
    for name in dropped_files(request):
        form.add_error("file", attachments.too_large(name))

    def deed() -> Revision:
        file: File[Any] = form.cleaned_data["file"]
        return drafting.replace_file(edition, actor_of(request), key=str(form.cleaned_data["key"]), attachment=attachment, file=file)

    try_or_tell(request, form, deed, "已换成新文件，旧的一版还留着。")
    return back("drafting:document", edition.document_id, at="files")


@staff_required
@require_POST
def detach(request: HttpRequest, pk: int, attachment_pk: int) -> HttpResponse:
    edition = access.access_edition(request.user, pk)
    attachment = access.access_attachment(request.user, attachment_pk)
    form = KeyForm(request.POST)
    try_or_tell(
        request,
        form,
        lambda: drafting.detach(edition, actor_of(request), key=str(form.cleaned_data["key"]), attachment=attachment),
        "已从草稿里移除，各稿的附件还留着可查。",
    )
    return back("drafting:document", edition.document_id, at="files")


@staff_required
@require_POST
def describe(request: HttpRequest, pk: int) -> HttpResponse:
    """The table of attachments as one form: t<id> title, n<id> order, a<id> readable, c<id> contact."""
    edition = access.access_edition(request.user, pk)
    form = KeyForm(request.POST)
    ids = [int(name[1:]) for name in request.POST if name[:1] == "t" and name[1:].isascii() and name[1:].isdigit() and len(name) < 19]

    def deed() -> Revision:
        told = {number: _told(request, number) for number in ids[:500]}
        return drafting.describe(edition, actor_of(request), key=str(form.cleaned_data["key"]), told=told)

    try_or_tell(request, form, deed, "附件说明已保存。")
    return back("drafting:document", edition.document_id, at="files")


def _told(request: HttpRequest, number: int) -> dict[str, Any]:
    position = request.POST.get(f"n{number}", "")
    return {
        "title": request.POST.get(f"t{number}", ""),
        "position": int(position) if position.isascii() and position.isdigit() and len(position) < 5 else None,
        "accessible": f"a{number}" in request.POST,
        "contact": request.POST.get(f"c{number}", ""),
    }


@staff_required
@require_GET
def original(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file as uploaded: for staff alone."""
    version = access.access_version(request.user, pk)
    try:
        response = FileResponse(version.original.open("rb"), content_type=version.content_type or "application/octet-stream")
    except FileNotFoundError as error:
        raise Http404("文件不在存储里") from error
    safe_headers(response, version.name)
    return response
