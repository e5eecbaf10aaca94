"""`make bench`: every benchmark, one row in docs/benchmarks.md; then publishing, pages, and the million obligations of docs/scale.md.

`python -m benchmarks screening` measures the parts it names alone, and leaves the other columns of its row empty.
"""

from __future__ import annotations

import os
import sys
from datetime import date
from pathlib import Path

from benchmarks import clocks, compiler, pages, publishing, requests, scale, screening, search, service
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
    "jionlp: ours, theirs",
    "× presidio, screening",
    "presidio: ours, theirs",
    "search ms, median / 95%",
    "search recall",
    "× best peer, search",
    "requests: queue, case, progress ms",
    "annual report: agency, city s",
]
PARTS = {"compiler": compiler, "clocks": clocks, "screening": screening, "search": search, "service": service, "requests": requests}


def main() -> None:
    chosen = sys.argv[1:]
    if strange := set(chosen) - set(PARTS):
        raise SystemExit(f"no part {sorted(strange)[0]}: choose of {', '.join(PARTS)}")
    figures = {"date": date.today().isoformat(), "commit": commit(), "cores": str(os.cpu_count())}
    for name in chosen or PARTS:
        figures |= PARTS[name].run()
    with RECORD.open("a", encoding="utf-8") as record:
        record.write("| " + " | ".join(figures.get(column, "–") for column in COLUMNS) + " |\n")
    print(f"One row added to {RECORD.relative_to(Path.cwd()) if RECORD.is_relative_to(Path.cwd()) else RECORD}")
    if not chosen:
        publishing.run()
        pages.run()
        scale.run()


if __name__ == "__main__":
    main()
