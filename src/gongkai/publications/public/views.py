"""The public page of a document: /documents/<pk>/, its JSON twin, earlier editions, comparison, attachments.

An address that was once public answers for ever: withdrawn it says so and why, with 410 (invariant 4). Drafts have no address here.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from gongkai.obligations.middleware import reads_no_states
from gongkai.publications.models import Document, Edition, Revision
from gongkai.publications.public import cache as public_cache
from gongkai.publications.public import files as public_files
from gongkai.publications.public.comparing import compare as compare_texts
from gongkai.publications.public.page import PublicPage, access_opened, access_public, address, as_json, gather, qr_code
from gongkai.publications.topics import booklets_ofd
from gongkai.publications.visible import live_editions
from gongkai.twins.compiled import GIVEN, Compiled
from gongkai.twins.hosting import main_address

GONE = 410


def _state(document: Document, edition: Edition | None) -> tuple[Any, ...]:
    """What of the document itself makes its page another one."""
    own = (edition.pk, edition.published_at, edition.confirmed_at) if edition is not None else ()
    return (document.pk, document.withdrawn_at, *own)


def _own_state(pk: int) -> tuple[Any, ...]:
    """As `_state`, of an open document from one narrow query: nearly every reader is answered from what is kept, and needs no more."""
    found = _states(timezone.localdate())(pk)
    return found[0] if found else _state(*access_public(pk))


@lru_cache(maxsize=4)
def _states(day: date) -> Compiled[tuple[Any, ...]]:
    rows = live_editions(day).filter(document=GIVEN, document__first_published_at__isnull=False).order_by()
    return Compiled(rows.values_list("document", "document__withdrawn_at", "pk", "published_at", "confirmed_at"))


def _opened(state: tuple[Any, ...]) -> Any:
    return state[3] if len(state) > 2 else state[1]


@require_safe
@reads_no_states
def document(request: HttpRequest, pk: int) -> HttpResponse:
    state = _own_state(pk)

    def make() -> HttpResponse:
        doc, edition = access_public(pk)
        if edition is None:
            return gone(request, doc)
        page = _gathered(doc, edition)
        return render(request, "publications/public/document.html", _context(request, page))

    return public_cache.answer(request, public_cache.tag(request, *state), _opened(state), make)


@require_safe
@reads_no_states
def document_json(request: HttpRequest, pk: int) -> HttpResponse:
    state = _own_state(pk)

    def make() -> HttpResponse:
        doc, edition = access_public(pk)
        if edition is None:
            return _json(_gone_words(doc, request), GONE)
        return _json(as_json(_gathered(doc, edition), request))

    return public_cache.answer(request, public_cache.tag(request, *state), _opened(state), make)


@require_safe
@reads_no_states
def edition(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """An earlier edition, marked as past; the present one is at the document's own address."""
    doc, live = access_public(pk)
    if live is None:
        return gone(request, doc)
    _insist_open(live)
    if live.number == number:
        return redirect("documents:document", pk)
    past = access_opened(doc, number)

    def make() -> HttpResponse:
        page = gather(doc, live, past)
        page.files = public_files.files_of(doc, past, past=True)
        return render(request, "publications/public/document.html", {**_context(request, page), "live": live})

    return public_cache.answer(request, public_cache.tag(request, *_state(doc, live)), past.published_at, make)


@require_safe
@reads_no_states
def compare(request: HttpRequest, pk: int, old: int, new: int) -> HttpResponse:
    """Two editions that the public has seen, in their order."""
    doc, live = access_public(pk)
    if live is None:
        return gone(request, doc)
    _insist_open(live)
    if old >= new:
        raise Http404("请选先后两个版次")
    before, after = access_opened(doc, old), access_opened(doc, new)

    def make() -> HttpResponse:
        assert before.revision is not None and after.revision is not None and live.revision is not None
        context = {"document": doc, "title": live.revision.title, "old": before, "new": after}
        context["comparison"] = compare_texts(before.revision, after.revision)
        return render(request, "publications/public/compare.html", context)

    return public_cache.answer(request, public_cache.tag(request, *_state(doc, live)), after.published_at, make)


@require_safe
@reads_no_states
def file(request: HttpRequest, pk: int, attachment: int) -> HttpResponseBase:
    """The attachment as it stands with the live edition, by an address that never changes."""
    doc, live = access_public(pk)
    if live is None:
        return gone(request, doc)
    return public_files.response(request, live, attachment)


@require_safe
@reads_no_states
def edition_file(request: HttpRequest, pk: int, number: int, attachment: int) -> HttpResponseBase:
    doc, live = access_public(pk)
    if live is None:
        return gone(request, doc)
    _insist_open(live)
    return public_files.response(request, access_opened(doc, number), attachment)


def _insist_open(live: Edition) -> None:
    """Where the present text is withheld, earlier ones are too."""
    if live.revision is None or live.revision.attribute != Revision.Attribute.PROACTIVE:
        raise Http404("这份文件现在不公开内容")


def _gathered(doc: Document, live: Edition) -> PublicPage:
    page = gather(doc, live)
    page.files = public_files.files_of(doc, live)
    return page


def _context(request: HttpRequest, page: PublicPage) -> dict[str, Any]:
    doc = page.document
    own = main_address(reverse("documents:document", args=[doc.pk]), doc.agency_id, doc.jurisdiction_id, request)
    return {
        "page": page,
        "document": page.document,
        "revision": page.revision,
        "edition": page.edition,
        "body": "" if page.is_withheld else mark_safe(page.revision.body),  # noqa: S308 — cleaned by nh3 before it was saved (cleaning.py)
        "metadata": page.metadata(),
        "own_url": own,
        "canonical": own,
        "qr": qr_code(own),
        "json_url": reverse("documents:document_json", args=[page.document.pk]),
        "ofd": booklets_ofd.is_configured(),
        "description": page.revision.abstract if page.revision.abstract and not page.is_withheld else page.revision.title,
        "asked": request.GET.get("asked") == "1",
    }


def gone(request: HttpRequest, doc: Document) -> HttpResponse:
    """Withdrawn, or at the end of its own term: what it was, that it is gone, since when and why. Nothing of its content."""
    last = doc.editions.filter(state__in=(Edition.State.LIVE, Edition.State.PAST, Edition.State.WITHDRAWN))
    newest = last.select_related("revision").order_by("-number").first()
    context = {"document": doc, "edition": newest, "why": _gone_words(doc, request)["reason"], "newest": newest}
    return render(request, "publications/public/gone.html", context, status=GONE)


def _gone_words(doc: Document, request: HttpRequest) -> dict[str, Any]:
    ended = doc.editions.filter(state=Edition.State.LIVE, expires_on__isnull=False).values_list("expires_on", flat=True).first()
    reason = doc.withdrawn_reason or (f"公示期至 {ended}，已经届满" if ended else "")
    url = address(reverse("documents:document", args=[doc.pk]), request)
    return {"id": doc.pk, "url": url, "index_number": doc.index_number, "withdrawn_at": doc.withdrawn_at, "reason": reason}


def _json(data: dict[str, Any], status: int = 200) -> JsonResponse:
    return JsonResponse(data, status=status, json_dumps_params={"ensure_ascii": False})
