"""What somebody may have meant who found nothing: titles that sound the same, or that differ in one character."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from rapidfuzz import fuzz

from gongkai.search.model import Found, Wanted
from gongkai.search.normal import normal
from gongkai.search.sounds import syllables, typed_syllables

ENOUGH = 3
NEAR = 60.0
"""Likeness (rapidfuzz, 0 to 100) below which a title is no suggestion."""


class Titles(Protocol):
    """An index, or the part of it that a site shows."""

    def sounding(self, sounds: Sequence[str]) -> list[tuple[str, str]]: ...

    def search(self, wanted: Wanted) -> Found: ...


def meant(engine: Titles, typed: str) -> list[str]:
    """At most ENOUGH other wordings of `typed` that do find something, the likeliest first."""
    word = normal(typed)
    if not 2 <= len(word) <= 30:
        return []
    found = _by_sound(engine, word)
    return list(dict.fromkeys(found + _by_one_character(engine, word)))[:ENOUGH]


def _by_sound(engine: Titles, word: str) -> list[str]:
    sounds = typed_syllables(word) if word.isascii() else syllables(word)
    if len(sounds) < 2:
        return []
    found = []
    for _key, title in engine.sounding(sounds):
        plain = normal(title)
        heard = syllables(plain)
        starts = [at for at in range(len(heard) - len(sounds) + 1) if heard[at : at + len(sounds)] == sounds]
        found += [plain[at : at + len(sounds)] for at in starts[:1]]
    return [one for one in found if one != word]


def _by_one_character(engine: Titles, word: str) -> list[str]:
    """The stretch of a title that is the typed word but for a character or two."""
    if len(word) < 3:
        return []
    found = []
    for hit in engine.search(Wanted(word, limit=10, loose=True)).hits:
        plain = normal(hit.title.text)
        likeness = fuzz.partial_ratio_alignment(word, plain)
        if likeness is not None and likeness.score >= NEAR:
            stretch = plain[likeness.dest_start : likeness.dest_end]
            if len(stretch) >= 2 and stretch != word:
                found.append((likeness.score, stretch))
    return [stretch for _score, stretch in sorted(found, reverse=True)]
