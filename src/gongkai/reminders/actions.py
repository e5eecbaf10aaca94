"""What a person decides about reminders: how to be told, where a system is told, a new calendar address, another try at a letter."""

from __future__ import annotations

import secrets
from typing import Any

from django.db import transaction
from django.utils import timezone

from gongkai.agencies.access import scope_of
from gongkai.agencies.errors import ActionRefused, NotAllowed
from gongkai.agencies.models import Agency, User
from gongkai.journal.actions import record
from gongkai.reminders.channels import webhook
from gongkai.reminders.models import Feed, Hook, Message, Preference

FIELDS = ("by_mail", "address", "lead_days", "muted", "rhythm", "hour", "weekday", "quiet_from", "quiet_to", "rest_days")


@transaction.atomic
def save_preference(person: User, values: dict[str, Any]) -> Preference:
    """Sets one's own preferences (FIELDS). What is queued already keeps its time."""
    row = Preference.objects.select_for_update().filter(person=person).first()
    old = {name: getattr(row, name) for name in FIELDS} if row else {}
    row = row or Preference(person=person)
    for name in FIELDS:
        setattr(row, name, values[name])
    row.save()
    record("reminders.preference", row, actor=person, old=old, new={name: getattr(row, name) for name in FIELDS})
    return row


@transaction.atomic
def set_hook(agency: Agency, actor: User, url: str) -> Hook | None:
    """Where the agency's own system is told; an empty address ends it, a new one gets a new secret.

    Raises NotAllowed or ActionRefused.
    """
    if not scope_of(actor).heads(agency.pk):
        raise NotAllowed("系统对接由本单位负责人设置")
    url = url.strip()
    locked = Agency.objects.select_for_update().get(pk=agency.pk)
    row = Hook.objects.filter(agency=locked).first()
    old = {"url": row.url} if row else {}
    if not url:
        if row is not None:
            record("reminders.unhook", locked, actor=actor, old=old, agency_id=locked.pk, place=locked.jurisdiction_id)
            row.delete()
        return None
    if len(url) > 300:
        raise ActionRefused("接收地址太长")
    if reason := webhook.refusal(url):
        raise ActionRefused(reason)
    if row is not None and row.url == url:
        return row
    row = row or Hook(agency=locked)
    row.url, row.secret, row.set_by = url, secrets.token_urlsafe(32), actor
    row.save()
    record("reminders.hook", locked, actor=actor, old=old, new={"url": url}, agency_id=locked.pk, place=locked.jurisdiction_id)
    return row


def own_feed(person: User, agency: Agency | None = None) -> Feed:
    """The person's calendar, or that of an agency he holds a post at; made when first asked for. Raises NotAllowed."""
    if agency is not None and agency.pk not in scope_of(person).agency_ids:
        raise NotAllowed("只能订阅本人任职单位的日历")
    return Feed.objects.get_or_create(person=person, agency=agency)[0]


@transaction.atomic
def renew_feed(person: User, agency: Agency | None = None) -> Feed:
    """A new address; whoever has the old one gets nothing any more."""
    feed = Feed.objects.select_for_update().get(pk=own_feed(person, agency).pk)
    feed.version += 1
    feed.save(update_fields=["version"])
    record("reminders.feed", feed, actor=person, old={"version": feed.version - 1}, new={"version": feed.version})
    return feed


@transaction.atomic
def try_again(message: Message, actor: User) -> Message:
    """A letter that was given up goes into the outbox again, by the openness office. Pressed twice it is queued once. Raises NotAllowed."""
    if message.agency.jurisdiction_id not in scope_of(actor).seen_ids:
        raise NotAllowed("重新发送由政务公开主管部门办理")
    locked = Message.objects.select_for_update().get(pk=message.pk)
    if locked.state == Message.State.QUEUED:
        return locked
    if locked.state == Message.State.SENT:
        raise ActionRefused("这条消息已经发送")
    record("reminders.retry", locked, actor=actor, old={"state": locked.state}, new={"state": "queued"}, agency_id=locked.agency_id)
    locked.state, locked.attempts, locked.error, locked.next_at = Message.State.QUEUED, 0, "", timezone.now()
    locked.save(update_fields=["state", "attempts", "error", "next_at"])
    return locked
