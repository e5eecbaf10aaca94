"""Search at 100,000 and 1,000,000 documents: count, 20 hits and their snippets, beside SQLite FTS5 and PostgreSQL in the same run.

    python -m benchmarks.search                                  100,000 documents, with the peers
    python -m benchmarks.search --documents 1000000 --alone      our engine only; about half an hour of one core to index

Time is that of one question after another in one thread: the median and the 95th percentile over all questions of all kinds, each the
median of three askings. Beside the time that passed stands the time of the processor, so that a figure taken beside other work can be
judged. Recall is against a search for substrings through all texts in their normal form.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.search_peers import Ours, Peer, Postgres, Question, matches, pairs_table, postgres, trigram_table
from benchmarks.search_texts import Text, texts
from gongkai.search.normal import normal
from gongkai.search.query import words_of

DOCUMENTS = 100_000
EACH = 25
"""Questions of each kind; peers that are slow get the first PEER_EACH of them."""
PEER_EACH = 8
BATCH = 1_000
MEDIAN_MS, P95_MS = 5.0, 30.0
COUNTED = ("agency", "field", "theme", "genre", "validity", "year")
COMMON = ["公开", "工作", "政府", "管理", "政策", "服务", "信息", "建设"]


def questions(documents: int) -> list[Question]:
    """EACH of every kind, drawn from the documents themselves, the same for the same number of documents."""
    rng = Random(7)
    drawn = [next(texts(n, n + 1)) for n in sorted(rng.sample(range(documents), EACH))]
    found: list[Question] = []
    for n, text in enumerate(drawn):
        words = [part for part in _han(text.body) if len(part) >= 4]
        run, other = rng.choice(words), rng.choice(words)
        begin = rng.randrange(len(run) - 3)
        far = rng.randrange(20, len(text.body) - 40)
        left, right = rng.choice(["〔〕", "[]", "()", "（）", "【】"])
        found += [
            Question("word of 2", run[:2]),
            Question("phrase of 4", run[begin : begin + 4]),
            Question("two words", f"{run[-2:]} {other[:2]}"),
            Question("phrase of the title", text.title[-12:-4]),
            Question("document number", text.doc_number.replace("〔", left).replace("〕", right)),
            Question("rare substring", "".join(text.body[far : far + 24].split())[:9]),
            Question("commonest pair", COMMON[n % len(COMMON)]),
            Question("narrowed by agency and year", other[:2], text.agency, text.year),
        ]
    return [question for question in found if words_of(question.text)]


def _han(text: str) -> list[str]:
    import re

    return re.findall("[\u4e00-\u9fff]+", text)


def truths(documents: int, asked: Sequence[Question]) -> list[int]:
    """How many documents each question has in truth: every text is read."""
    found = [0] * len(asked)
    words = [tuple(words_of(question.text)) for question in asked]
    for text in texts(0, documents):
        title, body = normal(text.title), normal(text.body)
        for at, question in enumerate(asked):
            found[at] += matches(text, question, words[at], title, body)
    return found


def batches(documents: int) -> Iterator[list[Text]]:
    for at in range(0, documents, BATCH):
        yield list(texts(at, min(at + BATCH, documents)))


def build(peers: Sequence[Peer], documents: int) -> dict[str, tuple[float, float]]:
    """Seconds passed and seconds of this process's processor that each took to index, without the making of the texts."""
    took: dict[str, tuple[float, float]] = defaultdict(lambda: (0.0, 0.0))

    def timed(peer: Peer, work: Any) -> None:
        begin, busy = time.perf_counter(), time.process_time()
        work()
        passed, spent = took[peer.name]
        took[peer.name] = (passed + time.perf_counter() - begin, spent + time.process_time() - busy)

    for batch in batches(documents):
        for peer in peers:
            timed(peer, lambda peer=peer, batch=batch: peer.add(batch))
    for peer in peers:
        timed(peer, peer.finish)
    return took


def measure(peer: Peer, asked: Sequence[Question], truth: Sequence[int]) -> dict[str, Any]:
    """Milliseconds by kind and over all, and the share of the true finds that it counts (more than the truth counts as a miss too)."""
    passed: dict[str, list[float]] = defaultdict(list)
    busy: list[float] = []
    recall: list[float] = []
    given_up = 0
    for question in asked[:8]:
        peer.ask(question)  # opens files and plans
    for question, true in zip(asked, truth, strict=True):
        times = []
        for _ in range(3):
            begin, spent = time.perf_counter(), time.thread_time()
            total = peer.ask(question)
            times.append((1000 * (time.perf_counter() - begin), 1000 * (time.thread_time() - spent)))
            if times[-1][0] > 500:
                break
        given_up += total is None
        passed[question.kind].append(statistics.median(one for one, _ in times))
        busy.append(statistics.median(one for _, one in times))
        if true >= 0 and total is not None:
            recall.append(min(total, true) / max(total, true) if true or total else 1.0)
    everything = [one for some in passed.values() for one in some]
    return {
        "name": peer.name,
        "median": statistics.median(everything),
        "p95": _percentile(everything),
        "busy median": statistics.median(busy),
        "busy p95": _percentile(busy),
        "kinds": {kind: (statistics.median(some), max(some)) for kind, some in passed.items()},
        "recall": min(recall, default=float("nan")),
        "mean recall": statistics.fmean(recall) if recall else float("nan"),
        "given up": given_up,
        "questions": len(everything),
    }


def _percentile(values: Sequence[float], share: float = 0.95) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def run(documents: int = DOCUMENTS, *, alone: bool = False, index: Path | None = None, true: int = EACH) -> dict[str, str]:
    """Prints the table; returns the columns of docs/benchmarks.md. `true`: questions of each kind whose truth is counted."""
    asked = questions(documents)
    kinds = len({question.kind for question in asked})
    counted = truths(documents, asked[: true * kinds])
    counted += [-1] * (len(asked) - len(counted))
    base: Postgres | None = None
    with tempfile.TemporaryDirectory() as folder:
        ours = Ours(index or Path(folder) / "index")
        peers: list[Peer] = [ours] if ours.engine.count() == 0 else []
        others: list[Peer] = []
        if not alone:
            base = postgres()
            others = [pairs_table(Path(folder) / "pairs.db"), trigram_table(Path(folder) / "trigram.db"), *([base] if base else [])]
        print(
            f"{documents:,} documents, {len(asked)} questions; {ours.name} has to be within {MEDIAN_MS:g} / {P95_MS:g} ms at {DOCUMENTS:,}"
        )
        took = build([*peers, *others], documents)
        results = []
        for peer in (ours, *others):
            part = slice(None) if peer is ours else slice(PEER_EACH * kinds)
            found = measure(peer, asked[part], counted[part])
            found |= {"MB": peer.size() / 1e6, "took": took.get(peer.name)}
            results.append(found)
            _tell(found, documents)
        facets = [_timed_ms(lambda q=q: ours.ask(q, COUNTED)) for q in asked]
        print(f"           with six facets counted: median {statistics.median(facets):.1f} ms, 95% {_percentile(facets):.1f} ms")
        if base:
            base.drop()
    own = results[0]
    if own["recall"] < 1:
        raise SystemExit(f"recall {own['recall']:.4f} instead of 1.000")
    best = min((one["median"] for one in results[1:]), default=float("nan"))
    print(json.dumps(results, ensure_ascii=False))
    return {
        "search ms, median / 95%": f"{own['median']:.1f} / {own['p95']:.1f}",
        "search recall": f"{own['mean recall']:.3f}",
        "× best peer, search": f"{best / own['median']:.0f}" if best == best else "–",
    }


def _timed_ms(work: Any) -> float:
    begin = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - begin)


def _tell(found: dict[str, Any], documents: int) -> None:
    late = "" if documents != DOCUMENTS or (found["median"] <= MEDIAN_MS and found["p95"] <= P95_MS) else "  TOO SLOW"
    print(f"{found['name']}: median {found['median']:.1f} ms, 95% {found['p95']:.1f} ms", end="")
    print(f" (processor {found['busy median']:.1f} / {found['busy p95']:.1f} ms){late}; recall {found['mean recall']:.3f}", end="")
    print(f", lowest {found['recall']:.3f}; {found['given up']} of {found['questions']} given up; {found['MB']:,.0f} MB", end="")
    if found["took"]:
        print(f"; {documents / found['took'][0]:,.0f} documents/s ({documents / found['took'][1]:,.0f} a second of processor)", end="")
    print()
    for kind, (median, most) in found["kinds"].items():
        print(f"           {kind}: median {median:.1f} ms, most {most:.1f} ms")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.search", description=__doc__)
    parser.add_argument("--documents", type=int, default=DOCUMENTS)
    parser.add_argument("--alone", action="store_true", help="without the peers")
    parser.add_argument("--index", type=Path, help="keep the index here, or ask the one that is there")
    parser.add_argument("--true", type=int, default=EACH, help="questions of each kind whose truth is counted")
    given = parser.parse_args()
    run(given.documents, alone=given.alone, index=given.index, true=given.true)


if __name__ == "__main__":
    main()
