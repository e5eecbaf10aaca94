"""Who follows a document hears when its force changes (S4-16): once for each mark, with the way out, never from an unconfirmed address."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from gongkai.publications.actions import cleanups
from gongkai.publications.actions.cleanups import Proposal
from gongkai.publications.actions.validity import mark
from gongkai.publications.models import Document, Subscription
from gongkai.publications.tests.marking import key, normative
from gongkai.reminders.models import Message

TODAY = timezone.localdate


def follow(document: Document, email: str, confirmed: bool = True) -> Subscription:
    now = timezone.now()
    return Subscription.objects.create(document=document, email=email, asked_at=now, confirmed_at=now if confirmed else None)


@pytest.mark.parametrize(
    ("effect", "words"), [("amended", "已修改"), ("repealed", "废止"), ("lapsed", "失效"), ("suspended", "宣布停止执行")]
)
def test_every_mark_is_told_to_those_who_confirmed(cast: Any, effect: str, words: str) -> None:
    document, other = normative(cast, title="关于规范示例的通知"), normative(cast, title="另一份")
    follow(document, "a@example.com")
    follow(document, "b@example.com", confirmed=False)
    follow(other, "c@example.com")
    same = key()
    for _ in range(2):
        mark(document, cast.head, key=same, effect=effect, on=TODAY(), cause_words="清政发〔2026〕3号")
    letter = Message.objects.get()
    assert letter.address == "a@example.com" and letter.subject == f"{words}：关于规范示例的通知"
    assert (
        words in letter.body
        and "清政发〔2026〕3号" in letter.body
        and f"/documents/{document.pk}/" in letter.body
        and "退订" in letter.body
    )


def test_that_it_goes_on_as_before_is_no_news(cast: Any) -> None:
    document = normative(cast)
    follow(document, "a@example.com")
    mark(document, cast.head, key=key(), effect="continued", on=TODAY(), cause_words="2026年清理")
    assert not Message.objects.exists()


def test_a_clean_up_tells_the_followers_of_every_document_it_ends(cast: Any) -> None:
    documents = [normative(cast, title=f"{n}文件") for n in "甲乙丙"]
    for document in documents:
        follow(document, "a@example.com")
        follow(document, f"{document.pk}@example.com")
    made = cleanups.start(cast.reform, cast.drafter, key=key(), title="清理", basis="通知", on=TODAY())
    cleanups.take(made, cast.drafter, key=key())
    entries = made.entries.order_by("document_id")
    effects = ["continued", "repealed", "lapsed"]
    given = {entry.pk: Proposal(effect) for entry, effect in zip(entries, effects, strict=True)}
    cleanups.propose(made, cast.drafter, key=key(), proposals=given)
    cleanups.decide(made, cast.head, key=key())
    assert sorted(Message.objects.values_list("subject", flat=True)) == ["失效：丙文件"] * 2 + ["废止：乙文件"] * 2
