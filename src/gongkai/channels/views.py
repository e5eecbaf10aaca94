"""Channels for staff: the list with what failed first, one with its deliveries and rules, making, changing, switching."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongkai.agencies.access import scope_of
from gongkai.agencies.actor import actor_of
from gongkai.agencies.auth import staff_required
from gongkai.agencies.errors import NotAllowed
from gongkai.agencies.models import Agency
from gongkai.catalogue.models import Column
from gongkai.channels import access, queries
from gongkai.channels.actions import channels as actions
from gongkai.channels.connectors import broken, connector, connectors
from gongkai.channels.connectors.base import Connector, DeliveryError
from gongkai.channels.exports import deliveries_table
from gongkai.channels.forms import ChannelForm, RuleForm, StateFilter, SwitchForm, settings_form
from gongkai.channels.models import Account, Channel, ChannelRule, Deed, Delivery
from gongkai.channels.packages import target_of
from gongkai.deeds.pages import attempt, back, status_of, try_or_tell
from gongkai.obligations.exports import as_file
from gongkai.obligations.forms import KeyForm

PER_PAGE = 30
MOST_EXPORTED = 5000
RECENT = 30


def may_add(user: Any, channel: Channel) -> bool:
    scope = scope_of(user)
    return access.acts_for(scope, channel.agency) or access.directs(scope, channel.agency)


@staff_required
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    rows = queries.channel_rows(access.channels_for(request.user))
    mine = access.deliveries_for(request.user)
    waiting = queries.looked(
        queries.listed(mine.filter(outcome="failed") | mine.filter(outcome="", by_hand=True) | _ungated(mine))[:RECENT]
    )
    figures = [{**figure, "url": ""} for figure in queries.state_figures(mine, reverse("channels:home"))] if rows else []
    context = {
        "rows": rows,
        "waiting": waiting,
        "figures": figures,
        "may_open": access.agencies_to_direct(request.user).exists(),
        "broken": broken(),
    }
    return render(request, "channels/home.html", context)


def _ungated(rows: Any) -> Any:
    return rows.filter(outcome="", needs_gates=True, gated_at__isnull=True).exclude(action=Delivery.Action.WITHDRAW)


def _agencies(request: HttpRequest) -> Any:
    agencies = access.agencies_to_direct(request.user)
    if not agencies.exists():
        raise NotAllowed("渠道由各单位的负责人、审核人和政务公开主管部门设定")
    return agencies


@staff_required
@require_GET
def choose(request: HttpRequest) -> HttpResponse:
    """Which connector."""
    _agencies(request)
    return render(request, "channels/choose.html", {"kinds": list(connectors().values())})


def _accounts(agencies: Any) -> Any:
    return Account.objects.filter(agency__in=agencies).exclude(state=Account.State.CLOSED).select_related("agency").order_by("pk")


def _valid(form: forms.Form, own: forms.Form) -> bool:
    return all([form.is_valid(), own.is_valid()])


def _answer(form: forms.Form, own: forms.Form) -> int:
    if not (form.is_bound and (form.errors or own.errors)):
        return 200
    return 422 if own.errors else status_of(form)


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def open_channel(request: HttpRequest, kind: str) -> HttpResponse:
    agencies, found = _agencies(request), connector(kind)
    if found is None:
        raise Http404("没有这种连接方式")
    data = request.POST if request.method == "POST" else None
    form, own = ChannelForm(data, kind=found, agencies=agencies, accounts=_accounts(agencies)), settings_form(found, data)
    if data is not None and _valid(form, own):

        def deed() -> Channel:
            given = form.arguments()
            return actions.open_channel(
                given.pop("agency"),
                actor_of(request),
                key=str(form.cleaned_data["key"]),
                connector_name=found.name,
                settings=own.cleaned_data,
                **given,
            )

        made = attempt(request, form, deed, "渠道已建立，以后公开的信息按规则推送。")
        if made is not None:
            return back("channels:channel", made.pk)
    context = {"form": form, "own": own, "kind": found}
    return render(request, "channels/open.html", context, status=_answer(form, own))


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    row = access.access_channel(request.user, pk)
    if role := actions.role_reason(row.agency, request.user):
        raise NotAllowed(role)
    found = connector(row.connector)
    if found is None:
        raise Http404("这个渠道的连接方式没有安装，不能修改设置")
    data = request.POST if request.method == "POST" else None
    begun = {"name": row.name, "medium": row.medium, "account": row.account_id, "needs_gates": row.needs_gates}
    form = ChannelForm(data, kind=found, agencies=Agency.objects.none(), accounts=_accounts([row.agency_id]), channel=row, initial=begun)
    own = settings_form(found, data, row.settings)
    if data is not None and _valid(form, own):

        def deed() -> Channel:
            return actions.change_channel(
                row, actor_of(request), key=str(form.cleaned_data["key"]), settings=own.cleaned_data, **form.arguments()
            )

        if attempt(request, form, deed, "已保存。") is not None:
            return back("channels:channel", row.pk)
    context = {"form": form, "own": own, "kind": found, "row": row}
    return render(request, "channels/open.html", context, status=_answer(form, own))


@staff_required
@require_GET
def channel(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, access.access_channel(request.user, pk))


def _deliveries(request: HttpRequest, row: Channel) -> tuple[StateFilter, Any]:
    form = StateFilter(request.GET)
    state = form.cleaned_data["state"] if form.is_valid() else ""
    return form, queries.listed(access.deliveries_for(request.user).filter(channel=row), state)


def _page(request: HttpRequest, row: Channel, bound: RuleForm | None = None, status: int = 200) -> HttpResponse:
    mine = not actions.role_reason(row.agency, request.user)
    found = connector(row.connector)
    state_form, rows = _deliveries(request, row)
    seen, here = access.deliveries_for(request.user).filter(channel=row), reverse("channels:channel", args=[row.pk])
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    (shown,) = queries.channel_rows([row])
    context = {
        "row": shown,
        "kind": found,
        "facts": _facts(row, found),
        "trouble": _trouble(row, found),
        "page_obj": page,
        "rows": queries.looked(page.object_list),
        "state_form": state_form,
        "figures": queries.state_figures(seen, here),
        "rules": [(rule, actions.rule_words(rule)) for rule in row.rules.select_related("agency", "column")],
        "rule_form": (bound or _rule_form(row)) if mine else None,
        "switch_form": SwitchForm(auto_id="switch_%s") if mine else None,
        "mine": mine,
        "deeds": Deed.objects.filter(subject="channel", subject_id=row.pk).select_related("actor", "agency").order_by("at", "pk"),
    }
    return render(request, "channels/channel.html", context, status=status)


def _facts(row: Channel, found: Connector | None) -> list[tuple[str, str]]:
    """The settings in words; the secret is shown to nobody but those who may change the channel, on its own line of the page."""
    facts = []
    if found is not None:
        for name, field in found.form().fields.items():
            value = row.settings.get(name)
            words = "、".join(map(str, value)) if isinstance(value, list) else {True: "是", False: "否"}.get(value, value)
            facts.append((str(field.label), str(words) if words not in (None, "") else "未填"))
    return facts


def _trouble(row: Channel, found: Connector | None) -> str:
    if found is None:
        return f"连接方式 {row.connector} 没有安装，推送都会失败；请系统管理员安装"
    try:
        return found.trouble(target_of(row))
    except DeliveryError as error:
        return str(error)


def _rule_form(row: Channel, data: Any = None) -> RuleForm:
    place = row.agency.jurisdiction_id
    agencies = Agency.objects.filter(pk=row.agency_id)
    if row.agency.is_competent:
        agencies = Agency.objects.filter(jurisdiction=place, valid_to__isnull=True)
    columns = Column.objects.filter(jurisdiction=place).order_by("pk")
    return RuleForm(data, agencies=agencies.order_by("code"), columns=columns, auto_id="rule_%s")


@staff_required
@require_POST
def add_rule(request: HttpRequest, pk: int) -> HttpResponse:
    row = access.access_channel(request.user, pk)
    if role := actions.role_reason(row.agency, request.user):
        raise NotAllowed(role)
    form = _rule_form(row, request.POST)

    def deed() -> ChannelRule:
        return actions.add_rule(row, actor_of(request), key=str(form.cleaned_data["key"]), **form.arguments())

    if attempt(request, form, deed, "规则已增加，以后公开的信息按它推送。") is None:
        return _page(request, row, form, status_of(form))
    return back("channels:channel", row.pk, at="rules")


@staff_required
@require_POST
def remove_rule(request: HttpRequest, pk: int, rule: int) -> HttpResponse:
    row = access.access_channel(request.user, pk)
    if role := actions.role_reason(row.agency, request.user):
        raise NotAllowed(role)
    found = get_object_or_404(ChannelRule.objects.select_related("agency", "column", "channel__agency"), pk=rule, channel=row)
    form = KeyForm(request.POST)
    try_or_tell(request, form, lambda: actions.remove_rule(found, actor_of(request), key=str(form.cleaned_data["key"])), "规则已删除。")
    return back("channels:channel", row.pk, at="rules")


@staff_required
@require_POST
def switch(request: HttpRequest, pk: int) -> HttpResponse:
    row = access.access_channel(request.user, pk)
    if role := actions.role_reason(row.agency, request.user):
        raise NotAllowed(role)
    form, on = SwitchForm(request.POST), request.POST.get("on") == "1"

    def deed() -> Channel:
        return actions.switch(row, actor_of(request), key=str(form.cleaned_data["key"]), on=on, text=form.cleaned_data["text"])

    try_or_tell(request, form, deed, "已启用。" if on else "已停用，等待的推送留着，启用后继续。")
    return back("channels:channel", row.pk)


@staff_required
@require_GET
def export(request: HttpRequest, pk: int, fmt: str) -> HttpResponse:
    row = access.access_channel(request.user, pk)
    _form, rows = _deliveries(request, row)
    return as_file(deliveries_table(queries.looked(rows[:MOST_EXPORTED])), fmt, f"推送记录 {row.name} {timezone.localdate()}")
