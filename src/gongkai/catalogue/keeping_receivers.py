"""What the living part of the catalogue hears: a version in force, an item in another column, an agency that ended."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from gongkai.agencies.models import Agency, User
from gongkai.agencies.reorganising import Change, Followed
from gongkai.agencies.signals import reorganised
from gongkai.catalogue.cycles import apply_version, refresh_items
from gongkai.catalogue.models import CatalogueVersion, Column, Item, NegativeClass, PublicBody, Site, Suggestion
from gongkai.catalogue.signals import column_closed, item_bound, version_approved


@receiver(version_approved, dispatch_uid="catalogue.keeping")
def on_approved(version: CatalogueVersion, actor: User | None, **kwargs: Any) -> None:
    apply_version(version, actor)


@receiver(item_bound, dispatch_uid="catalogue.keeping")
def on_bound(item: Item, actor: User | None, **kwargs: Any) -> None:
    refresh_items([item], actor)


@receiver(column_closed, dispatch_uid="catalogue.keeping")
def on_closed(column: Column, actor: User | None, **kwargs: Any) -> None:
    """Its items stand where its content went, or nowhere yet."""
    standing = [column.pk, *([column.moved_to_id] if column.moved_to_id else [])]
    refresh_items(Item.objects.filter(column__in=standing), actor)


@receiver(reorganised, dispatch_uid="catalogue.keeping")
def follow(change: Change, **kwargs: Any) -> Followed | None:
    """What an agency that ended kept goes on at its heir; what is over stays in its name."""
    if not change.gone or change.heir is None:
        return None
    moved = _classes(change.old, change.heir)
    moved += Suggestion.objects.filter(agency=change.old, answered_at__isnull=True).update(agency=change.heir)
    moved += Site.objects.filter(agency=change.old, state=Site.State.OPEN).update(agency=change.heir)
    moved += PublicBody.objects.filter(supervisor=change.old).exclude(agency=change.heir).update(supervisor=change.heir)
    return Followed("负面清单、建议、网站和主管的公共企事业单位", moved)


def _classes(old: Agency, heir: Agency) -> int:
    """A class the heir has by the same name already stays where it is, to be taken off there."""
    there = NegativeClass.objects.filter(agency=heir, ended_on__isnull=True, refused_at__isnull=True).values("name")
    rows = NegativeClass.objects.filter(agency=old, ended_on__isnull=True, refused_at__isnull=True).exclude(name__in=there)
    return rows.update(agency=heir, section=None)
