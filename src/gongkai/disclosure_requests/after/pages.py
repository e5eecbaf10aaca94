"""One page for one verb: what it is about, its form, or what stands in its way; a refusal comes back with what was typed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from gongkai.deeds.pages import attempt, status_of

PER_PAGE = 25
TEMPLATE = "disclosure_requests/after/verb.html"


def verb(
    request: HttpRequest,
    form: forms.Form,
    *,
    title: str,
    deed: Callable[..., Any],
    done: str,
    to: Callable[[Any], str],
    button: str,
    crumbs: Sequence[tuple[str, str]] = (),
    reasons: Sequence[str] = (),
    lead: str = "",
    more: Mapping[str, Any] | None = None,
    template: str = TEMPLATE,
) -> HttpResponse:
    """`deed` is given the cleaned values; `to` tells, from what it made, the address to go on to. Its reasons, where there are any, stand
    in the place of the form."""
    status = 200
    if request.method == "POST":
        made = attempt(request, form, lambda: deed(**form.cleaned_data), done)
        if made is not None:
            return redirect(to(made))
        status = status_of(form)
        reasons = ()
    context = {"form": form, "title": title, "button": button, "crumbs": crumbs, "reasons": reasons, "lead": lead, **(more or {})}
    return render(request, template, context, status=status)


def data(request: HttpRequest) -> Any:
    """What was posted, None for a page that is only looked at: a form without data has its key from itself."""
    return request.POST if request.method == "POST" else None


def paged(request: HttpRequest, rows: QuerySet[Any] | Sequence[Any], per_page: int = PER_PAGE) -> Any:
    return Paginator(rows, per_page).get_page(request.GET.get("page"))
