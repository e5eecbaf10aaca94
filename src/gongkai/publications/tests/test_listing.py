"""/documents/ and the ways through it: every facet, its address, its feeds, its bad input, its cost."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from gongkai.catalogue.models import Column
from gongkai.conftest import Cast
from gongkai.publications.models import ValidityChange
from gongkai.publications.public.facets import BY_SLUG, FACETS
from gongkai.publications.public.listing import list_url
from gongkai.publications.tests.making import draft, live
from gongkai.twins.tests.rules import check_atom, check_json, check_twins


@pytest.fixture(autouse=True)
def fresh_cache() -> None:
    cache.clear()


def html(path: str, **query: Any) -> str:
    response = Client().get(path, query)
    assert response.status_code == 200, response.status_code
    return str(response.content.decode())


@pytest.fixture
def shelf(cast: Cast) -> dict[str, Any]:
    """One document of each value, told apart by title."""
    column = Column.objects.create(jurisdiction=cast.city, agency=cast.reform, slug="notices", name="通知公告")
    tax = live(cast.finance, cast.other_officer, kind="normative", title="税费减免办法", theme="0402", genre="notice")
    open_ = live(cast.reform, cast.drafter, title="公开工作要点", theme="0201", genre="opinion")
    open_.document.column = column
    open_.document.save()
    draft(cast.reform, cast.drafter, title="没有公开的草稿", theme="0402", genre="notice")
    return {"tax": tax, "open": open_, "column": column}


def test_every_facet_narrows_and_every_value_has_its_count(cast: Cast, shelf: dict[str, Any]) -> None:
    asked = {
        "agency": str(cast.finance.pk),
        "theme": "0402",
        "genre": "notice",
        "kind": "normative",
        "validity": "in_force",
    }
    for param, value in asked.items():
        shown = html("/documents/", **{param: value})
        assert "税费减免办法" in shown and "公开工作要点" not in shown, param
        assert "草稿" not in shown
    assert "公开工作要点" in html("/documents/", column=shelf["column"].pk)
    assert "税费减免办法" in html("/documents/themes/04/"), "a class holds its subclasses"
    browse = html("/documents/browse/")
    assert '财政、金融、审计</a>&nbsp;<span class="muted">1</span>' in browse
    for facet in BY_SLUG.values():
        assert Client().get(f"/documents/{facet.slug}/").status_code == 200, facet.slug


def test_a_value_has_an_address_of_its_own_with_a_way_up(cast: Cast, shelf: dict[str, Any]) -> None:
    page = html(f"/documents/agencies/{cast.finance.code}/")
    assert f"<h1>{cast.finance.name}</h1>" in page and "税费减免办法" in page
    sub = html("/documents/themes/0402/")
    assert '<a href="/documents/themes/04/">财政、金融、审计</a>' in sub and '<li aria-current="page">税务</li>' in sub
    listed = html("/documents/", theme="0402")
    assert '<link rel="canonical" href="http://testserver/documents/themes/0402/">' in listed, "one list is cited under one address"
    assert list_url({"theme": "02", "year": "2026"}) == "/documents/?theme=02&year=2026"
    moved = Client().get("/documents/themes/0402/?year=2026")
    assert moved.status_code == 302 and moved["Location"] == "/documents/?year=2026&theme=0402"


@pytest.mark.parametrize(
    "path", ["themes/97/", "themes/x/", "genres/nothing/", "years/1899/", "years/abcd/", "agencies/nobody/", "validity/none/"]
)
def test_a_value_that_cannot_be_is_no_address(db: None, path: str) -> None:
    assert Client().get(f"/documents/{path}").status_code == 404


def test_a_value_without_documents_says_what_to_do_next(cast: Cast) -> None:
    page = html("/documents/themes/05/")
    for words in ("没有符合条件的信息", "公开目录", "搜索"):
        assert words in page
    assert "公开目录写着这个领域" in html("/documents/fields/tax/")


@pytest.mark.parametrize("param", [*FACETS, "page"])
@pytest.mark.parametrize("value", ["x'\"<", "-1", "²", "9" * 400, "\x00", "1 or 1=1", "%", "1000000000"])
def test_senseless_conditions_do_not_narrow_and_are_said(shelf: dict[str, Any], param: str, value: str) -> None:
    shown = html("/documents/", **{param: value})
    if param not in ("page", "agency", "column", "field"):
        assert "没有用来筛选" in shown and "公开工作要点" in shown
    for fmt, check in (("atom", check_atom), ("json", check_json)):
        answer = Client().get(f"/documents/feed.{fmt}", {param: value})
        assert answer.status_code == 200
        check(answer.content)  # type: ignore[operator]


def test_a_page_number_of_a_billion_is_the_last(cast: Cast) -> None:
    for n in range(22):
        live(cast.reform, cast.drafter, title=f"第{n}号")
    shown = html("/documents/", page="1000000000")
    assert "第 2 / 2 页" in shown and "第0号" in shown
    assert '<link rel="canonical" href="http://testserver/documents/?page=2">' in shown


def test_the_list_and_its_values_are_feeds(cast: Cast, shelf: dict[str, Any]) -> None:
    hidden = live(cast.reform, cast.drafter, title="不予公开的事项", attribute="withheld", ground="secret", abstract="秘密内容")
    for page in (
        "/documents/",
        "/documents/themes/0402/",
        f"/documents/agencies/{cast.finance.code}/",
        "/documents/?genre=opinion&theme=02",
    ):
        check_twins(Client(), page)
    told = check_json(Client().get("/documents/feed.json").content)
    assert [item["title"] for item in told["items"]] == ["不予公开的事项", "公开工作要点", "税费减免办法"]
    assert told["items"][0]["content_text"] == "不予公开" and "秘密内容" not in str(told)
    assert told["items"][0]["url"].endswith(reverse("documents:document", args=[hidden.document_id]))
    only = check_json(Client().get("/documents/feed.json", {"theme": "0402"}).content)
    assert [item["title"] for item in only["items"]] == ["税费减免办法"]
    assert only["items"][0]["_gongkai"]["theme"] == "0402"


def test_the_state_is_that_of_today(cast: Cast, shelf: dict[str, Any]) -> None:
    ValidityChange.objects.create(
        document=shelf["tax"].document, effect="repealed", on="2026-01-01", cause_words="新办法", at="2026-01-01T00:00:00+08:00"
    )
    assert "税费减免办法" in html("/documents/validity/repealed/")
    assert "税费减免办法" not in html("/documents/validity/in_force/")


@pytest.mark.parametrize("path", ["", "themes/02/", "browse/", "feed.atom", "feed.json"])
def test_the_cost_does_not_grow(cast: Cast, path: str, django_assert_max_num_queries: Any) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    live(cast.reform, cast.drafter, theme="0201")
    path = f"/documents/{path}"
    with CaptureQueriesContext(connection) as few:
        Client().get(path)
    for n in range(30):
        live(cast.reform, cast.drafter, theme="0201", title=f"第{n}号")
    cache.clear()
    with CaptureQueriesContext(connection) as many:
        Client().get(path)
    assert len(many) <= len(few) + 1, "the count of more than a page, nothing else"
    with django_assert_max_num_queries(1):
        Client().get(path)  # kept: the last deeds, and no more
