"""栏目: the standard ones, owners, freshness, closing with a way on; the column side of S1-9, S3-30, S4-52."""

from __future__ import annotations

import uuid
from datetime import date

import pytest
from django.urls import reverse

from gongkai.agencies.errors import ActionRefused, NotAllowed
from gongkai.catalogue import contents, queries
from gongkai.catalogue.actions import columns, items
from gongkai.catalogue.models import Column, Item
from gongkai.catalogue.rulebook import column_types, default_columns
from gongkai.catalogue.tests import making
from gongkai.journal.models import Entry

TODAY = date(2026, 11, 22)


def key() -> str:
    return str(uuid.uuid4())


def refused(deed) -> str:
    with pytest.raises((ActionRefused, NotAllowed)) as error:
        deed()
    return str(error.value)


def test_the_default_columns_are_of_the_enumerated_types_and_hold_the_six_of_the_plan():
    """S3-30: 重点领域、政策解读、回应关切、双随机一公开、建议提案办理、会议开放."""
    rules = default_columns()
    assert {rule.type for rule in rules} <= set(column_types())
    assert [rule.name for rule in rules if rule.clause == "S3-30"] == [
        "重点领域",
        "政策解读",
        "回应关切",
        "双随机一公开",
        "建议提案办理",
        "会议开放",
    ]
    assert all(rule.freshness_days and rule.of for rule in rules if rule.clause)
    slugs = [rule.slug for rule in rules]
    assert len(slugs) == len(set(slugs)) and all(rule.parent in slugs[: slugs.index(rule.slug)] for rule in rules if rule.parent)


def test_a_place_begins_with_the_default_columns_and_gets_none_twice(cast):
    form = key()
    first = [columns.found(cast.city, cast.openness_officer, key=form, agency=cast.office) for _ in range(2)]
    assert first[0] == first[1] and Column.objects.filter(jurisdiction=cast.city).count() == len(default_columns())
    assert Entry.objects.filter(action="catalogue.column_made").count() == len(default_columns())
    assert Column.objects.get(slug="budget").parent.slug == "statutory"
    assert "都已经有了" in refused(lambda: columns.found(cast.city, cast.openness_officer, key=key(), agency=cast.office))
    assert "主管部门" in refused(lambda: columns.found(cast.east, cast.openness_officer, key=key(), agency=cast.east_office))


@pytest.fixture
def published(monkeypatch):
    """Column and item id → day of the newest content, as an app that publishes would say."""
    days: dict[str, dict[int, date]] = {"column": {}, "item": {}}
    monkeypatch.setattr(contents, "_last_of_columns", [lambda ids: {pk: days["column"][pk] for pk in ids if pk in days["column"]}])
    monkeypatch.setattr(contents, "_last_of_items", [lambda ids: {pk: days["item"][pk] for pk in ids if pk in days["item"]}])
    return days


def test_the_freshness_of_columns(cast, published):
    fresh = making.column(cast.office, "fresh", freshness_days=14)
    stale = making.column(cast.office, "stale", freshness_days=14)
    making.column(cast.office, "blank", freshness_days=14)
    making.column(cast.office, "free")
    making.column(cast.office, "closed", freshness_days=14, closed_on=TODAY)
    published["column"] = {fresh.pk: date(2026, 11, 8), stale.pk: date(2026, 11, 7)}
    rows = {row.column.slug: row.state for row in queries.column_rows(cast.city.pk, TODAY)}
    assert rows == {"fresh": "fresh", "stale": "stale", "blank": "blank", "free": "unwatched", "closed": "closed"}


def test_every_item_bound_to_a_column_with_content(cast, published):
    """S1-9: every catalogue row bound to a column with content."""
    version, column = making.version(cast.reform), making.column(cast.office)
    first, second = (row.item_id for row in version.standards.all())
    assert queries.binding_of(version) == queries.Binding(2, 0, 0)
    items.bind(version.catalogue, cast.drafter, key=key(), columns={first: column, second: column})
    published["item"] = {first: TODAY}
    assert queries.binding_of(version) == queries.Binding(2, 2, 1) and queries.binding_of(version).lacking == 1
    published["item"][second] = TODAY
    assert queries.binding_of(version).is_complete


def test_a_column_is_closed_with_a_way_on(cast, client):
    """S4-52: what stood in it goes to another column; the old address says where."""
    old, new = making.column(cast.office, "old", name="旧栏目"), making.column(cast.office, "new", name="新栏目")
    version = making.version(cast.reform, state="current")
    Item.objects.filter(catalogue=version.catalogue).update(column=old)
    making.column(cast.office, "child", name="下级", parent=old)
    office = cast.openness_officer
    assert "还有下级栏目“下级”" in refused(lambda: columns.close(old, office, key=key(), reason="整合", moved_to=new))
    columns.close(Column.objects.get(slug="child"), office, key=key(), reason="整合")
    assert "还有 2 个公开事项" in refused(lambda: columns.close(old, office, key=key(), reason="整合"))
    assert "只能迁往" in refused(lambda: columns.close(old, office, key=key(), reason="整合", moved_to=Column.objects.get(slug="child")))
    assert "为什么关停" in refused(lambda: columns.close(old, office, key=key(), reason=" ", moved_to=new))
    assert "主管部门" in refused(lambda: columns.close(old, cast.drafter, key=key(), reason="整合", moved_to=new))
    columns.close(old, office, key=key(), reason="整合", moved_to=new)
    assert set(version.standards.values_list("item__column", flat=True)) == {new.pk}
    page = client.get(reverse("catalogue_public:column", args=[cast.city.code, "old"])).content.decode()
    assert "已于" in page and reverse("catalogue_public:column", args=[cast.city.code, "new"]) in page
    assert "停水通知1" in client.get(reverse("catalogue_public:column", args=[cast.city.code, "new"])).content.decode()
    assert "已经关停" in refused(
        lambda: items.bind(
            version.catalogue, cast.drafter, key=key(), columns={version.standards.first().item_id: Column.objects.get(slug="old")}
        )
    )


def test_a_column_that_makes_no_sense_is_refused(cast):
    base = {"slug": "heat", "name": "供热", "kind": "信息公开目录", "agency": cast.office}
    top = making.column(cast.office, "top")
    for values, says in (
        ({"slug": "大写"}, "地址只能用"),
        ({"name": " "}, "请填写栏目名称"),
        ({"kind": "随便"}, "网页标签规范"),
        ({"freshness_days": 0}, "更新间隔填"),
        ({"parent": making.column(cast.east_office, "east")}, "上级栏目不是本地区的"),
        ({"agency": None}, "请选择责任单位"),
        ({"slug": "top"}, "这个地址已经用过"),
    ):
        assert says in refused(lambda values=values: columns.make(cast.city, cast.openness_officer, key=key(), **(base | values)))
    deep = top
    for n in range(3):
        deep = columns.make(cast.city, cast.openness_officer, key=key(), **(base | {"slug": f"deep{n}", "parent": deep}))
    assert "最多四层" in refused(lambda: columns.make(cast.city, cast.openness_officer, key=key(), **(base | {"parent": deep})))
    assert "自己的下级" in refused(lambda: columns.change(top, cast.openness_officer, key=key(), name="顶", parent=deep))
    columns.change(top, cast.openness_officer, key=key(), name="改名", agency=cast.finance, slug="other")
    top.refresh_from_db()
    assert (top.name, top.slug, top.agency) == ("改名", "top", cast.finance), "an address never changes"
