"""From publishing to the other side and back: who gets what, once, in order, whatever dies or fails meanwhile."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from gongkai.channels import delivering, planning
from gongkai.channels.connectors import connectors
from gongkai.channels.connectors.base import DeliveryError, Receipt
from gongkai.channels.models import Attempt, Channel, Delivery
from gongkai.channels.states import state_of
from gongkai.channels.tests.making import channel, key, other_side, published, says, withdrawn
from gongkai.conftest import Cast
from gongkai.publications.actions import publishing
from gongkai.publications.models import Document, Edition
from gongkai.publications.signals import opened
from gongkai.publications.tests.flowing import fresh, next_edition
from gongkai.publications.tests.making import live

Action = Delivery.Action


def states() -> list[tuple[str, str]]:
    return [(row.action, state_of(row)) for row in Delivery.objects.order_by("pk")]


class Scripted:
    """Stands in for what the file drop hands over: raises or answers as told, and remembers the keys."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *answers: Any) -> None:
        self.answers, self.keys = list(answers), []
        drop = connectors()["file_drop"]
        monkeypatch.setattr(type(drop), "deliver", lambda _self, prepared, target: self._say(prepared))
        monkeypatch.setattr(type(drop), "withdraw", lambda _self, prepared, target: self._say(prepared))

    def _say(self, prepared: Any) -> Receipt:
        self.keys.append((prepared.package.action, prepared.package.key, prepared.package.title))
        answer = self.answers.pop(0) if self.answers else Receipt("好", address="https://other.example/1")
        if isinstance(answer, BaseException):
            raise answer
        return answer


def test_publishing_makes_a_delivery_for_each_channel_that_fits(cast: Cast) -> None:
    own, office = channel(cast.reform), channel(cast.office)
    channel(cast.finance)
    channel(cast.reform, rule=False)
    channel(cast.reform, active=False)
    edition = published(cast)
    rows = Delivery.objects.order_by("channel_id")
    assert [row.channel_id for row in rows] == [own.pk, office.pk]
    assert {row.action for row in rows} == {Action.PUBLISH} and {row.edition_id for row in rows} == {edition.pk}


@pytest.mark.parametrize(
    ("rule", "fits"),
    [({"genre": "notice"}, True), ({"genre": "regulation"}, False), ({"kind": "other"}, True), ({"kind": "list"}, False), ({}, True)],
)
def test_rules_choose(cast: Cast, rule: dict[str, Any], fits: bool) -> None:
    one = channel(cast.reform, rule=False)
    one.rules.create(**rule)
    one.rules.create(agency=cast.finance)  # another row that does not fit takes nothing away
    published(cast)
    assert Delivery.objects.exists() == fits


def test_told_twice_it_is_one(cast: Cast) -> None:
    channel(cast.reform)
    edition = published(cast)
    opened.send(sender=Edition, edition=edition, actor=cast.head)
    delivering.deliver()
    opened.send(sender=Edition, edition=edition, actor=cast.head)
    assert states() == [("publish", "done")]


def test_it_arrives_with_a_log(cast: Cast, settings: Any) -> None:
    channel(cast.reform)
    edition = published(cast)
    assert delivering.deliver() == 1
    (row,) = Delivery.objects.all()
    (log,) = row.log.all()
    assert log.ok and log.number == 1 and "已写入" in log.answer
    assert (settings.DROP_DIR / "archive" / f"{row.channel_id}-{edition.pk}-open" / "index.html").exists()
    assert delivering.deliver() == 0


def test_a_correction_is_no_news_and_a_major_change_is_an_update(cast: Cast) -> None:
    channel(cast.reform)
    first = published(cast)
    delivering.deliver()
    minor = next_edition(cast, first, change="minor", change_note="")
    publishing.publish(fresh(minor), cast.user("head"), key=key())
    assert states() == [("publish", "done")]
    major = next_edition(cast, first)
    publishing.publish(fresh(major), cast.user("head"), key=key())
    delivering.deliver()
    assert states() == [("publish", "done"), ("update", "done")]


def test_what_waits_is_replaced_by_the_next_edition(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    told = Scripted(monkeypatch)
    channel(cast.reform)
    first = published(cast)
    publishing.publish(fresh(next_edition(cast, first, title="改过的通知")), cast.user("head"), key=key())
    delivering.deliver()
    assert states() == [("publish", "superseded"), ("publish", "done")]
    assert [title for _action, _key, title in told.keys] == ["改过的通知"]


def test_a_withdrawal_follows_only_what_went(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    told = Scripted(monkeypatch)
    channel(cast.reform)
    edition = published(cast)
    withdrawn(cast, edition)
    delivering.deliver()
    assert states() == [("publish", "superseded")] and told.keys == []
    other = published(cast)
    delivering.deliver()
    withdrawn(cast, other)
    delivering.deliver()
    assert states()[1:] == [("publish", "done"), ("withdraw", "done")]


def test_a_withdrawal_also_follows_what_may_have_gone(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other side took it and the answer was lost: nobody knows, so it is told to take it down."""
    told = Scripted(monkeypatch, DeliveryError("连不上"))
    channel(cast.reform)
    edition = published(cast)
    delivering.deliver()
    withdrawn(cast, edition)
    Channel.objects.update(paused_until=None)
    delivering.deliver()
    assert [action for action, _key, _title in told.keys] == ["publish", "withdraw"]


def test_taken_down_and_published_again_it_is_published_again(cast: Cast) -> None:
    channel(cast.reform)
    first = published(cast)
    delivering.deliver()
    withdrawn(cast, first)
    delivering.deliver()
    again = next_edition(cast, first)
    publishing.publish(fresh(again), cast.user("head"), key=key())
    delivering.deliver()
    assert states() == [("publish", "done"), ("withdraw", "done"), ("publish", "done")]


def test_a_withdrawal_never_overtakes(cast: Cast) -> None:
    """While somebody is sending the publication, its withdrawal waits."""
    channel(cast.reform)
    edition = published(cast)
    row = delivering.claim(timezone.now())
    assert row is not None
    withdrawn(cast, edition)
    assert delivering.claim(timezone.now()) is None
    assert delivering.hand_over(row) is False  # it is looked at again: what was taken down is not published any more
    assert states() == [("publish", "superseded"), ("withdraw", "queued")]
    delivering.deliver()
    assert states()[1] == ("withdraw", "done")


def test_withheld_afterwards_it_is_taken_down_everywhere(cast: Cast) -> None:
    channel(cast.reform)
    first = published(cast)
    delivering.deliver()
    second = live(cast.reform, cast.drafter, document=first.document, attribute="withheld", ground="16.letter", ground_words="内部管理")
    planning.on_opened(edition=second)
    assert states() == [("publish", "done"), ("withdraw", "queued")]


def test_retries_with_pauses_and_then_waits_for_a_person(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    told = Scripted(monkeypatch, *[DeliveryError("连不上", down=True)] * 20)
    channel(cast.reform)
    published(cast)
    pauses = []
    for _ in range(delivering.MOST):
        now = timezone.now()
        delivering.deliver()
        row = Delivery.objects.get()
        pauses.append(round((row.next_at - now).total_seconds() / 60))
        Delivery.objects.update(next_at=now)
        Channel.objects.update(paused_until=None)
    assert pauses[:7] == [1, 5, 30, 120, 360, 720, 1440]
    assert state_of(Delivery.objects.get()) == "failed" and "8 次没有送达" in Delivery.objects.get().error
    assert len({key for _action, key, _title in told.keys}) == 1 and Attempt.objects.count() == 8
    delivering.deliver()
    assert len(told.keys) == 8


def test_what_would_never_go_is_not_tried_again(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    told = Scripted(monkeypatch, DeliveryError("对方不收", permanent=True))
    channel(cast.reform)
    published(cast)
    delivering.deliver()
    delivering.deliver()
    assert states() == [("publish", "failed")] and len(told.keys) == 1


def test_a_connector_with_a_fault_stops_nobody_else(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    Scripted(monkeypatch, ZeroDivisionError("x"))
    channel(cast.reform)
    channel(cast.reform, "atom", medium="website")
    channel(cast.reform, "no_longer_here", medium="other")
    published(cast)
    assert delivering.deliver() == 1
    assert sorted(state for _action, state in states()) == ["done", "failed", "retry"]


def test_a_killed_worker_loses_and_repeats_nothing(cast: Cast, settings: Any) -> None:
    """Dead after the other side had taken it: the lease runs out, another goes on with the same key, and there is one folder."""
    channel(cast.reform)
    published(cast)
    row = delivering.claim(timezone.now())
    assert row is not None
    drop = connectors()["file_drop"]
    from gongkai.channels import packages

    live_now = packages.live_of(row)
    prepared = drop.prepare(packages.package_of(row, live_now), packages.target_of(row.channel))
    drop.deliver(prepared, packages.target_of(row.channel))  # and here it dies
    assert delivering.deliver() == 0 and states() == [("publish", "sending")]
    Delivery.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert delivering.deliver() == 1
    assert delivering._arrived(row, Receipt("迟到"), 0.0) is False  # the dead one awakes: its token is not valid any more
    assert len(list((settings.DROP_DIR / "archive").iterdir())) == 1 and Delivery.objects.get().attempts == 2
    assert Attempt.objects.count() == 1


def test_one_that_kills_its_worker_every_time_is_given_up(cast: Cast) -> None:
    channel(cast.reform)
    published(cast)
    for _ in range(delivering.MOST):
        assert delivering.claim(timezone.now()) is not None
        Delivery.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    delivering.deliver()
    assert states() == [("publish", "failed")] and "中断" in Delivery.objects.get().error


def test_a_thousand_at_once_ask_a_dead_host_once(cast: Cast, settings: Any) -> None:
    hook = channel(cast.reform, "webhook", rule=False, medium="other", secret="s")
    edition = published(cast)
    _many(hook, edition, 1000)
    settings.WEBHOOK_HOSTS = frozenset(["http://127.0.0.1:9"])
    hook.settings = {"url": "http://127.0.0.1:9/"}
    hook.save()
    assert delivering.deliver() == 0
    assert Attempt.objects.count() == 1
    with other_side(settings, says(200)) as side:
        hook.refresh_from_db()
        assert hook.paused_until is not None
        hook.settings, hook.paused_until = {"url": side.url}, None
        hook.save()
        Delivery.objects.update(next_at=timezone.now())
        later = Delivery.objects.order_by("-pk").values("pk")[:900]  # each goes the same road: a hundred show it
        Delivery.objects.filter(pk__in=[row["pk"] for row in later]).update(next_at=timezone.now() + timedelta(days=1))
        assert delivering.deliver() == 100
    keys = [headers["Idempotency-Key"] for headers, _body in side.told]
    assert len(keys) == len(set(keys)) == 100


def _many(hook: Channel, edition: Edition, n: int) -> None:
    """A thousand deliveries of as many documents that share what they say."""
    now = timezone.now()
    one = edition.document
    fields = {"jurisdiction": one.jurisdiction, "agency": one.agency, "created_by": one.created_by, "first_published_at": now}
    documents = Document.objects.bulk_create(Document(index_number=f"N/{k}", **fields) for k in range(n))
    editions = Edition.objects.bulk_create(
        Edition(document=row, number=1, state="live", revision=edition.revision, author=edition.author, published_at=now)
        for row in documents
    )
    Delivery.objects.bulk_create(
        Delivery(channel=hook, document=row.document, edition=row, action="publish", key=f"n:{row.pk}", made_at=now, next_at=now)
        for row in editions
    )


@pytest.mark.django_db(transaction=True)
def test_two_workers_share_and_never_repeat(cast: Cast, settings: Any, together: Any) -> None:
    hook = channel(cast.reform, "webhook", rule=False, medium="other", secret="s")
    edition = published(cast)
    _many(hook, edition, 40)
    with other_side(settings, says(200)) as side:
        Channel.objects.update(settings={"url": side.url})
        assert sum(together(delivering.deliver, delivering.deliver, delivering.deliver)) == 40
    assert len({headers["Idempotency-Key"] for headers, _body in side.told}) == len(side.told) == 40
    assert Attempt.objects.count() == 40


def test_letters_are_delivered_when_the_outbox_has_sent_them(cast: Cast) -> None:
    from gongkai.reminders import outbox

    channel(cast.reform, "email", medium="press", settings={"addresses": ["a@media.example", "b@media.example"]})
    published(cast)
    assert delivering.deliver() == 0 and states() == [("publish", "accepted")]
    outbox.deliver()
    Delivery.objects.update(next_at=timezone.now())
    assert delivering.deliver() == 1 and states() == [("publish", "done")]
