"""The only doors to catalogues, their versions and items, columns and terms (architecture invariant 5).

Staff: one's own agencies' records, and for an openness office those of its jurisdiction and all below; what is in force everybody reads.
Out of scope is 404.
"""

from __future__ import annotations

from typing import Any, TypeVar

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.http import Http404

from gongkai.agencies.access import Scope, scope_of
from gongkai.agencies.models import Agency, Jurisdiction
from gongkai.catalogue.models import Catalogue, CatalogueVersion, Column, Import, Item, ItemStandard

Row = TypeVar("Row", bound=Model)
MISSING = "没有这条记录，或者不在您的范围内"
State = CatalogueVersion.State


def acts_for(scope: Scope, agency: Agency) -> bool:
    """Whether this person keeps the agency's catalogue. A government has no staff of its own: its openness office acts for it."""
    return scope.acts_for(agency.pk) or (agency.kind == Agency.Kind.GOVERNMENT and scope.is_office_of(agency.jurisdiction_id))


def own(scope: Scope, field: str = "agency") -> Q:
    """Rows whose `field` is an agency this person belongs to, or whose place he reads as openness office."""
    return Q(**{f"{field}__in": scope.agency_ids}) | Q(**{f"{field}__jurisdiction__in": scope.seen_ids})


def catalogues_for(user: Any) -> QuerySet[Catalogue]:
    scope = scope_of(user)
    rows = Catalogue.objects.select_related("agency__jurisdiction", "jurisdiction")
    return rows.filter(own(scope)) if scope.is_staff_member else rows.none()


def access_catalogue(user: Any, pk: int) -> Catalogue:
    return one(catalogues_for(user), pk)


def versions_for(user: Any) -> QuerySet[CatalogueVersion]:
    rows = CatalogueVersion.objects.select_related("catalogue__agency__jurisdiction", "catalogue__jurisdiction", "made_by", "approved_by")
    return rows.filter(catalogue__in=catalogues_for(user))


def access_version(user: Any, pk: int) -> CatalogueVersion:
    return one(versions_for(user), pk)


def access_standard(user: Any, pk: int) -> ItemStandard:
    """A row of a version this person works on or reads."""
    rows = ItemStandard.objects.select_related(
        "item__column", "version__catalogue__agency__jurisdiction", "version__catalogue__jurisdiction"
    )
    return one(rows.filter(version__in=versions_for(user)), pk)


def items_for(user: Any) -> QuerySet[Item]:
    return Item.objects.select_related("catalogue__agency__jurisdiction", "column").filter(catalogue__in=catalogues_for(user))


def access_item(user: Any, pk: int) -> Item:
    return one(items_for(user), pk)


def access_import(user: Any, pk: int) -> Import:
    rows = Import.objects.select_related("version__catalogue__agency__jurisdiction", "version__catalogue__jurisdiction", "uploaded_by")
    return one(rows.filter(version__in=versions_for(user)), pk)


def columns_for(user: Any) -> QuerySet[Column]:
    """The columns of the places one works in or reads as openness office."""
    scope = scope_of(user)
    rows = Column.objects.select_related("jurisdiction", "agency", "parent", "moved_to")
    if not scope.is_staff_member:
        return rows.none()
    here = Agency.objects.filter(pk__in=scope.agency_ids).values("jurisdiction")
    return rows.filter(Q(jurisdiction__in=here) | Q(jurisdiction__in=scope.seen_ids))


def access_column(user: Any, pk: int) -> Column:
    return one(columns_for(user), pk)


def places_for(user: Any) -> QuerySet[Jurisdiction]:
    """Places whose catalogues this person reads: those he works in, and as openness office all below."""
    scope = scope_of(user)
    here = Agency.objects.filter(pk__in=scope.agency_ids).values("jurisdiction")
    return Jurisdiction.objects.filter(Q(pk__in=here) | Q(pk__in=scope.seen_ids)).order_by("code")


def access_place(user: Any, pk: int) -> Jurisdiction:
    return one(places_for(user), pk)


def in_force() -> QuerySet[Catalogue]:
    """Catalogues anybody may read: those that have a version in force."""
    current = CatalogueVersion.objects.filter(catalogue=OuterRef("pk"), state=State.CURRENT)
    return Catalogue.objects.select_related("agency", "jurisdiction").filter(Exists(current))


def access_public_catalogue(pk: int) -> Catalogue:
    return one(in_force(), pk)


def access_public_item(pk: int) -> Item:
    """An item that is, or once was, in force: its page stays (invariant 4)."""
    known = ItemStandard.objects.filter(item=OuterRef("pk"), version__state__in=[State.CURRENT, State.PAST])
    return one(Item.objects.select_related("catalogue__agency", "catalogue__jurisdiction", "column").filter(Exists(known)), pk)


def one(rows: QuerySet[Row], pk: int) -> Row:
    try:
        return rows.get(pk=pk)
    except ObjectDoesNotExist as error:
        raise Http404(MISSING) from error
