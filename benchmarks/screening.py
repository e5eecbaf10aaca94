"""Screening of text: megabytes a second on clean and on dense text, beside jionlp's recognisers; precision and recall of each.

The peer is what one would take from the shelf: jionlp's extractors of identity cards, telephone numbers, e-mail addresses and
licence plates. It has none for bank cards, passports, addresses below the township or marks, and is asked for none.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable
from datetime import date

from benchmarks.compiler import MB, seconds
from benchmarks.texts import text_of
from tests.screening_set import SENTENCES, score

CLEAN = 6_000_000
PEER = 200_000
TODAY = date(2026, 11, 22)
Span = tuple[str, int, int]


def scan(text: str) -> int:
    from gongkai.screening.text import scan as all_hits

    return len(all_hits(text))


def ours(text: str) -> list[Span]:
    from gongkai.screening.screening import screen_text

    return [(finding.kind, hit.start, hit.end) for hit, finding in screen_text(text, TODAY)]


def peers(text: str) -> list[Span]:
    import jionlp

    found: list[Span] = []
    extractors = {
        "id_number": jionlp.extract_id_card,
        "email": jionlp.extract_email,
        "licence_plate": jionlp.extract_motor_vehicle_licence_plate,
    }
    for kind, extract in extractors.items():
        for item in extract(text, detail=True):
            found.append((kind, *item["offset"]))
    phones = {"cell_phone": "mobile", "landline_phone": "landline"}
    found += [(phones[item["type"]], *item["offset"]) for item in jionlp.extract_phone_number(text, detail=True)]
    return found


def presidio() -> Callable[[str], list[Span]] | None:
    """Presidio's telephone and card recognisers, which need no model; None where it is not installed (it brings 500 MB).

    Its e-mail recogniser asks the network for a list and is left out.
    """
    if importlib.util.find_spec("presidio_analyzer") is None:
        return None
    recognisers = importlib.import_module("presidio_analyzer.predefined_recognizers")
    kinds = [
        ("mobile", "PHONE_NUMBER", recognisers.PhoneRecognizer(supported_regions=["CN"])),
        ("bank_card", "CREDIT_CARD", recognisers.CreditCardRecognizer()),
    ]
    return lambda text: [(kind, hit.start, hit.end) for kind, entity, one in kinds for hit in one.analyze(text, [entity], None)]


def measured(name: str, find: Callable[[str], list[Span]], kinds: set[str] | None = None) -> dict[str, tuple[int, int, int]]:
    """Prints precision and recall on the labelled set; on `kinds` alone where they are given."""
    found = [[span for span in find(sentence.text) if kinds is None or span[0] in kinds] for sentence in SENTENCES]
    counts = score(found)
    rows = {kind: row for kind, row in counts.items() if kind != "all" and (kinds is None or kind in kinds)}
    right, hits, wanted = (sum(row[at] for row in rows.values()) for at in range(3))
    what = "all kinds" if kinds is None else "the kinds both know"
    figures = f"precision {right / max(hits, 1):.3f}, recall {right / wanted:.3f}"
    print(f"{name:10} {what}: {figures} ({right} right, {hits} found, {wanted} to be found)")
    for kind, (caught, reported, there) in sorted(rows.items()):
        print(f"           {kind:14} {caught:3} right {reported:3} found {there:3} to be found")
    return counts


def run() -> dict[str, str]:
    """Prints as it goes; the figures for the row."""
    clean = text_of(CLEAN)
    size = len(clean.encode()) / MB
    scan(clean[:50_000])
    took = seconds(lambda: scan(clean), 5)
    print(f"screening  clean text {size:.1f} MB in {took:.3f} s: {size / took:.0f} MB/s (target: 40)")
    dense = "\n".join(sentence.text for sentence in SENTENCES) * 60
    dense_size = len(dense.encode()) / MB
    dense_took = seconds(lambda: scan(dense), 3)
    print(f"screening  dense text {dense_size:.2f} MB in {dense_took:.3f} s: {dense_size / dense_took:.1f} MB/s, {scan(dense)} hits")

    sample = text_of(PEER)
    lines = [line for line in sample.splitlines() if line]
    for line in lines[:20]:
        peers(line)
    peer_speed = len(sample.encode()) / MB / seconds(lambda: [peers(line) for line in lines], 3)
    print(f"peer       jionlp, four recognisers: {peer_speed:.2f} MB/s")
    print(f"ratio      {size / took / peer_speed:.0f} times as fast")
    print("labelled   written by us, and the detectors were corrected on it; the peer was not")
    both = {"id_number", "mobile", "email", "licence_plate"}
    counts = measured("screening", ours)
    measured("screening", ours, both)
    measured("jionlp", peers, both)
    if (other := presidio()) is not None:
        speed = len(sample.encode()) / MB / seconds(lambda: [other(line) for line in lines], 1)
        print(f"peer       presidio, telephone and card recognisers: {speed:.2f} MB/s")
        measured("screening", ours, {"mobile", "bank_card"})
        measured("presidio", other, {"mobile", "bank_card"})
    right, hits, wanted = counts["all"]
    return {
        "screening MB/s": f"{size / took:.0f}",
        "× jionlp, screening": f"{size / took / peer_speed:.0f}",
        "precision / recall": f"{right / hits:.2f} / {right / wanted:.2f}",
    }


if __name__ == "__main__":
    run()
