"""Letters: claimed once, sealed once, tried again with growing pauses, given up with a reason, and gathered rightly."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from gongkai.agencies.errors import ActionRefused, NotAllowed
from gongkai.reminders import actions, outbox, queries
from gongkai.reminders.channels import ChannelError
from gongkai.reminders.channels.base import as_mail, identity
from gongkai.reminders.models import Item, Message, Preference, Told
from gongkai.reminders.telling import tell
from gongkai.reminders.tests.conftest import at


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    settings.MAIL_URL = ""
    return tmp_path / "mail"


@pytest.fixture
def letters(reachable, make_obligation):
    """Three letters of one overdue duty that may go out now, whatever day it is; the office above wants none."""
    for person in (reachable.openness_officer, reachable.openness_colleague):
        Preference.objects.create(person=person, by_mail=False)
    make_obligation(due_on="2026-01-30", title="公开预算")
    for person in (reachable.drafter, reachable.reviewer, reachable.head):
        Preference.objects.create(person=person, muted=["opened", "escalated"], rest_days=False, quiet_from="00:00", quiet_to="00:00")
    tell(timezone.now())
    return Message.objects.order_by("pk")


def refusing(monkeypatch, permanent=False):
    class Wall:
        def send(self, message):
            raise ChannelError("收件箱满了", permanent=permanent)

    monkeypatch.setattr(outbox, "channel_for", lambda message: Wall())


def test_each_goes_out_once_and_says_title_sentence_and_link(letters, folder, settings):
    settings.BASE_URL = "https://gk.example.gov.cn"
    assert outbox.deliver() == 3
    assert outbox.deliver() == 0
    assert {m.state for m in letters.all()} == {"sent"}
    assert len(list(folder.glob("*.eml"))) == 3
    assert not list(folder.glob("*.part"))
    body = letters[0].body
    assert "【已逾期】（补发）公开预算" in body
    assert "期限 2026-01-30，已逾期" in body
    assert f"https://gk.example.gov.cn/work/ledger/{Told.objects.first().obligation_id}/" in body


def test_a_second_delivery_after_a_crash_is_the_same_file_to_the_byte(letters, folder):
    message = outbox.claim(timezone.now(), timedelta(0))
    outbox.channel_for(message).send(message)  # sent, and killed before it is marked
    before = {path.name: path.read_bytes() for path in folder.glob("*.eml")}
    again = outbox.claim(timezone.now())
    assert again.pk == message.pk
    assert again.attempts == 2
    assert outbox.send(again)
    after = {path.name: path.read_bytes() for path in folder.glob("*.eml")}
    assert before == after
    assert f"<{identity(message)}@localhost>" == as_mail(again)["Message-ID"]


def test_who_lost_the_lease_marks_nothing(letters, folder, monkeypatch):
    slow = outbox.claim(timezone.now(), timedelta(0))
    quick = outbox.claim(timezone.now(), timedelta(minutes=1))
    assert quick.pk == slow.pk
    refusing(monkeypatch, permanent=True)
    assert not outbox.send(slow)
    assert Message.objects.get(pk=slow.pk).state == "queued"  # still the other's to send


def test_a_leased_letter_is_nobody_elses(letters):
    taken = {outbox.claim(timezone.now()).pk for _ in range(3)}
    assert len(taken) == 3
    assert outbox.claim(timezone.now()) is None


def test_pauses_grow_and_the_last_failure_is_seen(letters, monkeypatch, cast):
    refusing(monkeypatch)
    Message.objects.exclude(pk=letters[0].pk).delete()
    waits = []
    for _ in range(outbox.MOST):
        message = Message.objects.get()
        claimed = outbox.claim(max(message.next_at, timezone.now()))
        before = timezone.now()
        outbox.send(claimed)
        waits.append(Message.objects.get().next_at - before)
    message = Message.objects.get()
    assert message.state == "failed"
    assert message.error == f"{outbox.MOST} 次没有发出：收件箱满了"
    grown = waits[: len(outbox.PAUSES)]
    assert grown == sorted(grown)
    assert all(pause <= wait < pause + timedelta(minutes=1) for pause, wait in zip(outbox.PAUSES, grown, strict=True))
    assert outbox.claim(timezone.now() + timedelta(days=400)) is None
    assert queries.mail_state().failed == 1


def test_what_would_never_be_taken_is_given_up_at_once(letters, monkeypatch):
    refusing(monkeypatch, permanent=True)
    assert outbox.deliver() == 0
    assert set(letters.values_list("state", "attempts", "error")) == {("failed", 1, "收件箱满了")}


def test_a_letter_that_kills_its_sender_every_time_is_given_up(letters):
    Message.objects.exclude(pk=letters[0].pk).delete()
    for _ in range(outbox.MOST):
        assert outbox.claim(timezone.now(), timedelta(0))
    outbox.deliver()
    message = Message.objects.get()
    assert message.state == "failed"
    assert "进程中断" in message.error


def test_the_office_queues_a_failed_letter_again(letters, monkeypatch, cast, folder):
    refusing(monkeypatch, permanent=True)
    outbox.deliver()
    monkeypatch.undo()
    message = letters[0]
    with pytest.raises(NotAllowed):
        actions.try_again(message, cast.stranger)
    actions.try_again(message, cast.user("openness_officer"))
    actions.try_again(message, cast.user("openness_officer"))
    assert outbox.deliver() == 1
    with pytest.raises(ActionRefused):
        actions.try_again(message, cast.user("openness_officer"))


def test_a_digest_gathers_and_is_closed_when_it_leaves(reachable, make_obligation, folder):
    Preference.objects.create(person=reachable.drafter, rhythm="daily", hour=9, muted=["opened"])
    make_obligation(due_on="2026-11-20", person=reachable.drafter)
    tell(at("2026-11-23", 10))
    make_obligation(due_on="2026-11-20", person=reachable.drafter)
    tell(at("2026-11-23", 16))
    digest = Message.objects.get(person=reachable.drafter)
    assert digest.items.count() == 2
    assert timezone.localtime(digest.next_at) == at("2026-11-24", 9)
    assert outbox.claim(at("2026-11-24", 8, 59)) is None or not Message.objects.get(pk=digest.pk).sealed_at
    Message.objects.filter(pk=digest.pk).update(sealed_at=at("2026-11-24", 9), lease_until=None)
    make_obligation(due_on="2026-11-20", person=reachable.drafter)
    tell(at("2026-11-23", 17))  # a worker whose clock is behind: the letter has left, so this gets one of its own
    assert digest.items.count() == 2
    assert Item.objects.filter(message__person=reachable.drafter).count() == 3


def test_what_was_done_meanwhile_says_so(letters, folder):
    duty = Told.objects.first().obligation
    duty.fulfilled_on = "2026-02-01"
    duty.save(update_fields=["fulfilled_on"])
    outbox.deliver()
    assert "（此后已办结）" in letters[0].body


def test_a_full_folder_is_a_failure_not_a_loss(letters, tmp_path):
    (tmp_path / "mail").write_text("not a folder")
    assert outbox.deliver() == 0
    assert {m.state for m in letters} == {"queued"}
    assert "不能写入" in letters[0].error


def test_mail_state_sees_a_worker_that_does_not_run(letters):
    assert queries.mail_state().stuck == 0
    assert queries.mail_state(timezone.now() + timedelta(hours=2)).stuck == 3


def test_a_duty_told_of_twice_stands_in_the_letter_once(reachable, make_obligation, folder):
    Preference.objects.create(person=reachable.drafter, rest_days=False, quiet_from="00:00", quiet_to="00:00")
    make_obligation(due_on="2026-01-30", title="公开预算", person=reachable.drafter)
    tell(timezone.now())
    outbox.deliver()
    letter = Message.objects.get(person=reachable.drafter)
    assert letter.items.count() == 2
    assert "1. 【已逾期】（补发）【新任务】公开预算\n" in letter.body
    assert letter.body.count("/work/ledger/") == 1
