"""A stored plan as `reading.model.Plan` again: for comparison and for whatever the reading layer can do with a plan."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from gongkai.plans.models import Plan, Task, TaskDeadline
from gongkai.reading import model


def as_read(plan: Plan, tasks: Iterable[Task]) -> model.Plan:
    """`tasks` with units and deadlines prefetched; positions in the result are those of `tasks`."""
    return model.Plan(
        source=plan.source_name,
        raw_text=plan.source_text,
        title=plan.title,
        issuer=plan.issuer or None,
        doc_number=plan.doc_number or None,
        issued_on=plan.issued_on,
        year=plan.year,
        tasks=[task_as_read(task) for task in tasks],
        cited_documents=[model.CitedDocument(c["title"], c.get("number"), _span(c)) for c in plan.cited_documents],
        warnings=[model.Warning(w["message"], _span(w), w.get("kind", "note")) for w in plan.warnings],
    )


def task_as_read(task: Task) -> model.Task:
    named: dict[str, list[str]] = {"lead": [], "responsible": [], "support": []}
    for unit in task.units.all():
        named[unit.role].append(unit.text)
    return model.Task(
        path=list(task.path),
        text=task.text,
        span=(task.span_start, task.span_end),
        joint=task.joint,
        deadlines=[_deadline(d) for d in task.deadlines.all()],
        channels=list(task.channels),
        quotas=[model.Quota(q.get("raw", ""), q.get("value", 0), q.get("unit", ""), q.get("op", ">="), _span(q)) for q in task.quotas],
        marks=[model.Mark(m["kind"], m["text"], _span(m)) for m in task.marks],
        inherited=task.inherited,
        doubts=list(task.doubts),
        lead=named["lead"],
        responsible=named["responsible"],
        support=named["support"],
    )


def _deadline(limit: TaskDeadline) -> model.Deadline:
    return model.Deadline(
        raw=limit.raw,
        kind=cast(model.DeadlineKind, limit.kind),
        span=(limit.span_start or 0, limit.span_end or 0),
        due=limit.due,
        every=cast(model.Every, limit.every) if limit.every else None,
        within=limit.within or None,
    )


def _span(values: dict[str, Any]) -> model.Span:
    start, end = values.get("span") or (0, 0)
    return int(start or 0), int(end or 0)
