"""A delivery with its address as proof of a plan's task that names channels (S1-11)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from gongkai.channels import delivering
from gongkai.channels.connectors import connectors
from gongkai.channels.connectors.base import Receipt
from gongkai.channels.models import Delivery
from gongkai.channels.proofs import delivery as facts
from gongkai.channels.tests.making import channel, key, published, withdrawn
from gongkai.channels.vocabulary import named_in
from gongkai.conftest import Cast
from gongkai.obligations import proving
from gongkai.obligations.evidence_panel import panel
from gongkai.obligations.models import Obligation
from gongkai.obligations.records import candidates
from gongkai.plans.models import Plan, Task


@pytest.fixture
def duty(cast: Cast, issued_plan: Callable[..., Plan]) -> Obligation:
    plan = issued_plan()
    found = Obligation.objects.filter(document_id=plan.pk, owner=cast.reform).order_by("pk")[0]
    Task.objects.filter(pk=found.subject_id).update(channels=["市政府网站", "微信公众号"])
    return found


@pytest.fixture
def address(monkeypatch: pytest.MonkeyPatch) -> str:
    told = "https://mp.example/s/1"
    monkeypatch.setattr(type(connectors()["file_drop"]), "deliver", lambda *args: Receipt("好", address=told))
    return told


def sent(cast: Cast, medium: str) -> Delivery:
    one = channel(cast.reform, medium=medium)
    published(cast)
    delivering.deliver()
    return Delivery.objects.filter(channel=one).latest("pk")


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["市政府网站", "广播电视"], {"website", "broadcast"}),
        (["两微一端"], {"wechat", "weibo", "app"}),
        (["政府公报"], {"gazette"}),
        (["查阅点"], {"archive"}),
        (["今日头条", "抖音"], {"toutiao", "douyin"}),
        (["大喇叭"], set()),
        ([], set()),
    ],
)
def test_words_of_plans_and_media(words: list[str], found: set[str]) -> None:
    assert named_in(words) == found


def test_it_is_offered_where_the_task_names_the_medium(cast: Cast, duty: Obligation, address: str) -> None:
    row = sent(cast, "wechat")
    assert [(one.record_kind, one.record_id) for one in candidates(duty)] == [("channel_delivery", row.pk)]
    told = panel(duty, cast.user("drafter"))
    assert "record" in [deed.verb for deed in told.deeds]
    proof = proving.hand_in(duty, cast.user("drafter"), key=key(), kind="record", record=("channel_delivery", row.pk))
    assert proof.result == "to_judge" and "发布在微信，是任务写明的渠道" in proof.reason and proof.url == address


def test_of_another_medium_it_proves_nothing(cast: Cast, duty: Obligation, address: str) -> None:
    row = sent(cast, "weibo")
    assert candidates(duty) == []
    proof = proving.hand_in(duty, cast.user("drafter"), key=key(), kind="record", record=("channel_delivery", row.pk))
    assert proof.result == "failed" and "任务写明的渠道是网站、微信" in proof.reason


def test_a_task_without_channels_is_offered_nothing(cast: Cast, duty: Obligation, address: str) -> None:
    sent(cast, "wechat")
    Task.objects.update(channels=[])
    assert candidates(duty) == []


@pytest.mark.parametrize(("days", "words"), [(1, "在期限"), (-1, "晚于期限")])
def test_before_or_after_its_day(cast: Cast, duty: Obligation, address: str, days: int, words: str) -> None:
    row = sent(cast, "wechat")
    Obligation.objects.filter(pk=duty.pk).update(due_on=timezone.localdate() + timedelta(days))
    duty.refresh_from_db()
    proof = proving.hand_in(duty, cast.user("drafter"), key=key(), kind="record", record=("channel_delivery", row.pk))
    assert words in proof.reason


def test_taken_down_it_proves_no_more(cast: Cast, make_obligation: Any, address: str) -> None:
    duty = make_obligation(proof={"kinds": ["channel_delivery"], "checks": ["published", "by_owner"]}, starts_on=date(2026, 1, 5))
    row = sent(cast, "wechat")
    proof = proving.record_proves(duty, "channel_delivery", row.pk)
    assert proof.result == "passed"
    withdrawn(cast, row.edition)
    proof.refresh_from_db()
    found = facts(row.pk)
    assert found is not None and found.published_on is None and found.lacking == "已经撤下"
    assert proof.result == "failed"


def test_one_that_did_not_arrive_proves_nothing(cast: Cast, make_obligation: Any) -> None:
    duty = make_obligation()
    channel(cast.reform)
    published(cast)
    row = Delivery.objects.get()
    proof = proving.record_proves(duty, "channel_delivery", row.pk)
    assert proof.result == "failed" and "没有送达" in proof.reason
