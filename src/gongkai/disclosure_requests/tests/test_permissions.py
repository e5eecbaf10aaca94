"""Every address of request_cases × the people of the cast: lists, pages, files, exports, verbs. Out of scope is 404."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, reverse

from gongkai.conftest import Cast
from gongkai.disclosure_requests import urls
from gongkai.disclosure_requests.actions import assigning, filing, mail
from gongkai.disclosure_requests.models import CaseFile, ContactTest, DisclosureRequest, IncomingMail
from gongkai.disclosure_requests.tests.cases import accepted, picture

PEOPLE = (
    *("drafter", "reviewer", "head", "colleague", "secrecy_reviewer"),
    *("openness_officer", "other_officer", "other_head", "county_officer", "stranger", "nobody", "citizen"),
)
"""`colleague` acts for the agency and is not assigned."""
OWN = ("drafter", "reviewer", "head", "colleague")
STAFF = tuple(person for person in PEOPLE if person not in ("nobody", "citizen"))


def table(who: tuple[str, ...], yes: int = 200, no: int = 404, **also: int) -> dict[str, int]:
    return {person: yes if person in who else no for person in PEOPLE} | {"citizen": 302, "nobody": 403} | also


READERS = (*OWN, "secrecy_reviewer")
HANDLERS = ("drafter", "reviewer", "head")
GETS = {
    "queue": table(STAFF),
    "export": table(STAFF),
    "case": table(READERS),
    "file": table(HANDLERS),
    "new": table(STAFF, secrecy_reviewer=403),
    "mails": table(STAFF),
    "mail": table(OWN),
    "mail_raw": table(OWN),
    "alarms": table(STAFF),
    "settings": table(("openness_officer",)),
}
POSTS = {
    "show": table(HANDLERS),
    "verb": table(HANDLERS, yes=302, secrecy_reviewer=403, colleague=403),
    "verb_on": table(HANDLERS, yes=302, secrecy_reviewer=403, colleague=403),
    "mail_aside": table(OWN, yes=302),
    "contact_test": table(OWN, yes=302),
    "contact_answered": table(OWN, yes=302),
}
ROOMS = ("handling", "intake")


def names(patterns: Any) -> Iterator[tuple[str, list[str], str]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from names(pattern.url_patterns)
        elif isinstance(pattern, URLPattern):
            yield str(pattern.name), list(pattern.pattern.converters), pattern.callback.__module__


def test_every_address_of_the_two_rooms_is_in_the_table() -> None:
    mine = {name for name, _converters, module in names(urls.urlpatterns) if module.split(".")[2] in ROOMS}
    assert mine == {*GETS, *POSTS}


@pytest.fixture
def case(cast: Cast) -> DisclosureRequest:
    from gongkai.agencies.models import Membership, User

    row = accepted(cast)
    assigning.assign(row, cast.head, key="a", task="检索", person=cast.drafter)
    colleague = User.objects.create(username="colleague", display_name="韩同事")
    Membership.objects.create(user=colleague, agency=cast.reform, role="drafter")
    return row


def client_of(cast: Cast, person: str) -> Client:
    from gongkai.agencies.models import User

    client = Client()
    if person == "colleague":
        client.force_login(User.objects.get(username="colleague"))
    elif person != "citizen":
        client.force_login(cast.user(person))
    return client


def address(cast: Cast, case: DisclosureRequest, name: str) -> str:
    arguments: dict[str, list[Any]] = {"export": ["csv"], "verb": [case.pk, "accept"], "contact_test": [cast.reform.pk]}
    if name == "file":
        proof = CaseFile.objects.filter(request=case).first() or _file(cast, case)
        arguments[name] = [proof.pk]
    elif name in ("mail", "mail_raw", "mail_aside"):
        mail.keep(cast.reform, b"From: a@example.cn\r\nMessage-ID: <1@example.cn>\r\n\r\nwords")
        arguments[name] = [IncomingMail.objects.get().pk]
    elif name == "settings":
        arguments[name] = [cast.city.pk]
    elif name == "contact_answered":
        test = ContactTest.objects.create(agency=cast.reform, address="a@example.cn", code=uuid.uuid4().hex[:8], sent_at=case.created_at)
        arguments[name] = [test.pk]
    elif name == "verb_on":
        arguments[name] = [case.pk, "take_back", case.assignments.get().pk]
    elif name in ("case", "show"):
        arguments[name] = [case.pk]
    return reverse(f"request_cases:{name}", args=arguments.get(name, []))


def _file(cast: Cast, case: DisclosureRequest) -> CaseFile:
    from gongkai.disclosure_requests.actions import intake

    intake.attach(case, cast.drafter, key="file", kind="found", files=[picture("found.png")])
    return CaseFile.objects.get()


@pytest.mark.parametrize("name", GETS)
def test_who_opens_what(cast: Cast, case: DisclosureRequest, name: str) -> None:
    where = address(cast, case, name)
    found = {person: client_of(cast, person).get(where).status_code for person in PEOPLE}
    assert found == GETS[name]


@pytest.mark.parametrize("name", POSTS)
def test_who_presses_what(cast: Cast, case: DisclosureRequest, name: str) -> None:
    """Everybody before those who may, so that the deed is not done already."""
    where = address(cast, case, name)
    DisclosureRequest.objects.filter(pk=case.pk).update(accepted_at=None)
    wanted = POSTS[name]
    data = {"reason": "理由", "code": "x"}
    refused = [person for person in PEOPLE if wanted[person] != max(wanted[p] for p in HANDLERS)]
    for person in refused:
        answer = client_of(cast, person).post(where, {"key": str(uuid.uuid4()), **data})
        assert answer.status_code == wanted[person], person
    assert case.assignments.get().ended_at is None
    assert client_of(cast, "drafter").post(where, {"key": str(uuid.uuid4()), **data}).status_code == wanted["drafter"]


def test_lists_and_exports_hold_what_is_in_scope(cast: Cast, case: DisclosureRequest) -> None:
    seen = {}
    for person in STAFF:
        client = client_of(cast, person)
        lists = [client.get(address(cast, case, name)).content.decode("utf-8", "replace") for name in ("queue", "export")]
        assert "赵" not in "".join(lists), "nothing of an applicant, to nobody"
        seen[person] = [case.number in words for words in lists]
    reads = {*OWN, "secrecy_reviewer", "openness_officer"}
    assert seen == {person: [person in reads] * 2 for person in STAFF}


def test_others_fail_on_every_road_to_a_case(cast: Cast, case: DisclosureRequest) -> None:
    """Of every room: an address that takes a number never gives the case to another agency, the county, or a visitor."""
    for name, converters, _module in names(urls.urlpatterns):
        if not converters:
            continue
        words = {
            "pk": case.pk,
            "on": 1,
            "source": 1,
            "number": 1,
            "verb": "accept",
            "step": "content",
            "fmt": "docx",
            "letter": "open",
            "name": "x",
        }
        where = reverse(f"request_cases:{name}", kwargs={key: words[key] for key in converters})
        for person in ("other_officer", "county_officer", "stranger", "citizen"):
            client = client_of(cast, person)
            for answer in (client.get(where), client.post(where, {"key": str(uuid.uuid4())})):
                assert case.number not in answer.content.decode("utf-8", "replace"), (name, person)
                assert "赵申请" not in answer.content.decode("utf-8", "replace"), (name, person)
    filing.withdraw(case, cast.head, key="still", reason="来电撤回")


def test_taking_down_for_another_agency_is_no_choice(cast: Cast) -> None:
    answer = client_of(cast, "drafter").post(
        reverse("request_cases:new"), {"key": str(uuid.uuid4()), "agency": cast.finance.pk, "channel": "counter", "name": "赵"}
    )
    assert answer.status_code == 422
    assert not DisclosureRequest.objects.exists()
