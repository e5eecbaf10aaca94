"""How much of a report's text stands in another one: shingles of characters, after numbers and the names of agencies are taken out.

Reports that change the numbers of last year's text, or of a neighbour's, are what this finds (国办公开办函〔2021〕30号 forbids both).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Any

from gongkai.formats.chinese import simplify, to_half_width

_NOT_WORDS = re.compile(r"[\W_\d零〇一二三四五六七八九十百千万两]+")
_PLACE = re.compile(r"^.{1,8}?(?:自治区|自治州|地区|省|市|县|区|州|盟|旗|镇|乡)(?=.{2})")


@dataclass(frozen=True, slots=True)
class Likeness:
    """`score` from 0 to 1: the share of the shorter text found in the other. `passage`: the longest run both have, numbers left out."""

    score: float
    passage: str
    compared: bool
    """False where a text is too short to say anything."""


def likeness(text: str, other: str, names: Iterable[str] = ()) -> Likeness:
    """Containment of the two texts, symmetrical."""
    settings = rules()
    size: int = settings["shingle"]
    names = list(names)
    a, b = _words(text, names), _words(other, names)
    if min(len(a), len(b)) < settings["least"]:
        return Likeness(0.0, "", False)
    if len(a) > len(b):
        a, b = b, a
    there = {b[n : n + size] for n in range(len(b) - size + 1)}
    shingles = [a[n : n + size] for n in range(len(a) - size + 1)]
    shared = {one for one in shingles if one in there}
    best, run = (0, 0), 0
    for at, one in enumerate(shingles):
        run = run + 1 if one in shared else 0
        if run > best[0]:
            best = (run, at - run + 1)
    passage = a[best[1] : best[1] + best[0] + size - 1] if best[0] else ""
    return Likeness(round(len(shared) / len(set(shingles)), 4), passage, True)


@cache
def rules() -> Mapping[str, Any]:
    """likeness.toml."""
    return tomllib.loads(resources.files("gongkai.formats.annual_report").joinpath("rules/likeness.toml").read_text("utf-8"))


@lru_cache(maxsize=64)
def _plain(text: str) -> str:
    """One report is held against many, part by part."""
    return simplify(to_half_width(text))


def _words(text: str, names: list[str]) -> str:
    plain = _plain(text)
    forms = {form for name in names if len(name) > 2 for form in (name, _PLACE.sub("", name), _PLACE.sub("", _PLACE.sub("", name)))}
    for form in sorted((form for form in forms if len(form) > 2), key=len, reverse=True):
        plain = plain.replace(form, "")
    return _NOT_WORDS.sub("", plain)
