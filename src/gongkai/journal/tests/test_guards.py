"""The database refuses by itself, whatever hand holds the pen."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from gongkai.journal import guards
from gongkai.journal.models import Entry, Head, Seal
from gongkai.journal.tests.tampering import chain, sql

pytestmark = pytest.mark.django_db
STATEMENTS = [
    "UPDATE journal_entry SET note = 'x'",
    "UPDATE journal_seal SET hash = 'x' WHERE seq = 1",
    "UPDATE journal_head SET count = 0",
    "DELETE FROM journal_entry",
    "DELETE FROM journal_seal WHERE seq = 1",
    "DELETE FROM journal_head",
]
TRUNCATE = [f"TRUNCATE {table} CASCADE" for table in guards.TABLES]
REPLACE = [
    "INSERT OR REPLACE INTO journal_entry SELECT id, at, actor_id, actor, 'x.y', object_kind, object_id, place, agency_id, old, new, note "
    "FROM journal_entry",
    "REPLACE INTO journal_seal SELECT seq, previous, 'x', algorithm, sealed_at, entry_id FROM journal_seal",
    "REPLACE INTO journal_seal SELECT seq + 10, 'y', hash, algorithm, sealed_at, 999 FROM journal_seal WHERE seq = 2",
    "REPLACE INTO journal_head SELECT day, 99, 'x', algorithm, count FROM journal_head",
]
REFUSED = STATEMENTS + (TRUNCATE if connection.vendor == "postgresql" else REPLACE)


@pytest.fixture
def journal(db):
    chain(3)
    last = Seal.objects.get(seq=3)
    Head(day=timezone.localdate(), seq=3, hash=last.hash, algorithm="sha256", count=3).save()
    connection.check_constraints()  # PostgreSQL truncates nothing that has checks pending
    return list(Entry.objects.values()), list(Seal.objects.values()), list(Head.objects.values())


@pytest.mark.parametrize("statement", REFUSED)
def test_it_refuses(journal, statement):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        sql(statement)
    assert (list(Entry.objects.values()), list(Seal.objects.values()), list(Head.objects.values())) == journal


@pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL")
def test_it_refuses_in_the_role_of_a_replica_too(journal):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        sql("SET LOCAL session_replication_role = replica")
        sql("DELETE FROM journal_entry")


def test_a_guard_taken_away_or_switched_off_is_missed(journal):
    assert guards.missing(connection) == []
    with transaction.atomic():
        connection.check_constraints()
        if connection.vendor == "postgresql":
            sql("ALTER TABLE journal_seal DISABLE TRIGGER journal_seal_keep")
            assert guards.missing(connection) == ["journal_seal_keep"]
        else:
            sql("DROP TRIGGER journal_seal_keep_delete")
            assert guards.missing(connection) == ["journal_seal_keep_delete"]
        guards.install(connection)
        assert guards.missing(connection) == []
        transaction.set_rollback(True)


@pytest.mark.django_db(transaction=True)
def test_a_test_database_can_be_emptied_and_is_guarded_again_afterwards():
    chain(2)
    call_command("flush", interactive=False, verbosity=0)
    assert not Entry.objects.exists()
    assert guards.missing(connection) == []
