"""Error pages say what happened, what to do, and that nothing was lost."""

import importlib

import pytest
from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.test import Client, override_settings
from django.urls import include, path

from gongkai.agencies.errors import NotAllowed


def boom(request):
    raise RuntimeError("password=secret")


def refuse(request):
    raise NotAllowed("只有牵头单位可以签收这项任务。")


def suspicious(request):
    raise SuspiciousOperation("bad")


urlpatterns = [path("boom", boom), path("refuse", refuse), path("suspicious", suspicious), path("", include("gongkai.site.urls"))]
handler400 = "gongkai.portal.errors.bad_request"
handler403 = "gongkai.portal.errors.forbidden"
handler404 = "gongkai.portal.errors.not_found"
handler500 = "gongkai.portal.errors.server_error"
here = override_settings(ROOT_URLCONF=__name__)


def test_a_missing_page_offers_the_search(client, db):
    page = client.get("/no-such-page")
    assert page.status_code == 404
    html = page.content.decode()
    assert 'action="/search"' in html
    assert "/no-such-page" in html
    assert "<title>没有这个页面" in html


def test_the_address_is_escaped(client, db):
    assert "<script>" not in client.get("/<script>alert(1)</script>").content.decode().replace("<script src", "")


def test_a_record_out_of_scope_says_so_to_staff(client, cast):
    client.force_login(cast.drafter)
    page = client.get("/work/ledger/999999/")
    assert page.status_code == 404
    assert "不在您的范围内" in page.content.decode()


@here
def test_a_refusal_gives_its_sentence(client, cast):
    client.force_login(cast.drafter)
    page = client.get("/refuse")
    assert page.status_code == 403
    assert "只有牵头单位可以签收这项任务。" in page.content.decode()
    assert "没有任何内容被改动" in page.content.decode()


@here
def test_a_breakdown_betrays_nothing_and_needs_no_database():
    client = Client(raise_request_exception=False)
    page = client.get("/boom")
    assert page.status_code == 500
    html = page.content.decode()
    assert "不是您的问题" in html
    assert "secret" not in html
    assert "没有留下一半的记录" in html
    assert "Content-Security-Policy" in page


@here
def test_a_breakdown_keeps_large_type():
    client = Client(raise_request_exception=False)
    client.cookies["large"] = "1"
    assert 'class="large"' in client.get("/boom").content.decode()


@here
def test_a_bad_request(db):
    page = Client(raise_request_exception=False).get("/suspicious")
    assert page.status_code == 400
    assert "没有保存这次提交" in page.content.decode()


def test_an_expired_form_says_that_nothing_was_saved(cast):
    page = Client(enforce_csrf_checks=True).post("/work/login/", {"username": "drafter"})
    assert page.status_code == 403
    html = page.content.decode()
    assert "这次提交没有保存" in html
    assert 'href="/work/"' in html, "the first screen, which leads on to the login"


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_pages_to_read_take_no_writing(client, db, method):
    assert getattr(client, method)("/").status_code == 405


def test_the_site_uses_these_pages():
    urls = importlib.import_module(settings.ROOT_URLCONF)
    assert (urls.handler400, urls.handler403, urls.handler404, urls.handler500) == (handler400, handler403, handler404, handler500)


def test_an_address_for_forms_only_says_so(client, cast):
    client.force_login(cast.drafter)
    page = client.get("/work/logout/")
    assert page.status_code == 405
    assert page["Allow"] == "POST, OPTIONS"
    assert "这个地址不能直接打开" in page.content.decode()
    assert 'href="/work/"' in page.content.decode()


def test_an_expired_form_leads_back_to_the_page_it_stood_on(cast):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.drafter)
    page = client.post("/work/ledger/1/acknowledge/", headers={"referer": "http://testserver/work/ledger/1/"})
    assert page.status_code == 403
    assert 'href="/work/ledger/1/"' in page.content.decode()


def test_the_switches_of_a_page_that_answered_a_form_lead_to_a_page(client, cast):
    page = client.post("/work/login/", {"username": "x", "password": "y"}, headers={"referer": "http://testserver/work/login/?next=/work/"})
    assert page.status_code == 200
    assert client.post("/", headers={"referer": "http://testserver/agencies"}).content.decode().count('name="next" value="/agencies"') == 1
