"""Addresses of the public in the outbox: masked, but for the office that must mend what could not be sent; never in a log."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from gongkai.reminders import outbox
from gongkai.reminders.masking import masked, without_addresses
from gongkai.reminders.models import Message
from gongkai.reminders.tests.test_channels import post_office

READER = "wangxiaoming@example.cn"
HIDDEN = "w***@example.cn"


def letter(agency: Any, key: str, **fields: Any) -> Message:
    now = timezone.now()
    values = {"channel": "mail", "address": READER, "made_at": now, "next_at": now, "sealed_at": now, "subject": "有修改", "body": "全文"}
    return Message.objects.create(key=key, agency=agency, **values | fields)


def outbox_of(client: Any, user: Any) -> str:
    client.force_login(user)
    return str(client.get(reverse("reminders:outbox")).content.decode())


FAILED = {"state": "failed", "error": "邮箱不收"}


@pytest.mark.parametrize(
    ("key", "fields", "of", "seen_by", "whole"),
    [
        ("subscription:1:change:2", {}, "reform", "openness_officer", False),
        ("subscription:1:change:2", FAILED, "reform", "openness_officer", True),
        ("subscription:1:change:2", FAILED, "east_finance", "openness_officer", False),  # the city reads, the county mends
        ("subscription:1:change:2", FAILED, "east_finance", "county_officer", True),
        ("request-receipt:1", FAILED, "reform", "openness_officer", False),  # the case shows it to who handles it
    ],
)
def test_who_sees_a_readers_address(client: Any, cast: Any, key: str, fields: dict[str, Any], of: str, seen_by: str, whole: bool) -> None:
    letter(getattr(cast, of), key, **fields)
    page = outbox_of(client, cast.user(seen_by))
    assert (READER in page) is whole
    assert (HIDDEN in page) is not whole


def test_staff_are_in_the_directory(client: Any, cast: Any) -> None:
    letter(cast.reform, "k", person=cast.user("drafter"), address="li@qinghe.gov.cn")
    assert "li@qinghe.gov.cn" in outbox_of(client, cast.user("openness_officer"))


def test_what_a_server_says_is_kept_and_logged_without_the_address(cast: Any, settings: Any, caplog: pytest.LogCaptureFixture) -> None:
    row = letter(cast.reform, "subscription:1:change:2")
    with post_office(RCPT=f"550 5.1.1 <{READER}>: Recipient address rejected") as (url, _letters):
        settings.MAIL_URL = url
        with caplog.at_level(logging.DEBUG):
            assert outbox.deliver() == 0
    row.refresh_from_db()
    assert row.state == "failed" and HIDDEN in row.error and "rejected" in row.error
    assert caplog.records, "the failure is told"
    assert READER not in caplog.text and READER not in row.error


@pytest.mark.parametrize("address", ["wang@example.cn", "w@x.cn", "wang.xiao+gk@mail.example.com", "王小明@例子.中国", "a_b-c@1.2.3.4"])
@pytest.mark.parametrize("said", ["550 <{}>: rejected", "{}", "User {} unknown", "邮箱（{}）不存在", "to={}, relay=none; {}"])
def test_no_address_is_left(address: str, said: str) -> None:
    kept = without_addresses(said.format(address, address))
    assert masked(address) in kept
    assert address not in kept and (len(address.partition("@")[0]) == 1 or f"{address.partition('@')[0]}@" not in kept)
