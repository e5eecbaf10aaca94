"""A million obligations of three thousand agencies, on SQLite and on PostgreSQL, beside the limits of the issue; and what ten times the
data cost.

    python -m benchmarks.scale                    both databases, 100,000 and 1,000,000
    python -m benchmarks.scale --curve 3e5 1e6 …  PostgreSQL alone, the growth curve of docs/national-case.md

Server time: the request through the whole of Django in this process, as the web process answers it, without the network.
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
from contextlib import contextmanager
from datetime import date
from statistics import quantiles
from typing import Any

from benchmarks.record import DOCS, commit

PAGE_LIMIT = 200.0
ROLLUP_LIMIT = 1.0
RECOUNT_LIMIT = 30.0
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
    """What the child measures: seconds to fill, p95 of each page in milliseconds, roll-up and recount in seconds."""
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.test import Client

    from benchmarks.population import populate
    from gongkai.obligations.recomputing import recount

    settings.ALLOWED_HOSTS = ["*"]
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    begin = time.perf_counter()
    people = populate(size, agencies)
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
    for name, (clients, address, rounds) in pages.items():
        figures[name] = _p95(clients, address, rounds)
    for name in ("county", "city", "province"):
        figures[f"rollup_{name}"] = _p95([offices[name]], "/work/rollup/", 6) / 1000
    begin = time.perf_counter()
    counted = recount(_progress)
    figures["recount_s"] = time.perf_counter() - begin
    figures["recounted"] = counted.seen
    return figures


def _progress(done: int, of: int) -> None:
    if done % 20_000 < 1000:
        print(f"  {done} of {of} clocks counted again", file=sys.stderr)


def _p95(clients: list[Any], address: str, rounds: int) -> float:
    """95th percentile of milliseconds, the first request of each client (templates compiled, connection opened) left out."""
    times = []
    for one in clients:
        for n in range(rounds + 1):
            begin = time.perf_counter()
            response = one.get(address)
            took = (time.perf_counter() - begin) * 1000
            if response.status_code != 200:
                raise SystemExit(f"{address} answered {response.status_code}")
            if n:
                times.append(took)
    return quantiles(times, n=20)[-1]


def _show(title: str, rows: list[tuple[str, Callable[[dict[str, Any]], float], str, float]], small: Any, large: Any) -> None:
    print(f"\n{title}")
    for label, read, unit, limit in rows:
        value, before = read(large), read(small)
        verdict = f"{value / limit:5.2f} of the limit {limit:g}" if limit else ""
        print(f"  {label:34} {value:9.1f} {unit:3} {verdict:28} {value / before if before else 0:5.1f} × for 10 × the data")


def run() -> None:
    """Both databases at both sizes; one row for each in docs/scale.md."""
    for kind in ("sqlite", "postgres"):
        small, large = (measured(kind, size) for size in SIZES)
        pages = [name for name in large if name.startswith(("home_", "ledger_"))]
        rows: list[tuple[str, Callable[[dict[str, Any]], float], str, float]]
        rows = [(name, lambda row, name=name: row[name], "ms", PAGE_LIMIT) for name in pages]
        rows += [(name, lambda row, name=name: row[name], "s", ROLLUP_LIMIT) for name in large if name.startswith("rollup_")]
        rows += [("recount_s", lambda row: row["recount_s"], "s", RECOUNT_LIMIT), ("fill_s", lambda row: row["fill_s"], "s", 0)]
        _show(f"{SIZES[-1]:,} obligations of 3,000 agencies on {kind} ({large['recounted']:,} clocks counted again)", rows, small, large)
        figures = [
            f"{max(large[name] for name in pages if name.startswith('home_')):.0f}",
            f"{max(large[name] for name in pages if name.startswith('ledger_')):.0f}",
            f"{large['rollup_city']:.2f}",
            f"{large['rollup_province']:.2f}",
            f"{large['recount_s'] * 100_000 / large['recounted']:.1f}",
            f"{max(large[name] / small[name] for name in [*pages, 'rollup_province']):.1f}",
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
    if given.inside:
        print(json.dumps(inside(given.inside, given.agencies)))
    elif given.curve:
        for size in given.curve:
            print(json.dumps({"obligations": int(size), **measured(given.database, int(size), agencies=given.agencies)}), flush=True)
    else:
        run()


if __name__ == "__main__":
    main()
