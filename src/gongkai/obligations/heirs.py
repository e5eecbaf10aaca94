"""A duty asked of an agency that has ended meanwhile is its successor's.

Whoever opens a duty may have read the directory a moment before a merger. The foreign key makes the insert wait for the merger's lock on
the agency (agencies/reorganising.py), so that after the insert the agency is seen as it became; what was opened for one that ended is
opened again for its successor, in the same transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from django.utils import timezone

from gongkai.agencies.models import Agency, Section

New = TypeVar("New", bound=Any)


def heirs_of(agencies: Iterable[int]) -> dict[int, Agency]:
    """Agency id → who took over, for those of them that have ended and name a successor. One query where none has."""
    found: dict[int, Agency] = {}
    asked = set(agencies)
    today = timezone.localdate()
    while asked:
        ended = Agency.objects.filter(pk__in=asked, valid_to__lt=today, successor__isnull=False).select_related("successor")
        heirs = {agency.pk: agency.successor for agency in ended if agency.successor is not None}
        found = {old: heirs.get(heir.pk, heir) for old, heir in found.items()} | heirs
        asked = {heir.pk for heir in heirs.values()}
    return found


def taken_over(new: New, heirs: Mapping[int, Agency]) -> New:
    """The same NewObligation or NewSeries for the successors; the section of the same name where the successor has one."""
    owner = heirs.get(new.owner.pk, new.owner)
    section = new.section
    if section is not None and section.agency_id != owner.pk:
        section = Section.objects.filter(agency=owner, name=section.name, valid_to__isnull=True).first()
    helpers = {helper.pk: helper for old in new.helpers if (helper := heirs.get(old.pk, old)).pk != owner.pk}
    return replace(new, owner=owner, section=section, share=new.share_name, helpers=tuple(helpers.values()))
