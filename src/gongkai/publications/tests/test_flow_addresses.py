"""Every address of reviewing and of the public documents × every person (architecture invariant 5); see tests/test_permissions.py."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from gongkai.catalogue.models import Column
from gongkai.conftest import PEOPLE, Cast
from gongkai.publications.actions import publishing, reviewing
from gongkai.publications.public.urls import urlpatterns as public_patterns
from gongkai.publications.tests.flowing import keys, next_edition, proposed, through

EVERYBODY = [*PEOPLE, "nobody", "citizen"]
REFORM = {"drafter", "reviewer", "secrecy_reviewer", "head"}
CITY_OFFICE = {"openness_officer", "openness_colleague"}
SEES = REFORM | CITY_OFFICE
CITY = REFORM | CITY_OFFICE | {"office_drafter", "office_head", "other_officer", "other_head"}
"""Staff of the city: they may read how its flow goes."""
ALL = set(PEOPLE)
READ: dict[str, set[str]] = {
    "reviewing:home": ALL,
    "reviewing:flows": ALL,
    "reviewing:flow": CITY,
    "reviewing:chart": CITY,
    "reviewing:column_flow": CITY,
    "reviewing:column_chart": CITY,
    "reviewing:edition": SEES,
}
WRITE = {
    **dict.fromkeys(("reviewing:review", "reviewing:determine", "reviewing:verb"), SEES),
    **dict.fromkeys(("reviewing:flow", "reviewing:column_flow"), CITY),
}
"""Who gets as far as the verb, which then answers for itself: 403, 409 or 422 for what is not his or not now, never 404."""
PUBLIC = {"list", "feed", "browse", "follow", "facet", "facet_value", "document", "document_json", "edition", "compare"}
PUBLIC_OWN = {"file", "edition_file", "subscription", "subscribe"}
"""Public too, with tests of their own (a file needs its copy, a subscription its link)."""


@pytest.fixture
def world(cast: Cast) -> dict[str, Any]:
    edition = proposed(cast)
    column = Column.objects.create(jurisdiction=cast.city, agency=cast.reform, slug="c", name="栏目")
    asked = reviewing.inquire(edition, cast.user("drafter"), key=keys(), question="问", to_words="保密局")
    first = publishing.publish(through(cast), cast.user("drafter"), key=keys())
    second = publishing.publish(next_edition(cast, first), cast.user("drafter"), key=keys())
    return {
        "pk": edition.pk,
        "place": cast.city.pk,
        "column": column.pk,
        "fmt": "svg",
        "step": "check",
        "verb": "recall",
        "inquiry": asked.pk,
        "document": second.document_id,
        "old": 1,
        "new": 2,
        "number": 1,
    }


def names_of(space: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}

    def walk(patterns: Any, inside: str) -> None:
        for one in patterns:
            if isinstance(one, URLResolver):
                walk(one.url_patterns, one.namespace or inside)
            elif isinstance(one, URLPattern) and inside == space and one.name:
                found[f"{space}:{one.name}"] = list(one.pattern.converters)

    walk(get_resolver().url_patterns, "")
    return found


def browser(cast: Cast, who: str) -> Client:
    client = Client()
    if who != "citizen":
        client.force_login(cast.user(who))
    return client


def test_every_address_has_its_row() -> None:
    assert set(names_of("reviewing")) == {*READ, *WRITE}
    rows = [one for one in public_patterns if isinstance(one, URLPattern)]
    mine = {one.name for one in rows if one.callback.__module__.endswith(("public.views", "public.listing", "public.follow_views"))}
    assert mine == PUBLIC | PUBLIC_OWN


def test_who_reads_what(cast: Cast, world: dict[str, Any]) -> None:
    arguments = names_of("reviewing")
    wrong = []
    for who in EVERYBODY:
        client = browser(cast, who)
        for name, people in READ.items():
            status = client.get(reverse(name, kwargs={key: world[key] for key in arguments[name]})).status_code
            expected = 302 if who == "citizen" else 403 if who == "nobody" else 200 if who in people else 404
            if status != expected:
                wrong.append(f"{who} {name}: {status}, expected {expected}")
    assert wrong == []


def test_who_gets_as_far_as_a_verb(cast: Cast, world: dict[str, Any]) -> None:
    arguments = names_of("reviewing")
    wrong = []
    for who in EVERYBODY:
        client = browser(cast, who)
        for name, people in WRITE.items():
            address = reverse(name, kwargs={key: world[key] for key in arguments[name]})
            if name == "reviewing:verb":
                address = address.replace("recall", "schedule")  # a form that is refused for its content, whoever sends it
            status = client.post(address, {"key": str(uuid.uuid4())}).status_code
            expected = {302} if who == "citizen" else {403} if who == "nobody" else {403, 409, 422} if who in people else {404}
            if status not in expected:
                wrong.append(f"{who} {name}: {status}, expected {expected}")
    assert wrong == []


def test_the_public_face_is_the_same_for_everybody(cast: Cast, world: dict[str, Any]) -> None:
    arguments = names_of("documents")
    given = {**world, "pk": world["document"], "fmt": "atom", "facet": "genres", "value": "notice"}
    wrong = []
    for who in EVERYBODY:
        client = browser(cast, who)
        for name in PUBLIC:
            address = reverse(f"documents:{name}", kwargs={key: given[key] for key in arguments[f"documents:{name}"]})
            if (status := client.get(address).status_code) != 200:
                wrong.append(f"{who} {name}: {status}")
    assert wrong == []
