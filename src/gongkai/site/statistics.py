"""What SQLite must know of its tables to choose among their indexes. PostgreSQL finds it out by itself (autovacuum).

Without it a roll-up of a million obligations takes seconds instead of tenths, as SQLite then believes that every index finds ten rows.
"""

from __future__ import annotations

from typing import Any

from django.db import connection

LEAST = 1000
"""Rows up to which no plan is slow."""
GROWTH = 2
"""A table is looked through again when it has grown so many times: a handful of times in its life, a few seconds at a million rows."""


def keep() -> list[str]:
    """Looks through the tables that have outgrown what is known of them; their names. What the worker does now and then (site/ticks.py)."""
    if connection.vendor != "sqlite":
        return []
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        known = _known(cursor)
        outgrown = []
        for name in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT MAX(rowid) FROM {quote(name)}")  # noqa: S608 — at once, where COUNT would read the table
            rows = cursor.fetchone()[0] or 0
            if rows > LEAST and rows >= GROWTH * known.get(name, 0):
                outgrown.append(name)
        for name in outgrown:
            cursor.execute(f"ANALYZE {quote(name)}")
    return outgrown


def _known(cursor: Any) -> dict[str, int]:
    """Table → its rows when it was last looked through."""
    cursor.execute("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1'")
    if cursor.fetchone() is None:
        return {}
    cursor.execute("SELECT tbl, MAX(CAST(stat AS INTEGER)) FROM sqlite_stat1 GROUP BY tbl")
    return dict(cursor.fetchall())
