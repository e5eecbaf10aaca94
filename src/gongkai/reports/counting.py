"""The tables of an annual report, counted from live records; every cell knows the records it counts.

Table three counts a request in the year it was received (received_on) and in the year it was closed (closed_on, outcome). What was received
before and is still open, or was closed later, is carried over, so that 一 + 二 = 三 + 四 holds of any records whatever. Four statements for
table three and two for table four, however many requests and agencies.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from gongkai.agencies.models import Agency
from gongkai.disclosure_requests.models import Applicant, DisclosureRequest, FeeNotice, Remedy
from gongkai.formats.annual_report.layout import CASES, Layout, Place, TableName, layouts
from gongkai.formats.annual_report.outcomes import outcomes
from gongkai.publications.models import Document
from gongkai.publications.validity.reconciliation import reconcile
from gongkai.publications.validity.register import stock

Kind = Applicant.Kind
COLUMNS: Mapping[str, str] = {
    Kind.NATURAL: "person",
    Kind.COMMERCIAL: "company",
    Kind.RESEARCH: "research",
    Kind.PUBLIC_BENEFIT: "charity",
    Kind.LEGAL_SERVICE: "legal",
    Kind.OTHER: "other",
}
GROUPS: Mapping[str, str] = {
    Remedy.Kind.RECONSIDERATION: "review",
    Remedy.Kind.SUIT: "direct",
    Remedy.Kind.SUIT_AFTER: "after_review",
}
DOCUMENT_ROWS: Mapping[str, str] = {Document.Kind.RULE: "rules", Document.Kind.NORMATIVE: "normative"}
NEW, CARRIED_IN, TOTAL_ROW, CARRIED_OUT, TOTAL = "1", "2", "3.7", "4", "total"


@dataclass(frozen=True, slots=True)
class Span:
    """The year as far as it has gone: from its first day to `last`."""

    first: date
    last: date

    @classmethod
    def of(cls, year: int, today: date) -> Span:
        return cls(date(year, 1, 1), max(date(year, 1, 1), min(date(year, 12, 31), today)))


def of_agencies(agencies: Iterable[int]) -> QuerySet[DisclosureRequest]:
    return DisclosureRequest.objects.filter(agency__in=list(agencies)).order_by()


def received(span: Span) -> Q:
    return Q(received_on__gte=span.first, received_on__lte=span.last)


def carried_in(span: Span) -> Q:
    return Q(received_on__lt=span.first) & (Q(closed_on__isnull=True) | Q(closed_on__gte=span.first))


def closed(span: Span) -> Q:
    return Q(closed_on__gte=span.first, closed_on__lte=span.last)


def carried_out(span: Span) -> Q:
    return Q(received_on__lte=span.last) & (Q(closed_on__isnull=True) | Q(closed_on__gt=span.last))


def three(agencies: Iterable[int], span: Span) -> dict[Place, int]:
    """Table three: every cell of the layout, also those that are nought."""
    return _sum("three", three_of_each(agencies, span))


def three_of_each(agencies: Iterable[int], span: Span) -> dict[int, Counter[Place]]:
    """Agency → the cells of its table three that are not nought. Four queries, however many agencies."""
    rows = of_agencies(agencies)
    found: dict[int, Counter[Place]] = defaultdict(Counter)
    for row, where in ((NEW, received(span)), (CARRIED_IN, carried_in(span)), (CARRIED_OUT, carried_out(span))):
        for agency, kind, n in rows.filter(where).values_list("agency", "applicant__kind").annotate(n=Count("pk")):
            found[agency][row, COLUMNS[kind]] += n
    known = outcomes()
    ended = rows.filter(closed(span)).values_list("agency", "outcome", "applicant__kind").annotate(n=Count("pk"))
    for agency, code, kind, n in ended:
        found[agency][known[code].row, COLUMNS[kind]] += n
        found[agency][TOTAL_ROW, COLUMNS[kind]] += n
    for cells in found.values():
        for (row, _column), n in list(cells.items()):
            cells[row, TOTAL] += n
    return found


def four(agencies: Iterable[int], span: Span) -> dict[Place, int]:
    """Table four: cases closed in the year by result, and those not closed at its end."""
    return _sum("four", four_of_each(agencies, span))


def four_of_each(agencies: Iterable[int], span: Span) -> dict[int, Counter[Place]]:
    """Agency → the cells of its table four that are not nought. Two queries."""
    rows = Remedy.objects.filter(request__agency__in=list(agencies)).order_by()
    found: dict[int, Counter[Place]] = defaultdict(Counter)
    ended = rows.filter(closed(span)).values_list("request__agency", "kind", "result").annotate(n=Count("pk"))
    for agency, kind, result, n in ended:
        found[agency][CASES, f"{GROUPS[kind]}.{result}"] += n
    for agency, kind, n in rows.filter(pending(span)).values_list("request__agency", "kind").annotate(n=Count("pk")):
        found[agency][CASES, f"{GROUPS[kind]}.pending"] += n
    for cells in found.values():
        for (row, column), n in list(cells.items()):
            cells[row, f"{column.partition('.')[0]}.{TOTAL}"] += n
    return found


def _sum(table: TableName, each: Mapping[int, Counter[Place]]) -> dict[Place, int]:
    return {place: sum(cells[place] for cells in each.values()) for place in _layout().places[table]}


def pending(span: Span) -> Q:
    return Q(filed_on__lte=span.last) & (Q(closed_on__isnull=True) | Q(closed_on__gt=span.last))


def two(agencies: Iterable[int], span: Span) -> dict[Place, int]:
    """Table two, first block (第二十条第（一）项), from the register of documents. What the other blocks count is added by hand, with its
    reason."""
    found: dict[Place, int] = {}
    for kind, row in DOCUMENT_ROWS.items():
        for column, ids in documents(agencies, span, kind).items():
            found[row, column] = len(ids)
    return found


def two_of_each(agencies: Iterable[int], span: Span) -> dict[int, Counter[Place]]:
    """Agency → the first block of its table two. As many queries for sixty agencies as for one."""
    some = list(agencies)
    owners = dict(Document.objects.filter(agency__in=some, kind__in=DOCUMENT_ROWS).values_list("pk", "agency"))
    found: dict[int, Counter[Place]] = {agency: Counter() for agency in some}
    for kind, row in DOCUMENT_ROWS.items():
        for column, ids in documents(some, span, kind).items():
            for agency in some:
                found[agency][row, column] += 0  # the register knows that there are none
            for pk in ids:
                found[owners[pk]][row, column] += 1
    return found


def documents(agencies: Iterable[int], span: Span, kind: str) -> dict[str, list[int]]:
    """Column of the first block → the documents it counts."""
    rows = stock(Document.objects.filter(agency__in=list(agencies), kind=kind))
    year = next((one for one in reconcile(rows, span.last) if one.year == span.first.year), None)
    if year is None:
        return {"made": [], "abolished": [], "valid": []}
    return {"made": year.made, "abolished": [*year.repealed, *year.lapsed], "valid": year.closing}


def fees(agencies: Iterable[int], span: Span) -> tuple[int, int]:
    """信息处理费 paid in the year so far: how many notices, how many yuan together (国办函〔2020〕109号: told every year). One query."""
    rows = FeeNotice.objects.filter(request__agency__in=list(agencies), paid_on__gte=span.first, paid_on__lte=span.last)
    found = rows.aggregate(n=Count("pk"), amount=Sum("amount"))
    return found["n"], found["amount"] or 0


def rows_of(agencies: Iterable[int], span: Span, table: str, row: str, column: str) -> QuerySet[Any] | None:
    """The records one cell counts (invariant 7): requests, remedies or documents; None for a cell that is filled in by hand alone."""
    if table == "three":
        found = of_agencies(agencies).filter(_where(row, span))
        kinds = [kind for kind, name in COLUMNS.items() if column in (name, TOTAL)]
        return found.filter(applicant__kind__in=kinds)
    if table == "four":
        group, _, result = column.partition(".")
        cases = Remedy.objects.filter(request__agency__in=list(agencies), kind__in=[k for k, g in GROUPS.items() if g == group])
        if result == "pending":
            return cases.filter(pending(span))
        return cases.filter(closed(span) | pending(span)) if result == TOTAL else cases.filter(closed(span), result=result)
    kind = next((kind for kind, name in DOCUMENT_ROWS.items() if name == row), None)
    return Document.objects.filter(pk__in=documents(agencies, span, kind).get(column, [])) if kind else None


def _where(row: str, span: Span) -> Q:
    fixed = {NEW: received(span), CARRIED_IN: carried_in(span), CARRIED_OUT: carried_out(span), TOTAL_ROW: closed(span)}
    if row in fixed:
        return fixed[row]
    return closed(span) & Q(outcome__in=[code for code, outcome in outcomes().items() if outcome.row == row])


def agencies_of(agency: Agency, covers_place: bool, year: int) -> list[int]:
    """Whose records are counted: the agency's own; for a government, those of every agency of its place that existed in the year, its
    departments and itself."""
    if not covers_place:
        return [agency.pk]
    rows = Agency.objects.filter(jurisdiction=agency.jurisdiction_id)
    return list(rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=date(year, 1, 1))).values_list("pk", flat=True))


def _layout() -> Layout:
    return layouts()["2021"]
