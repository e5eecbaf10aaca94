"""Which deliveries a publication makes: one for each channel whose rules it fits, in the transaction that publishes or takes down.

Told twice, or by two processes at once, it makes the same rows: their keys are unique.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Max, Q, QuerySet
from django.dispatch import receiver
from django.utils import timezone

from gongkai.agencies.queries import line_of
from gongkai.channels.connectors import connector
from gongkai.channels.models import Channel, ChannelRule, Delivery, Post
from gongkai.obligations.proving import prove_by_fact
from gongkai.publications.models import Document, Edition, Revision
from gongkai.publications.signals import opened, taken_down

Action, Outcome = Delivery.Action, Delivery.Outcome
WENT = Q(outcome=Outcome.DONE) | Q(attempts__gt=0)
"""It is there, or may be: begun and never answered counts, so that a withdrawal follows it."""


def channels_for(edition: Edition) -> QuerySet[Channel]:
    """The active channels whose rules this edition fits."""
    document, revision = edition.document, edition.revision
    assert revision is not None
    fits = ChannelRule.objects.filter(
        Q(agency__isnull=True) | Q(agency__in=line_of(document.agency)),
        Q(column__isnull=True) | Q(column=document.column_id),
        Q(genre="") | Q(genre=revision.genre),
        Q(kind="") | Q(kind=document.kind),
    )
    rows = Channel.objects.filter(reaches(document), active=True, pk__in=fits.values("channel"))
    return rows.select_related("agency").order_by("pk")


@receiver(opened, dispatch_uid="channels.planning")
def on_opened(edition: Edition, **kwargs: Any) -> None:
    revision = edition.revision
    if revision is None:
        return
    if revision.attribute != Revision.Attribute.PROACTIVE:
        withdraw_everywhere(edition, "不再主动公开")
    elif edition.change != Edition.Change.MINOR:
        enqueue(edition, channels_for(edition))


@receiver(taken_down, dispatch_uid="channels.planning")
def on_taken_down(edition: Edition, **kwargs: Any) -> None:
    withdraw_everywhere(edition, "已经撤下")


def enqueue(edition: Edition, channels: Iterable[Channel]) -> list[Delivery]:
    """Rows for these channels; those there are already stay as they are. What still waits with an older edition is no longer needed."""
    listed = list(channels)
    if not listed:
        return []
    last = dict(
        Delivery.objects.filter(WENT, channel__in=listed, document=edition.document_id)
        .order_by()
        .values_list("channel")
        .annotate(last=Max("pk"))
    )
    actions = dict(Delivery.objects.filter(pk__in=last.values()).values_list("channel", "action"))
    rows = []
    for channel in listed:
        action = Action.UPDATE if actions.get(channel.pk, Action.WITHDRAW) != Action.WITHDRAW else Action.PUBLISH
        rows.append(_row(channel, edition, action, f"{channel.pk}:{edition.pk}:open"))
    keys = [row.key for row in rows]
    fresh = [row for row in rows if row.key not in set(Delivery.objects.filter(key__in=keys).values_list("key", flat=True))]
    if fresh:
        _supersede(edition.document, [row.channel_id for row in fresh], f"第 {edition.number} 版已经公开")
    Delivery.objects.bulk_create(fresh, batch_size=500, ignore_conflicts=True)
    return list(Delivery.objects.filter(key__in=keys))


def withdraw_everywhere(edition: Edition, why: str) -> None:
    """To every channel where something of the document stands or may stand; what still waits is no longer sent."""
    document = edition.document
    went = Delivery.objects.filter(WENT, document=document)
    last = went.order_by().values("channel").annotate(last=Max("pk")).values("last")
    standing = Delivery.objects.filter(pk__in=last).exclude(action=Action.WITHDRAW)
    channels = list(Channel.objects.filter(pk__in=standing.values("channel")).select_related("agency").order_by("pk"))
    _supersede(document, None, why)
    moment = document.withdrawn_at or edition.published_at or timezone.now()
    rows = [_row(channel, edition, Action.WITHDRAW, f"{channel.pk}:{edition.pk}:down:{moment:%Y%m%d%H%M%S%f}") for channel in channels]
    Delivery.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)
    recheck(document)


def _row(channel: Channel, edition: Edition, action: str, key: str) -> Delivery:
    now = timezone.now()
    kind = connector(channel.connector)
    return Delivery(
        channel=channel,
        document=edition.document,
        edition=edition,
        action=action,
        key=key,
        made_at=now,
        next_at=now,
        by_hand=kind is not None and kind.by_hand,
        needs_gates=channel.needs_gates,
    )


def _supersede(document: Document, channels: list[int] | None, why: str) -> None:
    """What waits is not sent. What a worker is sending just now ends by itself: the worker asks again before it begins (delivering.py)."""
    now = timezone.now()
    rows = Delivery.objects.filter(Q(lease_until__isnull=True) | Q(lease_until__lte=now), document=document, outcome="")
    rows = rows.exclude(action=Action.WITHDRAW) if channels is None else rows.filter(channel__in=channels)
    rows.update(outcome=Outcome.SUPERSEDED, ended_at=now, reason=why, lease_until=None)


def recheck(document: Document) -> None:
    """What deliveries of it proved is looked at again, after it or what stands elsewhere has changed."""
    for pk in Delivery.objects.filter(document=document, outcome=Outcome.DONE).values_list("pk", flat=True):
        prove_by_fact("channel_delivery", pk)
    for pk in Post.objects.filter(delivery__document=document).values_list("pk", flat=True):
        prove_by_fact("media_post", pk)


def reaches(document: Document) -> Q:
    """Channels that may carry a document: its publisher's own, or its heir's, and those of the competent agency of its place."""
    return Q(agency__in=line_of(document.agency)) | Q(agency__is_competent=True, agency__jurisdiction=document.jurisdiction_id)
