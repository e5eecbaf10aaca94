"""What may happen to the clock of an obligation and why not now: the clock itself is asked, before the button is pressed."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils import timezone

from gongkai.agencies.models import Membership, User
from gongkai.clocks.clock import run
from gongkai.clocks.errors import ClockError
from gongkai.clocks.events import Event
from gongkai.clocks.limits import UNITS
from gongkai.clocks.receipt import beijing
from gongkai.obligations.clocking import calendar_of, events_of, limit_of
from gongkai.obligations.models import Obligation
from gongkai.obligations.verbs import ended_words

LABELS = {"suspend": "中止计时", "resume": "恢复计时", "extend": "延长期限", "restart": "重新起算"}
"""Kinds of events that people record. A clock starts with its obligation and stops with its proof."""
DONE = {"suspend": "已中止计时。", "resume": "已恢复计时。", "extend": "已延长期限。", "restart": "已重新起算。"}


def failure_reasons(kind: str, obligation: Obligation) -> list[str]:
    """Sentences that stand between anybody and an event of this kind today; empty means it may be recorded."""
    limit = limit_of(obligation)
    if limit is None:
        return ["这项任务的期限是确定的日期，没有可以中止或延长的计时"]
    if obligation.waived_at:
        return ["这项任务已经免除"]
    if obligation.fulfilled_on:
        return ["这项任务已经办结"]
    if words := ended_words(obligation):
        return [words]
    events = events_of(obligation)
    if not events:
        return ["这项任务的计时还没有起算"]
    now = max(beijing(timezone.now()), *(event.at for event in events if event.at)) if limit.unit == "hours" else None
    today = timezone.localdate()
    if kind == "extend" and obligation.due_on is not None:
        today = min(today, obligation.due_on)  # one approved in time may be written down later
    day = max(today, events[-1].on)
    trial = Event(kind, now.date() if now else day, now, 1 if kind == "extend" else 0, "试算", "试算")
    try:
        run([*events, trial], limit, calendar_of(obligation.jurisdiction.code), explain=False)
    except ClockError as error:
        return [str(error).rstrip("。")]
    return []


def cap_words(obligation: Obligation) -> str:
    """How much an extension may still add, for its form; empty where none is allowed."""
    limit = limit_of(obligation)
    if limit is None or not limit.cap:
        return ""
    events = events_of(obligation)
    last = max((n for n, event in enumerate(events) if event.kind == "restart"), default=0)
    used = sum(event.n for event in events[last:] if event.kind == "extend")
    already = f"，已延长 {used} {UNITS[limit.unit]}" if used else ""
    return f"{limit.article or limit.name}：最多延长 {limit.cap} {UNITS[limit.unit]}{already}。"


def approvers(obligation: Obligation) -> QuerySet[User]:
    """Who may approve an extension: the heads of the owner and of the competent agency of the place (clocking.may_extend)."""
    heads = Membership.objects.filter(role=Membership.Role.HEAD).filter(
        Q(agency=obligation.owner_id) | Q(agency__is_competent=True, agency__jurisdiction=obligation.jurisdiction_id)
    )
    return User.objects.filter(is_active=True, memberships__in=heads).distinct().order_by("display_name", "username")
