"""Rows of the pages of the living catalogue. Every function costs the same number of queries whatever the size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from gongkai.agencies.access import scope_of
from gongkai.agencies.models import Jurisdiction
from gongkai.agencies.place_settings import may_set
from gongkai.catalogue.access import catalogues_for, places_for
from gongkai.catalogue.cycles import duties, name_of
from gongkai.catalogue.expansion import expansions_for
from gongkai.catalogue.models import CatalogueVersion, Expansion, Item, ItemStandard
from gongkai.catalogue.negative import classes_for
from gongkai.catalogue.states import GAPS, ItemState, figures, item_states
from gongkai.catalogue.suggestions import waiting
from gongkai.obligations.queries import STATE_WORDS, with_state

CURRENT = CatalogueVersion.State.CURRENT


@dataclass(frozen=True, slots=True)
class StateRow:
    """An item in force with how it stands; `place` says where it is bound."""

    standard: ItemStandard
    state: ItemState

    @property
    def name(self) -> str:
        return name_of(self.standard)

    @property
    def item(self) -> Item:
        return self.standard.item


def standards_in_force(user: Any, catalogue: int | None = None, q: str = "") -> QuerySet[ItemStandard]:
    """The rows of versions in force this person works with or reads as openness office."""
    rows = ItemStandard.objects.filter(version__state=CURRENT, version__catalogue__in=catalogues_for(user))
    if catalogue:
        rows = rows.filter(version__catalogue=catalogue)
    for word in q.replace("\x00", "").split():
        rows = rows.filter(level1__icontains=word) | rows.filter(level2__icontains=word) | rows.filter(item__code=word)
    return rows.select_related("item__column", "version__catalogue__agency").order_by("version__catalogue", "position", "pk")


def state_rows(standards: QuerySet[ItemStandard], today: date) -> list[StateRow]:
    rows = list(standards)
    states = item_states([row.item for row in rows], today)
    return [StateRow(row, states[row.item_id]) for row in rows]


def chosen(rows: Sequence[StateRow], state: str) -> list[StateRow]:
    """Those of one state; `gaps` for all that are not as they should be."""
    if state == "gaps":
        return [row for row in rows if row.state.code in GAPS]
    return [row for row in rows if row.state.code == state] if state else list(rows)


def catalogue_choices(user: Any) -> list[tuple[int, str]]:
    return list(catalogues_for(user).filter(versions__state=CURRENT).order_by("title", "pk").values_list("pk", "title"))


def duties_of(item: Item) -> list[Any]:
    """The obligations of an item, the newest period first, with word and css of their state."""
    rows = list(with_state(duties().filter(subject_id=item.pk)).select_related("owner").order_by("-starts_on", "owner__code")[:60])
    for row in rows:
        row.word, css, shape = STATE_WORDS[row.state]
        row.css = f"{css} {shape}"
    return rows


@dataclass(frozen=True, slots=True)
class Front:
    """What waits for this person on the first page of keeping."""

    figures: list[dict[str, Any]]
    expansions: int
    suggestions: int
    proposals: int
    places: list[Jurisdiction]


def front(user: Any) -> Front:
    today = timezone.localdate()
    states = item_states([row.item for row in standards_in_force(user).select_related("item")], today)
    scope = scope_of(user)
    proposals = classes_for(user).filter(effective_on__isnull=True, refused_at__isnull=True)
    return Front(
        figures(states.values()),
        expansions_for(user).filter(state=Expansion.State.OPEN, catalogue__agency__in=scope.agency_ids).count(),
        waiting(user).count(),
        proposals.count(),
        [place for place in places_for(user) if may_set(place.pk, user)],
    )
