"""What must I do, by when: the rows of the first screen, of obligations of every source. A constant number of queries whatever the size of
the ledger, and none that counts beyond one's own agencies and one's own place.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery, prefetch_related_objects
from django.urls import reverse

from gongkai.agencies.access import Scope, scope_of, suggestions_for
from gongkai.agencies.auth import memberships_of
from gongkai.agencies.models import AgencySuggestion
from gongkai.coordination.queries import front as coordination
from gongkai.obligations import queries as obligations
from gongkai.obligations.access import obligations_for
from gongkai.obligations.models import ClockEvent, Evidence, Obligation, Step
from gongkai.obligations.models.obligation import OPEN
from gongkai.obligations.urging import with_open_urging
from gongkai.plans.access import drafts_for
from gongkai.plans.listing import with_counts

NAMES = 6
SHOWN = 20  # rows of one group on the first screen; the rest is a link to the ledger
AHEAD = 5
"""Working days: what is due within them stands on the first screen (design/INTERFACE.md), whenever its light turns yellow."""


@dataclass(slots=True)
class Group:
    """One question of the first screen with its rows; `more` opens what is not shown."""

    key: str
    title: str
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
    """Figures of one's own place, for its openness office."""
    place: str = ""

    @property
    def to_do(self) -> int:
        return sum(group.matters for group in self.groups)


@dataclass(frozen=True, slots=True)
class Press:
    """The one thing to press in a row. `verb`: sent at once as a form of one button; otherwise `url` is a link."""

    label: str
    url: str
    verb: str = ""


LATE = Q(state="overdue")
CHECKING = Q(awaiting_check=True)
WAITING = CHECKING | Q(judging=True, quota_value__isnull=True, freshness__isnull=True)
"""What the owner has handed in whole; a quota or a standing duty goes on while one piece is looked at."""
PAUSED = Q(state="suspended")


def mine_groups(today: date, to_check: Iterable[Q] = ()) -> list[tuple[str, str, Q]]:
    """(key, title, condition over the annotated rows); a row belongs to the first group it fits. The last are those that wait for others;
    what is one's own `to_check` as the office does not.
    """
    soon = Q(state__in=("due_soon", "running"), due_on__lte=obligations.due_soon_edge(today, AHEAD)) & ~WAITING
    overdue = LATE & ~WAITING
    urged = Q(urged=True) & ~overdue & ~soon
    new = Q(acknowledged=False, urged=False) & ~overdue & ~soon & ~WAITING
    waiting = Q(urged=False) & (WAITING | PAUSED) & ~new
    for condition in to_check:
        waiting &= ~condition
    return [
        ("overdue", "已逾期", overdue),
        ("urged", "被催办，等您答复", urged),
        ("soon", f"{AHEAD} 个工作日内到期", soon),
        ("new", "待签收", new),
        ("waiting", "等待他人", waiting),
    ]


def todo(user: Any, today: date) -> Todo:
    """The groups of the first screen for one person; empty ones are left out."""
    scope = scope_of(user)
    acting = sorted(agency for agency in scope.agency_ids if scope.acts_for(agency))
    rows = _open_rows(user, today)
    to_check = _to_check(user, scope)
    # A finding is rectified on its check, which has a group of its own below (coordination): not the same thing twice.
    mine = rows.filter(owner__in=acting).exclude(source=Obligation.Source.FINDING)
    groups = _mine(mine, acting, today, to_check) if acting else []
    waiting = [groups.pop()] if groups else []
    if scope.office_ids:
        groups += _checks(rows, to_check)
        groups += _office(user)
    for found in coordination.waiting(user, today, SHOWN):
        groups.append(Group(found.key, found.title, found.total, found.rows, matters=found.total))
    groups += waiting
    _complete(groups)
    return Todo([group for group in groups if group.total], *_jurisdiction(user, scope, today))


def _open_rows(user: Any, today: date) -> QuerySet[Any]:
    """What asks for something within the user's scope. A duty dealt with under another stands there, not in a row of its own."""
    rows = with_open_urging(obligations.with_state(obligations_for(user), today))
    to_judge = Evidence.objects.filter(obligation=OuterRef("pk"), result=Evidence.Result.TO_JUDGE, withdrawn_at__isnull=True)
    rows = rows.annotate(judging=Exists(to_judge), by_others=Exists(to_judge.exclude(handed_by=user)))
    return rows.filter(OPEN, merged_into__isnull=True)


def _to_check(user: Any, scope: Scope) -> dict[str, Q]:
    """Requests to check and evidence to judge in the places whose office one is. Nobody checks what he handed in himself."""
    place = Q(jurisdiction__in=scope.office_ids)
    return {
        "check": place & CHECKING & ~Q(pk__in=asked_by(user)),
        "judge": place & ~CHECKING & Q(by_others=True),
    }


def _checks(rows: QuerySet[Any], conditions: dict[str, Q]) -> list[Group]:
    totals = _totals(rows.filter(conditions["check"] | conditions["judge"]), conditions)
    titles = {"check": "待核查", "judge": "待核查的佐证"}
    return [_group(key, titles[key], rows.filter(condition), totals[key]) for key, condition in conditions.items()]


def _totals(rows: QuerySet[Any], conditions: dict[str, Q]) -> dict[str, int]:
    """How many rows fit each condition, in one query."""
    found = rows.aggregate(**{f"n_{key}": Count("pk", filter=condition) for key, condition in conditions.items()})
    return {key: found[f"n_{key}"] for key in conditions}


def _office(user: Any) -> list[Group]:
    """What the openness office must look at before anything can be issued: drafts to review, names nobody knows."""
    drafts = with_counts(drafts_for(user)).defer("source_text").order_by("imported_at", "pk")
    unknown = suggestions_for(user).filter(state=AgencySuggestion.State.OPEN).order_by("created_at", "pk")
    total_drafts, total_unknown = drafts.count(), unknown.count()
    return [
        Group("drafts", "待核对的方案", total_drafts, list(drafts[:SHOWN]), matters=total_drafts),
        Group("names", "待确认的单位", total_unknown, list(unknown[:NAMES]), matters=min(total_unknown, 1)),
    ]


def asked_by(user: Any) -> QuerySet[Any]:
    """Obligations whose last request for completion is this user's own."""
    last = Step.objects.filter(obligation=OuterRef("obligation"), kind=Step.Kind.COMPLETION).order_by("-at", "-pk").values("pk")[:1]
    return Step.objects.filter(kind=Step.Kind.COMPLETION, actor=user, pk=Subquery(last)).values("obligation")


def _mine(mine: QuerySet[Any], acting: list[int], today: date, to_check: dict[str, Q]) -> list[Group]:
    defined = mine_groups(today, to_check.values())
    totals = _totals(mine, {key: condition for key, _title, condition in defined})
    open_ones = {"overdue": {"state": "overdue"}, "new": {"acknowledged": "no"}}
    open_ones["soon"] = {"due_from": f"{today}", "due_to": f"{obligations.due_soon_edge(today, AHEAD)}"}
    groups = []
    for key, title, condition in defined:
        query = dict(open_ones.get(key, {}))
        if len(acting) == 1:
            query["agency"] = str(acting[0])
        more = f"{reverse('obligations:ledger')}?{urlencode(query)}" if totals[key] > SHOWN and key in open_ones else ""
        groups.append(_group(key, title, mine.filter(condition), totals[key], more, mine=key != "waiting"))
    return groups


def _group(key: str, title: str, rows: QuerySet[Any], total: int, more: str = "", *, mine: bool = True) -> Group:
    """What somebody urged stands first, then what is due first."""
    ordered = rows.select_related("owner", "section", "person", "jurisdiction").order_by("-urged", F("due_on").asc(nulls_last=True), "pk")
    return Group(key, title, total, list(ordered[:SHOWN]) if total else [], more, matters=total if mine else 0)


def _complete(groups: Iterable[Group]) -> None:
    """Reads for all rows at once what their clocks need and what is dealt with under them, and names the one thing to press."""
    rows: list[tuple[str, Any]] = [(group.key, row) for group in groups for row in group.rows if isinstance(row, Obligation)]
    events = Prefetch("clock_events", ClockEvent.objects.select_related("approved_by"))
    merged = Prefetch("merged", Obligation.objects.only("title", "basis", "merged_into"))
    prefetch_related_objects([row for _key, row in rows], events, merged)
    for key, row in rows:
        row.press = press(key, row)


def press(key: str, row: Any) -> Press:
    """The next step on a row of the group `key`: what must come first, comes first."""
    address = reverse("obligations:detail", args=[row.pk])
    if key == "check":
        return Press("核查", f"{address}?do=pass_check#do-pass_check")
    if key == "judge":
        return Press("核查佐证", f"{address}#evidence")
    if key == "waiting":
        return Press("查看", address)
    if row.urged:
        return Press("答复催办", f"{address}#do-reply")
    if not row.acknowledged:
        return Press("签收", reverse("obligations:verb", args=[row.pk, "acknowledge"]), verb="acknowledge")
    return Press("申请办结", f"{address}?do=request_completion#do-request_completion")


def _jurisdiction(user: Any, scope: Scope, today: date) -> tuple[list[dict[str, Any]], str]:
    """State counts of the first place whose openness office the user is; each opens exactly the rows it counts."""
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
