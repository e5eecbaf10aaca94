"""Public pages: what they say, what they count, what they cost; nothing of a draft is ever seen."""

import re
from datetime import date

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gongkai.obligations.models import Obligation
from gongkai.plans.models import Plan
from gongkai.publications.tests.making import live


@pytest.fixture(autouse=True)
def never_kept(monkeypatch):
    """The home page is kept until the next deed; these tests change rows without one."""
    cache.clear()
    monkeypatch.setattr("gongkai.portal.accountability_cache.newest_change", lambda: None)


PAGES = ["/", "/search", "/agencies", "/accessibility", "/sitemap"]


@pytest.mark.parametrize("path", PAGES)
def test_every_page_carries_the_statutory_identifiers(client, cast, path):
    html = client.get(path).content.decode()
    site = settings.SITE
    for tag in (
        f'name="SiteName" content="{site["name"]}"',
        'name="SiteDomain" content="testserver"',
        f'name="SiteIDCode" content="{site["id_code"]}"',
    ):
        assert tag in html
    footer = html.split("<footer")[1]
    for words in (site["host"], site["phone"], site["id_code"], "我为政府网站找错", "网站地图", "无障碍声明"):
        assert words in footer
    assert '<html lang="zh-CN">' in html
    assert html.index("跳到正文") < html.index("<header")


def test_record_numbers_are_shown_when_there_are_any(client, db, settings):
    settings.SITE = {**settings.SITE, "icp": "京ICP备00000000号", "police": "京公网安备 00000000000000号"}
    footer = client.get("/accessibility").content.decode().split("<footer")[1]
    assert "京ICP备00000000号" in footer
    assert "京公网安备 00000000000000号" in footer


@pytest.mark.parametrize("path", PAGES)
def test_public_pages_set_no_cookie_and_carry_no_token(client, cast, path):
    answer = client.get(path)
    assert not answer.cookies
    assert "csrfmiddlewaretoken" not in answer.content.decode()


@pytest.mark.parametrize("path", [*PAGES, "/work/login/"])
def test_no_inline_style_or_script(client, cast, path):
    answer = client.get(path)
    html = answer.content.decode()
    assert " style=" not in html
    assert "<style" not in html
    assert re.findall(r"<script(?![^>]* src=)[^>]*>", html) == []
    assert " onclick" not in html
    policy = answer["Content-Security-Policy"]
    for rule in ("default-src 'self'", "img-src 'self' data:", "style-src 'self'", "script-src 'self'", "frame-ancestors 'none'"):
        assert rule in policy
    assert "unsafe" not in policy


def test_the_home_page_shows_issued_plans_and_hides_drafts(client, cast, issued_plan, draft_plan):
    plan = issued_plan(title="已下达的要点", year=timezone.localdate().year)
    draft_plan(title="还没下达的要点")
    html = client.get("/").content.decode()
    assert "已下达的要点" in html
    assert reverse("public_plans:detail", args=[plan.pk]) in html
    assert "还没下达的要点" not in html


def test_an_empty_city_says_what_will_be_here(client, cast):
    html = client.get("/").content.decode()
    assert "还没有公开的方案" in html
    assert "今年的方案还没有公开" in html


def test_promises_are_of_this_year_and_each_figure_opens_its_rows(client, cast, issued_plan):
    today = timezone.localdate()
    plan = issued_plan(year=today.year)
    issued_plan(title="去年的要点", year=today.year - 1)
    Obligation.objects.filter(document_id=plan.pk, due_on__isnull=False).update(due_on=date(2026, 1, 9))
    figures = client.get("/").context["promises"]
    assert [promise.plan for promise in figures] == [plan]
    assert {figure["label"]: figure["n"] for figure in figures[0].figures} == {"已逾期": 1, "长期任务": 2}
    for figure in figures[0].figures:
        assert client.get(figure["url"]).context["shown"] == figure["n"], figure


def test_what_is_due_soon_and_what_was_done_last(client, cast, issued_plan, draft_plan):
    today = timezone.localdate()
    plan = issued_plan(year=today.year)
    rows = list(Obligation.objects.filter(document_id=plan.pk).order_by("pk"))
    Obligation.objects.filter(pk=rows[0].pk).update(due_on=today)
    Obligation.objects.filter(pk=rows[1].pk).update(fulfilled_on=today)
    context = client.get("/").context
    assert [(news.task, news.agencies) for news in context["due"]] == [(rows[0].subject_id, [cast.reform.name])]
    assert [news.task for news in context["done"]] == [rows[1].subject_id]
    Plan.objects.filter(pk=plan.pk).update(state=Plan.State.SUPERSEDED)
    context = client.get("/").context
    assert (context["due"], context["done"], context["plans"]) == ([], [], [])


def test_the_home_page_costs_the_same_with_many_plans(client, cast, issued_plan, django_assert_max_num_queries):
    for _ in range(12):
        issued_plan(year=timezone.localdate().year)
    with django_assert_max_num_queries(22):
        client.get("/")


def test_the_directory_groups_by_place_and_narrows(client, cast):
    html = client.get("/agencies").content.decode()
    assert html.index("清河市</h2>") < html.index("东山县</h2>")
    narrowed = client.get("/agencies", {"place": cast.east.pk, "q": "财政"}).content.decode()
    assert "东山县财政局" in narrowed
    assert "清河市财政局" not in narrowed
    assert "没有找到这样的机构" in client.get("/agencies", {"q": "不存在的单位"}).content.decode()


@pytest.mark.parametrize("place", ["x", "-1", "²", "9" * 40, "", "1 or 1=1"])
def test_a_senseless_place_is_no_error(client, cast, place):
    assert client.get("/agencies", {"place": place}).status_code == 200


def test_the_directory_costs_the_same_with_many_agencies(client, cast, django_assert_max_num_queries):
    from gongkai.agencies.models import Agency

    Agency.objects.bulk_create(Agency(jurisdiction=cast.city, code=f"x{n}", name=f"单位{n}") for n in range(70))
    with django_assert_max_num_queries(4):
        page = client.get("/agencies")
    assert page.context["page_obj"].paginator.num_pages == 2


def test_sitemap_and_robots(client, cast, issued_plan, draft_plan):
    plan, draft = issued_plan(), draft_plan()
    opened = live(cast.reform, cast.drafter, theme="0201")
    answer = client.get("/sitemap.xml")
    assert answer["Content-Type"] == "application/xml"
    parts = re.findall(r"<loc>http://testserver(/sitemap-[a-z]+-\d+\.xml)</loc>", answer.content.decode())
    assert f"<lastmod>{timezone.localdate(opened.published_at)}</lastmod>" in answer.content.decode()
    xml = ""
    for path in parts:
        part = client.get(path)
        assert part.status_code == 200 and client.get(path, headers={"if-none-match": part["ETag"]}).status_code == 304
        xml += part.content.decode()
    assert f"<loc>http://testserver/plans/{plan.pk}/</loc>" in xml
    assert f"/plans/{draft.pk}/" not in xml
    assert f"<loc>http://testserver/documents/{opened.document_id}/</loc>" in xml
    assert "<loc>http://testserver/documents/themes/0201/</loc>" in xml
    robots = client.get("/robots.txt").content.decode()
    assert "Disallow: /work/" in robots
    assert "Sitemap: http://testserver/sitemap.xml" in robots


@pytest.mark.parametrize("path", ["documents-0", "documents-9999", "documents-1000000000", "nothing-1", "pages-2"])
def test_a_part_of_the_map_that_is_not(client, db, path):
    assert client.get(f"/sitemap-{path}.xml").status_code == 404


def test_a_large_map_is_cut_into_parts(client, cast, monkeypatch):
    editions = [live(cast.reform, cast.drafter) for _n in range(5)]
    monkeypatch.setattr("gongkai.portal.sitemaps.PART", 2)
    parts = re.findall(r"/sitemap-documents-\d+\.xml", client.get("/sitemap.xml").content.decode())
    xml = [client.get(path).content.decode() for path in parts]
    assert all(part.count("<url>") <= 2 for part in xml)
    assert sum(part.count(f"/documents/{edition.document_id}/</loc>") for part in xml for edition in editions) == 5


def test_a_page_that_is_not_offers_words_and_what_is_near(client, cast):
    answer = client.get("/zwgk/2020/保障性住房-申请条件.html")
    html = answer.content.decode()
    assert answer.status_code == 404 and 'value="保障性住房 申请条件"' in html and 'content="noindex"' in html
    html = client.get("/documents/999999/").content.decode()
    assert "没有这份文件，或者还没有公开。" in html and "可能在这里" in html and 'href="/documents/browse/"' in html
    for path in ("/x%00y", "/" + "长" * 3000, "/<script>alert(1)</script>", "/documents/%22onload=1"):
        answer = client.get(path)
        assert answer.status_code == 404 and "<script>" not in answer.content.decode()


def test_the_home_page_leads_everywhere_in_one_step(client, cast):
    edition = live(cast.reform, cast.drafter, kind="normative", title="规范文件", theme="0201")
    live(cast.reform, cast.drafter, kind="list", title="一张清单")
    html = client.get("/").content.decode()
    for words in (
        "常查：",
        "现行有效文件库",
        "申请公开政府信息",
        "政府信息公开平台",
        "清单",
        "综合政务",
        cast.reform.name,
        "全部领域",
        "邮件订阅",
    ):
        assert words in html, words
    assert f"/documents/{edition.document_id}/" in html and len(html) < 150_000
    of_kind = client.get("/?kind=list").content.decode()
    assert "一张清单" in of_kind and "规范文件" not in of_kind and 'href="/?kind=list#newest" aria-current="true"' in of_kind
    assert "规范文件" in client.get("/?kind=x'").content.decode()


def test_the_old_favicon_address_leads_to_the_drawing(client, db):
    assert client.get("/favicon.ico")["Location"].endswith("seal.svg")


def test_large_type_is_a_post_and_is_remembered(client, cast):
    assert client.get("/large-type").status_code == 405
    answer = client.post("/large-type", {"on": "1", "next": "/search?q=x"})
    assert answer["Location"] == "/search?q=x"
    assert answer.cookies["large"]["max-age"] == 365 * 24 * 3600
    assert answer.cookies["large"]["samesite"] == "Lax"
    for path in ("/", "/work/login/", "/no-such-page"):
        assert 'class="large"' in client.get(path).content.decode(), path
    client.post("/large-type", {"on": "0", "next": "/"})
    assert 'class="large"' not in client.get("/").content.decode()


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "", "http:///evil.example"])
def test_large_type_leads_nowhere_else(db, target):
    assert Client(enforce_csrf_checks=True).post("/large-type", {"on": "1", "next": target})["Location"] == "/"


def test_the_current_page_is_marked_in_the_navigation(client, cast):
    html = client.get("/agencies").content.decode()
    assert html.count('href="/agencies" aria-current="page"') == 2, "once for wide screens, once folded"
    assert client.get("/").content.decode().count('aria-current="page"') == 2


def test_a_task_of_many_agencies_is_one_line(client, cast, issued_plan):
    today = timezone.localdate()
    plan = issued_plan(year=today.year)
    first = Obligation.objects.filter(document_id=plan.pk).first()
    Obligation.objects.filter(pk=first.pk).update(due_on=today)
    for agency in (cast.finance, cast.human, cast.government):
        Obligation.objects.create(
            jurisdiction=cast.city,
            owner=agency,
            source="plan_task",
            document_id=plan.pk,
            subject_id=first.subject_id,
            title=first.title,
            starts_on=today,
            due_on=today,
        )
    page = client.get("/")
    assert [len(news.agencies) for news in page.context["due"]] == [4]
    assert "等 4 个单位" in page.content.decode()


@pytest.mark.parametrize("path", ["/", "/agencies", "/accessibility", "/sitemap", "/plans/"])
def test_columns_are_named_for_the_census(client, cast, path):
    html = client.get(path).content.decode()
    for name in ("ColumnName", "ColumnDescription", "ColumnKeywords", "ColumnType"):
        assert f'<meta name="{name}" content="' in html, name
    assert 'content=""' not in html


def test_a_plan_carries_the_tags_of_an_article(client, cast, issued_plan):
    plan = issued_plan()
    for name in ("detail", "document"):
        html = client.get(reverse(f"public_plans:{name}", args=[plan.pk])).content.decode()
        assert f'<meta name="ArticleTitle" content="{plan.title}">' in html
        assert f'<meta name="ContentSource" content="{plan.issuer}">' in html
        assert f'<meta name="PubDate" content="{timezone.localtime(plan.opened_at):%Y-%m-%d %H:%M}">' in html
        assert 'name="ColumnType" content="政策文件"' in html
