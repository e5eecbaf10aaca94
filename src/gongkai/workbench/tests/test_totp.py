"""The second factor: enrol, log in with it, backup codes, removal; a device closes every door until it is shown."""

import re
import time

import pytest
from django.test import Client
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from gongkai.conftest import PASSWORD

PAGE, VERIFY, CHANGE = "/work/account/totp/", "/work/login/totp/", "/work/account/totp/change/"


def token_of(key: str, drift: int = 0) -> str:
    totp = TOTP(bytes.fromhex(key), drift=drift)
    totp.time = time.time()
    return f"{totp.token():06d}"


@pytest.fixture
def staff(client, cast):
    client.post("/work/login/", {"username": "drafter", "password": PASSWORD})
    return client


def enrol(client) -> list[str]:
    client.get(PAGE)
    page = client.post(PAGE, {"token": token_of(client.session["totp_key"])})
    return re.findall(r"<li>([a-z2-7]{8})</li>", page.content.decode())


def used(user) -> None:
    """Lets the same 30 seconds be used again: a password counts once."""
    TOTPDevice.objects.filter(user=user).update(last_t=-1)


def test_the_page_offers_a_code_and_the_secret_as_text_and_stores_nothing(staff):
    html = staff.get(PAGE).content.decode()
    assert "<svg" in html
    assert re.search(r"([A-Z2-7]{4} ){7}[A-Z2-7]{4}", html)
    assert "style=" not in html
    assert TOTPDevice.objects.count() == 0
    assert staff.session["totp_key"] == staff.session["totp_key"]


def test_reloading_does_not_change_the_secret_just_scanned(staff):
    staff.get(PAGE)
    first = staff.session["totp_key"]
    staff.get(PAGE)
    assert staff.session["totp_key"] == first


def test_a_wrong_first_password_enrols_nothing(staff):
    staff.get(PAGE)
    page = staff.post(PAGE, {"token": "000000"})
    assert "口令不对" in page.content.decode()
    assert TOTPDevice.objects.count() == 0


def test_enrolment_gives_ten_codes_once_and_keeps_the_session_in(staff):
    codes = enrol(staff)
    assert len(codes) == len(set(codes)) == 10
    assert staff.get("/work/").status_code == 200
    assert not re.findall(r"<li>([a-z2-7]{8})</li>", staff.get(PAGE).content.decode())


def test_with_a_device_the_password_alone_opens_nothing(staff, cast):
    enrol(staff)
    other = Client()
    assert other.post("/work/login/", {"username": "drafter", "password": PASSWORD})["Location"] == "/work/"
    for path in ("/work/", PAGE, "/work/account/password/"):
        assert other.get(path)["Location"].startswith(VERIFY), path
    assert other.post(CHANGE, {"token": "1", "do": "remove"})["Location"].startswith(VERIFY)
    assert TOTPDevice.objects.count() == 1


def test_the_dynamic_password_opens_and_the_session_key_changes(staff, cast):
    enrol(staff)
    used(cast.drafter)
    other = Client()
    other.post("/work/login/", {"username": "drafter", "password": PASSWORD})
    old = other.session.session_key
    key = TOTPDevice.objects.get().key
    answer = other.post(VERIFY, {"token": token_of(key), "next": "/work/account/password/"})
    assert answer["Location"] == "/work/account/password/"
    assert other.session.session_key != old
    assert other.get("/work/").status_code == 200


def test_a_password_counts_once(staff, cast):
    enrol(staff)
    used(cast.drafter)
    token = token_of(TOTPDevice.objects.get().key)
    for expected in (302, 200):
        other = Client()
        other.post("/work/login/", {"username": "drafter", "password": PASSWORD})
        assert other.post(VERIFY, {"token": token}).status_code == expected


def test_a_backup_code_opens_once(staff, cast):
    code = enrol(staff)[0]
    for expected in (302, 200):
        other = Client()
        other.post("/work/login/", {"username": "drafter", "password": PASSWORD})
        assert other.post(VERIFY, {"token": code.upper()[:4] + "-" + code[4:]}).status_code == expected
    assert StaticToken.objects.count() == 9


def test_wrong_entries_are_slowed_down_and_the_page_says_how_long(staff, cast):
    enrol(staff)
    other = Client()
    other.post("/work/login/", {"username": "drafter", "password": PASSWORD})
    for _ in range(3):
        other.post(VERIFY, {"token": "000000"})
        TOTPDevice.objects.update(throttling_failure_count=6)
    page = other.post(VERIFY, {"token": token_of(TOTPDevice.objects.get().key)}).content.decode()
    assert re.search(r"请等 \d+ 秒", page)


def test_the_return_address_after_the_second_step_stays_on_this_site(staff, cast):
    code = enrol(staff)[0]
    other = Client()
    other.post("/work/login/", {"username": "drafter", "password": PASSWORD})
    assert other.post(VERIFY, {"token": code, "next": "https://evil.example/"})["Location"] == "/work/"


def test_new_codes_and_removal_ask_for_a_password_again(staff, cast):
    codes = enrol(staff)
    assert "口令不对" in staff.post(CHANGE, {"token": "zzzzzzzz", "do": "remove"}).content.decode()
    assert TOTPDevice.objects.count() == 1
    StaticToken.objects.first().device.throttle_reset()
    fresh = re.findall(r"<li>([a-z2-7]{8})</li>", staff.post(CHANGE, {"token": codes[0], "do": "codes"}).content.decode())
    assert len(fresh) == 10
    assert not set(fresh) & set(codes)
    assert staff.post(CHANGE, {"token": fresh[0], "do": "remove"})["Location"] == PAGE
    assert TOTPDevice.objects.count() == 0
    assert StaticToken.objects.count() == 0
    assert staff.get("/work/").status_code == 200


def test_required_for_everybody_it_leads_to_enrolment_and_nowhere_else(staff, settings):
    settings.REQUIRE_TOTP = True
    assert staff.get("/work/")["Location"] == PAGE
    assert "要求使用动态口令" in staff.get(PAGE).content.decode()
    enrol(staff)
    assert staff.get("/work/").status_code == 200


def test_required_it_cannot_be_removed_and_gone_around(staff, settings, cast):
    codes = enrol(staff)
    settings.REQUIRE_TOTP = True
    staff.post(CHANGE, {"token": codes[0], "do": "remove"})
    assert staff.get("/work/")["Location"] == PAGE


def test_a_backup_code_can_be_typed_on_a_phone(staff, cast):
    assert 'inputmode="numeric"' in staff.get(PAGE).content.decode()
    enrol(staff)
    other = Client()
    other.post("/work/login/", {"username": "drafter", "password": PASSWORD})
    assert "inputmode" not in other.get(VERIFY).content.decode()
    assert "inputmode" not in staff.get(PAGE).content.decode()
