"""Agencies as the public finds them: by any of their names, what they do, their address or telephone number."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db.models.signals import post_save
from django.dispatch import receiver
from django.urls import reverse
from django.utils import timezone

from gongkai.agencies.guides import profile_of
from gongkai.agencies.models import Agency, AgencyAlias, AgencyProfile
from gongkai.agencies.queries import public_agencies
from gongkai.search import log
from gongkai.search.model import PLACE, Record
from gongkai.search.sources import Shown, Source, key_of

KIND = "agency"


@receiver([post_save], sender=Agency)
def _changed(instance: Agency, **_kwargs: Any) -> None:
    log.changed(KIND, [instance.pk])


@receiver([post_save], sender=AgencyAlias)
def _named(instance: AgencyAlias, **_kwargs: Any) -> None:
    log.changed(KIND, [instance.agency_id])


@receiver([post_save], sender=AgencyProfile)
def _told(instance: AgencyProfile, **_kwargs: Any) -> None:
    log.changed(KIND, [instance.agency_id])


def _records(ids: Collection[int]) -> Iterable[Record]:
    for agency in public_agencies().select_related("profile").filter(pk__in=ids).prefetch_related("aliases"):
        names = [agency.short_name, *(alias.text for alias in agency.aliases.all())]
        words = "\n".join(filter(None, [*names, agency.jurisdiction.name, agency.address, agency.phone, profile_of(agency).functions]))
        yield Record(key_of(KIND, agency.pk), agency.name, words, agency.valid_from or timezone.localdate(), "", _codes(agency))


def _codes(agency: Agency) -> dict[str, list[str]]:
    return {"kind": [KIND], "agency": [str(agency.pk)], PLACE: [str(agency.jurisdiction_id)]}


def _keys(after: int, limit: int) -> list[int]:
    return list(public_agencies().filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:limit])


def _shown(ids: Collection[int]) -> Mapping[int, Shown]:
    shown = {}
    for agency in public_agencies().filter(pk__in=ids):
        notes = tuple(filter(None, (agency.jurisdiction.name, agency.get_kind_display(), agency.address, agency.phone)))
        shown[agency.pk] = Shown(agency.name, reverse("portal:directory:agency", args=[agency.code]), notes)
    return shown


def _live(ids: Collection[int]) -> Iterable[int]:
    return public_agencies().filter(pk__in=ids).values_list("pk", flat=True)


AGENCIES = Source(KIND, "机构", _records, _keys, _shown, live=_live)
