"""Two axes over one plan: lead departments (条) by areas (块), for those who guide and check their line (S4-61). Constant queries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from gongkai.agencies.access import scope_of
from gongkai.agencies.models import Agency, Jurisdiction
from gongkai.coordination.access import checks_for
from gongkai.coordination.models import Check
from gongkai.obligations.access import obligations_for
from gongkai.obligations.models import Obligation
from gongkai.obligations.queries import with_state
from gongkai.plans.duties import one_line_each
from gongkai.plans.models import Counterpart, Plan

COMMON = 0
"""Stands for the tasks that name no lead: common to all (共性任务)."""
GROUPS: dict[str, tuple[str, tuple[str, ...]]] = {
    "done": ("已办结", ("done", "done_late", "waived")),
    "open": ("在办", ("running", "due_soon", "suspended", "standing", "not_started")),
    "overdue": ("逾期", ("overdue",)),
}
"""What a cell tells: (word, states)."""


@dataclass(slots=True)
class Cell:
    """How many obligations of one line stand how in one area."""

    n: dict[str, int] = field(default_factory=lambda: dict.fromkeys(GROUPS, 0))

    @property
    def total(self) -> int:
        return sum(self.n.values())


@dataclass(slots=True)
class Line:
    """One row: a lead department (None: common tasks), its cells in the order of the areas, all of them, and the checks of its line."""

    lead: Agency | None
    cells: list[Cell]
    total: Cell
    checks: list[Check]
    areas: list[Jurisdiction]

    @property
    def pairs(self) -> list[tuple[Cell, Jurisdiction]]:
        return list(zip(self.cells, self.areas, strict=True))

    @property
    def key(self) -> int:
        return self.lead.pk if self.lead else COMMON


@dataclass(slots=True)
class Axes:
    areas: list[Jurisdiction]
    lines: list[Line]


def obligations_of(plan: Plan, today: date | None = None) -> QuerySet[Any]:
    """All duties of the plan, and those of plans below whose task a person has confirmed as the counterpart of one here.

    One line for each owner's share of a task: what comes back every month counts once, by the period that matters now.
    """
    below = Counterpart.objects.filter(upper__plan=plan, decision=Counterpart.Decision.CONFIRMED).values("lower")
    mine = Q(document_id=plan.pk) | Q(subject_id__in=below)
    rows = Obligation.objects.filter(mine, source=Obligation.Source.PLAN_TASK, replaced_on__isnull=True)
    return one_line_each(with_state(rows, today))


def leads_of(plan: Plan) -> dict[int, frozenset[int]]:
    """Task → the agencies that lead it; a task below is led by who leads its counterpart here. Two queries."""
    found: dict[int, set[int]] = {}
    rows = Obligation.objects.filter(source=Obligation.Source.PLAN_TASK, document_id=plan.pk, role=Obligation.Role.LEAD).order_by()
    for task, owner in rows.values_list("subject_id", "owner_id"):
        found.setdefault(task, set()).add(owner)
    pairs = Counterpart.objects.filter(upper__plan=plan, decision=Counterpart.Decision.CONFIRMED).order_by().values_list("upper", "lower")
    for upper, lower in pairs:
        found.setdefault(lower, set()).update(found.get(upper, set()))
    return {task: frozenset(leads) for task, leads in found.items() if leads}


def lines_seen(user: Any, plan: Plan) -> frozenset[int] | None:
    """Whose lines this person may follow: None for all (the openness office and those above), else the leads he acts for."""
    scope = scope_of(user)
    if plan.jurisdiction_id in scope.seen_ids:
        return None
    return frozenset(pk for pk in scope.agency_ids if scope.acts_for(pk))


def axes(user: Any, plan: Plan, today: date | None = None) -> Axes:
    """Rows are lead departments, columns the places where the duties lie. Seven queries, whatever the size."""
    leads, seen = leads_of(plan), lines_seen(user, plan)
    counted: dict[tuple[int, int], Cell] = {}
    places: set[int] = set()
    rows = obligations_of(plan, today).order_by().values_list("subject_id", "owner__jurisdiction_id", "owner_id", "state")
    agencies: dict[int, set[int]] = {}
    for task, place, owner, state in rows:
        group = next((name for name, (_word, states) in GROUPS.items() if state in states), None)
        if group is None:
            continue
        for lead in leads.get(task) or {COMMON}:
            if seen is not None and lead not in seen:
                continue
            counted.setdefault((lead, place), Cell()).n[group] += 1
            places.add(place)
            agencies.setdefault(lead, set()).add(owner)
    areas = sorted(Jurisdiction.objects.filter(pk__in=places), key=lambda j: (j.pk != plan.jurisdiction_id, j.code))
    named = Agency.objects.in_bulk([lead for lead in agencies if lead])
    checks = list(checks_for(user).filter(plan=plan).order_by("-started_at"))
    lines = []
    for lead in sorted(agencies, key=lambda pk: (pk == COMMON, named[pk].code if pk else "")):
        cells = [counted.get((lead, area.pk), Cell()) for area in areas]
        total = Cell({name: sum(cell.n[name] for cell in cells) for name in GROUPS})
        mine = [c for c in checks if _noted(c, lead, agencies[lead])]
        lines.append(Line(named.get(lead), cells, total, mine, areas))
    return Axes(areas, lines)


def _noted(check: Check, lead: int, agencies: set[int]) -> bool:
    """Whether a check is noted on a line: of the lead itself, by the lead, or, but for self-checks, of somebody in its line."""
    if lead == COMMON:
        return False
    by_lead = check.checker_id == lead and not check.checker.is_competent
    return check.agency_id == lead or by_lead or (check.kind != Check.Kind.SELF_CHECK and check.agency_id in agencies)


def rows_behind(user: Any, plan: Plan, lead: int | None, area: int | None, group: str, today: date | None = None) -> QuerySet[Any]:
    """The obligations a number counts, with owner joined; `visible` says whether this person may open the page of one.

    What is shown of the others (title, owner, state, date) is what the public page of the plan shows.
    """
    leads, seen = leads_of(plan), lines_seen(user, plan)
    rows = obligations_of(plan, today)
    if lead == COMMON:
        rows = rows.exclude(subject_id__in=list(leads)) if seen is None else rows.none()
    elif lead is not None or seen is not None:
        rows = rows.filter(subject_id__in=[task for task, found in leads.items() if _follows(found, lead, seen)])
    if area is not None:
        rows = rows.filter(owner__jurisdiction=area)
    states = GROUPS[group][1] if group in GROUPS else tuple(s for _word, states in GROUPS.values() for s in states)
    rows = rows.filter(state__in=states).annotate(visible=Exists(obligations_for(user).filter(pk=OuterRef("pk"))))
    return rows.select_related("owner__jurisdiction").order_by("owner__jurisdiction__code", "owner__code", "due_on", "pk")


def _follows(found: frozenset[int], lead: int | None, seen: frozenset[int] | None) -> bool:
    """Whether a task led by `found` is in the asked line and in one this person may follow."""
    mine = found if seen is None else found & seen
    return bool(mine) if lead is None else lead in mine


def in_line(plan: Plan, leads: Iterable[int], agency: Agency) -> Agency | None:
    """Which of these lead departments has the agency in its line: both have a duty in the same task of the plan."""
    tasks = [task for task, found in leads_of(plan).items() if found & set(leads)]
    owed = obligations_of(plan).filter(subject_id__in=tasks, owner=agency).order_by().values_list("subject_id", flat=True)
    found = leads_of(plan)
    for task in owed:
        for lead in sorted(found[task] & set(leads)):
            if lead != agency.pk:
                return Agency.objects.get(pk=lead)
    return None


def words_of(lead: int | None, area: int | None, group: str) -> str:
    """The row, column and group of a number, in words."""
    names = ["共性任务"] if lead == COMMON else list(Agency.objects.filter(pk=lead).values_list("name", flat=True)) if lead else []
    names += list(Jurisdiction.objects.filter(pk=area).values_list("name", flat=True)) if area else []
    return " · ".join([*names, GROUPS[group][0] if group in GROUPS else "全部"])
