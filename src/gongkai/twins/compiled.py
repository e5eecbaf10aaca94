"""A question that every reader of a public page asks in the same words is written as SQL once. For Django, writing the statement of a list
takes several times as long as for the database to answer it.

The caller keeps a `Compiled` for as long as its question stays the same: where it names the day or the site that is asked, in a cache
that is keyed by them (functools.lru_cache).
"""

from __future__ import annotations

import copy
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import QuerySet

Row = TypeVar("Row")
GIVEN = 2**60
"""Stands in the query set for the number that each asking gives; GIVEN + 1 for the second one, and so on. A number every column of numbers
can hold: Django asks nothing where a negative one is looked for among positive ones."""
FIRST, MOST = 2**41, 2**42
"""Stand in a slice of the query set, [FIRST : FIRST + MOST], for where each asking begins and how many rows it wants at most."""


class Compiled(Generic[Row]):
    """The rows of a query set that prefetches nothing, as the query set itself would give them."""

    def __init__(self, rows: QuerySet[Any, Row]) -> None:
        self._rows = rows
        self._compiler = rows.query.get_compiler(rows.db)
        try:
            self._sql, self._params = self._compiler.as_sql()
        except EmptyResultSet:
            self._sql = ""

    def __call__(self, *given: int, first: int = 0, most: int = 0) -> list[Row]:
        if not self._sql:
            return []
        sql = self._sql.replace(str(FIRST), str(int(first))).replace(str(MOST), str(int(most)))
        numbers = {GIVEN + n: number for n, number in enumerate(given)}
        params = tuple(numbers.get(one, one) if isinstance(one, int) else one for one in self._params)
        compiler = copy.copy(self._compiler)
        compiler.connection = connections[self._rows.db]  # that of this thread
        compiler.as_sql = lambda *_args, **_kwargs: (sql, params)
        asked = self._rows._chain()  # type: ignore[attr-defined]
        asked.query.get_compiler = lambda *_args, **_kwargs: compiler
        return list(asked._iterable_class(asked))
