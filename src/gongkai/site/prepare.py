"""Makes the data folder ready for service: database, static files, example city. Does only what is missing, so a second run is quick."""

from __future__ import annotations

import fcntl
import hashlib
import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gongkai.site.check import settings_fault


class ServeError(Exception):
    """Cannot serve; `str(error)` is one sentence with the mend."""


def setup() -> None:
    """Django with this project's settings; harmless when already done. ServeError when the settings cannot be read."""
    if fault := settings_fault():
        raise ServeError(fault + "。")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongkai.site.settings")
    import django
    from django.apps import apps

    if not apps.ready:
        django.setup()


def tell(message: str) -> None:
    sys.stderr.write(message + "\n")
    sys.stderr.flush()


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Two starts at once prepare one after the other. The kernel drops the lock with the process, so none is ever stale."""
    with (folder / "prepare.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def pending_migrations() -> list[str]:
    """Names of migrations the database has not had yet, in order."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return [f"{m.app_label}.{m.name}" for m, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())]


def static_signature() -> str:
    """Changes when any static file of the installed code does."""
    from django.contrib.staticfiles.finders import get_finders

    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            stat = Path(storage.path(path)).stat()
            digest.update(f"{path}\0{stat.st_size}\0{stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def static_is_current() -> bool:
    from django.conf import settings

    record = settings.DATA_DIR / "static.signature"
    return (settings.STATIC_ROOT / "staticfiles.json").exists() and record.exists() and record.read_text() == static_signature()


def example_password() -> str | None:
    """The password of the example city's people, or None where no example was loaded."""
    from django.conf import settings

    path: Path = settings.DATA_DIR / "example_password"
    return path.read_text().strip() if path.exists() else None


def _new_example_password() -> str:
    from django.conf import settings

    if known := example_password():
        return known
    password = "-".join(secrets.token_hex(2) for _ in range(4))
    path = settings.DATA_DIR / "example_password"
    path.touch(mode=0o600)
    path.write_text(password + "\n")
    return password


def _is_empty() -> bool:
    from gongkai.agencies.models import Jurisdiction, User

    return not Jurisdiction.objects.exists() and not User.objects.exists()


def prepare(example: bool = True) -> None:
    """Data folder, migrations, static files; and, into an empty database, the example city. ServeError without a database."""
    setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import OperationalError, connection, transaction

    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    with _alone(settings.DATA_DIR):
        try:
            connection.ensure_connection()
        except OperationalError as error:
            reason = str(error).strip().partition("\n")[0]
            raise ServeError(f"数据库连不上（{reason}）：检查 GONGKAI_DATABASE_URL 和数据库服务。") from error
        if pending_migrations():
            tell("准备数据库 …")
            call_command("migrate", interactive=False, verbosity=0)
        if not static_is_current():
            tell("准备样式和脚本 …")
            call_command("collectstatic", interactive=False, verbosity=0)
            (settings.DATA_DIR / "static.signature").write_text(static_signature())
        if example and _is_empty():
            from gongkai.example.load import load

            with transaction.atomic():
                load(_new_example_password())
