"""`make bench`: every benchmark, one row in docs/benchmarks.md; then publishing, and the million obligations of docs/scale.md."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

from benchmarks import clocks, compiler, publishing, scale, screening, service
from benchmarks.record import DOCS, commit

RECORD = DOCS / "benchmarks.md"
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


def main() -> None:
    figures = {"date": date.today().isoformat(), "commit": commit(), "cores": str(os.cpu_count())}
    for part in (compiler, clocks, screening, service):
        figures |= part.run()
    with RECORD.open("a", encoding="utf-8") as record:
        record.write("| " + " | ".join(figures[column] for column in COLUMNS) + " |\n")
    print(f"One row added to {RECORD.relative_to(Path.cwd()) if RECORD.is_relative_to(Path.cwd()) else RECORD}")
    publishing.run()
    scale.run()


if __name__ == "__main__":
    main()
