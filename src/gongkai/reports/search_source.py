"""Annual reports as the public finds them: by agency, year and the words of their six sections."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.urls import reverse
from django.utils import timezone

from gongkai.reports.access import public_reports
from gongkai.reports.actions.publishing import SEARCHED
from gongkai.reports.queries import title_of
from gongkai.search.model import PLACE, Record
from gongkai.search.sources import Shown, Source, key_of


def _records(ids: Collection[int]) -> Iterable[Record]:
    for row in public_reports().filter(pk__in=ids):
        printed: dict[str, Any] = row.printed or {}
        assert row.published_at is not None
        words = "\n".join([row.agency.display_name, row.agency.jurisdiction.name, *printed.get("sections", {}).values()])
        facets = {"kind": [SEARCHED], "agency": [str(row.agency_id)], "year": [str(row.year)], PLACE: [str(row.agency.jurisdiction_id)]}
        yield Record(key_of(SEARCHED, row.pk), title_of(row), words, timezone.localdate(row.published_at), "", facets)


def _keys(after: int, limit: int) -> list[int]:
    return list(public_reports().filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:limit])


def _shown(ids: Collection[int]) -> Mapping[int, Shown]:
    rows = public_reports().defer("printed", "sections").filter(pk__in=ids)
    return {row.pk: Shown(title_of(row), reverse("reports_public:report", args=[row.pk]), (row.agency.display_name,)) for row in rows}


def _live(ids: Collection[int]) -> Iterable[int]:
    return public_reports().filter(pk__in=ids).values_list("pk", flat=True)


REPORTS = Source(SEARCHED, "年度报告", _records, _keys, _shown, live=_live)
