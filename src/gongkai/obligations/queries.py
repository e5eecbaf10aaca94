"""State and lists. State is one SQL expression over dates, the same on SQLite and PostgreSQL; nothing here is stored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from heapq import merge
from itertools import islice
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Count,
    DateField,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.lookups import Exact
from django.utils import timezone

from gongkai.agencies.access import scope_of
from gongkai.agencies.models import Jurisdiction
from gongkai.clocks import calendar
from gongkai.obligations.access import obligations_for, parts_for
from gongkai.obligations.models import Helper, Obligation, Step
from gongkai.obligations.models.obligation import OPEN
from gongkai.obligations.oversight import GROUPS, narrowed

STATE_WORDS: dict[str, tuple[str, str, str]] = {
    "overdue": ("已逾期", "late", "square"),
    "due_soon": ("临近期限", "warn", "diamond"),
    "running": ("进行中", "wait", "circle"),
    "suspended": ("中止计时", "wait", "pause"),
    "standing": ("长期任务", "wait", "ring"),
    "not_started": ("未开始", "wait", "dash"),
    "done": ("已办结", "ok", "circle"),
    "done_late": ("逾期办结", "warn", "tick"),
    "waived": ("已免除", "wait", "cross"),
    "replaced": ("不再办理", "wait", "arrow"),
}
"""State: (word, css class, shape). In the order in which lists and counts show them."""
URGENCY = {state: n for n, state in enumerate(STATE_WORDS)}


def due_soon_edge(today: date, days: int) -> date:
    """The last day that still counts as due soon: the n-th working day after today."""
    return calendar.add_working_days(today, days).on


def edge_of(obligation: Obligation, today: date) -> date:
    """The last day that counts as due soon in the obligation's place; the place decides how many working days ahead that is."""
    days = obligation.jurisdiction.due_soon_days
    return due_soon_edge(today, settings.DUE_SOON_DAYS if days is None else days)


def state_of(obligation: Obligation, today: date, edge: date, now: datetime | None = None) -> str:
    """The definition in plain Python; `with_state` is the same in SQL and a property test holds the two together.

    `now` decides for limits in hours; without it, the moment of asking.
    """
    if obligation.waived_at:
        return "waived"
    if obligation.fulfilled_on:
        return "done" if _in_time(obligation) else "done_late"
    if obligation.replaced_on:
        return "replaced"
    if obligation.suspended_on:
        return "suspended"
    if obligation.starts_on > today:
        return "not_started"
    if obligation.due_on is None:
        return "standing"
    if obligation.due_at is not None:
        late = obligation.due_at < (now or timezone.now())
    else:
        late = obligation.due_on < today
    if late:
        return "overdue"
    return "due_soon" if obligation.due_on <= edge else "running"


def _in_time(obligation: Obligation) -> bool:
    if obligation.due_at is not None and obligation.fulfilled_at is not None:
        return obligation.fulfilled_at <= obligation.due_at
    return obligation.due_on is None or (obligation.fulfilled_on is not None and obligation.fulfilled_on <= obligation.due_on)


def soon_edges(today: date, days: int | None = None) -> Any:
    """The last day that is due soon, as an expression: one date, or one for each window that a place has set. One small query."""
    default = Value(due_soon_edge(today, settings.DUE_SOON_DAYS if days is None else days), output_field=DateField())
    if days is not None:
        return default
    set_ones = Jurisdiction.objects.order_by().filter(due_soon_days__isnull=False).values_list("due_soon_days", flat=True).distinct()
    cases = [
        When(jurisdiction__due_soon_days=n, then=Value(due_soon_edge(today, n), output_field=DateField()))
        for n in set_ones
        if n is not None
    ]
    return Case(*cases, default=default, output_field=DateField()) if cases else default


def with_state(
    qs: QuerySet[Obligation],
    today: date | None = None,
    due_soon_days: int | None = None,
    now: datetime | None = None,
    *,
    edges: Any = None,
) -> QuerySet[Any]:
    """Annotates `state` (a key of STATE_WORDS), `acknowledged` and `awaiting_check`.

    `now` decides for limits in hours: given `today` alone, the end of that day (or now, when today is today). `edges`: what soon_edges
    said already.
    """
    cases = _cases(today, now, soon_edges(today or timezone.localdate(), due_soon_days) if edges is None else edges)
    steps = Step.objects.filter(obligation=OuterRef("pk"))
    last = Subquery(steps.filter(kind__in=["completion", "passed", "returned"]).order_by("-at", "-pk").values("kind")[:1])
    return qs.annotate(
        state=Case(*(When(q, then=Value(state)) for q, state in cases), default=Value("running"), output_field=CharField()),
        acknowledged=Exists(steps.filter(kind="acknowledged")),
        awaiting_check=Case(
            When(OPEN & Q(Exact(last, Value("completion"))), then=Value(True)),
            default=Value(False),
            output_field=BooleanField(),
        ),
    )


def with_urgency(qs: QuerySet[Any], today: date | None = None, *, edges: Any = None) -> QuerySet[Any]:
    """Annotates `urgency`, the place of the state in STATE_WORDS: what lists are sorted by, and what is counted."""
    cases = _cases(today, None, soon_edges(today or timezone.localdate()) if edges is None else edges)
    numbers = (When(q, then=Value(URGENCY[state])) for q, state in cases)
    return qs.annotate(urgency=Case(*numbers, default=Value(URGENCY["running"]), output_field=IntegerField()))


def _cases(today: date | None, now: datetime | None, edges: Any) -> list[tuple[Q, str]]:
    """What makes each state, in the order in which it is asked; what fits none is running. `today`, `now`: as with_state takes them."""
    if now is None:
        now = timezone.now()
        if today is not None and today != timezone.localdate(now):
            now = timezone.make_aware(datetime.combine(today, time.max))
    today = today or timezone.localdate(now)
    return [
        (Q(waived_at__isnull=False), "waived"),
        (Q(due_at__isnull=False, fulfilled_at__gt=F("due_at")), "done_late"),
        (Q(due_at__isnull=False, fulfilled_at__isnull=False), "done"),
        (Q(fulfilled_on__isnull=False) & (Q(due_on__isnull=True) | Q(fulfilled_on__lte=F("due_on"))), "done"),
        (Q(fulfilled_on__isnull=False), "done_late"),
        (Q(replaced_on__isnull=False), "replaced"),
        (Q(suspended_on__isnull=False), "suspended"),
        (Q(starts_on__gt=today), "not_started"),
        (Q(due_on__isnull=True), "standing"),
        (Q(due_at__lt=now), "overdue"),
        (Q(due_at__isnull=True, due_on__lt=today), "overdue"),
        (Q(due_on__lte=edges), "due_soon"),
    ]


def needs(state: str, today: date) -> Q:
    """What every row in this state has in plain columns: added to a condition on `state`, it lets the databases use their indexes."""
    return {
        "waived": Q(waived_at__isnull=False),
        "done": Q(fulfilled_on__isnull=False),
        "done_late": Q(fulfilled_on__isnull=False),
        "replaced": Q(replaced_on__isnull=False),
        "suspended": OPEN & Q(suspended_on__isnull=False),
        "not_started": OPEN & Q(starts_on__gt=today),
        "standing": OPEN & Q(due_on__isnull=True),
        "overdue": OPEN & Q(due_on__lte=today),
        "due_soon": OPEN & Q(due_on__gte=today),
        "running": OPEN & Q(due_on__gte=today),
    }.get(state, Q())


def ledger(user: Any, filters: dict[str, Any] | None = None, *, today: date | None = None, edges: Any = None) -> QuerySet[Any]:
    """The ledger within the user's scope: state annotated, everything a row shows joined or prefetched, a constant number of queries.

    `filters` (all optional; an empty value filters nothing, a senseless one finds nothing): agency (owner; with role=helper the helper),
    role (lead, responsible, helper), state (or a group of them, oversight.GROUPS), due_from, due_to, section, plan (its id), q (title,
    basis, owner), jurisdiction, acknowledged, and the roll-up's own: source, rule, year, place (of the owner), lower;
    of plans: task (its id) and cadence (a Series.Cadence, or once).
    What a newer plan has replaced is left out unless `plan` or state=replaced asks for it.
    """
    given = {k: v for k, v in (filters or {}).items() if v not in (None, "")}
    return (
        _ledger_of(obligations_for(user), user, given, today, edges)
        .select_related("owner", "jurisdiction", "section", "person")
        .prefetch_related(Prefetch("helpers", Helper.objects.select_related("agency").order_by("pk")))
    )


def ledger_parts(user: Any, filters: dict[str, Any] | None = None, *, today: date | None = None, edges: Any = None) -> list[QuerySet[Any]]:
    """The same rows as `ledger` with `urgency` alone, nothing joined, in the parts of access.parts_for: for counting and sorting keys.
    `edges`: what soon_edges said already."""
    given = {k: v for k, v in (filters or {}).items() if v not in (None, "")}
    edges = soon_edges(today or timezone.localdate()) if edges is None else edges
    return [_ledger_of(rows, user, given, today, edges, bare=True) for rows in parts_for(user)]


def _ledger_of(
    rows: QuerySet[Any], user: Any, given: dict[str, Any], today: date | None, edges: Any = None, *, bare: bool = False
) -> QuerySet[Any]:
    """`bare`: with `urgency` and what the filters ask for, and nothing that only a shown row needs."""
    edges = soon_edges(today or timezone.localdate()) if edges is None else edges
    rows = with_urgency(rows, today, edges=edges)
    if not bare or given.keys() & {"state", "acknowledged"}:
        rows = with_state(rows, today, edges=edges)
    try:
        return _filtered(rows, user, given, today or timezone.localdate())
    except (TypeError, ValueError, ValidationError):
        return rows.none()


def _filtered(rows: QuerySet[Any], user: Any, given: dict[str, Any], today: date) -> QuerySet[Any]:
    if "plan" in given:
        rows = rows.filter(source=Obligation.Source.PLAN_TASK, document_id=_key(given["plan"]))
    elif given.get("state") != "replaced":
        rows = rows.filter(replaced_on__isnull=True)
    if given.get("role") == "helper":
        agencies = [_key(given["agency"])] if "agency" in given else list(scope_of(user).agency_ids)
        rows = rows.filter(Exists(Helper.objects.filter(obligation=OuterRef("pk"), agency__in=agencies)))
    else:
        if "role" in given:
            rows = rows.filter(role=given["role"])
        if "agency" in given:
            rows = rows.filter(owner=_key(given["agency"]))
    for name, lookup in (("section", "section"), ("jurisdiction", "jurisdiction")):
        if name in given:
            rows = rows.filter(**{lookup: _key(given[name])})
    rows = narrowed(rows, user, given)
    if "task" in given:
        rows = rows.filter(source=Obligation.Source.PLAN_TASK, subject_id=_key(given["task"]))
    if "cadence" in given:
        rows = rows.filter(series__isnull=True) if given["cadence"] == "once" else rows.filter(series__cadence=given["cadence"])
    if "rule" in given:
        rows = rows.filter(source=Obligation.Source.STATUTE, rule=str(given["rule"]))
    if group := GROUPS.get(given.get("state", "")):
        rows = rows.filter(state__in=group[1])
    elif "state" in given:
        rows = rows.filter(needs(str(given["state"]), today), state=given["state"])
    for name, lookup in (("due_from", "due_on__gte"), ("due_to", "due_on__lte")):
        if name in given:
            rows = rows.filter(**{lookup: given[name]})
    if "acknowledged" in given:
        rows = rows.filter(acknowledged=str(given["acknowledged"]).lower() in {"1", "true", "yes", "on"})
    if words := str(given.get("q", "")).replace("\x00", "").split():
        for word in words:
            rows = rows.filter(
                Q(title__icontains=word) | Q(basis__icontains=word) | Q(owner__name__icontains=word) | Q(owner__short_name__icontains=word)
            )
    return rows


def _key(value: Any) -> int:
    """A primary key from a record, a number or the digits of an address; ValueError for anything no database has."""
    number = int(getattr(value, "pk", value))
    if not 0 <= number < 2**63:
        raise ValueError(value)
    return number


def part_of(rows: QuerySet[Any], keys: Sequence[int]) -> list[Any]:
    """The rows of one page in the order of their keys. What is computed beside a row is computed for the page alone and not for all that
    were sorted. One query and the prefetches.
    """
    found = {row.pk: row for row in rows.order_by().filter(pk__in=keys)}
    return [found[key] for key in keys if key in found]


DUE_FIRST = ("due_on", "pk")
URGENT_FIRST = ("urgency", *DUE_FIRST)


def keys_in_order(parts: Sequence[QuerySet[Any]], by: Sequence[str], part: slice) -> list[int]:
    """The keys of one page of all `parts` together, in the order of the columns `by` (the last is pk), what has no value last. One query
    for each part.
    """
    order: list[Any] = [*(F(name).asc(nulls_last=True) for name in by[:-1]), by[-1]]
    found = [rows.order_by(*order).values_list(*by)[: part.stop] for rows in parts]
    ordered = merge(*found, key=lambda row: [(value is None, value) for value in row])
    return [row[-1] for row in islice(ordered, part.start, part.stop)]


MOST = 10_000
"""Rows that are counted exactly while somebody waits for a page; beyond, the roll-up has the figures."""


def count_up_to(parts: Iterable[QuerySet[Any]], most: int) -> int:
    """How many rows there are in all `parts` together, as far as `most`; no more of them are looked at. One query for each part."""
    seen = 0
    for rows in parts:
        if seen < most:
            seen += rows.order_by().values("pk")[: most - seen].count()
    return seen


def too_many(parts: Iterable[QuerySet[Any]]) -> bool:
    """Whether there are more than MOST rows."""
    return count_up_to(parts, MOST + 1) > MOST


def counts_within(parts: Iterable[QuerySet[Any]]) -> dict[str, int] | None:
    """How many rows of `with_urgency` querysets that share no row are in each state, all states present; None where there are more than
    MOST. One query for each part, that looks at MOST rows and one.
    """
    counted: Counter[int] = Counter()
    for rows in parts:
        counted.update(rows.order_by().values_list("urgency", flat=True)[: MOST + 1])
        if counted.total() > MOST:
            return None
    return {state: counted[n] for state, n in URGENCY.items()}


def counts(qs: QuerySet[Any]) -> dict[str, int]:
    """How many rows of a `with_state` queryset are in each state, all states present, in one query."""
    found = dict(qs.order_by().values("state").annotate(n=Count("pk")).values_list("state", "n"))
    return {state: found.get(state, 0) for state in STATE_WORDS}


def working_days_late(ob: Obligation, today: date | None = None) -> int:
    """Working days from the due date to the fulfilment, or to today while unfulfilled; 0 when not late, waived or replaced."""
    if ob.due_on is None or ob.waived_at or (ob.replaced_on and not ob.fulfilled_on):
        return 0
    until = ob.fulfilled_on or today or timezone.localdate()
    return max(0, calendar.working_days_between(ob.due_on, until))


def working_days_left(ob: Obligation, today: date | None = None) -> int | None:
    """Working days from today to the due date; None without one, negative once past."""
    if ob.due_on is None:
        return None
    return calendar.working_days_between(today or timezone.localdate(), ob.due_on)
