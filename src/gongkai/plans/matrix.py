"""The responsibility matrix of a plan (责任分工矩阵): every task against every unit or section that has a part in it."""

from __future__ import annotations

import io

from django.http import HttpResponse
from django.utils import timezone

from gongkai.agencies.models import Agency
from gongkai.formats import xlsx_matrix
from gongkai.formats.xlsx_matrix import Matrix, MatrixRow
from gongkai.obligations.exports import attachment
from gongkai.obligations.models import Helper, Obligation
from gongkai.plans.actions.issuing import Draft
from gongkai.plans.models import Plan, Task
from gongkai.plans.public_views import headings
from gongkai.plans.queries import review_tasks
from gongkai.plans.rows import ROLE_WORDS, deadline_view

WORDS = dict(ROLE_WORDS)
"""Role → its mark, in the order of its weight: 牵头, 负责, 配合."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Unit = tuple[str, str, str]
"""What a column stands for, in sorting order: agency code (empty for wordings nobody knows), its section, the name to show."""


def matrix_of(plan: Plan) -> Matrix:
    """Lead before responsible before support where one unit is named twice. A collective name is every agency it means.

    An issued plan shows who was bound on the day of issue; a draft, who would be, and wordings not resolved yet in columns of their own,
    last. A constant number of queries.
    """
    marked = _draft_marks(plan) if plan.state == Plan.State.DRAFT else _issued_marks(plan)
    units = sorted({key for _task, marks in marked for key in marks}, key=lambda key: (not key[0], key))
    alone = len({code for code, _section, _name in units}) == 1  # a department's own plan: its sections are enough
    place = {key: n for n, key in enumerate(units)}
    names = [section if alone and section else name for _code, section, name in units]
    rows = [
        MatrixRow(
            number,
            task.text,
            "；".join(dict.fromkeys(deadline_view(d).words for d in task.deadlines.all())),
            {place[key]: word for key, word in marks.items()},
            tuple(headings(task)),
        )
        for number, (task, marks) in enumerate(marked, 1)
    ]
    notes = [f"共 {len(rows)} 项任务、{len(names)} 个单位；集合称谓（各县区、各部门）已列到单位。"]
    if plan.state == Plan.State.DRAFT:
        notes.append(f"方案还在核对，{timezone.localdate():%Y-%m-%d} 导出。")
    return Matrix(
        title=f"{plan.title}责任分工矩阵",
        columns=names,
        rows=rows,
        words=list(WORDS.values()),
        under="　".join(part for part in (plan.doc_number, plan.issuer) if part),
        notes=notes,
    )


Marked = list[tuple[Task, dict[Unit, str]]]


def _draft_marks(plan: Plan) -> Marked:
    draft = Draft.of(plan)
    marked: Marked = []
    for task in draft.tasks:
        if task.review == Task.Review.NOT_A_TASK:
            continue
        marks: dict[Unit, str] = {}
        for role, word in WORDS.items():
            for unit in task.units.all():
                if unit.role != role:
                    continue
                if not unit.resolved:
                    marks.setdefault(("", "", unit.text), word)
                for agency, section in draft.meant(unit):
                    marks.setdefault(_unit(plan, agency, section.name if section else ""), word)
        marked.append((task, marks))
    return marked


def _issued_marks(plan: Plan) -> Marked:
    source = {"source": Obligation.Source.PLAN_TASK, "document_id": plan.pk}
    marks: dict[int, dict[Unit, str]] = {}
    duties = Obligation.objects.filter(**source).order_by("role", "owner__code", "share")  # lead sorts before responsible
    bound = list(duties.values_list("subject_id", "owner_id", "share", "role").distinct())  # not once for each period
    helping = Helper.objects.filter(**{f"obligation__{name}": value for name, value in source.items()}).order_by("agency__code")
    helped = list(helping.values_list("obligation__subject_id", "agency_id").distinct())
    agencies = Agency.objects.in_bulk({row[1] for row in bound} | {row[1] for row in helped})
    for task_pk, owner, share, role in bound:
        marks.setdefault(task_pk, {}).setdefault(_unit(plan, agencies[owner], share), WORDS[role])
    for task_pk, agency in helped:
        marks.setdefault(task_pk, {}).setdefault(_unit(plan, agencies[agency], ""), WORDS["support"])
    tasks = [task for task in review_tasks(plan) if task.review == Task.Review.CONFIRMED]
    for task in tasks:
        for unit in task.units.all():  # a section that helps another of its own agency is named in the text alone: no helper row
            if unit.role == "support" and unit.agency is not None and unit.section is not None:
                marks.setdefault(task.pk, {}).setdefault(_unit(plan, unit.agency, unit.section.name), WORDS["support"])
    return [(task, marks.get(task.pk, {})) for task in tasks]


def _unit(plan: Plan, agency: Agency, section: str) -> Unit:
    name = agency.display_name if agency.jurisdiction_id == plan.jurisdiction_id else agency.name
    return (agency.code, section, f"{name} {section}".strip())


def download(plan: Plan) -> HttpResponse:
    buffer = io.BytesIO()
    xlsx_matrix.write(matrix_of(plan), buffer)
    return attachment(buffer.getvalue(), f"{plan.title[:60]} 责任分工矩阵.xlsx", XLSX)
