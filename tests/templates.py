"""What many tests begin with, made once and copied: the migrated database, and data folders ready for service.

Each is named by the fingerprint of everything it is made from, so that it cannot be stale; whoever needs it first makes it and the others
(workers of one run, later runs, other shells) wait for it under a lock and copy. Files lie in `build/templates`, databases beside the test
databases on the PostgreSQL server; the latest few of each kind are kept. `tests/test_templates.py` proves that a copy equals the original.
"""

from __future__ import annotations

import ast
import fcntl
import hashlib
import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import date, datetime
from functools import cache
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src"
HOME = ROOT / "build" / "templates"
KEPT = 3
"""Templates of one kind that stay: work goes back and forth between branches."""
_STARTED = time.time()
_SETTLED = 10.0
"""Seconds for which nothing was written before this process read it: what is edited under its hands makes no template."""


# ---- fingerprints ----


def _digest(parts: Iterable[str | bytes]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()[:20]


def _surroundings() -> Iterator[str]:
    yield sys.version
    yield sqlite3.sqlite_version
    yield from sorted({f"{d.name}=={d.version}" for d in distributions()})


def _files(paths: Iterable[Path]) -> Iterator[str | bytes]:
    for path in sorted(paths):
        yield str(path.relative_to(SOURCE))
        yield path.read_bytes()


def _imported(path: Path) -> Iterator[Path]:
    """Files of the product that `path` imports, anywhere in it; a package counts with every module in it."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            package = path.relative_to(SOURCE).parts[: -node.level] if node.level else ()
            base = ".".join([*package, *([node.module] if node.module else [])])
            names = [base, *(f"{base}.{alias.name}" for alias in node.names)]
        for name in names:
            if name.partition(".")[0] == "gongkai":
                module = SOURCE.joinpath(*name.split("."))
                yield from (p for p in (module.with_suffix(".py"), module / "__init__.py") if p.exists())


def _settled(sources: Iterable[Path]) -> bool:
    """Whether this process runs what the fingerprint of `sources` says."""
    return all(path.stat().st_mtime < _STARTED - _SETTLED for path in sources)


def _is_model(path: Path) -> bool:
    return path.name == "models.py" or "models" in path.parts


def schema_sources() -> list[Path]:
    """Every file of the product that decides what a migrated database holds.

    These are the migrations, the models, and what the migrations import, followed to the end. The models are not followed: a migration
    takes from them the names of functions (where to store a file, which default), which leave no trace in an empty database. A migration
    that runs code and imports anything but models, guards and how tables are made may read any module and any data: then all of the
    product decides.
    """
    steps = {path for path in SOURCE.rglob("*.py") if path.parent.name == "migrations"}
    running = {path for path in steps if b".Run" in path.read_bytes()}  # RunPython, RunSQL
    if any(path.name not in {"guards.py", "migrating.py", "__init__.py"} for path in _followed(running) - steps if not _is_model(path)):
        return product_sources()
    return sorted(_followed(steps) | {path for path in SOURCE.rglob("*.py") if _is_model(path)})


def _followed(paths: set[Path]) -> set[Path]:
    """These files and all they import, but what models import."""
    found, waiting = set(paths), list(paths)
    for path in waiting:
        for other in set(_imported(path)) - found if not _is_model(path) else ():
            found.add(other)
            waiting.append(other)
    return found


def product_sources() -> list[Path]:
    """Every file of the product but its tests."""
    return sorted(
        path
        for path in (SOURCE / "gongkai").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and "tests" not in path.parts and path.name != "conftest.py"
    )


def _rights() -> Iterator[str]:
    """What Django itself writes after migrating, computed from the models: the table of rights."""
    from django.apps import apps
    from django.contrib.auth.management import _get_all_permissions

    for model in apps.get_models(include_auto_created=True):
        yield f"{model._meta.label} {sorted(map(str, _get_all_permissions(model._meta)))}"


@cache
def schema_fingerprint() -> str:
    return _digest([*_surroundings(), *sorted(_rights()), *_files(schema_sources())])


@cache
def product_fingerprint(day: date | None = None) -> str:
    """Of a data folder made on that day (today): the example city tells its story up to the day it is loaded."""
    from django.utils import timezone

    from gongkai.site.prepare import static_signature

    return _digest([*_surroundings(), static_signature(), str(day or timezone.localdate()), *_files(product_sources())])


# ---- files and folders ----


@contextmanager
def _template(kind: str, fingerprint: str, sources: Iterable[Path], make: Callable[[Path], None]) -> Iterator[Path]:
    """The file or folder `make` makes at the path it is given, made if it is not there; nobody removes it inside the block."""
    HOME.mkdir(parents=True, exist_ok=True)
    with (HOME / f"{kind}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # goes with the process: none is ever stale
        target = HOME / f"{kind}-{fingerprint}"
        if not target.exists():
            with tempfile.TemporaryDirectory(dir=HOME, prefix=f".{kind}.") as folder:
                make(Path(folder) / "made")
                if not _settled(sources):
                    yield Path(folder) / "made"
                    return
                (Path(folder) / "made").rename(target)  # whole or not at all
            for old in sorted(HOME.glob(f"{kind}-*"), key=lambda path: path.stat().st_mtime_ns)[:-KEPT]:
                shutil.rmtree(old) if old.is_dir() else old.unlink()
        yield target


def _prepare(example: bool, folder: Path, at: datetime | None = None) -> None:
    from tests.running import clock_at, run_python

    more = clock_at(at) if at else {}
    result = run_python(f"from gongkai.site.serve import prepare; prepare(example={example})", folder, within=900, **more)
    assert result.returncode == 0, result.stderr


def prepared_folder(target: Path, example: bool = False, at: datetime | None = None) -> Path:
    """A data folder at `target` (must not exist) as after the first start of `gongkai serve`; with or without the example city, which is
    loaded now or at another time (`at`)."""

    def make(folder: Path) -> None:
        if example:
            prepared_folder(folder)
        else:
            folder.mkdir()
        _prepare(example, folder, at)

    kind = ("then" if at else "example") if example else "prepared"
    with _template(kind, product_fingerprint(at.date() if at else None), product_sources(), make) as template:
        return Path(shutil.copytree(template, target))


# ---- the test database ----


def create_test_db(connection: Any, migrated: Callable[..., str]) -> Callable[..., str]:
    """In place of Django's `create_test_db`, here `migrated`: the same database, copied from the template where there is one."""

    from django.conf import settings

    def create(verbosity: int = 1, autoclobber: bool = False, serialize: bool = True, keepdb: bool = False) -> str:
        if keepdb:
            return migrated(verbosity, autoclobber, serialize, keepdb)
        name = connection.creation._get_test_db_name()
        if connection.vendor == "postgresql":
            _restore_postgres(connection, name, lambda: migrated(verbosity, autoclobber, False, False))
        else:
            _restore_sqlite(name)
        connection.close()
        settings.DATABASES[connection.alias]["NAME"] = connection.settings_dict["NAME"] = name
        if serialize:
            connection._test_serialized_contents = connection.creation.serialize_db_to_string()
        connection.ensure_connection()
        return name

    return create


MIGRATE = """
from gongkai.site.prepare import setup; setup()
from django.core.management import call_command
call_command("migrate", interactive=False, verbosity=0, run_syncdb=True)
"""


def _migrated_file(target: Path) -> None:
    """A migrated SQLite database at `target`."""
    from tests.running import run_python

    def make(path: Path) -> None:
        with tempfile.TemporaryDirectory() as folder:
            result = run_python(MIGRATE, Path(folder), within=900)
            assert result.returncode == 0, result.stderr
            with closing(sqlite3.connect(Path(folder) / "gongkai.sqlite3")) as source, closing(sqlite3.connect(path)) as copy:
                source.backup(copy)

    with _template("database", schema_fingerprint(), schema_sources(), make) as template:
        shutil.copyfile(template, target)


def _restore_sqlite(name: str) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        Path(name + suffix).unlink(missing_ok=True)
    _migrated_file(Path(name))


_TEMPLATES = "gongkai_template_"
_MAKING = f"{_TEMPLATES}in_the_making"
_LOCK = 7_163_542
"""Key of the advisory lock under which templates are made and copied."""


def _restore_postgres(connection: Any, name: str, migrate: Callable[[], str]) -> None:
    fingerprint = schema_fingerprint()
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])  # goes with the connection
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE %s ORDER BY datname", [_TEMPLATES + "%"])
        there = [row[0] for row in cursor.fetchall() if row[0] != _MAKING]
        template = next((one for one in there if one.endswith(fingerprint)), None)
        if template:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
            cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
            return
        migrate()
        connection.close()
        if not _settled(schema_sources()):
            return
        template = f"{_TEMPLATES}{int(time.time()):011}_{fingerprint}"
        cursor.execute(f'DROP DATABASE IF EXISTS "{_MAKING}"')
        cursor.execute(f'CREATE DATABASE "{_MAKING}" TEMPLATE "{name}"')
        cursor.execute(f'ALTER DATABASE "{_MAKING}" RENAME TO "{template}"')
        for old in [*there, template][:-KEPT]:
            cursor.execute(f'DROP DATABASE IF EXISTS "{old}"')
