"""catch_up is really killed, in the middle, several times; one call afterwards and every row is there once."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest

SERIES = 2_000
SETTING = """
import os, sys
import django
django.setup()
from datetime import date
from gongkai.obligations.models import Obligation, Series, Step
from gongkai.obligations.periods import catch_up
"""
MAKE = (
    SETTING
    + f"""
from django.core.management import call_command
call_command("migrate", verbosity=0)
from gongkai.agencies.models import Agency, Jurisdiction
place = Jurisdiction.objects.create(code="990100", name="清河市", short_name="清河", level="city")
owner = Agency.objects.create(jurisdiction=place, code="990100-001", name="清河市财政局", short_name="市财政局", kind="department")
Series.objects.bulk_create(
    Series(jurisdiction=place, owner=owner, source="plan_task", subject_id=n, title=f"任务{{n}}", cadence="half_yearly",
           due_rule={{"kind": "last_working_day"}}, since=date(2026, 2, 3), next_on=date(2026, 2, 3))
    for n in range(1, {SERIES} + 1)
)
"""
)
CATCH_UP = SETTING + 'catch_up(date(2026, 11, 22))\nprint("done", flush=True)\n'


@pytest.fixture
def database(tmp_path):
    """A database file of its own, with series whose two periods have begun; and the environment of a process that uses it."""
    path = tmp_path / "killed.sqlite3"
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "gongkai.site.settings",
        "GONGKAI_DATA": str(tmp_path),
        "GONGKAI_DATABASE_URL": f"sqlite:///{path}",
        "PYTHONPATH": str(Path(__file__).parents[3]),
    }
    subprocess.run([sys.executable, "-c", MAKE], env=environment, check=True, timeout=300)
    return path, environment


def count(path, table="obligations_obligation"):
    with sqlite3.connect(path, timeout=30) as connection:
        return connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608 — a name of our own


def test_killed_in_the_middle_it_loses_and_repeats_nothing(database):
    path, environment = database
    seen = [0]
    for _time in range(3):
        process = subprocess.Popen([sys.executable, "-c", CATCH_UP], env=environment, stdout=subprocess.PIPE)
        deadline = time.monotonic() + 120
        while count(path) <= seen[-1] and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.02)
        time.sleep(0.15)  # now it is in the middle of a later batch
        process.send_signal(signal.SIGKILL)
        process.wait(30)
        seen.append(count(path))
    assert 0 < seen[1] < seen[-1] < SERIES * 2, seen  # it really was killed in the middle, and the next went on from there
    subprocess.run([sys.executable, "-c", CATCH_UP], env=environment, check=True, timeout=300)
    with sqlite3.connect(path) as connection:
        rows = connection.execute(
            "SELECT period, count(*), count(DISTINCT subject_id) FROM obligations_obligation GROUP BY period"
        ).fetchall()
        assert sorted(rows) == [("2026-H1", SERIES, SERIES), ("2026-H2", SERIES, SERIES)]
        assert connection.execute("SELECT DISTINCT next_on FROM obligations_series").fetchall() == [(date(2027, 1, 1).isoformat(),)]
        assert connection.execute("SELECT count(*), count(DISTINCT obligation_id) FROM obligations_step").fetchone() == (SERIES * 2,) * 2
