"""Every address of channels × every person, written out: a new one fails until somebody has decided who may open it."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from gongkai.channels import urls, urls_public
from gongkai.channels.models import Delivery
from gongkai.channels.tests.making import account, channel, published
from gongkai.conftest import Cast

REFORM = {"drafter", "reviewer", "secrecy_reviewer", "head"}
WORKING = REFORM - {"secrecy_reviewer"}
CITY = {"openness_officer", "openness_colleague"}
OFFICES = CITY | {"county_officer", "stranger"}
HEADS = {"reviewer", "head", "office_head", "other_head"}
SEES = REFORM | CITY
STAFF = SEES | {"office_drafter", "office_head", "other_officer", "other_head", "county_officer", "county_drafter", "stranger"}
PERSONS = [*sorted(STAFF), "nobody", "citizen"]
DIRECTS = {"reviewer", "head"} | CITY

READ: dict[str, tuple[set[str], dict[str, int], int]] = {
    # address: who opens it, who is answered otherwise, the other staff
    **dict.fromkeys(("home", "accounts", "accounts_export"), (STAFF, {}, 0)),
    **dict.fromkeys(("choose", "open"), (HEADS | OFFICES, {}, 403)),
    **dict.fromkeys(("channel", "export", "delivery", "account"), (SEES, {}, 404)),
    "change": (DIRECTS, dict.fromkeys(SEES - DIRECTS, 403), 404),
    **dict.fromkeys(("open_account", "import_accounts"), (OFFICES, {}, 403)),
}
WRITE: dict[str, tuple[set[str], int, dict[str, int], int]] = {
    # address: whose form is taken, its answer, who is answered otherwise, the other staff
    "open": (DIRECTS, 302, dict.fromkeys((HEADS | OFFICES) - DIRECTS, 422), 403),  # another's agency is no choice
    "change": (DIRECTS, 302, dict.fromkeys(SEES - DIRECTS, 403), 404),
    "switch": (DIRECTS, 302, dict.fromkeys(SEES - DIRECTS, 403), 404),
    "add_rule": (DIRECTS, 302, dict.fromkeys(SEES - DIRECTS, 403), 404),
    "remove_rule": (DIRECTS, 302, dict.fromkeys(SEES - DIRECTS, 403), 404),
    "verb gate": (DIRECTS, 302, dict.fromkeys(SEES - DIRECTS, 403), 404),
    "verb refuse": (DIRECTS, 302, dict.fromkeys(SEES - DIRECTS, 403), 404),
    "verb skip": (WORKING | CITY, 302, {"secrecy_reviewer": 403}, 404),
    "verb retry": (WORKING | CITY, 409, {"secrecy_reviewer": 403}, 404),  # nothing failed
    "verb post": (WORKING | CITY, 409, {"secrecy_reviewer": 403}, 404),  # not checked yet
    "verb take_down": (WORKING | CITY, 409, {"secrecy_reviewer": 403}, 404),
    "verb strange": (set(), 0, dict.fromkeys(SEES, 404), 404),
    "add": (WORKING | CITY, 302, {"secrecy_reviewer": 403}, 404),
    "open_account": (CITY, 302, dict.fromkeys(OFFICES - CITY, 422), 403),
    "import_accounts": (set(), 0, dict.fromkeys(OFFICES, 422), 403),
    "account_verb post": (WORKING | CITY, 302, {"secrecy_reviewer": 403}, 404),
    "account_verb change": (DIRECTS, 302, dict.fromkeys(SEES - DIRECTS, 403), 404),
    "account_verb state": (CITY, 302, dict.fromkeys(REFORM, 403), 404),
    "account_verb check": (CITY, 302, dict.fromkeys(REFORM, 403), 404),
    "account_verb strange": (set(), 0, dict.fromkeys(SEES, 404), 404),
}
GATES = dict.fromkeys(("political", "legal", "secrecy", "wording"), "on")


@pytest.fixture
def world(cast: Cast) -> dict[str, tuple[list[Any], dict[str, Any]]]:
    """Address → its arguments and a form that would be taken."""
    own = account(cast.reform)
    one = channel(cast.reform, "manual", medium="wechat", account=own, needs_gates=True, name="微信")
    edition = published(cast)
    row = Delivery.objects.get()
    row.edition.author = cast.nobody  # so that nobody of the cast is kept from the checks as drafter
    row.edition.save(update_fields=["author"])
    described = {"name": "新名", "medium": "wechat"}
    reason = {"reason": "理由"}
    return {
        **{name: ([], {}) for name in READ},
        "accounts_export": (["xlsx"], {}),
        "open": (["manual"], {**described, "agency": cast.reform.pk}),
        "channel": ([one.pk], {}),
        "export": ([one.pk, "csv"], {}),
        "change": ([one.pk], described),
        "switch": ([one.pk], {"on": "0"}),
        "add_rule": ([one.pk], {"genre": "notice"}),
        "remove_rule": ([one.pk, one.rules.get().pk], {}),
        "delivery": ([row.pk], {}),
        "verb gate": ([row.pk, "gate"], GATES),
        "verb refuse": ([row.pk, "refuse"], reason),
        "verb skip": ([row.pk, "skip"], reason),
        "verb retry": ([row.pk, "retry"], {}),
        "verb post": ([row.pk, "post"], {"address": "https://mp.example/1"}),
        "verb take_down": ([row.pk, "take_down"], {}),
        "verb strange": ([row.pk, "strange"], {}),
        "add": ([edition.document_id], {"channel": one.pk}),
        "open_account": (
            [],
            {"agency": cast.reform.pk, "platform": "weibo", "name": "号", "responsible": "王某", "opened_on": "2020-01-01"},
        ),
        "import_accounts": ([], {}),
        "account": ([own.pk], {}),
        "account_verb post": ([own.pk, "post"], {"title": "信息", "url": "https://a.example/1"}),
        "account_verb change": ([own.pk, "change"], {"name": "新名", "responsible": "李某"}),
        "account_verb state": ([own.pk, "state"], {"state": "closed", **reason}),
        "account_verb check": ([own.pk, "check"], {"on": "2026-01-05", "passed": "1"}),
        "account_verb strange": ([own.pk, "strange"], {}),
    }


def client_of(cast: Cast, person: str) -> Client:
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
    assert {pattern.name for pattern in urls.urlpatterns} == {name.split()[0] for name in (*READ, *WRITE)}
    assert {pattern.name for pattern in urls_public.urlpatterns} == {"accounts", "accounts_json", "accounts_csv"}


@pytest.mark.parametrize("person", PERSONS)
def test_who_reads_what(cast: Cast, world: Any, person: str) -> None:
    client = client_of(cast, person)
    found = {name: client.get(reverse(f"channels:{name}", args=world[name][0])).status_code for name in READ}
    assert found == {name: expected(person, who, 200, others, no) for name, (who, others, no) in READ.items()}


@pytest.mark.parametrize("person", PERSONS)
def test_whose_forms_are_taken(cast: Cast, world: Any, person: str) -> None:
    client = client_of(cast, person)
    found = {}
    for name in WRITE:
        args, form = world[name]
        with transaction.atomic():
            address = reverse(f"channels:{name.split()[0]}", args=args)
            found[name] = client.post(address, {"key": str(uuid.uuid4()), **form}).status_code
            transaction.set_rollback(True)
    assert found == {name: expected(person, who, yes, others, no) for name, (who, yes, others, no) in WRITE.items()}


@pytest.mark.parametrize("person", ["citizen", "nobody", "stranger"])
def test_what_anybody_reads(cast: Cast, world: Any, person: str) -> None:
    client = client_of(cast, person)
    assert {client.get(reverse(f"channels_public:{pattern.name}")).status_code for pattern in urls_public.urlpatterns} == {200}
