"""What a person does to a delivery: confirms the four checks, records that it was posted or taken down by hand, asks for another try, lets
it be with a reason, sends what was published before the channel had a rule for it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone

from gongkai.agencies.access import scope_of
from gongkai.agencies.errors import ActionRefused
from gongkai.agencies.models import User
from gongkai.agencies.queries import line_of
from gongkai.catalogue.sites import is_address
from gongkai.channels.access import acts_for, directs
from gongkai.channels.actions.base import insist, lock, perform, text_reasons
from gongkai.channels.delivering import settle
from gongkai.channels.models import Account, Attempt, Channel, Deed, Delivery
from gongkai.channels.packages import live_of
from gongkai.channels.planning import enqueue
from gongkai.channels.states import STATES, state_of
from gongkai.channels.vocabulary import gates
from gongkai.publications.models import Document, Edition, Revision
from gongkai.publications.visible import live_editions

Action, Outcome = Delivery.Action, Delivery.Outcome
LABELS = {
    "gate": "四关审核",
    "refuse": "审核不通过",
    "post": "登记已发布",
    "take_down": "登记已撤下",
    "retry": "重新推送",
    "skip": "不再推送",
}
OPEN = ("gates", "hand", "retry", "queued", "accepted")


def role_reason(verb: str, row: Delivery, actor: Any) -> str:
    """Why the verb is not this person's, or an empty string. Who drafted the text does not pass it through the four checks."""
    scope, agency = scope_of(actor), row.channel.agency
    if verb in ("gate", "refuse"):
        if not directs(scope, agency):
            return "四关审核由本单位的负责人、审核人或者政务公开主管部门办理"
        if verb == "gate" and row.edition.author_id == actor.pk:
            return "四关审核要由拟稿人以外的人办理"
        return ""
    return "" if acts_for(scope, agency) or directs(scope, agency) else f"{LABELS[verb]}由渠道所属单位的人员办理"


def state_reasons(verb: str, row: Delivery) -> list[str]:
    """Why the verb cannot be done now, whoever asks."""
    state = state_of(row)
    now = f"现在是“{STATES[state][0]}”"
    if verb in ("gate", "refuse"):
        return [] if state == "gates" else [f"{now}，不用审核"]
    if verb == "post":
        if state != "hand" or row.action == Action.WITHDRAW:
            return [f"{now}，不能登记发布"]
        if live_of(row) is None:
            return ["这份信息已经撤下或者不再主动公开，请不要发布；请按“不再推送”办理"]
        account = row.channel.account
        return [f"账号“{account.name}”{account.get_state_display()}"] if account and account.state != Account.State.OPEN else []
    if verb == "take_down":
        return [] if state == "hand" and row.action == Action.WITHDRAW else [f"{now}，不能登记撤下"]
    if verb == "retry":
        return [] if state in ("failed", "retry", "skipped") and not row.by_hand else [f"{now}，不用重新推送"]
    return [] if state in (*OPEN, "failed") else [f"{now}，不用再办"]


def failure_reasons(verb: str, row: Delivery, actor: Any) -> list[str]:
    role = role_reason(verb, row, actor)
    return [role] if role else state_reasons(verb, row)


def _locked(row: Delivery) -> Delivery:
    lock(row)
    return Delivery.objects.select_related("channel__agency", "channel__account", "document__agency", "edition__revision").get(pk=row.pk)


def gate(row: Delivery, actor: User, *, key: str, confirmed: Iterable[str], text: str = "") -> Delivery:
    """先审后发: all four confirmed by one person who answers for it (国办发〔2018〕123号)."""
    chosen = set(confirmed)
    missing = [f"{one.name}没有确认：{one.question}" for one in gates() if one.id not in chosen]

    def work() -> Delivery:
        mine = _locked(row)
        insist(role_reason("gate", mine, actor), state_reasons("gate", mine) or missing)
        mine.gates = {one.id: True for one in gates()}
        mine.gated_at, mine.gated_by = timezone.now(), actor
        mine.save(update_fields=["gates", "gated_at", "gated_by"])
        return mine

    return perform(Deed.Kind.GATED, actor, key, row, work, text=text, agency_id=row.channel.agency_id)


def refuse(row: Delivery, actor: User, *, key: str, reason: str) -> Delivery:
    """The four checks found something: it does not go this way, with the reason."""

    def work() -> Delivery:
        mine = _locked(row)
        insist(role_reason("refuse", mine, actor), state_reasons("refuse", mine) or _reason_faults(reason))
        return _end(mine, Outcome.SKIPPED, reason=f"四关审核不通过：{reason.strip()}"[:300])

    return perform(Deed.Kind.REFUSED, actor, key, row, work, text=reason, agency_id=row.channel.agency_id)


def post(row: Delivery, actor: User, *, key: str, address: str, at: datetime | None = None) -> Delivery:
    """A person posted it, and says where it stands. `at`: when, now by default."""
    moment = at or timezone.now()
    faults = [] if is_address(address) and len(address) <= 500 else ["发布地址写成 https:// 开头的完整地址"]
    if moment > timezone.now():
        faults.append("发布时间不能晚于现在")

    def work() -> Delivery:
        mine = _locked(row)
        early = mine.gated_at is not None and moment < mine.gated_at.replace(second=0, microsecond=0)
        before = ["发布时间早于四关审核，请核对：先审后发"] if early else []
        insist(role_reason("post", mine, actor), state_reasons("post", mine) or [*faults, *before])
        mine.address = address.strip()
        _by_hand(mine, f"已登记：{address.strip()}")
        return _end(mine, Outcome.DONE, moment)

    return perform(Deed.Kind.POSTED, actor, key, row, work, text=address, agency_id=row.channel.agency_id)


def take_down(row: Delivery, actor: User, *, key: str, text: str = "") -> Delivery:
    """A person removed what was posted."""

    def work() -> Delivery:
        mine = _locked(row)
        insist(role_reason("take_down", mine, actor), state_reasons("take_down", mine))
        _by_hand(mine, "已登记撤下")
        return _end(mine, Outcome.DONE)

    return perform(Deed.Kind.TAKEN_DOWN, actor, key, row, work, text=text, agency_id=row.channel.agency_id)


def _by_hand(row: Delivery, words: str) -> None:
    row.attempts += 1
    row.save(update_fields=["attempts", "address"])
    Attempt.objects.create(delivery=row, number=row.attempts, at=timezone.now(), took_ms=0, ok=True, answer=words[:300])


def _end(row: Delivery, outcome: str, at: datetime | None = None, reason: str = "") -> Delivery:
    row.outcome, row.ended_at, row.reason, row.error = outcome, at or timezone.now(), reason, ""
    row.lease_until = None
    row.save(update_fields=["outcome", "ended_at", "reason", "error", "lease_until"])
    if outcome == Outcome.DONE:
        settle(row)
    return row


def retry(row: Delivery, actor: User, *, key: str, text: str = "") -> Delivery:
    """Begins again at once, with the same key: the other side knows what it has."""

    def work() -> Delivery:
        mine = _locked(row)
        insist(role_reason("retry", mine, actor), state_reasons("retry", mine))
        mine.outcome, mine.ended_at, mine.error, mine.reason = "", None, "", ""
        mine.attempts, mine.next_at, mine.accepted_at = 0, timezone.now(), None
        mine.save(update_fields=["outcome", "ended_at", "error", "reason", "attempts", "next_at", "accepted_at"])
        Channel.objects.filter(pk=mine.channel_id).update(paused_until=None, troubles=0)
        return mine

    return perform(Deed.Kind.RETRIED, actor, key, row, work, text=text, agency_id=row.channel.agency_id)


def skip(row: Delivery, actor: User, *, key: str, reason: str) -> Delivery:
    """It does not go this way, with the reason; what is sent just now is not held back."""

    def work() -> Delivery:
        mine = _locked(row)
        insist(role_reason("skip", mine, actor), state_reasons("skip", mine) or _reason_faults(reason))
        return _end(mine, Outcome.SKIPPED, reason=reason.strip()[:300])

    return perform(Deed.Kind.SKIPPED, actor, key, row, work, text=reason, agency_id=row.channel.agency_id)


def _reason_faults(reason: str) -> list[str]:
    return [*text_reasons(reason, most=250), *([] if reason.strip() else ["请写明理由"])]


def add_reasons(channel: Channel, document: Document) -> list[str]:
    """Why a document that is public already cannot be sent to a channel now."""
    own = channel.agency in line_of(document.agency)
    if not own and not (channel.agency.is_competent and document.jurisdiction_id == channel.agency.jurisdiction_id):
        return [f"“{channel.name}”只推送{channel.agency.name}的信息"]
    if not channel.active:
        return [f"“{channel.name}”已经停用"]
    if _open_edition(document) is None:
        return ["这份信息没有公开，或者不是主动公开"]
    return []


def _open_edition(document: Document) -> Edition | None:
    row = live_editions().filter(document=document).select_related("revision", "document").first()
    shown = row is not None and row.revision is not None and row.revision.attribute == Revision.Attribute.PROACTIVE
    return row if shown else None


def add(channel: Channel, document: Document, actor: User, *, key: str) -> Delivery:
    """补推: what was published before there was a rule, or fits none."""
    scope = scope_of(actor)
    role = "" if acts_for(scope, channel.agency) or directs(scope, channel.agency) else "补推由渠道所属单位的人员办理"

    def work() -> Delivery:
        lock(channel)
        insist(role, add_reasons(channel, document))
        edition = _open_edition(document)
        assert edition is not None
        row = enqueue(edition, [channel])[0]
        if row.outcome in (Outcome.FAILED, Outcome.SKIPPED):
            raise ActionRefused(f"这个渠道上已有一次推送（{row.get_outcome_display()}），请打开它办理“重新推送”")
        return row

    return perform(Deed.Kind.ADDED, actor, key, channel, work, text=str(document), agency_id=channel.agency_id)
