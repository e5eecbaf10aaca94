"""The only doors to channels, deliveries and accounts (invariant 5): those of one's own agencies; an openness office's of its place and all
below. A delivery is also its publisher's to see. Out of scope is 404; the public's list of accounts is queries.public_accounts."""

from __future__ import annotations

from typing import Any, TypeVar

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Model, Q, QuerySet
from django.http import Http404

from gongkai.agencies.access import Scope, scope_of
from gongkai.agencies.models import Agency
from gongkai.channels.models import Account, Channel, Delivery

Row = TypeVar("Row", bound=Model)
MISSING = "没有这条记录，或者不在您的范围内"


def acts_for(scope: Scope, agency: Agency) -> bool:
    """Whether this person works the channels and accounts of the agency. A government's are its office's."""
    return scope.acts_for(agency.pk) or (agency.kind == Agency.Kind.GOVERNMENT and scope.is_office_of(agency.jurisdiction_id))


def directs(scope: Scope, agency: Agency) -> bool:
    """Whether this person decides for the agency: its head or reviewer, or the openness office of its place."""
    return scope.directs(agency.pk) or scope.is_office_of(agency.jurisdiction_id)


def _seen(scope: Scope, field: str) -> Q:
    """Rows whose agency is one's own or in a place one reads."""
    return Q(**{f"{field}__in": scope.agency_ids}) | Q(**{f"{field}__jurisdiction__in": scope.seen_ids})


def channels_for(user: Any) -> QuerySet[Channel]:
    scope = scope_of(user)
    rows = Channel.objects.select_related("agency__jurisdiction", "account")
    return rows.filter(_seen(scope, "agency")) if scope.is_staff_member else rows.none()


def deliveries_for(user: Any) -> QuerySet[Delivery]:
    scope = scope_of(user)
    rows = Delivery.objects.select_related("channel__agency__jurisdiction", "document__agency", "edition__revision", "gated_by")
    mine = _seen(scope, "channel__agency") | _seen(scope, "document__agency")
    return rows.filter(mine) if scope.is_staff_member else rows.none()


def accounts_for(user: Any) -> QuerySet[Account]:
    scope = scope_of(user)
    rows = Account.objects.select_related("agency__jurisdiction")
    return rows.filter(_seen(scope, "agency")) if scope.is_staff_member else rows.none()


def agencies_to_direct(user: Any) -> QuerySet[Agency]:
    """Agencies for which this person may make channels and register accounts."""
    scope = scope_of(user)
    mine = Q(pk__in=[pk for pk in scope.agency_ids if scope.directs(pk)]) | Q(jurisdiction__in=scope.office_ids)
    return Agency.objects.select_related("jurisdiction").filter(mine, valid_to__isnull=True)


def access_channel(user: Any, pk: int) -> Channel:
    return _one(channels_for(user), pk)


def access_delivery(user: Any, pk: int) -> Delivery:
    return _one(deliveries_for(user), pk)


def access_account(user: Any, pk: int) -> Account:
    return _one(accounts_for(user), pk)


def _one(rows: QuerySet[Row], pk: int) -> Row:
    try:
        return rows.get(pk=pk)
    except ObjectDoesNotExist as error:
        raise Http404(MISSING) from error
