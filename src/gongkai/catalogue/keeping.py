"""What a place decides for itself about keeping its catalogues: how long answers may take, how often classes are looked at again."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, partial
from importlib import resources
from typing import Any

from gongkai.agencies.models import Agency, Jurisdiction, User
from gongkai.agencies.place_settings import may_set
from gongkai.catalogue.models import Deed, KeepingTerms
from gongkai.catalogue.negative_reviews import follow_cadence
from gongkai.deeds import performing
from gongkai.deeds.performing import insist
from gongkai.obligations.models import Series

perform = partial(performing.perform, Deed)


@dataclass(frozen=True, slots=True)
class LimitRule:
    """A limit of rules/keeping.toml with what it rests on."""

    id: str
    name: str
    value: Any
    unit: str
    most: int
    basis: str
    certainty: str


@dataclass(frozen=True, slots=True)
class Keeping:
    """The limits that hold in one place."""

    suggestion_days: int
    expansion_days: int
    review_cadence: str


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(resources.files("gongkai.catalogue").joinpath("rules/keeping.toml").read_text("utf-8"))


@cache
def rules() -> dict[str, LimitRule]:
    return {row["id"]: LimitRule(**row) for row in _table()["limit"]}


def rates() -> dict[str, int]:
    """`sender_hour`: suggestions taken from one network within an hour; `item_day`: for one item within a day."""
    return dict(_table()["rates"])


def limits_of(place_ids: Iterable[int]) -> dict[int, Keeping]:
    """Place → its limits, its own or those of the rules. One query."""
    ids = list(place_ids)
    own = {row.jurisdiction_id: row for row in KeepingTerms.objects.filter(jurisdiction__in=ids)}
    return {pk: Keeping(**{name: getattr(own.get(pk), name, None) or rule.value for name, rule in rules().items()}) for pk in ids}


def limits_in(place_id: int) -> Keeping:
    return limits_of([place_id])[place_id]


def set_limits(
    place: Jurisdiction, actor: User, *, key: str, suggestion_days: int | None, expansion_days: int | None, review_cadence: str
) -> KeepingTerms:
    """None and empty: as the rules have it. A new cadence moves the reviews of the negative list; what runs already keeps its day."""
    faults = [
        f"“{rules()[name].name}”填 1 到 {rules()[name].most} 之间的整数，或者留空"
        for name, n in (("suggestion_days", suggestion_days), ("expansion_days", expansion_days))
        if n is not None and not 1 <= n <= rules()[name].most
    ]
    if review_cadence and review_cadence not in Series.Cadence.values:
        faults.append("评估周期请从列出的里面选")

    def work() -> KeepingTerms:
        insist("" if may_set(place.pk, actor) else "管理时限由本地区政务公开主管部门设定", faults)
        Jurisdiction.objects.select_for_update().get(pk=place.pk)
        row, _new = KeepingTerms.objects.get_or_create(jurisdiction=place)
        row.suggestion_days, row.expansion_days, row.review_cadence = suggestion_days, expansion_days, review_cadence
        row.save()
        follow_cadence(place, limits_in(place.pk).review_cadence, actor)
        return row

    return perform(Deed.Kind.LIMITS_SET, actor, key, place, work, agency_id=competent_id(place))


def competent_id(place: Jurisdiction) -> int | None:
    """The competent agency of a place, in whose name its office acts."""
    rows = Agency.objects.filter(jurisdiction=place, is_competent=True, valid_to__isnull=True)
    return rows.values_list("pk", flat=True).first()
