"""The daily look at the installation's own public site (S4-51): does it open, do its links lead somewhere, are its columns kept alive.

One row for a site and a day; what it found stands in the workbench, and the figures of each quarter are published.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils import timezone

from gongkai.agencies.models import Jurisdiction
from gongkai.catalogue import column_checks, queries
from gongkai.catalogue.models import Column, SiteCheck
from gongkai.portal.export.checking import KINDS, MOST, Checked, Finding, check_site, inside

SECONDS = 20
"""The worker's own look is cut after so long, for nothing else is done meanwhile; the command looks at everything."""
KEPT_FINDINGS = 1000
COLUMN_KINDS = ("blank", "stale")
_begun: list[bool] = []


def tick() -> None:
    """Once a day, an hour after the worker began at the earliest: a machine that just started has other things to do."""
    if not _begun:
        _begun.append(True)
        return
    if not SiteCheck.objects.filter(site__isnull=True, on=timezone.localdate()).exists():
        look(most=2000, within=SECONDS)


def look(*, most: int = MOST, within: float = 0) -> Checked:
    """Looks at the main site now and keeps what it found as today's; a second look of the day takes the place of the first."""
    today = timezone.localdate()
    checked = check_site(inside(), most=most, within=within)
    columns, faults = _columns(today)
    checked.findings += faults
    SiteCheck.objects.update_or_create(
        site=None,
        on=today,
        defaults={
            "pages": checked.pages,
            "columns": columns,
            "seconds": round(checked.seconds, 1),
            "whole": checked.whole,
            "findings": [one.as_json() for one in checked.findings[:KEPT_FINDINGS]],
        },
    )
    return checked


def _columns(today: date) -> tuple[int, list[Finding]]:
    """How many columns are open, and those that are blank or stale. A query or so for each place."""
    n, found = 0, []
    for place in Jurisdiction.objects.filter(pk__in=Column.objects.order_by().values("jurisdiction")).order_by("code"):
        for row in queries.column_rows(place.pk, today):
            if row.column.closed_on:
                continue
            n += 1
            for check in column_checks.faults_of(row, today):
                if check.code in COLUMN_KINDS:
                    found.append(Finding(check.code, f"/catalogue/columns/{place.code}/{row.column.slug}/", row.column.name))
    return n, found


@dataclass(slots=True)
class Quarter:
    """`days` looked at, `clean` of them without any finding; `kinds`: findings of the last day by kind, `worst` of any day."""

    year: int
    number: int
    days: int = 0
    clean: int = 0
    last: SiteCheck | None = None
    kinds: list[tuple[str, int, int]] = field(default_factory=list)

    @property
    def words(self) -> str:
        return f"{self.year}年{'一二三四'[self.number - 1]}季度"

    def as_json(self) -> dict[str, Any]:
        return {
            "year": self.year,
            "quarter": self.number,
            "days": self.days,
            "clean_days": self.clean,
            "last_on": self.last.on if self.last else None,
            "pages": self.last.pages if self.last else 0,
            "columns": self.last.columns if self.last else 0,
            "findings": {kind: {"last": last, "most": most} for kind, last, most in self._by_code()},
        }

    def _by_code(self) -> list[tuple[str, int, int]]:
        codes = {label: code for code, label in KINDS.items()}
        return [(codes[label], last, most) for label, last, most in self.kinds]


def quarters(most: int = 8) -> list[Quarter]:
    """The newest first. One query."""
    found: dict[tuple[int, int], list[SiteCheck]] = {}
    for row in SiteCheck.objects.filter(site__isnull=True).order_by("-on")[: most * 92]:
        found.setdefault((row.on.year, (row.on.month + 2) // 3), []).append(row)
    result = []
    for (year, number), rows in list(found.items())[:most]:
        counts = [Counter(one["kind"] for one in row.findings) for row in rows]
        kinds = [(label, counts[0][kind], max(one[kind] for one in counts)) for kind, label in KINDS.items()]
        result.append(Quarter(year, number, len(rows), sum(not row.findings for row in rows), rows[0], kinds))
    return result
