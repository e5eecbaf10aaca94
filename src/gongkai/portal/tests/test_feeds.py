"""Every public list has its twins; every public page names itself, its column and its card, however it is asked."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from gongkai.conftest import Cast
from gongkai.portal.feeds import LISTS
from gongkai.publications.models import Document, Topic, TopicEntry
from gongkai.publications.tests.making import live
from gongkai.twins.tests.rules import check_atom, check_json, check_twins

PAGES = ("/plans/", "/documents/topics/", "/documents/lists/", "/documents/valid/", "/journal/", "/accountability/")
PAGES += ("/catalogue/expansions/", "/catalogue/negative/", "/documents/", "/")


@pytest.fixture
def city(cast: Cast, issued_plan: Any) -> dict[str, str]:
    """Addresses of one page of every shape, by what they are."""
    cache.clear()
    plan = issued_plan(title="公开工作要点")
    edition = live(cast.reform, cast.drafter, kind="normative", title="办法", theme="0201", genre="notice", abstract="说什么")
    rows = live(cast.reform, cast.drafter, kind="list", title="清单一张", rows=[{"名称": "甲"}])
    Document.objects.filter(pk=rows.document_id).update(list_kind="powers")
    topic = Topic.objects.create(jurisdiction=cast.city, agency=cast.reform, kind="topic", title="税费专题", opened_at=edition.published_at)
    TopicEntry.objects.create(topic=topic, document=edition.document, position=1)
    return {
        "document": f"/documents/{edition.document_id}/",
        "list_table": f"/documents/lists/{rows.document_id}/",
        "topic": f"/documents/topics/{topic.pk}/",
        "plan": f"/plans/{plan.pk}/",
        "plan_text": f"/plans/{plan.pk}/document/",
        "facet": "/documents/themes/02/",
        "facets": "/documents/themes/",
        "browse": "/documents/browse/",
        "follow": "/documents/follow/",
    }


@pytest.mark.parametrize("name", sorted(LISTS))
def test_a_list_is_a_valid_feed_even_when_it_is_empty(db: None, name: str) -> None:
    cache.clear()
    for fmt, check in (("atom", check_atom), ("json", check_json)):
        query = {"topic": "1"} if name == "topic" else {}
        answer = Client().get(f"/feeds/{name}.{fmt}", {**query, "page": "1000000000"})
        if name == "topic":
            assert answer.status_code == 404
        else:
            assert answer.status_code == 200
            check(answer.content)  # type: ignore[operator]
    assert Client().get(f"/feeds/{name}.exe").status_code == 404


def test_the_pages_name_their_twins(city: dict[str, str]) -> None:
    for page in (*PAGES, city["topic"], city["facet"]):
        check_twins(Client(), page)
    told = check_json(Client().get("/feeds/plans.json").content)
    assert [item["title"] for item in told["items"]] == ["公开工作要点"]
    topic = re.search(r"\d+", city["topic"])
    assert topic is not None
    in_topic = check_json(Client().get("/feeds/topic.json", {"topic": topic[0]}).content)
    assert [item["title"] for item in in_topic["items"]] == ["办法"]


def test_a_reader_that_never_stops_costs_a_304_each_time(city: dict[str, str], django_assert_max_num_queries: Any) -> None:
    for path in ("/documents/feed.atom", "/feeds/plans.atom", "/feeds/valid.json"):
        first = Client().get(path)
        with django_assert_max_num_queries(2 * 50):
            for _n in range(50):
                assert Client().get(path, headers={"if-none-match": first["ETag"]}).status_code == 304


def test_every_page_names_itself_its_column_and_its_card(city: dict[str, str]) -> None:
    """The tags of 政府网站发展指引 (国办发〔2017〕47号) 附件, and what a shared page shows of itself."""
    more = ("/agencies", "/accessibility", "/sitemap", "/catalogue/", "/catalogue/sectors/", "/catalogue/sites/")
    wrong = []
    for path in (*PAGES, *more, *city.values()):
        response = Client().get(path)
        html = response.content.decode()
        assert response.status_code == 200, path
        for name in ("SiteName", "SiteDomain", "SiteIDCode", "ColumnName", "ColumnDescription", "ColumnKeywords", "ColumnType"):
            if len(re.findall(rf'<meta name="{name}" content="[^"]+"', html)) != 1:
                wrong.append((path, name))
        for name in ("og:title", "og:description", "og:type", "og:url", "og:site_name"):
            if len(re.findall(rf'<meta property="{name}" content="[^"]+"', html)) != 1:
                wrong.append((path, name))
        for tag in ('<html lang="zh-CN"', '<link rel="canonical" href="http://testserver/', "<title>"):
            if html.split("</head>")[0].count(tag) != 1:
                wrong.append((path, tag))
        if path != "/" and 'aria-label="当前位置"' not in html:
            wrong.append((path, "crumbs"))
    for name in ("document", "plan", "plan_text"):
        html = Client().get(city[name]).content.decode()
        for tag in ("ArticleTitle", "PubDate", "ContentSource", "Url"):
            if len(re.findall(rf'<meta name="{tag}" content="[^"]+"', html)) != 1:
                wrong.append((name, tag))
        if not re.search(r'<meta name="PubDate" content="\d{4}-\d\d-\d\d \d\d:\d\d">', html):
            wrong.append((name, "PubDate is YYYY-MM-DD HH:MM"))
    assert wrong == []


def test_a_topic_and_a_document_have_a_code_for_a_phone(city: dict[str, str]) -> None:
    for name in ("document", "topic"):
        assert "本页二维码" in Client().get(city[name]).content.decode()
