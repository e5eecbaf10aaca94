"""动态扩展: what a superior adds reaches the catalogues below, once; taken over it joins the draft, declined it says why."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import time_machine

from gongkai.agencies.errors import ActionRefused, NotAllowed
from gongkai.catalogue import expansion, keeping
from gongkai.catalogue.actions import catalogues
from gongkai.catalogue.models import Catalogue, CatalogueVersion, Expansion, Item, ItemStandard
from gongkai.catalogue.tests import making
from gongkai.catalogue.tests.keeping_making import approve, in_force, key
from gongkai.obligations.models import Obligation

FIELD: dict[str, Any] = {"kind": "field", "field": "water"}
OPEN = Expansion.State.OPEN


@pytest.fixture(autouse=True)
def _today() -> Any:
    with time_machine.travel("2026-11-22 02:00:00+00:00"):
        yield


@pytest.fixture
def below(cast: Any) -> Catalogue:
    """A catalogue of the same field in 东山县, in force."""
    return in_force(cast.east_finance, {"code": "0001", "level2": "县里的事项"}, **FIELD).catalogue


def add(cast: Any, *codes: str, **values: Any) -> CatalogueVersion:
    """The next version of the city's catalogue of the field, with these items."""
    return in_force(cast.reform, *({"code": code, **values} for code in codes), **FIELD)


def duty_of(row: Expansion) -> Obligation:
    return expansion.duties([row.pk]).get()


def test_the_first_version_sets_up_and_the_next_expands_what_it_adds(cast: Any, below: Catalogue) -> None:
    add(cast, "0001")
    assert not Expansion.objects.exists()
    version = add(cast, "0001", "0002")
    row = Expansion.objects.get()
    assert (row.catalogue, row.origin.code, row.version, row.state) == (below, "0002", version, OPEN)
    duty = duty_of(row)
    assert (duty.owner, duty.due_on, duty.basis) == (cast.east_finance, date(2026, 12, 18), expansion.BASIS)
    assert duty.title == "决定是否采纳上级事项：供水：事项0002"


def test_it_reaches_nobody_twice_nobody_beside_and_nobody_above(cast: Any, below: Catalogue) -> None:
    in_force(cast.elsewhere_office, {}, **FIELD)
    in_force(cast.finance, {}, **FIELD)
    in_force(cast.east_office, {}, kind="field", field="gas")
    add(cast, "0001")
    version = add(cast, "0001", "0002")
    expansion.follow_version(version, None)
    expansion.reach(version, version.standards.select_related("item"), None)
    assert {(row.catalogue, row.origin.code) for row in Expansion.objects.all()} == {(below, "0001"), (below, "0002")}
    in_force(cast.east_finance, {"code": "0001"}, {"code": "0009", "level2": "县里新增"}, **FIELD)
    assert not Expansion.objects.filter(origin__catalogue=below).exists()


def test_an_item_of_another_level_or_known_below_is_not_offered(cast: Any, below: Catalogue) -> None:
    add(cast, "0001")
    in_force(cast.reform, {"code": "0001"}, {"code": "0002", "levels": ["city"]}, {"code": "0003", "level2": "县里的事项"}, **FIELD)
    assert not Expansion.objects.exists()
    in_force(cast.reform, {"code": "0004", "levels": ["city", "county"]}, **FIELD)
    assert Expansion.objects.get().origin.code == "0004"


def test_a_departments_own_catalogue_meets_its_counterpart_by_name(cast: Any) -> None:
    east = in_force(cast.east_finance, {"level2": "县里的"}).catalogue
    in_force(cast.east_office, {"level2": "办公室的"})
    in_force(cast.finance, {"code": "0001"})
    in_force(cast.finance, {"code": "0001"}, {"code": "0002"})
    assert [row.catalogue for row in Expansion.objects.all()] == [east]


def test_what_a_county_took_over_goes_on_as_the_same_item(cast: Any, below: Catalogue) -> None:
    """A township under the county is offered the province's item once, by whichever road."""
    from gongkai.agencies.models import Agency, Jurisdiction

    town = Jurisdiction.objects.create(code="990121001", name="石桥镇", level="township", parent=cast.east)
    agency = Agency.objects.create(jurisdiction=town, code="990121001-001", name="石桥镇人民政府", kind="government")
    in_force(agency, {"level2": "镇里的"}, **FIELD)
    add(cast, "0001")
    add(cast, "0001", "0002")
    assert Expansion.objects.count() == 2
    row = Expansion.objects.get(catalogue=below)
    expansion.take(row, cast.user("county_drafter"), key=key())
    approve(CatalogueVersion.objects.get(catalogue=below, state="draft"))
    assert Expansion.objects.count() == 2 and {e.root for e in Expansion.objects.all()} == {row.origin}


@pytest.fixture
def offered(cast: Any, below: Catalogue) -> Expansion:
    add(cast, "0001")
    add(cast, "0001", "0002", elements="要素", cycle="quarterly")
    return Expansion.objects.get()


def test_taken_over_it_joins_a_draft_and_is_decided_when_that_is_approved(cast: Any, offered: Expansion) -> None:
    made = expansion.take(offered, cast.user("county_drafter"), key=key())
    offered.refresh_from_db()
    draft = CatalogueVersion.objects.get(catalogue=offered.catalogue, state="draft")
    assert (made.version, made.item, made.item.origin, made.elements) == (draft, offered.item, offered.origin, "要素")
    assert made.subject_words == cast.east_finance.name and list(made.subjects.all()) == [cast.east_finance]
    assert made.item.code == "0002" and offered.state == "taken" and duty_of(offered).fulfilled_on is None
    assert draft.standards.count() == 2, "the draft begins with what is in force"
    with pytest.raises(ActionRefused, match="已经采纳"):
        expansion.take(offered, cast.user("county_drafter"), key=key())
    approve(draft)
    assert duty_of(offered).fulfilled_on == date(2026, 11, 22)


def test_who_took_it_over_does_not_approve_the_draft(cast: Any, offered: Expansion) -> None:
    expansion.take(offered, cast.user("county_drafter"), key=key())
    draft = CatalogueVersion.objects.get(catalogue=offered.catalogue, state="draft")
    from gongkai.catalogue.actions.base import editors_of

    assert cast.county_drafter.pk in editors_of(draft)


def test_a_draft_given_up_asks_again(cast: Any, offered: Expansion) -> None:
    expansion.take(offered, cast.user("county_drafter"), key=key())
    draft = CatalogueVersion.objects.get(catalogue=offered.catalogue, state="draft")
    catalogues.discard(draft, cast.user("county_drafter"), key=key())
    offered.refresh_from_db()
    assert duty_of(offered).fulfilled_on is None and expansion.decide_state(offered) == []
    expansion.take(offered, cast.user("county_drafter"), key=key())
    assert ItemStandard.objects.filter(item__origin=offered.origin).count() == 1
    assert Item.objects.filter(origin=offered.origin).count() == 1


def test_declined_it_says_why_and_the_duty_is_done(cast: Any, offered: Expansion) -> None:
    with pytest.raises(ActionRefused, match="不采纳的理由"):
        expansion.decline(offered, cast.user("county_drafter"), key=key(), reason="")
    expansion.decline(offered, cast.user("county_drafter"), key=key(), reason="本县没有这项职能")
    offered.refresh_from_db()
    assert (offered.state, offered.reason) == ("declined", "本县没有这项职能")
    assert duty_of(offered).fulfilled_on == date(2026, 11, 22)
    with pytest.raises(ActionRefused, match="已经决定不采纳"):
        expansion.decline(offered, cast.user("county_drafter"), key=key(), reason="再说一次")
    expansion.take(offered, cast.user("county_drafter"), key=key())  # minds may change
    offered.refresh_from_db()
    assert (offered.state, offered.reason) == ("taken", "")


@pytest.mark.parametrize("person", ["drafter", "openness_officer", "county_officer", "stranger", "nobody"])
def test_only_who_keeps_the_catalogue_decides(cast: Any, offered: Expansion, person: str) -> None:
    with pytest.raises(NotAllowed):
        expansion.decline(offered, cast.user(person), key=key(), reason="理由")
    with pytest.raises(NotAllowed):
        expansion.take(offered, cast.user(person), key=key())


def test_the_same_form_twice_takes_over_once(cast: Any, offered: Expansion) -> None:
    form = key()
    one, two = (expansion.take(offered, cast.user("county_drafter"), key=form) for _ in range(2))
    assert one.pk == two.pk and ItemStandard.objects.filter(item__origin=offered.origin).count() == 1


def test_what_the_superior_drops_is_asked_of_nobody(cast: Any, offered: Expansion) -> None:
    add(cast, "0001")
    offered.refresh_from_db()
    assert offered.state == "withdrawn" and duty_of(offered).replaced_on is not None
    with pytest.raises(ActionRefused, match="上级已经撤回"):
        expansion.take(offered, cast.user("county_drafter"), key=key())


def test_items_may_be_handed_down_one_by_one(cast: Any, below: Catalogue) -> None:
    version = add(cast, "0001", "0002")
    chosen = [row.item for row in version.standards.all()][:1]
    with pytest.raises(NotAllowed):
        expansion.hand_down(version.catalogue, chosen, cast.user("other_officer"), key=key())
    with pytest.raises(ActionRefused, match="请选择"):
        expansion.hand_down(version.catalogue, [], cast.user("drafter"), key=key())
    expansion.hand_down(version.catalogue, chosen, cast.user("drafter"), key=key())
    assert [row.origin for row in Expansion.objects.all()] == chosen
    with pytest.raises(ActionRefused, match="还没有同类目录"):
        expansion.hand_down(below, [Item.objects.get(catalogue=below)], cast.user("county_drafter"), key=key())


def test_the_limit_is_the_places_own(cast: Any, below: Catalogue) -> None:
    keeping.set_limits(cast.east, cast.user("county_officer"), key=key(), suggestion_days=None, expansion_days=3, review_cadence="")
    add(cast, "0001")
    add(cast, "0001", "0002")
    assert duty_of(Expansion.objects.get()).due_on == date(2026, 11, 25)


def test_it_costs_the_same_for_many_items_and_catalogues(cast: Any) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def cost(n: int) -> int:
        version = in_force(cast.office, *({"code": f"{k:04}", "level2": f"{n}-{k}"} for k in range(n)), kind="field", field=f"f{n}")
        with CaptureQueriesContext(connection) as seen:
            expansion.reach(version, version.standards.select_related("item"), None)
        assert Expansion.objects.filter(version=version).count() == 2 * n
        return len(seen)

    for n in (2, 12):
        for agency in (cast.east_office, cast.west_office):
            making.version(agency, rows=0, kind="field", field=f"f{n}")
    assert cost(12) <= cost(2) + 1
