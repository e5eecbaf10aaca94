"""A unit's own part of an issued plan: what it leads, what it answers for, where it helps, and the common tasks that bind everybody.

From this a unit makes its own plan: lead tasks refined; a unit without one, from the common tasks (共性任务).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from gongkai.agencies.models import Agency, Section, User
from gongkai.obligations.models import Helper, Obligation
from gongkai.obligations.queries import with_state
from gongkai.plans.duties import one_line_each, state_of_task, with_periods
from gongkai.plans.models import Plan, Task, TaskUnit
from gongkai.plans.queries import review_tasks
from gongkai.plans.rows import RowView, numbers, row_view

GROUPS = {"lead": "牵头任务", "responsible": "负责任务", "support": "配合任务", "common": "共性任务"}
"""Part of the plan → its heading, in the order of the page and of the unit's own plan."""
ANSWERING = (TaskUnit.Role.LEAD, TaskUnit.Role.RESPONSIBLE)


@dataclass(slots=True)
class OwnTask:
    """A task as one unit has it.

    `duties` are its own obligations with state (several where its sections share the task), of a rhythm the period that matters now, with
    `periods`; none where it only helps. `others` are the display names of the other units that answer for the task.
    """

    row: RowView
    state: str
    duties: list[Any] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    quote: str = ""

    @property
    def task(self) -> Task:
        return self.row.task

    @property
    def open_duties(self) -> list[Any]:
        """What still has to be planned: neither excused nor taken over by a newer plan."""
        return [duty for duty in self.duties if duty.state not in ("waived", "replaced")]

    @property
    def planned(self) -> bool:
        """Whether the task belongs in the unit's own plan."""
        return bool(self.open_duties) if self.duties else self.state not in ("waived", "replaced")

    @property
    def handed_over(self) -> bool:
        return any(duty.section_id or duty.person_id for duty in self.duties)


@dataclass(slots=True)
class OwnPart:
    """One unit's part of one plan, each list in the order of the document."""

    plan: Plan
    agency: Agency
    lead: list[OwnTask] = field(default_factory=list)
    responsible: list[OwnTask] = field(default_factory=list)
    support: list[OwnTask] = field(default_factory=list)
    common: list[OwnTask] = field(default_factory=list)

    @property
    def groups(self) -> list[tuple[str, str, list[OwnTask]]]:
        """(key, heading, tasks) of the parts that are not empty."""
        return [(key, words, tasks) for key, words in GROUPS.items() if (tasks := getattr(self, key))]

    @property
    def owned(self) -> list[OwnTask]:
        return [*self.lead, *self.responsible, *self.common]

    @property
    def handed_over(self) -> int:
        return sum(task.handed_over for task in self.owned)

    @property
    def basis(self) -> str:
        """From what the unit makes its own plan."""
        if self.lead:
            return f"有 {len(self.lead)} 项牵头任务：实施方案把牵头任务分解到科室，一并落实其他任务。"
        if self.common:
            return "没有牵头任务：按共性任务制定实施方案。"
        return "没有牵头任务和共性任务：按负责和配合的任务制定实施方案。" if self.groups else "这个方案没有给本单位的任务。"


def own_parts(plan: Plan, agencies: Iterable[int] | None = None, today: date | None = None) -> list[OwnPart]:
    """The part of every unit that has one, in directory order; of `agencies` alone when given. Seven queries, whatever the size."""
    source = {"source": Obligation.Source.PLAN_TASK, "document_id": plan.pk}
    duties: QuerySet[Any] = with_state(Obligation.objects.filter(**source), today)
    helping = Helper.objects.filter(**{f"obligation__{name}": value for name, value in source.items()})
    wanted = None if agencies is None else set(agencies)
    if wanted is not None:
        helping = helping.filter(agency__in=wanted)
        # a task is shown with everybody who answers for it, so its other duties are read too
        touched = Obligation.objects.filter(**source).filter(
            Q(owner__in=wanted) | Exists(Helper.objects.filter(obligation=OuterRef("pk"), agency__in=wanted))
        )
        duties = duties.filter(subject_id__in=touched.values("subject_id"))
    by_task: dict[int, list[Any]] = {}
    lines = one_line_each(duties).select_related("owner__jurisdiction", "jurisdiction", "section", "person").order_by("owner__code", "pk")
    for duty in with_periods(lines, duties):
        by_task.setdefault(duty.subject_id, []).append(duty)
    helpers: dict[int, dict[int, Agency]] = {}
    for helper in helping.select_related("agency__jurisdiction", "obligation").order_by("agency__code", "pk"):
        helpers.setdefault(helper.obligation.subject_id, {})[helper.agency_id] = helper.agency
    parts: dict[int, OwnPart] = {}
    tasks = [task for task in review_tasks(plan) if task.review == Task.Review.CONFIRMED]
    number = numbers(tasks)
    for task in tasks:
        row = row_view(task, number[task.pk])
        of_task = by_task.get(task.pk, [])
        owners = {duty.owner_id: duty.owner for duty in of_task}
        leaders = {duty.owner_id: duty.owner for duty in of_task if duty.role == Obligation.Role.LEAD}
        for agency in {**helpers.get(task.pk, {}), **owners}.values():
            if wanted is not None and agency.pk not in wanted:
                continue
            part = parts.setdefault(agency.pk, OwnPart(plan, agency))
            mine = [duty for duty in of_task if duty.owner_id == agency.pk]
            group = _group(task, agency, mine)
            beside = leaders if group == "common" else owners  # of a common task only who leads it: everybody else is everybody
            others = [owner.display_name for pk, owner in beside.items() if pk != agency.pk]
            state = state_of_task(duty.state for duty in mine or of_task)
            getattr(part, group).append(OwnTask(row, state, mine, others))
    return sorted(parts.values(), key=lambda part: part.agency.code)


def own_part(plan: Plan, agency: Agency, today: date | None = None) -> OwnPart:
    """The part of one unit, empty where the plan has nothing for it. Seven queries."""
    return next(iter(own_parts(plan, [agency.pk], today)), OwnPart(plan, agency))


def _group(task: Task, agency: Agency, mine: list[Any]) -> str:
    """lead before all; common where the unit is bound only as one of everybody, by a collective name or because the plan names nobody."""
    if not mine:
        return "support"
    if any(duty.role == Obligation.Role.LEAD for duty in mine) and not task.inherited:
        return "lead"
    named = any(unit.role in ANSWERING and unit.agency_id == agency.pk for unit in task.units.all())
    return "common" if task.inherited or not named else "responsible"


def sections_of(agency: Agency) -> list[Section]:
    return list(Section.objects.filter(agency=agency, valid_to__isnull=True).order_by("name"))


def people_of(agency: Agency) -> list[User]:
    return list(User.objects.filter(is_active=True, memberships__agency=agency).distinct().order_by("display_name", "username"))
