"""Words beside a value that say what it is, within its line."""

from __future__ import annotations

import re
from functools import cache

from gongkai.screening.rules import words


@cache
def _near(key: str) -> tuple[re.Pattern[str], int]:
    row = words()[key]
    return re.compile("|".join(map(re.escape, row["near"]))), row["window"]


@cache
def _after(key: str) -> re.Pattern[str]:
    return re.compile(r"\s{0,2}(?:" + "|".join(map(re.escape, words()[key]["after"])) + ")")


def before(key: str, text: str, start: int, header: str = "") -> bool:
    """Does one of the words stand in the line before `start`, or in the header of its table?"""
    pattern, window = _near(key)
    low = max(text.rfind("\n", 0, start) + 1, start - window)
    return bool(pattern.search(text, low, start)) or bool(header and pattern.search(header))


def after(key: str, text: str, end: int) -> bool:
    """Does one of the words follow at `end`?"""
    return bool(_after(key).match(text, end))
