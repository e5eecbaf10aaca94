"""One delivery: its course, its log, the text to copy, and what may be done about it; sending what was public before."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from gongkai.agencies.actor import actor_of
from gongkai.agencies.auth import staff_required
from gongkai.agencies.errors import NotAllowed
from gongkai.channels import access, packages
from gongkai.channels.actions import deliveries as actions
from gongkai.channels.connectors import connector
from gongkai.channels.connectors.base import DeliveryError
from gongkai.channels.forms import AddForm, GateForm, PostForm, ReasonForm, TextForm
from gongkai.channels.models import Channel, Deed, Delivery
from gongkai.channels.queries import looked
from gongkai.channels.states import with_state
from gongkai.channels.vocabulary import gates, medium_name
from gongkai.deeds.pages import attempt, back, status_of, try_or_tell
from gongkai.obligations.forms import KeyForm
from gongkai.publications.access import access_document, documents_for

FORMS: dict[str, type[KeyForm]] = {
    "gate": GateForm,
    "refuse": ReasonForm,
    "post": PostForm,
    "take_down": TextForm,
    "retry": TextForm,
    "skip": ReasonForm,
}
DONE = {
    "gate": "四关审核已通过。",
    "refuse": "已记下，不再推送到这个渠道。",
    "post": "已登记发布地址。",
    "take_down": "已登记撤下。",
    "retry": "已重新排队，马上再推送。",
    "skip": "已记下，不再推送。",
}
DANGER = ("refuse", "skip")
OPEN = ("gate", "post", "take_down")
"""Verbs whose form stands open: they are what the page is for."""


def _form(verb: str, data: Any = None) -> KeyForm:
    return FORMS[verb](data, auto_id=f"{verb}_%s")


def _page(request: HttpRequest, row: Delivery, bound: tuple[str, KeyForm] | None = None, status: int = 200) -> HttpResponse:
    (shown,) = looked(with_state(access.deliveries_for(request.user).filter(pk=row.pk)))
    folds = []
    blocked: list[str] = []
    for verb in FORMS:
        if actions.role_reason(verb, row, request.user):
            continue
        reasons = actions.state_reasons(verb, row)
        mine = bound is not None and bound[0] == verb
        if not reasons or mine:
            form = bound[1] if bound is not None and mine else _form(verb)
            folds.append(
                {"verb": verb, "label": actions.LABELS[verb], "form": form, "open": mine or verb in OPEN, "danger": verb in DANGER}
            )
        elif verb == "post" and shown.state == "hand" and row.action != Delivery.Action.WITHDRAW:
            blocked = reasons
    if shown.state == "gates" and not any(fold["verb"] == "gate" for fold in folds):
        blocked = [actions.role_reason("gate", row, request.user)]
    context = {
        "row": shown,
        "folds": folds,
        "blocked": blocked,
        "medium": medium_name(row.channel.medium),
        "gates": gates() if row.needs_gates and row.gated_at else (),
        "log": row.log.order_by("-pk"),
        "words": _words(row) if not row.outcome else "",
        "public_url": reverse("documents:document", args=[row.document_id]),
        "readable": documents_for(request.user).filter(pk=row.document_id).exists(),
        "deeds": Deed.objects.filter(subject="delivery", subject_id=row.pk).select_related("actor", "agency").order_by("at", "pk"),
    }
    return render(request, "channels/delivery.html", context, status=status)


def _words(row: Delivery) -> str:
    """The text a person copies, or reads before the four checks; a connector that cannot make it says why when it delivers."""
    found = connector(row.channel.connector)
    live = packages.live_of(row)
    if found is None or (live is None and row.action != Delivery.Action.WITHDRAW):
        return ""
    package = packages.package_of(row, live)
    try:
        prepared = found.prepare(package, packages.target_of(row.channel))
    except DeliveryError:
        return ""
    return prepared.words if found.by_hand else package.text or prepared.words


@staff_required
@require_GET
def delivery(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, access.access_delivery(request.user, pk))


@staff_required
@require_POST
def verb(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    row = access.access_delivery(request.user, pk)
    if verb not in FORMS:
        raise Http404("没有这种操作")
    if role := actions.role_reason(verb, row, request.user):
        raise NotAllowed(role)
    form = _form(verb, request.POST)
    action: Callable[..., Delivery] = getattr(actions, verb)

    def deed() -> Delivery:
        return action(row, actor_of(request), key=str(form.cleaned_data["key"]), **form.arguments())

    if attempt(request, form, deed, DONE[verb]) is None:
        return _page(request, row, (verb, form), status_of(form))
    return back("channels:delivery", row.pk)


@staff_required
@require_POST
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """补推 a public document; back to where it was pressed."""
    document = access_document(request.user, pk)
    form = AddForm(request.POST, channels=list(access.channels_for(request.user)))

    def deed() -> Delivery:
        channel: Channel = form.cleaned_data["channel"]
        return actions.add(channel, document, actor_of(request), key=str(form.cleaned_data["key"]))

    made = try_or_tell(request, form, deed, "已排队推送。")
    if made is not None and made.outcome == "" and made.needs_gates and made.gated_at is None:
        messages.info(request, "这个渠道先审后发，请先办理四关审核。")
        return back("channels:delivery", made.pk)
    return redirect(reverse("drafting:document", args=[document.pk]) + "#channels")
