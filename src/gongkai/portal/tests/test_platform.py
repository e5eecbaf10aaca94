"""The platform, the directory and the columns as the public reads them: blocks, guide, counts, files, data, cost, 304."""

from __future__ import annotations

import io
import uuid
from datetime import date

import docx
import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from gongkai.agencies import leaders, profiles
from gongkai.agencies.models import Agency
from gongkai.agencies.tests.test_profiles import WHOLE
from gongkai.catalogue import interactive
from gongkai.catalogue.actions import columns as column_actions
from gongkai.catalogue.models import Column
from gongkai.catalogue.rulebook import default_columns
from gongkai.catalogue.tests import making as catalogue_making
from gongkai.journal.actions import seal
from gongkai.portal import entries
from gongkai.portal.entries import RequestEntry
from gongkai.portal.platform import blocks, urls
from gongkai.portal.urls_columns import urlpatterns as columns_urls
from gongkai.portal.urls_directory import urlpatterns as directory_urls
from gongkai.publications.models import Document
from gongkai.publications.tests.making import live

BLOCKS = ["政府信息公开指南", "政府信息公开制度", "法定主动公开内容", "政府信息公开年报", "依申请公开"]


def at(name: str, *args) -> str:
    return reverse(f"portal:{name}", args=args)


def html(client, name: str, *args) -> str:
    response = client.get(at(name, *args))
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def told(cast):
    """市发改委 has told everything of itself."""
    profiles.save_profile(cast.reform, cast.drafter, WHOLE)
    profiles.keep_section(cast.reform, cast.drafter, name="价格科", functions="管理价格", phone="0000-0000033")
    leaders.appoint(cast.reform, cast.head, name="周主任", post="主任", division="主持全面工作", is_chief=True)
    profiles.confirm(cast.reform, cast.head)
    return cast.reform


def published(agency, author, column=None, **content):
    edition = live(agency, author, **content)
    if column is not None:
        Document.objects.filter(pk=edition.document_id).update(column=column)
    return edition


def test_the_blocks_are_dated_data_with_their_paper():
    for row in blocks.block_sets():
        assert row.since and "61号" in row.citation
    assert [block.name for block in blocks.blocks_on(date(2026, 1, 1)).blocks] == BLOCKS
    codes = [item.code for item in blocks.items()]
    assert [code for code in codes if code.startswith("20-")] == [f"20-{n}" for n in range(1, 16)] and len(codes) == len(set(codes))
    assert len([item for item in blocks.items_of("city") if item.code.startswith("21-")]) == 3
    assert {block.code for row in blocks.block_sets() for block in row.blocks} <= {pattern.name for pattern in urls.urlpatterns}
    known = {rule.slug for rule in default_columns()}
    for item in blocks.items():
        if item.code.startswith("20-") and item.code != "20-11":
            assert item.columns & known, item.name


@pytest.mark.parametrize("name", ["home", "guide", "rules", "content", "annual", "requests"])
def test_every_page_of_the_platform_has_the_five_blocks_in_order(client, told, name):
    """S1-10, S4-51 and the platform of 国办公开办函〔2019〕61号."""
    found = html(client, f"platform:{name}", told.code)
    nav = found[found.index('<nav aria-label="政府信息公开"') :]
    assert nav[: nav.index("</nav>")].count('aria-current="page"') == (0 if name == "home" else 1)
    assert [nav.index(block) for block in BLOCKS] == sorted(nav.index(block) for block in BLOCKS)
    assert 'name="ColumnType"' in found and "<script" not in nav[: nav.index("</main>")]


def test_the_guide_publishes_the_four_fields_and_keeps_its_versions(client, told, cast):
    """S2-12: name, address, telephone and e-mail of the intake body are on the page."""
    found = html(client, "platform:guide", told.code)
    for words in ("清河市发展和改革委员会办公室", "清河市示范路3号", "0000-0000003", "fgw@example.gov.cn", "未设传真", "工作日 9:00—17:00"):
        assert words in found
    assert f'核对于 <time datetime="{timezone.localdate():%Y-%m-%d}"' in found
    assert 'name="ColumnType" content="信息公开指南"' in found
    profiles.save_profile(told, cast.drafter, {"intake_phone": "0000-0000099"})
    assert "0000-0000099" in html(client, "platform:guide", told.code)
    old = html(client, "platform:guide_version", told.code, 1)
    assert "0000-0000099" not in old and "已经不是现在的指南" in old
    data = client.get(at("platform:guide_json", told.code)).json()
    assert data["version"] == 2 and data["parts"][0]["code"] == "classes"
    text = "\n".join(p.text for p in docx.Document(io.BytesIO(client.get(at("platform:guide_docx", told.code)).content)).paragraphs)
    assert "清河市发展和改革委员会政府信息公开指南" in text and "0000-0000099" in text and "答复" in text


def test_an_agency_without_a_guide_says_so_and_helps(client, cast):
    assert "还没有编制指南" in html(client, "platform:guide", cast.finance.code)
    assert "受理机构还没有公布" in html(client, "platform:requests", cast.finance.code)
    assert client.get(at("platform:guide_docx", cast.finance.code)).status_code == 404
    assert client.get(at("platform:guide_version", cast.finance.code, 3)).status_code == 404
    assert client.get(at("platform:home", "nobody")).status_code == 404


def test_what_the_law_asks_for_is_counted_honestly(client, told, cast):
    budget = catalogue_making.column(cast.office, "budget", name="预算决算")
    published(told, cast.drafter, budget, title="2026年部门预算")
    published(told, cast.drafter, genre="emergency_plan", title="价格应急预案")
    published(cast.finance, cast.drafter, budget, title="市级预算")
    found = {row["code"]: row for row in client.get(at("platform:content_json", told.code)).json()["items"]}
    assert (found["20-7"]["documents"], found["20-12"]["documents"], found["20-8"]["documents"]) == (1, 1, 0)
    assert found["20-7"]["last_published_on"] == f"{timezone.localdate():%Y-%m-%d}" and found["20-8"]["last_published_on"] is None
    page = html(client, "platform:content", told.code)
    assert "还没有内容" in page and "第二十条第十五项" in page and "第二十一条" in page
    listed = html(client, "platform:item", told.code, "20-7")
    assert "2026年部门预算" in listed and "市级预算" not in listed
    assert "市级预算" in html(client, "platform:item", cast.government.code, "20-7"), "the government's platform holds all of the place"
    assert "这一项还没有公开的内容" in html(client, "platform:item", told.code, "20-8")
    assert client.get(at("platform:item", told.code, "21-4")).status_code == 404, "asked of townships alone"


def test_withheld_documents_and_drafts_count_nowhere(client, told, cast):
    published(told, cast.drafter, title="不公开的", attribute="withheld", ground="internal", genre="budget")
    assert all(row["documents"] == 0 for row in client.get(at("platform:content_json", told.code)).json()["items"])


def test_rules_and_reports_stand_in_their_blocks(client, told, cast):
    rules = catalogue_making.column(cast.office, "rules", name="政府信息公开制度")
    published(cast.office, cast.drafter, rules, title="市政府信息公开工作办法")
    published(told, cast.drafter, rules, title="本委信息发布审查制度")
    published(told, cast.drafter, title="2025年政府信息公开工作年度报告")
    found = html(client, "platform:rules", told.code)
    assert found.index("本委信息发布审查制度") < found.index("市政府信息公开工作办法"), "its own first"
    annual = html(client, "platform:annual", told.code)
    assert "2025 年度" in annual and "2025年政府信息公开工作年度报告" in annual
    assert "还没有公开年度报告" in html(client, "platform:annual", cast.finance.code)


def test_the_catalogue_of_the_agency_stands_with_its_counts(client, told, cast):
    version = catalogue_making.version(told, state="current")
    edition = live(told, cast.drafter, title="停水公告")
    edition.document.item_links.create(item=version.standards.first().item)
    found = html(client, "platform:content", told.code)
    assert "停水通知1" in found and "停水通知2" in found
    row = found[found.index("停水通知1") :]
    assert '<td class="num" data-label="信息">1</td>' in row[: row.index("停水通知2")]


def test_the_requests_app_may_offer_its_entry(client, told, monkeypatch):
    monkeypatch.setattr(entries, "_providers", [])
    assert "怎样提交" in html(client, "platform:requests", told.code)
    entries.register_request_entry(lambda agency: [RequestEntry(f"/requests/{agency.code}/", note="收到后当场出具回执")])
    from django.core.cache import cache

    cache.clear()
    found = html(client, "platform:requests", told.code)
    assert f'href="/requests/{told.code}/"' in found and "收到后当场出具回执" in found and "其他方式" in found


# -- 机构 -------------------------------------------------------------------------------------------------------------


def test_the_page_of_an_agency_tells_all_of_it(client, told, cast):
    """S3-4: functions, organs, leaders, where and when."""
    found = html(client, "directory:agency", told.code)
    for words in ("拟订全市发展规划", "价格科", "0000-0000033", "周主任", "主持全面工作", "清河市示范路3号", "工作日 9:00—17:00", "核对于"):
        assert words in found
    assert at("platform:home", told.code) in found
    data = client.get(at("directory:agency_json", told.code)).json()
    assert data["functions"] == ["拟订全市发展规划", "管理价格"] and data["leaders"][0]["division"] == "主持全面工作"
    Agency.objects.filter(pk=cast.human.pk).update(valid_to=date(2026, 1, 1), successor=told)
    assert "已于 2026-01-01 撤销" in html(client, "directory:agency", cast.human.code)
    assert client.get(at("directory:agency", "nobody")).status_code == 404


def test_the_directory_of_a_place_as_page_word_excel_and_data(client, told, cast):
    found = html(client, "directory:functions", cast.city.code)
    assert "清河市机构职能目录" in found and "拟订全市发展规划" in found and cast.east_finance.name not in found
    book = openpyxl.load_workbook(io.BytesIO(client.get(at("directory:functions_file", cast.city.code, "xlsx")).content))
    cells = [str(cell.value) for row in book.active.iter_rows() for cell in row if cell.value]
    assert any("拟订全市发展规划" in text for text in cells) and any("价格科：管理价格（0000-0000033）" in text for text in cells)
    assert client.get(at("directory:functions_file", cast.city.code, "docx")).content[:2] == b"PK"
    data = client.get(at("directory:functions_file", cast.city.code, "json")).json()
    assert {row["name"] for row in data["agencies"]} >= {told.name, cast.finance.name}
    assert client.get(at("directory:functions_file", cast.city.code, "exe")).status_code == 404
    assert client.get(at("directory:functions", "1")).status_code == 404


def test_the_list_of_agencies_and_its_twin_have_the_same_filters(client, told, cast):
    page = client.get("/agencies?q=发展").content.decode()
    assert at("directory:agency", told.code) in page and cast.finance.name not in page
    assert [row["name"] for row in client.get("/agencies.json?q=发展").json()["agencies"]] == [told.name]
    for query in ("?place=" + "9" * 400, "?place=-1", "?q=" + "%00" * 3, "?q=" + "x" * 10_000, "?page=1000000000"):
        assert client.get("/agencies" + query).status_code == 200


# -- 栏目 -------------------------------------------------------------------------------------------------------------


def test_the_tree_of_columns_names_owners_rules_and_contributors(client, told, cast):
    """S2-32: columns with owners, several contributors, kinds of content, and what is not renewed said as it is."""
    top = catalogue_making.column(cast.office, "openness", name="政府信息公开", kind="信息公开目录")
    child = catalogue_making.column(told, "plans", name="规划计划", parent=top, freshness_days=365, description="规划和计划")
    catalogue_making.column(cast.finance, "empty", name="空栏目", freshness_days=30)
    published(told, cast.drafter, child, title="五年规划")
    published(cast.finance, cast.drafter, child, title="财政规划")
    found = html(client, "columns:tree", cast.city.code)
    assert found.index("政府信息公开</a>") < found.index("规划计划")
    for words in (told.short_name, "每 365 日", f"{told.name} 1", f"{cast.finance.name} 1", "空白"):
        assert words in found
    data = {row["slug"]: row for row in client.get(at("columns:tree_json", cast.city.code)).json()["columns"]}
    assert data["plans"]["documents"] == 2 and data["plans"]["parent"] == "openness" and data["plans"]["media"]["text"] == 2
    page = client.get(reverse("catalogue_public:column", args=[cast.city.code, "plans"])).content.decode()
    assert "五年规划" in page and "规划和计划" in page and "feed.atom?column=" in page
    moved = client.get(at("columns:column", cast.city.code, "plans"))
    assert moved.status_code == 301 and moved["Location"].endswith("/plans/")
    assert "还没有设立栏目" in html(client, "columns:tree", cast.east.code)


def test_columns_filled_by_what_agencies_tell_are_not_blank(client, told, cast):
    catalogue_making.column(cast.office, "functions", name="机构职能", kind="机构职能", freshness_days=365)
    catalogue_making.column(cast.office, "guide", name="公开指南", kind="信息公开指南", freshness_days=365)
    data = {row["slug"]: row for row in client.get(at("columns:tree_json", cast.city.code)).json()["columns"]}
    assert data["functions"]["state"] == data["guide"]["state"] == "fresh"
    page = client.get(reverse("catalogue_public:column", args=[cast.city.code, "functions"])).content.decode()
    assert at("directory:functions", cast.city.code) in page


def test_an_interactive_column_leads_to_where_one_takes_part(client, told, cast, monkeypatch):
    """S2-20: 在线访谈、民意征集、电视问政 with usage figures."""
    monkeypatch.setattr(interactive, "_providers", {})
    key = str(uuid.uuid4())
    values = {
        "slug": "talks",
        "name": "在线访谈",
        "kind": "在线访谈",
        "agency": cast.office,
        "interactive": "interview",
        "entry_url": "/talks/",
    }
    made = column_actions.make(cast.city, cast.openness_officer, key=key, **values)
    interactive.register("interview", lambda rows: {row.pk: [{"label": "网友提问", "n": 37, "url": ""}] for row in rows})
    found = html(client, "columns:tree", cast.city.code)
    assert 'href="/talks/"' in found and "网友提问 37" in found
    assert client.get(at("columns:tree_json", cast.city.code)).json()["columns"][0]["usage"][0]["n"] == 37
    assert 'href="/talks/"' in client.get(reverse("catalogue_public:column", args=[cast.city.code, made.slug])).content.decode()


def test_the_office_sees_the_log_and_the_faults_of_a_column(client, told, cast):
    """S2-32: column owners and update log."""
    column = catalogue_making.column(cast.office, "plans", name="规划计划", freshness_days=365)
    published(told, cast.drafter, column, title="五年规划")
    column_actions.change(column, cast.openness_officer, key=str(uuid.uuid4()), name="规划和计划")
    client.force_login(cast.openness_officer)
    found = client.get(reverse("catalogue:column_log", args=[column.pk])).content.decode()
    for words in ("五年规划", told.name, "修改栏目", "没有说明", "文字 1"):
        assert words in found
    listed = client.get(reverse("catalogue:columns") + f"?place={cast.city.pk}&check=described").content.decode()
    assert "没有说明 1" in listed and "规划和计划" in listed


# -- cost and doors ---------------------------------------------------------------------------------------------------

PAGES = [
    ("platform:index", ()),
    *(
        (f"platform:{name}", ("code",))
        for name in ("home", "guide", "guide_json", "rules", "content", "content_json", "annual", "requests")
    ),
    ("directory:agency", ("code",)),
    ("directory:functions", ("place",)),
    ("agencies", ()),
    ("agencies_json", ()),
    ("columns:tree", ("place",)),
    ("columns:tree_json", ("place",)),
]


@pytest.mark.parametrize(("name", "args"), PAGES)
def test_no_page_asks_more_for_more_rows(client, told, cast, name, args):
    from django.core.cache import cache

    given = {"code": told.code, "place": cast.city.code}
    column = catalogue_making.column(cast.office, "plans", name="规划计划")
    catalogue_making.version(told, state="current")
    published(told, cast.drafter, column)

    def asked() -> int:
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            html(client, name, *(given[arg] for arg in args))
        return len(queries)

    asked()
    before = asked()
    for n in range(20, 26):
        agency = Agency.objects.create(jurisdiction=cast.city, code=f"990100-{n}", name=f"清河市第{n}局")
        profiles.save_profile(agency, cast.openness_officer, WHOLE)
        Column.objects.create(jurisdiction=cast.city, agency=agency, slug=f"c{n}", name=f"第{n}栏")
        published(told, cast.drafter, column, title=f"{n}年政府信息公开工作年度报告")
    assert asked() <= before


def test_who_has_the_newest_is_told_so(client, told):
    seal()
    for name, args in (("platform:guide", (told.code,)), ("directory:agency", (told.code,)), ("agencies", ())):
        tag = client.get(at(name, *args))["ETag"]
        assert client.get(at(name, *args), headers={"if-none-match": tag}).status_code == 304


def test_everybody_opens_all_of_it(client, told, cast):
    """The addresses of the namespaces platform, directory and columns × everybody."""
    catalogue_making.column(cast.office, "plans", name="规划计划")
    values = {"code": told.code, "number": 1, "item": "20-1", "fmt": "xlsx", "slug": "plans"}
    places = {"functions", "functions_file", "tree", "tree_json", "interactive_csv", "column"}
    for person in ("citizen", "nobody", "county_officer"):
        client.logout()
        if person != "citizen":
            client.force_login(cast.user(person), backend="django.contrib.auth.backends.ModelBackend")
        for space, patterns in (("platform", urls.urlpatterns), ("directory", directory_urls), ("columns", columns_urls)):
            for pattern in patterns:
                given = values | ({"code": cast.city.code} if pattern.name in places else {})
                url = reverse(f"portal:{space}:{pattern.name}", kwargs={arg: given[arg] for arg in pattern.pattern.converters})
                assert client.get(url).status_code == (301 if pattern.name == "column" else 200), url
                assert client.post(url).status_code in (403, 405), url
