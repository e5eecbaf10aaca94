"""/documents/topics/: 专题专栏 and the booklets bound from them, for everybody."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from gongkai.obligations.middleware import reads_no_states
from gongkai.publications.models import Topic
from gongkai.publications.public import cache as public_cache
from gongkai.publications.public.page import qr_code
from gongkai.publications.topics import queries as topics
from gongkai.publications.topics.views import file_of
from gongkai.twins import address, hosting, of_list

PER_PAGE = 20


@require_safe
@reads_no_states
def topic_list(request: HttpRequest) -> HttpResponse:
    def make() -> HttpResponse:
        rows = hosting.narrowed(topics.opened()).order_by("closed_on", "-opened_at", "-pk")
        page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
        return render(request, "publications/topics/public_list.html", {"page_obj": page, "twins": of_list("topics", "专题专栏")})

    return public_cache.answer(request, public_cache.tag(request), None, make)


def _topic(pk: int) -> Topic:
    record = topics.opened().filter(pk=pk).first()
    if record is None:
        raise Http404("没有这个专题，或者还没有公开")
    return record


@require_safe
@reads_no_states
def topic(request: HttpRequest, pk: int) -> HttpResponse:
    record = _topic(pk)

    def make() -> HttpResponse:
        parts: dict[str, list[object]] = {}
        for entry in topics.entries(record, public=True):
            parts.setdefault(entry.heading, []).append(entry)
        context = {"topic": record, "parts": list(parts.items()), "booklets": topics.public_booklets(record)}
        own = address(reverse("documents:topic", args=[pk]), request)
        context |= {"qr": qr_code(own), "own_url": own, "twins": of_list("topic", record.title, {"topic": pk})}
        return render(request, "publications/topics/public_topic.html", context)

    last = record.booklets.filter(finished_at__isnull=False).values_list("pk", flat=True).order_by("-finished_at").first()
    return public_cache.answer(request, public_cache.tag(request, last), None, make)


@require_safe
@reads_no_states
def booklet(request: HttpRequest, pk: int, fmt: str) -> HttpResponseBase:
    """The last booklet in this form, unless anything in it has changed since: then it is bound anew first."""
    record = _topic(pk)
    found = next((row for row in topics.public_booklets(record) if row.form == fmt), None)
    if found is None:
        raise Http404("没有这本汇编，或者内容有变化正在重新编制")
    return file_of(found)
