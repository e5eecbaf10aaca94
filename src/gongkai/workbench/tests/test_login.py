"""Password login: lockout, safe return address, a new session key, no names betrayed."""

import pytest
from django.conf import settings
from django.urls import reverse

from gongkai.conftest import PASSWORD

URL = "/work/login/"


def login(client, username="drafter", password=PASSWORD, **more):
    return client.post(URL, {"username": username, "password": password, **more})


def test_the_page_stands_without_an_account(client, db):
    page = client.get(URL)
    assert page.status_code == 200
    assert settings.SITE["name"] in page.content.decode()
    assert "testserver" not in page.content.decode().split("<main")[1]


def test_a_member_of_staff_gets_in(client, cast):
    answer = login(client)
    assert (answer.status_code, answer["Location"]) == (302, "/work/")
    page = client.get("/work/").content.decode()
    assert "钱经办" in page
    assert "市发改委" in page


@pytest.mark.parametrize("name", ["drafter", "no-such-user"])
def test_wrong_password_says_the_same_for_known_and_unknown_names(client, cast, name):
    page = login(client, name, "wrong")
    assert page.status_code == 200
    assert "用户名或密码不对" in page.content.decode()


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "http:\\\\evil.example"])
def test_a_foreign_return_address_is_not_followed(client, cast, target):
    assert login(client, next=target)["Location"] == "/work/"


def test_the_return_address_within_the_site_is(client, cast):
    assert client.get("/work/account/password/")["Location"] == f"{URL}?next=/work/account/password/"
    assert login(client, next="/work/account/password/")["Location"] == "/work/account/password/"


def test_the_session_key_changes_at_login(client, cast):
    session = client.session
    session["before"] = 1
    session.save()
    old = client.session.session_key
    login(client)
    assert client.session.session_key != old


def test_five_wrong_passwords_lock_and_the_page_says_how_long(client, cast):
    for _ in range(settings.AXES_FAILURE_LIMIT - 1):
        assert login(client, password="wrong").status_code == 200
    locked = login(client, password="wrong")
    assert locked.status_code == 429
    assert "30 分钟" in locked.content.decode()
    assert login(client).status_code == 429, "the right password does not open a locked account"
    assert login(client, "other_officer").status_code == 302, "others on the same line still get in"


def test_a_success_forgives_earlier_mistakes(client, cast):
    for _ in range(settings.AXES_FAILURE_LIMIT - 1):
        login(client, password="wrong")
    assert login(client).status_code == 302
    client.post(reverse("workbench:logout"))
    assert login(client, password="wrong").status_code == 200
    assert login(client).status_code == 302


def test_logout_is_a_post_and_closes_the_door(client, cast):
    login(client)
    assert client.get("/work/logout/").status_code == 405
    assert client.post("/work/logout/")["Location"] == "/"
    assert client.get("/work/")["Location"].startswith(URL)


def test_change_of_password_keeps_this_session_and_ends_the_others(client, cast, settings):
    from django.test import Client

    login(client)
    other = Client()
    login(other)
    fresh = "another-good-one-7"
    data = {"old_password": PASSWORD, "new_password1": fresh, "new_password2": fresh}
    assert client.post("/work/account/password/", data)["Location"] == "/work/"
    assert client.get("/work/").status_code == 200
    assert other.get("/work/")["Location"].startswith(URL)
    assert login(Client(), password=fresh).status_code == 302


def test_a_weak_password_is_refused_with_the_reason_at_the_field(client, cast):
    login(client)
    page = client.post("/work/account/password/", {"old_password": PASSWORD, "new_password1": "12345", "new_password2": "12345"})
    html = page.content.decode()
    assert "请先改正" in html
    assert 'id="id_new_password2_error"' in html
