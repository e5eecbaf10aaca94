"""Calendars to subscribe to (RFC 5545): due dates of a person or an agency, as that person may see them at the moment of asking."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from icalendar import Alarm, Calendar, Event

from gongkai.agencies.access import scope_of
from gongkai.agencies.auth import memberships_of
from gongkai.obligations.access import obligations_for
from gongkai.obligations.models import Step
from gongkai.reminders.models import Feed

REACH = timedelta(days=366)
"""How far back and ahead."""
ZONE = ZoneInfo("Asia/Shanghai")
ALARM_ALL_DAY = timedelta(hours=-15)
"""09:00 of the day before an all-day event."""
ALARM_HOURS = timedelta(hours=-2)
LAST_HOUR = timedelta(hours=1)
"""A limit in hours stands in the calendar as the hour that ends with it."""


def token_of(feed: Feed) -> str:
    digest = salted_hmac("gongkai.reminders.feed", f"{feed.pk}:{feed.version}", algorithm="sha256").hexdigest()
    return f"{feed.pk}-{digest[:40]}"


def feed_of(token: str) -> Feed | None:
    """The feed behind an address; None for one that never was, was renewed, or whose person has left or lost the post."""
    number, _, _ = token.partition("-")
    if not number.isascii() or not number.isdigit() or len(number) > 18:
        return None
    feed = Feed.objects.select_related("person", "agency").filter(pk=int(number)).first()
    if feed is None or not constant_time_compare(token_of(feed), token):
        return None
    scope = scope_of(feed.person)
    allowed = scope.is_staff_member and (feed.agency_id is None or feed.agency_id in scope.agency_ids)
    return feed if allowed else None


def duties_of(feed: Feed, today: date) -> QuerySet[Any]:
    """What the calendar shows, in a lasting order, with `changed`: the time of its last step. Never more than the person may see."""
    rows = obligations_for(feed.person).filter(
        due_on__range=(today - REACH, today + REACH), waived_at__isnull=True, replaced_on__isnull=True
    )
    if feed.agency_id is not None:
        rows = rows.filter(owner=feed.agency_id)
    else:
        sections = [post.section_id for post in memberships_of(feed.person) if post.section_id]
        unassigned = Q(person__isnull=True) & (Q(section__isnull=True) | Q(section__in=sections))
        rows = rows.filter(Q(person=feed.person) | unassigned, owner__in=scope_of(feed.person).agency_ids)
    last = Step.objects.filter(obligation=OuterRef("pk")).order_by("-at").values("at")[:1]
    return rows.annotate(changed=Coalesce(Subquery(last), "created_at")).select_related("owner").order_by("due_on", "pk")


def calendar_bytes(feed: Feed, base: str, now: datetime | None = None) -> bytes:
    """The calendar as text/calendar. Equal for equal data, so that its digest is an ETag. `base`: scheme and host of the links."""
    today = timezone.localdate(now)
    calendar = Calendar()
    calendar.add("prodid", "-//Gongkai//Obligations//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    name = f"{feed.agency.display_name}政务公开任务" if feed.agency else "我的政务公开任务"
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", "Asia/Shanghai")
    calendar.add("refresh-interval", timedelta(hours=4), parameters={"VALUE": "DURATION"})
    for event in _events(duties_of(feed, today), base, shown_owner=feed.agency is None):
        calendar.add_component(event)
    calendar.add_missing_timezones(first_date=date(2000, 1, 1), last_date=date(2038, 1, 1))
    written: bytes = calendar.to_ical()
    return written


def _events(rows: Iterable[Any], base: str, *, shown_owner: bool) -> Iterable[Event]:
    host = (settings.BASE_URL or base).partition("://")[2].partition("/")[0].partition(":")[0]
    for row in rows:
        event = Event()
        event.add("uid", f"obligation-{row.pk}@{host}")
        changed = row.changed.astimezone(UTC).replace(microsecond=0)
        event.add("dtstamp", changed)
        event.add("last-modified", changed)
        marks = "".join(("已办结 " if row.fulfilled_on else "", "（暂定）" if row.provisional else ""))
        event.add("summary", f"{marks}{row.title}" + (f"（{row.owner.display_name}）" if shown_owner else ""))
        url = base + reverse("obligations:detail", args=[row.pk])
        event.add("url", url)
        event.add("description", f"{row.owner.name}\n{row.basis}\n{url}")
        event.add("status", "TENTATIVE" if row.provisional else "CONFIRMED")
        event.add("transp", "TRANSPARENT")
        if row.due_at:
            due = row.due_at.astimezone(ZONE)
            event.add("dtstart", due - LAST_HOUR)
            event.add("dtend", due)
        else:
            event.add("dtstart", row.due_on)
            event.add("dtend", row.due_on + timedelta(days=1))
        if not row.fulfilled_on:
            alarm = Alarm()
            alarm.add("action", "DISPLAY")
            alarm.add("description", row.title)
            alarm.add("trigger", ALARM_HOURS if row.due_at else ALARM_ALL_DAY)
            event.add_component(alarm)
        yield event


def etag(content: bytes) -> str:
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'
