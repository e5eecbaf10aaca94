"""The stretch of a text that shows best why it was found."""

from __future__ import annotations

from collections.abc import Sequence

from gongkai.search.model import Snippet
from gongkai.search.normal import normal, with_offsets

LENGTH = 120
LEAD = 20
"""Characters shown before the first word found."""
_SCANS = (500, 2_000, 20_000)
"""Characters of a text looked through at a time for a place to show, the last size again and again: most words stand early, and a page of
results must not read whole books."""


def marked(text: str, words: Sequence[str]) -> Snippet:
    """The whole of `text` (a title) with every word marked."""
    return Snippet(text, _spans(text, words))


def excerpt(text: str, words: Sequence[str], length: int = LENGTH) -> Snippet:
    """About `length` characters around the first place where a word stands; the beginning where none does."""
    start = _first(text, words)
    begin = max(0, start - LEAD)
    piece = text[begin : begin + length]
    if begin:
        piece = "…" + piece
    if begin + length < len(text):
        piece += "…"
    return Snippet(piece, _spans(piece, words))


def _first(text: str, words: Sequence[str]) -> int:
    """Offset in `text` of the first word found, 0 for none."""
    overlap = max((len(word) for word in words), default=0) * 4
    begin, size = 0, iter(_SCANS)
    while begin < len(text):
        length = next(size, _SCANS[-1])
        window = text[begin : begin + length + overlap]
        plain = normal(window)
        places = [at for word in words if (at := plain.find(word)) >= 0]
        if places:
            return begin + with_offsets(window)[1][min(places)]
        begin += length
    return 0


def _spans(text: str, words: Sequence[str]) -> tuple[tuple[int, int], ...]:
    """Spans of `text` that the words are, in order, joined where they touch."""
    plain, offsets = with_offsets(text)
    found: list[tuple[int, int]] = []
    for word in words:
        at = plain.find(word)
        while at >= 0:
            found.append((offsets[at], offsets[at + len(word) - 1] + 1))
            at = plain.find(word, at + len(word))
    found.sort()
    joined: list[tuple[int, int]] = []
    for begin, end in found:
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((begin, end))
    return tuple(joined)
