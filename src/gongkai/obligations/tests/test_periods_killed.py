"""catch_up is really killed, in the middle, several times; one call afterwards and every row is there once."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from datetime import date

import pytest

from tests.running import Forks, alive, environment
from tests.templates import prepared_folder

SERIES = 2_000
BEFORE = "from gongkai.site.prepare import setup; setup()\nfrom gongkai.obligations import periods\n"
MAKE = f"""
from datetime import date
from gongkai.agencies.models import Agency, Jurisdiction
from gongkai.obligations.models import Series
place = Jurisdiction.objects.create(code="990100", name="清河市", short_name="清河", level="city")
owner = Agency.objects.create(jurisdiction=place, code="990100-001", name="清河市财政局", short_name="市财政局", kind="department")
Series.objects.bulk_create(
    Series(jurisdiction=place, owner=owner, source="plan_task", subject_id=n, title=f"任务{{n}}", cadence="half_yearly",
           due_rule={{"kind": "last_working_day"}}, since=date(2026, 2, 3), next_on=date(2026, 2, 3))
    for n in range(1, {SERIES} + 1)
)
"""
EACH = f"""
from datetime import date
from gongkai.agencies.models import Jurisdiction
if not Jurisdiction.objects.exists():
    exec({MAKE!r})
else:
    periods.catch_up(date(2026, 11, 22))
"""


def count(path, table="obligations_obligation"):
    with closing(sqlite3.connect(path, timeout=30)) as connection:
        return connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608 — a name of our own


def ended(pid, within=120):
    until = time.monotonic() + within
    while alive(pid) and time.monotonic() < until:
        time.sleep(0.02)
    return not alive(pid)


@pytest.fixture
def forks(tmp_path):
    """Processes on a data folder of its own, with series whose two periods have begun."""
    folder = prepared_folder(tmp_path / "data")
    forks = Forks(BEFORE, EACH, tmp_path / "code", environment(folder))
    try:
        assert ended(forks.start())
        assert count(folder / "gongkai.sqlite3", "obligations_series") == SERIES
        yield forks
    finally:
        forks.stop()


def test_killed_in_the_middle_it_loses_and_repeats_nothing(forks, tmp_path):
    path = tmp_path / "data" / "gongkai.sqlite3"
    seen = [0]
    for _time in range(3):
        process = forks.start()
        deadline = time.monotonic() + 120
        while count(path) <= seen[-1] and alive(process) and time.monotonic() < deadline:
            time.sleep(0.02)
        time.sleep(0.15)  # now it is in the middle of a later batch
        forks.kill(process)
        seen.append(count(path))
    assert 0 < seen[1] < seen[-1] < SERIES * 2, seen  # it really was killed in the middle, and the next went on from there
    assert ended(forks.start(), 300)
    with sqlite3.connect(path) as connection:
        rows = connection.execute(
            "SELECT period, count(*), count(DISTINCT subject_id) FROM obligations_obligation GROUP BY period"
        ).fetchall()
        assert sorted(rows) == [("2026-H1", SERIES, SERIES), ("2026-H2", SERIES, SERIES)]
        assert connection.execute("SELECT DISTINCT next_on FROM obligations_series").fetchall() == [(date(2027, 1, 1).isoformat(),)]
        assert connection.execute("SELECT count(*), count(DISTINCT obligation_id) FROM obligations_step").fetchone() == (SERIES * 2,) * 2
