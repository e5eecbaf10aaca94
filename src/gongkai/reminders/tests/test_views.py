"""The page of my reminders, the outbox of the office, and the rule files."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from gongkai.journal.models import Entry
from gongkai.reminders import rulebook
from gongkai.reminders.kinds import kinds
from gongkai.reminders.models import Feed, Hook, Message, Preference
from gongkai.reminders.telling import tell

HOME = "/work/reminders/"
FORM = {
    "by_mail": "on",
    "address": "qian@example.gov.cn",
    "wanted": ["overdue", "urged"],
    "lead_days": "5",
    "rhythm": "daily",
    "hour": "9",
    "weekday": "0",
    "quiet_from": "18:00",
    "quiet_to": "08:30",
    "rest_days": "on",
}


def test_without_touching_anything_the_defaults_are_shown(client, cast):
    client.force_login(cast.drafter)
    page = client.get(HOME).content.decode()
    assert "还没有提醒" in page
    assert "没有登记邮箱" in page
    assert page.count('name="wanted"') == len(kinds())
    assert not Preference.objects.exists()


def test_saving_keeps_what_is_not_wanted_and_notes_it(client, cast):
    client.force_login(cast.drafter)
    assert client.post(HOME, FORM).status_code == 302
    row = Preference.objects.get()
    assert (row.person, row.lead_days, row.rhythm, row.address) == (cast.drafter, 5, "daily", "qian@example.gov.cn")
    assert set(row.muted) == {kind.name for kind in kinds()} - {"overdue", "urged"}
    assert Entry.objects.filter(action="reminders.preference", actor_id=cast.drafter.pk).count() == 1
    page = client.get(HOME).content.decode()
    assert re.findall(r'name="wanted" value="(\w+)"[^>]*checked', page) == ["overdue", "urged"]


@pytest.mark.parametrize(
    ("change", "words"), [({"address": "x"}, "邮"), ({"lead_days": "61"}, "60"), ({"hour": "24"}, "几点"), ({"wanted": "all"}, "哪些")]
)
def test_a_mistake_brings_the_form_back(client, cast, change, words):
    client.force_login(cast.drafter)
    response = client.post(HOME, FORM | change)
    assert response.status_code == 422
    assert words in response.content.decode().partition('class="error-summary"')[2][:400]
    assert not Preference.objects.exists()


def test_my_reminders_and_nobody_elses(client, cast, make_obligation):
    make_obligation(title="公开预算", due_on="2026-01-30")
    tell()
    client.force_login(cast.drafter)
    page = client.get(HOME).content.decode()
    assert "公开预算" in page
    assert "补发" in page
    client.force_login(cast.other_officer)
    assert "公开预算" not in client.get(HOME).content.decode()


def test_calendars_are_made_and_renewed_on_the_page(client, cast):
    client.force_login(cast.drafter)
    assert "/feeds/ics/" not in client.get(HOME).content.decode()
    client.post(reverse("reminders:feed"))
    client.post(reverse("reminders:feed"), {"agency": cast.reform.pk})
    assert client.get(HOME).content.decode().count('class="break" href="http://testserver/feeds/ics/') == 2
    client.post(reverse("reminders:feed"), {"renew": "1"})
    assert sorted(Feed.objects.values_list("version", flat=True)) == [1, 2]
    for wrong in (cast.finance.pk, "x", "9" * 30):
        assert client.post(reverse("reminders:feed"), {"agency": wrong}).status_code == 404


def test_the_hook_is_the_heads_and_says_what_is_wrong(client, cast, settings):
    settings.WEBHOOK_HOSTS = frozenset({"oa.gov.cn"})
    address = reverse("reminders:hook", args=[cast.reform.pk])
    client.force_login(cast.drafter)
    assert "系统对接" not in client.get(HOME).content.decode().partition("<h1>")[2].partition("<aside")[2].partition("日历订阅")[2]
    assert client.post(address, {"url": "https://oa.gov.cn/"}).status_code == 403
    client.force_login(cast.head)
    refused = client.post(address, {"url": "https://evil.example/"})
    assert refused.status_code == 409
    assert "不在允许的主机里" in refused.content.decode()
    assert client.post(address, {"url": "https://oa.gov.cn/"}).status_code == 302
    assert Hook.objects.get().secret in client.get(HOME).content.decode()


@pytest.fixture
def letters(cast):
    def make(agency, **fields):
        values = {
            "channel": "mail",
            "person": cast.drafter,
            "address": "x@example.gov.cn",
            "made_at": timezone.now(),
            "next_at": timezone.now(),
        }
        return Message.objects.create(key=f"k{Message.objects.count()}", agency=agency, **values | fields)

    return make


def test_the_outbox_is_the_offices_of_the_place_and_above(client, cast, letters):
    failed = letters(cast.reform, state="failed", error="邮箱不收", subject="甲信")
    letters(cast.east_finance, state="sent", sent_at=timezone.now(), subject="乙信")
    letters(cast.elsewhere_office, subject="丙信")
    client.force_login(cast.openness_officer)
    page = client.get(reverse("reminders:outbox")).content.decode()
    assert "甲信" in page
    assert "邮箱不收" in page
    assert "乙信" in page
    assert "丙信" not in page
    assert "乙信" not in client.get(reverse("reminders:outbox"), {"state": "failed"}).content.decode()
    client.post(reverse("reminders:retry", args=[failed.pk]))
    assert Message.objects.get(pk=failed.pk).state == "queued"
    client.force_login(cast.county_officer)
    page = client.get(reverse("reminders:outbox")).content.decode()
    assert "甲信" not in page
    assert "乙信" in page
    client.force_login(cast.drafter)
    assert client.get(reverse("reminders:outbox")).status_code == 403


def test_lists_cost_the_same_for_any_number(client, cast, letters, make_obligation):
    client.force_login(cast.openness_officer)

    def asked(path):
        with CaptureQueriesContext(connection) as seen:
            assert client.get(path).status_code == 200
        return len(seen)

    def more():
        letters(cast.reform, subject="信")
        make_obligation(due_on="2026-01-30", person=cast.openness_officer, owner=cast.office)
        tell()

    more()
    paths = (HOME, reverse("reminders:outbox"))
    first = [asked(path) for path in paths]
    for _ in range(8):
        more()
    assert [asked(path) for path in paths] == first


GOOD = '[[step]]\nid = "first"\ntimes = 1\nto = ["owner_heads"]\nwords = "请督促"\narticle = "x"\ncertainty = "read"\n'


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (GOOD.replace("times = 1", "times = 0"), "1 到 20"),
        (GOOD.replace("times = 1", "times = true"), "1 到 20"),
        (GOOD.replace("owner_heads", "everybody"), "不能报告给 everybody"),
        (GOOD.replace('words = "请督促"\n', ""), "缺少 words"),
        (GOOD + "after = 3\n", "没有 after"),
        (GOOD + GOOD, "两条 first"),
        ("[[steps]]\n", "没有 steps"),
        ("x = ", "不是 toml"),
    ],
)
def test_a_rule_file_that_is_not_understood_is_refused(text, words):
    assert rulebook.read_escalations(GOOD.encode(), "x.toml")[0].to == ("owner_heads",)
    with pytest.raises(rulebook.RuleError, match=words):
        rulebook.read_escalations(text.encode(), "x.toml")
