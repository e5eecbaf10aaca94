"""The one place where a due date is written: gongkai.clocks applied to the ClockEvents of an obligation, with the calendar of its place.

`due_on`, `due_at`, `provisional`, `suspended_on` and `calendar` of a duty with a limit are stored for queries; they change in the
transaction that adds an event, and when a holiday notice is loaded (recomputing.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, fields
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from gongkai.agencies.access import scope_of
from gongkai.agencies.errors import ActionRefused, NotAllowed
from gongkai.agencies.models import User
from gongkai.clocks import calendar as clocks
from gongkai.clocks.calendar import Calendar
from gongkai.clocks.clock import run
from gongkai.clocks.errors import ClockError
from gongkai.clocks.events import KINDS, Event
from gongkai.clocks.limits import UNITS, Limit
from gongkai.clocks.model import Deadline
from gongkai.clocks.receipt import beijing
from gongkai.journal.actions import record as note
from gongkai.obligations.models import ClockEvent, Obligation, Step

FIELDS = ("due_on", "due_at", "provisional", "suspended_on", "calendar")
_DATES = frozenset({"effective_from", "effective_to"})
_LIMIT_FIELDS = frozenset(field.name for field in fields(Limit))


def limit_json(limit: Limit) -> dict[str, Any]:
    """A limit as kept with the obligation, so that a later amendment of the law leaves the case as it was opened."""
    return {key: value.isoformat() if isinstance(value, date) else value for key, value in asdict(limit).items() if value not in (None, "")}


def limit_of(obligation: Obligation) -> Limit | None:
    """The limit under which the obligation was opened; None for a duty due on a date of its own."""
    return _limit(tuple(obligation.limit.items())) if obligation.limit else None


@lru_cache(maxsize=256)
def _limit(items: tuple[tuple[str, Any], ...]) -> Limit:
    kept: dict[str, Any] = {key: value for key, value in items if key in _LIMIT_FIELDS}
    for key in _DATES & kept.keys():
        kept[key] = date.fromisoformat(kept[key])
    return Limit(**kept)


@lru_cache(maxsize=64)
def _scoped(calendar: Calendar, scope: str) -> Calendar:
    return calendar.for_scope(scope)


def calendar_of(place_code: str) -> Calendar:
    """The calendar in use in a place: the national one, with its local days off where it has any."""
    calendar = clocks.current()
    if any(place_code.startswith(row.scope) for row in calendar.local):
        return _scoped(calendar, place_code)
    return calendar


def events_of(obligation: Obligation, *, named: bool = False) -> list[Event]:
    """The kept events as gongkai.clocks takes them, `named` with approvers for sentences. No query where `clock_events` is prefetched."""
    return [_event(row, named) for row in sorted(obligation.clock_events.all(), key=lambda row: row.pk)]


def _event(row: ClockEvent, named: bool = False) -> Event:
    at = beijing(row.at) if row.at else None
    by = str(row.approved_by if named and row.approved_by_id else row.approved_by_id or "")
    return Event(row.kind, row.on, at, row.n, row.reason, by, row.document)


def deadline_of(obligation: Obligation, today: date | datetime | None = None) -> Deadline | None:
    """The clock explained day by day, under the calendar version its due date was counted with; None where no limit runs."""
    limit = limit_of(obligation)
    events = events_of(obligation, named=True) if limit else []
    if limit is None or not events:
        return None
    calendar = calendar_of(obligation.jurisdiction.code)
    if obligation.calendar and calendar.version != obligation.calendar and (obligation.fulfilled_on or obligation.waived_at):
        with suppress(ClockError):  # what was closed is explained by the table of its own time
            calendar = calendar.named(obligation.calendar)
    return run(events, limit, calendar, today)


def settle(obligation: Obligation, events: Iterable[Event], calendar: Calendar | None = None) -> tuple[str, ...]:
    """Puts what the clock says on the (unsaved) row; the names of the fields that changed. Raises ClockError."""
    limit = limit_of(obligation)
    if limit is None:
        return ()
    listed = list(events)
    calendar = calendar or calendar_of(obligation.jurisdiction.code)
    answer = _answer(tuple(listed), limit, calendar)
    suspended = _open_pause(listed) if answer.on is None else None
    new: dict[str, Any] = {
        "due_on": answer.on,
        "due_at": timezone.make_aware(answer.at) if answer.at else None,
        "provisional": answer.provisional,
        "suspended_on": suspended,
        "calendar": answer.calendar,
    }
    changed = tuple(name for name in FIELDS if getattr(obligation, name) != new[name])
    for name in changed:
        setattr(obligation, name, new[name])
    return changed


@lru_cache(maxsize=4096)
def _answer(events: tuple[Event, ...], limit: Limit, calendar: Calendar) -> Deadline:
    """Of a hundred thousand open clocks most began on one of a few days under one of a few limits."""
    return run(events, limit, calendar, explain=False)


def _open_pause(events: list[Event]) -> date | None:
    pause = None
    for event in events:
        if event.kind == "suspend":
            pause = event.on
        elif event.kind in ("resume", "restart"):
            pause = None
    return pause


def may_keep_clock(obligation: Obligation, actor: Any) -> str:
    """Why this person may not record events of this clock, or an empty string. Extending is more: see `may_extend`."""
    scope = scope_of(actor)
    if scope.acts_for(obligation.owner_id) or scope.is_office_of(obligation.jurisdiction_id):
        return ""
    return "计时变动由责任单位或本地区政务公开主管部门记录"


def may_extend(obligation: Obligation, approver: Any) -> str:
    """Why this person may not approve an extension: it is the head of the owner's openness body who does (条例第三十三条)."""
    scope = scope_of(approver)
    if scope.heads(obligation.owner_id) or scope.heads_competent_agency_of(obligation.jurisdiction_id):
        return ""
    return "延长期限由责任单位负责人批准"


def record(
    obligation: Obligation,
    kind: str,
    on: date,
    actor: User | None,
    *,
    key: str,
    at: datetime | None = None,
    n: int = 0,
    reason: str = "",
    approved_by: User | None = None,
    document: str = "",
) -> ClockEvent:
    """Adds one event and settles the due date in the same transaction; the same key again returns the event it made.

    `actor` None is the system itself, for an app whose own action has asked permission already. Raises NotAllowed or ActionRefused with
    the sentence of the clock (an extension beyond the cap, a resume without suspend, an event before the start); nothing changes then.
    """
    if kind not in KINDS:
        raise ActionRefused(f"没有 {kind} 这种计时事件，可用 {'、'.join(KINDS.values())}")
    if not key or len(key) > 100:
        raise ActionRefused("表单不完整，请刷新页面后再提交")
    with transaction.atomic():
        locked = Obligation.objects.select_for_update(of=("self",)).select_related("jurisdiction").get(pk=obligation.pk)
        if (earlier := ClockEvent.objects.filter(key=key).first()) is not None:
            if (earlier.obligation_id, earlier.kind) != (locked.pk, kind):
                raise ActionRefused("这张表单已经用于另一条记录，请刷新页面后再提交")
            return earlier
        if actor is not None and (refusal := may_keep_clock(locked, actor)):
            raise NotAllowed(refusal)
        if kind == "extend" and approved_by is not None and (refusal := may_extend(locked, approved_by)):
            raise NotAllowed(refusal)
        _insist(locked, reason, document)
        before = {name: getattr(locked, name) for name in FIELDS}
        row = ClockEvent(
            obligation=locked,
            kind=kind,
            on=on,
            at=at,
            n=n,
            reason=reason.strip(),
            approved_by=approved_by,
            document=document.strip(),
            actor=actor,
            key=key,
        )
        try:
            changed = settle(locked, [*events_of(locked), _event(row)])
        except ClockError as error:
            raise ActionRefused(str(error)) from None
        try:
            with transaction.atomic():
                row.save()
        except IntegrityError as error:
            raise ActionRefused("这个计时事件不能记录：起算只有一次，延长要写明批准人和理由") from error
        if changed:
            locked.save(update_fields=changed)
        note(
            f"clock.{kind}",
            row,
            actor=actor,
            old=before,
            new={name: getattr(locked, name) for name in FIELDS} | {"on": on, "at": at, "n": n},
            agency_id=locked.owner_id,
            place=locked.jurisdiction_id,
            note=row.reason,
        )
        Step.objects.create(
            obligation=locked,
            kind=Step.Kind.CLOCK,
            actor=actor,
            agency_id=locked.owner_id,
            at=timezone.now(),
            text=_words(row, locked),
            key=f"clock:{row.pk}",
        )
    for name in FIELDS:
        setattr(obligation, name, getattr(locked, name))
    return row


def _insist(obligation: Obligation, reason: str, document: str) -> None:
    reasons = []
    if not obligation.limit:
        reasons.append("这项任务的期限是确定的日期，没有可以中止或延长的计时")
    elif obligation.waived_at:
        reasons.append("这项任务已经免除")
    elif obligation.fulfilled_on:
        reasons.append("这项任务已经办结")
    if len(reason) > 500 or len(document) > 200:
        reasons.append("事由不能超过 500 个字，文书不能超过 200 个字")
    if "\x00" in reason + document:
        reasons.append("文字里有不能保存的字符，请重新输入")
    if reasons:
        raise ActionRefused(reasons)


def _words(row: ClockEvent, obligation: Obligation) -> str:
    added = f" {row.n}{_unit(obligation)}" if row.n else ""
    approved = f"，{row.approved_by}批准" if row.approved_by else ""
    why = f"：{row.reason}" if row.reason else ""
    if obligation.suspended_on:
        then = f"自 {obligation.suspended_on} 中止计时"
    else:
        then = f"期限 {timezone.localtime(obligation.due_at):%Y-%m-%d %H:%M}" if obligation.due_at else f"期限 {obligation.due_on}"
    return f"{row.on} {row.get_kind_display()}{added}{approved}{why}。{then}{'（暂定）' if obligation.provisional else ''}。"


def _unit(obligation: Obligation) -> str:
    limit = limit_of(obligation)
    return UNITS[limit.unit] if limit else ""
