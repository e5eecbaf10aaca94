"""索引号 of documents: after the pattern of the place, never used twice, never empty, whoever else is making one at the same moment."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from gongkai.agencies.errors import ActionRefused
from gongkai.agencies.models import Agency, Jurisdiction
from gongkai.formats import index_number
from gongkai.publications.models import Document, IndexPattern

_TRIES = 10_000


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
    made: list[str] = []
    try:
        for day in days:
            made.append(_next(row, pattern, agency, day, made))
    except ValueError as error:
        raise ActionRefused(f"{agency.name}的机构代码不能组成索引号，请先在机构页面改正代码") from error
    row.save(update_fields=["counters"])
    return made


def _next(row: IndexPattern, pattern: index_number.IndexPattern, agency: Agency, day: date, taken: list[str]) -> str:
    """Counts on from the last; a number that came in with a document from elsewhere is passed over."""
    place = agency.jurisdiction.code
    period = pattern.period(agency.code, place, day)
    for n in range(int(row.counters.get(period, 0)) + 1, int(row.counters.get(period, 0)) + _TRIES):
        number = pattern.number(agency.code, place, day, n)
        if number not in taken and not Document.objects.filter(index_number=number).exists():
            row.counters[period] = n
            return number
    raise ActionRefused("找不到没有用过的索引号，请检查索引号格式")


def number_reasons(number: str) -> list[str]:
    """Why a number that a document brings along cannot be kept."""
    if not index_number.usable(number):
        return [f"索引号“{number[:60]}”不完整或者有不能用的字符"]
    if Document.objects.filter(index_number=number).exists():
        return [f"索引号“{number}”已经用于另一条信息"]
    return []
