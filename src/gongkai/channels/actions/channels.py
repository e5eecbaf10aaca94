"""渠道: made, changed, switched on and off, with the rules that say what takes it. By who decides for the agency."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from gongkai.agencies.access import scope_of
from gongkai.agencies.models import Agency, User
from gongkai.catalogue.models import Column
from gongkai.channels.access import directs
from gongkai.channels.actions.base import insist, lock, perform, text_reasons
from gongkai.channels.connectors import connector
from gongkai.channels.models import Account, Channel, ChannelRule, Deed
from gongkai.channels.vocabulary import media
from gongkai.publications.models import Document
from gongkai.publications.vocabularies import genre_words

MOST_RULES = 50


def role_reason(agency: Agency, actor: Any) -> str:
    return "" if directs(scope_of(actor), agency) else "渠道由本单位的负责人、审核人或者政务公开主管部门设定"


def _faults(agency: Agency, name: str, kind: str, medium: str, account: Account | None) -> list[str]:
    faults = text_reasons(name, most=80)
    if not name.strip():
        faults.append("请填写渠道名称")
    found = connector(kind)
    if found is None:
        faults.append(f"没有“{kind}”这种连接方式")
    if medium not in media():
        faults.append("请选择媒体")
    elif found is not None and found.media and medium not in found.media:
        faults.append(f"{found.label}不能推送到{media()[medium].name}")
    if account is not None:
        if account.agency_id != agency.pk:
            faults.append(f"“{account.name}”不是{agency.name}的账号")
        elif account.platform != medium:
            faults.append(f"“{account.name}”不是{media()[medium].name if medium in media() else '这个平台'}的账号")
        elif account.state == Account.State.CLOSED:
            faults.append(f"“{account.name}”已经注销")
    return faults


def open_channel(
    agency: Agency,
    actor: User,
    *,
    key: str,
    name: str,
    connector_name: str,
    medium: str,
    settings: Mapping[str, Any],
    account: Account | None = None,
    needs_gates: bool = False,
    everything: bool = False,
) -> Channel:
    """`settings` as the connector's own form has cleaned them; `everything`: begins with a rule that every publication fits."""
    faults = _faults(agency, name, connector_name, medium, account)

    def work() -> Channel:
        insist(role_reason(agency, actor), faults)
        found = connector(connector_name)
        assert found is not None
        channel = Channel.objects.create(
            agency=agency,
            name=name.strip(),
            connector=connector_name,
            medium=medium,
            settings=dict(settings),
            secret=secrets.token_urlsafe(32) if found.signs else "",
            account=account,
            needs_gates=needs_gates or account is not None,
        )
        if everything:
            ChannelRule.objects.create(channel=channel)
        return channel

    clash = f"本单位已经有名为“{name.strip()}”的渠道"
    return perform(Deed.Kind.OPENED, actor, key, None, work, text=name, agency_id=agency.pk, clash=clash)


def change_channel(
    channel: Channel,
    actor: User,
    *,
    key: str,
    name: str,
    medium: str,
    settings: Mapping[str, Any],
    account: Account | None = None,
    needs_gates: bool = False,
) -> Channel:
    faults = _faults(channel.agency, name, channel.connector, medium, account)

    def work() -> Channel:
        row = lock(channel)
        insist(role_reason(row.agency, actor), faults)
        row.name, row.medium, row.settings, row.account = name.strip(), medium, dict(settings), account
        row.needs_gates = needs_gates or account is not None
        row.paused_until, row.troubles = None, 0
        row.save()
        return row

    clash = f"本单位已经有名为“{name.strip()}”的渠道"
    return perform(Deed.Kind.CHANGED, actor, key, channel, work, agency_id=channel.agency_id, clash=clash)


def switch(channel: Channel, actor: User, *, key: str, on: bool, text: str = "") -> Channel:
    """A channel that is off makes no deliveries; what waits stays and goes on when it is on again."""

    def work() -> Channel:
        row = lock(channel)
        state = "启用" if row.active else "停用"
        insist(role_reason(row.agency, actor), [f"这个渠道已经{state}"] if row.active == on else [])
        row.active, row.paused_until, row.troubles = on, None, 0
        row.save(update_fields=["active", "paused_until", "troubles"])
        return row

    words = ("启用" if on else "停用") + (f"：{text.strip()}" if text.strip() else "")
    return perform(Deed.Kind.SWITCHED, actor, key, channel, work, text=words, agency_id=channel.agency_id)


def rule_words(rule: ChannelRule) -> str:
    parts = [
        rule.agency.name if rule.agency else "",
        f"栏目“{rule.column.name}”" if rule.column else "",
        f"体裁“{genre_words(rule.genre)}”" if rule.genre else "",
        Document.Kind(rule.kind).label if rule.kind else "",
    ]
    return "、".join(filter(None, parts)) or "全部公开的信息"


def add_rule(
    channel: Channel,
    actor: User,
    *,
    key: str,
    agency: Agency | None = None,
    column: Column | None = None,
    genre: str = "",
    kind: str = "",
) -> ChannelRule:
    """From now on publications that fit all of it take the channel; what is public already is sent by deliveries.add."""
    faults = []
    if agency is not None and not (
        agency.pk == channel.agency_id or (channel.agency.is_competent and agency.jurisdiction_id == channel.agency.jurisdiction_id)
    ):
        faults.append(f"这个渠道只能推送{channel.agency.name}的信息，不能选{agency.name}")
    if column is not None and column.jurisdiction_id != channel.agency.jurisdiction_id:
        faults.append("栏目不是本地区的")

    def work() -> ChannelRule:
        row = lock(channel)
        full = [f"一个渠道最多 {MOST_RULES} 条规则"] if row.rules.count() >= MOST_RULES else []
        insist(role_reason(row.agency, actor), faults or full)
        return ChannelRule.objects.create(channel=row, agency=agency, column=column, genre=genre, kind=kind)

    return perform(Deed.Kind.RULE_ADDED, actor, key, channel, work, agency_id=channel.agency_id, clash="同样的规则已经有了")


def remove_rule(rule: ChannelRule, actor: User, *, key: str) -> Channel:
    channel = rule.channel

    def work() -> Channel:
        row = lock(channel)
        insist(role_reason(row.agency, actor), [])
        ChannelRule.objects.filter(pk=rule.pk, channel=row).delete()
        return row

    return perform(Deed.Kind.RULE_REMOVED, actor, key, channel, work, text=rule_words(rule), agency_id=channel.agency_id)
