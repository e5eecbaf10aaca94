"""When an agency is merged, divided, abolished, or gives up a section: open obligations follow, closed ones stay."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.db.models import Q
from django.dispatch import receiver

from gongkai.agencies.belongings import Belonging
from gongkai.agencies.models import Agency
from gongkai.agencies.reorganising import Change, Followed
from gongkai.agencies.signals import reorganised
from gongkai.obligations.handing_over import Handover, Moved, move, move_series, office_of, open_of
from gongkai.obligations.models import Helper, Obligation, Series
from gongkai.obligations.models.obligation import OPEN

TITLE = "未完成的任务"


def open_belongings(agency: Agency) -> list[Belonging]:
    """What the agency still owes, to be given to one of the new ones; the periods of a series go with the series. One query each."""
    series = Series.objects.filter(owner=agency, closed_on__isnull=True)
    rows = open_of(agency).exclude(series__in=series).select_related("section")
    things = [Belonging("series", s.pk, s.title, f"{s.get_cadence_display()}　{s.basis}") for s in series]
    for row in rows:
        facts = (str(row.due_on or row.standing), row.section.name if row.section else "", row.basis)
        things.append(Belonging("obligation", row.pk, row.title, "　".join(filter(None, facts))))
    return things


@receiver(reorganised, dispatch_uid="obligations.follow")
def follow(change: Change, **kwargs: Any) -> Followed:
    """Series first: their open periods go where they go. Then every other open obligation, then the seats as helper."""
    series_of: dict[int, Agency] = {}
    by_heir: dict[int, tuple[Agency, list[int]]] = {}
    rows = Series.objects.filter(owner=change.old, closed_on__isnull=True)
    for pk in (rows.filter(section=change.section) if change.section else rows).values_list("pk", flat=True):
        if (to := change.goes_to("series", pk)) is not None:
            series_of[pk] = to
            by_heir.setdefault(to.pk, (to, []))[1].append(pk)
    done = Moved()
    for to, pks in by_heir.values():
        done += move_series(Series.objects.filter(pk__in=pks), _how(change, to))
    groups: dict[int, list[Obligation]] = defaultdict(list)
    heirs: dict[int, Agency] = {}
    for row in open_of(change.old, change.section).select_for_update(of=("self",)):
        target = series_of.get(row.series_id or 0) or change.goes_to("obligation", row.pk)
        if target is not None:
            heirs[target.pk] = target
            groups[target.pk].append(row)
    for pk, listed in groups.items():
        done += move(listed, _how(change, heirs[pk]))
    if change.gone and change.heir is not None:
        _seats(change.old, change.heir)
    return Followed(TITLE, done.moved, done.merged)


def _how(change: Change, to: Agency) -> Handover:
    sections = {pk: section for pk, section in change.sections.items() if section.agency_id == to.pk}
    agency_id = office_of(change.actor) if change.actor else None
    return Handover(to, change.actor, change.key, change.reason, change.on, agency_id, sections)


def _seats(old: Agency, heir: Agency) -> None:
    """Where the old agency helped with something open, the heir helps, unless it owns it or helps already."""
    helping = Helper.objects.filter(agency=old, obligation__in=Obligation.objects.filter(OPEN))
    taken = Q(obligation__owner=heir) | Q(obligation__in=Helper.objects.filter(agency=heir).values("obligation"))
    for helper in helping.filter(taken):
        helper.delete()
    helping.update(agency=heir)
    for series in Series.objects.filter(helpers=old, closed_on__isnull=True):
        series.helpers.remove(old)
        if series.owner_id != heir.pk:
            series.helpers.add(heir)
