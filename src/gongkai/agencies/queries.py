"""Reading the directory for lists and pages; every function costs the same number of queries whatever the size."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from gongkai.agencies.access import agencies_for, suggestions_for
from gongkai.agencies.matching import Directory, Match
from gongkai.agencies.models import Agency, AgencySuggestion, Reorganisation


@dataclass(frozen=True, slots=True)
class SuggestionRow:
    suggestion: AgencySuggestion
    match: Match
    """What the directory makes of it now; `match.suggestions` are the ranked candidates."""


def living(rows: QuerySet[Agency]) -> QuerySet[Agency]:
    """Agencies that exist today."""
    today = timezone.localdate()
    return rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=today), Q(valid_from__isnull=True) | Q(valid_from__lte=today))


def agency_rows(user: Any, q: str = "", jurisdiction: int | None = None) -> QuerySet[Agency]:
    """The staff directory with aliases prefetched, found by any of an agency's names."""
    rows = agencies_for(user).select_related("parent", "successor").prefetch_related("aliases").annotate(section_count=Count("sections"))
    if jurisdiction:
        rows = rows.filter(jurisdiction=jurisdiction)
    if q := q.strip():
        named = Q(name__icontains=q) | Q(short_name__icontains=q) | Q(code=q)
        rows = rows.filter(named | Q(pk__in=Agency.objects.filter(aliases__text__icontains=q).values("pk")))
    return rows


def course_of(agency: Agency) -> QuerySet[Reorganisation]:
    """沿革: the reorganisations it took part in, on either side, the latest first."""
    return Reorganisation.objects.filter(Q(olds=agency) | Q(news=agency)).distinct()


def with_predecessors(agency: Agency) -> set[int]:
    """The agency and all that were merged into it, near and far, by primary key: roll-ups by successor count closed work by these."""
    before: dict[int, list[int]] = {}
    for pk, heir in Agency.objects.order_by().filter(successor__isnull=False).values_list("pk", "successor_id"):
        before.setdefault(heir, []).append(pk)
    found, waiting = set[int](), [agency.pk]
    while waiting:
        here = waiting.pop()
        if here not in found:
            found.add(here)
            waiting.extend(before.get(here, []))
    return found


def line_of(agency: Agency) -> list[Agency]:
    """The agency and whoever took over from it, one after the other; the last goes on with its work. A query for each that ended."""
    found = [agency]
    while found[-1].valid_to is not None and found[-1].successor is not None and found[-1].successor not in found:
        found.append(found[-1].successor)
    return found


def public_agencies() -> QuerySet[Agency]:
    """What the public directory shows: agencies that exist, with their jurisdiction."""
    return living(Agency.objects.select_related("jurisdiction"))


def suggestion_rows(user: Any) -> list[SuggestionRow]:
    """Units waiting for a decision, with candidates; the directory is read once per jurisdiction."""
    directories: dict[int, Directory] = {}
    rows = []
    for suggestion in suggestions_for(user).filter(state=AgencySuggestion.State.OPEN):
        directory = directories.get(suggestion.jurisdiction_id)
        if directory is None:
            directory = directories[suggestion.jurisdiction_id] = Directory(suggestion.jurisdiction)
        rows.append(SuggestionRow(suggestion, directory.resolve(suggestion.text)))
    return rows
