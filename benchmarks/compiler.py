"""The plan compiler: throughput against a naive peer, growth with length, peak memory of a 5 MB document.

The peer is what one would write in an afternoon: the same text, paragraph by paragraph, through jionlp's time extraction and its
location recognition (its nearest to organisations). It finds no tasks and no roles; it only looks for the same words.
"""

from __future__ import annotations

import json
import re
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from benchmarks.texts import text_of

MB = 1_000_000
SAMPLE = 200_000
BIG = 5 * MB


def seconds(work: Callable[[], object], rounds: int) -> float:
    """Median of `rounds` runs, in seconds of this process on a core: what else the machine does is not counted."""
    times = []
    for _ in range(rounds):
        begin = time.process_time()
        work()
        times.append(time.process_time() - begin)
    return median(times)


def compile_text(text: str) -> int:
    from gongkai.reading.compiler import compile_plan
    from gongkai.reading.extracted import Extracted

    return len(compile_plan(Extracted("bench.txt", text)).tasks)


def peer_seconds(text: str) -> tuple[float, float]:
    """(time extraction, location recognition). Loading the peer's dictionaries is not counted."""
    import jionlp

    paragraphs = [line for line in text.splitlines() if line]
    warm = text_of(3_000, seed=900_000).splitlines()
    figures = []
    for extract in (jionlp.ner.extract_time, jionlp.recognize_location):
        for line in warm:
            if line:
                extract(line)
        begin = time.process_time()
        for paragraph in paragraphs:
            extract(paragraph)
        figures.append(time.process_time() - begin)
    return figures[0], figures[1]


def memory(size: int) -> dict[str, float]:
    """Peak resident memory of a process of its own that compiles `size` bytes, the interpreter and the rules included."""
    command = [sys.executable, "-m", "benchmarks.compiler", str(size)]
    answer = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return json.loads(answer)


def real_ratio() -> float | None:
    """The same comparison on the annotated real plans, where the folder of the workplace is at hand."""
    folder = Path(__file__).resolve().parents[2] / "shared" / "plans" / "dev"
    texts = [f.read_text("utf-8") for f in sorted(folder.glob("*.txt")) if not f.name.startswith("var_")]
    if not texts:
        return None
    together = "\n".join(texts)
    return sum(peer_seconds(together)) / seconds(lambda: compile_text(together), 5)


def run() -> dict[str, str]:
    """Prints as it goes; the figures for the row."""
    sample = text_of(SAMPLE)
    size = len(sample.encode()) / MB
    compile_text(text_of(20_000, seed=900_000))  # rules compiled, tables loaded
    ours = seconds(lambda: compile_text(sample), 5)
    print(f"compiler   {size:.2f} MB in {ours:.3f} s: {size / ours:.2f} MB/s, {compile_text(sample)} tasks")
    when, where = peer_seconds(sample)
    ratio = (when + where) / ours
    print(f"peer       jionlp: time {when:.1f} s, location {where:.1f} s: {size / (when + where):.3f} MB/s")
    print(f"ratio      {ratio:.0f} times as fast (target: 20)")
    real = real_ratio()
    if real is not None:
        print(f"ratio      {real:.0f} times as fast on the real plans of ../shared, whose text is less dense in tasks")

    base = text_of(250_000)
    spans = [seconds(lambda n=n: compile_text(base * n), 3) for n in (1, 2, 4, 8)]  # type: ignore[misc]
    growth = spans[3] / spans[0]
    print(f"growth     1x 2x 4x 8x of 0.25 MB: {'  '.join(f'{s:.2f} s' for s in spans)}; 8x costs {growth:.1f} times 1x (linear: 8)")

    small, big = memory(1_000), memory(BIG)
    peaks = f"peak {big['peak_mb']:.0f} MB (limit 300 MB; a 1 kB document {small['peak_mb']:.0f} MB)"
    print(f"memory     {BIG / MB:.0f} MB document: {peaks}, {big['seconds']:.1f} s")
    return {
        "compiler MB/s": f"{size / ours:.2f}",
        "× jionlp": f"{ratio:.0f}",
        "× jionlp, real plans": f"{real:.0f}" if real is not None else "–",
        "8x / 1x": f"{growth:.1f}",
        "5 MB peak MB": f"{big['peak_mb']:.0f}",
    }


def peak_memory() -> int:
    """kB. Linux keeps a high-water mark for each address space; getrusage would answer with that of the parent before exec."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(re.search(r"VmHWM:\s+(\d+) kB", status.read_text())[1])  # type: ignore[index]
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def main() -> None:
    text = text_of(int(sys.argv[1]))
    begin = time.process_time()
    tasks = compile_text(text)
    took = time.process_time() - begin
    peak = peak_memory() / 1024
    print(json.dumps({"peak_mb": peak, "seconds": took, "tasks": tasks}))


if __name__ == "__main__":
    main()
