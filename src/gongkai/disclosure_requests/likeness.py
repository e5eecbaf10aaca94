"""Requests that ask the same, found without keeping their words: a keyed signature of three-character pieces (one-permutation MinHash).

Equal shares of equal buckets estimate how many pieces two texts have in common. Whoever has no key learns nothing of the words.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

from gongkai.sealing.keys import digest

BUCKETS = 32
SAME, ALIKE = 0.9, 0.45
"""From which estimate on two requests are offered as the same, and as near each other. A person decides."""
_PLAIN = re.compile(r"[\W_]+")


def signature(text: str) -> list[int]:
    """32 numbers of 32 bits; -1 for a bucket without a piece. Empty for a text without a word. Linear in the text."""
    plain = _PLAIN.sub("", text).casefold()
    if not plain:
        return []
    key = bytes.fromhex(digest("likeness"))
    lowest = [-1] * BUCKETS
    for piece in {plain[n : n + 3] for n in range(max(1, len(plain) - 2))}:
        value = int.from_bytes(hashlib.blake2b(piece.encode(), key=key, digest_size=5).digest())
        bucket, rest = value % BUCKETS, value // BUCKETS % 2**32
        if lowest[bucket] < 0 or rest < lowest[bucket]:
            lowest[bucket] = rest
    return lowest


def share(one: Sequence[int], other: Sequence[int]) -> float:
    """Estimate, 0 to 1, of the pieces two texts have in common among all of both; 0 where one has none."""
    pairs = [(a, b) for a, b in zip(one, other, strict=False) if a >= 0 or b >= 0]
    return sum(a == b for a, b in pairs) / len(pairs) if pairs else 0.0
