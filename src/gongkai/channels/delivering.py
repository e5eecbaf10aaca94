"""Delivery: claim one with a lease, hand it over, note what came of it. A process killed anywhere leaves a lease that runs out, and another
goes on with the same key. No transaction is open while the other side is talked to.

What is claimed is looked at again before it goes: of a document that was taken down meanwhile nothing is published any more, and what goes
is always the edition the public reads now.
"""

from __future__ import annotations

import logging
import time
import uuid
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from gongkai.channels import packages
from gongkai.channels.connectors import connector
from gongkai.channels.connectors.base import DeliveryError, Package, Receipt
from gongkai.channels.models import Attempt, Channel, Delivery, Post
from gongkai.obligations.models import Obligation
from gongkai.obligations.models.obligation import OPEN
from gongkai.obligations.proving import prove_by_fact, record_proves
from gongkai.obligations.statutes import of_fact

logger = logging.getLogger("gongkai.channels")
Action, Outcome = Delivery.Action, Delivery.Outcome
LEASE = timedelta(minutes=3)
"""Longer than any connector may take."""
PAUSES = tuple(timedelta(minutes=m) for m in (1, 5, 30, 120, 360, 720, 1440))
"""After the first failure, the second, and so on; after one failure more than these a person must look."""
MOST = len(PAUSES) + 1
ASK_AGAIN = timedelta(seconds=30)
"""What was accepted is asked about again after so long."""
BUDGET = 5.0
"""Seconds of one tick."""
WAITS_FOR_PERSON = Q(by_hand=True) | (Q(needs_gates=True, gated_at__isnull=True) & ~Q(action=Action.WITHDRAW))


def tick() -> int:
    return deliver(budget=BUDGET)


def deliver(budget: float | None = None, lease: timedelta = LEASE) -> int:
    """Hands over what is due, one at a time; how many arrived. `budget`: seconds after which no further one is begun."""
    start = time.monotonic()
    _give_up(timezone.now())
    arrived = 0
    while budget is None or time.monotonic() - start < budget:
        row = claim(timezone.now(), lease)
        if row is None:
            break
        arrived += hand_over(row)
    return arrived


def claim(now: datetime, lease: timedelta = LEASE) -> Delivery | None:
    """The next delivery, ours until the lease ends. One of the same document to the same channel that is not ended goes first, so that a
    withdrawal never overtakes what it withdraws."""
    free = Q(lease_until__isnull=True) | Q(lease_until__lte=now)
    ready = Q(channel__paused_until__isnull=True) | Q(channel__paused_until__lte=now)
    before = Delivery.objects.filter(channel=OuterRef("channel"), document=OuterRef("document"), pk__lt=OuterRef("pk"), outcome="")
    with transaction.atomic():
        row = (
            Delivery.objects.select_for_update(of=("self",), skip_locked=connection.features.has_select_for_update_skip_locked)
            .filter(free, ready, ~Exists(before), outcome="", next_at__lte=now, channel__active=True, attempts__lt=MOST)
            .exclude(WAITS_FOR_PERSON)
            .order_by("next_at", "pk")
            .first()
        )
        if row is None:
            return None
        row.token, row.lease_until = uuid.uuid4(), now + lease
        if row.accepted_at is None:
            row.attempts += 1
        row.save(update_fields=["token", "lease_until", "attempts"])
    return Delivery.objects.select_related("channel__agency", "document__agency", "edition__revision").get(pk=row.pk)


def hand_over(row: Delivery) -> bool:
    """Hands a claimed delivery over and notes what came of it, unless another has claimed it meanwhile. Whether it arrived."""
    began = time.monotonic()
    try:
        live = packages.live_of(row) if row.action != Action.WITHDRAW else None
        if row.action != Action.WITHDRAW and live is None:
            return _drop(row)
        receipt = _ask(row, packages.package_of(row, live))
    except DeliveryError as error:
        _failed(row, str(error), error.permanent, error.down, began)
        return False
    except Exception as error:  # noqa: BLE001 — a connector of somebody else must not stop the worker
        logger.exception("推送 %d 出错", row.pk)
        _failed(row, f"连接方式出错（{type(error).__name__}）", False, False, began)
        return False
    if not receipt.done:
        _accepted(row, receipt, began)
        return False
    return _arrived(row, receipt, began)


def _ask(row: Delivery, package: Package) -> Receipt:
    found = connector(row.channel.connector)
    if found is None:
        raise DeliveryError(f"连接方式 {row.channel.connector} 没有安装，请系统管理员安装后重新推送", permanent=True)
    target = packages.target_of(row.channel)
    if row.accepted_at is not None:
        return found.status(package, target)
    prepared = found.prepare(package, target)
    return found.withdraw(prepared, target) if row.action == Action.WITHDRAW else found.deliver(prepared, target)


def _mine(row: Delivery) -> Any:
    return Delivery.objects.filter(pk=row.pk, token=row.token, outcome="")


def _log(row: Delivery, ok: bool, answer: str, began: float) -> None:
    took = int((time.monotonic() - began) * 1000)
    Attempt.objects.create(delivery=row, number=row.attempts, at=timezone.now(), took_ms=took, ok=ok, answer=answer[:300])


def _drop(row: Delivery) -> bool:
    _mine(row).update(
        outcome=Outcome.SUPERSEDED,
        ended_at=timezone.now(),
        lease_until=None,
        reason="推送以前已经撤下，或者不再主动公开",
        attempts=F("attempts") - 1,
    )
    return False


@transaction.atomic
def _failed(row: Delivery, reason: str, permanent: bool, down: bool, began: float) -> None:
    now = timezone.now()
    over = permanent or row.attempts >= MOST
    words = reason if permanent or not over else f"{row.attempts} 次没有送达：{reason}"
    pause = PAUSES[min(max(row.attempts, 1), len(PAUSES)) - 1]
    changed = _mine(row).update(
        outcome=Outcome.FAILED if over else "",
        ended_at=now if over else None,
        next_at=now if over else now + pause,
        lease_until=None,
        accepted_at=None,
        error=words[:300],
    )
    if not changed:
        return
    _log(row, False, reason, began)
    if down:
        wait = PAUSES[min(row.channel.troubles, 2)]
        Channel.objects.filter(pk=row.channel_id).update(paused_until=now + wait, troubles=F("troubles") + 1)
    logger.warning("推送 %d 第 %d 次没有送达：%s", row.pk, row.attempts, reason)


@transaction.atomic
def _accepted(row: Delivery, receipt: Receipt, began: float) -> None:
    now = timezone.now()
    changed = _mine(row).update(accepted_at=row.accepted_at or now, next_at=now + ASK_AGAIN, lease_until=None, error="")
    if changed and row.accepted_at is None:
        _log(row, True, receipt.answer, began)


@transaction.atomic
def _arrived(row: Delivery, receipt: Receipt, began: float) -> bool:
    if not _mine(row).update(
        outcome=Outcome.DONE, ended_at=timezone.now(), lease_until=None, accepted_at=None, error="", address=receipt.address[:500]
    ):
        return False
    _log(row, True, receipt.answer, began)
    Channel.objects.filter(pk=row.channel_id, troubles__gt=0).update(troubles=0, paused_until=None)
    row.refresh_from_db()
    settle(row)
    return True


def settle(row: Delivery) -> None:
    """What follows from an arrival, in its transaction: the account's own record, what stood before, and what either proves."""
    if row.action == Action.WITHDRAW:
        Post.objects.filter(delivery__channel=row.channel_id, delivery__document=row.document_id, withdrawn_at__isnull=True).update(
            withdrawn_at=row.ended_at
        )
    elif row.channel.account_id is not None and row.edition.revision is not None:
        post, _new = Post.objects.get_or_create(
            delivery=row,
            defaults={
                "account_id": row.channel.account_id,
                "title": row.edition.revision.title,
                "url": row.address if not Post.objects.filter(account=row.channel.account_id, url=row.address).exists() else "",
                "at": row.ended_at or timezone.now(),
            },
        )
        show_fresh(post)
    for pk in Delivery.objects.filter(channel=row.channel_id, document=row.document_id, outcome=Outcome.DONE).values_list("pk", flat=True):
        prove_by_fact("channel_delivery", pk)
    for pk in Post.objects.filter(delivery__channel=row.channel_id, delivery__document=row.document_id).values_list("pk", flat=True):
        prove_by_fact("media_post", pk)


def show_fresh(post: Post) -> None:
    """The account is fresh by this post: the duty of the rule of law about it (rules media.*), where the place has it in use."""
    duties = Obligation.objects.filter(
        OPEN, source=Obligation.Source.STATUTE, rule__in=of_fact("media_account"), subject_id=post.account_id, freshness__isnull=False
    )
    for duty in duties.exclude(shown_on=timezone.localdate(post.at)).order_by("pk"):
        record_proves(duty, "media_post", post.pk)


def _give_up(now: datetime) -> None:
    """A delivery whose worker died every time is not tried for ever."""
    dead = Delivery.objects.filter(outcome="", attempts__gte=MOST, lease_until__lte=now)
    dead.update(outcome=Outcome.FAILED, ended_at=now, lease_until=None, error=f"{MOST} 次推送都没有结束，进程中断了")
