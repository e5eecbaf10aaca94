"""What must I do, by when: the rows of the first screen. A constant number of queries whatever the size of the ledger."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse

from gongkai.agencies.access import Scope, scope_of, suggestions_for
from gongkai.agencies.auth import memberships_of
from gongkai.agencies.models import AgencySuggestion
from gongkai.coordination.queries import front as coordination
from gongkai.obligations import queries as obligations
from gongkai.obligations.access import obligations_for
from gongkai.obligations.models import Step
from gongkai.plans.access import drafts_for
from gongkai.plans.listing import with_counts

NAMES = 6
SHOWN = 20  # rows of one group on the first screen; the rest is a link to the ledger
OPEN = Q(fulfilled_on__isnull=True, waived_at__isnull=True, replaced_on__isnull=True)


@dataclass(slots=True)
class Group:
    """One question of the first screen with its rows. `verb` is the one thing to press; `more` opens what is not shown."""

    key: str
    title: str
    verb: str
    label: str
    total: int
    rows: list[Any]
    more: str = ""
    matters: int = 0
    """How many things this is to do: its rows, one for a job done in one go, none for what waits for others."""

    @property
    def hidden(self) -> int:
        return self.total - len(self.rows)


@dataclass(slots=True)
class Todo:
    groups: list[Group]
    ledger: list[dict[str, Any]] = field(default_factory=list)
    """Figures of the whole jurisdiction, for its openness office."""
    place: str = ""

    @property
    def to_do(self) -> int:
        return sum(group.matters for group in self.groups)


LATE = Q(state="overdue")
WAITING = Q(awaiting_check=True)
AHEAD = 5
"""Working days: what is due within them stands on the first screen (design/INTERFACE.md), whenever its light turns yellow."""


def mine_groups(today: date) -> list[tuple[str, str, str, str, Q]]:
    """(key, title, verb, label, condition over the annotated rows); a row belongs to the first group it fits."""
    soon = Q(state__in=("due_soon", "running"), due_on__lte=obligations.due_soon_edge(today, AHEAD))
    return [
        ("overdue", "已逾期", "request_completion", "申请办结", LATE & ~WAITING),
        ("soon", f"{AHEAD} 个工作日内到期", "request_completion", "申请办结", soon & ~WAITING),
        ("new", "待签收", "acknowledge", "签收", Q(acknowledged=False) & ~LATE & ~soon & ~WAITING),
    ]


def todo(user: Any, today: date) -> Todo:
    """The groups of the first screen for one person; empty ones are left out."""
    scope = scope_of(user)
    acting = sorted(agency for agency in scope.agency_ids if scope.acts_for(agency))
    rows = obligations.with_state(obligations_for(user), today).filter(OPEN)
    mine = rows.filter(owner__in=acting)
    groups = _mine(mine, acting, today)
    waiting = mine.filter(WAITING)
    if scope.office_ids:
        # Whoever asked for completion may not check it: such a row waits for a colleague.
        to_check = rows.filter(WAITING, jurisdiction__in=scope.office_ids).exclude(pk__in=asked_by(user))
        groups.append(_group("check", "待核查", "pass_check", "核查", to_check, to_check.count()))
        waiting = waiting.exclude(pk__in=to_check.values("pk"))
        groups += _office(user)
    for found in coordination.waiting(user, today, SHOWN):
        groups.append(Group(found.key, found.title, "", "", found.total, found.rows, matters=found.total))
    groups.append(_group("waiting", "等核查", "", "查看", waiting, waiting.count(), mine=False))
    return Todo([group for group in groups if group.total], *_jurisdiction(user, scope, today))


def _office(user: Any) -> list[Group]:
    """What the openness office must look at before anything can be issued: drafts to review, names nobody knows."""
    drafts = with_counts(drafts_for(user)).defer("source_text").order_by("imported_at", "pk")
    unknown = suggestions_for(user).filter(state=AgencySuggestion.State.OPEN).order_by("created_at", "pk")
    total_drafts, total_unknown = drafts.count(), unknown.count()
    return [
        Group("drafts", "待核对的方案", "", "核对", total_drafts, list(drafts[:SHOWN]), matters=total_drafts),
        Group("names", "待确认的单位", "", "确认", total_unknown, list(unknown[:NAMES]), matters=min(total_unknown, 1)),
    ]


def asked_by(user: Any) -> QuerySet[Any]:
    """Obligations whose last request for completion is this user's own."""
    last = Step.objects.filter(obligation=OuterRef("obligation"), kind=Step.Kind.COMPLETION).order_by("-at", "-pk").values("pk")[:1]
    return Step.objects.filter(kind=Step.Kind.COMPLETION, actor=user, pk=Subquery(last)).values("obligation")


def _mine(mine: QuerySet[Any], acting: list[int], today: date) -> list[Group]:
    defined = mine_groups(today)
    totals = mine.aggregate(**{key: Count("pk", filter=condition) for key, _title, _verb, _label, condition in defined})
    open_ones = {"overdue": {"state": "overdue"}, "new": {"acknowledged": "no"}}
    open_ones["soon"] = {"due_from": f"{today}", "due_to": f"{obligations.due_soon_edge(today, AHEAD)}"}
    groups = []
    for key, title, verb, label, condition in defined:
        query = dict(open_ones[key])
        if len(acting) == 1:
            query["agency"] = str(acting[0])
        more = f"{reverse('obligations:ledger')}?{urlencode(query)}" if totals[key] > SHOWN else ""
        groups.append(_group(key, title, verb, label, mine.filter(condition), totals[key], more))
    return groups


def _group(key: str, title: str, verb: str, label: str, rows: QuerySet[Any], total: int, more: str = "", *, mine: bool = True) -> Group:
    ordered = rows.select_related("owner", "section", "person").order_by(F("due_on").asc(nulls_last=True), "pk")
    return Group(key, title, verb, label, total, list(ordered[:SHOWN]) if total else [], more, matters=total if mine else 0)


def _jurisdiction(user: Any, scope: Scope, today: date) -> tuple[list[dict[str, Any]], str]:
    """State counts of the first jurisdiction whose openness office the user is; each opens exactly the rows it counts."""
    if not scope.office_ids:
        return [], ""
    place = next(m.agency.jurisdiction for m in memberships_of(user) if m.agency.jurisdiction_id in scope.office_ids)
    chosen = {"jurisdiction": place.pk} if len(scope.seen_ids) > 1 else {}
    found = obligations.counts(obligations.ledger(user, chosen, today=today))
    url = reverse("obligations:ledger")
    figures = [
        {"label": obligations.STATE_WORDS[state][0], "n": n, "url": f"{url}?{urlencode({**chosen, 'state': state})}"}
        for state, n in found.items()
        if n and state != "replaced"
    ]
    return figures, place.name
