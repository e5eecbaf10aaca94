"""For every test: a deed without a Chinese name is refused, and a test database can be emptied although the journal in it cannot.

Tests that commit (`transaction=True`) end with Django's flush, which the guards of the journal and of saved texts refuse, as they must.
They are taken away for the flush alone and put back before the next test, so that every test meets them as production does; the product
has no switch for it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest


@pytest.fixture(scope="session", autouse=True)
def _flush_past_the_guards() -> Iterable[None]:
    from django.db import connections, transaction
    from django.db.backends.base.operations import BaseDatabaseOperations

    from gongkai.journal import guards as journal
    from gongkai.publications import guards as publications

    flush = BaseDatabaseOperations.execute_sql_flush

    def unguarded(self: Any, sql_list: list[str]) -> None:
        connection = connections[self.connection.alias]
        with transaction.atomic(using=connection.alias):
            for guards in (journal, publications):
                guards.remove(connection)
            flush(self, sql_list)
            for guards in (journal, publications):
                guards.install(connection)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseDatabaseOperations, "execute_sql_flush", unguarded)
        yield


@pytest.fixture(scope="session", autouse=True)
def _every_deed_has_a_name() -> None:
    from gongkai.journal import words

    words.strict = True
