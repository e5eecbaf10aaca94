"""A report as the kernel knows it (formats.annual_report): live numbers and what was added by hand, or what was published."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q, Sum
from django.utils import timezone

from gongkai.formats.annual_report.checking import Checked, check
from gongkai.formats.annual_report.layout import Place, layouts
from gongkai.formats.annual_report.model import Number, Report, cells, from_dict
from gongkai.reports import counting
from gongkai.reports.counting import Span
from gongkai.reports.models import Addition, AnnualReport

OTHERS = 200
"""Reports of other agencies that a text is held against: those of the same place and year, which are more only in a very large place."""
ByHand = Mapping[str, Mapping[Place, Decimal]]
"""Table → cell → what was added by hand."""


def composed(report: AnnualReport, today: date | None = None) -> Report:
    """What the report says now: as printed once it is published, counted until then."""
    return from_dict(report.printed) if report.printed is not None else live(report, today)


def live(report: AnnualReport, today: date | None = None) -> Report:
    """Counted from the records as they are, whether the report is printed or not."""
    span = Span.of(report.year, today or timezone.localdate())
    agencies = counting.agencies_of(report.agency, report.covers_place, report.year)
    tables = {"two": counting.two(agencies, span), "three": counting.three(agencies, span), "four": counting.four(agencies, span)}
    return _made(report, tables, additions(report, agencies))


def live_of_each(reports: Iterable[AnnualReport], today: date | None = None) -> dict[int, Report]:
    """Agency → its own report from live records; reports of departments on one year, for the board. A constant number of queries."""
    some = {row.agency_id: row for row in reports}
    if not some:
        return {}
    span = Span.of(next(iter(some.values())).year, today or timezone.localdate())
    two, three, four = (count(some, span) for count in (counting.two_of_each, counting.three_of_each, counting.four_of_each))
    by_hand: dict[int, dict[str, dict[Place, Decimal]]] = defaultdict(dict)
    rows = Addition.objects.filter(report__in=[row.pk for row in some.values() if row.pk], removed_at__isnull=True)
    for agency, table, row, column, n in _summed(rows, "report__agency"):
        by_hand[agency].setdefault(table, {})[row, column] = n
    places = layouts()["2021"].places
    made = {}
    for agency, report in some.items():
        tables: dict[str, Mapping[Place, Number]] = {"two": two[agency]}
        tables |= {"three": {p: three[agency][p] for p in places["three"]}, "four": {p: four[agency][p] for p in places["four"]}}
        made[agency] = _made(report, tables, by_hand[agency])
    return made


def _made(report: AnnualReport, tables: Mapping[str, Mapping[Place, Number]], by_hand: ByHand) -> Report:
    two: Mapping[Place, Number | None] = {**dict.fromkeys(layouts()[report.layout].places["two"]), **tables["two"]}
    return Report(
        year=report.year,
        agency=report.agency.name,
        layout=report.layout,
        sections={str(n): str(report.sections.get(str(n), "")) for n in range(1, 7)},
        two=cells(_added(two, by_hand.get("two", {})).items()),
        three=cells(_added(tables["three"], by_hand.get("three", {})).items()),
        four=cells(_added(tables["four"], by_hand.get("four", {})).items()),
    )


def additions(report: AnnualReport, agencies: Iterable[int] = ()) -> dict[str, dict[Place, Decimal]]:
    """Table → cell → what was added by hand. A total does not add itself up: it is added to with its parts (actions/writing.py).
    A government's report takes what the reports of its agencies had added, so that it is their sum."""
    found: dict[str, dict[Place, Decimal]] = {}
    for _year, table, row, column, amount in _summed(counted_by_hand(report, agencies), "report__year"):
        found.setdefault(table, {})[row, column] = amount
    return found


def counted_by_hand(report: AnnualReport, agencies: Iterable[int] = ()) -> Any:
    """The additions that this report counts: its own, and a government's report those of its agencies."""
    whose = Q(report=report.pk)
    if report.covers_place:
        whose |= Q(report__agency__in=list(agencies), report__year=report.year, report__covers_place=False, report__imported=False)
    return Addition.objects.filter(whose, removed_at__isnull=True)


def _summed(rows: Any, group: str) -> Any:
    return rows.order_by().values_list(group, "table", "row", "column").annotate(n=Sum("amount"))


def _added(counted: Mapping[Place, Number | None], more: Mapping[Place, Decimal]) -> dict[Place, Number | None]:
    return {place: _plus(number, more.get(place)) for place, number in counted.items()}


def _plus(number: Number | None, more: Decimal | None) -> Number | None:
    if more is None:
        return number
    total = (number or 0) + more
    return int(total) if total == int(total) else total


def checked(report: AnnualReport, made: Report | None = None) -> Checked:
    """Every check of the kernel, with last year's report and the other reports of the place, where they are here."""
    made = made or composed(report)
    last = AnnualReport.objects.filter(agency=report.agency_id, covers_place=report.covers_place, year=report.year - 1)
    earlier = last.exclude(printed__isnull=True).first()
    rows = AnnualReport.objects.filter(year=report.year, agency__jurisdiction=report.agency.jurisdiction_id).exclude(pk=report.pk)
    others: list[tuple[str, Report]] = [
        (row.agency.name, _words_of(row)) for row in rows.select_related("agency").order_by("-published_at", "pk")[:OTHERS]
    ]
    return check(made, from_dict(earlier.printed) if earlier is not None and earlier.printed else None, others)


def _words_of(report: AnnualReport) -> Report:
    """Its text alone: what a likeness is measured on."""
    sections: Any = report.printed["sections"] if report.printed else report.sections
    return Report(year=report.year, agency=report.agency.name, layout=report.layout, sections=sections)
