"""Every public address × everybody: a decision for each, the same for the anonymous and for staff; lists that cost the same; twins."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from gongkai.agencies.models import Agency
from gongkai.conftest import PEOPLE, Cast
from gongkai.disclosure_requests.models import FrequentAnswer
from gongkai.disclosure_requests.public import urls
from gongkai.disclosure_requests.tests.cases import filed

WALL = "/requests/progress/"
"""Where who has no number and code is sent."""
READ: dict[str, tuple[list[Any], int]] = {
    "start": ([], 200),
    "form": (["990100-003"], 200),
    "receipt": ([], 302),
    "identity": (["990100-003"], 404),
    "identity_back": ([], 404),
    "challenge": ([], 200),
    "suggest": ([], 200),
    "seen": ([], 404),
    "answers": ([], 200),
    "answers_feed": (["json"], 200),
    "progress": ([], 200),
    "leave": ([], 405),
    "case": ([1], 302),
    "reply": ([1], 302),
    "clarify": ([1], 405),
    "reasons": ([1], 405),
    "withdraw": ([1], 405),
    "rate": ([1], 405),
    "letter": ([1, 1], 302),
    "file": ([1, 1], 302),
}
"""Address → arguments, and what a GET without number and code answers. There is no other road."""


def answer_of(cast: Cast, question: str = "低保标准是多少", **more: Any) -> FrequentAnswer:
    shown = {"published_at": timezone.now(), "reviewed_by": cast.reviewer} | more
    return FrequentAnswer.objects.create(agency=cast.reform, question=question, answer="见文件。", **shown)


def test_every_address_is_decided_here() -> None:
    assert {pattern.name for pattern in urls.urlpatterns} == set(READ)


@pytest.mark.parametrize("person", ["citizen", "nobody", *sorted(PEOPLE)])
def test_staff_are_nobody_here(cast: Cast, person: str) -> None:
    """The agency's own people read a case in the workbench, where each showing is noted; here the code alone opens."""
    case = filed(cast).request
    client = Client()
    if person != "citizen":
        client.force_login(cast.user(person))
    for name, (arguments, expected) in READ.items():
        args = [case.pk if one == 1 else one for one in arguments]
        found = client.get(reverse(f"requests:{name}", args=args))
        assert found.status_code == expected, name
        if name in ("case", "reply", "letter", "file"):
            assert found.url == WALL
    for name in ("clarify", "reasons", "withdraw", "rate"):
        assert client.post(reverse(f"requests:{name}", args=[case.pk])).url == WALL


def test_addresses_that_are_none(client: Client, db: None) -> None:
    for path in (
        "/requests/progress/0/",
        "/requests/progress/x/",
        "/requests/progress/99999999999999999999/",
        "/requests/answers/feed.xml",
    ):
        assert client.get(path).status_code == 404, path


def test_an_agency_is_found_by_its_names_and_shows_its_guide(client: Client, cast: Cast) -> None:
    found = client.get(reverse("requests:start"), {"q": "财政"}).content.decode()
    assert cast.finance.display_name in found
    assert cast.reform.display_name not in found
    shown = client.get(reverse("requests:start"), {"agency": cast.reform.code}).content.decode()
    for words in (
        "20</b> 个工作日",
        "最多再加 20 个工作日",
        "7 个工作日内一次性",
        "不收费",
        reverse("portal:platform:guide", args=[cast.reform.code]),
    ):
        assert words in shown, words
    assert "没有找到这样的机关" in client.get(reverse("requests:start"), {"q": "不存在的机关"}).content.decode()


def test_the_platform_and_the_navigation_lead_here(client: Client, cast: Cast) -> None:
    entry = f"{reverse('requests:start')}?agency={cast.reform.code}"
    assert entry in client.get(reverse("portal:platform:requests", args=[cast.reform.code])).content.decode()
    assert f'href="{reverse("requests:start")}"' in client.get(reverse("portal:home")).content.decode()
    assert reverse("requests:start") in client.get(reverse("portal:sitemap_part", args=["pages", 1])).content.decode()


def test_pages_of_a_case_are_not_for_search_engines(client: Client, cast: Cast) -> None:
    for name, args in (("form", [cast.reform.code]), ("progress", [])):
        found = client.get(reverse(f"requests:{name}", args=args))
        assert 'name="robots" content="noindex"' in found.content.decode()
        assert "no-store" in found["Cache-Control"]


def test_frequent_answers_and_their_twins(client: Client, cast: Cast) -> None:
    row = answer_of(cast)
    answer_of(cast, "没有公开的", published_at=None, reviewed_by=None)
    answer_of(cast, "已经撤下的", withdrawn_at=timezone.now())
    for where in (reverse("requests:answers"), *(reverse("requests:answers_feed", args=[fmt]) for fmt in ("atom", "json"))):
        found = client.get(where).content.decode()
        assert row.question in found
        assert "没有公开的" not in found
        assert "已经撤下的" not in found
    assert client.get(reverse("requests:answers"), {"agency": cast.finance.code}).content.decode().count(row.question) == 0
    tag = client.get(reverse("requests:answers_feed", args=["json"]))["ETag"]
    assert client.get(reverse("requests:answers_feed", args=["json"]), headers={"If-None-Match": tag}).status_code == 304


def test_lists_cost_the_same_however_long(cast: Cast) -> None:
    answer_of(cast)

    def cost(path: str) -> int:
        Client().get(path)
        with CaptureQueriesContext(connection) as queries:
            Client().get(path)
        return len(queries)

    paths = [reverse("requests:start"), reverse("requests:answers"), f"{reverse('requests:suggest')}?q=低保标准是多少"]
    before = [cost(path) for path in paths]
    Agency.objects.bulk_create(
        Agency(jurisdiction=cast.city, code=f"990100-{n}", name=f"清河市第{n}局", short_name=f"{n}局", kind="department")
        for n in range(100, 130)
    )
    for n in range(30):
        answer_of(cast, f"低保标准是多少之{n}")
    assert [cost(path) for path in paths] == before
    assert max(before) <= 8
