"""Documents for the benchmark of search: a vocabulary with the frequencies language has, lengths and facets as an archive has them.

Words are drawn by Zipf's law from some tens of thousands: what stands in real plans where the workplace has them (only
their words of two to four characters and how often they come), our own names of bodies and fields, and words made from a seed of all the
common characters. Document `n` is always the same, whoever asks for it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import islice
from pathlib import Path
from random import Random

import numpy as np

from benchmarks.texts import BODIES, FIELDS, LIMITS, OUTCOMES, PLACES, VERBS, WAYS

PLANS = Path(__file__).resolve().parents[2] / "shared" / "plans" / "dev"
WORDS = 40_000
MEDIAN, SPREAD, SHORTEST, LONGEST = 1_100, 0.8, 60, 60_000
"""Characters of a document: log-normal, 1,500 in the mean."""
PUNCTUATION = (("，", 0.085), ("。", 0.035), ("、", 0.03), ("\n", 0.012), ("（", 0.006), ("）", 0.006), ("；", 0.008))
KINDS = ("通知", "公告", "意见", "办法", "方案", "决定", "清单", "指南", "报告", "批复")
_HAN = re.compile("[\u4e00-\u9fff]+")
_CHUNK = 500
"""Documents drawn from one state of the random generator."""


@dataclass(frozen=True, slots=True)
class Text:
    """A document as it is printed. `agency`, `theme`, `year` are codes to narrow by."""

    number: int
    title: str
    body: str
    doc_number: str
    agency: str
    theme: str
    year: int
    on: date


@cache
def _vocabulary() -> tuple[list[str], np.ndarray]:
    """(words, their cumulative probability), the same for the same sources."""
    rng = Random(20)
    counts: Counter[str] = Counter()
    within: dict[str, int] = {}
    for path in sorted(PLANS.glob("*.txt")) if PLANS.is_dir() else ():
        for run in _HAN.findall(path.read_text("utf-8", errors="ignore")):
            for size in (2, 3, 4):
                counts.update(run[at : at + size] for at in range(len(run) - size + 1))
    for word, n in counts.items():
        for piece in (word[1:], word[:-1]):
            within[piece] = max(n, within.get(piece, 0))
    whole = (word for word, n in counts.most_common() if n > 1 and within.get(word, 0) < 0.7 * n)  # not 子商 of 电子商务
    real = list(islice(whole, WORDS // 2))
    own = [*BODIES, *FIELDS, *VERBS, *OUTCOMES, *WAYS, *PLACES, *LIMITS]
    signs = [bytes((row, cell)).decode("gb2312", "ignore") for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF)]
    signs = [sign for sign in signs if sign]
    rng.shuffle(signs)
    weight = np.cumsum(1.0 / np.arange(3, len(signs) + 3))
    words = dict.fromkeys([*real[:300], *own, *real[300:]])
    while len(words) < WORDS:
        drawn = np.searchsorted(weight, [rng.random() * weight[-1] for _ in range(rng.choice((2, 2, 2, 3, 4)))])
        words["".join(signs[int(at)] for at in drawn)] = None
    found = list(words)
    chance = 1.0 / (np.arange(len(found)) + 25.0)
    marks = [share for _sign, share in PUNCTUATION]
    chance *= (1 - sum(marks)) / chance.sum()
    return [*found, *(sign for sign, _share in PUNCTUATION)], np.cumsum([*chance, *marks])


def texts(first: int, last: int) -> Iterator[Text]:
    """Documents `first` to `last` (not included)."""
    words, chances = _vocabulary()
    for chunk in range(first // _CHUNK, -(-last // _CHUNK)):
        made = _chunk(chunk, words, chances)
        yield from made[max(0, first - chunk * _CHUNK) : last - chunk * _CHUNK]


def _chunk(chunk: int, words: list[str], chances: np.ndarray) -> list[Text]:
    draw = np.random.default_rng(chunk)
    rng = Random(chunk)
    lengths = np.clip(draw.lognormal(np.log(MEDIAN), SPREAD, _CHUNK), SHORTEST, LONGEST)
    sizes = (lengths / 2.35).astype(int) + 4  # a word and its share of the punctuation
    ends = np.cumsum(sizes)
    drawn = np.searchsorted(chances, draw.random(int(ends[-1])) * chances[-1])
    pool = np.array(words, dtype=object)[drawn]
    found = []
    for at, end in enumerate(ends):
        pieces = pool[end - sizes[at] : end].tolist()
        number = chunk * _CHUNK + at
        found.append(_text(number, pieces, rng))
    return found


def _text(number: int, pieces: list[str], rng: Random) -> Text:
    place, body = rng.choice(PLACES), rng.choice(BODIES)
    year, month, day = rng.randint(2008, 2026), rng.randint(1, 12), rng.randint(1, 28)
    topic = "".join(piece for piece in pieces[:6] if len(piece) > 1)
    title = f"{place}{body}关于{rng.choice(VERBS)}{topic}的{rng.choice(KINDS)}"
    doc_number = f"{place[0]}{body[:2]}发〔{year}〕{number % 997 + 1}号"
    law = f"根据《{rng.choice(FIELDS)}管理办法》（{place[0]}政办发〔{rng.randint(2001, year)}〕{rng.randint(1, 180)}号），"
    tail = f"\n联系电话：0{rng.randint(10, 999)}-{rng.randint(2_000_000, 8_999_999)}\n{place}{body}\n{year}年{month}月{day}日"
    agency = str(PLACES.index(place) * len(BODIES) + BODIES.index(body))
    return Text(number, title, law + "".join(pieces) + tail, doc_number, agency, f"{number % 22:02}", year, date(year, month, day))
