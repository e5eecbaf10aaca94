"""What the forms offer to choose from, within what the user may do."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from gongkai.agencies.access import scope_of
from gongkai.agencies.models import Agency, Jurisdiction
from gongkai.agencies.queries import living
from gongkai.catalogue.access import catalogues_for, in_force
from gongkai.catalogue.models import CatalogueVersion, Column

State = CatalogueVersion.State


def keeping_agencies(user: Any) -> QuerySet[Agency]:
    """Agencies whose catalogues this person may make."""
    scope = scope_of(user)
    mine = [pk for pk in scope.agency_ids if scope.acts_for(pk)]
    governments = Q(kind=Agency.Kind.GOVERNMENT, jurisdiction__in=scope.office_ids)
    return living(Agency.objects.filter(Q(pk__in=mine) | governments)).order_by("jurisdiction__code", "code")


def office_places(user: Any) -> QuerySet[Jurisdiction]:
    return Jurisdiction.objects.filter(pk__in=scope_of(user).office_ids).order_by("code")


def templates(user: Any) -> QuerySet[CatalogueVersion]:
    """Catalogues in force, one's own first: what stands on the public site may be taken as a model by anybody (S1-2)."""
    rows = CatalogueVersion.objects.filter(state=State.CURRENT, catalogue__in=in_force()).select_related("catalogue__agency")
    return rows.order_by("catalogue__jurisdiction__code", "catalogue__title")


def open_columns(place_id: int) -> QuerySet[Column]:
    return Column.objects.filter(jurisdiction=place_id, closed_on__isnull=True).select_related("parent").order_by("position", "pk")


def place_agencies(place_id: int) -> QuerySet[Agency]:
    return living(Agency.objects.filter(jurisdiction=place_id)).order_by("code")


def has_any(user: Any) -> bool:
    return catalogues_for(user).exists()
