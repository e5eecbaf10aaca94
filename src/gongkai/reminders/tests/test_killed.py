"""A worker killed at any moment loses no reminder and no letter, and repeats none: tried by really killing it."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from django.db import connection

from gongkai.agencies.models import Agency, Membership, User
from gongkai.reminders.models import Message, Preference, Told
from tests.running import Forks

LETTERS = 300
KILLS = 7
BEFORE = """
import time
from datetime import timedelta
from gongkai.site.prepare import setup; setup()
from gongkai.reminders import outbox, telling
"""
WORKER = """
while True:
    told = telling.tell(batch=7)
    sent = outbox.deliver(lease=timedelta(seconds={lease}))
    if not told and not sent:
        time.sleep(0.05)
"""


def environment(folder: Path) -> dict[str, str]:
    """The same test database, in another process with a data folder of its own."""
    database = connection.settings_dict
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GONGKAI_", "PYTEST_"))}
    if connection.vendor == "sqlite":
        url = f"sqlite:///{database['NAME']}?transaction_mode=IMMEDIATE&timeout=20"
    else:
        url = f"postgres://{database['USER']}@{database['HOST']}:{database['PORT']}/{database['NAME']}"
    # One key for all of them, as in one installation: a letter's identity is signed with it.
    own = {"GONGKAI_DATA": str(folder), "GONGKAI_DATABASE_URL": url, "GONGKAI_SECRET_KEY": "one installation"}
    return {**kept, **own, "DJANGO_SETTINGS_MODULE": "gongkai.site.settings"}


@contextmanager
def workers(folder: Path, lease: float = 0.4) -> Iterator[Forks]:
    """A short lease where workers are killed, so that the next need not wait; a long one where both live and a slow disk is no death."""
    forks = Forks(BEFORE, WORKER.format(lease=lease), folder / "code", environment(folder))
    try:
        yield forks
    finally:
        forks.stop()


@pytest.fixture
def three_hundred(cast, make_obligation):
    """One overdue duty each for three hundred people, who want letters at any hour of any day."""
    people = User.objects.bulk_create(
        User(username=f"p{n}", display_name=f"甲{n}", email=f"p{n}@example.gov.cn", password="x") for n in range(LETTERS)
    )
    agencies = Agency.objects.bulk_create(Agency(jurisdiction=cast.city, code=f"990100-9{n}", name=f"第{n}局") for n in range(LETTERS // 5))
    posts = [(person, agencies[n // 5]) for n, person in enumerate(people)]
    Membership.objects.bulk_create(Membership(user=person, agency=agency, role="drafter") for person, agency in posts)
    Preference.objects.bulk_create(
        Preference(person=person, quiet_from="00:00", quiet_to="00:00", rest_days=False, muted=["opened"]) for person in people
    )
    for person, agency in posts:
        make_obligation(owner=agency, person=person, due_on="2026-01-30", title=f"公开{person.username}")
    return people


def letters_in(folder: Path) -> list[Path]:
    return list((folder / "mail").glob("*.eml"))


@pytest.mark.django_db(transaction=True)
def test_killed_at_random_every_letter_is_written_once(three_hundred, tmp_path):
    chance = random.Random(20261122)
    progress = [0]
    with workers(tmp_path) as forks:
        for _ in range(KILLS):
            process = forks.start()
            # at a moment of its own choosing between two letters or inside one, but never when all is done
            goal = progress[-1] + chance.randrange(1, LETTERS // (KILLS + 2))
            until = time.monotonic() + 30
            while len(letters_in(tmp_path)) < goal and time.monotonic() < until:
                time.sleep(0.002)
            time.sleep(chance.random() * 0.02)
            forks.kill(process)
            progress.append(len(letters_in(tmp_path)))
        assert progress[-1] < LETTERS, "all was sent before the last kill: nothing was tried"
        assert len(set(progress)) > KILLS // 2, progress

        forks.start()
        until = time.monotonic() + 60
        while Message.objects.filter(state="queued").exists() or len(letters_in(tmp_path)) < LETTERS:
            assert time.monotonic() < until, (Message.objects.filter(state="queued").count(), len(letters_in(tmp_path)))
            time.sleep(0.1)

    mails = [message_from_bytes(path.read_bytes(), policy=default) for path in letters_in(tmp_path)]
    assert sorted(mail["To"] for mail in mails) == sorted(person.email for person in three_hundred)
    assert len({mail["Message-ID"] for mail in mails}) == LETTERS
    for mail in mails:
        text = mail.get_content()
        assert text.count("/work/ledger/") == 1
        assert f"公开{mail['To'].partition('@')[0]}" in text.splitlines()[0]
    told = Told.objects.filter(person__in=three_hundred, kind="overdue")
    assert told.count() == told.values("person").distinct().count() == LETTERS
    assert all(row.items.filter(message__channel="mail").count() == 1 for row in told)
    assert set(Message.objects.values_list("state", flat=True)) == {"sent"}


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
@pytest.mark.skipif(connection.vendor != "postgresql", reason="two writers at once are PostgreSQL's; SQLite lets one write at a time")
def test_two_workers_share_the_letters_and_send_none_twice(three_hundred, tmp_path):
    with workers(tmp_path / "one", 60) as one, workers(tmp_path / "two", 60) as two:
        one.start()
        two.start()
        until = time.monotonic() + 60
        while Message.objects.filter(state="sent").count() < LETTERS:
            assert time.monotonic() < until
            time.sleep(0.1)
    shares = [{path.name for path in letters_in(tmp_path / name)} for name in ("one", "two")]
    assert all(shares), "one of them did nothing"
    assert not shares[0] & shares[1]
    assert len(shares[0] | shares[1]) == LETTERS
    assert Told.objects.filter(kind="overdue", person__in=three_hundred).count() == LETTERS
