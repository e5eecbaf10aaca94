"""The catalogue as the public reads it: lists, filters, an item with its standard and its content, and the same for machines."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from gongkai.catalogue import contents
from gongkai.catalogue.contents import Content
from gongkai.catalogue.models import Item, ItemSource, ItemStandard
from gongkai.catalogue.tests import making


@pytest.fixture
def published(monkeypatch):
    """Item id → its content, as an app that publishes would say."""
    rows: dict[int, list[Content]] = {}
    monkeypatch.setattr(contents, "_contents", [lambda ids: {pk: rows[pk] for pk in ids if pk in rows}])
    monkeypatch.setattr(contents, "_last_of_items", [lambda ids: {pk: max(c.on for c in rows[pk]) for pk in ids if pk in rows}])
    return rows


def page(client, name, *args, query="") -> str:
    response = client.get(reverse(f"catalogue_public:{name}", args=args) + query)
    assert response.status_code == 200
    return response.content.decode()


def test_catalogues_by_agency_and_by_field(client, cast):
    making.version(cast.reform, state="current")
    making.version(cast.finance, kind="field", field="budget", state="current")
    making.version(cast.east_finance, state="current")
    making.version(cast.human)
    found = page(client, "list")
    assert found.index("按部门") < found.index(cast.reform.name) < found.index("按领域") < found.index("budget")
    assert cast.human.name not in found
    assert cast.reform.name not in page(client, "list", query="?place=990121") and cast.east_finance.name in page(
        client, "list", query="?place=990121"
    )
    assert cast.finance.name not in page(client, "list", query="?q=发展")
    assert client.get(reverse("catalogue_public:list") + "?place=1").status_code == 404
    data = client.get(reverse("catalogue_public:catalogues_json")).json()["catalogues"]
    assert [row["items"] for row in data] == [2, 2, 2] and data[0]["agency"]["name"] == cast.reform.name


def test_a_catalogue_is_filtered_and_so_is_its_twin(client, cast, published):
    version = making.version(cast.reform, rows=0, state="current")
    water = making.row(version, 1, level1="供水", level2="停水通知", stage="service", plain_words="什么时候停水")
    making.row(version, 2, level1="供热", level2="热价", audience="group", audience_words="住户", limit_words="另定", limit={})
    published[water.item_id] = [Content("停水公告", "/documents/5/", date(2026, 11, 1))]
    pk = version.catalogue_id
    everything = page(client, "catalogue", pk)
    assert "2026-11-01" in everything and "还没有内容" in everything and "另定" in everything
    for query, found in (("?level=供热", "热价"), ("?stage=service", "停水通知"), ("?audience=group", "热价"), ("?q=什么时候", "停水通知")):
        shown = page(client, "catalogue", pk, query=query)
        assert f">{found}</a>" in shown
        items = client.get(reverse("catalogue_public:catalogue_json", args=[pk]) + query).json()["items"]
        assert [item["level2"] for item in items] == [found]
    data = client.get(reverse("catalogue_public:catalogue_json", args=[pk])).json()["items"]
    assert data[0]["limit"] == {
        "words": "信息形成或者变更之日起20个工作日内",
        "parsed": {"kind": "within", "n": 20, "unit": "working_days", "anchor": "信息形成或者变更之日"},
        "in_words": "信息形成或者变更之日起 20 个工作日内",
    }
    assert data[0]["last_published_on"] == "2026-11-01" and data[1]["limit"]["parsed"] is None
    rows = list(
        csv.DictReader(io.StringIO(client.get(reverse("catalogue_public:catalogue_file", args=[pk, "csv"])).content.decode("utf-8-sig")))
    )
    assert [row["二级事项"] for row in rows] == ["停水通知", "热价"] and rows[0]["公开渠道和载体"] == "政府网站"


def test_an_item_with_its_standard_its_content_and_where_it_comes_from(client, cast, published):
    version = making.version(cast.reform, rows=1, state="current", stage="result", links=["publish"], cycle="monthly")
    item = Item.objects.get()
    published[item.pk] = [Content(f"第{n}期", f"/documents/{n}/", date(2026, 10, n)) for n in range(1, 4)]
    ItemSource.objects.create(item=item, list_kind="权力清单", document_id=3, row_key="A", title="市发改委权力清单", row_name="项目核准")
    shown = page(client, "item", item.pk)
    for words in (
        "停水时间、范围",
        "信息形成或者变更之日起 20 个工作日内",
        "每月更新",
        "政府网站",
        "全社会",
        "县级",
        "结果",
        "项目核准",
        "/documents/3/",
    ):
        assert words in shown
    assert shown.index("第3期") < shown.index("第1期"), "the newest first"
    data = client.get(reverse("catalogue_public:item_json", args=[item.pk])).json()
    assert data["contents"][0]["url"].endswith("/documents/3/") and data["sources"][0]["row"] == "A" and data["in_force"] is True
    assert data["catalogue"]["version"] == version.number


def test_an_item_that_was_dropped_keeps_its_page_and_says_so(client, cast):
    making.version(cast.reform, state="past")
    making.version(cast.reform, state="current", rows=1)
    gone = Item.objects.get(code="0002")
    assert "已经从目录里删去" in page(client, "item", gone.pk)
    assert client.get(reverse("catalogue_public:item_json", args=[gone.pk])).json()["in_force"] is False
    draft = ItemStandard.objects.create(version=making.version(cast.reform, rows=0), item=gone, position=1, level1="草稿里的新名称")
    assert draft.level1 not in page(client, "item", gone.pk)


@pytest.mark.parametrize("name", ["list", "catalogue", "catalogue_json", "catalogues_json", "item", "column"])
def test_no_public_page_asks_more_for_more_rows(client, cast, published, name):
    version, column = making.version(cast.reform, rows=2, state="current"), making.column(cast.office)
    Item.objects.update(column=column)
    args = {"list": (), "catalogues_json": (), "item": (version.standards.first().item_id,), "column": (cast.city.code, column.slug)}

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            page(client, name, *args.get(name, (version.catalogue_id,)))
        return len(queries)

    asked()
    before = asked()
    for n in range(3, 12):
        making.row(version, n, level2=f"第{n}个", column=column)
    for agency in (cast.finance, cast.human):
        making.version(agency, state="current")
    assert asked() <= before
