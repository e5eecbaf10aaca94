"""What the pages of verbs share: a refusal comes back on the form with what was typed, success is said once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from gongkai.agencies.errors import ActionRefused


def attempt(request: HttpRequest, form: forms.Form, deed: Callable[[], Any], done: str) -> Any | None:
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


def try_or_tell(request: HttpRequest, form: forms.Form, deed: Callable[[], Any], done: str) -> Any | None:
    """The same for forms that live on another page: what is wrong is told in a message there."""
    made = attempt(request, form, deed, done)
    if made is None:
        for name, errors in form.errors.items():
            label = f"{form.fields[name].label}：" if name in form.fields and form.fields[name].label else ""
            for error in errors:
                messages.error(request, f"{label}{error}")
    return made


def status_of(form: forms.Form) -> int:
    """422 for what was typed wrong, 409 for what the record refuses."""
    return 409 if "__all__" in form.errors and len(form.errors) == 1 else 422


def back(name: str, *args: Any, at: str = "") -> HttpResponse:
    return redirect(reverse(name, args=args) + (f"#{at}" if at else ""))
