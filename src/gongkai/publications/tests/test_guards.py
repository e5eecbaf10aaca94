"""Saved texts and reviews: the database refuses to change or remove them, whatever hand holds the pen."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from gongkai.publications import guards
from gongkai.publications.models import Review, Revision
from gongkai.publications.tests import making


def statements() -> list[str]:
    found = []
    for table in guards.TABLES:
        found += [f"UPDATE {table} SET id = id + 1000", f"DELETE FROM {table}"]
    return found


@pytest.fixture
def reviewed(cast):
    edition = making.draft(cast.reform, cast.drafter)
    making.passed(edition, cast.reviewer)
    connection.check_constraints()
    return edition


@pytest.mark.parametrize("statement", statements())
def test_the_database_refuses(reviewed, statement):
    before = list(Revision.objects.values()), list(Review.objects.values())
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement if connection.vendor == "postgresql" else _with_rows(statement))
    assert (list(Revision.objects.values()), list(Review.objects.values())) == before


def _with_rows(statement: str) -> str:
    """SQLite asks its triggers row by row: tables that are empty here are tried through the trigger on INSERT instead."""
    table = statement.split()[1] if statement.startswith("UPDATE") else statement.split()[2]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608 — names of our own
        if not cursor.fetchone()[0]:
            return "UPDATE publications_revision SET number = 9"
    return statement


@pytest.mark.skipif(connection.vendor == "postgresql", reason="SQLite knows REPLACE")
def test_a_row_cannot_be_replaced(reviewed):
    columns = [field.column for field in Revision._meta.concrete_fields]
    values = ["id + 1000" if name == "id" else "'x'" if name == "title" else name for name in columns]
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"REPLACE INTO publications_revision ({', '.join(columns)}) SELECT {', '.join(values)} FROM publications_revision"  # noqa: S608
        )
    assert Revision.objects.get().title == reviewed.revision.title


def test_the_orm_is_refused_too(reviewed):
    with pytest.raises(DatabaseError), transaction.atomic():
        Revision.objects.update(title="改")
    with pytest.raises(DatabaseError), transaction.atomic():
        Review.objects.all().delete()


def test_a_guard_that_is_gone_is_missed(db):
    assert guards.missing(connection) == []
    guards.remove(connection)
    try:
        assert len(guards.missing(connection)) == len(guards.TABLES) * (1 if connection.vendor == "postgresql" else 3)
    finally:
        guards.install(connection)
    assert guards.missing(connection) == []
