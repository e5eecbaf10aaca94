"""A million obligations of three thousand agencies, on SQLite and on PostgreSQL, beside the limits of the issue; and what ten times the
data cost.

    python -m benchmarks.scale                    both databases, 100,000 and 1,000,000
    python -m benchmarks.scale --curve 3e5 1e6 …  PostgreSQL alone, the growth curve of docs/national-case.md
    python -m benchmarks.scale --inside 0         what benchmarks.population put into the database of the settings, once more

Server time: the request through the whole of Django in this process, as the web process answers it, without the network. Beside the time
that passed stands the processor time of this process and of the one PostgreSQL process that serves it, and how busy the machine was, so
that a figure taken beside other work can be judged.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from statistics import quantiles
from typing import Any

from benchmarks.record import DOCS, commit

PAGE_LIMIT = 200.0
ROLLUP_LIMIT = 1.0
RECOUNT_LIMIT = 30.0
TELL_LIMIT = 30.0
GROWTH_LIMIT = 12.0
RECORD = DOCS / "scale.md"
SIZES = (100_000, 1_000_000)
POSTGRES = os.environ.get("GONGKAI_TEST_POSTGRES", "postgres://127.0.0.1:5432/gongkai")


@contextmanager
def database(kind: str) -> Iterator[str]:
    """The address of an empty database, gone afterwards; empty for SQLite in the data folder."""
    if kind == "sqlite":
        yield ""
        return
    import psycopg

    # One process for a query: with helpers, neither the figure on a core nor the one beside other work would be the whole of it.
    os.environ.setdefault("PGOPTIONS", "-c max_parallel_workers_per_gather=0")
    name = f"gongkai_bench_{os.getpid()}"
    with psycopg.connect(POSTGRES, dbname="postgres", autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        try:
            yield POSTGRES.rsplit("/", 1)[0] + f"/{name}"
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def measured(kind: str, size: int, *, agencies: int = 3000) -> dict[str, Any]:
    """One size on one database, in a process and a data folder of its own."""
    with tempfile.TemporaryDirectory() as folder, database(kind) as url:
        command = [sys.executable, "-m", "benchmarks.scale", "--inside", str(size), "--agencies", str(agencies)]
        environment = {**os.environ, "GONGKAI_DATA": folder, "GONGKAI_DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "gongkai.site.settings"}
        done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True, text=True)
        return dict(json.loads(done.stdout.splitlines()[-1]))


def inside(size: int, agencies: int) -> dict[str, Any]:
    """What the child measures: seconds to fill, p95 of each page in milliseconds, roll-up and recount in seconds.

    `size` 0: the province that stands in the database already.
    """
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.test import Client

    from benchmarks.population import populate, populated
    from gongkai.obligations.recomputing import recount
    from gongkai.reminders import telling
    from gongkai.site import memory

    settings.ALLOWED_HOSTS = ["*"]
    begin = time.perf_counter()
    if size:
        call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        begin = time.perf_counter()
        people = populate(size, agencies)
    else:
        people = populated()
    figures: dict[str, Any] = {"fill_s": time.perf_counter() - begin, "clocks": people.clocks}

    def client(user: Any) -> Client:
        one = Client()
        one.force_login(user, "django.contrib.auth.backends.ModelBackend")
        return one

    drafters = [client(user) for user in people.drafters[:5]]
    offices = {name: client(user) for name, user in people.offices.items()}
    pages: dict[str, tuple[list[Client], str, int]] = {
        "home_department": (drafters, "/work/", 8),
        "home_county": ([offices["county"]], "/work/", 20),
        "home_city": ([offices["city"]], "/work/", 20),
        "home_province": ([offices["province"]], "/work/", 20),
        "ledger_department": (drafters, "/work/ledger/", 8),
        "ledger_overdue": (drafters, "/work/ledger/?state=overdue", 8),
        "ledger_county": ([offices["county"]], "/work/ledger/", 20),
        "ledger_city": ([offices["city"]], "/work/ledger/", 20),
        "ledger_province": ([offices["province"]], "/work/ledger/", 20),
        "ledger_province_overdue": ([offices["province"]], "/work/ledger/?state=overdue", 20),
    }
    for clients, address, _rounds in pages.values():
        for one in clients:
            one.get(address)
    memory.settle()  # what a web process does once it is warm (site/web.py)
    for name, (clients, address, rounds) in pages.items():
        figures[name], figures[f"cpu_{name}"] = _p95(clients, address, rounds)
    for name in ("county", "city", "province"):
        wall, cpu = _p95([offices[name]], "/work/rollup/", 6)
        figures[f"rollup_{name}"], figures[f"cpu_rollup_{name}"] = wall / 1000, cpu / 1000
    begin, cpu_begin = time.perf_counter(), _used()
    counted = recount(_progress)
    figures["recount_s"], figures["cpu_recount_s"] = time.perf_counter() - begin, _used() - cpu_begin
    figures["recounted"] = counted.seen
    begin = time.perf_counter()
    figures["told"] = telling.tell(limit=telling.PER_TICK)
    figures["tell_s"] = time.perf_counter() - begin
    figures["select_s"] = _selecting()
    figures["load"] = os.getloadavg()[1]
    return figures


def _selecting() -> float:
    """Seconds to ask once, for every kind of reminder, who is to be told: what the worker spends when nothing is new."""
    from django.utils import timezone

    from gongkai.reminders.kinds import Moment, kinds
    from gongkai.reminders.telling import BATCH

    now = timezone.now()
    moment = Moment(now, timezone.localdate(now))
    begin = time.perf_counter()
    for kind in kinds():
        for query in kind.due(moment):
            list(query[:BATCH])
    return time.perf_counter() - begin


def _progress(done: int, of: int) -> None:
    if done % 20_000 < 1000:
        print(f"  {done} of {of} clocks counted again", file=sys.stderr)


def _used() -> float:
    """Seconds of processor time of this process and, where it is on this machine, of the PostgreSQL process that serves it."""
    from django.db import connection

    served = 0.0
    if connection.vendor == "postgresql" and connection.connection is not None:
        with suppress(OSError):  # a server elsewhere, or a system without this file
            pid = connection.connection.info.backend_pid
            served = int(Path(f"/proc/{pid}/schedstat").read_text("ascii").split()[0]) / 1e9
    return time.process_time() + served


def _p95(clients: list[Any], address: str, rounds: int) -> tuple[float, float]:
    """95th percentiles of milliseconds, passed and on a processor, the first request of each client (templates compiled, connection
    opened) left out."""
    wall, cpu = [], []
    for one in clients:
        for n in range(rounds + 1):
            begin, cpu_begin = time.perf_counter(), _used()
            response = one.get(address)
            took, used = (time.perf_counter() - begin) * 1000, (_used() - cpu_begin) * 1000
            if response.status_code != 200:
                raise SystemExit(f"{address} answered {response.status_code}")
            if n:
                wall.append(took)
                cpu.append(used)
    return quantiles(wall, n=20)[-1], quantiles(cpu, n=20)[-1]


def _show(title: str, rows: list[tuple[str, Callable[[dict[str, Any]], float], str, float]], small: Any, large: Any) -> None:
    print(f"\n{title}")
    for label, read, unit, limit in rows:
        value, before = read(large), read(small)
        verdict = f"{value / limit:5.2f} of the limit {limit:g}" if limit else ""
        print(f"  {label:34} {value:9.1f} {unit:3} {verdict:28} {value / before if before else 0:5.1f} × for 10 × the data")


def _reported(kind: str, size: int, agencies: int = 3000) -> dict[str, Any]:
    """The figures of one size, printed as a line of JSON too: docs/national-case.jsonl is such lines."""
    figures = measured(kind, size, agencies=agencies)
    print(json.dumps({"database": kind, "obligations": size, "agencies": agencies, **figures}), flush=True)
    return figures


def run() -> None:
    """Both databases at both sizes; one row for each in docs/scale.md."""
    for kind in ("sqlite", "postgres"):
        small, large = (_reported(kind, size) for size in SIZES)
        pages = [name for name in large if name.startswith(("home_", "ledger_"))]
        rollups = [name for name in large if name.startswith("rollup_")]
        homes, ledgers = ([name for name in pages if name.startswith(kind)] for kind in ("home_", "ledger_"))
        rows: list[tuple[str, Callable[[dict[str, Any]], float], str, float]]
        rows = [(name, lambda row, name=name: row[name], "ms", PAGE_LIMIT) for name in pages]
        rows += [(name, lambda row, name=name: row[name], "s", ROLLUP_LIMIT) for name in rollups]
        rows += [
            ("recount_s", lambda row: row["recount_s"], "s", RECOUNT_LIMIT),
            ("select_s", lambda row: row["select_s"], "s", TELL_LIMIT),
            ("tell_s", lambda row: row["tell_s"], "s", 0),
            ("fill_s", lambda row: row["fill_s"], "s", 0),
        ]
        rows += [(f"cpu_{name}", lambda row, name=name: row[f"cpu_{name}"], "ms", 0) for name in pages]
        _show(f"{SIZES[-1]:,} obligations of 3,000 agencies on {kind} ({large['recounted']:,} clocks counted again)", rows, small, large)
        figures = [
            *(f"{max(large[f'{cpu}{name}'] for name in names):.0f}" for names in (homes, ledgers) for cpu in ("", "cpu_")),
            *(f"{large[f'{cpu}rollup_{place}']:.2f}" for place in ("city", "province") for cpu in ("", "cpu_")),
            f"{large['recount_s'] * 100_000 / large['recounted']:.1f}",
            f"{large['select_s']:.1f}",
            f"{max(large[f'cpu_{name}'] / small[f'cpu_{name}'] for name in [*pages, *rollups]):.1f}",
            f"{large['load']:.1f}",
        ]
        with RECORD.open("a", encoding="utf-8") as record:
            record.write(f"| {date.today().isoformat()} | {commit()} | {kind} | " + " | ".join(figures) + " |\n")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--inside", type=int)
    options.add_argument("--agencies", type=int, default=3000)
    options.add_argument("--curve", type=float, nargs="+")
    options.add_argument("--database", choices=["sqlite", "postgres"], default="postgres")
    given = options.parse_args()
    if given.inside is not None:
        print(json.dumps(inside(given.inside, given.agencies)))
    elif given.curve:
        for size in given.curve:
            _reported(given.database, int(size), given.agencies)
    else:
        run()


if __name__ == "__main__":
    main()
