"""Screening of text: megabytes a second on clean and dense text, beside recognisers of jionlp and presidio; precision and recall of each.

The peers are what one would take from the shelf: jionlp's extractors of identity cards, telephone numbers, e-mail addresses and licence
plates; presidio's recognisers of telephone numbers, cards and e-mail addresses that work by pattern, for which no language model is loaded
(it has none for what China alone numbers). Neither has any for passports, addresses below the township or marks, and is asked for none.

Speeds are by processor time of this process, the best of some rounds: what else the machine does at the moment does not count.
"""

from __future__ import annotations

import importlib
import importlib.util
import time
from collections.abc import Callable
from datetime import date
from typing import Any

from benchmarks.compiler import MB
from benchmarks.texts import text_of
from tests.screening_set import SENTENCES, score

CLEAN = 6_000_000
PEER = 200_000
TODAY = date(2026, 11, 22)
Span = tuple[str, int, int]
JIONLP = {"id_number", "mobile", "landline", "email", "licence_plate"}
PRESIDIO = {"mobile", "landline", "email", "bank_card"}
MOBILE = 11
"""Digits of a mobile number, which presidio tells no more apart than a landline's."""


def seconds(work: Callable[[], Any], rounds: int) -> float:
    """Processor seconds of the fastest of so many rounds."""
    took = []
    for _ in range(rounds):
        begun = time.process_time()
        work()
        took.append(time.process_time() - begun)
    return min(took)


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
    """Presidio's pattern recognisers, called as its analyser calls them, without a model; None where it is not installed.

    Its e-mail recogniser asks the network for the list of public suffixes; here it has the list that came with it.
    """
    if importlib.util.find_spec("presidio_analyzer") is None:
        return None
    tldextract = importlib.import_module("tldextract.tldextract")
    tldextract.TLD_EXTRACTOR = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
    recognisers = importlib.import_module("presidio_analyzer.predefined_recognizers")
    phones = recognisers.PhoneRecognizer(supported_regions=["CN"])
    others = [
        ("bank_card", "CREDIT_CARD", recognisers.CreditCardRecognizer()),
        ("email", "EMAIL_ADDRESS", recognisers.EmailRecognizer()),
    ]

    def find(text: str) -> list[Span]:
        found = [(kind, hit.start, hit.end) for kind, entity, one in others for hit in one.analyze(text, [entity], None)]
        for hit in phones.analyze(text, ["PHONE_NUMBER"], None):
            digits = [c for c in text[hit.start : hit.end].removeprefix("+86") if c.isdigit()]
            found.append(("mobile" if len(digits) == MOBILE and digits[0] in "1１" else "landline", hit.start, hit.end))
        return found

    return find


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
    print("labelled   written by us, and the detectors were corrected on it; the peers were not")
    counts = measured("screening", ours)
    right, hits, wanted = counts["all"]
    figures = {
        "screening MB/s": f"{size / took:.0f}",
        "precision / recall": f"{right / hits:.2f} / {right / wanted:.2f}",
        "× presidio, screening": "–",
        "presidio: ours, theirs": "–",
    }
    for name, find, kinds in (("jionlp", peers, JIONLP), ("presidio", presidio(), PRESIDIO)):
        if find is None:
            print(f"peer       {name} is not installed")
            continue
        for line in lines[:20]:
            find(line)
        speed = len(sample.encode()) / MB / seconds(lambda find=find: [find(line) for line in lines], 3)  # type: ignore[misc]
        print(f"peer       {name}: {speed:.2f} MB/s; screening is {size / took / speed:.0f} times as fast")
        mine, theirs = rates(measured("screening", ours, kinds), kinds), rates(measured(name, find, kinds), kinds)
        figures |= {f"× {name}, screening": f"{size / took / speed:.0f}", f"{name}: ours, theirs": f"{mine}, {theirs}"}
    return figures


def rates(counts: dict[str, tuple[int, int, int]], kinds: set[str]) -> str:
    """Precision and recall over these kinds."""
    right, hits, wanted = (sum(counts[kind][at] for kind in kinds if kind in counts) for at in range(3))
    return f"{right / max(hits, 1):.2f} / {right / wanted:.2f}"


if __name__ == "__main__":
    run()
