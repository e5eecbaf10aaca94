"""Normal text into overlapping pairs of characters. A query of n characters is a phrase of n-1 pairs: it matches where, and only where, the
query is a substring (word segmentation loses such matches wherever it cuts otherwise than the reader thinks).
"""

from __future__ import annotations

from operator import add


def pairs(normal_text: str) -> list[str]:
    """市政务 → [市政, 政务]; a single character has none (see `signs`)."""
    return [normal_text[at : at + 2] for at in range(len(normal_text) - 1)]


def indexed(normal_text: str) -> str:
    """The pairs in one string for the engine's whitespace tokenizer: each keeps its place, so phrases are exact."""
    return " ".join(map(add, normal_text, normal_text[1:]))


def signs(normal_text: str) -> str:
    """Each character once, for queries of one character."""
    return " ".join(set(normal_text))
