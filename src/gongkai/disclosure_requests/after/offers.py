"""Which requests are offered for proactive publication (条例第四十四条): what several applicants asked alike within a year, and what an
applicant suggested. Nothing of any applicant is read: they are told apart by their digests."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q
from django.utils import timezone

from gongkai.clocks.clock import add_months
from gongkai.disclosure_requests import likeness
from gongkai.disclosure_requests.models import DisclosureRequest

MONTHS = 12
MOST = 2_000
"""Requests of an agency compared at once: the newest. Only those are compared that have equal buckets, so that it stays quick."""
BANDS = 8
"""Groups of buckets; two texts are compared where one group is equal in both."""


@dataclass(slots=True)
class Offer:
    """`people`: applicants told apart. `suggested`: by an applicant. `rows`: the oldest first."""

    rows: list[DisclosureRequest] = field(default_factory=list)
    people: int = 0
    suggested: bool = False

    @property
    def subject(self) -> str:
        return self.rows[0].subject


def offers(agencies: Iterable[int], today: date | None = None) -> list[Offer]:
    """The most asked first. Two statements, whatever the number of requests."""
    since = add_months(today or timezone.localdate(), -MONTHS)
    rows = (
        DisclosureRequest.objects.filter(agency__in=list(agencies), received_on__gte=since, anonymised_at__isnull=True)
        .exclude(opening_proposals__isnull=False)
        .filter(Q(withdrawn_at__isnull=True))
        .only("pk", "number", "subject", "agency_id", "received_on", "same_as_id", "likeness", "suggests_opening", "applicant__digest")
        .select_related("applicant")
        .order_by("-received_on", "-pk")[:MOST]
    )
    listed = list(rows)
    found = []
    for group in _groups(listed):
        people = len({row.applicant.digest for row in group if row.applicant.digest})
        suggested = any(row.suggests_opening for row in group)
        if people > 1 or suggested:
            found.append(Offer(sorted(group, key=lambda row: row.pk), people, suggested))
    return sorted(found, key=lambda offer: (-offer.people, -len(offer.rows), -offer.rows[0].pk))


def _groups(rows: list[DisclosureRequest]) -> list[list[DisclosureRequest]]:
    """Joined by 认定相同, or by a likeness of at least ALIKE; within one agency."""
    parent = {row.pk: row.pk for row in rows}

    def root(pk: int) -> int:
        while parent[pk] != pk:
            parent[pk] = parent[parent[pk]]
            pk = parent[pk]
        return pk

    for row in rows:
        if row.same_as_id in parent:
            parent[root(row.pk)] = root(row.same_as_id)
    buckets: dict[tuple[object, ...], list[DisclosureRequest]] = defaultdict(list)
    wide = likeness.BUCKETS // BANDS
    for row in rows:
        for n in range(BANDS):
            band = tuple(row.likeness[n * wide : (n + 1) * wide])
            if any(value >= 0 for value in band):
                buckets[row.agency_id, n, band].append(row)
    for near in buckets.values():
        for row in near[1:]:
            if root(row.pk) != root(near[0].pk) and likeness.share(row.likeness, near[0].likeness) >= likeness.ALIKE:
                parent[root(row.pk)] = root(near[0].pk)
    groups: dict[int, list[DisclosureRequest]] = defaultdict(list)
    for row in rows:
        groups[root(row.pk)].append(row)
    return list(groups.values())
