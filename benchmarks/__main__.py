"""`make bench`: every benchmark, then one row in docs/benchmarks.md."""

from __future__ import annotations

import os
import subprocess
from datetime import date
from pathlib import Path

from benchmarks import clocks, compiler, screening, service

RECORD = Path(__file__).resolve().parent.parent / "docs" / "benchmarks.md"
COLUMNS = [
    "date",
    "commit",
    "cores",
    "compiler MB/s",
    "× jionlp",
    "× jionlp, real plans",
    "8x / 1x",
    "5 MB peak MB",
    "20 working days M/s",
    "× best peer",
    "vectorised M/s",
    "× numpy.busday_offset",
    "second start s",
    "slowest page ms",
    "heaviest page kB",
    "screening MB/s",
    "× jionlp, screening",
    "precision / recall",
]


def commit() -> str:
    """Short name of the commit, with a + when files differ from it."""
    git = ["git", "-C", str(RECORD.parent)]
    name = subprocess.run([*git, "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False).stdout.strip()
    changed = subprocess.run([*git, "status", "--porcelain", "-uno"], capture_output=True, text=True, check=False).stdout.strip()
    return (name or "?") + ("+" if changed else "")


def main() -> None:
    figures = {"date": date.today().isoformat(), "commit": commit(), "cores": str(os.cpu_count())}
    for part in (compiler, clocks, screening, service):
        figures |= part.run()
    with RECORD.open("a", encoding="utf-8") as record:
        record.write("| " + " | ".join(figures[column] for column in COLUMNS) + " |\n")
    print(f"One row added to {RECORD.relative_to(Path.cwd()) if RECORD.is_relative_to(Path.cwd()) else RECORD}")


if __name__ == "__main__":
    main()
