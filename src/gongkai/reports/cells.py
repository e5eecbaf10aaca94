"""What one cell of a report counts: its records within what the reader may see, and what was added to it by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404
from django.urls import reverse

from gongkai.disclosure_requests.access import requests_for
from gongkai.formats.annual_report.findings import place_words
from gongkai.formats.annual_report.layout import TABLES, TableName, layouts
from gongkai.publications.access import documents_for
from gongkai.publications.validity.state import with_standing
from gongkai.reports import counting
from gongkai.reports.composing import counted_by_hand
from gongkai.reports.counting import NEW, TOTAL, TOTAL_ROW, Span
from gongkai.reports.models import Addition, AnnualReport


@dataclass(frozen=True, slots=True)
class Cell:
    """`rows`: requests, remedies or documents by `kind`; None where only what is added by hand is counted."""

    table: TableName
    row: str
    column: str
    words: str
    kind: str
    rows: QuerySet[Any] | None
    additions: list[Addition]
    by_hand: bool
    """Whether something may be added to it: a total is the sum of its parts and takes nothing itself."""


def cell(report: AnnualReport, user: Any, on: date, table: str, row: str, column: str) -> Cell:
    """404 for a cell the layout does not have."""
    layout = layouts()[report.layout]
    if table not in TABLES or (row, column) not in layout.places[table]:
        raise Http404("表里没有这一格")
    agencies = counting.agencies_of(report.agency, report.covers_place, report.year)
    found = None if report.imported else counting.rows_of(agencies, Span.of(report.year, on), table, row, column)
    return Cell(
        table,
        row,
        column,
        place_words(layout, table, row, column),
        {"two": "documents", "three": "requests", "four": "remedies"}[table],
        found if found is None else _within(found, user, table),
        list(_additions(report, agencies, table, row, column)),
        not is_total(table, row, column),
    )


def is_total(table: str, row: str, column: str) -> bool:
    """Sums, and the rows of table three that are drawn from the cases of two years (一、二、四 take additions, their totals do not)."""
    return TOTAL in (column, column.partition(".")[2]) or (table == "three" and row == TOTAL_ROW)


def _within(rows: QuerySet[Any], user: Any, table: TableName) -> QuerySet[Any]:
    """The register rows of this person's scope; number, subject, days and outcome are shown, never an applicant."""
    if table == "three":
        return rows.filter(pk__in=requests_for(user).values("pk")).select_related("agency").order_by("received_on", "pk")
    if table == "four":
        rows = rows.filter(request__in=requests_for(user).values("pk"))
        return rows.select_related("request__agency").order_by("filed_on", "pk")
    rows = with_standing(rows.filter(pk__in=documents_for(user).values("pk")))
    return rows.select_related("agency").order_by("-pk")


def _additions(report: AnnualReport, agencies: list[int], table: str, row: str, column: str) -> QuerySet[Addition]:
    rows = Addition.objects.filter(Q(pk__in=counted_by_hand(report, agencies).values("pk")) | Q(report=report.pk))
    return rows.filter(table=table, row=row, column=column).select_related("added_by", "report__agency").order_by("pk")


def linker(report: AnnualReport, on: date | None) -> Callable[[TableName, str, str], str | None]:
    """For formats.annual_report.writing_html: every cell opens what it counts."""
    query = f"?on={on:%Y-%m-%d}" if on else ""

    def link(table: TableName, row: str, column: str) -> str:
        return reverse("reports:cell", args=[report.pk, table, row, column]) + query

    return link


def words_of(addition: Addition) -> str:
    """The cell of an addition in words."""
    return place_words(layouts()[addition.report.layout], addition.table, addition.row, addition.column)  # type: ignore[arg-type]


__all__ = ["NEW", "Cell", "cell", "is_total", "linker", "words_of"]
