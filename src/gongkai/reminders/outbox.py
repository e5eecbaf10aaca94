"""Delivery: claim a letter with a lease, send it, mark it. A process killed anywhere leaves a lease that runs out, and another goes on.

Between sending and marking a crash repeats the letter with the same identity: the same file, the same Message-ID, the same
Idempotency-Key. Nothing is lost, and what is repeated can be told to be the same.
"""

from __future__ import annotations

import logging
import time
import uuid
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import F, Q
from django.utils import timezone

from gongkai.reminders import letters
from gongkai.reminders.channels import ChannelError, channel_for
from gongkai.reminders.models import Message

logger = logging.getLogger("gongkai.reminders")
LEASE = timedelta(minutes=3)
"""Longer than any channel may take (their timeouts)."""
PAUSES = tuple(timedelta(minutes=m) for m in (1, 5, 30, 120, 360, 720, 1440))
"""After the first failure, the second, and so on; after one failure more than these it is given up."""
MOST = len(PAUSES) + 1
BUDGET = 5.0
"""Seconds of one tick."""


def tick() -> int:
    return deliver(budget=BUDGET)


def deliver(budget: float | None = None, lease: timedelta = LEASE) -> int:
    """Sends what is to be sent now, one letter at a time; how many went out. `budget`: seconds after which no further one is begun."""
    start = time.monotonic()
    _give_up(timezone.now())
    sent = 0
    while budget is None or time.monotonic() - start < budget:
        message = claim(timezone.now(), lease)
        if message is None:
            break
        sent += send(message)
    return sent


def claim(now: datetime, lease: timedelta = LEASE) -> Message | None:
    """The next letter, ours until the lease ends; sealed if it was not. None when nothing waits."""
    free = Q(lease_until__isnull=True) | Q(lease_until__lte=now)
    with transaction.atomic():
        message = (
            Message.objects.select_for_update(skip_locked=connection.features.has_select_for_update_skip_locked)
            .filter(free, state=Message.State.QUEUED, next_at__lte=now, attempts__lt=MOST)
            .order_by("next_at", "pk")
            .first()
        )
        if message is None:
            return None
        message.token, message.lease_until, message.attempts = uuid.uuid4(), now + lease, message.attempts + 1
        if message.sealed_at is None:
            message.sealed_at = now
            message.subject, message.body = letters.write(message)
        message.save(update_fields=["token", "lease_until", "attempts", "sealed_at", "subject", "body"])
    return message


def send(message: Message) -> bool:
    """Hands a claimed letter to its channel and notes what came of it, unless another has claimed it meanwhile."""
    mine = Message.objects.filter(pk=message.pk, token=message.token, state=Message.State.QUEUED)
    try:
        channel_for(message).send(message)
    except ChannelError as error:
        over = error.permanent or message.attempts >= MOST
        reason = f"{error}" if error.permanent or not over else f"{message.attempts} 次没有发出：{error}"
        mine.update(
            state=Message.State.FAILED if over else Message.State.QUEUED,
            next_at=F("next_at") if over else timezone.now() + PAUSES[message.attempts - 1],
            lease_until=None,
            error=reason[:300],
        )
        logger.warning("消息 %d 第 %d 次没有发出：%s", message.pk, message.attempts, error)
        return False
    mine.update(state=Message.State.SENT, sent_at=timezone.now(), lease_until=None, error="")
    return True


def _give_up(now: datetime) -> None:
    """A letter whose sender died every time is not tried for ever."""
    dead = Message.objects.filter(state=Message.State.QUEUED, attempts__gte=MOST, lease_until__lte=now)
    dead.update(state=Message.State.FAILED, lease_until=None, error=f"{MOST} 次发送都没有结束，进程中断了")
