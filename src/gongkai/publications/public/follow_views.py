"""Asking to be told by e-mail, of one document or of a list; the link in the letters; and the log of what was sent, for the offices."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.module_loading import import_string
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongkai.agencies.access import scope_of
from gongkai.agencies.auth import staff_required
from gongkai.agencies.errors import ActionRefused
from gongkai.publications.models import Push, Subscription
from gongkai.publications.public import facets, subscriptions
from gongkai.publications.public.listing import SHOWN, list_url
from gongkai.publications.public.page import access_public
from gongkai.publications.public.views import gone

PER_PAGE = 50


def _client(request: HttpRequest) -> str:
    """The address of who asks, as this installation sees through its proxies."""
    return import_string(settings.AXES_CLIENT_IP_CALLABLE)(request) or ""


@csrf_exempt  # a visitor has no session; asking is limited and the answer tells nothing (subscriptions.ask)
@require_POST
def subscribe(request: HttpRequest, pk: int) -> HttpResponse:
    doc, live = access_public(pk)
    if live is None:
        return gone(request, doc)
    email = request.POST.get("email", "")[:300]
    try:
        subscriptions.ask(doc, email, _client(request))
    except ActionRefused as error:
        context = {"document": doc, "title": live.revision.title if live.revision else "", "reasons": error.reasons, "email": email}
        return render(request, "publications/public/subscribe.html", context, status=422)
    return redirect(reverse("documents:document", args=[pk]) + "?asked=1#subscribe")


@csrf_exempt  # the same
@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: HttpRequest) -> HttpResponse:
    """A list by e-mail: its conditions as the list had them, words, how often, an address. What was typed stays when it is refused."""
    given = request.POST if request.method == "POST" else request.GET
    chosen, ignored = facets.asked_of(given)
    context: dict[str, Any] = {
        "chosen": chosen,
        "ignored": ignored,
        "filters": _choices(chosen),
        "words": given.get("words", given.get("q", ""))[:300],
        "rhythms": Subscription.Rhythm.choices,
        "rhythm": given.get("rhythm", Subscription.Rhythm.WEEKLY),
        "email": given.get("email", "")[:300],
        "list_url": list_url(chosen),
        "asked": request.GET.get("asked") == "1",
    }
    status = 200
    if request.method == "POST":
        try:
            subscriptions.ask_list(chosen, context["words"], context["rhythm"], context["email"], _client(request))
        except ActionRefused as error:
            context["reasons"], status = error.reasons, 422
        else:
            return redirect(reverse("documents:follow") + "?asked=1")
    response = render(request, "publications/public/follow.html", context, status=status)
    response["Cache-Control"] = "no-store" if request.method == "POST" else "no-cache"
    return response


def _choices(chosen: dict[str, str]) -> list[dict[str, Any]]:
    """Each facet with its values, whether or not anything is on the list yet: what comes is what is waited for."""
    shown = []
    for param in SHOWN:
        facet = facets.FACETS[param]
        value, options = chosen.get(param, ""), list(facets.values(facet))
        if param == "year":
            continue
        if param == "validity":
            options = [row for row in options if row.code == value]
        if value and all(row.code != value for row in options):
            options.append(facets.Value(value, facet.words(value), 0))
        if options:
            shown.append({"param": param, "label": facet.label, "value": value, "options": options})
    return shown


@csrf_exempt  # the link itself is the right to do it, from whatever mail program
@require_http_methods(["GET", "HEAD", "POST"])
def subscription(request: HttpRequest, token: str) -> HttpResponse:
    """The link in the letters: one press confirms, one press leaves; a mail program's own button leaves too (RFC 8058). Opening it changes
    nothing, since mail programs open links too."""
    row = subscriptions.subscription_of(token)
    done, reasons = "", list[str]()
    what = subscriptions.name_of(row) if row is not None else ""
    page = _page_of(row) if row is not None else ""
    if row is not None and request.method == "POST":
        if request.POST.get("do") == "confirm":
            try:
                row, done = subscriptions.confirm(row), "confirmed"
            except ActionRefused as error:
                reasons = error.reasons
        else:
            subscriptions.leave(row)
            row, done = None, "left"
    context = {"row": row, "what": what, "page": page, "done": done, "reasons": reasons}
    known = row is not None or done or request.method == "POST"  # who has left and presses again has left
    response = render(request, "publications/public/subscription.html", context, status=200 if known else 404)
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response


def _page_of(row: Subscription) -> str:
    return reverse("documents:document", args=[row.document_id]) if row.document_id else list_url(row.chosen)


@staff_required
@require_GET
def pushes(request: HttpRequest) -> HttpResponse:
    """推送记录: what was sent when and to how many, without anybody's address. For the offices (S4-8)."""
    if not scope_of(request.user).seen_ids:
        raise PermissionDenied("推送记录由政务公开主管部门查看")
    page = Paginator(Push.objects.select_related("edition__revision"), PER_PAGE).get_page(request.GET.get("page"))
    confirmed = Subscription.objects.filter(confirmed_at__isnull=False)
    figures = [
        {"label": "单件信息订阅", "n": confirmed.filter(list_key="").count()},
        {"label": "列表订阅", "n": confirmed.exclude(list_key="").count()},
    ]
    return render(request, "publications/public/pushes.html", {"page_obj": page, "figures": figures})
