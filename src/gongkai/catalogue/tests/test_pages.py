"""The catalogue as staff meet it: pages with forms, POST, redirect; the dry run before the import; counts that open their rows."""

from __future__ import annotations

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from gongkai.catalogue import sources
from gongkai.catalogue.models import CatalogueVersion, Import, Item, ItemSource, ItemStandard, Term
from gongkai.catalogue.sources import ListRef, ListRow
from gongkai.catalogue.tests import making
from gongkai.catalogue.tests import tables as made

KEY = re.compile(r'name="key" value="([^"]+)"')


@pytest.fixture
def browse(client, cast):
    """Logs in, opens a page, sends its form with the key that stands in it."""

    class Browse:
        def login(self, who):
            client.force_login(cast.user(who), backend="django.contrib.auth.backends.ModelBackend")
            return self

        def page(self, name, *args, query="", status=200):
            response = client.get(reverse(f"catalogue:{name}", args=args) + query)
            assert response.status_code == status
            return response.content.decode()

        def send(self, name, /, *args, seen=None, status=200, **data):
            page = self.page(*(seen or (name, *args)))
            self.data = {"key": KEY.search(page)[1], **data}
            self.response = client.post(reverse(f"catalogue:{name}", args=args), self.data, follow=True)
            assert self.response.status_code == status
            return self.response.content.decode()

    return Browse()


def test_from_an_empty_catalogue_through_the_dry_run_to_the_public_page(browse, cast, client):
    browse.login("other_officer").send("create", agency=cast.finance.pk, kind="field", field="municipal")
    version = CatalogueVersion.objects.get()
    assert version.catalogue.title == "清河市市政服务领域基层政务公开标准目录"
    rows = [made.row(1, "供水", "停水通知", limit="提前24小时"), made.row(2, "供水", "停水通知")]
    page = browse.send("upload", version.pk, file=SimpleUploadedFile("目录.xlsx", made.book(rows)))
    assert "与工作表“市政服务”第 4 行是同一个事项" in page and "1 行要改" in page and "确认导入" not in page
    assert "只导入没有错的 1 行" in page
    first = Import.objects.get()
    assert "表里有 1 行要改" in browse.send("import", first.pk, seen=("upload", version.pk), status=409)
    assert not ItemStandard.objects.exists()

    rows[1] = made.row(2, "供水", "水质公告", limit="由市局另定")
    page = browse.send("upload", version.pk, file=SimpleUploadedFile("目录.xlsx", made.book(rows)))
    assert "确认导入" in page and "读不出天数" in page and not ItemStandard.objects.exists()
    page = browse.send("import", Import.objects.latest("pk").pk)
    assert "水质公告" in page and "待确认" in page
    client.post(reverse("catalogue:import", args=[Import.objects.latest("pk").pk]), browse.data)
    assert version.standards.count() == 2, "the same form twice imports once"

    browse.login("other_head").send("approve", version.pk, seen=("version", version.pk))
    version.refresh_from_db()
    assert version.state == "current"
    client.logout()
    public = client.get(reverse("catalogue_public:catalogue", args=[version.catalogue_id])).content.decode()
    assert "停水通知" in public and "提前 24 小时" in public and "由市局另定" in public


def test_a_file_that_is_no_table_comes_back_with_one_sentence(browse, cast):
    version = making.version(cast.finance, rows=0)
    page = browse.login("other_officer").send("upload", version.pk, status=409, file=SimpleUploadedFile("目录.xlsx", b"PK\x03\x04rubbish"))
    assert "“目录.xlsx”" in page and not Import.objects.exists()


def test_a_row_is_written_by_hand_with_everything_the_table_has(browse, cast):
    version = making.version(cast.finance, rows=0)
    page = browse.login("other_officer").send("add_item", version.pk, level1="", status=422)
    assert "一级事项" in page
    browse.send(
        "add_item",
        version.pk,
        level1="供水",
        level2="水价",
        elements="价格\n依据",
        basis="价格法",
        limit_words="由市局另定",
        limit_n=3,
        limit_unit="working_days",
        cycle="monthly",
        subject_words="市财政局",
        subjects=[cast.finance.pk],
        channels=["website", "hotline"],
        other_channel="村务微信群、大喇叭",
        audience="group",
        audience_words="用水户",
        method="proactive",
        levels=["county", "village"],
        stage="result",
        links=["publish"],
        plain_words="水多少钱一吨",
    )
    row = version.standards.get()
    assert row.channels == ["website", "hotline", "other:村务微信群", "other:大喇叭"]
    assert row.limit == {"kind": "within", "n": 3, "unit": "working_days", "anchor": ""} and row.limit_words == "由市局另定"
    page = browse.page("edit_item", row.pk)
    assert "村务微信群、大喇叭" in page and "水多少钱一吨" in page
    assert 'name="limit_n" value="3"' in page, "what a person said of the limit stands in the form again"
    browse.send("drop_item", row.pk, seen=("edit_item", row.pk))
    assert not ItemStandard.objects.exists() and not Item.objects.exists()


def test_figures_open_the_rows_they_count(browse, cast):
    column = making.column(cast.office)
    version = making.version(cast.reform, rows=2)
    making.row(version, 3, level2="缺依据", basis="", column=column)
    making.row(version, 4, level2="时限不明", limit_words="另定", limit={})
    browse.login("drafter")
    page = browse.page("version", version.pk)
    for name, n in (("incomplete", 1), ("unread", 1), ("unbound", 3)):
        assert re.search(rf'\?show={name}"[^>]*><b>{n}</b>', page), name
        assert browse.page("version", version.pk, query=f"?show={name}").count('id="item-') == n
    report = browse.page("report", version.pk)
    assert "缺公开依据" in report and "没有读成天数" in report


def test_every_item_is_given_its_column(browse, cast):
    """S1-9: 目录和栏目对应; a column of another place or a closed one is no choice."""
    column, other = making.column(cast.office), making.column(cast.east_office)
    version = making.version(cast.reform)
    first, second = version.standards.all()
    browse.login("drafter")
    browse.send("bind", version.pk, **{f"item-{first.item_id}": column.pk, f"item-{second.item_id}": ""})
    assert list(version.standards.values_list("item__column", flat=True)) == [column.pk, None]
    assert "不在本地区" in browse.send("bind", version.pk, status=409, **{f"item-{second.item_id}": other.pk})
    assert "对应" in browse.page("report", version.pk)


def test_items_from_a_published_list(browse, cast, monkeypatch):
    version = making.version(cast.reform, rows=0)
    monkeypatch.setattr(sources, "lists_of", lambda ids: [ListRef(9, "权力清单", "市发改委权力清单", "/documents/9/")])
    monkeypatch.setattr(sources, "rows_of", lambda pk: [ListRow("A", "项目核准", "条例"), ListRow("B", "节能审查")])
    browse.login("drafter").send("from_list", version.pk, list=9, row=["A"])
    assert version.standards.get().level1 == "项目核准" and ItemSource.objects.get().row_key == "A"
    page = browse.page("from_list", version.pk)
    assert page.count('name="row"') == 1 and "已有" in page
    row = version.standards.get()
    assert "市发改委权力清单" in browse.page("edit_item", row.pk)


def test_the_matrix_shows_where_nothing_is_published(browse, cast):
    """S1-6: 决策、执行、管理、服务、结果 × 发布、解读、会议, of a catalogue and of the place."""
    version = making.version(cast.reform, rows=0, state="current")
    for n, stage in enumerate(("decision", "execution", "management", "service", "result"), 1):
        making.row(version, n, level2=f"{stage}", stage=stage, links=["publish", "interpret", "meeting"] if n < 5 else ["publish"])
    page = browse.login("drafter").page("coverage", version.pk)
    assert "空缺 2 处：结果 × 解读、结果 × 会议" in page
    version.standards.filter(stage="result").update(links=["publish", "interpret", "meeting"])
    assert "没有空缺" in browse.page("coverage", version.pk)
    making.version(cast.finance, state="current", rows=1)
    page = browse.page("place_coverage")
    assert "其中 1 项没有写明过程" in page and "15 处" in page


def test_the_list_of_every_department_in_one_workbook(browse, cast, client):
    """S4-2: 政府信息主动公开目录清单, 主体、内容、时限、方式 of the five kinds, a sheet for each department."""
    making.version(cast.reform, state="current", rows=1, stage="result")
    making.row(CatalogueVersion.objects.get(), 2, level2="草案", stage="decision", elements="草案全文")
    making.version(cast.finance, state="current", rows=1)
    making.version(cast.human, rows=1)
    browse.login("openness_officer")
    response = client.get(reverse("catalogue:place_list"))
    book = load_workbook(io.BytesIO(response.content))
    assert book.sheetnames == ["市发改委", "市财政局"], "only what is in force"
    head, *rows = list(book["市发改委"].iter_rows(min_row=3, values_only=True))
    assert head == ("序号", "五公开", "公开事项", "公开内容", "公开时限", "公开方式", "公开渠道和载体", "公开主体")
    assert [row[1] for row in rows if row[0]] == ["决策", "结果"] and rows[0][3] == "草案全文"
    browse.login("drafter")
    assert load_workbook(io.BytesIO(client.get(reverse("catalogue:place_list")).content)).sheetnames == ["市发改委"], "one's own"


def test_two_versions_side_by_side(browse, cast):
    first = making.version(cast.reform, state="past")
    second = making.version(cast.reform, state="current", rows=1, elements="新的内容")
    other = making.version(cast.finance, state="current")
    page = browse.login("drafter").page("compare", second.pk, first.pk)
    assert "新的内容" in page and "删去" in page
    assert "第1版和第2版" in page and "第1版和第2版" in browse.page("compare", first.pk, second.pk), "the older first, either way"
    browse.page("compare", second.pk, second.pk, status=404)
    browse.page("compare", second.pk, other.pk, status=404)


def test_a_place_words_its_fields_and_channels_itself(browse, cast):
    browse.login("openness_officer")
    browse.send("terms", cast.city.pk, kind="field", code="health", name="卫生健康", basis="机构改革")
    browse.send("terms", cast.city.pk, kind="field", code="poverty", name="扶贫", unused="on")
    browse.send("terms", cast.city.pk, kind="channel", code="loudspeaker", name="村广播", basis="本地办法")
    page = browse.page("terms", cast.city.pk)
    assert "卫生健康" in page and "村广播" in page and Term.objects.count() == 3
    create = browse.login("drafter").page("create")
    assert "卫生健康" in create and ">扶贫<" not in create
    version = making.version(cast.reform, rows=0)
    assert "村广播" in browse.page("add_item", version.pk)
    assert "不能停用" in browse.login("openness_officer").send(
        "terms", cast.city.pk, kind="field", code="nothing", name="没有", unused="on", status=409
    )


@pytest.mark.parametrize("name", ["home", "version", "bind", "report", "place_coverage", "columns", "catalogue"])
def test_no_page_asks_more_for_more_rows(client, cast, name):
    client.force_login(cast.openness_officer, backend="django.contrib.auth.backends.ModelBackend")
    version = making.version(cast.reform, rows=2, state="current")
    making.column(cast.office, "a")
    column = making.column(cast.office, "b")
    Item.objects.update(column=column)
    arguments = {"version": (version.pk,), "bind": (version.pk,), "report": (version.pk,), "catalogue": (version.catalogue_id,)}

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse(f"catalogue:{name}", args=arguments.get(name, ()))).status_code == 200
        return len(queries)

    asked()
    before = asked()
    for n in range(3, 12):
        making.row(version, n, level2=f"第{n}个", column=column)
        making.column(cast.office, f"c{n}", parent=column)
    for agency in (cast.finance, cast.human, cast.east_finance):
        making.version(agency, state="current")
    assert asked() <= before
