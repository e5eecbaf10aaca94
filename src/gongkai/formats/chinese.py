"""Small helpers for Chinese text that keep its length, so that offsets stay true."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any

_HALF_WIDTH: dict[int, int] = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {ord("號"): ord("号")}
_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}


def to_half_width(text: str) -> str:
    """Full-width ASCII to ASCII and 號 to 号, character by character; the ideographic space stays."""
    return text.translate(_HALF_WIDTH)


@cache
def _converter() -> Any:
    from opencc import OpenCC

    return OpenCC("t2s")


@lru_cache(maxsize=8192)
def _simplify_one(char: str) -> str:
    try:
        char.encode("gb2312")
    except UnicodeEncodeError:
        simple: str = _converter().convert(char)
        return simple if len(simple) == 1 else char
    return char


def simplify(text: str) -> str:
    """Traditional to simplified characters, one for one. Text within GB 2312 is returned without loading the converter."""
    return "".join(map(_simplify_one, text))


def number_value(text: str) -> int | None:
    """三十四, 一百零八, 二〇一九 or plain digits as an integer below 100,000,000; None for anything else."""
    if text.isascii():
        return int(text) if text.isdigit() and len(text) < 9 else None
    if not text or any(c not in _DIGITS and c not in _UNITS for c in text):
        return None
    if not any(c in _UNITS for c in text):
        return int("".join(str(_DIGITS[c]) for c in text)) if len(text) < 9 else None
    total, digit = 0, 0
    for c in text:
        if c in _UNITS:
            total += (digit or (1 if not total else 0)) * _UNITS[c]
            digit = 0
        else:
            digit = _DIGITS[c]
    return total + digit
