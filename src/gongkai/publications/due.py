"""What the worker does at its time: publishes what is due, takes down what is over. Late, twice or in two workers at once does no harm:
the database says what is still to be done, and each deed is one transaction with a key of its own.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import Error
from django.utils import timezone

from gongkai.agencies.errors import ActionRefused, NotAllowed
from gongkai.agencies.models import User
from gongkai.publications.actions import publishing
from gongkai.publications.models import Deed, Edition
from gongkai.publications.public import following, subscriptions

logger = logging.getLogger("gongkai.worker")
BATCH = 20
PATIENCE = timedelta(minutes=10)
"""A full disk or a locked database may pass; after so long a person is told."""
State = Edition.State


def publish_due(now: datetime | None = None) -> int:
    """定时发布 whose time has come; how many went out. What cannot is marked with the reason and waits for a person."""
    now = now or timezone.now()
    rows = Edition.objects.filter(state=State.SCHEDULED, publish_at__lte=now).select_related("document", "author", "revision")
    return sum(_publish(row, now) for row in rows.order_by("publish_at", "pk")[:BATCH])


def _publish(edition: Edition, now: datetime) -> bool:
    actor = ordered_by(edition)
    try:
        publishing.publish_scheduled(edition, actor, now)
    except ActionRefused as error:
        _fail(edition, actor, "；".join(error.reasons))
    except (OSError, Error) as error:
        logger.exception("定时发布 %s 没有做成", edition.pk)
        if edition.publish_at is not None and now - edition.publish_at > PATIENCE:
            _fail(edition, actor, f"系统故障（{type(error).__name__}），没有发布，文稿没有丢失；请管理员检查后重新发布")
    else:
        return True
    return False


def _fail(edition: Edition, actor: User, reason: str) -> None:
    """Where even this cannot be written the edition stays scheduled, and the next tick tries again."""
    try:
        publishing.fail(edition, actor, reason)
    except (ActionRefused, NotAllowed):
        return  # somebody changed it meanwhile: nothing failed
    except (OSError, Error):
        logger.exception("定时发布 %s 的失败没有记下", edition.pk)


def ordered_by(edition: Edition) -> User:
    """Who ordered the time, in whose name it is published."""
    deed = Deed.objects.filter(kind=Deed.Kind.SCHEDULED, subject="edition", subject_id=edition.pk).order_by("-at", "-pk").first()
    return deed.actor if deed is not None else edition.author


def expire_due() -> int:
    """Takes down what its own term has ended, and forgets addresses that were never confirmed; how many editions. The public has not seen
    them since the day after anyway (visible.py)."""
    subscriptions.forget_unconfirmed()
    following.purge()
    rows = Edition.objects.filter(state=State.LIVE, expires_on__lt=timezone.localdate()).select_related(
        "document", "author", "published_by"
    )
    done = 0
    for edition in rows.order_by("expires_on", "pk")[:BATCH]:
        try:
            publishing.expire(edition, edition.published_by or edition.author)
            done += 1
        except ActionRefused:
            continue
    return done
