"""The public page of a document: /documents/<pk>/, its JSON twin, earlier editions, comparison, attachments, subscription.

An address that was once public answers for ever: withdrawn it says so and why, with 410 (invariant 4). Drafts have no address here.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.safestring import mark_safe
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gongkai.agencies.errors import ActionRefused
from gongkai.publications import public_cache, public_files, subscriptions
from gongkai.publications.comparing import compare as compare_texts
from gongkai.publications.models import Document, Edition, Revision
from gongkai.publications.public_page import PublicPage, access_opened, access_public, address, as_json, gather, qr_code

GONE = 410


def _state(document: Document, edition: Edition | None) -> tuple[Any, ...]:
    """What of the document itself makes its page another one."""
    own = (edition.pk, edition.published_at, edition.confirmed_at) if edition is not None else ()
    return (document.pk, document.withdrawn_at, *own)


def _changed(document: Document, edition: Edition | None) -> Any:
    return edition.published_at if edition is not None else document.withdrawn_at


@require_safe
def document(request: HttpRequest, pk: int) -> HttpResponse:
    doc, edition = access_public(pk)

    def make() -> HttpResponse:
        if edition is None:
            return _gone(request, doc)
        page = _gathered(doc, edition)
        return render(request, "publications/public/document.html", _context(request, page))

    return public_cache.answer(request, public_cache.tag(request, *_state(doc, edition)), _changed(doc, edition), make)


@require_safe
def document_json(request: HttpRequest, pk: int) -> HttpResponse:
    doc, edition = access_public(pk)

    def make() -> HttpResponse:
        if edition is None:
            return _json(_gone_words(doc, request), GONE)
        return _json(as_json(_gathered(doc, edition), request))

    return public_cache.answer(request, public_cache.tag(request, *_state(doc, edition)), _changed(doc, edition), make)


@require_safe
def edition(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """An earlier edition, marked as past; the present one is at the document's own address."""
    doc, live = access_public(pk)
    if live is None:
        return _gone(request, doc)
    _insist_open(live)
    if live.number == number:
        return redirect("documents:document", pk)
    past = access_opened(doc, number)

    def make() -> HttpResponse:
        page = gather(doc, past, past=True)
        page.files = public_files.files_of(doc, past, past=True)
        return render(request, "publications/public/document.html", {**_context(request, page), "live": live})

    return public_cache.answer(request, public_cache.tag(request, *_state(doc, live)), past.published_at, make)


@require_safe
def compare(request: HttpRequest, pk: int, old: int, new: int) -> HttpResponse:
    """Two editions that the public has seen, in their order."""
    doc, live = access_public(pk)
    if live is None:
        return _gone(request, doc)
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
def file(request: HttpRequest, pk: int, attachment: int) -> HttpResponseBase:
    """The attachment as it stands with the live edition, by an address that never changes."""
    doc, live = access_public(pk)
    if live is None:
        return _gone(request, doc)
    return public_files.response(request, live, attachment)


@require_safe
def edition_file(request: HttpRequest, pk: int, number: int, attachment: int) -> HttpResponseBase:
    doc, live = access_public(pk)
    if live is None:
        return _gone(request, doc)
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
    own = reverse("documents:document", args=[page.document.pk])
    return {
        "page": page,
        "document": page.document,
        "revision": page.revision,
        "edition": page.edition,
        "body": "" if page.is_withheld else mark_safe(page.revision.body),  # noqa: S308 — cleaned by nh3 before it was saved (cleaning.py)
        "metadata": page.metadata(),
        "own_url": address(own, request),
        "qr": qr_code(address(own, request)),
        "json_url": reverse("documents:document_json", args=[page.document.pk]),
        "description": page.revision.abstract if page.revision.abstract and not page.is_withheld else page.revision.title,
        "asked": request.GET.get("asked") == "1",
    }


def _gone(request: HttpRequest, doc: Document) -> HttpResponse:
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


@csrf_exempt  # a visitor has no session; asking is limited and the answer tells nothing (subscriptions.ask)
@require_POST
def subscribe(request: HttpRequest, pk: int) -> HttpResponse:
    doc, live = access_public(pk)
    if live is None:
        return _gone(request, doc)
    email = request.POST.get("email", "")[:300]
    client = import_string(settings.AXES_CLIENT_IP_CALLABLE)(request) or ""
    try:
        subscriptions.ask(doc, email, client)
    except ActionRefused as error:
        context = {"document": doc, "title": live.revision.title if live.revision else "", "reasons": error.reasons, "email": email}
        return render(request, "publications/public/subscribe.html", context, status=422)
    return redirect(reverse("documents:document", args=[pk]) + "?asked=1#subscribe")


@csrf_exempt  # the link itself is the right to do it, from whatever mail program
@require_http_methods(["GET", "HEAD", "POST"])
def subscription(request: HttpRequest, token: str) -> HttpResponse:
    """The link in the letters: one press confirms, one press leaves. Opening it changes nothing, since mail programs open links too."""
    row = subscriptions.subscription_of(token)
    done, reasons = "", list[str]()
    if row is not None and request.method == "POST":
        if request.POST.get("do") == "confirm":
            try:
                row, done = subscriptions.confirm(row), "confirmed"
            except ActionRefused as error:
                reasons = error.reasons
        else:
            subscriptions.leave(row)
            row, done = None, "left"
    title = subscriptions.title_of(row.document) if row is not None else ""
    context = {"row": row, "title": title, "done": done, "reasons": reasons}
    response = render(request, "publications/public/subscription.html", context, status=200 if row is not None or done else 404)
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response
