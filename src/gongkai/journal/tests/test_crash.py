"""Killed at any moment, and written by many at once: no deed without its entry, nothing twice, one chain."""

from __future__ import annotations

import os
import random
import time

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, transaction

from gongkai.journal.actions import Change, record, record_many, seal
from gongkai.journal.models import Entry, Seal, Waiting
from gongkai.journal.verifying import verify
from tests.running import Forks, eventually

pytestmark = pytest.mark.django_db(transaction=True)
Jurisdiction = apps.get_model("agencies", "Jurisdiction")  # some record of the house: the journal knows none by import

BEFORE = """
from gongkai.site import test_settings
test_settings.DATABASES["default"]["NAME"] = {name!r}
import django; django.setup()
from django.db import transaction
from gongkai.agencies.models import Jurisdiction
from gongkai.journal.actions import record, seal
"""
WRITER = """
n = 0
while True:
    n += 1
    with transaction.atomic():  # the deed: a place, founded and given a short name, in one transaction with its two entries
        place = Jurisdiction.objects.create(code=f"{word}-{n}", name=f"{word}-{n}", level="city")
        record("place.founded", place, actor=None, new={"code": place.code})
        with transaction.atomic():
            place.short_name = "x"
            place.save()
            record("place.named", place, actor=None, new={"short_name": "x"})
    if n % 5 == 0:
        seal()
"""


def deeds_and_entries() -> None:
    """Every place there is was founded and named in the journal once, and the journal tells of no other."""
    places = sorted(str(pk) for pk in Jurisdiction.objects.values_list("pk", flat=True))
    for action in ("place.founded", "place.named"):
        assert sorted(Entry.objects.filter(action=action).values_list("object_id", flat=True)) == places


@pytest.fixture
def writers(tmp_path):
    before = BEFORE.format(name=str(settings.DATABASES["default"]["NAME"]))
    forks = Forks(before, WRITER, tmp_path, {**os.environ, "DJANGO_SETTINGS_MODULE": "gongkai.site.test_settings"})
    yield forks
    forks.stop()


def test_killed_writers_leave_deeds_and_entries_together(writers):
    dice = random.Random(20261122)
    grown = 0
    for run in range(5):
        writer = writers.start(f"r{run}")
        eventually(lambda grown=grown: Jurisdiction.objects.count() > grown)
        time.sleep(dice.random() * 0.6)
        writers.kill(writer)
        deeds_and_entries()
        grown = Jurisdiction.objects.count()
        # what the dead one left unsealed the next picks up, after whatever it had sealed
        assert Entry.objects.count() == Seal.objects.count() + Waiting.objects.count()
        if run % 2:
            seal()
            assert not Waiting.objects.exists()
            assert verify().ok
    seal()
    assert Seal.objects.count() == Entry.objects.count() == 2 * grown
    assert verify().ok


def test_many_write_and_seal_at_once(together):
    def write(who: int):
        def work():
            for n in range(8):
                with transaction.atomic():
                    record_many(Change("x.y", ("x.thing", f"{who}-{n}-{m}")) for m in range(3))

        return work

    assert [r for r in together(*(write(n) for n in range(4)), seal, seal) if isinstance(r, BaseException)] == []
    while seal():
        pass
    assert Entry.objects.count() == Seal.objects.count() == 4 * 8 * 3
    assert Entry.objects.values("object_id").distinct().count() == 96
    assert verify().ok


def test_the_first_seal_is_made_once_by_sealers_that_race(together):
    with transaction.atomic():
        record_many(Change("x.y", ("x.thing", n)) for n in range(50))
        transaction.on_commit(lambda: None)
        connection.run_on_commit = []  # nobody has sealed yet
    results = together(*[seal] * 4)
    assert [r for r in results if isinstance(r, BaseException)] == []
    seal()
    assert list(Seal.objects.values_list("seq", flat=True)) == list(range(1, 51))
    assert verify().ok


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite writes one after the other")
def test_commits_out_of_order_do_no_harm(together):
    """The earlier entry is committed after the later one was sealed."""
    import threading

    written, sealed = threading.Event(), threading.Event()

    def slow():
        with transaction.atomic():
            record("x.slow", ("x.thing", 1), actor=None)
            written.set()
            assert sealed.wait(10)

    def quick():
        assert written.wait(10)
        with transaction.atomic():
            record("x.quick", ("x.thing", 2), actor=None)
        sealed.set()

    assert together(slow, quick) == [None, None]
    seal()
    assert list(Seal.objects.values_list("entry__action", flat=True)) == ["x.quick", "x.slow"]
    assert list(Entry.objects.order_by("pk").values_list("action", flat=True)) == ["x.slow", "x.quick"]
    assert verify().ok


def test_a_hundred_thousand_entries_in_seconds():
    begun = time.perf_counter()
    with transaction.atomic():
        record_many(Change("x.y", ("x.thing", n), None, {"state": "open"}, {"state": "done", "n": n}) for n in range(20_000))
        transaction.set_rollback(True)
    assert time.perf_counter() - begun < 20  # a fifth of it; the figures of a quiet machine are in docs/journal.md
