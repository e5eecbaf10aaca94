"""Submissions with their state, the matrix and the figures. State is one SQL expression over dates; constant queries, whatever the size."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import BooleanField, Case, CharField, Count, F, Max, Q, QuerySet, Value, When
from django.utils import timezone

from gongkai.agencies.access import scope_of
from gongkai.agencies.models import Agency
from gongkai.coordination.access import collections_for, submissions_for
from gongkai.coordination.models import Collection, Deed, Reminder, Submission
from gongkai.obligations.queries import due_soon_edge

STATE_WORDS: dict[str, tuple[str, str, str]] = {
    "overdue": ("逾期未报", "late", "square"),
    "returned": ("退回重报", "warn", "arrow"),
    "due_soon": ("临近期限", "warn", "diamond"),
    "submitted": ("已报待签收", "wait", "circle"),
    "not_due": ("待报", "wait", "ring"),
    "received": ("已签收", "ok", "circle"),
    "received_late": ("逾期报送", "warn", "tick"),
}
"""State: (word, css class, shape). In the order in which lists and counts show them."""
OWED = ("overdue", "returned", "due_soon", "not_due")
"""States in which the agency has something to do."""


def state_of(submission: Submission, today: date, edge: date) -> str:
    """The definition in plain Python; `with_state` is the same in SQL and a test holds the two together."""
    due = submission.collection.due_on
    if submission.received_at and submission.submitted_at:
        return "received" if timezone.localdate(submission.submitted_at) <= due else "received_late"
    if submission.returned_at:
        return "returned"
    if submission.submitted_at:
        return "submitted"
    if due < today:
        return "overdue"
    return "due_soon" if due <= edge else "not_due"


def with_state(rows: QuerySet[Submission], today: date | None = None) -> QuerySet[Any]:
    """Annotates `state` (a key of STATE_WORDS) and `is_past` (the day is over)."""
    today = today or timezone.localdate()
    edge = due_soon_edge(today, settings.DUE_SOON_DAYS)
    return rows.annotate(
        state=Case(
            When(received_at__isnull=False, submitted_at__date__lte=F("collection__due_on"), then=Value("received")),
            When(received_at__isnull=False, then=Value("received_late")),
            When(returned_at__isnull=False, then=Value("returned")),
            When(submitted_at__isnull=False, then=Value("submitted")),
            When(collection__due_on__lt=today, then=Value("overdue")),
            When(collection__due_on__lte=edge, then=Value("due_soon")),
            default=Value("not_due"),
            output_field=CharField(),
        ),
        is_past=Case(When(collection__due_on__lt=today, then=Value(True)), default=Value(False), output_field=BooleanField()),
    )


def counts(rows: QuerySet[Any]) -> dict[str, int]:
    """How many rows of a `with_state` queryset are in each state, all states present, in one query."""
    found = dict(rows.order_by().values("state").annotate(n=Count("pk")).values_list("state", "n"))
    return {state: found.get(state, 0) for state in STATE_WORDS}


@dataclass(slots=True)
class MatrixRow:
    agency: Agency
    cells: list[Any]
    """One submission for each item of the collection, or None where it is not owed."""
    reminders: int = 0
    reminded_at: Any = None

    @property
    def owes(self) -> bool:
        return any(cell is not None and cell.state in OWED for cell in self.cells)


@dataclass(slots=True)
class Matrix:
    items: list[str]
    rows: list[MatrixRow] = field(default_factory=list)


def rows_of(collection: Collection, user: Any, state: str = "", today: date | None = None) -> QuerySet[Any]:
    """The submissions of a collection this person may see, with state; `state` keeps one."""
    rows = with_state(submissions_for(user).filter(collection=collection), today)
    return (rows.filter(state=state) if state else rows).order_by("agency__jurisdiction__code", "agency__code", "pk")


def matrix(collection: Collection, rows: Iterable[Any]) -> Matrix:
    """Units × items. Two queries: the rows and their reminders."""
    items = list(collection.items)
    grouped: dict[int, MatrixRow] = {}
    for row in rows:
        line = grouped.setdefault(row.agency_id, MatrixRow(row.agency, [None] * len(items)))
        if row.item in items:
            line.cells[items.index(row.item)] = row
    told = Reminder.objects.filter(collection=collection).order_by().values("agency").annotate(n=Count("pk"), last=Max("at"))
    for agency, n, last in told.values_list("agency", "n", "last"):
        if agency in grouped:
            grouped[agency].reminders, grouped[agency].reminded_at = n, last
    return Matrix(items, list(grouped.values()))


def collection_rows(user: Any, today: date | None = None) -> list[Collection]:
    """Collections for the list, newest first, each with `figures` (state → count) of what this user sees of it. Two queries."""
    rows = list(collections_for(user))
    found: dict[int, dict[str, int]] = {row.pk: {} for row in rows}
    seen = with_state(submissions_for(user).filter(collection__in=rows), today).select_related(None).order_by()
    for pk, state, n in seen.values_list("collection", "state").annotate(n=Count("pk")):
        found[pk][state] = n
    for row in rows:
        row.figures = [  # type: ignore[attr-defined]
            {"state": state, "word": words[0], "css": f"{words[1]} {words[2]}", "n": found[row.pk][state]}
            for state, words in STATE_WORDS.items()
            if found[row.pk].get(state)
        ]
    return rows


def to_submit(user: Any, today: date | None = None) -> QuerySet[Any]:
    """What this person's own agencies must still hand in, most urgent first, with the number of reminders."""
    scope = scope_of(user)
    acting = [pk for pk in scope.agency_ids if scope.acts_for(pk)]
    mine = Q(agency__in=acting)
    if scope.office_ids:
        mine |= Q(agency__kind=Agency.Kind.GOVERNMENT, agency__jurisdiction__in=scope.office_ids)
    rows = with_state(submissions_for(user).filter(mine, collection__closed_at__isnull=True), today)
    told = Count("collection__reminders", filter=Q(collection__reminders__agency=F("agency")), distinct=True)
    return rows.filter(state__in=OWED).annotate(reminders=told).order_by("collection__due_on", "pk")


def to_receive(user: Any) -> QuerySet[Any]:
    """What waits for the receipt of this person's openness office, oldest first."""
    rows = with_state(submissions_for(user).filter(collection__jurisdiction__in=scope_of(user).office_ids))
    return rows.filter(state="submitted").order_by("submitted_at", "pk")


def deeds_of(subject: str, pk: int) -> QuerySet[Deed]:
    """The course of a record: what was done to it."""
    return Deed.objects.filter(Q(subject=subject, subject_id=pk) | Q(about=subject, about_id=pk)).select_related("actor", "agency")


def deeds_within(subject: str, pk: int, part: str, parts: QuerySet[Any]) -> QuerySet[Deed]:
    """The course of a record and of its parts: a group and its members, a check and the mending of its points."""
    whole = Q(subject=subject, subject_id=pk) | Q(about=subject, about_id=pk)
    return Deed.objects.filter(whole | Q(subject=part, subject_id__in=parts.order_by().values("pk"))).select_related("actor", "agency")


def receiver_of(submission: Submission) -> str:
    """In whose name the receipt is given: the agency of the deed, else the competent agency of the place."""
    given = Deed.objects.filter(kind=Deed.Kind.RECEIVED.value, subject="submission", subject_id=submission.pk, agency__isnull=False)
    if (deed := given.select_related("agency").order_by("-at").first()) is not None and deed.agency is not None:
        return deed.agency.name
    return f"{submission.collection.jurisdiction.name}政务公开主管部门"


def reminders_of(submission: Submission) -> QuerySet[Reminder]:
    return Reminder.objects.filter(collection=submission.collection_id, agency=submission.agency_id).select_related("actor")
