"""/documents/<pk>/ through HTTP: what the public sees, and what it never sees."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gongkai.conftest import Cast
from gongkai.publications.actions import publishing
from gongkai.publications.models import Edition, PublicCopy, RevisionReference, ValidityChange
from gongkai.publications.screening.public_copies import Decided, recipe_of
from gongkai.publications.tests.flowing import agree, fresh, keys, next_edition, proposed, put_file, through
from gongkai.publications.tests.making import draft, live, revise
from gongkai.reminders.models import Message


def page(edition: Edition, client: Client | None = None, **headers: str) -> Any:
    return (client or Client()).get(reverse("documents:document", args=[edition.document_id]), **headers)


def text(response: Any) -> str:
    return str(response.content.decode())


def test_the_page_says_what_it_is(cast: Cast) -> None:
    edition = publishing.publish(through(cast, kind="normative"), cast.user("drafter"), key=keys())
    response = page(edition)
    assert response.status_code == 200
    shown = text(response)
    for words in (
        "关于做好示例工作的通知",
        "TEST/",
        "清河市发展和改革委员会",
        "清发改〔2026〕8号",
        "2026-03-02",
        "2026-04-01",
        "综合政务\\政务公开",
        "通知",
        "有效",
        "主动公开（此件公开发布）",
        "<p>正文。</p>",
        "首次公开",
    ):
        assert words in shown, words
    for name in ("ArticleTitle", "PubDate", "ContentSource", "Keywords", "Description", "ColumnName", "SiteName"):
        assert f'<meta name="{name}" content="' in shown
    assert "<svg" in shown and "本页地址" in shown
    assert "同一份" not in shown and cast.drafter.display_name not in shown, "who wrote it is nobody's business"


@pytest.mark.parametrize("state", ["draft", "review", "ready", "scheduled", "failed", "discarded"])
def test_what_was_never_opened_has_no_address(cast: Cast, state: str) -> None:
    edition = draft(cast.reform, cast.drafter)
    Edition.objects.filter(pk=edition.pk).update(state=state, publish_at=timezone.now(), failure="没有发布成")
    for name in ("document", "document_json"):
        assert Client().get(reverse(f"documents:{name}", args=[edition.document_id])).status_code == 404


def test_a_draft_beside_the_live_edition_shows_nowhere(cast: Cast) -> None:
    edition = live(cast.reform, cast.drafter, title="公开的标题")
    draft(cast.reform, cast.drafter, document=edition.document, title="没有公开的标题", body="<p>秘而不宣</p>")
    base = reverse("documents:document", args=[edition.document_id])
    for path in (base, f"{base[:-1]}.json", "/documents/", "/documents/feed.atom", f"{base}editions/1/"):
        answer = Client().get(path, follow=True)
        assert answer.status_code == 200 and "没有公开" not in text(answer) and "秘而不宣" not in text(answer)
    assert Client().get(f"{base}editions/2/").status_code == 404
    assert Client().get(f"{base}compare/1/2/").status_code == 404


def test_withdrawn_the_address_answers_410_with_the_reason_and_nothing_else(cast: Cast) -> None:
    edition = publishing.publish(through(cast, body="<p>不该公开的内容</p>"), cast.user("drafter"), key=keys())
    file_url = reverse("documents:file", args=[edition.document_id, 1])
    publishing.withdraw(edition, cast.user("head"), key=keys(), reason="含有个人信息")
    response = page(edition)
    assert response.status_code == 410
    assert "含有个人信息" in text(response) and "不该公开的内容" not in text(response) and "已撤下" in text(response)
    twin = Client().get(reverse("documents:document_json", args=[edition.document_id]))
    assert twin.status_code == 410 and json.loads(twin.content)["reason"] == "含有个人信息"
    for path in (file_url, reverse("documents:edition", args=[edition.document_id, 1])):
        assert Client().get(path).status_code == 410
    assert "不该公开的内容" not in text(Client().get(reverse("documents:list")))


def test_after_its_term_it_is_gone_without_any_worker(cast: Cast) -> None:
    edition = live(cast.reform, cast.drafter, kind="names", title="名单公示", body="<p>张某某</p>")
    Edition.objects.filter(pk=edition.pk).update(expires_on=timezone.localdate() - timedelta(1))
    response = page(edition)
    assert response.status_code == 410 and "届满" in text(response) and "张某某" not in text(response)


def test_withheld_is_announced_with_ground_and_clause_and_no_content(cast: Cast) -> None:
    content = {"attribute": "withheld", "label": "此件不予公开", "ground": "16.personnel", "ground_words": "人事管理方面的信息"}
    edition = publishing.publish(through(cast, body="<p>内部的内容</p>", **content), cast.user("drafter"), key=keys())
    shown = text(page(edition))
    assert "不予公开" in shown and "第十六条" in shown and "人事管理方面的信息" in shown and "内部的内容" not in shown
    twin = json.loads(Client().get(reverse("documents:document_json", args=[edition.document_id])).content)
    assert twin["body"] is None and twin["withheld"]["article"].endswith("第十六条第一款") and twin["attachments"] == []


def test_earlier_editions_are_marked_and_compared(cast: Cast) -> None:
    first = publishing.publish(through(cast), cast.user("drafter"), key=keys())
    second = publishing.publish(next_edition(cast, first), cast.user("drafter"), key=keys())
    shown = text(page(second))
    assert "改过的正文。" in shown and "第二条有修改" in shown and "有重要修改" in shown
    past = Client().get(reverse("documents:edition", args=[first.document_id, 1]))
    assert past.status_code == 200 and "已经被后来的版本代替" in text(past) and "noindex" in text(past)
    diff = text(Client().get(reverse("documents:compare", args=[first.document_id, 1, 2])))
    assert "<ins>改过的</ins>正文。" in diff
    assert Client().get(reverse("documents:edition", args=[first.document_id, 2])).status_code == 302
    assert Client().get(reverse("documents:compare", args=[first.document_id, 2, 1])).status_code == 404


def test_what_was_withdrawn_does_not_come_back_as_history(cast: Cast) -> None:
    first = publishing.publish(through(cast, body="<p>泄露的号码</p>"), cast.user("drafter"), key=keys())
    publishing.withdraw(first, cast.user("head"), key=keys(), reason="含有个人信息")
    publishing.publish(next_edition(cast, first), cast.user("drafter"), key=keys())
    assert page(first).status_code == 200
    assert Client().get(reverse("documents:edition", args=[first.document_id, 1])).status_code == 404


def test_a_repealed_document_says_so_and_links_to_what_repealed_it(cast: Cast) -> None:
    edition = live(cast.reform, cast.drafter, kind="normative", title="旧办法", effective_on=date(2020, 1, 1))
    cause = live(cast.reform, cast.drafter, kind="normative", title="新办法", effective_on=date(2026, 1, 1))
    ValidityChange.objects.create(
        document=edition.document,
        effect="repealed",
        on=date(2026, 1, 1),
        cause=cause.document,
        cause_words="新办法第二十条",
        at=timezone.now(),
    )
    shown = text(page(edition))
    assert "本文件废止" in shown and reverse("documents:document", args=[cause.document_id]) in shown
    assert "旧办法" in text(page(cause)), "the way back"


def test_references_lead_both_ways_and_never_to_a_draft(cast: Cast) -> None:
    policy = live(cast.reform, cast.drafter, title="办法")
    reading = live(cast.reform, cast.drafter, title="一图读懂")
    hidden = draft(cast.reform, cast.drafter, title="还没有公开的文件")
    assert reading.revision and hidden.revision
    RevisionReference.objects.create(revision=reading.revision, relation="interprets", target=policy.document)
    RevisionReference.objects.create(
        revision=reading.revision, relation="cites", target=hidden.document, title="某文件", doc_number="清发改〔2026〕9号"
    )
    RevisionReference.objects.create(revision=hidden.revision, relation="cites", target=policy.document)
    shown = text(page(policy))
    assert "一图读懂" in shown and "还没有公开的文件" not in shown
    back = text(page(reading))
    assert reverse("documents:document", args=[policy.document_id]) in back and "某文件" in back
    assert reverse("documents:document", args=[hidden.document_id]) not in back


def test_attachments_go_out_as_their_public_copy_alone(cast: Cast, settings: Any) -> None:
    edition = draft(cast.reform, cast.drafter)
    version = put_file(edition, cast.drafter, "名单.txt", b"\xe5\x8e\x9f\xe4\xbb\xb6 110101199003070000")
    edition.state, edition.published_at = "live", timezone.now()
    edition.save()
    edition.document.first_published_at = edition.published_at
    edition.document.save()
    url = reverse("documents:file", args=[edition.document_id, version.attachment_id])
    assert Client().get(url).status_code == 404, "no copy, no file"
    assert "名单.txt" not in text(page(edition))
    from django.core.files.base import ContentFile

    copy = PublicCopy(version=version, recipe=recipe_of(version, Decided(frozenset(), frozenset(), False).masked), made_at=timezone.now())
    copy.size, copy.sha256 = 6, "1" * 64
    copy.file.save("名单.txt", ContentFile("公开".encode()), save=False)
    copy.save()
    from django.core.cache import cache

    cache.clear()
    answer = Client().get(url)
    assert answer.status_code == 200 and b"".join(answer.streaming_content).decode() == "公开"  # type: ignore[attr-defined]
    shown = text(page(edition))
    assert "名单.txt" in shown and "文本" in shown and url in shown
    other = live(cast.reform, cast.drafter)
    assert Client().get(reverse("documents:file", args=[other.document_id, version.attachment_id])).status_code == 404


def test_who_has_it_is_told_304_until_it_changes(cast: Cast) -> None:
    edition = publishing.publish(through(cast), cast.user("drafter"), key=keys())
    first = page(edition)
    assert first["ETag"] and first["Last-Modified"]
    assert page(edition, HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 304
    publishing.withdraw(edition, cast.user("head"), key=keys(), reason="内容有误")
    assert page(edition, HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 410


def test_a_forced_publication_is_marked_until_confirmed(cast: Cast) -> None:
    edition = proposed(cast)
    agree(cast, edition, "secrecy")
    edition = publishing.force_publish(edition, cast.user("head"), key=keys(), reason="台风预警")
    assert "审核手续正在补办" in text(page(edition))
    publishing.confirm(edition, cast.user("reviewer"), key=keys(), opinion="无误")
    assert "审核手续正在补办" not in text(page(edition))


def test_the_list_filters_and_does_not_ask_more_for_more(cast: Cast, django_assert_max_num_queries: Any) -> None:
    from django.core.cache import cache

    for n in range(3):
        live(cast.reform, cast.drafter, title=f"发改第{n}件")
    live(cast.finance, cast.other_officer, kind="normative", title="财政一件")
    with django_assert_max_num_queries(13):  # the figures of the facets once a minute
        everything = text(Client().get("/documents/"))
    assert everything.index("财政一件") < everything.index("发改第2件") < everything.index("发改第0件")
    for n in range(3, 30):
        live(cast.reform, cast.drafter, title=f"发改第{n}件")
    cache.clear()
    with django_assert_max_num_queries(13):
        assert "下一页" in text(Client().get("/documents/"))
    with django_assert_max_num_queries(3):
        assert "下一页" in text(Client().get("/documents/?page=1"))
    mine = text(Client().get(f"/documents/?agency={cast.finance.pk}"))
    assert "财政一件" in mine and "发改第" not in mine
    assert "财政一件" in text(Client().get("/documents/?kind=normative&year=2026")) or timezone.localdate().year != 2026
    assert Client().get("/documents/?agency=x&page=zz&year=9").status_code == 200
    feed = Client().get(f"/documents/feed.atom?agency={cast.finance.pk}")
    assert feed["Content-Type"].startswith("application/atom+xml") and "财政一件" in text(feed) and "发改第" not in text(feed)


def test_the_page_asks_no_more_for_more(cast: Cast, django_assert_max_num_queries: Any) -> None:
    from django.core.cache import cache

    edition = live(cast.reform, cast.drafter, kind="normative")
    for n in range(12):
        other = live(cast.reform, cast.drafter, title=f"相关{n}")
        assert other.revision
        RevisionReference.objects.create(revision=other.revision, relation="cites", target=edition.document)
    for _n in range(3):
        edition = live(cast.reform, cast.drafter, document=edition.document)
    cache.clear()
    with django_assert_max_num_queries(7):
        assert page(edition).status_code == 200
    with django_assert_max_num_queries(2):
        assert page(edition).status_code == 200, "kept for the next reader"


def test_an_address_of_the_old_site_leads_to_its_page(cast: Cast) -> None:
    edition = live(cast.reform, cast.drafter)
    edition.document.origin_url = "/zwgk/2020/t20200301_12.html"
    edition.document.save()
    answer = Client().get("/zwgk/2020/t20200301_12.html")
    assert answer.status_code == 301 and answer["Location"] == reverse("documents:document", args=[edition.document_id])
    assert Client().get("/zwgk/2020/other.html").status_code == 404
    hidden = draft(cast.reform, cast.drafter)
    hidden.document.origin_url = "/zwgk/hidden.html"
    hidden.document.save()
    assert Client().get("/zwgk/hidden.html").status_code == 404


def test_who_subscribed_and_confirmed_is_told_of_a_major_change_and_can_leave(cast: Cast) -> None:
    edition = publishing.publish(through(cast), cast.user("drafter"), key=keys())
    asked = Client().post(reverse("documents:subscribe", args=[edition.document_id]), {"email": "Reader@example.org"})
    assert asked.status_code == 302
    letter = Message.objects.get()
    assert letter.address == "reader@example.org" and "请确认" in letter.subject and letter.person is None
    link = next(line for line in letter.body.splitlines() if "/subscriptions/" in line).removeprefix("http://localhost:8000")
    second = publishing.publish(next_edition(cast, edition), cast.user("drafter"), key=keys())
    assert Message.objects.count() == 1, "not confirmed, not told"
    assert "确认订阅" in text(Client().get(link))
    assert "已订阅" in text(Client().post(link, {"do": "confirm"}))
    third = publishing.publish(next_edition(cast, second, change="minor", change_note=""), cast.user("drafter"), key=keys())
    assert Message.objects.count() == 1, "a correction is no news"
    publishing.publish(next_edition(cast, third), cast.user("drafter"), key=keys())
    told = Message.objects.exclude(pk=letter.pk).get()
    assert "第二条有修改" in told.body and link in told.body
    assert "已退订" in text(Client().post(link, {"do": "leave"}))
    assert Client().get(link).status_code == 404
    assert not edition.document.subscriptions.exists()


def test_asking_is_limited_and_tells_nothing(cast: Cast) -> None:
    editions = [live(cast.reform, cast.drafter) for _n in range(12)]
    url = lambda edition: reverse("documents:subscribe", args=[edition.document_id])  # noqa: E731
    for _n in range(3):
        assert Client().post(url(editions[0]), {"email": "a@example.org"}).status_code == 302
    assert Message.objects.count() == 1, "asked again, sent once"
    assert Client().post(url(editions[0]), {"email": "not an address"}).status_code == 422
    codes = [Client().post(url(edition), {"email": f"{n}@example.org"}).status_code for n, edition in enumerate(editions)]
    assert codes[:9] == [302] * 9 and codes[-1] == 422
    from gongkai.publications.models import Subscription
    from gongkai.publications.public.subscriptions import forget_unconfirmed

    Subscription.objects.update(asked_at=timezone.now() - timedelta(days=4), asked_from="")
    assert Client().post(url(editions[0]), {"email": "b@example.org"}).status_code == 302
    assert forget_unconfirmed() > 0 and Subscription.objects.count() == 1


def test_a_link_that_was_made_up_opens_nothing(cast: Cast) -> None:
    for token in ("1-0", "x", "999999999999999999-aa", "1"):
        assert Client().get(reverse("documents:subscription", args=[token])).status_code == 404
    assert fresh and revise


def test_what_was_redacted_says_so(cast: Cast) -> None:
    whole, less = live(cast.reform, cast.drafter), live(cast.reform, cast.drafter, redacted=True)
    assert "部分内容已作删减、遮盖" not in text(Client().get(f"/documents/{whole.document_id}/"))
    assert "部分内容已作删减、遮盖" in text(Client().get(f"/documents/{less.document_id}/"))
