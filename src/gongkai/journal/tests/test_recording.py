"""Entries: written with the deed or not at all, only what changed, in values every database gives back."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from gongkai.journal.actions import Change, kind_and_key, record, record_many, seal
from gongkai.journal.canonical import changed, plain, stamp, text_of
from gongkai.journal.models import Entry, Head, Seal, Waiting

pytestmark = pytest.mark.django_db


def test_an_entry_says_who_did_what_to_what(cast):
    record(
        "agency.renamed",
        cast.reform,
        actor=cast.openness_officer,
        old={"name": "发改委", "phone": "1"},
        new={"name": "发展和改革委员会", "phone": "1"},
        agency_id=cast.reform.pk,
        place=cast.city.pk,
        note="机构改革",
    )
    entry = Entry.objects.latest("id")
    assert (entry.actor_id, entry.actor) == (cast.openness_officer.pk, "吴公开")
    assert (entry.action, entry.object_kind, entry.object_id) == ("agency.renamed", "agencies.agency", str(cast.reform.pk))
    assert (entry.agency_id, entry.place, entry.note) == (cast.reform.pk, cast.city.pk, "机构改革")
    assert (entry.old, entry.new) == ('{"name":"发改委"}', '{"name":"发展和改革委员会"}')
    assert entry.changes == [("name", "发改委", "发展和改革委员会")]
    assert abs(entry.at - datetime.now(UTC)) < timedelta(minutes=1)


def test_an_entry_lives_and_dies_with_its_deed(cast):
    before = Entry.objects.count()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        record("x.y", ("x.thing", 1), actor=None)
        raise ZeroDivisionError
    assert Entry.objects.count() == before
    assert Waiting.objects.count() == before


@pytest.mark.django_db(transaction=True)
def test_no_entry_outside_a_transaction():
    with pytest.raises(RuntimeError, match="one transaction"):
        record("x.y", ("x.thing", 1), actor=None)
    assert record_many.__doc__
    assert not Entry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_transaction_is_sealed_once_after_its_commit(monkeypatch, cast):
    seal()
    asked = []
    monkeypatch.setattr("gongkai.journal.actions._seal_batch", lambda limit: asked.append(limit) or 0)
    with transaction.atomic():
        for n in range(3):
            record("x.y", ("x.thing", n), actor=None)
        with transaction.atomic():
            record("x.y", ("x.thing", 3), actor=None)
        assert len(connection.run_on_commit) == 1
    assert len(asked) == 1


@pytest.mark.django_db(transaction=True)
def test_a_savepoint_that_rolls_back_does_not_take_the_sealing_of_the_others_along():
    with transaction.atomic():
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            record("x.y", ("x.thing", 1), actor=None)
            raise ZeroDivisionError
        record("x.y", ("x.thing", 2), actor=None)
    assert list(Seal.objects.values_list("seq", "entry__object_id")) == [(1, "2")]


@pytest.mark.django_db(transaction=True)
def test_a_sealing_that_fails_harms_no_deed(monkeypatch, caplog):
    def broken(limit):
        raise OSError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr("gongkai.journal.actions._seal_batch", broken)
        with transaction.atomic():
            record("x.y", ("x.thing", 1), actor=None)
    assert "disk full" in caplog.text
    assert Seal.objects.count() == 0
    assert seal() == 1
    assert not Waiting.objects.exists()


def test_many_at_once_keep_their_order(cast, django_assert_num_queries):
    changes = [Change("x.y", ("x.thing", n), cast.head, {"n": n}, {"n": n + 1}) for n in range(50)]
    with django_assert_num_queries(2):
        assert record_many(changes) == 50
    assert list(Entry.objects.filter(action="x.y").values_list("object_id", flat=True)) == [str(n) for n in range(50)]
    with django_assert_num_queries(0):
        assert record_many([]) == 0


def test_what_has_no_key_yet_is_no_object(cast):
    assert kind_and_key(cast.city) == ("agencies.jurisdiction", str(cast.city.pk))
    assert kind_and_key(("workbench.login", "qian")) == ("workbench.login", "qian")
    with pytest.raises(ValueError, match="no key"):
        kind_and_key(type(cast.city)(name="新县"))


def test_the_models_refuse_what_the_database_would():
    with transaction.atomic():
        record("x.y", ("x.thing", 1), actor=None)
    seal()
    for model in (Entry, Seal, Head):
        rows = model.objects.all()
        for deed in (rows.delete, lambda rows=rows: rows.update(hash="0"), lambda rows=rows: rows.bulk_update([], ["hash"])):
            with pytest.raises(RuntimeError, match="只增不改"):
                deed()
    for row in (Entry.objects.latest("id"), Seal.objects.latest("seq")):
        for deed in (row.save, row.delete):
            with pytest.raises(RuntimeError, match="只增不改"):
                deed()


def test_values_become_plain(cast):
    moment = datetime(2026, 11, 22, 13, 5, tzinfo=timezone(timedelta(hours=8)))
    given_values = {
        "at": moment,
        "day": date(2026, 11, 22),
        "clock": time(9, 30),
        "money": Decimal("1.50"),
        "share": 0.5,
        "who": cast.head,
        "key": UUID(int=7),
        "file": Path("a/b.txt"),
        "level": cast.city.Level.CITY,
        "rows": (1, None, True),
        "set": {"b", "a"},
        "half": "a\ud800b\x00c",
        "query": type(cast.city).objects.filter(pk=cast.city.pk),
        3: {"deep": date(2026, 1, 1)},
    }
    assert plain(given_values) == {
        "at": "2026-11-22T05:05:00.000000Z",
        "day": "2026-11-22",
        "clock": "09:30:00",
        "money": "1.50",
        "share": "0.5",
        "who": cast.head.pk,
        "key": "00000000-0000-0000-0000-000000000007",
        "file": "a/b.txt",
        "level": "city",
        "rows": [1, None, True],
        "set": ["a", "b"],
        "half": "a\ufffd\ufffd\ufffdb\ufffdc",
        "query": [cast.city.pk],
        "3": {"deep": "2026-01-01"},
    }


def test_only_what_differs_is_kept():
    old, new = {"a": 1, "b": [1, 2], "gone": "x", "day": date(2026, 1, 1)}, {"a": 1, "b": [2, 1], "come": None, "day": "2026-01-01"}
    assert changed(old, new) == ({"b": [1, 2], "gone": "x"}, {"b": [2, 1], "come": None})


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.datetimes(timezones=st.just(UTC)) | st.dates(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
        max_leaves=12,
    )
)
def test_text_is_canonical_whatever_comes(value):
    text = text_of(plain({"v": value}))
    assert json.dumps(json.loads(text), ensure_ascii=False, sort_keys=True, separators=(",", ":")) == text
    text.encode()
    assert "\x00" not in text
    assert text_of(json.loads(text)) == text


@given(st.datetimes(timezones=st.timezones()))
def test_moments_have_one_form(moment):
    assert stamp(moment) == stamp(moment.astimezone(UTC))
    assert len(stamp(moment)) == 27


def test_an_entry_comes_back_from_the_database_as_it_was_written(cast):
    values = {"text": '“引号” "\\ \n\t 𠮷 \u2028', "n": 2**70, "list": [0.1, Decimal("1E+3")]}
    record("x.y", ("x.thing", "甲"), actor=None, new=values, note="a\nb")
    entry = Entry.objects.latest("id")
    assert entry.new == text_of(plain(values))
    assert entry.note == "a\nb"


class Text(str):
    pass


class Number(int):
    pass


class Table(dict):
    pass


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.text(st.characters(categories=["Cs", "Cc", "Lo"])) | st.dates(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5) | st.integers(), inner, max_size=4),
    max_leaves=12,
)


def dressed(value):
    """The same value in types of its own, which take the slow road through canonical.plain."""
    if isinstance(value, dict):
        return Table({dressed(key): dressed(item) for key, item in value.items()})
    if isinstance(value, list):
        return tuple(dressed(item) for item in value)
    if isinstance(value, str):
        return Text(value)
    return Number(value) if type(value) is int else value


@given(VALUES)
def test_the_quick_road_says_what_the_slow_one_says(value):
    assert plain(value) == plain(dressed(value))
    assert text_of({"x": plain(value)}).encode("utf-8")
