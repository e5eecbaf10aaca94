"""Checks for lists and pages: points with their state, problems, closure rate. Constant queries, whatever the size."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, CharField, Count, Exists, OuterRef, Q, QuerySet, Value, When
from django.utils import timezone

from gongkai.agencies.access import scope_of
from gongkai.coordination.access import checks_for, handed_points, own, own_agencies
from gongkai.coordination.models import Check, CheckPoint
from gongkai.obligations.models import Obligation

STATE_WORDS: dict[str, tuple[str, str, str]] = {
    "overdue": ("逾期未整改", "late", "square"),
    "mending": ("待整改", "warn", "diamond"),
    "mended": ("已整改待复查", "wait", "circle"),
    "closed": ("复查通过", "ok", "tick"),
    "passed": ("符合", "ok", "circle"),
    "not_applicable": ("不适用", "wait", "dash"),
    "open": ("未查", "wait", "ring"),
}
"""State of a point: (word, css class, shape)."""
PROBLEMS = ("overdue", "mending", "mended", "closed")


def with_state(rows: QuerySet[CheckPoint], today: date | None = None) -> QuerySet[Any]:
    """Annotates `state`, a key of STATE_WORDS, from result and dates."""
    day = today or timezone.localdate()
    return rows.annotate(
        state=Case(
            When(result=CheckPoint.Result.OPEN, then=Value("open")),
            When(result=CheckPoint.Result.PASSED, then=Value("passed")),
            When(result=CheckPoint.Result.NOT_APPLICABLE, then=Value("not_applicable")),
            When(rechecked_on__isnull=False, then=Value("closed")),
            When(rectified_on__isnull=False, then=Value("mended")),
            When(due_on__lt=day, then=Value("overdue")),
            default=Value("mending"),
            output_field=CharField(),
        )
    )


def points_of(check: Check, today: date | None = None) -> list[Any]:
    """The points in their order, with state. One query."""
    return list(with_state(check.points.select_related("rectified_by", "rechecked_by"), today).order_by("position"))


@dataclass(frozen=True, slots=True)
class Closure:
    """整改率 and 销号率: of the problems found, how many are mended and how many rechecked."""

    problems: int
    mended: int
    closed: int

    @property
    def rate(self) -> int | None:
        """Per cent rechecked; None when nothing was found."""
        return round(self.closed * 100 / self.problems) if self.problems else None


def closure(points: Iterable[Any]) -> Closure:
    states = [p.state for p in points if p.state in PROBLEMS]
    return Closure(len(states), sum(s in ("mended", "closed") for s in states), states.count("closed"))


def problems(points: Iterable[Any]) -> list[Any]:
    return [p for p in points if p.state in PROBLEMS]


def check_rows(user: Any, kind: str = "") -> QuerySet[Any]:
    """Checks newest first with `total`, `left`, `problem_count` and `closed_count`. One query."""
    rows = checks_for(user).annotate(
        total=Count("points"),
        left=Count("points", filter=Q(points__result="")),
        problem_count=Count("points", filter=Q(points__result="failed")),
        closed_count=Count("points", filter=Q(points__rechecked_on__isnull=False)),
    )
    return rows.filter(kind=kind) if kind in Check.Kind.values else rows


def to_rectify(user: Any, today: date | None = None) -> QuerySet[Any]:
    """Problems that this person's own agencies have to mend, the most urgent first: their own that were not handed over, and others' that
    were handed to them.
    """
    scope = scope_of(user)
    duty = Obligation.objects.filter(source=Obligation.Source.FINDING, subject_id=OuterRef("pk"), replaced_on__isnull=True)
    handed = Exists(duty.exclude(owner__in=own_agencies(scope)))
    mine = Q(check_record__in=Check.objects.filter(own(scope))) & ~handed
    rows = CheckPoint.objects.filter(mine | Q(pk__in=handed_points(user))).select_related("check_record__agency")
    return with_state(rows, today).filter(state__in=("overdue", "mending")).order_by("due_on", "pk")


def to_recheck(user: Any) -> QuerySet[Any]:
    """Rectified points that wait for a recheck by this person's agencies, without those he reported himself."""
    rows = CheckPoint.objects.filter(check_record__in=Check.objects.filter(own(scope_of(user), "checker")))
    waiting = rows.filter(rectified_on__isnull=False, rechecked_on__isnull=True).exclude(rectified_by=user)
    return waiting.select_related("check_record__agency").order_by("rectified_on", "pk")


def next_point(point: CheckPoint) -> CheckPoint | None:
    """The next one nobody has looked at; from the start again after the last."""
    rows = CheckPoint.objects.filter(check_record=point.check_record_id, result=CheckPoint.Result.OPEN).order_by("position")
    return rows.filter(position__gt=point.position).first() or rows.first()
