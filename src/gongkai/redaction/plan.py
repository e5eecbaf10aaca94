"""What is to be covered, and what was."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from gongkai.formats.chinese import to_half_width

Box = tuple[float, float, float, float]
"""(left, top, right, bottom) from the upper left corner of the page as it is shown (turned and cropped): points of 1/72 inch in a PDF,
pixels in a picture."""


@dataclass(frozen=True, slots=True)
class Area:
    """A box on a page (from 1). `ground`: the legal ground, such as “第十五条 个人隐私”."""

    page: int
    box: Box
    ground: str


@dataclass(frozen=True, slots=True)
class Words:
    """Every place where these words stand, whatever white space and line ends are between their characters, full or half width."""

    text: str
    ground: str


@dataclass(frozen=True, slots=True)
class Span:
    """Characters [start, end) of one paragraph of a docx, by its number in `redaction.docx_text.blocks`."""

    block: int
    start: int
    end: int
    ground: str


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture of a docx, by its number in `redaction.docx_pictures.pictures`; it becomes black wherever it stands."""

    number: int
    ground: str


@dataclass(frozen=True, slots=True)
class Plan:
    """Areas for PDF and pictures, spans and pictures for docx, words for PDF and docx."""

    areas: tuple[Area, ...] = ()
    words: tuple[Words, ...] = ()
    spans: tuple[Span, ...] = ()
    pictures: tuple[Picture, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.areas or self.words or self.spans or self.pictures)


@dataclass(frozen=True, slots=True)
class Covered:
    """One thing that was covered: the page (0 in a docx), the box (None in a docx), how many characters went."""

    page: int
    box: Box | None
    ground: str
    characters: int


@dataclass(frozen=True, slots=True)
class Redacted:
    """`elsewhere`: pages on which words that an area covered still stand uncovered, with the area's ground: for a human to look at.
    `drawn`: pages that are pictures now. `unread`: pages that are pictures without text, on which words could not be looked for."""

    data: bytes
    covered: tuple[Covered, ...]
    elsewhere: tuple[tuple[int, str], ...] = ()
    drawn: tuple[int, ...] = ()
    unread: tuple[int, ...] = ()


def squeezed(text: str) -> str:
    """Half-width and without white space: the form in which words are compared."""
    return "".join(to_half_width(text).split())


def pattern(words: str) -> re.Pattern[str] | None:
    """Finds words in a half-width text across white space; None where there is nothing to find."""
    plain = squeezed(words)
    return re.compile(r"\s*".join(map(re.escape, plain))) if plain else None


def found(words: str, text: str) -> Iterator[tuple[int, int]]:
    """[start, end) of every place in the text, which keeps its length when made half-width."""
    search = pattern(words)
    if search is not None:
        for match in search.finditer(to_half_width(text)):
            yield match.span()


def overlap(a: Any, b: Any) -> float:
    """Area shared by two boxes."""
    return max(0.0, min(a[2], b[2]) - max(a[0], b[0])) * max(0.0, min(a[3], b[3]) - max(a[1], b[1]))
