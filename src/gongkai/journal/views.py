"""The public page of daily heads: what outsiders need to hold us to the journal. It shows no entry."""

from __future__ import annotations

from collections.abc import Iterator

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gongkai.journal import queries
from gongkai.twins import of_list

PER_PAGE = 60


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    page = Paginator(queries.heads(), PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "journal/heads.html",
        {"page_obj": page, "latest": queries.latest_seal(), "twins": of_list("journal", "变更记录的每日校验值")},
    )


@require_safe
def heads_json(request: HttpRequest) -> HttpResponse:
    """All of them, newest first: about 50 KB a year."""
    return JsonResponse({"heads": [queries.head_json(head) for head in queries.heads()]})


@require_safe
def heads_txt(request: HttpRequest) -> StreamingHttpResponse:
    """The same, a line for each day: day, last number, number of entries, algorithm, hash."""

    def lines() -> Iterator[str]:
        for head in queries.heads().iterator():
            yield f"{head.day} {head.seq} {head.count} {head.algorithm} {head.hash}\n"

    return StreamingHttpResponse(lines(), content_type="text/plain; charset=utf-8")
