"""Lists of reports, what stands on the page of one, and the reports the public reads."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from gongkai.agencies.models import Agency
from gongkai.formats.annual_report.model import Report
from gongkai.formats.annual_report.writing_html import title
from gongkai.reports.access import listed_reports, reports_for
from gongkai.reports.models import Addition, AnnualReport, Deed
from gongkai.reports.states import CSS, STATES, state_of


def listed(user: Any) -> QuerySet[AnnualReport]:
    """Without the text and the tables; newest year first."""
    return reports_for(user).defer("sections").order_by("-year", "agency__code", "covers_place")


def with_states(rows: Iterable[AnnualReport]) -> list[AnnualReport]:
    """Adds `state`, `state_words`, `state_css`."""
    found = list(rows)
    for row in found:
        row.state = state_of(row)  # type: ignore[attr-defined]
        row.state_words, row.state_css = STATES[row.state], CSS[row.state]  # type: ignore[attr-defined]
    return found


def kept_additions(report: AnnualReport) -> list[Addition]:
    """What was typed by hand, the totals it went into left out; what was taken back stays in sight."""
    rows = report.additions.select_related("added_by", "report").order_by("pk")
    seen: set[tuple[Any, ...]] = set()
    found = []
    for row in rows:
        # The row that was typed comes first of those that were made with it (actions/writing.add).
        key = (row.added_at, row.reason, row.table, row.added_by_id)
        if key not in seen:
            seen.add(key)
            found.append(row)
    return found


def deeds_of(report: AnnualReport) -> QuerySet[Deed]:
    additions = Addition.objects.filter(report=report).values("pk")
    own = Deed.objects.filter(subject="annualreport", subject_id=report.pk) | Deed.objects.filter(
        subject="addition", subject_id__in=additions
    )
    return own.select_related("actor").order_by("at", "pk")


def public_list(year: int | None = None, agency: str = "") -> QuerySet[AnnualReport]:
    """Published reports, the newest first, without their content."""
    rows = listed_reports().defer("printed", "sections")
    if year is not None:
        rows = rows.filter(year=year)
    if agency:
        rows = rows.filter(agency__code=agency)
    return rows.order_by("-year", "agency__jurisdiction__code", "agency__code", "-covers_place")


def public_years() -> list[int]:
    return list(listed_reports().order_by("-year").values_list("year", flat=True).distinct())


def public_agencies_of_reports() -> list[Agency]:
    ids = listed_reports().order_by().values("agency")
    return list(Agency.objects.filter(pk__in=ids).order_by("jurisdiction__code", "code"))


def title_of(report: AnnualReport) -> str:
    """As it is printed."""
    return title(Report(year=report.year, agency=report.agency.name, layout=report.layout))
