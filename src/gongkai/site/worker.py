"""The background worker: runs queued tasks, and between them the ticks, until told to stop."""

from __future__ import annotations

import fcntl
import logging
import time
from typing import Any

from gongkai.site.prepare import pending_migrations, setup, tell
from gongkai.site.processes import die_with_parent

logger = logging.getLogger("gongkai.worker")
INTERVAL = 1.0
"""Seconds of rest when the queue is empty."""


def release_interrupted() -> int:
    """Puts the tasks that a killed worker left running back into the queue. Only right where the caller is the only worker."""
    from django_tasks_db.models import DBTaskResult

    return DBTaskResult.objects.running().update(status="READY", started_at=None)


def ticking_worker() -> Any:
    """A worker of django-tasks-db that takes one task at a time, so that the ticks come between. Needs Django set up."""
    from django.utils.crypto import get_random_string
    from django_tasks_db.management.commands.db_worker import Worker

    from gongkai.site.ticks import TICKS, Ticker

    class TickingWorker(Worker):
        def run_with_ticks(self) -> None:
            ticker = Ticker(TICKS)
            while self.running:
                done = self._run_tasks
                self.run()  # one task or none: `batch` and `max_tasks=1` together
                self.running_task = True  # SIGTERM waits for the end of a tick as it does for the end of a task
                try:
                    ticker.run_due()
                finally:
                    self.running_task = False
                if self.running and self._run_tasks == done:
                    time.sleep(self.interval)

    return TickingWorker(
        queue_names=["*"],
        interval=INTERVAL,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=1,
        worker_id=get_random_string(32),
        excluded_queue_names=[],
    )


def run() -> None:
    """Runs tasks until SIGTERM or SIGINT; a second worker on the same data folder shares the queue and touches nothing of the first's."""
    setup()
    from django.conf import settings
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
        logging.getLogger("django_tasks_db").setLevel(logging.CRITICAL)  # it would announce every pass and every signal
        worker = ticking_worker()
        worker.configure_signals()
        worker.run_with_ticks()


if __name__ == "__main__":
    run()
