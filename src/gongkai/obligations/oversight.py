"""What whoever answers for a place, or for an agency, oversees; and the filters by which the roll-up's figures open their rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from gongkai.agencies.access import Scope, scope_of
from gongkai.agencies.models import Agency, Jurisdiction
from gongkai.obligations.models import Obligation

GROUPS: dict[str, tuple[str, tuple[str, ...]]] = {
    "open": ("没有办结的", ("overdue", "due_soon", "running", "suspended", "standing", "not_started")),
    "late": ("逾期的（含逾期办结）", ("overdue", "done_late")),
    "counted": ("没有免除的", ("overdue", "due_soon", "running", "suspended", "standing", "not_started", "done", "done_late")),
    "ahead": ("还没到期的", ("due_soon", "running", "not_started")),
    "reckoned": ("计入按期率的", ("done", "done_late", "overdue")),
}
"""Several states under one word, as the ledger's filter and the roll-up know them."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place of the tree with the keys of all below it, itself among them."""

    pk: int
    code: str
    name: str
    parent: int | None
    below: frozenset[int]
    children: tuple[int, ...]


class Tree:
    """The places a user oversees; one query. Empty for those who answer for no place."""

    def __init__(self, user: Any) -> None:
        scope = scope_of(user)
        overseen = scope.seen_ids | scope.competent_head_ids
        rows = list(Jurisdiction.objects.order_by("code").values_list("pk", "code", "name", "parent_id")) if overseen else []
        children: dict[int | None, list[int]] = defaultdict(list)
        for pk, _code, _name, parent in rows:
            if pk in overseen:
                children[parent].append(pk)
        self.places: dict[int, Place] = {}
        for pk, code, name, parent in rows:
            if pk in overseen:
                self.places[pk] = Place(pk, code, name, parent, frozenset(_below(pk, children)), tuple(children[pk]))
        self.roots = [place for place in self.places.values() if place.parent not in self.places]


def _below(pk: int, children: dict[int | None, list[int]]) -> Iterable[int]:
    waiting = [pk]
    while waiting:
        here = waiting.pop()
        yield here
        waiting.extend(children[here])


def overseen_by(user: Any) -> QuerySet[Obligation]:
    """The obligations a user answers for: those of the own agencies and those of the places whose openness office or competent head the
    user is. What one's agencies only help with is another's to answer for.
    """
    scope = scope_of(user)
    return Obligation.objects.filter(_answers_for(scope)) if scope.is_staff_member else Obligation.objects.none()


def _answers_for(scope: Scope) -> Q:
    if scope.sees_all:
        return Q()
    places = scope.seen_ids | scope.competent_head_ids
    return Q(owner__in=scope.kept_ids) | Q(jurisdiction__in=places) if places else Q(owner__in=scope.kept_ids)


def of_year(rows: QuerySet[Any], year: int) -> QuerySet[Any]:
    """Those due in the year; what has no date belongs to the year in which it began. ValueError for a year no calendar has."""
    span = (date(year, 1, 1), date(year, 12, 31))
    return rows.annotate(reckoned_on=Coalesce(F("due_on"), F("starts_on"))).filter(reckoned_on__range=span)


def narrowed(rows: QuerySet[Any], user: Any, given: dict[str, Any]) -> QuerySet[Any]:
    """`rows` under the filters source, year, place (of the owner) and lower ("no": that place's own agencies alone).

    ValueError for nonsense. `place` keeps what the user oversees there, so that its rows are the ones the roll-up counts.
    """
    if "source" in given:
        rows = rows.filter(source=given["source"])
    if "year" in given:
        rows = of_year(rows, int(given["year"]))
    if "place" in given:
        place = Tree(user).places.get(int(given["place"]))
        if place is None:
            return rows.none()
        within = {place.pk} if given.get("lower") == "no" else place.below
        rows = rows.filter(_answers_for(scope_of(user)), owner__in=Agency.objects.filter(jurisdiction__in=within).order_by().values("pk"))
    return rows
