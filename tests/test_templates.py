"""What the tests begin with is what the product makes: a copied database equals one that was just migrated, in structure and in rows."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from gongkai.agencies.models import Jurisdiction
from gongkai.journal.models import Entry
from tests import templates
from tests.running import run_python

SQLITE = ["SELECT type, name, tbl_name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_stat%'"]
POSTGRES = [
    "SELECT table_name, column_name, data_type, is_nullable, column_default, character_maximum_length, numeric_precision, is_identity"
    " FROM information_schema.columns WHERE table_schema = 'public'",
    "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "SELECT conname, conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace",
    "SELECT tgrelid::regclass::text, tgname, tgenabled::text, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
    "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public'",
    "SELECT extname FROM pg_extension",
]


def contents(cursor: Any, vendor: str) -> dict[str, list[str]]:
    """Everything in the database, by query and by table, but the moment each migration ran."""

    def rows(query: str) -> list[str]:
        cursor.execute(query)
        return sorted(repr(tuple(row)) for row in cursor.fetchall())

    found = {query: rows(query) for query in (POSTGRES if vendor == "postgresql" else SQLITE)}
    for table in connection.introspection.table_names():
        columns = "app, name" if table == "django_migrations" else "*"
        found[table] = rows(f'SELECT {columns} FROM "{table}"')
    return found


@pytest.fixture
def _new_postgres() -> Iterator[str]:
    """Address of an empty database of this test's own."""
    name = f"{connection.settings_dict['NAME']}_anew"
    parts = {k: str(v) for k, v in connection.get_connection_params().items() if k in ("host", "port", "user", "password")}
    with psycopg.connect(**parts, dbname="postgres", autocommit=True) as server:
        server.execute(f'DROP DATABASE IF EXISTS "{name}"')
        server.execute(f'CREATE DATABASE "{name}"')
        user = parts.get("user", "") + (f":{parts['password']}" if parts.get("password") else "")
        yield f"postgres://{user and user + '@'}{parts.get('host', '')}:{parts.get('port', '')}/{name}"
        server.execute(f'DROP DATABASE "{name}"')


@pytest.mark.django_db
def test_the_copied_database_equals_a_migrated_one(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    with connection.cursor() as cursor:
        copied = contents(cursor, connection.vendor)
    address = request.getfixturevalue("_new_postgres") if connection.vendor == "postgresql" else ""
    made = run_python(templates.MIGRATE, tmp_path, within=900, GONGKAI_DATABASE_URL=address)
    assert made.returncode == 0, made.stderr
    if connection.vendor == "postgresql":
        with psycopg.connect(address) as other:
            migrated = contents(other.cursor(), "postgresql")
    else:
        with sqlite3.connect(tmp_path / "gongkai.sqlite3") as other:
            migrated = contents(other.cursor(), "sqlite")
    assert copied.keys() == migrated.keys()
    # Sequences of PostgreSQL do not go back when a test is rolled back: earlier tests of this worker have moved them.
    assert {key: rows for key, rows in copied.items() if rows != migrated[key] and "sequence" not in key} == {}
    assert copied["django_migrations"] and copied["django_content_type"]


@pytest.mark.django_db(transaction=True)
def test_an_emptied_database_is_as_new(transactional_db: None) -> None:
    def now() -> dict[str, list[str]]:
        with connection.cursor() as cursor:
            return {key: rows for key, rows in contents(cursor, connection.vendor).items() if "sequence" not in key}

    new = now()
    Jurisdiction.objects.create(code="990100", name="清河市", short_name="清河", level="city")
    Entry.objects.create(action="test.made", at=timezone.now(), object_kind="test", object_id="1")
    assert now() != new
    call_command("flush", interactive=False, verbosity=0)
    assert now() == new


def test_whatever_decides_the_schema_is_in_its_fingerprint() -> None:
    sources = {str(path.relative_to(templates.SOURCE / "gongkai")) for path in templates.schema_sources()}
    assert {"journal/migrations/0002_guards.py", "journal/guards.py", "publications/guards.py", "plans/models.py"} <= sources
    assert not any("/tests/" in name or "/views" in name for name in sources), "only what decides it: the rest changes with every commit"


def test_a_migration_that_runs_other_code_makes_all_of_the_product_decide(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {
        "a/migrations/0001_initial.py": "from gongkai.a import guards, models\nmigrations.RunPython(guards.install)\n",
        "a/migrations/0002_field.py": "import gongkai.a.fields\n",
        "a/models.py": "from gongkai.a import words\n",
        "a/guards.py": "",
        "a/fields.py": "",
        "a/words.py": "",
        "a/__init__.py": "",
        "a/rules/law.toml": "",
    }
    for name, text in files.items():
        path = tmp_path / "gongkai" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    monkeypatch.setattr(templates, "SOURCE", tmp_path)
    narrow = {path.name for path in templates.schema_sources()}
    assert narrow == {"0001_initial.py", "0002_field.py", "models.py", "guards.py", "fields.py", "__init__.py"}
    (tmp_path / "gongkai/a/guards.py").write_text("from . import words\n")
    assert {path.name for path in templates.schema_sources()} == narrow | {"words.py", "law.toml"}


def test_a_template_is_made_once_and_only_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(templates, "HOME", tmp_path)
    made: list[Path] = []

    def make(path: Path) -> None:
        made.append(path)
        path.write_text("a")
        if len(made) == 1:
            raise RuntimeError("the disk is full")

    def use() -> None:
        with templates._template("thing", "1", [], make) as path:
            assert path.read_text() == "a"

    with pytest.raises(RuntimeError):
        use()
    assert [path.name for path in tmp_path.iterdir()] == ["thing.lock"]
    several = [threading.Thread(target=use) for _ in range(4)]
    for thread in several:
        thread.start()
    for thread in several:
        thread.join()
    assert len(made) == 2
    for number in range(2, 7):
        with templates._template("thing", str(number), [], lambda path: path.write_text("b") and None):
            pass
    assert {path.name for path in tmp_path.iterdir()} == {"thing.lock", "thing-4", "thing-5", "thing-6"}


def test_what_is_edited_while_the_tests_run_makes_no_template(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(templates, "HOME", tmp_path)
    monkeypatch.setattr(templates, "_STARTED", 0.0)
    with templates._template("thing", "1", templates.product_sources(), lambda path: path.write_text("a") and None) as path:
        assert path.read_text() == "a"
    assert [path.name for path in tmp_path.iterdir()] == ["thing.lock"]
