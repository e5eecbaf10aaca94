"""Colouring a document without changing it: marks that nest and overlap become flat segments.

Pure functions over text and offsets. Used by the review screen, the public document page and the quoted words of an obligation.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Highlight:
    """One coloured place: characters [start, end) of the text, what it is (`task`, `lead`, `deadline`, …) and the task it belongs to."""

    start: int
    end: int
    kind: str
    task: int = 0


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of text over which the set of covering marks does not change."""

    start: int
    end: int
    text: str
    marks: tuple[Highlight, ...]


def segments(text: str, marks: Iterable[Highlight]) -> list[Segment]:
    """The text cut at every edge of a mark. Joined again the segments are the text; the segments that carry a mark are exactly its span.

    Marks are clipped to the text; one that is empty, reversed or wholly outside is left out. One sweep over the sorted edges: the cost
    is the number of marks and of (segment, mark) pairs handed out.
    """
    opening: dict[int, list[int]] = {}
    closing: dict[int, list[int]] = {}
    kept: list[Highlight] = []
    for mark in marks:
        start, end = max(0, mark.start), min(len(text), mark.end)
        if start < end:
            opening.setdefault(start, []).append(len(kept))
            closing.setdefault(end, []).append(len(kept))
            kept.append(mark)
    edges = sorted({0, len(text), *opening, *closing})
    active: dict[int, Highlight] = {}
    result: list[Segment] = []
    for start, end in zip(edges, edges[1:], strict=False):
        for index in closing.get(start, ()):
            del active[index]
        for index in opening.get(start, ()):
            active[index] = kept[index]
        result.append(Segment(start, end, text[start:end], tuple(active.values())))
    return result


class WordsNotFound(ValueError):
    """The given words do not fix one place in the document; `str(error)` is a sentence for the form."""


def _pattern(words: str) -> re.Pattern[str]:
    """The words with any white space between their characters: documents break lines where people do not type them."""
    return re.compile(r"\s*".join(re.escape(c) for c in words if not c.isspace()))


def find_words(text: str, first: str, last: str) -> tuple[int, int]:
    """The span from the first to the last of the given words.

    `first` must stand in the text once; `last` is its nearest occurrence at or after `first` (empty: the span is `first` alone).
    """
    first, last = "".join(first.split()), "".join(last.split())
    if not first:
        raise WordsNotFound("请填写任务开头的几个字")
    starts = list(_pattern(first).finditer(text))
    if not starts:
        raise WordsNotFound(f"原文里没有“{first}”，请照原文抄写开头的几个字")
    if len(starts) > 1:
        raise WordsNotFound(f"“{first}”在原文出现 {len(starts)} 次，请多写几个字")
    begin = starts[0]
    if not last:
        return begin.start(), begin.end()
    ends = _pattern(last).search(text, begin.start())
    if ends is None:
        raise WordsNotFound(f"“{first}”之后没有“{last}”，请照原文抄写结尾的几个字")
    return begin.start(), max(ends.end(), begin.end())


_HEADING = [
    (2, re.compile(r"^\s*(?:第[一二三四五六七八九十百]+[章节部]|[一二三四五六七八九十]{1,3}[、.．])")),
    (3, re.compile(r"^\s*[（(][一二三四五六七八九十]{1,3}[)）]")),
]
_LONGEST_HEADING = 40


def heading_level(line: str) -> int:
    """2 for 一、 and 第一章 lines, 3 for （一） lines, 0 for anything else. A long line or one that goes on after a full stop is prose."""
    line = line.strip()
    if not line or len(line) > _LONGEST_HEADING or "。" in line[:-1]:
        return 0
    return next((level for level, pattern in _HEADING if pattern.match(line)), 0)
