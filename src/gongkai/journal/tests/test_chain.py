"""Each kind of tampering is found, at the first place, by its name; by the command and by the independent checker alike."""

from __future__ import annotations

import importlib.util
import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongkai.journal.actions import Change, publish_heads, record, record_many, seal
from gongkai.journal.chain import start
from gongkai.journal.exporting import lines
from gongkai.journal.hashing import GENESIS
from gongkai.journal.models import Entry, Head, Seal, Waiting
from gongkai.journal.tests.tampering import chain, insert, new_entry, rehash, renumber, sql, swap, unguarded
from gongkai.journal.verifying import KnownHead, read_heads, verify

pytestmark = pytest.mark.django_db
LENGTH = 12

_path = Path(__file__).resolve().parents[4] / "docs" / "journal_verify.py"
_spec = importlib.util.spec_from_file_location("journal_verify", _path)
independent = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(independent)


def outside() -> tuple[bool, int | None]:
    """What the independent checker says of the export: whether it holds, and the number it names."""
    try:
        count, _seq, _last = independent.check(list(lines()))
    except independent.Broken as broken:
        return False, broken.args[1]
    assert count == len(list(lines()))
    return True, None


def found() -> list[tuple[str, int | None]]:
    return [(finding.kind, finding.seq) for finding in verify().findings]


def test_a_sound_chain_is_sound():
    chain(LENGTH)
    verdict = verify()
    assert (verdict.ok, verdict.checked, verdict.first, verdict.last.seq) == (True, LENGTH, 1, LENGTH)
    assert verdict.last.hash == Seal.objects.get(seq=LENGTH).hash
    assert list(Seal.objects.values_list("seq", flat=True)) == list(range(1, LENGTH + 1))
    assert Seal.objects.get(seq=1).previous == GENESIS
    assert outside() == (True, None)


def test_an_empty_journal_is_sound():
    verdict = verify()
    assert (verdict.ok, verdict.checked, verdict.last.seq) == (True, 0, 0)
    assert list(lines()) == []


def later(seq: int) -> int:
    return Seal.objects.get(seq=seq).entry_id


TAMPERING = {
    "an action": (lambda: sql("UPDATE journal_entry SET action = 'x.y' WHERE id = %s", later(5)), "altered", 5),
    "a value": (lambda: sql("UPDATE journal_entry SET new = '{\"n\":6}' WHERE id = %s", later(5)), "altered", 5),
    "a value that is read in two ways": (
        lambda: sql('UPDATE journal_entry SET new = \'{"n":6,"n":5}\' WHERE id = %s', later(5)),
        "altered",
        5,
    ),
    "a value that is no value": (lambda: sql("UPDATE journal_entry SET new = '{' WHERE id = %s", later(5)), "altered", 5),
    "the time": (lambda: sql("UPDATE journal_entry SET at = %s WHERE id = %s", timezone.now() - timedelta(1), later(5)), "altered", 5),
    "the person": (lambda: sql("UPDATE journal_entry SET actor = '别人', actor_id = 9 WHERE id = %s", later(1)), "altered", 1),
    "the time of sealing": (
        lambda: sql("UPDATE journal_seal SET sealed_at = %s WHERE seq = 5", timezone.now() - timedelta(1)),
        "altered",
        5,
    ),
    "the algorithm": (lambda: sql("UPDATE journal_seal SET algorithm = 'md5' WHERE seq = 5"), "altered", 5),
    "a hash": (lambda: sql("UPDATE journal_seal SET hash = %s WHERE seq = 5", "a" * 64), "altered", 5),
    "the last hash": (lambda: sql("UPDATE journal_seal SET hash = %s WHERE seq = %s", "a" * 64, LENGTH), "altered", LENGTH),
    "content, with a new hash": (
        lambda: (sql("UPDATE journal_entry SET note = '改' WHERE id = %s", later(5)), rehash(5)),
        "altered",
        5,
    ),
    "a link and its entry": (
        lambda: (sql("DELETE FROM journal_seal WHERE seq = 5"), sql("DELETE FROM journal_entry WHERE object_id = '5'")),
        "missing",
        5,
    ),
    "several links and entries": (
        lambda: (
            sql("DELETE FROM journal_seal WHERE seq BETWEEN 4 AND 6"),
            sql("DELETE FROM journal_entry WHERE object_id IN ('4', '5', '6')"),
        ),
        "missing",
        4,
    ),
    "the first": (
        lambda: (sql("DELETE FROM journal_seal WHERE seq = 1"), sql("DELETE FROM journal_entry WHERE object_id = '1'")),
        "missing",
        1,
    ),
    "a link, the others moved up": (
        lambda: (
            sql("DELETE FROM journal_seal WHERE seq = 5"),
            sql("DELETE FROM journal_entry WHERE object_id = '5'"),
            [renumber(n, n - 1) for n in range(6, LENGTH + 1)],
        ),
        "missing",
        5,
    ),
    "an entry, its seal left": (lambda: sql("DELETE FROM journal_entry WHERE id = %s", later(5)), "missing", 5),
    "the last entry, its seal left": (lambda: sql("DELETE FROM journal_entry WHERE id = %s", later(LENGTH)), "missing", LENGTH),
    "a link put between, joined and with the right hash": (lambda: insert(5, LENGTH, honest=True), "inserted", 5),
    "a link put between": (lambda: insert(5, LENGTH, honest=False), "inserted", 5),
    "two numbers exchanged": (
        lambda: (renumber(5, 900), renumber(8, 5), renumber(900, 8)),
        "reordered",
        5,
    ),
    "two contents exchanged": (
        lambda: (new_entry(), swap("entry_id", 5, 8), sql("DELETE FROM journal_entry WHERE object_id = '0'")),
        "reordered",
        5,
    ),
}


@pytest.mark.parametrize("name", TAMPERING)
def test_tampering_is_named(name):
    deed, kind, seq = TAMPERING[name]
    chain(LENGTH)
    with unguarded():
        deed()
        wrong = [pair for pair in found() if pair[0] not in ("unguarded", "unsealed")]
        told = outside()
    assert wrong == [(kind, seq)]
    if name != "the last entry, its seal left":  # an export has no line for it: an end cut off shows against a head
        assert told[0] is False
        assert abs(told[1] - seq) <= 1  # where two neighbours contradict each other it cannot tell which
    assert verify().ok


@pytest.mark.skipif(connection.vendor != "sqlite", reason="other databases keep no text in a column of times")
@pytest.mark.parametrize("column", ["at", "sealed_at"])
def test_a_row_that_cannot_be_read_is_named(column):
    chain(LENGTH)
    with unguarded():
        if column == "at":
            sql("UPDATE journal_entry SET at = '2026-99-99 00:00:00' WHERE id = %s", later(5))
        else:
            sql("UPDATE journal_seal SET sealed_at = '2026-99-99 00:00:00' WHERE seq = 5")
        assert ("altered", 5) in found()
        assert outside()[0] is False


def test_an_end_cut_off_shows_against_a_head_kept_outside():
    chain(LENGTH)
    kept = [KnownHead(timezone.localdate(), n, Seal.objects.get(seq=n).hash) for n in (4, 10)]
    with unguarded():
        sql("DELETE FROM journal_seal WHERE seq > 8")
        sql("DELETE FROM journal_entry WHERE object_id IN ('9', '10', '11', '12')")
        assert [pair for pair in found() if pair[0] != "unguarded"] == []
        finding = verify(1, kept).findings[0]
    assert (finding.kind, finding.seq) == ("rewritten", 10)
    assert "已不存在" in finding.message
    assert verify(1, kept).ok


def test_a_chain_written_anew_shows_against_a_head_kept_outside():
    chain(LENGTH)
    kept = [KnownHead(timezone.localdate(), n, Seal.objects.get(seq=n).hash) for n in (2, 6, 10)]
    published = {head.seq: head.hash for head in kept}
    with unguarded():
        sql("UPDATE journal_entry SET note = '改' WHERE id = %s", later(5))
        rehash(5)
        for n in range(6, LENGTH + 1):
            sql("UPDATE journal_seal SET previous = %s WHERE seq = %s", Seal.objects.get(seq=n - 1).hash, n)
            rehash(n)
        assert [pair for pair in found() if pair[0] != "unguarded"] == []
        assert independent.check(list(lines()))[0] == LENGTH
        finding = verify(1, kept).findings[0]
        with pytest.raises(independent.Broken) as broken:
            independent.check(list(lines()), published)
    assert (finding.kind, finding.seq) == ("rewritten", 6)
    assert "第 3 至 6 条之间" in finding.message
    assert broken.value.args[1] == 6
    with pytest.raises(independent.Broken):
        independent.check(list(lines())[:9], published)


def test_our_own_heads_are_compared_too(monkeypatch):
    chain(LENGTH)
    monkeypatch.setattr(timezone, "localdate", lambda *args: timezone.now().date() + timedelta(days=3))
    assert publish_heads() == 1
    monkeypatch.undo()
    with unguarded():
        sql("UPDATE journal_head SET hash = %s", "a" * 64)
        assert ("rewritten", LENGTH) in found()


def test_what_was_slipped_in_without_a_seal_is_told_after_a_minute():
    chain(3)
    forged = new_entry(at=timezone.now() - timedelta(minutes=2))
    new_entry(at=timezone.now() - timedelta(seconds=30))
    (finding,) = verify().findings
    assert (finding.kind, finding.entry) == ("unsealed", forged)
    assert "1 条" in finding.message


def test_a_walk_may_begin_in_the_middle():
    chain(LENGTH)
    with unguarded():
        sql("UPDATE journal_entry SET note = '改' WHERE id = %s", later(5))
        assert [f.seq for f in verify(5).findings if f.kind == "altered"] == [5]
        assert [f.seq for f in verify(6).findings if f.kind == "altered"] == []
        assert verify(6).checked == LENGTH - 5
    assert start(1) == start(0)
    with pytest.raises(LookupError):
        verify(LENGTH + 2)
    count, seq, _last = independent.check(list(lines(4)), begin=5)
    assert (count, seq) == (LENGTH - 4, LENGTH)


def test_missing_guards_are_told():
    chain(1)
    with unguarded():
        assert found() == [("unguarded", None)]


@pytest.mark.parametrize(
    "text",
    ["", "<html>", "{}", '{"heads": []}', '{"heads": [{"day": "x", "seq": 1, "hash": "a"}]}', "2026-11-22 7", "null", "[1]"],
)
def test_what_is_no_head_file_is_refused(text):
    with pytest.raises(ValueError, match="校验值"):
        read_heads(text)


def test_heads_are_read_in_both_forms():
    heads = [KnownHead(timezone.localdate(), 7, "ab"), KnownHead(timezone.localdate(), 9, "cd")]
    rows = [{"day": str(head.day), "seq": head.seq, "hash": head.hash} for head in heads]
    assert read_heads("\ufeff" + json.dumps({"heads": rows[::-1]})) == heads
    assert read_heads("# 说明\n" + "".join(f"{head.day} {head.seq} 2 sha256 {head.hash}\n" for head in heads)) == heads


@pytest.mark.parametrize("algorithm", ["sha256", "sm3"])
def test_both_algorithms_and_a_change_between_them(settings, algorithm):
    settings.JOURNAL_HASH = algorithm
    chain(3)
    settings.JOURNAL_HASH = {"sha256": "sm3", "sm3": "sha256"}[algorithm]
    chain(3)
    assert set(Seal.objects.values_list("algorithm", flat=True)) == {"sha256", "sm3"}
    assert verify().ok
    assert outside() == (True, None)


values = st.dictionaries(st.text(max_size=4), st.none() | st.integers() | st.text(max_size=6) | st.floats(allow_nan=False), max_size=3)
changes = st.lists(st.tuples(st.text(min_size=1, max_size=5), values, values, st.text(max_size=8)), min_size=1, max_size=6)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(changes, min_size=1, max_size=3), st.integers(1, 5), st.data())
def test_whatever_is_written_verifies_and_any_change_of_it_is_found(db, rounds, limit, data):
    with transaction.atomic():
        for round_ in rounds:
            record_many(Change("test.change", ("test.thing", key), None, old, new, note=note) for key, old, new, note in round_)
            seal(limit)  # sealed in whatever pieces
        seal()
        total = Entry.objects.count()
        assert Seal.objects.count() == total
        assert not Waiting.objects.exists()
        assert verify().ok
        assert outside() == (True, None)
        victim = data.draw(st.integers(1, total))
        column = data.draw(st.sampled_from(["action", "actor", "object_kind", "object_id", "note", "old", "new"]))
        with unguarded():
            entry = later(victim)
            was = Entry.objects.values_list(column, flat=True).get(pk=entry)
            sql(
                f"UPDATE journal_entry SET {column} = %s WHERE id = %s",
                was + "x" if column not in ("old", "new") else '{"x":1,"y":2}',
                entry,
            )
            assert [pair for pair in found() if pair[0] != "unguarded"] == [("altered", victim)]
            assert outside() == (False, victim)
        transaction.set_rollback(True)


def test_a_clock_that_was_set_back_keeps_the_order(monkeypatch):
    chain(2)
    before = Seal.objects.latest("seq").sealed_at
    monkeypatch.setattr(timezone, "now", lambda: before - timedelta(days=2))
    chain(2)
    monkeypatch.undo()
    times = list(Seal.objects.values_list("sealed_at", flat=True))
    assert times == sorted(times)
    assert verify().ok


def test_heads_are_made_for_days_that_have_ended_and_only_once(monkeypatch):
    day = timezone.now().replace(hour=4, minute=0)  # noon in Beijing

    def at(moment):
        monkeypatch.setattr(timezone, "now", lambda: moment)

    for days, count in ((-5, 3), (-3, 2), (0, 1)):
        at(day + timedelta(days=days))
        chain(count)
        if days == -5:
            assert publish_heads() == 0
    assert publish_heads() == 2
    assert publish_heads() == 0
    today = timezone.localdate()
    assert list(Head.objects.values_list("day", "seq", "count")) == [(today - timedelta(days=3), 5, 2), (today - timedelta(days=5), 3, 3)]
    assert all(head.hash == Seal.objects.get(seq=head.seq).hash for head in Head.objects.all())
    at(day + timedelta(days=1))
    assert publish_heads() == 1
    assert verify().ok


def test_the_day_of_a_head_is_the_day_in_beijing(monkeypatch):
    late = timezone.now().replace(hour=16, minute=30) - timedelta(days=4)  # half past midnight of the next day
    monkeypatch.setattr(timezone, "now", lambda: late)
    chain(1)
    monkeypatch.undo()
    publish_heads()
    assert Head.objects.get().day == (late + timedelta(hours=8)).date()


def test_sealing_does_not_wait_for_who_holds_the_chain_nor_take_more_than_asked():
    chain(1)
    with transaction.atomic():
        record("x.y", ("x.thing", 1), actor=None)
        record("x.y", ("x.thing", 2), actor=None)
    assert seal(1) == 1
    assert seal() == 1
    assert seal() == 0
