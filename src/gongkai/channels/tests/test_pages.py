"""The pages of channels as people press through them."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from gongkai.channels import delivering
from gongkai.channels.models import Account, Channel, Delivery, Post
from gongkai.channels.tests.making import account, channel, key, published
from gongkai.conftest import Cast


def queries_of(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as caught:
        assert client.get(url).status_code == 200
    return len(caught)


def test_a_channel_is_made_changed_and_switched(cast: Cast, client: Client, settings: Any) -> None:
    client.force_login(cast.user("head"))
    assert "文件投递" in client.get(reverse("channels:choose")).content.decode()
    form = {"key": key(), "agency": cast.reform.pk, "name": "市档案馆", "medium": "archive", "settings-folder": "../x"}
    page = client.post(reverse("channels:open", args=["file_drop"]), form)
    assert page.status_code == 422 and "字母、数字" in page.content.decode() and "市档案馆" in page.content.decode()
    for _ in range(2):
        page = client.post(reverse("channels:open", args=["file_drop"]), {**form, "settings-folder": "archive"}, follow=True)
        assert page.status_code == 200
    one = Channel.objects.get()
    assert one.settings == {"folder": "archive"} and "没有规则" in page.content.decode()
    page = client.post(reverse("channels:add_rule", args=[one.pk]), {"key": key(), "genre": "notice"}, follow=True)
    assert "体裁“通知”" in page.content.decode()
    page = client.post(reverse("channels:add_rule", args=[one.pk]), {"key": key(), "genre": "notice"})
    assert page.status_code == 409 and "已经有了" in page.content.decode()
    client.post(reverse("channels:remove_rule", args=[one.pk, one.rules.get().pk]), {"key": key()})
    assert not one.rules.exists()
    client.post(reverse("channels:change", args=[one.pk]), {"key": key(), "name": "档案馆", "medium": "archive", "settings-folder": "b"})
    client.post(reverse("channels:switch", args=[one.pk]), {"key": key(), "on": "0"})
    one.refresh_from_db()
    assert (one.name, one.settings, one.active) == ("档案馆", {"folder": "b"}, False)


def test_the_secret_is_seen_by_who_may_change_it_alone(cast: Cast, client: Client, settings: Any) -> None:
    settings.WEBHOOK_HOSTS = frozenset(["hook.example"])
    client.force_login(cast.user("head"))
    form = {"key": key(), "agency": cast.reform.pk, "name": "融媒体", "medium": "app", "settings-url": "https://hook.example/in"}
    client.post(reverse("channels:open", args=["webhook"]), form)
    one = Channel.objects.get()
    assert len(one.secret) > 30
    url = reverse("channels:channel", args=[one.pk])
    assert one.secret in client.get(url).content.decode()
    client.force_login(cast.user("drafter"))
    assert one.secret not in client.get(url).content.decode()


def test_an_inside_host_is_refused_when_it_is_typed(cast: Cast, client: Client, settings: Any) -> None:
    settings.WEBHOOK_HOSTS = frozenset(["hook.example"])
    client.force_login(cast.user("head"))
    form = {"key": key(), "agency": cast.reform.pk, "name": "融媒体", "medium": "app"}
    for url in ("https://169.254.169.254/x", "http://hook.example/", "https://hook.example@10.0.0.1/", "ftp://hook.example/"):
        page = client.post(reverse("channels:open", args=["webhook"]), {**form, "settings-url": url})
        assert page.status_code == 422, url
    assert not Channel.objects.exists()


def test_what_failed_comes_first_and_the_publication_says_where_it_went(cast: Cast, client: Client) -> None:
    channel(cast.reform, name="好的")
    channel(cast.reform, name="坏的", settings={"folder": ""})
    edition = published(cast)
    delivering.deliver()
    client.force_login(cast.user("drafter"))
    home = client.get(reverse("channels:home")).content.decode()
    assert home.index("坏的") < home.index("好的") and "没有设定投递文件夹" in home
    for url in (reverse("drafting:document", args=[edition.document_id]), reverse("reviewing:edition", args=[edition.pk])):
        page = client.get(url).content.decode()
        assert "好的" in page and "已送达" in page and "没有送达" in page, url
    bad = Delivery.objects.get(outcome="failed")
    page = client.get(reverse("channels:delivery", args=[bad.pk])).content.decode()
    assert "重新推送" in page and "没有设定投递文件夹" in page
    client.post(reverse("channels:verb", args=[bad.pk, "skip"]), {"key": key(), "reason": "不再使用"})
    assert "不再使用" in client.get(reverse("channels:delivery", args=[bad.pk])).content.decode()
    assert client.get(reverse("channels:export", args=[bad.channel_id, "csv"])).status_code == 200
    assert client.get(reverse("channels:channel", args=[bad.channel_id]) + "?state=nonsense&page=9999999999").status_code == 200


def test_the_road_of_a_post_by_hand(cast: Cast, client: Client) -> None:
    channel(cast.reform, "manual", medium="wechat", account=account(cast.reform), needs_gates=True)
    published(cast)
    row = Delivery.objects.get()
    url = reverse("channels:delivery", args=[row.pk])
    client.force_login(cast.user("drafter"))
    page = client.get(url).content.decode()
    assert "正文。" in page and "负责人、审核人" in page
    client.force_login(cast.user("head"))
    page = client.post(reverse("channels:verb", args=[row.pk, "gate"]), {"key": key(), "political": "on"})
    assert page.status_code == 409 and "法律关没有确认" in page.content.decode()
    gates = dict.fromkeys(("political", "legal", "secrecy", "wording"), "on")
    client.post(reverse("channels:verb", args=[row.pk, "gate"]), {"key": key(), **gates})
    client.force_login(cast.user("drafter"))
    page = client.post(reverse("channels:verb", args=[row.pk, "post"]), {"key": key(), "address": "无"})
    assert page.status_code == 409 and "完整地址" in page.content.decode()
    client.post(reverse("channels:verb", args=[row.pk, "post"]), {"key": key(), "address": "https://mp.example/1"})
    page = client.get(url).content.decode()
    assert "https://mp.example/1" in page and "周主任" in page
    assert Post.objects.get().url == "https://mp.example/1"


def test_adding_from_the_page_of_a_publication(cast: Cast, client: Client) -> None:
    edition = published(cast)
    late = channel(cast.reform, rule=False)
    client.force_login(cast.user("drafter"))
    assert "补推到一个渠道" in client.get(reverse("drafting:document", args=[edition.document_id])).content.decode()
    client.post(reverse("channels:add", args=[edition.document_id]), {"key": key(), "channel": late.pk})
    assert Delivery.objects.get().channel == late


def test_the_import_page_says_the_row(cast: Cast, client: Client) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    client.force_login(cast.user("openness_officer"))
    url = reverse("channels:import_accounts")
    page = client.post(url, {"key": key(), "file": SimpleUploadedFile("a.xlsx", b"no sheet")})
    assert page.status_code == 409 and "读不出" in page.content.decode()
    assert client.post(url, {"key": key()}).status_code == 422


@pytest.mark.parametrize("page", ["home", "channel", "accounts", "account", "public", "document"])
def test_pages_ask_as_often_for_many_as_for_few(cast: Cast, client: Client, page: str) -> None:
    one, own = channel(cast.reform), account(cast.reform)
    edition = published(cast)
    delivering.deliver()
    urls = {
        "home": reverse("channels:home"),
        "channel": reverse("channels:channel", args=[one.pk]),
        "accounts": reverse("channels:accounts"),
        "account": reverse("channels:account", args=[own.pk]),
        "public": "/channels/",
        "document": reverse("drafting:document", args=[edition.document_id]),
    }
    Post.objects.create(account=own, title="一", url="https://a.example/0", at=timezone.now(), recorded_by=cast.drafter)
    client.force_login(cast.user("openness_officer"))
    client.get(urls[page])
    few = queries_of(client, urls[page])
    row = Delivery.objects.get()
    for n in range(12):
        more = channel(cast.reform, name=f"更多{n}")
        Delivery.objects.create(
            channel=more,
            document=row.document,
            edition=row.edition,
            action="publish",
            key=f"k{n}",
            made_at=row.made_at,
            next_at=row.next_at,
        )
        Account.objects.create(agency=cast.finance, platform="weibo", name=f"号{n}", responsible="李某", opened_on=own.opened_on)
        Post.objects.create(account=own, title="x", url=f"https://a.example/{n + 1}", at=timezone.now(), recorded_by=cast.drafter)
    assert queries_of(client, urls[page]) == few
