"""先审后发, posting by hand with its address, and taking down by hand."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from gongkai.agencies.errors import ActionRefused, NotAllowed
from gongkai.channels import delivering
from gongkai.channels.actions import deliveries as actions
from gongkai.channels.models import Delivery, Post
from gongkai.channels.states import state_of
from gongkai.channels.tests.making import account, channel, key, published, withdrawn
from gongkai.channels.vocabulary import gates
from gongkai.conftest import Cast

ALL = [gate.id for gate in gates()]
ADDRESS = "https://mp.weixin.example/s/1"


@pytest.fixture
def waiting(cast: Cast) -> Delivery:
    channel(cast.reform, "manual", medium="wechat", needs_gates=True, account=account(cast.reform))
    published(cast)
    return Delivery.objects.get()


def test_the_four_checks_come_first(cast: Cast, waiting: Delivery) -> None:
    assert state_of(waiting) == "gates"
    with pytest.raises(ActionRefused, match="等待四关审核"):
        actions.post(waiting, cast.user("head"), key=key(), address=ADDRESS)
    with pytest.raises(ActionRefused, match="保密关没有确认"):
        actions.gate(waiting, cast.user("head"), key=key(), confirmed=["political", "legal", "wording"])
    with pytest.raises(NotAllowed, match="负责人、审核人"):
        actions.gate(waiting, cast.user("drafter"), key=key(), confirmed=ALL)
    actions.gate(waiting, cast.user("head"), key=key(), confirmed=ALL)
    waiting.refresh_from_db()
    assert state_of(waiting) == "hand" and waiting.gated_by == cast.head and set(waiting.gates) == set(ALL)
    assert delivering.deliver() == 0


def test_the_worker_keeps_what_is_not_checked(cast: Cast) -> None:
    channel(cast.reform, needs_gates=True)
    published(cast)
    assert delivering.deliver() == 0
    actions.gate(Delivery.objects.get(), cast.user("head"), key=key(), confirmed=ALL)
    assert delivering.deliver() == 1


def test_the_drafter_does_not_check_his_own(cast: Cast, waiting: Delivery) -> None:
    waiting.edition.author = cast.head
    waiting.edition.save(update_fields=["author"])
    with pytest.raises(NotAllowed, match="拟稿人以外"):
        actions.gate(waiting, cast.user("head"), key=key(), confirmed=ALL)


def test_posted_by_hand_it_has_its_address_and_counts_for_the_account(cast: Cast, waiting: Delivery) -> None:
    actions.gate(waiting, cast.user("head"), key=key(), confirmed=ALL)
    for wrong in ("", "mp.weixin", "javascript:alert(1)", "https://a b"):
        with pytest.raises(ActionRefused, match="完整地址"):
            actions.post(waiting, cast.user("drafter"), key=key(), address=wrong)
    with pytest.raises(ActionRefused, match="不能晚于现在"):
        actions.post(waiting, cast.user("drafter"), key=key(), address=ADDRESS, at=timezone.now() + timedelta(hours=1))
    with pytest.raises(ActionRefused, match="早于四关审核"):
        actions.post(waiting, cast.user("drafter"), key=key(), address=ADDRESS, at=timezone.now() - timedelta(hours=1))
    once = key()
    for _ in range(2):
        actions.post(waiting, cast.user("drafter"), key=once, address=ADDRESS)
    waiting.refresh_from_db()
    assert state_of(waiting) == "done" and waiting.address == ADDRESS
    (post,) = Post.objects.all()
    assert post.url == ADDRESS and post.account.name == "清河发布" and post.delivery == waiting


def test_taken_down_somebody_must_take_it_down_there(cast: Cast, waiting: Delivery) -> None:
    actions.gate(waiting, cast.user("head"), key=key(), confirmed=ALL)
    actions.post(waiting, cast.user("drafter"), key=key(), address=ADDRESS)
    withdrawn(cast, waiting.edition)
    down = Delivery.objects.get(action="withdraw")
    assert state_of(down) == "hand"
    actions.take_down(down, cast.user("drafter"), key=key())
    assert Post.objects.get().withdrawn_at is not None


def test_what_was_taken_down_is_not_posted(cast: Cast, waiting: Delivery) -> None:
    actions.gate(waiting, cast.user("head"), key=key(), confirmed=ALL)
    stale = Delivery.objects.get()
    withdrawn(cast, waiting.edition)
    with pytest.raises(ActionRefused):
        actions.post(stale, cast.user("drafter"), key=key(), address=ADDRESS)
    assert not Post.objects.exists()


def test_refused_and_skipped_say_why(cast: Cast, waiting: Delivery) -> None:
    with pytest.raises(ActionRefused, match="写明理由"):
        actions.refuse(waiting, cast.user("head"), key=key(), reason=" ")
    actions.refuse(waiting, cast.user("head"), key=key(), reason="图片没有授权")
    waiting.refresh_from_db()
    assert state_of(waiting) == "skipped" and "图片没有授权" in waiting.reason
    with pytest.raises(ActionRefused):
        actions.skip(waiting, cast.user("head"), key=key(), reason="再来")


def test_retry_begins_again_with_the_same_key(cast: Cast, monkeypatch: Any) -> None:
    row_channel = channel(cast.reform, settings={"folder": ""})
    published(cast)
    delivering.deliver()
    row = Delivery.objects.get()
    assert state_of(row) == "failed"
    with pytest.raises(NotAllowed):
        actions.retry(row, cast.user("other_officer"), key=key())
    row_channel.settings = {"folder": "archive"}
    row_channel.save()
    actions.retry(row, cast.user("drafter"), key=key())
    assert delivering.deliver() == 1
    with pytest.raises(ActionRefused, match="不用重新推送"):
        actions.retry(Delivery.objects.get(), cast.user("drafter"), key=key())


def test_what_was_public_before_is_sent_by_hand(cast: Cast) -> None:
    edition = published(cast)
    late = channel(cast.reform)
    row = actions.add(late, edition.document, cast.user("drafter"), key=key())
    assert state_of(row) == "queued"
    assert actions.add(late, edition.document, cast.user("drafter"), key=key()).pk == row.pk
    other = channel(cast.finance)
    with pytest.raises(ActionRefused, match="只推送"):
        actions.add(other, edition.document, cast.user("other_officer"), key=key())
    withdrawn(cast, edition)
    with pytest.raises(ActionRefused, match="没有公开"):
        actions.add(late, edition.document, cast.user("drafter"), key=key())
