"""How much two tasks say the same: character n-grams weighted by rarity, found through an inverted index.

A municipal plan answers a provincial one in words of its own: longer, shorter, or split in several tasks. Rare n-grams both
sides use (双随机, 项级科目) carry the sense; words all such plans are full of (进一步加强, 信息公开) are left out; n-grams of one
task alone weigh little, because they tell how a task is worded and not what it is about.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from gongkai.formats.chinese import simplify, to_half_width

NGRAMS = (2, 3)
CANDIDATES = 8
"""Lower tasks fully compared with each upper one; they are the nearest by shared n-grams."""
COMMON = 0.5
"""An n-gram in more than this share of the tasks finds no candidates (it still counts in the comparison)."""
POSTINGS = 64
"""Nor does one in more tasks than this: it bounds the work for each n-gram, so that the whole grows with the length of the plans."""
SMALLEST = 12
"""Fewer n-grams than this are too little evidence for containment."""
WEIGHTS = {"cosine": 0.40, "containment": 0.30, "partial": 0.15, "heading": 0.10, "signals": 0.05}
PARTIAL_FLOOR = 35.0
"""rapidfuzz partial ratio of two unrelated Chinese texts; only what lies above it counts."""

HAPAX = 0.15
"""Share of its weight an n-gram keeps that stands in one task only: it says how a task is worded, not what it is about."""
SMALL_PLAN = 20
"""Rarity is reckoned as in a corpus of at least so many tasks; two plans of one task each would have no rare words at all."""
HEAD = 40
"""Characters of cleaned text from the start of a task that count with its headings: run-in titles stand there."""

_NOISE = re.compile(r"[\W_]+")
_LABEL = re.compile(r"^(?:第?[一二三四五六七八九十百]+[章节条、]|\([一二三四五六七八九十0-9]+\)|[0-9]+[.、)]|[①-⑳])+")
_GENERIC = re.compile(
    "进一步|切实|积极|全面|深入|扎实|大力|认真|严格|不断|持续|统筹|着力|充分|重点|主动|依法|及时|准确|加强|推进|推动|做好|加大|强化|完善|健全|建立|落实|规范|"
    "提高|提升|促进|实施|开展|组织|结合|围绕|按照|根据|要求|规定|有关|相关|工作|情况|内容|方面|力度|确保|通过|对于|以及|政府信息公开|政务公开|信息公开|公开|政务|信息|"
    "各级|各地区|各地|各部门|各单位|部门|单位|政府|我省|我市|我县|我区|全省|全市|全县|全区|本地区|本部门|本级|群众|社会"
)


def clean(text: str) -> str:
    """Simplified, half-width, without punctuation and white space."""
    return _NOISE.sub("", simplify(to_half_width(text))).lower()


def grams(text: str) -> Counter[str]:
    """The n-grams of a cleaned text with their number."""
    return Counter(part[n : n + size] for part in topical(text).split() for size in NGRAMS for n in range(len(part) - size + 1))


def topical(text: str) -> str:
    """Cleaned text with a space for every word that all such plans are full of, unless nothing else is left."""
    kept = _GENERIC.sub(" ", text)
    return kept if len(kept.replace(" ", "")) >= 2 else text


@dataclass(slots=True)
class Item:
    """A task prepared for comparison: cleaned words, n-gram weights (unit length), their plain rarity, heading words, signals."""

    text: str
    heading: frozenset[str]
    signals: frozenset[str]
    counts: Counter[str]
    vector: dict[str, float]
    mass: float = 0.0


class Corpus:
    """Items of both plans over one table of rarities, with an index of the lower plan's n-grams.

    Building costs the length of both plans; a query costs the postings of its own n-grams, and CANDIDATES full comparisons.
    """

    def __init__(self, upper: Sequence[Item], lower: Sequence[Item]) -> None:
        self.upper, self.lower = upper, lower
        everything = [*upper, *lower]
        seen: Counter[str] = Counter()
        for item in everything:
            seen.update(item.counts.keys())
        total = len(everything)
        enough = max(total, SMALL_PLAN)
        self.rarity = {gram: (math.log((1 + enough) / (1 + n)) + 0.1) * (1 if n > 1 else HAPAX) for gram, n in seen.items()}
        for item in everything:
            raw = {gram: (1 + math.log(n)) * self.rarity[gram] for gram, n in item.counts.items()}
            length = math.sqrt(sum(value * value for value in raw.values())) or 1.0
            item.vector = {gram: value / length for gram, value in raw.items()}
            item.mass = sum(self.rarity[gram] for gram in item.counts)
        usual = min(max(3.0, COMMON * total), POSTINGS)
        self.postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for n, item in enumerate(lower):
            for gram, value in item.vector.items():
                if seen[gram] <= usual:
                    self.postings[gram].append((n, value))

    def candidates(self, item: Item, limit: int = CANDIDATES) -> list[int]:
        """Positions in the lower plan, nearest first by shared n-grams and by shared headings."""
        scores: dict[int, float] = defaultdict(float)
        for gram, value in item.vector.items():
            for n, other in self.postings.get(gram, ()):
                scores[n] += value * other
        return sorted(scores, key=lambda n: (-scores[n], n))[:limit]

    def score(self, a: Item, b: Item) -> float:
        """Similarity from 0 (nothing shared) to 1 (the same words). Symmetrical. Measures neither side has are left out of the blend."""
        if a.text == b.text:
            return 1.0 if a.text else 0.0
        small, large = (a, b) if len(a.vector) <= len(b.vector) else (b, a)
        shared = [gram for gram in small.vector if gram in large.vector]
        parts = {"cosine": min(1.0, 1.6 * sum(a.vector[gram] * b.vector[gram] for gram in shared))}
        least = min(a.mass, b.mass)
        trust = min(1.0, min(len(a.counts), len(b.counts)) / SMALLEST)
        parts["containment"] = trust * sum(self.rarity[gram] for gram in shared) / least if least else 0.0
        parts["partial"] = trust * max(0.0, fuzz.partial_ratio(a.text, b.text) - PARTIAL_FLOOR) / (100 - PARTIAL_FLOOR)
        if a.heading and b.heading:
            parts["heading"] = len(a.heading & b.heading) / min(len(a.heading), len(b.heading))
        if a.signals or b.signals:
            parts["signals"] = len(a.signals & b.signals) / len(a.signals | b.signals)
        weight = sum(WEIGHTS[name] for name in parts)
        return min(1.0, sum(WEIGHTS[name] * value for name, value in parts.items()) / weight)


def prepare(text: str, path: Sequence[str], signals: Sequence[str]) -> Item:
    """An `Item` of a task's text, its headings (the two innermost) and its signals (channels, quotas)."""
    words = clean(text)
    headings = [topical(clean(_LABEL.sub("", to_half_width(heading)))) for heading in path[-2:]] + [topical(words[:HEAD])]
    heading = frozenset(part[n : n + 2] for h in headings for part in h.split() for n in range(len(part) - 1))
    return Item(words, heading, frozenset(clean(s) for s in signals), grams(words), {})
