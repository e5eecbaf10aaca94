"""What makes the database itself refuse to change or remove what is written once: the journal, and what other apps guard the same way.

Installed by a migration on SQLite and on PostgreSQL (and derivatives that know its triggers). A migration that alters one of these tables
must call `install` again at its end: SQLite rebuilds a table without its triggers. `missing` tells when one is gone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

TABLES: dict[str, tuple[str, ...]] = {
    "journal_entry": ("id",),
    "journal_seal": ("seq", "entry_id", "hash", "previous"),
    "journal_head": ("day", "seq"),
}
"""Table → the columns by which a row is one of a kind."""


@dataclass(frozen=True)
class Guards:
    """The triggers of some tables. `tables`: the columns (joined by a comma where several together) by which a row is one of a kind."""

    tables: Mapping[str, Sequence[str]]
    function: str
    message: str

    def install(self, connection: Any) -> None:
        """Makes every guard anew."""
        self.remove(connection)
        _run(connection, self._postgres() if connection.vendor == "postgresql" else self._sqlite())

    def remove(self, connection: Any) -> None:
        """Takes every guard away, for a migration that goes back to before them, and for emptying a test database."""
        if connection.vendor == "postgresql":
            statements = [f"DROP TRIGGER IF EXISTS {name} ON {table}" for table in self.tables for name in _names(table, "postgresql")]
        else:
            statements = [f"DROP TRIGGER IF EXISTS {name}" for table in self.tables for name in _names(table, "sqlite")]
        _run(connection, statements)

    def missing(self, connection: Any) -> list[str]:
        """Names of the guards that are not there, or (PostgreSQL) switched off."""
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SELECT tgname FROM pg_trigger WHERE tgenabled = 'A' AND NOT tgisinternal")
            else:
                cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            there = {row[0] for row in cursor.fetchall()}
        return [name for table in self.tables for name in _names(table, connection.vendor) if name not in there]

    def _postgres(self) -> list[str]:
        function = (
            f"CREATE OR REPLACE FUNCTION {self.function}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{self.message}: % on %', TG_OP, TG_TABLE_NAME; END $$"
        )
        statements = [function]
        for table in self.tables:
            (name,) = _names(table, "postgresql")
            statements += [
                f"CREATE TRIGGER {name} BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} FOR EACH STATEMENT "
                f"EXECUTE PROCEDURE {self.function}()",
                # also in a session that plays a replica, where ordinary triggers sleep
                f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}",
            ]
        return statements

    def _sqlite(self) -> list[str]:
        statements = []
        for table, unique in self.tables.items():
            update, delete, replace = _names(table, "sqlite")
            refuse = f"BEGIN SELECT RAISE(ABORT, '{self.message}'); END"
            same = " OR ".join("(" + " AND ".join(f"{one} = NEW.{one}" for one in columns.split(",")) + ")" for columns in unique)
            statements += [
                f"CREATE TRIGGER {update} BEFORE UPDATE ON {table} {refuse}",
                f"CREATE TRIGGER {delete} BEFORE DELETE ON {table} {refuse}",
                # INSERT OR REPLACE removes the row in its way without asking the trigger on DELETE
                f"CREATE TRIGGER {replace} BEFORE INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} WHERE {same}) {refuse}",
            ]
        return statements


JOURNAL = Guards(TABLES, "gongkai_journal_refuse", "the journal is append-only")
install, remove, missing = JOURNAL.install, JOURNAL.remove, JOURNAL.missing


def _names(table: str, vendor: str) -> list[str]:
    if vendor == "postgresql":
        return [f"{table}_keep"]
    return [f"{table}_keep_{word}" for word in ("update", "delete", "replace")]


def _run(connection: Any, statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
