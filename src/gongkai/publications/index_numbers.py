"""索引号 of documents: after the pattern of the place, never used twice, never empty, whoever else is making one at the same moment."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from gongkai.agencies.errors import ActionRefused
from gongkai.agencies.models import Agency, Jurisdiction
from gongkai.formats import index_number
from gongkai.publications.models import Document, IndexPattern


def pattern_of(place: Jurisdiction) -> str:
    """As the place has set it, or the usual one."""
    return IndexPattern.objects.filter(jurisdiction=place).values_list("pattern", flat=True).first() or index_number.DEFAULT_PATTERN


def index_number_for(agency: Agency, on: date) -> str:
    """The next index number of the agency for a document of that day. The counter is held until the caller's transaction ends."""
    return index_numbers_for(agency, [on])[0]


@transaction.atomic
def index_numbers_for(agency: Agency, days: Iterable[date]) -> list[str]:
    """One number for each day, in order, at the cost of one: for what is imported by the thousand."""
    place = agency.jurisdiction
    IndexPattern.objects.get_or_create(jurisdiction=place, defaults={"pattern": index_number.DEFAULT_PATTERN})
    row = IndexPattern.objects.select_for_update().get(jurisdiction=place)
    if reasons := index_number.reasons(row.pattern):
        raise ActionRefused(reasons)
    pattern = index_number.IndexPattern(row.pattern)
    wanted = list(days)
    try:
        made = _next(row, pattern, agency, wanted)
    except ValueError as error:
        raise ActionRefused(f"{agency.name}的机构代码不能组成索引号，请先在机构页面改正代码") from error
    row.save(update_fields=["counters"])
    return made


def _next(row: IndexPattern, pattern: index_number.IndexPattern, agency: Agency, days: list[date]) -> list[str]:
    """Counts on from the last of each period; numbers that came in from elsewhere are passed over. One query for each period."""
    place = agency.jurisdiction.code
    periods: dict[str, list[int]] = {}
    for at, day in enumerate(days):
        periods.setdefault(pattern.period(agency.code, place, day), []).append(at)
    made: dict[int, str] = {}
    for period, waiting in periods.items():
        n = int(row.counters.get(period, 0))
        while waiting:
            offered = {n + k: pattern.number(agency.code, place, days[waiting[0]], n + k) for k in range(1, len(waiting) + 1)}
            taken = set(Document.objects.filter(index_number__in=offered.values()).values_list("index_number", flat=True))
            free = [number for number in offered.values() if number not in taken]
            made |= dict(zip(waiting, free, strict=False))
            waiting = waiting[len(free) :]
            n = max(offered)
        row.counters[period] = n
    return [made[at] for at in range(len(days))]


def number_reasons(number: str) -> list[str]:
    """Why a number that a document brings along cannot be kept."""
    if not index_number.usable(number):
        return [f"索引号“{number[:60]}”不完整或者有不能用的字符"]
    if Document.objects.filter(index_number=number).exists():
        return [f"索引号“{number}”已经用于另一条信息"]
    return []
