"""统筹: the first page, and what all pages of this line of work share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from gongkai.agencies.auth import staff_required
from gongkai.agencies.errors import ActionRefused
from gongkai.coordination.queries.front import figures, waiting
from gongkai.obligations.exports import safe_headers
from gongkai.obligations.forms import KeyForm

SHOWN = 50


def attempt(request: HttpRequest, form: KeyForm, deed: Callable[[], Any], done: str) -> Any | None:
    """Runs the deed of a valid form and says so; a refusal goes onto the form, and None comes back."""
    if not form.is_valid():
        return None
    try:
        made = deed()
    except ActionRefused as error:
        for reason in error.reasons:
            form.add_error(None, reason)
        return None
    messages.success(request, done)
    return made


def try_or_tell(request: HttpRequest, form: KeyForm, deed: Callable[[], Any], done: str) -> Any | None:
    """The same for forms that live on another page: what is wrong is told in a message there."""
    made = attempt(request, form, deed, done)
    if made is None:
        for name, errors in form.errors.items():
            label = f"{form.fields[name].label}：" if name in form.fields and form.fields[name].label else ""
            for error in errors:
                messages.error(request, f"{label}{error}")
    return made


def status_of(form: KeyForm) -> int:
    """422 for what was typed wrong, 409 for what the record refuses."""
    return 409 if "__all__" in form.errors and len(form.errors) == 1 else 422


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


def back(name: str, *args: Any, at: str = "") -> HttpResponse:
    return redirect(reverse(name, args=args) + (f"#{at}" if at else ""))
