"""A duty asked of an agency that has ended meanwhile is its successor's.

Whoever opens a duty may have read the directory a moment before a merger: what is asked of an agency that ended is opened for its
successor. And the merger may be under way at that very moment, not yet to be seen by anybody: so each opening looks again once it is
committed (its foreign keys have waited for the merger by then), and the worker looks for what a killed process left (site/ticks.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from django.db import transaction
from django.utils import timezone

from gongkai.agencies.models import Agency, Section
from gongkai.obligations.handing_over import Handover, Moved, move, move_series
from gongkai.obligations.models import Obligation, Series
from gongkai.obligations.models.obligation import OPEN

New = TypeVar("New", bound=Any)
LATE = "机构改革时正在下达，由职责承接单位办理"


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


def look_again_after_commit(owners: Iterable[int]) -> None:
    """Of these agencies, one may be ending in a transaction that nobody sees yet."""
    asked = set(owners)
    transaction.on_commit(lambda: follow(heirs_of(asked)), robust=True)


def follow(heirs: Mapping[int, Agency]) -> Moved:
    """What the ended agencies still owe goes to their successors: series first, then what is open. Each pair a transaction of its own."""
    done = Moved()
    for old, heir in heirs.items():
        how = Handover(heir, None, f"late:{heir.pk}", LATE, timezone.localdate())
        with transaction.atomic():
            done += move_series(Series.objects.filter(owner=old, closed_on__isnull=True), how)
            done += move(Obligation.objects.filter(OPEN, owner=old).order_by("pk").select_for_update(of=("self",)), how)
    return done


def tick() -> None:
    """The worker's part: agencies that have ended and still owe something."""
    ended = Agency.objects.filter(valid_to__lt=timezone.localdate(), successor__isnull=False)
    owing = Obligation.objects.filter(OPEN, owner__in=ended).order_by().values_list("owner", flat=True).distinct()
    running = Series.objects.filter(owner__in=ended, closed_on__isnull=True).order_by().values_list("owner", flat=True).distinct()
    if asked := {*owing, *running}:
        follow(heirs_of(asked))
