"""The state of a delivery, computed from what happened to it; the same as a condition on rows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Case, CharField, Q, QuerySet, Value, When
from django.utils import timezone

from gongkai.channels.models import Delivery

STATES: dict[str, tuple[str, str]] = {
    "failed": ("没有送达", "late cross"),
    "gates": ("等待四关审核", "warn diamond"),
    "hand": ("等待人工办理", "warn diamond"),
    "retry": ("等待重试", "warn dash"),
    "queued": ("等待推送", "wait ring"),
    "accepted": ("对方正在处理", "wait ring"),
    "sending": ("正在推送", "wait ring"),
    "done": ("已送达", "ok circle"),
    "skipped": ("不再推送", "wait cross"),
    "superseded": ("不用推送了", "wait arrow"),
}
"""State: (word, classes of .state), what needs a person first."""
TO_DO = ("failed", "gates", "hand")


def with_state(rows: QuerySet[Delivery], now: datetime | None = None) -> QuerySet[Any]:
    """Adds `state`, and `rank` in the order of STATES."""
    now = now or timezone.now()
    open_ = Q(outcome="")
    conditions = {
        "failed": Q(outcome="failed"),
        "done": Q(outcome="done"),
        "skipped": Q(outcome="skipped"),
        "superseded": Q(outcome="superseded"),
        "sending": open_ & Q(lease_until__gt=now),
        "gates": open_ & Q(needs_gates=True, gated_at__isnull=True) & ~Q(action="withdraw"),
        "hand": open_ & Q(by_hand=True),
        "accepted": open_ & Q(accepted_at__isnull=False),
        "retry": open_ & Q(attempts__gt=0),
    }
    state = Case(*(When(which, then=Value(name)) for name, which in conditions.items()), default=Value("queued"), output_field=CharField())
    rows = rows.annotate(state=state)
    return rows.annotate(rank=Case(*(When(state=name, then=Value(n)) for n, name in enumerate(STATES)), default=Value(99)))


def state_of(row: Delivery, now: datetime | None = None) -> str:
    """The same of a row in hand."""
    if row.outcome:
        return str(row.outcome)
    if row.lease_until is not None and row.lease_until > (now or timezone.now()):
        return "sending"
    if row.needs_gates and row.gated_at is None and row.action != Delivery.Action.WITHDRAW:
        return "gates"
    if row.by_hand:
        return "hand"
    if row.accepted_at is not None:
        return "accepted"
    return "retry" if row.attempts else "queued"


def look(row: Any) -> Any:
    """`state_word` and `state_css` on a row that has its state."""
    row.state_word, row.state_css = STATES[row.state]
    if row.state == "done":
        row.state_word = {"publish": "已送达", "update": "已更新", "withdraw": "已撤下"}[row.action]
    return row
