"""For every test: a deed without a Chinese name is refused, and a test database can be emptied although the journal in it cannot.

Tests that commit (`transaction=True`) end with Django's flush, which the guards of the journal and of saved texts refuse, as they must.
They are taken away for the flush alone and put back before the next test, so that every test meets them as production does; the product
has no switch for it. The flush itself empties only what was filled, which is much less than truncating every table.

The test database is copied from a migrated one that is made once for each state of the schema (`tests/templates.py`).
"""

from __future__ import annotations

import gc
from collections.abc import Iterable
from typing import Any

import pytest

from tests import templates

OF_THE_SCHEMA = {"django_content_type", "auth_permission"}
"""Tables that Django itself fills after migrating, and would fill again after emptying them."""


def _filled(connection: Any, cursor: Any) -> list[str]:
    tables = set(connection.introspection.django_table_names(only_existing=True, include_views=False)) - OF_THE_SCHEMA
    name = connection.ops.quote_name
    cursor.execute(" UNION ALL ".join(f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {name(table)})" for table in sorted(tables)))
    return [row[0] for row in cursor.fetchall()]


def pytest_collection_finish() -> None:
    """Thousands of collected tests and all of Django are here to stay: the collector of garbage need not look at them again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


@pytest.fixture(scope="session", autouse=True)
def _flush_past_the_guards() -> Iterable[None]:
    from django.db import connections, transaction
    from django.db.backends.base.operations import BaseDatabaseOperations

    from gongkai.journal import guards as journal
    from gongkai.publications import guards as publications

    def unguarded(self: Any, _sql_list: list[str]) -> None:
        connection = connections[self.connection.alias]
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            for guards in (journal, publications):
                guards.remove(connection)
            for table in _filled(connection, cursor):
                cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)}")
            connection.check_constraints()  # PostgreSQL alters no table while a deferred check of it is still to come
            for guards in (journal, publications):
                guards.install(connection)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseDatabaseOperations, "execute_sql_flush", unguarded)
        yield


@pytest.fixture(scope="session", autouse=True)
def _every_deed_has_a_name() -> None:
    from gongkai.journal import words

    words.strict = True


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None, django_db_use_migrations: bool) -> Iterable[None]:
    """pytest-django asks for this just before it makes the databases."""
    from django.db import connection

    with pytest.MonkeyPatch.context() as patch:
        if django_db_use_migrations:
            creation = connection.creation
            patch.setattr(creation, "create_test_db", templates.create_test_db(connection, creation.create_test_db))
        yield
