"""统筹: the first page, and what all pages of this line of work share."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from gongkai.agencies.auth import staff_required
from gongkai.coordination.queries.front import figures, waiting
from gongkai.deeds.pages import attempt, back, status_of, try_or_tell
from gongkai.obligations.exports import safe_headers

__all__ = ["attempt", "back", "file_response", "home", "status_of", "try_or_tell"]
SHOWN = 50


def file_response(record: Any) -> HttpResponseBase:
    """The stored file of a record as a download that is never run; 404 without one."""
    if not record.file:
        raise Http404("这条记录没有文件")
    try:
        response = FileResponse(record.file.open("rb"), content_type=record.content_type or "application/octet-stream")
    except FileNotFoundError as error:
        raise Http404("文件不在存储里") from error
    safe_headers(response, record.name)
    return response


@staff_required
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    context = {"figures": figures(request.user), "waiting": waiting(request.user, shown=SHOWN)}
    return render(request, "coordination/home.html", context)
