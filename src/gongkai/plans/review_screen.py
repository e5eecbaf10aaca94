"""How the review screen is put together: rows, original, unknown names, and the one row that stands open. The verbs are in views_review."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from gongkai.agencies.matching import Directory
from gongkai.plans import queries
from gongkai.plans.forms import AddTaskForm, Editor, ReasonForm, ReassignForm, SplitForm
from gongkai.plans.listing import place_of_task
from gongkai.plans.models import Plan, Task
from gongkai.plans.original import Pin, document_html, highlights, legend, quote_html
from gongkai.plans.row_html import buttons, row_html
from gongkai.plans.rows import RowView, numbers, row_view


@dataclass(slots=True)
class Opened:
    """The one row that stands open: its form, and why the deed was refused."""

    task: int
    do: str = ""
    form: Any = None
    errors: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Unresolved:
    """A wording of the plan that nobody knows, where it stands, and what it may mean."""

    text: str
    rows: list[RowView]
    suggestions: list[Any]
    doubt: str = ""
    """For wordings that name nobody in particular (相关部门): why a person has to say who is meant."""


def ids_of(task: Task) -> str:
    """Several rows may stand open at once; their fields must not share an id."""
    return f"r{task.pk}_%s"


def blank(do: str, task: Task) -> Any:
    if do == "edit":
        return Editor(task)
    if do == "split":
        return SplitForm(text=task.text, auto_id=ids_of(task), initial={"key": uuid.uuid4()})
    if do == "reassign":
        units = list(task.units.all())
        names = {role: [u.text for u in units if u.role == role] for role in ("lead", "responsible", "support")}
        return ReassignForm(initial=names, auto_id=ids_of(task))
    return ReasonForm(auto_id=ids_of(task))


def rows_of(plan: Plan) -> list[RowView]:
    """In the order of the review; numbered in the order of the document."""
    tasks = [row.task for row in queries.review_rows(plan)]
    number = numbers(tasks)
    rows = [row_view(task, number[task.pk]) for task in tasks]
    following = 0
    for row in sorted(rows, key=lambda r: -r.number):
        row.following = following
        if row.task.review != Task.Review.NOT_A_TASK:
            following = row.task.pk
    return rows


def answer(
    request: HttpRequest, plan: Plan, opened: Opened | None = None, add_form: AddTaskForm | None = None, status: int = 200
) -> HttpResponse:
    """The whole screen, or with X-Fragment the opened row alone."""
    base = reverse("plans:task_verb", args=[plan.pk, 1, "accept"]).removesuffix("1/accept/")
    if opened is not None and request.headers.get("X-Fragment") == "row":
        return _fragment(request, plan, opened, base, status)
    rows = rows_of(plan)
    context: dict[str, Any] = {
        "plan": plan,
        "total": len(rows),
        "done": sum(row.task.review != Task.Review.PENDING for row in rows),
        "base": base,
    }
    context |= {
        "rows": rows,
        "attend": sum(row.attend for row in rows),
        "clear": sum(row.task.review == Task.Review.PENDING and not row.attend for row in rows),
        "rows_html": mark_safe("".join(_row_html(request, plan, row, base, opened) for row in rows)),
        "original": original_html(plan, rows),
        "legend": legend(),
        "add_form": add_form or AddTaskForm(auto_id="add_%s", initial={"key": uuid.uuid4()}),
        "adding": "add" in request.GET,
        "unnamed": (unnamed := sum(row.task.review == Task.Review.PENDING and row.unnamed for row in rows)),
        "unnamed_form": ReassignForm(auto_id="unnamed_%s") if unnamed > 1 else None,
        **_unresolved(plan, rows),
    }
    return render(request, "plans/review.html", context, status=status)


def _fragment(request: HttpRequest, plan: Plan, opened: Opened, base: str, status: int) -> HttpResponse:
    """One row and the progress line, without reading the other rows."""
    place = place_of_task(plan, opened.task)
    row = row_view(place.task, place.number)
    row.following = place.following
    counts = queries.review_counts(plan)
    context = {
        "plan": plan,
        "total": counts["total"],
        "done": counts["total"] - counts["pending"],
        "attend": counts["attention"],
        "clear": counts["clear"],
        "row_html": _row_html(request, plan, row, base, opened),
    }
    response = render(request, "plans/parts/fragment.html", context, status=status)
    response["Cache-Control"] = "no-store"  # the same address without the header is the whole screen
    return response


def _row_html(request: HttpRequest, plan: Plan, row: RowView, base: str, opened: Opened | None) -> SafeString:
    quote = quote_html(plan.source_text, row.task)
    if opened is None or opened.task != row.task.pk:
        return row_html(row, quote, buttons(row, base))
    body = buttons(row, base)
    if opened.do:
        context = {"base": base, "row": row, "editor" if opened.do == "edit" else "form": opened.form}
        body = mark_safe(render_to_string(f"plans/parts/do_{opened.do}.html", context, request))
    return row_html(row, quote, body, opened.errors)


def original_html(plan: Plan, rows: list[RowView]) -> SafeString:
    """The left pane. What is not a task keeps its pin and loses its colours."""
    kept = [row.task for row in rows if row.task.review != Task.Review.NOT_A_TASK]
    pins = {row.task.pk: Pin(row.number, f"#task-{row.task.pk}") for row in rows}
    return document_html(plan.source_text, highlights(kept), pins, title=plan.title)


def _unresolved(plan: Plan, rows: list[RowView]) -> dict[str, Any]:
    where: dict[str, list[RowView]] = {}
    for row in rows:
        if row.task.review != Task.Review.NOT_A_TASK:
            for name in dict.fromkeys(row.unresolved):
                where.setdefault(name, []).append(row)
    if not where:
        return {"unresolved": []}
    directory = Directory(plan.jurisdiction)
    matches = {text: directory.resolve(text) for text in where}
    return {
        "unresolved": [Unresolved(text, found, matches[text].suggestions[:4], matches[text].doubt) for text, found in where.items()],
        "agency_names": sorted({agency.name for agency in directory.agencies.values()}),
        "collectives": list(directory.collectives.values()),
    }
