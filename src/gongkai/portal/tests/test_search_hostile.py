"""Anything may be typed, chosen or asked for, at any moment: a clear page, never 500, never a false “nothing found”."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from gongkai.catalogue.models import Catalogue, CatalogueVersion, Item, ItemStandard
from gongkai.portal import entries, searching
from gongkai.portal.entries import RequestEntry
from gongkai.publications.models import Edition
from gongkai.publications.tests.making import live
from gongkai.search import keeping, log


@pytest.fixture(autouse=True)
def index_folder(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(keeping, "_opened", None)
    return tmp_path / "search"


@pytest.fixture
def archive(cast: Any) -> list[Edition]:
    made = [
        live(cast.reform, cast.drafter, title="清河市城市供热管理办法", theme="1001", doc_number="清政办发〔2025〕8号"),
        live(cast.finance, cast.other_officer, title="供热补贴资金公告", theme="0401"),
        live(cast.finance, cast.other_officer, title="供热收费标准", theme="0401"),
    ]
    keeping.rebuild()
    return made


def shown(page: Any) -> list[str]:
    return [line.shown.title for line in page.context["results"].lines]


HOSTILE = [
    {"q": "热" * 10_000},
    {"q": "热"},
    {"q": "*"},
    {"q": "供*"},
    {"q": '"供热'},
    {"q": "“供热"},
    {"q": '"""'},
    {"q": "供热 AND OR NOT ()"},
    {"q": "供\x00热\x01\x1b"},
    {"q": "\u202e供热\u200b"},
    {"q": "供热\ud800".encode("utf-8", "surrogatepass")},
    {"q": "title:供热^5~2"},
    {"q": "供热", "page": "1000000000"},
    {"q": "供热", "page": "9" * 5000},
    {"q": "供热", "agency": "9" * 39},
    {"q": "供热", "agency": "²"},
    {"q": "供热", "year": "' or 1=1"},
    {"q": "供热", "kind": "\x00"},
    {"q": "供热", "validity": "x" * 5000},
    {"q": "供热", "agency": [str(n) for n in range(900)]},
    {"q": "供热", "order": "sideways"},
    {"agency": "1"},
]


@pytest.mark.parametrize("asked", HOSTILE, ids=[str(n) for n in range(len(HOSTILE))])
@pytest.mark.parametrize("path", ["/search", "/search.json", "/search/suggest"])
def test_anything_is_answered(client: Client, archive: list[Edition], path: str, asked: dict[str, Any]):
    answer = client.get(path, asked)
    assert answer.status_code in (200, 400), answer.content[:300]
    if answer.status_code == 400:
        assert path == "/search.json" and "最多" in json.loads(answer.content)["error"]


def test_a_page_of_a_billion_is_the_last(client: Client, archive: list[Edition]):
    page = client.get("/search", {"q": "供热", "page": "1000000000"})
    assert len(shown(page)) == 3 and page.context["results"].page == 1


def test_what_was_chosen_and_has_nothing_is_not_nothing_found(client: Client, archive: list[Edition]):
    for chosen in ({"agency": "987654"}, {"year": "1901"}, {"kind": "nonsense"}):
        page = client.get("/search", {"q": "供热", **chosen})
        html = page.content.decode()
        assert page.context["results"].elsewhere == 3
        assert "没有找到" not in html and "不限条件有 3 条" in html and "全部条件" in html
        assert page.context["results"].chips


def test_what_was_withdrawn_is_hidden_at_once_everywhere(client: Client, archive: list[Edition]):
    """The index has not heard of it: the list, its JSON twin and the suggestions ask the database; the page says why it is shorter."""
    Edition.objects.filter(pk=archive[0].pk).update(state=Edition.State.WITHDRAWN)
    page = client.get("/search", {"q": "城市供热管理"})
    html = page.content.decode()
    assert shown(page) == [] and "刚刚撤下" in html
    assert "没有找到" not in html and "清河市城市供热管理办法" not in html
    assert json.loads(client.get("/search.json", {"q": "城市供热管理"}).content)["results"] == []
    assert json.loads(client.get("/search/suggest", {"q": "供热管理"}).content)[1] == []
    log.changed("document", [archive[0].document_id])
    keeping.feed()
    assert "没有找到" in client.get("/search", {"q": "城市供热管理"}).content.decode()


def test_conditions_are_chips_that_go_one_by_one(client: Client, archive: list[Edition], cast: Any):
    asked = {"q": "供热", "theme": "04", "agency": str(cast.finance.pk)}
    page = client.get("/search", asked)
    found = page.context["results"]
    assert found.total == 2
    assert [chip.label.split("：")[0] for chip in found.chips] == ["机关", "主题"]
    assert client.get("/search" + found.chips[0].url).context["results"].chosen == {"theme": ["04"]}
    assert client.get("/search" + found.plain_url).context["results"].chosen == {}
    agencies = next(facet for facet in found.facets if facet.label == "机关")
    assert {choice.n for choice in agencies.choices} == {2}, "counted within the theme, whatever agency is chosen"
    page = client.get("/search", {"q": "供热", "agency": str(cast.finance.pk)})
    agencies = next(facet for facet in page.context["results"].facets if facet.label == "机关")
    assert sorted(choice.n for choice in agencies.choices) == [1, 2], "another agency can still be chosen"


def test_every_combination_costs_the_same(client: Client, archive: list[Edition], cast: Any, django_assert_max_num_queries: Any):
    for n in range(25):
        live(cast.reform, cast.drafter, title=f"供热公告 {n}", theme="1001")
    keeping.rebuild()
    agencies = [str(cast.finance.pk), str(cast.reform.pk)]
    for more in (
        {},
        {"theme": "10"},
        {"agency": agencies},
        {"agency": agencies, "theme": ["10", "04"], "kind": "document", "year": "2026"},
    ):
        with django_assert_max_num_queries(14):
            client.get("/search", {"q": "供热", **more})


def test_suggestions_are_short_few_and_cheap(client: Client, archive: list[Edition], cast: Any, django_assert_max_num_queries: Any):
    for n in range(30):
        live(cast.reform, cast.drafter, title=f"供热公告第{n}号" + "很长的标题" * 30)
    keeping.rebuild()
    with django_assert_max_num_queries(4):
        typed, titles = json.loads(client.get("/search/suggest", {"q": "供热公告"}).content)
    assert typed == "供热公告" and len(titles) == searching.SUGGESTED
    assert all(len(title) <= searching.LONGEST_SUGGESTION for title in titles)
    for title in titles:
        assert client.get("/search", {"q": title}).context["results"].total == 1, "what is suggested is found"
    assert json.loads(client.get("/search/suggest", {"q": "供" * 5000}).content)[1] == []


def test_nothing_found_leads_to_the_catalogue_and_to_a_request(client: Client, cast: Any, monkeypatch: pytest.MonkeyPatch):
    catalogue = Catalogue.objects.create(jurisdiction=cast.city, agency=cast.finance, kind="agency", title="市财政局公开目录")
    item = Item.objects.create(catalogue=catalogue, code="A1")
    version = CatalogueVersion.objects.create(catalogue=catalogue, number=1)
    ItemStandard.objects.create(
        version=version, item=item, position=1, level1="财政资金", level2="惠农补贴发放结果", elements="补贴对象、金额"
    )
    keeping.rebuild()
    assert client.get("/search", {"q": "惠农补贴发放名单"}).context["results"].items == [], "a draft is nobody's"
    version.state, version.approved_at = CatalogueVersion.State.CURRENT, "2026-03-01T00:00:00+08:00"
    version.save()
    keeping.feed()
    page = client.get("/search", {"q": "惠农补贴发放名单"})
    html = page.content.decode()
    assert "没有找到" in html and "公开目录里可能是这一类" in html and f"/items/{item.pk}/" in html
    assert "向市财政局申请公开" in html and f'href="/requests/?agency={cast.finance.code}"' in html
    monkeypatch.setattr(entries, "_providers", [lambda agency: [RequestEntry("/apply/finance")]])
    assert 'href="/apply/finance"' in client.get("/search", {"q": "惠农补贴发放名单"}).content.decode()
    assert client.get("/search", {"q": "惠农补贴"}).context["results"].lines[0].shown.url.endswith(f"/items/{item.pk}/")
