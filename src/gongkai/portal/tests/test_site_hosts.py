"""Several sites on one installation: each host shows its own name, look and records, and nothing of one is kept for another."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from gongkai.catalogue import colours, hosts
from gongkai.catalogue.models import Site
from gongkai.conftest import Cast
from gongkai.portal.tests.test_contrast import contrast
from gongkai.publications.tests.making import live
from gongkai.search import keeping

REFORM, EAST, MAIN = "fgw.qinghe.gov.cn", "www.dongshan.gov.cn", "testserver"


@pytest.fixture
def documents(cast: Cast, settings: Any) -> dict[str, int]:
    settings.ALLOWED_HOSTS = [MAIN]
    common = {"kind": "normative", "theme": "0201", "genre": "notice"}
    reform = live(cast.reform, cast.drafter, title="发改委的办法", **common)
    finance = live(cast.finance, cast.other_officer, title="财政局的办法", **common)
    east = live(cast.east_finance, cast.county_drafter, title="东山县的办法", **common)
    return {"发改委的办法": reform.document_id, "财政局的办法": finance.document_id, "东山县的办法": east.document_id}


@pytest.fixture
def sites(cast: Cast) -> dict[str, Site]:
    def make(agency: Any, host: str, **more: Any) -> Site:
        return Site.objects.create(agency=agency, host=host, kind="department", opened_on="2026-01-01", **more)

    return {
        "reform": make(cast.reform, REFORM, name="市发改委网站", id_code="9901000003", colour="blue", icp="清ICP备1号", phone="0000-1"),
        "east": make(cast.east_government, EAST, name="东山县人民政府", id_code="9901210001", colour="green", scope="place"),
    }


def page(path: str, host: str = MAIN, **headers: Any) -> Any:
    return Client().get(path, HTTP_HOST=host, **headers)


def titles(path: str, host: str) -> set[str]:
    answer = page(path, host)
    assert answer.status_code == 200, path
    return set(re.findall("发改委的办法|财政局的办法|东山县的办法", answer.content.decode()))


LISTS = [
    "/",
    "/documents/",
    "/documents/themes/02/",
    "/documents/valid/",
    "/documents/feed.atom",
    "/documents/feed.json",
    "/feeds/valid.atom",
]


@pytest.mark.parametrize("path", LISTS)
def test_a_list_shows_what_belongs_to_its_host(documents: dict[str, int], sites: dict[str, Site], path: str) -> None:
    for _twice in range(2):  # made, and kept
        assert titles(path, MAIN) == set(documents)
        assert titles(path, REFORM) == {"发改委的办法"}
        assert titles(path, EAST) == {"东山县的办法"}


def test_a_site_says_who_it_is(documents: dict[str, int], sites: dict[str, Site]) -> None:
    text = page("/", REFORM).content.decode()
    assert '<meta name="SiteName" content="市发改委网站">' in text and f'<meta name="SiteDomain" content="{REFORM}">' in text
    assert '<meta name="SiteIDCode" content="9901000003">' in text and "清ICP备1号" in text and "0000-1" in text
    assert "/site.css?v=blue" in text and "工作人员</a>" not in text
    assert "主办：清河市发展和改革委员会" in text
    main = page("/").content.decode()
    assert "/site.css" not in main and "市发改委网站" not in main and "工作人员</a>" in main
    assert "市发改委网站" in page("/documents/feed.atom", REFORM).content.decode()


def test_counts_agencies_and_the_map_are_of_the_site(documents: dict[str, int], sites: dict[str, Site]) -> None:
    assert "东山县财政局" not in page("/agencies", REFORM).content.decode()
    assert "东山县财政局" in page("/agencies", EAST).content.decode()
    pages = page("/sitemap-documents-1.xml", REFORM).content.decode()
    assert f"http://{REFORM}/documents/{documents['发改委的办法']}/" in pages
    assert f"/documents/{documents['财政局的办法']}/" not in pages
    facet = page("/documents/agencies/", REFORM).content.decode()
    assert "发展和改革委员会" in facet and "财政局" not in facet


def test_a_document_opens_on_every_host_and_names_its_home(documents: dict[str, int], sites: dict[str, Site], settings: Any) -> None:
    settings.BASE_URL = "https://www.qinghe.gov.cn"
    homes = {"发改委的办法": f"http://{REFORM}", "财政局的办法": settings.BASE_URL, "东山县的办法": f"http://{EAST}"}
    for title, pk in documents.items():
        for host in (MAIN, REFORM, EAST):
            answer = page(f"/documents/{pk}/", host)
            assert answer.status_code == 200
            assert f'<link rel="canonical" href="{homes[title]}/documents/{pk}/">' in answer.content.decode()


def test_etags_of_two_hosts_differ_and_a_changed_look_is_another_page(documents: dict[str, int], sites: dict[str, Site]) -> None:
    for path in ("/", "/documents/", "/agencies", f"/documents/{documents['发改委的办法']}/", "/documents/feed.atom"):
        tags = {host: page(path, host).headers.get("ETag") for host in (MAIN, REFORM, EAST)}
        assert len(set(tags.values())) == 3 or None in tags.values(), path
    before = page("/documents/", REFORM)["ETag"]
    assert page("/documents/", REFORM, HTTP_IF_NONE_MATCH=before).status_code == 304
    site = sites["reform"]
    site.name = "新名称"
    site.save()
    again = page("/documents/", REFORM, HTTP_IF_NONE_MATCH=before)
    assert again.status_code == 200 and "新名称" in again.content.decode()


def test_unknown_hosts_are_refused_and_ended_ones_need_no_setting(documents: dict[str, int], sites: dict[str, Site]) -> None:
    assert page("/", "evil.example.com").status_code == 400
    assert page("/", f"{REFORM}:8000").status_code == 200
    assert page("/", f"x.{REFORM}").status_code == 400
    site = sites["reform"]
    site.state, site.ended_on, site.ended_reason, site.notice_url = "merged", "2026-11-01", "整合", "https://a.gov.cn/1"
    site.moved_to = "https://www.qinghe.gov.cn/"
    site.save()
    moved = page("/documents/", REFORM)
    assert (moved.status_code, moved["Location"]) == (301, "https://www.qinghe.gov.cn/")


def test_staff_log_in_on_the_main_host_alone(documents: dict[str, int], sites: dict[str, Site], settings: Any) -> None:
    for path in ("/work/", "/work/login/", "/work/plans/"):
        answer = page(path, REFORM)
        assert answer.status_code == 404 and "请在主站登录" in answer.content.decode()
    assert Client().post("/work/login/", {"username": "a"}, HTTP_HOST=REFORM).status_code == 404
    settings.BASE_URL = "https://www.qinghe.gov.cn"
    assert page("/work/login/?next=/work/", REFORM)["Location"] == "https://www.qinghe.gov.cn/work/login/?next=/work/"


def test_the_sheet_of_a_site_is_small_cacheable_and_of_its_colour(documents: dict[str, int], sites: dict[str, Site]) -> None:
    sheet = page("/site.css", REFORM)
    assert sheet["Content-Type"].startswith("text/css") and colours.COLOURS["blue"].light.seal in sheet.content.decode()
    assert page("/site.css", REFORM, HTTP_IF_NONE_MATCH=sheet["ETag"]).status_code == 304
    assert page("/site.css", EAST)["ETag"] != sheet["ETag"]
    assert colours.COLOURS["blue"].light.fill in page("/site.svg", REFORM).content.decode()


@pytest.mark.parametrize("colour", colours.COLOURS.values(), ids=lambda colour: colour.code)
def test_every_colour_can_be_read(colour: colours.Colour) -> None:
    ground = {"light": ("#ffffff", "#f6f6f4", "#1d2126"), "dark": ("#16181b", "#1f2226", "#e8e6e3")}
    for name, palette in (("light", colour.light), ("dark", colour.dark)):
        paper, wash, ink = ground[name]
        assert contrast(palette.seal, paper) >= 4.5 and contrast(palette.seal, wash) >= 4.5
        assert contrast(colours.ON_FILL, palette.fill) >= 4.5 and contrast(ink, palette.wash) >= 4.5
        assert contrast(palette.fill, paper) >= (3 if name == "light" else 2)


def test_a_request_costs_no_query_for_its_site(documents: dict[str, int], sites: dict[str, Site], django_assert_num_queries: Any) -> None:
    hosts.table()
    with django_assert_num_queries(0):
        assert hosts.open_at(REFORM) is not None and hosts.open_at("nobody.example") is None
        assert hosts.home_of(sites["reform"].agency_id, 0) == REFORM


def test_the_narrowest_site_is_the_home(cast: Cast, sites: dict[str, Site], settings: Any) -> None:
    settings.ALLOWED_HOSTS = [MAIN]
    assert hosts.home_of(cast.east_finance.pk, cast.east.pk) == EAST
    Site.objects.create(agency=cast.east_finance, host="czj.dongshan.gov.cn", name="县财政局", kind="department", opened_on="2026-01-01")
    assert hosts.home_of(cast.east_finance.pk, cast.east.pk) == "czj.dongshan.gov.cn"
    assert hosts.home_of(cast.finance.pk, cast.city.pk) == ""


# -- search -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def index(documents: dict[str, int], sites: dict[str, Site], issued_plan: Any, settings: Any, tmp_path: Any, monkeypatch: Any) -> None:
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(keeping, "_opened", None)
    issued_plan()
    keeping.rebuild()


def found(q: str, host: str, **more: str) -> dict[str, list[str]]:
    """Kind → titles, all pages being one here."""
    answer = Client().get("/search.json", {"q": q, **more}, HTTP_HOST=host).json()
    kinds: dict[str, list[str]] = {}
    for row in answer["results"]:
        kinds.setdefault(row["kind"], []).append(row["title"])
    return kinds


def suggested(q: str, host: str) -> list[str]:
    return list(Client().get("/search/suggest", {"q": q}, HTTP_HOST=host).json()[1])


def test_search_on_a_site_finds_its_own_documents_agencies_plans_and_tasks(index: None, cast: Cast) -> None:
    assert set(found("的办法", MAIN)["document"]) == {"发改委的办法", "财政局的办法", "东山县的办法"}
    assert found("的办法", REFORM)["document"] == ["发改委的办法"]
    assert found("的办法", EAST)["document"] == ["东山县的办法"]
    assert found("财政局", REFORM).get("agency") is None and len(found("财政局", MAIN)["agency"]) == 2
    assert found("财政局", EAST)["agency"] == ["东山县财政局"]
    assert found("发展和改革委员会", REFORM)["agency"] == ["清河市发展和改革委员会"]
    assert len(found("政务公开工作要点", MAIN)["plan"]) == 1
    assert len(found("政务公开工作要点", REFORM)["plan"]) == 1, "it has duties of this agency, as its list of plans shows"
    assert "plan" not in found("政务公开工作要点", EAST), "the plan of the city is not the county's"
    everybody, own = found("公开", MAIN)["task"], found("公开", REFORM).get("task", [])
    assert 0 < len(own) < len(everybody) and set(own) < set(everybody)
    assert found("的办法", REFORM, agency=str(cast.finance.pk)) == {}


def test_what_is_suggested_and_meant_on_a_site_is_there(index: None) -> None:
    assert set(suggested("的办法", MAIN)) == {"发改委的办法", "财政局的办法", "东山县的办法"}
    assert suggested("的办法", REFORM) == ["发改委的办法"]
    assert suggested("的办法", EAST) == ["东山县的办法"]
    meant = {host: Client().get("/search", {"q": "才政局的"}, HTTP_HOST=host).context["results"].meant for host in (MAIN, EAST)}
    assert "财政局的" in meant[MAIN] and "财政局的" not in meant[EAST]
    assert all(found(word, EAST) for word in meant[EAST]), "what is offered is there"


def test_an_heirs_site_shows_what_it_took_over(index: None, documents: dict[str, int], sites: dict[str, Site], cast: Cast) -> None:
    assert titles("/documents/", REFORM) == {"发改委的办法"}
    type(cast.finance).objects.filter(pk=cast.finance.pk).update(valid_to="2026-01-01", successor=cast.reform)
    hosts.forget()
    keeping.rebuild()
    assert titles("/documents/", REFORM) == {"发改委的办法", "财政局的办法"}
    assert set(found("的办法", REFORM)["document"]) == {"发改委的办法", "财政局的办法"}
