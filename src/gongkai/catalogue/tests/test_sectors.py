"""公共企事业单位: eight sectors as data, a body of a sector, a catalogue from its items, gaps for who supervises it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import time_machine

from gongkai.agencies.errors import ActionRefused, NotAllowed
from gongkai.agencies.models import Agency
from gongkai.catalogue import sectors
from gongkai.catalogue.actions import catalogues
from gongkai.catalogue.limits import parse_limit
from gongkai.catalogue.models import Catalogue, PublicBody
from gongkai.catalogue.reporting import report_of
from gongkai.catalogue.rulebook import standard
from gongkai.catalogue.tests.keeping_making import approve, fake_publications, key
from gongkai.obligations import proving
from gongkai.obligations.models import Obligation

TODAY = date(2026, 11, 22)
EIGHT = ["教育", "卫生健康", "供水", "供电", "供气", "供热", "环境保护", "公共交通"]


@pytest.fixture(autouse=True)
def _today() -> Any:
    with time_machine.travel("2026-11-22 02:00:00+00:00"):
        yield


@pytest.fixture
def works(cast: Any) -> Agency:
    return Agency.objects.create(jurisdiction=cast.city, code="990100-901", name="清河市自来水公司", kind="public")


@pytest.fixture
def body(cast: Any, works: Agency) -> PublicBody:
    return sectors.set_body(works, cast.user("openness_officer"), key=key(), sector="water", supervisor=cast.reform)


def test_the_eight_sectors_of_article_55_with_items_that_say_their_limit() -> None:
    assert [row.name for row in sectors.sectors().values()] == EIGHT
    for row in sectors.sectors().values():
        assert len(row.items) >= 6 and row.signs and row.supervisor
        for item in row.items:
            assert item.elements and item.limit and (not item.cycle or item.cycle in standard().names("cycle")), item
    assert "第五十五条" in sectors.basis() and "〔2020〕50号" in sectors.basis()
    assert sectors.table()["rules_certainty"] == "memory" and sectors.table()["items_certainty"] == "own"


@pytest.mark.parametrize(
    ("name", "sector"), [("清河市第一中学", "education"), ("清河市人民医院", "health"), ("清河市热力公司", "heating"), ("清河市某公司", "")]
)
def test_a_name_suggests_a_sector(name: str, sector: str) -> None:
    assert sectors.suggested(name) == sector


def test_only_a_public_body_is_of_a_sector_and_the_office_says_of_which(cast: Any, works: Agency) -> None:
    with pytest.raises(NotAllowed):
        sectors.set_body(works, cast.user("drafter"), key=key(), sector="water", supervisor=None)
    with pytest.raises(ActionRefused, match="不是公共企事业单位"):
        sectors.set_body(cast.finance, cast.user("openness_officer"), key=key(), sector="water", supervisor=None)
    with pytest.raises(ActionRefused, match="第五十五条"):
        sectors.set_body(works, cast.user("openness_officer"), key=key(), sector="telecom", supervisor=None)
    with pytest.raises(ActionRefused, match="它自己"):
        sectors.set_body(works, cast.user("openness_officer"), key=key(), sector="water", supervisor=works)
    sectors.set_body(works, cast.user("openness_officer"), key=key(), sector="gas", supervisor=None)
    again = sectors.set_body(works, cast.user("openness_officer"), key=key(), sector="water", supervisor=cast.reform)
    assert PublicBody.objects.get() == again and again.sector == "water"


def test_one_press_makes_the_sectors_catalogue_which_the_validator_passes(cast: Any, body: PublicBody) -> None:
    version = sectors.make_catalogue(body, cast.user("drafter"), key=key())
    assert (version.catalogue.kind, version.catalogue.field, version.catalogue.agency) == ("sector", "water", body.agency)
    assert version.standards.count() == len(sectors.sectors()["water"].items)
    assert report_of(version).reasons == []
    first = version.standards.first()
    assert first is not None and "第五十五条" in first.basis and first.limit == parse_limit(first.limit_words).limit
    with pytest.raises(ActionRefused, match="已经有行业目录"):
        sectors.make_catalogue(body, cast.user("drafter"), key=key())
    with pytest.raises(NotAllowed):  # who made it does not approve it
        catalogues.approve(version, cast.user("drafter"), key=key())
    catalogues.approve(version, cast.user("openness_officer"), key=key())
    assert Obligation.objects.filter(owner=body.agency, source="catalogue").count() == version.standards.count()


@pytest.mark.parametrize("sector", list(sectors.sectors()))
def test_every_sectors_template_passes_the_validator(cast: Any, works: Agency, sector: str) -> None:
    body = sectors.set_body(works, cast.user("openness_officer"), key=key(), sector=sector, supervisor=None)
    assert report_of(sectors.make_catalogue(body, cast.user("openness_officer"), key=key())).reasons == []


@pytest.mark.parametrize("person", ["other_officer", "secrecy_reviewer", "county_officer", "nobody"])
def test_others_make_no_catalogue_for_it(cast: Any, body: PublicBody, person: str) -> None:
    with pytest.raises(NotAllowed):
        sectors.make_catalogue(body, cast.user(person), key=key())
    assert not Catalogue.objects.exists()


def test_who_supervises_sees_what_is_missing(cast: Any, body: PublicBody, monkeypatch: pytest.MonkeyPatch) -> None:
    people = ("drafter", "openness_officer", "other_officer", "county_officer", "nobody")
    assert {p for p in people if sectors.bodies_for(cast.user(p)).exists()} == {"drafter", "openness_officer"}
    (row,) = sectors.rows_of([body], TODAY)
    assert row.catalogue is None and row.version is None and row.figures == []
    version = approve(sectors.make_catalogue(body, cast.user("drafter"), key=key()))
    pages = fake_publications(monkeypatch)
    item = version.standards.first().item
    duty = Obligation.objects.get(source="catalogue", subject_id=item.pk)
    proving.record_proves(duty, *pages.publish(1, TODAY, body.agency, item.pk))
    (row,) = sectors.rows_of([body], TODAY)
    total = version.standards.count()
    assert {f["code"]: f["n"] for f in row.figures} == {"never": total - 1, "fresh": 1} and row.gaps == total - 1


def test_the_table_costs_the_same_for_many_bodies(cast: Any, django_assert_max_num_queries: Any) -> None:
    for n in range(5):
        agency = Agency.objects.create(jurisdiction=cast.city, code=f"990100-91{n}", name=f"清河市第{n}中学", kind="public")
        made = sectors.set_body(agency, cast.user("openness_officer"), key=key(), sector="education", supervisor=None)
        approve(sectors.make_catalogue(made, cast.user("openness_officer"), key=key()))
    with django_assert_max_num_queries(7):
        rows = sectors.rows_of(PublicBody.objects.select_related("agency__jurisdiction", "supervisor"), TODAY)
        assert len(rows) == 5 and all(row.standards for row in rows)


def test_the_public_pages_of_the_sectors(cast: Any, body: PublicBody, client: Any) -> None:
    approve(sectors.make_catalogue(body, cast.user("drafter"), key=key()))
    page = client.get("/catalogue/sectors/").content.decode()
    assert all(name in page for name in EIGHT)
    water = client.get("/catalogue/sectors/water/").content.decode()
    assert body.agency.name in water and "水质检测" in water and cast.reform.name in water
    assert "这个行业还没有登记单位" in client.get("/catalogue/sectors/gas/").content.decode()
    assert client.get("/catalogue/sectors/telecom/").status_code == 404
