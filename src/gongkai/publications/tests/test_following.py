"""列表订阅 (S4-8): asked, confirmed, told once of what is on the list, left with one press; across downtime, and without a trace of who."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gongkai.agencies.errors import ActionRefused
from gongkai.conftest import Cast
from gongkai.journal.models import Entry
from gongkai.publications.actions import publishing
from gongkai.publications.models import Announcement, Edition, Push, Subscription, Waiting
from gongkai.publications.public import following, subscriptions
from gongkai.publications.tests.flowing import keys, next_edition, through
from gongkai.publications.tests.making import live
from gongkai.reminders.channels.base import as_mail
from gongkai.reminders.models import Message

READER = "reader@example.org"
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=timezone.get_default_timezone())


@pytest.fixture(autouse=True)
def fresh_cache() -> None:
    cache.clear()


def followed(chosen: dict[str, str], words: str = "", rhythm: str = "at_once", email: str = READER) -> Subscription:
    subscriptions.ask_list(chosen, words, rhythm, email, "192.0.2.1")
    row = Subscription.objects.get(email=email, list_key=subscriptions.list_key(chosen, words))
    return subscriptions.confirm(row)


def announced(edition: Edition, now: datetime) -> None:
    following.announce(edition, now)
    while following.spread(now):
        pass


def told() -> list[Message]:
    return list(Message.objects.filter(key__contains=":list:").order_by("pk"))


def test_the_whole_road_from_a_list_to_leaving_it(cast: Cast) -> None:
    page = Client().get("/documents/", {"genre": "notice"}).content.decode()
    assert '<a href="/documents/follow/?genre=notice">邮件订阅</a>' in page
    form = {"genre": "notice", "words": "示例", "rhythm": "at_once", "email": "Reader@Example.org"}
    answer = Client().post("/documents/follow/", form)
    assert answer.status_code == 302 and "确认链接已经发到邮箱" in Client().get(answer["Location"]).content.decode()
    asked = Message.objects.get()
    assert asked.address == READER and "请确认订阅" in asked.subject and "含有“示例”" in asked.body
    link = next(line for line in asked.body.splitlines() if "/subscriptions/" in line).removeprefix("http://localhost:8000")
    assert "确认订阅" in Client().get(link).content.decode() and not Subscription.objects.get().confirmed_at
    assert "已订阅" in Client().post(link, {"do": "confirm"}).content.decode()
    edition = publishing.publish(through(cast, genre="notice"), cast.user("drafter"), key=keys())
    following.tick()
    letter = told()[0]
    assert reverse("documents:document", args=[edition.document_id]) in letter.body and link in letter.body
    mail = as_mail(letter)
    assert mail["List-Unsubscribe"] == f"<http://localhost:8000{link}>" and mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert as_mail(letter).as_bytes() == mail.as_bytes(), "every attempt is the same letter"
    left = Client(enforce_csrf_checks=True).post(link, {"List-Unsubscribe": "One-Click"})
    assert left.status_code == 200 and "已退订" in left.content.decode()
    assert not Subscription.objects.exists() and not Message.objects.filter(address=READER).exists(), "the address is gone everywhere"
    assert Client().post(link, {"List-Unsubscribe": "One-Click"}).status_code == 200, "a mail program that presses again is told it is done"
    assert not Entry.objects.filter(new__icontains=READER).exists()


def test_a_list_hears_of_what_is_on_it_and_of_nothing_else(cast: Cast) -> None:
    edition = live(cast.finance, cast.other_officer, kind="normative", theme="0402", genre="notice", body="<p>小微企业减税</p>")
    on = [{}, {"theme": "04"}, {"theme": "0402"}, {"agency": str(cast.finance.pk)}, {"kind": "normative", "genre": "notice"}]
    off = [{"theme": "05"}, {"agency": str(cast.reform.pk)}, {"kind": "normative", "genre": "opinion"}, {"field": "tax"}, {"column": "1"}]
    for n, chosen in enumerate([*on, *off]):
        followed(chosen, email=f"r{n}@example.org")
    followed({}, "小微企业 减税", email="words@example.org")
    followed({}, "小微企业 教育", email="others@example.org")
    announced(edition, timezone.now())
    heard = set(Waiting.objects.values_list("subscription__email", flat=True))
    assert heard == {*(f"r{n}@example.org" for n in range(len(on))), "words@example.org"}
    assert Announcement.objects.get().matched == len(on) + 1


def test_nobody_hears_the_words_of_what_is_withheld(cast: Cast) -> None:
    followed({}, "秘密")
    announced(live(cast.reform, cast.drafter, attribute="withheld", ground="state_secret", body="<p>秘密</p>"), timezone.now())
    assert not Waiting.objects.exists()


def test_a_week_without_a_worker_is_one_letter(cast: Cast) -> None:
    followed({}, rhythm="daily")
    for n in range(60):
        following.announce(live(cast.reform, cast.drafter, title=f"第{n}号"), MONDAY + timedelta(hours=n))
    later = MONDAY + timedelta(days=7)
    while following.spread(later):
        pass
    assert following.write(later) == 0, "tomorrow morning"
    morning = (later + timedelta(days=1)).replace(hour=8, minute=30)
    assert following.write(morning) == 1 and following.write(morning) == 0
    letter = told()[0]
    assert "60 件" in letter.subject and "第0号" in letter.body and "还有 10 件" in letter.body
    push = Push.objects.get()
    assert (push.kind, push.documents, push.letters) == ("daily", 60, 1)
    assert not Waiting.objects.exists()


def test_when_the_letters_of_a_rhythm_go_out(cast: Cast) -> None:
    row = Subscription(rhythm="weekly")
    assert following.next_letter(row, MONDAY) == (MONDAY + timedelta(days=7)).replace(hour=8, minute=30)
    assert following.next_letter(row, MONDAY - timedelta(hours=2)) == MONDAY.replace(hour=8, minute=30)
    row = Subscription(rhythm="daily")
    assert following.next_letter(row, MONDAY) == (MONDAY + timedelta(days=1)).replace(hour=8, minute=30)
    row = Subscription(rhythm="at_once", last_at=MONDAY)
    assert following.next_letter(row, MONDAY + timedelta(minutes=1)) == MONDAY + following.APART


def test_many_publications_at_once_are_few_letters(cast: Cast) -> None:
    followed({})
    now = timezone.now()
    for n in range(20):
        announced(live(cast.reform, cast.drafter, title=f"第{n}号"), now + timedelta(seconds=n))
        following.write(now + timedelta(seconds=n))
    assert len(told()) == 1
    following.write(now + following.APART + timedelta(minutes=1))
    assert len(told()) == 2 and "19 件" in told()[1].subject


def test_what_was_taken_down_meanwhile_is_not_told(cast: Cast) -> None:
    followed({}, rhythm="daily")
    edition = live(cast.reform, cast.drafter)
    announced(edition, MONDAY)
    Edition.objects.filter(pk=edition.pk).update(state="withdrawn", ended_at=MONDAY)
    assert following.write(MONDAY + timedelta(days=2)) == 1
    assert told() == [] and not Push.objects.exists()


def test_a_correction_is_no_news_and_a_major_change_is(cast: Cast) -> None:
    first = publishing.publish(through(cast), cast.user("drafter"), key=keys())
    second = publishing.publish(next_edition(cast, first, change="minor", change_note=""), cast.user("drafter"), key=keys())
    publishing.publish(next_edition(cast, second), cast.user("drafter"), key=keys())
    assert list(Announcement.objects.order_by("pk").values_list("edition__number", flat=True)) == [1, 3]


def test_killed_in_the_middle_it_is_told_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    followed({})
    following.announce(live(cast.reform, cast.drafter), timezone.now())

    def dies(*_args: Any, **_more: Any) -> None:
        raise RuntimeError("killed")

    with monkeypatch.context() as patched:
        patched.setattr(following.Subscription.objects, "bulk_update", dies)
        with pytest.raises(RuntimeError):
            following.spread(timezone.now())
    assert not Waiting.objects.exists() and Announcement.objects.get().spread_at is None
    following.spread(timezone.now())
    with monkeypatch.context() as patched:
        patched.setattr(following.Push.objects, "bulk_create", dies)
        with pytest.raises(RuntimeError):
            following.write(timezone.now())
    assert told() == []
    following.tick()
    following.tick()
    assert len(told()) == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_make_one_letter(cast: Cast) -> None:
    followed({})
    announced(live(cast.reform, cast.drafter), timezone.now())

    def work() -> None:
        try:
            following.tick()
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _n in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(told()) == 1 and Push.objects.count() == 1


def test_nobody_fills_anothers_box(cast: Cast) -> None:
    for n in range(subscriptions.FROM_ONE_PLACE):
        subscriptions.ask_list({}, "", "daily", f"{n}@example.org", "192.0.2.1")
    with pytest.raises(ActionRefused):
        subscriptions.ask_list({}, "", "daily", "next@example.org", "192.0.2.1")
    for n in range(subscriptions.TO_ONE_ADDRESS):
        subscriptions.ask_list({}, f"词{n}", "daily", READER, f"192.0.2.{n + 2}")
    with pytest.raises(ActionRefused):
        subscriptions.ask_list({}, "又一个", "daily", READER, "192.0.2.99")
    before = Message.objects.count()
    subscriptions.ask_list({}, "词1", "daily", READER, "192.0.2.50")
    assert Message.objects.count() == before, "asked again within the hour, sent once"


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"email": "no address"}, "邮箱地址不对"),
        ({"email": READER, "rhythm": "hourly"}, "请选多久发一次"),
        ({"email": READER, "words": "长" * 101}, "不能超过 100 个字"),
        ({"email": ""}, "邮箱地址不对"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(cast: Cast, form: dict[str, str], words: str) -> None:
    answer = Client().post("/documents/follow/", {"rhythm": "weekly", "words": "税费", "theme": "97", **form})
    shown = answer.content.decode()
    assert answer.status_code == 422 and words in shown and "没有用来筛选" in shown
    assert f'value="{form.get("words", "税费")}"' in shown
    assert not Subscription.objects.exists()


def test_the_log_tells_how_many_and_never_who(cast: Cast) -> None:
    followed({"theme": "04"}, "我家的事")
    announced(live(cast.reform, cast.drafter, theme="0402", body="<p>我家的事</p>"), timezone.now())
    following.write(timezone.now())
    client = Client()
    client.force_login(cast.user("openness_officer"))
    shown = client.get(reverse("pushes:log")).content.decode()
    assert "列表更新，随时" in shown and "财政、金融、审计，另有搜索词：1 封" in shown
    assert READER not in shown and "我家的事" not in shown


def test_forgotten_when_never_confirmed(cast: Cast) -> None:
    subscriptions.ask_list({}, "", "daily", READER, "192.0.2.1")
    assert subscriptions.forget_unconfirmed(timezone.now() + timedelta(days=4)) == 1
    assert not Subscription.objects.exists() and not Message.objects.filter(address=READER).exists()
