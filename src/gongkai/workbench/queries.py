"""What must I do, by when: the rows of the first screen, of obligations of every source. A constant number of queries whatever the size of
the ledger, and none that counts beyond one's own agencies and one's own place.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.urls import reverse

from gongkai.agencies.access import Scope, scope_of, suggestions_for
from gongkai.agencies.auth import memberships_of
from gongkai.agencies.models import AgencySuggestion
from gongkai.coordination.queries import front as coordination
from gongkai.disclosure_requests.replying import queries as replies
from gongkai.obligations import queries as obligations
from gongkai.obligations.access import obligations_for
from gongkai.obligations.models import ClockEvent, Evidence, Obligation, Step
from gongkai.obligations.models.obligation import OPEN
from gongkai.obligations.urging import with_open_urging
from gongkai.plans.access import drafts_for
from gongkai.plans.listing import with_counts
from gongkai.publications.reviewing import queries as publications

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


MINE = {
    "overdue": "已逾期",
    "urged": "被催办，等您答复",
    "soon": f"{AHEAD} 个工作日内到期",
    "new": "待签收",
}
"""What one's own agencies must do, in the order in which it stands."""
CHECKS = {"check": "待核查", "judge": "待核查的佐证"}
WAITING = {"waiting": "等待他人"}


def group_of(row: Any, edge: date) -> str:
    """The first group of one's own that a row fits, or an empty string. `row` has the columns of KNOWN; `edge`: the last day of "soon"."""
    # what is handed in whole waits for others; a quota or a standing duty goes on while one piece is looked at
    handed_in = row.awaiting_check or (row.judging and row.whole)
    if not handed_in and row.state == "overdue":
        return "overdue"
    if not handed_in and row.state in ("due_soon", "running") and row.due_on <= edge:
        return "soon"
    if row.urged:
        return "urged"
    if not handed_in and not row.acknowledged:
        return "new"
    return "waiting" if handed_in or row.state == "suspended" else ""


def check_of(row: Any, user: Any) -> str:
    """What the openness office of its place must do about a row: check, judge or nothing. Nobody checks what he handed in himself."""
    if row.awaiting_check:
        return "check" if row.asker != user.pk else ""
    return "judge" if row.by_others else ""


def todo(user: Any, today: date) -> Todo:
    """The groups of the first screen for one person; empty ones are left out."""
    scope = scope_of(user)
    acting = sorted(agency for agency in scope.agency_ids if scope.acts_for(agency))
    edges = obligations.soon_edges(today)
    found = _duties(user, scope, acting, today, edges)
    groups = [_mine(key, title, found[key], acting, today) for key, title in MINE.items()]
    if scope.office_ids:
        groups += [Group(key, title, len(found[key]), found[key][:SHOWN], matters=len(found[key])) for key, title in CHECKS.items()]
        groups += _office(user)
    for part in coordination.waiting(user, today, SHOWN):
        groups.append(Group(part.key, part.title, part.total, part.rows, matters=part.total))
    for queue in publications.queues(user):
        groups.append(Group(f"doc_{queue.key}", queue.title, queue.total, queue.rows[:SHOWN], matters=queue.total))
    for waiting in replies.queues(user):
        title = f"答复：{waiting.title}"
        groups.append(Group(f"reply_{waiting.key}", title, waiting.total, waiting.rows[:SHOWN], matters=waiting.total))
    groups += [Group(key, title, len(found[key]), found[key][:SHOWN]) for key, title in WAITING.items()]
    _complete([group for group in groups if group.key in found], user, today, edges)
    return Todo([group for group in groups if group.total], *_jurisdiction(user, scope, today, edges))


KNOWN = ("pk", "owner_id", "source", "due_on", "state", "acknowledged", "awaiting_check", "urged", "judging", "by_others", "whole", "asker")
"""What decides to which group a duty belongs, computed once for each."""


def _annotated(rows: QuerySet[Any], user: Any, today: date, edges: Any) -> QuerySet[Any]:
    to_judge = Evidence.objects.filter(obligation=OuterRef("pk"), result=Evidence.Result.TO_JUDGE, withdrawn_at__isnull=True)
    requests = Step.objects.filter(obligation=OuterRef("pk"), kind=Step.Kind.COMPLETION).order_by("-at", "-pk")
    return with_open_urging(obligations.with_state(rows, today, edges=edges)).annotate(
        judging=Exists(to_judge),
        by_others=Exists(to_judge.exclude(handed_by=user)),
        whole=ExpressionWrapper(Q(quota_value__isnull=True, freshness__isnull=True), BooleanField()),
        asker=Subquery(requests.values("actor")[:1]),
    )


def _duties(user: Any, scope: Scope, acting: list[int], today: date, edges: Any) -> dict[str, list[int]]:
    """Group → keys of its duties; what is urged stands first, then what is due first. At most two queries: what has been handed in where
    one is the office, and these with what one's own agencies have open. What is shown of them is read afterwards, of them alone.

    A duty dealt with under another stands there, not in a row of its own.
    """
    found: dict[str, list[int]] = {key: [] for key in (*MINE, *CHECKS, *WAITING)}
    handed_in = _handed_in(scope) if scope.office_ids else set()
    if not acting and not handed_in:
        return found
    open_ones = Obligation.objects.filter(OPEN, merged_into__isnull=True).filter(Q(owner__in=acting) | Q(pk__in=handed_in))
    rows = _annotated(open_ones, user, today, edges).order_by().values_list(*KNOWN, named=True)
    edge = obligations.due_soon_edge(today, AHEAD)
    for row in sorted(rows, key=lambda row: (not row.urged, row.due_on or date.max, row.pk)):
        check = check_of(row, user) if row.pk in handed_in else ""
        # A finding is rectified on its check, which has a group of its own (coordination): not the same thing twice.
        mine = group_of(row, edge) if row.owner_id in acting and row.source != Obligation.Source.FINDING else ""
        if check:
            found[check].append(row.pk)
        if mine and not (check and mine in WAITING):
            found[mine].append(row.pk)
    return found


def _handed_in(scope: Scope) -> set[int]:
    """Open duties of the places whose office one is for which something was handed in: few among all that are open there."""
    steps = Step.objects.filter(obligation=OuterRef("pk"), kind=Step.Kind.COMPLETION)
    rows = (
        Obligation.objects.filter(OPEN, merged_into__isnull=True, jurisdiction__in=scope.office_ids).order_by().values_list("pk", flat=True)
    )
    to_judge = Evidence.objects.filter(result=Evidence.Result.TO_JUDGE, withdrawn_at__isnull=True).order_by().values("obligation")
    # Two queries: "or" between them would look into the row of every open duty of the place.
    return {*rows.filter(Exists(steps)), *rows.filter(pk__in=to_judge)}


def _office(user: Any) -> list[Group]:
    """What the openness office must look at before anything can be issued: drafts to review, names nobody knows."""
    drafts = with_counts(drafts_for(user)).defer("source_text").order_by("imported_at", "pk")
    unknown = suggestions_for(user).filter(state=AgencySuggestion.State.OPEN).order_by("created_at", "pk")
    (total_drafts, shown_drafts), (total_unknown, shown_unknown) = _first(drafts, SHOWN), _first(unknown, NAMES)
    return [
        Group("drafts", "待核对的方案", total_drafts, shown_drafts, matters=total_drafts),
        Group("names", "待确认的单位", total_unknown, shown_unknown, matters=min(total_unknown, 1)),
    ]


def _first(rows: QuerySet[Any], n: int) -> tuple[int, list[Any]]:
    """How many there are and the first `n` of them; counted only where there are more."""
    found = list(rows[: n + 1])
    return (rows.count(), found[:n]) if len(found) > n else (len(found), found)


def _mine(key: str, title: str, keys: list[int], acting: list[int], today: date) -> Group:
    more = {
        "overdue": {"state": "overdue"},
        "new": {"acknowledged": "no"},
        "soon": {"due_from": f"{today}", "due_to": f"{obligations.due_soon_edge(today, AHEAD)}"},
    }.get(key)
    if more and len(acting) == 1:
        more["agency"] = str(acting[0])
    url = f"{reverse('obligations:ledger')}?{urlencode(more)}" if more and len(keys) > SHOWN else ""
    return Group(key, title, len(keys), keys[:SHOWN], url, matters=len(keys))


def _complete(groups: list[Group], user: Any, today: date, edges: Any) -> None:
    """Puts the records in the place of their keys, with what their clocks need and what is dealt with under them, and names the one thing
    to press. Three queries for all groups.
    """
    keys = {key for group in groups for key in group.rows}
    if not keys:
        return
    rows = _annotated(obligations_for(user).filter(pk__in=keys), user, today, edges).select_related(
        "owner", "section", "person", "jurisdiction"
    )
    events = Prefetch("clock_events", ClockEvent.objects.select_related("approved_by"))
    merged = Prefetch("merged", Obligation.objects.only("title", "basis", "merged_into"))
    found = {row.pk: row for row in rows.order_by().prefetch_related(events, merged)}
    for group in groups:
        group.rows = [found[key] for key in group.rows if key in found]
        for row in group.rows:
            row.press = press(group.key, row)


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


def _jurisdiction(user: Any, scope: Scope, today: date, edges: Any) -> tuple[list[dict[str, Any]], str]:
    """State counts of the first place whose openness office the user is; each opens exactly the rows it counts. Of more than are counted
    while somebody waits (queries.MOST), the states without their numbers.
    """
    if not scope.office_ids:
        return [], ""
    place = next(m.agency.jurisdiction for m in memberships_of(user) if m.agency.jurisdiction_id in scope.office_ids)
    chosen = {"jurisdiction": place.pk} if len(scope.seen_ids) > 1 else {}
    parts = obligations.ledger_parts(user, chosen, today=today, edges=edges)
    found = obligations.counts_within(parts) or dict.fromkeys(obligations.STATE_WORDS)
    url = reverse("obligations:ledger")
    figures = [
        {"label": obligations.STATE_WORDS[state][0], "n": n, "url": f"{url}?{urlencode({**chosen, 'state': state})}"}
        for state, n in found.items()
        if n != 0 and state != "replaced"
    ]
    return figures, place.name
