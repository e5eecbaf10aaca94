"""What the worker does between tasks: when each is due, and that neither a fault nor a signal harms the others."""

from __future__ import annotations

import logging
import signal
import subprocess
import sys

import pytest
from django.utils.module_loading import import_string

from gongkai.site.ticks import TICKS, Tick, Ticker
from tests.running import environment, eventually, run_python
from tests.templates import prepared_folder

CALLS: list[str] = []


def first() -> None:
    CALLS.append("first")


def second() -> None:
    CALLS.append("second")


def broken() -> None:
    CALLS.append("broken")
    raise ValueError("no such thing")


def tick(function: str, seconds: float) -> Tick:
    return Tick(function, seconds, f"{__name__}.{function}")


def test_each_is_run_at_once_and_then_by_its_own_measure():
    CALLS.clear()
    now = 1000.0
    ticker = Ticker([tick("first", 5), tick("second", 60)], lambda: now)
    assert ticker.run_due() == ["first", "second"]
    for now, due in [(1004.9, []), (1005.0, ["first"]), (1059.0, ["first"]), (1060.0, ["second"]), (1064.0, ["first"])]:
        assert ticker.run_due() == due, now
    assert CALLS == ["first", "second", "first", "first", "second", "first"]


def test_a_long_pause_is_made_good_once_not_many_times():
    now = 0.0
    ticker = Ticker([tick("first", 5)], lambda: now)
    ticker.run_due()
    now = 86_400.0
    assert ticker.run_due() == ["first"]
    assert ticker.run_due() == []


def test_a_fault_is_logged_and_the_next_tick_runs(caplog):
    CALLS.clear()
    now = 0.0
    ticker = Ticker([Tick("missing", 5, f"{__name__}.nowhere"), tick("broken", 5), tick("second", 5)], lambda: now)
    with caplog.at_level(logging.ERROR, "gongkai.worker"):
        ticker.run_due()
        now = 5.0
        ticker.run_due()
    assert CALLS == ["broken", "second", "broken", "second"]
    assert [r.getMessage() for r in caplog.records] == [f"定时工作“{name}”没有做成，5 秒后再试" for name in ["missing", "broken"] * 2]
    assert "no such thing" in caplog.text


def test_the_list_names_what_exists_once_each():
    assert len({tick.name for tick in TICKS}) == len(TICKS)
    for entry in TICKS:
        assert callable(import_string(entry.function)), entry
        assert entry.seconds > 0


WORKER = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from gongkai.site import ticks, worker
ticks.TICKS[:] = [ticks.Tick("broken", 0.1, "of_the_test.broken"), ticks.Tick("slow", 0.1, "of_the_test.slow")]
worker.INTERVAL = 0.05
worker.run()
"""
FUNCTIONS = """
import time
from pathlib import Path
from django.db import connection
from django_tasks_db.models import DBTaskResult
def broken():
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM no_such_table")
def slow():
    with open({out!r}, "a") as out:
        out.write("begun ")
    time.sleep(0.7)
    with open({out!r}, "a") as out:
        out.write(f"ended-{{DBTaskResult.objects.ready().count()}} ")
"""
TASK = """
from gongkai.site.prepare import setup; setup()
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
for n in range(2):
    DBTaskResult.objects.create(args_kwargs={"args": [], "kwargs": {}}, task_path="x.y", backend_name="default", status="READY",
                                run_after=timezone.now(), exception_class_path="", traceback="")
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_tasks_and_ticks_take_turns_and_a_signal_lets_the_tick_end(tmp_path, number):
    folder, out = prepared_folder(tmp_path / "data"), tmp_path / "out.txt"
    (tmp_path / "of_the_test.py").write_text(FUNCTIONS.format(out=str(out)))
    assert run_python(TASK, folder).returncode == 0
    process = subprocess.Popen([sys.executable, "-c", WORKER, str(tmp_path)], env=environment(folder), stderr=subprocess.PIPE, text=True)
    try:
        # each turn takes one task (it fails: there is no x.y) and then the ticks, so the queue is seen to shrink between them
        eventually(lambda: out.exists() and out.read_text().split()[:4] == ["begun", "ended-1", "begun", "ended-0"])
        seen = len(out.read_text().split())
        eventually(lambda: len(out.read_text().split()) > seen and out.read_text().endswith("begun "))
        process.send_signal(number)
        said = process.communicate(timeout=20)[1]
    finally:
        process.kill()
    assert process.returncode == 0, said
    assert out.read_text().split()[-1] == "ended-0"
    assert "no_such_table" in said
