"""Columns that are filled by what agencies tell of themselves (公开指南, 机构职能, 负责人信息): generated pages, so they are not blank."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Max
from django.urls import reverse
from django.utils import timezone

from gongkai.agencies.models import Agency, AgencyProfile, GuideVersion
from gongkai.catalogue import column_figures, contents
from gongkai.catalogue.column_figures import Update
from gongkai.catalogue.models import Column

GUIDE, FUNCTIONS, LEADERS = "信息公开指南", "机构职能", "负责人信息"
KINDS = (GUIDE, FUNCTIONS, LEADERS)


def last_of_columns(column_ids: Iterable[int]) -> dict[int, date]:
    """The newest guide or confirmation of the place. Three queries whatever the number."""
    rows = list(Column.objects.filter(pk__in=list(column_ids), kind__in=KINDS).values_list("pk", "kind", "jurisdiction"))
    if not rows:
        return {}
    places = {place for _pk, _kind, place in rows}
    guides = dict(
        GuideVersion.objects.filter(agency__jurisdiction__in=places).order_by().values_list("agency__jurisdiction").annotate(last=Max("on"))
    )
    told = dict(
        AgencyProfile.objects.filter(agency__jurisdiction__in=places)
        .order_by()
        .values_list("agency__jurisdiction")
        .annotate(last=Max("updated_at"))
    )
    found = {}
    for pk, kind, place in rows:
        if kind == GUIDE and place in guides:
            found[pk] = guides[place]
        elif kind != GUIDE and place in told:
            found[pk] = timezone.localdate(told[place])
    return found


def updates_of(column_id: int, most: int) -> list[Update]:
    """The generated page that stands in the column."""
    column = Column.objects.select_related("jurisdiction").filter(pk=column_id, kind__in=KINDS).first()
    if column is None:
        return []
    place = column.jurisdiction
    if column.kind == GUIDE:
        rows = GuideVersion.objects.filter(agency__jurisdiction=place, agency__kind=Agency.Kind.GOVERNMENT).select_related("agency")
        row = rows.defer("content").order_by("-number").first()
        return [Update(row.made_at, str(row), reverse("portal:platform:guide", args=[row.agency.code]), row.agency.name)] if row else []
    told = (
        AgencyProfile.objects.filter(agency__jurisdiction=place).order_by("-updated_at").values_list("updated_at", "agency__name").first()
    )
    if told is None:
        return []
    return [Update(told[0], f"{place.name}机构职能目录", reverse("portal:directory:functions", args=[place.code]), told[1])]


def register() -> None:
    contents.register(lambda _ids: {}, lambda _ids: {}, last_of_columns)
    column_figures.register(lambda _ids: {}, updates_of)
