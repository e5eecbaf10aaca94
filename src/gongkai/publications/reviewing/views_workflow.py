"""审核流程: the steps of each place and column as they are set, the page to set them, the chart as SVG and Word."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_GET, require_http_methods

from gongkai.agencies.access import scope_of
from gongkai.agencies.actor import actor_of
from gongkai.agencies.auth import staff_required
from gongkai.agencies.errors import ActionRefused
from gongkai.agencies.models import Agency, Jurisdiction
from gongkai.catalogue.models import Column
from gongkai.obligations.exports import attachment
from gongkai.publications.actions import workflows
from gongkai.publications.models import Workflow
from gongkai.publications.reviewing import flowchart, workflow
from gongkai.publications.reviewing.forms import WorkflowForm

SVG = "image/svg+xml"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def _place(user: Any, pk: int) -> Jurisdiction:
    """A place whose flow this person may read: that of an agency of his, or one below the office he is of. 404 otherwise."""
    scope = scope_of(user)
    mine = Agency.objects.filter(pk__in=scope.agency_ids).values_list("jurisdiction", flat=True)
    place = Jurisdiction.objects.filter(pk=pk).first()
    if place is None or not (pk in scope.seen_ids or pk in set(mine)):
        raise Http404("没有这个地区，或者不在您的范围内")
    return place


def _column(place: Jurisdiction, pk: int | None) -> Column | None:
    if pk is None:
        return None
    column = Column.objects.filter(jurisdiction=place, pk=pk).first()
    if column is None:
        raise Http404("没有这个栏目")
    return column


def _title(place: Jurisdiction, column: Column | None) -> str:
    return f"{place.name}{'“' + column.name + '”栏目' if column else ''}信息公开审核流程"


@staff_required
@require_GET
def flows(request: HttpRequest) -> HttpResponse:
    """The places this person reads, with their own flow and those of their columns. Three queries."""
    scope = scope_of(request.user)
    mine = Agency.objects.filter(pk__in=scope.agency_ids).values("jurisdiction")
    places = Jurisdiction.objects.filter(pk__in=mine) | Jurisdiction.objects.filter(pk__in=scope.office_ids)
    rows = list(places.distinct().order_by("code"))
    own: dict[int, list[Workflow]] = {}
    for row in Workflow.objects.filter(jurisdiction__in=rows).select_related("column").order_by("column__position", "pk"):
        own.setdefault(row.jurisdiction_id, []).append(row)
    columns: dict[int, list[Column]] = {}
    for column in Column.objects.filter(jurisdiction__in=rows, closed_on__isnull=True).order_by("position", "pk"):
        columns.setdefault(column.jurisdiction_id, []).append(column)
    context = {
        "places": [
            {
                "place": place,
                "steps": _shown(own.get(place.pk, ()), None),
                "special": [
                    (row.column, [workflow.step_from(one) for one in row.steps])
                    for row in own.get(place.pk, ())
                    if row.column_id and row.steps
                ],
                "columns": columns.get(place.pk, []),
                "mine": scope.is_office_of(place.pk),
            }
            for place in rows
        ]
    }
    return render(request, "publications/reviewing/flows.html", context)


def _shown(rows: Any, column: int | None) -> list[workflow.WorkStep]:
    row = next((row for row in rows if row.column_id == column and row.steps), None)
    return [workflow.step_from(one) for one in row.steps] if row else list(workflow.rules().steps)


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def flow(request: HttpRequest, place: int, column: int | None = None) -> HttpResponse:
    where = _place(request.user, place)
    of_column = _column(where, column)
    steps = workflow.steps_set(where.pk, of_column.pk if of_column else None)
    reason = workflows.role_reason(where, request.user)
    status = 200
    if request.method == "POST":
        form = WorkflowForm(request.POST, steps=steps)
        if form.is_valid():
            try:
                key = str(form.cleaned_data["key"])
                workflows.set_steps(where, actor_of(request), key=key, steps=form.steps(), column=of_column)
                messages.success(request, "审核流程已经设定，正在审核的也按新流程办。")
                return redirect(request.path)
            except ActionRefused as error:
                for words in error.reasons:
                    form.add_error(None, words)
        status = 422
    else:
        form = WorkflowForm(steps=steps)
    own = Workflow.objects.filter(jurisdiction=where, column=of_column).first()
    context = {
        "place": where,
        "column": of_column,
        "steps": steps,
        "own": bool(own and own.steps),
        "form": None if reason else form,
        "reason": reason,
        "title": _title(where, of_column),
        "chart": mark_safe(flowchart.drawing(_title(where, of_column), steps)),  # noqa: S308 — names are escaped in flowchart.py
        "extras": workflow.rules().extras,
    }
    return render(request, "publications/reviewing/flow.html", context, status=status)


@staff_required
@require_GET
def chart(request: HttpRequest, fmt: str, place: int, column: int | None = None) -> HttpResponse:
    """The live setting as a drawing or an official document; anything else is 404."""
    where = _place(request.user, place)
    of_column = _column(where, column)
    steps = workflow.steps_set(where.pk, of_column.pk if of_column else None)
    title = _title(where, of_column)
    if fmt == "svg":
        return attachment(flowchart.drawing(title, steps).encode("utf-8"), f"{title}.svg", SVG)
    if fmt == "docx":
        return attachment(flowchart.document(title, steps), f"{title}.docx", DOCX)
    raise Http404("没有这种导出格式")
