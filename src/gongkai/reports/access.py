"""The only doors to annual reports: the agency's own people write them, the openness office of the place and those above read all
(条例第四十七条); the public reads what is published."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404

from gongkai.agencies.access import scope_of
from gongkai.agencies.models import Agency
from gongkai.disclosure_requests.access import acts_for, agencies_of
from gongkai.reports.models import AnnualReport
from gongkai.twins import hosting

__all__ = ["access_public", "access_report", "agencies_of", "listed_reports", "may_approve", "may_write", "public_reports", "reports_for"]
MISSING = "没有这份年度报告，或者不在您的范围内"


def reports_for(user: Any) -> QuerySet[AnnualReport]:
    scope = scope_of(user)
    rows = AnnualReport.objects.select_related("agency__jurisdiction")
    if not scope.is_staff_member:
        return rows.none()
    if scope.sees_all:
        return rows
    government = Q(agency__kind=Agency.Kind.GOVERNMENT, agency__jurisdiction__in=scope.office_ids)
    return rows.filter(Q(agency__in=scope.kept_ids) | government | Q(agency__jurisdiction__in=scope.seen_ids))


def access_report(user: Any, pk: int) -> AnnualReport:
    return _one(reports_for(user), pk)


def may_write(user: Any, agency: Agency) -> bool:
    """People acting for the agency; for a government, its openness office."""
    return acts_for(user, agency)


def may_approve(user: Any, agency: Agency) -> bool:
    """Its head: 分管负责人 is first responsible (国办公开办函〔2021〕30号); for a government, the head of its competent agency."""
    scope = scope_of(user)
    if agency.kind == Agency.Kind.GOVERNMENT:
        return scope.heads_competent_agency_of(agency.jurisdiction_id)
    return scope.heads(agency.pk)


def public_reports() -> QuerySet[AnnualReport]:
    return AnnualReport.objects.select_related("agency__jurisdiction").filter(published_at__isnull=False)


def listed_reports() -> QuerySet[AnnualReport]:
    """Those that stand in lists and feeds of the site that is asked: a site with a host of its own shows what belongs to it."""
    return hosting.narrowed(public_reports(), "agency", "agency__jurisdiction")


def access_public(pk: int) -> AnnualReport:
    return _one(public_reports(), pk)


def _one(rows: QuerySet[AnnualReport], pk: int) -> AnnualReport:
    row = rows.filter(pk=pk).first()
    if row is None:
        raise Http404(MISSING)
    return row
