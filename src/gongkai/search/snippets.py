"""The stretch of a text that shows best why it was found."""

from __future__ import annotations

from collections.abc import Sequence

from gongkai.search.model import Snippet
from gongkai.search.normal import normal, with_offsets

LENGTH = 120
LEAD = 20
"""Characters shown before the first word found."""
_SCANS = (500, 2_000, 20_000, 40_000)
"""Characters of a text looked through at a time for a place where a word stands in another form: most stand early, and a page of results
must not read whole books. What stands there as typed is found wherever it is."""


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
    """Offset in `text` of a word: the first that stands there as typed, else the first in another form; 0 for none."""
    places = [at for word in words if (at := text.find(word)) >= 0]
    if places:
        return min(places)
    overlap = max((len(word) for word in words), default=0) * 4
    begin = 0
    for length in _SCANS:
        window = text[begin : begin + length + overlap]
        plain = normal(window)
        places = [at for word in words if (at := plain.find(word)) >= 0]
        if places:
            return begin + with_offsets(window)[1][min(places)]
        begin += length
        if begin >= len(text):
            break
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
