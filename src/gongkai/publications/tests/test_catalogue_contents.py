"""What the catalogue hears of what is published: contents of items and columns, and the lists items are made from."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from gongkai.catalogue import contents, queries, sources
from gongkai.catalogue.actions import items
from gongkai.catalogue.tests import making as catalogues
from gongkai.publications.models import DocumentItem, Edition
from gongkai.publications.tests import making

TODAY = timezone.localdate()


@pytest.fixture
def bound(cast):
    """A catalogue in force whose first item stands in a column, and a function that publishes for it."""
    version, column = catalogues.version(cast.reform, state="current"), catalogues.column(cast.office)
    item = version.standards.first().item
    item.column = column
    item.save()

    def publish(**content) -> Edition:
        edition = making.live(cast.reform, cast.drafter, **content)
        DocumentItem.objects.create(document=edition.document, item=item)
        edition.document.column = column
        edition.document.save()
        return edition

    return version, item, column, publish


def test_an_item_has_the_content_that_is_live(cast, bound):
    """S1-9: every row bound to a column with content; what is withdrawn, expired or announces non-disclosure is none."""
    version, item, column, publish = bound
    assert contents.contents_of([item.pk]) == {}
    first = publish(title="停水公告")
    (found,) = contents.contents_of([item.pk])[item.pk]
    assert (found.title, found.url, found.on) == ("停水公告", reverse("documents:document", args=[first.document_id]), TODAY)
    assert contents.last_of_items([item.pk]) == {item.pk: TODAY} and contents.last_of_columns([column.pk]) == {column.pk: TODAY}
    assert queries.binding_of(version) == queries.Binding(2, 1, 1)
    assert [row.state for row in queries.column_rows(cast.city.pk, TODAY)] == ["fresh"]

    second = publish(title="水质公告")
    assert [one.title for one in contents.contents_of([item.pk])[item.pk]] in (["停水公告", "水质公告"], ["水质公告", "停水公告"])
    Edition.objects.filter(pk=first.pk).update(state="withdrawn")
    assert [one.title for one in contents.contents_of([item.pk])[item.pk]] == ["水质公告"]
    Edition.objects.filter(pk=second.pk).update(expires_on=TODAY - timedelta(days=1))
    assert contents.contents_of([item.pk]) == {} and contents.last_of_columns([column.pk]) == {}
    publish(title="不予公开的公告", attribute="withheld", ground="state_secret")
    assert contents.contents_of([item.pk]) == {}


def test_many_items_are_asked_in_a_handful_of_queries(bound):
    _version, item, column, publish = bound
    with CaptureQueriesContext(connection) as few:
        contents.contents_of([item.pk]), contents.last_of_items([item.pk]), contents.last_of_columns([column.pk])
    for n in range(5):
        publish(title=f"第{n}期")
    with CaptureQueriesContext(connection) as many:
        assert len(contents.contents_of([item.pk])[item.pk]) == 5
        contents.last_of_items([item.pk]), contents.last_of_columns([column.pk])
    assert len(many) <= 5 and len(few) <= 5


def test_items_are_made_from_a_published_list_and_trace_to_its_rows(cast):
    """S1-1: 从权责清单梳理; trace row → list item, through the list that is really published."""
    rows = [
        {
            "编码": "A-1",
            "职权类型": "行政许可",
            "职权名称": "企业投资项目核准",
            "设定依据": "《企业投资项目核准和备案管理条例》",
            "调整情况": "",
        },
        {"编码": "A-2", "职权类型": "行政许可", "职权名称": "已经取消的", "设定依据": "某条例", "调整情况": "取消"},
    ]
    edition = making.draft(cast.reform, cast.drafter, kind="list", title="市发改委权力清单", rows=rows)
    edition.document.list_kind = "powers"
    edition.document.save()
    assert sources.lists_of([cast.reform.pk]) == [], "a draft is no list yet"
    Edition.objects.filter(pk=edition.pk).update(state="live", published_at=timezone.now(), published_by=cast.drafter)
    (source,) = sources.lists_of([cast.reform.pk])
    assert (source.kind, source.title) == ("权力清单", "市发改委权力清单") and sources.lists_of([cast.finance.pk]) == []
    (row,) = sources.rows_of(source.id)
    assert (row.key, row.name, row.basis) == ("A-1", "企业投资项目核准", "《企业投资项目核准和备案管理条例》")

    version = catalogues.version(cast.reform, rows=0)
    items.add_from_list(version, cast.drafter, key=str(uuid.uuid4()), source=source, rows=[row])
    made = version.standards.get()
    assert made.level1 == "企业投资项目核准" and made.item.sources.get().document_id == edition.document_id
