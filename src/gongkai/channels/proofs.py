"""Deliveries and posts as proof of obligations. Registered in apps.ready().

`channel_delivery` is a Delivery that reached its channel, `media_post` a Post that stands on an account. Both are offered for a plan's task
that names channels (网站、微信、广播电视), and compared with what it names; the law's rule on fresh accounts takes posts (media.fresh).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from gongkai.channels.models import Delivery, Post
from gongkai.channels.vocabulary import fresh_rule, media, medium_name, named_in
from gongkai.obligations.models import Obligation
from gongkai.obligations.proving import Candidate, Facts, register
from gongkai.plans.origins import asked_by

DELIVERY, POST = "channel_delivery", "media_post"
Action, Outcome = Delivery.Action, Delivery.Outcome
MOST = 40


def register_all() -> None:
    register(
        DELIVERY,
        delivery,
        label="渠道推送记录",
        candidates=deliveries,
        address=lambda pk: reverse("channels:delivery", args=[pk]),
        examine=examine_delivery,
        offered=True,
    )
    register(POST, post, label="新媒体发布记录", candidates=posts, examine=examine_post, offered=True)


def delivery(pk: int) -> Facts | None:
    """It counts from the moment it arrived until it was taken down there."""
    row = Delivery.objects.select_related("channel", "document", "edition__revision").filter(pk=pk).first()
    if row is None:
        return None
    done = row.outcome == Outcome.DONE and row.action != Action.WITHDRAW
    gone = row.document.withdrawn_at is not None or _taken_down(row)
    stands = done and not gone and row.ended_at is not None
    title = row.edition.revision.title if row.edition.revision is not None else str(row.document)
    return Facts(
        title=f"{row.channel.name}：{title}"[:200],
        url=row.address,
        published_on=timezone.localdate(row.ended_at) if stands and row.ended_at else None,
        published_at=row.ended_at if stands else None,
        agency_id=row.document.agency_id,
        also_ids=frozenset({row.channel.agency_id}),
        column=medium_name(row.channel.medium),
        public=bool(stands and row.address),
        item_ids=frozenset(row.document.item_links.values_list("item", flat=True)),
        lacking="已经撤下" if gone and done else "还没有送达",
    )


def _taken_down(row: Delivery) -> bool:
    later = Delivery.objects.filter(channel=row.channel_id, document=row.document_id, pk__gt=row.pk)
    return later.filter(action=Action.WITHDRAW).exclude(outcome__in=[Outcome.SKIPPED, Outcome.SUPERSEDED]).exists()


def post(pk: int) -> Facts | None:
    row = Post.objects.select_related("account", "delivery").filter(pk=pk).first()
    if row is None:
        return None
    stands = row.withdrawn_at is None
    return Facts(
        title=f"{row.account.name}：{row.title}"[:200],
        url=row.url,
        published_on=timezone.localdate(row.at) if stands else None,
        published_at=row.at if stands else None,
        agency_id=row.account.agency_id,
        column=medium_name(row.account.platform),
        public=bool(stands and row.url),
        lacking="已经撤下",
    )


def asked_media(obligation: Obligation) -> frozenset[str]:
    """The media that the task behind a duty names; empty for every other duty."""
    return named_in(asked_by(obligation)[1])


def deliveries(obligation: Obligation) -> Iterable[Candidate]:
    """Those of the owner's that stand at an address, by the media that are asked for; the newest first."""
    kinds = (obligation.proof or {}).get("kinds", ())
    wanted = asked_media(obligation)
    if DELIVERY not in kinds and not wanted:
        return
    rows = Delivery.objects.filter(
        Q(document__agency=obligation.owner_id) | Q(channel__agency=obligation.owner_id),
        outcome=Outcome.DONE,
        document__withdrawn_at__isnull=True,
    ).exclude(action=Action.WITHDRAW)
    rows = rows.filter(channel__medium__in=wanted) if wanted else rows
    for row in rows.exclude(address="").select_related("channel", "edition__revision").order_by("-ended_at", "-pk")[:MOST]:
        if row.ended_at is not None and row.edition.revision is not None:
            title = f"{row.channel.name}：{row.edition.revision.title}"[:120]
            yield Candidate(DELIVERY, row.pk, title, timezone.localdate(row.ended_at))


def posts(obligation: Obligation) -> Iterable[Candidate]:
    """Posts that people recorded; those that a delivery made are offered as the delivery where both fit."""
    kinds = (obligation.proof or {}).get("kinds", ())
    wanted = asked_media(obligation)
    if POST not in kinds and not wanted:
        return
    rows = Post.objects.filter(account__agency=obligation.owner_id, withdrawn_at__isnull=True)
    if obligation.source == Obligation.Source.STATUTE and obligation.subject_id:
        rows = rows.filter(account=obligation.subject_id)
    if wanted:
        rows = rows.filter(account__platform__in=wanted, delivery__isnull=True)
    for row in rows.select_related("account").order_by("-at", "-pk")[:MOST]:
        yield Candidate(POST, row.pk, f"{row.account.name}：{row.title}"[:120], timezone.localdate(row.at))


def examine_delivery(obligation: Obligation, pk: int) -> tuple[str, str]:
    row = Delivery.objects.select_related("channel").filter(pk=pk).first()
    if row is None:
        return "", ""
    if row.outcome != Outcome.DONE or row.action == Action.WITHDRAW:
        return "这次推送没有送达，不能作证明；送达以后再交", ""
    return _compared(obligation, row.channel.medium, timezone.localdate(row.ended_at) if row.ended_at else None)


def examine_post(obligation: Obligation, pk: int) -> tuple[str, str]:
    row = Post.objects.select_related("account").filter(pk=pk).first()
    if row is None:
        return "", ""
    if obligation.rule == fresh_rule() and obligation.subject_id != row.account_id:
        return f"“{row.title}”发在账号“{row.account.name}”上，不是这项任务所说的账号；请选这个账号发布的", ""
    return _compared(obligation, row.account.platform, timezone.localdate(row.at))


def _compared(obligation: Obligation, medium: str, on: date | None) -> tuple[str, str]:
    """In a medium the task names? Before it was due?"""
    wanted = asked_media(obligation)
    name = medium_name(medium)
    if wanted and medium not in wanted:
        asked = "、".join(row.name for row in media().values() if row.id in wanted)
        return f"任务写明的渠道是{asked}，这条发布在{name}；请选在这些渠道发布的", ""
    said = [f"发布在{name}" + ("，是任务写明的渠道" if wanted else "")]
    if on is not None and obligation.due_on is not None:
        said.append(
            f"{on} 发布，{'在' if on <= obligation.due_on else '晚于'}期限 {obligation.due_on}{'之内' if on <= obligation.due_on else ''}"
        )
    return "", f"系统已核对：{'；'.join(said)}"
