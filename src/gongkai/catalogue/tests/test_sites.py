"""政府网站: opened, changed, merged, closed; an ended site was announced, sends its readers on or names its archive, and is never lost."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client, override_settings
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from gongkai.agencies.errors import ActionRefused, NotAllowed
from gongkai.catalogue import sites
from gongkai.catalogue.models import Deed, Site
from gongkai.catalogue.tests.keeping_making import fake_publications, key
from gongkai.obligations import records
from gongkai.obligations.models import Obligation, RuleSwitch

NOTICE = "https://www.example.gov.cn/gg/1.html"


@pytest.fixture(autouse=True)
def _today() -> Any:
    with time_machine.travel("2026-11-22 02:00:00+00:00"):
        yield


@pytest.fixture
def opened(cast: Any) -> Any:
    def make(host: str = "fgw.qinghe.gov.cn", **fields: Any) -> Site:
        values: dict[str, Any] = {"name": "市发改委网站", "kind": "department", "id_code": "9901000003"}
        return sites.open_site(cast.reform, cast.user("openness_officer"), key=key(), host=host, **(values | fields))

    return make


def end(verb: str, site: Site, cast: Any, **fields: Any) -> Site:
    values: dict[str, Any] = {"reason": "功能单一、更新不及时", "notice_url": NOTICE}
    return getattr(sites, verb)(site, cast.user("openness_officer"), key=key(), **(values | fields))


def test_a_site_is_opened_by_the_office_and_its_host_is_its_own_for_ever(cast: Any, opened: Any) -> None:
    site = opened(" HTTPS://FGW.Qinghe.gov.cn:443/index.html ")
    assert (site.host, site.state, site.opened_on) == ("fgw.qinghe.gov.cn", "open", date(2026, 11, 22))
    with pytest.raises(ActionRefused, match="已经登记过"):
        opened()
    for person in ("head", "other_officer", "county_officer", "nobody"):
        with pytest.raises(NotAllowed):
            sites.open_site(cast.reform, cast.user(person), key=key(), name="甲", host="a.example.gov.cn", kind="portal")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"host": "不是域名"}, "域名写成"),
        ({"host": "localhost"}, "域名写成"),
        ({"host": "a b.gov.cn"}, "域名写成"),
        ({"name": ""}, "网站名称"),
        ({"kind": "blog"}, "类别"),
        ({"id_code": "一二三"}, "标识码"),
        ({"opened_on": date(2026, 11, 23)}, "不能晚于今天"),
    ],
)
def test_what_is_wrong_with_a_new_site_is_said(opened: Any, wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(ActionRefused, match=said):
        opened(**wrong)
    assert not Site.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({}, "新地址，或者写明归档"),
        ({"archive": "市档案馆", "notice_url": ""}, "先公开公告"),
        ({"archive": "市档案馆", "notice_url": "javascript:alert(1)"}, "公告地址"),
        ({"archive": "市档案馆", "reason": " "}, "理由"),
        ({"moved_to": "www.qinghe.gov.cn"}, "https:// 开头"),
        ({"moved_to": "https://fgw.qinghe.gov.cn/new/"}, "不能还在这个域名下"),
        ({"archive": "甲", "redirects": [["/old", "//evil.example"]]}, "地址对照第 1 行"),
        ({"archive": "甲", "redirects": [["/a", "https://b.gov.cn/"], ["old", "https://b.gov.cn/"]]}, "地址对照第 2 行"),
        ({"archive": "甲", "redirects": [["/a"]]}, "地址对照第 1 行"),
    ],
)
def test_a_site_does_not_end_without_notice_and_a_place_to_go(cast: Any, opened: Any, wrong: dict[str, Any], said: str) -> None:
    site = opened()
    with pytest.raises(ActionRefused, match=said):
        end("close", site, cast, **wrong)
    site.refresh_from_db()
    assert site.state == "open"


def test_the_database_holds_it_too(opened: Any) -> None:
    site = opened()
    for wrong in ({"state": "closed"}, {"state": "closed", "ended_on": date(2026, 11, 22), "ended_reason": "理由", "archive": "甲"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Site.objects.filter(pk=site.pk).update(**wrong)


def test_closed_it_stays_in_the_public_list_with_notice_and_archive(cast: Any, opened: Any, client: Client) -> None:
    site = end("close", opened(), cast, archive="市档案馆 2026-W-0012")
    assert (site.state, site.ended_on) == ("closed", date(2026, 11, 22))
    page = client.get("/catalogue/sites/").content.decode()
    assert site.name in page and NOTICE in page and "市档案馆 2026-W-0012" in page
    with pytest.raises(ActionRefused, match="已于 2026-11-22 关停"):
        end("close", site, cast, archive="再关一次")
    assert [deed.kind for deed in Deed.objects.order_by("pk")] == ["site_opened", "site_closed"]


def test_merged_it_leads_to_the_other_site(cast: Any, opened: Any) -> None:
    portal = sites.open_site(cast.office, cast.user("openness_officer"), key=key(), name="门户", host="www.qinghe.gov.cn", kind="portal")
    site = opened()
    with pytest.raises(ActionRefused, match="并入它自己"):
        end("merge", site, cast, into=site, moved_to="https://www.qinghe.gov.cn/")
    merged = end("merge", site, cast, into=portal)
    assert (merged.merged_into, merged.moved_to) == (portal, "https://www.qinghe.gov.cn/")
    other = opened("zfw.qinghe.gov.cn")
    with pytest.raises(ActionRefused, match="已经关停"):
        end("merge", other, cast, into=merged)


def test_a_notice_of_this_installation_must_be_readable_and_proves_the_duty(
    cast: Any, opened: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = fake_publications(monkeypatch)
    monkeypatch.setattr(records, "record_at", lambda url: ("publication", 7) if url.endswith("/documents/7/") else None)
    monkeypatch.setattr(sites, "record_at", records.record_at)
    with override_settings(ALLOWED_HOSTS=["gk.example.gov.cn"]):
        site = opened()
        with pytest.raises(ActionRefused, match="不是一条公开信息的页面"):
            end("close", site, cast, archive="甲", notice_url="https://gk.example.gov.cn/work/")
        pages.publish(7, date(2026, 11, 20), cast.reform, published_on=None)
        with pytest.raises(ActionRefused, match="请先公开公告"):
            end("close", site, cast, archive="甲", notice_url="https://gk.example.gov.cn/documents/7/")
        pages.change(7, published_on=date(2026, 11, 20))
        since = date(2020, 1, 1)
        RuleSwitch.objects.create(jurisdiction=cast.city, rule="site.close_notice", on=True, since=since, decided_at=timezone.now())
        end("close", site, cast, archive="甲", notice_url="https://gk.example.gov.cn/documents/7/")
    duty = Obligation.objects.get(rule="site.close_notice", subject_id=site.pk)
    assert duty.fulfilled_on == date(2026, 11, 20)


@pytest.fixture
def closed(cast: Any, opened: Any) -> Site:
    table = [["/a", "https://www.qinghe.gov.cn/a/"], ["/a/b.html", "https://www.qinghe.gov.cn/deep.html"]]
    return end("close", opened(), cast, moved_to="https://www.qinghe.gov.cn/fgw/", redirects=table)


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/", "https://www.qinghe.gov.cn/fgw/"),
        ("/other?x=1", "https://www.qinghe.gov.cn/fgw/"),
        ("/a", "https://www.qinghe.gov.cn/a/"),
        ("/a/c", "https://www.qinghe.gov.cn/a/"),
        ("/ab", "https://www.qinghe.gov.cn/fgw/"),
        ("/a/b.html", "https://www.qinghe.gov.cn/deep.html"),
        ("/work/", "https://www.qinghe.gov.cn/fgw/"),
    ],
)
@override_settings(ALLOWED_HOSTS=["gk.example.gov.cn"])
def test_readers_of_a_closed_host_are_sent_on_for_good(closed: Site, path: str, target: str) -> None:
    for host in ("fgw.qinghe.gov.cn", "FGW.qinghe.gov.cn:8000", "fgw.qinghe.gov.cn."):
        answer = Client().get(path, headers={"host": host})
        assert (answer.status_code, answer["Location"]) == (301, target)


@override_settings(ALLOWED_HOSTS=["gk.example.gov.cn"])
def test_an_archived_host_says_where_and_a_strange_one_is_refused(cast: Any, opened: Any) -> None:
    end("close", opened("old.qinghe.gov.cn"), cast, archive="市档案馆 <2026>")
    answer = Client().get("/x", headers={"host": "old.qinghe.gov.cn"})
    assert answer.status_code == 410 and "市档案馆 &lt;2026&gt;" in answer.content.decode() and NOTICE in answer.content.decode()
    assert Client().get("/", headers={"host": "unknown.example.org"}).status_code == 400


def test_open_hosts_and_our_own_cost_no_query(closed: Site, opened: Any, django_assert_num_queries: Any) -> None:
    opened("open.qinghe.gov.cn")
    assert sites.ended_at("open.qinghe.gov.cn") is None
    with django_assert_num_queries(0), override_settings(ALLOWED_HOSTS=["gk.example.gov.cn", "fgw.qinghe.gov.cn"]):
        assert sites.ended_at("gk.example.gov.cn:8000") is None
        assert sites.ended_at("fgw.qinghe.gov.cn") is None and sites.still_answered(closed)


@given(st.text(max_size=60))
def test_any_words_give_a_host_name_or_nothing(words: str) -> None:
    host = sites.clean_host(words)
    assert host == "" or (sites.clean_host(host) == host and host.isascii() and " " not in host and "/" not in host)


@given(st.text(max_size=60))
def test_no_words_give_an_address_that_is_no_web_address(words: str) -> None:
    if sites.is_address(words):
        assert words.strip().lower().startswith(("http://", "https://")) and "\n" not in words
