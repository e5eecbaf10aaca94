"""A hand that has the database and knows how it works: raw SQL, the guards taken away first."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from gongkai.journal import guards
from gongkai.journal.actions import Change, record_many, seal
from gongkai.journal.canonical import COLUMNS, Written, canonical
from gongkai.journal.hashing import digest
from gongkai.journal.models import Entry, Seal


def chain(length: int) -> None:
    """Entries about things 1 … length, sealed."""
    with transaction.atomic():
        record_many(Change("test.change", ("test.thing", n), None, {"n": n - 1}, {"n": n}, note=f"第 {n} 件") for n in range(1, length + 1))
    seal()


@contextmanager
def unguarded() -> Iterator[None]:
    """Without guards; what is done within is undone at the end, foreign keys that were broken included."""
    with transaction.atomic():
        connection.check_constraints()  # nothing may be pending where tables are altered (PostgreSQL)
        guards.remove(connection)
        yield
        transaction.set_rollback(True)


def sql(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def rehash(seq: int) -> None:
    """Makes the seal fit what its row and its entry say now."""
    one = Seal.objects.get(seq=seq)
    what = Written._make(Entry.objects.values_list(*COLUMNS).get(pk=one.entry_id))
    own = digest(one.algorithm, canonical(what, seq, one.previous, one.algorithm, one.sealed_at))
    sql("UPDATE journal_seal SET hash = %s WHERE seq = %s", own, seq)


def renumber(seq: int, to: int) -> None:
    sql("UPDATE journal_seal SET seq = %s WHERE seq = %s", to, seq)


def swap(column: str, one: int, other: int) -> None:
    """Exchanges a column of two seals whose values must stay unique all the while."""
    values = dict(Seal.objects.filter(seq__in=(one, other)).values_list("seq", column))
    spare = Entry.objects.filter(seal__isnull=True).first().pk if column == "entry_id" else "f" * 64
    sql(f"UPDATE journal_seal SET {column} = %s WHERE seq = %s", spare, one)
    sql(f"UPDATE journal_seal SET {column} = %s WHERE seq = %s", values[one], other)
    sql(f"UPDATE journal_seal SET {column} = %s WHERE seq = %s", values[other], one)


def new_entry(**values: Any) -> int:
    fields = {"action": "test.forged", "object_kind": "test.thing", "object_id": "0", "at": timezone.now(), **values}
    return Entry.objects.create(**fields).pk


def loosen() -> None:
    """The table of seals with the same rows, without its constraints: a hand that owns the database can have it so."""
    connection.check_constraints()
    sql("CREATE TABLE loose AS SELECT * FROM journal_seal")
    sql("DROP TABLE journal_seal")
    sql("ALTER TABLE loose RENAME TO journal_seal")


def insert(seq: int, length: int, *, honest: bool) -> None:
    """Puts a seal of a new entry at number `seq` and moves the others up; an `honest` one joins the one before it, its hash is right."""
    loosen()
    for number in range(length, seq - 1, -1):
        renumber(number, number + 1)
    previous = Seal.objects.get(seq=seq - 1).hash if honest else "d" * 64
    Seal.objects.create(
        seq=seq,
        entry_id=new_entry(),
        previous=previous,
        hash="c" * 64,
        algorithm="sha256",
        sealed_at=Seal.objects.get(seq=seq + 1).sealed_at,
    )
    if honest:
        rehash(seq)
