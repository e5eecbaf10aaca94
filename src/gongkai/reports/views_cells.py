"""One cell of a report: what it counts, and what is added to it by hand."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from gongkai.agencies.actor import actor_of
from gongkai.agencies.auth import staff_required
from gongkai.deeds.pages import attempt, back, status_of, try_or_tell
from gongkai.disclosure_requests.access import may_read_case
from gongkai.formats.annual_report.outcomes import outcomes
from gongkai.reports.access import access_report, may_write
from gongkai.reports.actions import writing
from gongkai.reports.cells import cell
from gongkai.reports.composing import composed, live
from gongkai.reports.forms import AddForm, OnForm, ReasonForm
from gongkai.reports.models import Addition, AnnualReport

PER_PAGE = 50


def _page(
    request: HttpRequest, report: AnnualReport, table: str, row: str, column: str, form: AddForm | None = None, status: int = 200
) -> HttpResponse:
    on_form = OnForm(request.GET if "on" in request.GET else None)
    on = on_form.day()
    found = cell(report, request.user, on or timezone.localdate(), table, row, column)
    made = live(report, on) if on and not report.imported else composed(report)
    page = Paginator(found.rows, PER_PAGE).get_page(request.GET.get("page")) if found.rows is not None else None
    writable = may_write(request.user, report.agency) and not writing.write_reasons(report) and found.by_hand
    if writable and form is None:
        form = AddForm(auto_id="add_%s")
    known = outcomes()
    if page is not None and found.kind in ("requests", "remedies"):
        page.object_list = list(page.object_list)
        for one in page.object_list:
            case = one if found.kind == "requests" else one.request
            one.opens = may_read_case(request.user, case)  # the offices above count cases and open none
            one.outcome_words = known[case.outcome].title if case.outcome in known else case.outcome
    context: dict[str, Any] = {
        "report": report,
        "cell": found,
        "number": made.number(found.table, row, column),
        "page_obj": page,
        "form": form if writable else None,
        "opened": "add" if status != 200 else "",
        "removable": may_write(request.user, report.agency) and not writing.write_reasons(report),
        "reason_form": ReasonForm(auto_id="remove_%s"),
        "on": on,
        "printed": report.printed is not None,
    }
    return render(request, "reports/cell.html", context, status=status)


@staff_required
@require_GET
def cell_page(request: HttpRequest, pk: int, table: str, row: str, column: str) -> HttpResponse:
    return _page(request, access_report(request.user, pk), table, row, column)


@staff_required
@require_POST
def add(request: HttpRequest, pk: int, table: str, row: str, column: str) -> HttpResponse:
    record = access_report(request.user, pk)
    cell(record, request.user, timezone.localdate(), table, row, column)  # 404 for what is no cell
    form = AddForm(request.POST, auto_id="add_%s")

    def deed() -> Addition:
        values = form.arguments()
        key = str(form.cleaned_data["key"])
        return writing.add(record, actor_of(request), key=key, table=table, row=row, column=column, **values)

    made = attempt(request, form, deed, "已填写，理由一并记录。")
    if made:
        return back("reports:cell", pk, table, row, column)
    return _page(request, record, table, row, column, form, status_of(form))


@staff_required
@require_POST
def fill_blanks(request: HttpRequest, pk: int) -> HttpResponse:
    """没有的填 0, for all of table two that is blank."""
    record = access_report(request.user, pk)
    form = ReasonForm(request.POST)

    def deed() -> AnnualReport:
        return writing.fill_blanks(record, actor_of(request), key=str(form.cleaned_data["key"]), reason=form.cleaned_data["reason"])

    try_or_tell(request, form, deed, "已填 0，理由一并记录。")
    return back("reports:report", pk, at="additions")


@staff_required
@require_POST
def remove(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    record = access_report(request.user, pk)
    row = Addition.objects.select_related("report__agency").filter(report=record, pk=number).first()
    if row is None:
        raise Http404("没有这条手工填写的数字")
    form = ReasonForm(request.POST)

    def deed() -> Addition:
        return writing.remove(row, actor_of(request), key=str(form.cleaned_data["key"]), reason=form.cleaned_data["reason"])

    try_or_tell(request, form, deed, "已取消。")
    return back("reports:cell", pk, row.table, row.row, row.column)
