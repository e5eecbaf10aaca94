"""What every connection to PostgreSQL is told before the first query.

Its just-in-time compiler judges a query by its estimated cost: those of the reminders and of a large roll-up would be compiled for ten
seconds to run for one. A derivative without the setting (openGauss, KingbaseES) is told nothing.
"""

from __future__ import annotations

from typing import Any

from django.db.backends.signals import connection_created


def without_jit(connection: Any, **_kwargs: Any) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('jit', 'off', false) FROM pg_settings WHERE name = 'jit'")


def listen() -> None:
    """Called once from ready()."""
    connection_created.connect(without_jit, dispatch_uid="gongkai.without_jit")
