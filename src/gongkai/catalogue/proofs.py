"""A catalogue in force as proof of duties that ask for one (S1-5, S1-14: 编制目录和标准). Registered in apps.ready()."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils import timezone

from gongkai.catalogue.models import CatalogueVersion
from gongkai.obligations.models import Obligation
from gongkai.obligations.records import Candidate, Facts, register

KIND = "catalogue"
State = CatalogueVersion.State


def register_all() -> None:
    register(KIND, facts_of, label="现行公开目录", candidates=candidates, page="catalogue_public:catalogue", address=address)


def address(pk: int) -> str:
    return reverse("catalogue:catalogue", args=[pk])


def facts_of(pk: int) -> Facts | None:
    """It stands from the day its first version was approved: later versions keep what was compiled."""
    rows = CatalogueVersion.objects.filter(catalogue=pk).select_related("catalogue").order_by("number")
    versions = list(rows)
    if not versions:
        return None
    approved = next((version for version in versions if version.approved_at), None)
    catalogue = versions[0].catalogue
    return Facts(
        title=catalogue.title,
        url=reverse("catalogue_public:catalogue", args=[pk]),
        published_on=timezone.localdate(approved.approved_at) if approved and approved.approved_at else None,
        published_at=approved.approved_at if approved else None,
        agency_id=catalogue.agency_id,
        public=any(version.state == State.CURRENT for version in versions),
        lacking="还没有批准",
    )


def candidates(obligation: Obligation) -> Iterable[Candidate]:
    rows = CatalogueVersion.objects.filter(catalogue__agency=obligation.owner_id, approved_at__isnull=False).select_related("catalogue")
    first: dict[int, CatalogueVersion] = {}
    for row in rows.order_by("number"):
        first.setdefault(row.catalogue_id, row)
    for row in first.values():
        if row.approved_at is not None:
            yield Candidate(KIND, row.catalogue_id, row.catalogue.title, timezone.localdate(row.approved_at))
