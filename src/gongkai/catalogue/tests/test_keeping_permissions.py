"""Every address of the living catalogue × every person, written out: a new one fails until somebody has decided who may open it."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from gongkai.agencies.models import Agency
from gongkai.catalogue import negative, sectors, sites, suggestions, urls_keeping, urls_keeping_public
from gongkai.catalogue.models import Expansion
from gongkai.catalogue.tests.keeping_making import in_force

REFORM = {"drafter", "reviewer", "secrecy_reviewer", "head"}
WORKING = REFORM - {"secrecy_reviewer"}
CITY = {"openness_officer", "openness_colleague"}
OFFICES = CITY | {"county_officer", "stranger"}
SEES = REFORM | CITY
CITY_STAFF = SEES | {"office_drafter", "office_head", "other_officer", "other_head"}
STAFF = CITY_STAFF | {"county_officer", "county_drafter", "stranger"}
PERSONS = [*sorted(STAFF), "nobody", "citizen"]
SEES_OFFER = REFORM | CITY | {"county_officer", "county_drafter"}
"""Who sees the item of 市发改委 that was offered to 东山县财政局: those two, and the offices above the latter."""

READ: dict[str, tuple[set[str], dict[str, int], int]] = {
    # address: who opens it, who is answered otherwise, the other staff
    **dict.fromkeys(("home", "states", "states_export", "negative", "negative_export", "negative_match"), (STAFF, {}, 0)),
    **dict.fromkeys(("expansions", "expansions_export", "suggestions", "sectors", "sites", "site_checks"), (STAFF, {}, 0)),
    "item": (SEES, {}, 404),
    "limits": (CITY | {"office_head"}, dict.fromkeys(CITY_STAFF - CITY - {"office_head"}, 403), 404),
    "negative_propose": (STAFF - {"secrecy_reviewer"}, {"secrecy_reviewer": 403}, 0),
    "negative_class": (SEES, {}, 404),
    "expansion": (SEES_OFFER, {}, 404),
    "hand_down": (WORKING | CITY, {"secrecy_reviewer": 403}, 404),
    "suggestion": (SEES, {}, 404),
    "set_body": (OFFICES, {}, 403),
    "open_site": (OFFICES, {}, 403),
    "site": (SEES, {}, 404),
}
WRITE: dict[str, tuple[set[str], int, dict[str, int], int]] = {
    # address: whose form is taken, its answer, who is answered otherwise, the other staff
    "limits": (CITY | {"office_head"}, 302, dict.fromkeys(CITY_STAFF - CITY - {"office_head"}, 403), 404),
    "negative_propose": ({"drafter", "reviewer", "head"}, 302, {"secrecy_reviewer": 403}, 422),  # another's agency is no choice
    "negative_match": (STAFF, 200, {}, 0),
    "negative_verb approve": (CITY, 302, dict.fromkeys(REFORM, 403), 404),
    "negative_verb review": ({"reviewer", "head"}, 409, dict.fromkeys(SEES - {"reviewer", "head"}, 403), 404),  # not listed yet
    "negative_verb remove": ({"reviewer", "head"} | CITY, 409, {"drafter": 403, "secrecy_reviewer": 403}, 404),
    "negative_verb refuse": (CITY, 302, dict.fromkeys(REFORM, 403), 404),
    "negative_verb strange": (set(), 0, dict.fromkeys(SEES, 404), 404),
    "expansion_verb take": ({"county_drafter"}, 302, dict.fromkeys(SEES_OFFER - {"county_drafter"}, 403), 404),
    "expansion_verb decline": ({"county_drafter"}, 302, dict.fromkeys(SEES_OFFER - {"county_drafter"}, 403), 404),
    "hand_down": (WORKING | CITY, 302, {"secrecy_reviewer": 403}, 404),
    "suggestion": (WORKING, 302, dict.fromkeys(CITY | {"secrecy_reviewer"}, 403), 404),
    "set_body": (CITY, 302, dict.fromkeys(OFFICES - CITY, 422), 403),
    "make_sector": (WORKING | CITY, 302, {"secrecy_reviewer": 403}, 404),
    "open_site": (CITY, 302, dict.fromkeys(OFFICES - CITY, 422), 403),
    "site_verb change": (CITY, 302, dict.fromkeys(REFORM, 403), 404),
    "site_verb merge": (CITY, 422, dict.fromkeys(REFORM, 403), 404),  # no other site to merge into
    "site_verb close": (CITY, 302, dict.fromkeys(REFORM, 403), 404),
}
PUBLIC = ("negative", "negative_export", "expansions", "sectors", "sector", "sites", "suggest", "find_suggestion", "suggestion")


@pytest.fixture
def world(cast: Any) -> dict[str, tuple[list[Any], dict[str, Any]]]:
    """Address → its arguments and a form that would be taken."""
    officer = cast.user("openness_officer")
    in_force(cast.east_finance, {"level2": "县里的"}, kind="field", field="water")
    version = in_force(cast.reform, {"code": "0001"}, kind="field", field="water")
    version = in_force(cast.reform, {"code": "0001"}, {"code": "0002"}, kind="field", field="water")
    item = version.standards.get(item__code="0001").item
    note = suggestions.submit(item, key=suggestions.new_key(item), text="请早一点发布停水通知", sender="")
    listed = negative.propose(cast.reform, cast.user("drafter"), key="k1", name="过程稿", description="说明", clause="16.draft")
    works = Agency.objects.create(jurisdiction=cast.city, code="990100-901", name="清河市自来水公司", kind="public")
    body = sectors.set_body(works, officer, key="k2", sector="water", supervisor=cast.reform)
    site = sites.open_site(cast.reform, officer, key="k3", name="发改委网站", host="fgw.qinghe.gov.cn", kind="department")
    offer = Expansion.objects.get(origin__code="0002")
    ending = {"reason": "整合", "notice_url": "https://a.gov.cn/1", "archive": "市档案馆"}
    one, site_of = [listed.pk], [site.pk]
    return {
        **{name: ([], {}) for name in READ},
        "states_export": (["xlsx"], {}),
        "negative_export": (["csv"], {}),
        "expansions_export": (["xlsx"], {}),
        "item": ([item.pk], {}),
        "limits": ([cast.city.pk], {"suggestion_days": 5}),
        "negative_propose": ([], {"agency": cast.reform.pk, "name": "甲类", "description": "乙", "clause": "16.letter"}),
        "negative_match": ([], {"text": "送审稿"}),
        "negative_class": (one, {}),
        "negative_verb approve": ([*one, "approve"], {}),
        "negative_verb review": ([*one, "review"], {"conclusion": "keep", "reason": "理由"}),
        "negative_verb remove": ([*one, "remove"], {"reason": "理由"}),
        "negative_verb refuse": ([*one, "refuse"], {"reason": "理由"}),
        "negative_verb strange": ([*one, "strange"], {}),
        "expansion": ([offer.pk], {}),
        "expansion_verb take": ([offer.pk, "take"], {}),
        "expansion_verb decline": ([offer.pk, "decline"], {"reason": "没有这项职能"}),
        "hand_down": ([version.catalogue_id], {"rows": [version.standards.get(item__code="0001").pk]}),
        "suggestion": ([note.pk], {"outcome": "adopted", "words": "已经采纳您的建议"}),
        "set_body": ([], {"agency": works.pk, "sector": "gas"}),
        "make_sector": ([body.pk], {}),
        "open_site": ([], {"agency": cast.reform.pk, "name": "新站", "host": "new.qinghe.gov.cn", "kind": "special"}),
        "site": (site_of, {}),
        "site_verb change": ([*site_of, "change"], {"name": "新名", "kind": "department"}),
        "site_verb merge": ([*site_of, "merge"], ending),
        "site_verb close": ([*site_of, "close"], ending),
        "public": ([item.pk], {"code": note.code}),
    }


def client_of(cast: Any, person: str) -> Client:
    client = Client()
    if person != "citizen":
        client.force_login(cast.user(person))
    return client


def expected(person: str, who: set[str], yes: int, others: dict[str, int], no: int) -> int:
    if person == "citizen":
        return 302
    if person == "nobody":
        return 403
    return yes if person in who else others.get(person, no)


def test_every_address_is_in_the_table() -> None:
    names = {pattern.name for pattern in urls_keeping.urlpatterns}
    tabled = {name.split()[0] for name in (*READ, *WRITE)}
    assert names == tabled
    assert {pattern.name for pattern in urls_keeping_public.urlpatterns} == set(PUBLIC)


@pytest.mark.parametrize("person", PERSONS)
def test_who_reads_what(cast: Any, world: Any, person: str) -> None:
    client = client_of(cast, person)
    found = {name: client.get(reverse(f"catalogue_keeping:{name}", args=world[name][0])).status_code for name in READ}
    assert found == {name: expected(person, who, 200, others, no) for name, (who, others, no) in READ.items()}


@pytest.mark.parametrize("person", PERSONS)
def test_whose_forms_are_taken(cast: Any, world: Any, person: str) -> None:
    client = client_of(cast, person)
    found = {}
    for name in WRITE:
        args, form = world[name]
        with transaction.atomic():
            address = reverse(f"catalogue_keeping:{name.split()[0]}", args=args)
            found[name] = client.post(address, {"key": str(uuid.uuid4()), **form}).status_code
            transaction.set_rollback(True)
    assert found == {name: expected(person, who, yes, others, no) for name, (who, yes, others, no) in WRITE.items()}


@pytest.mark.parametrize("person", ["citizen", "nobody", "stranger"])
def test_what_anybody_reads(cast: Any, world: Any, person: str) -> None:
    client, (args, more) = client_of(cast, person), world["public"]
    addresses = {"negative_export": ["xlsx"], "sector": ["water"], "suggest": args, "suggestion": [more["code"]]}
    found = {name: client.get(reverse(f"catalogue_kept:{name}", args=addresses.get(name, []))).status_code for name in PUBLIC}
    assert set(found.values()) == {200}


def test_strange_numbers_and_formats_are_no_address(cast: Any, world: Any) -> None:
    client = client_of(cast, "openness_officer")
    for address in ("items/999999/", "negative/999999/", "expansions/999999/", "suggestions/999999/", "sites/999999/", "items.exe"):
        assert client.get(f"/work/catalogue/keeping/{address}").status_code == 404, address
    assert Client().get("/catalogue/items/999999/suggest/").status_code == 404
    assert Client().get("/catalogue/negative.exe").status_code == 404
