"""A published annual report proves that it was published in time (条例第四十九条). Registered in apps.ready()."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from gongkai.agencies.models import Agency
from gongkai.obligations.models import Obligation
from gongkai.obligations.proving import Candidate, Facts, register
from gongkai.reports.models import AnnualReport

KIND = "annual_report"


def register_all() -> None:
    register(KIND, facts, label="政府信息公开工作年度报告", candidates=candidates, page="reports_public:report")


def facts(pk: int) -> Facts | None:
    row = AnnualReport.objects.select_related("agency").filter(pk=pk).first()
    if row is None:
        return None
    return Facts(
        title=str(row),
        url=reverse("reports_public:report", args=[row.pk]),
        published_on=timezone.localdate(row.published_at) if row.published_at else None,
        published_at=row.published_at,
        agency_id=row.agency_id,
        also_ids=frozenset(competent_of(row)),
        column="政府信息公开年报",
        public=row.published_at is not None,
        lacking="还没有公布",
    )


def competent_of(report: AnnualReport) -> list[int]:
    """Who answers for a government's report beside the government: the competent agency of the place (条例第四十九条)."""
    if not report.covers_place:
        return []
    rows = Agency.objects.filter(jurisdiction=report.agency.jurisdiction_id, is_competent=True, valid_to__isnull=True)
    return list(rows.values_list("pk", flat=True))


def candidates(obligation: Obligation) -> Iterable[Candidate]:
    own = Q(agency=obligation.owner_id)
    if obligation.owner.is_competent:
        own |= Q(covers_place=True, agency__jurisdiction=obligation.jurisdiction_id)
    rows = AnnualReport.objects.filter(own, published_at__isnull=False).select_related("agency")
    for row in rows.order_by("-year"):
        assert row.published_at is not None
        yield Candidate(KIND, row.pk, str(row), timezone.localdate(row.published_at))
