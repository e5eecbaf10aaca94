"""The background worker: runs queued tasks until told to stop."""

from __future__ import annotations

import fcntl
import logging

from gongkai.site.prepare import pending_migrations, setup, tell
from gongkai.site.processes import die_with_parent

logger = logging.getLogger("gongkai.worker")


def release_interrupted() -> int:
    """Puts the tasks that a killed worker left running back into the queue. Only right where the caller is the only worker."""
    from django_tasks_db.models import DBTaskResult

    return DBTaskResult.objects.running().update(status="READY", started_at=None)


def run() -> None:
    """Runs tasks until SIGTERM or SIGINT; a second worker on the same data folder shares the queue and touches nothing of the first's."""
    setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    die_with_parent()
    if pending_migrations():
        tell("数据库还没有准备好：先运行 gongkai serve，或 django-admin migrate --settings gongkai.site.settings。")
        raise SystemExit(2)
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    # The kernel drops the lock with the process, however it ends: there is no stale one to clear away.
    with (settings.DATA_DIR / "worker.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pass
        else:
            if connection.vendor == "sqlite" and (released := release_interrupted()):
                logger.warning("重新排队 %d 项被中断的后台任务", released)
        call_command("db_worker", queue_name="*", startup_delay=False, reload=False, verbosity=0)


if __name__ == "__main__":
    run()
