"""How each kind of value is shown: enough to find it again in the original, too little to use. Names are not masked by default."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence

from gongkai.screening.model import Hit


def middle(value: str, head: int, tail: int) -> str:
    """`value` with stars between its first `head` and last `tail` characters; at least one star."""
    hidden = max(1, len(value) - head - tail)
    return value[:head] + "*" * hidden + (value[-tail:] if tail else "")


def id_number(number: str) -> str:
    """35*************123."""
    return middle(number, 2, 3)


def mobile(number: str) -> str:
    """138****1234."""
    return middle(number, 3, 4)


def card(number: str) -> str:
    return middle(number, 4, 4)


def passport(number: str) -> str:
    return middle(number, 1, 2)


def plate(number: str) -> str:
    return middle(number, 2, 1)


def landline(area: str, number: str) -> str:
    """0571-8512****: the area and the exchange, not the line."""
    return f"{area}-{middle(number, 4, 0)}" if area else middle(number, 4, 0)


def email(address: str) -> str:
    local, _, domain = address.partition("@")
    return f"{local[0]}***@{domain}"


def words(value: str) -> str:
    """A property's value or a hidden remark: its first character and three stars, whatever the length."""
    value = value.strip()
    return value[0] + "***" if value else ""


def apply(text: str, hits: Iterable[Hit]) -> str:
    """`text` with every hit's span replaced by its masked form. Where spans overlap the earlier and longer one counts."""
    parts: list[str] = []
    end = 0
    for hit in sorted(hits, key=lambda hit: (hit.start, -hit.end)):
        if hit.start >= end:
            parts += (text[end : hit.start], hit.masked)
            end = hit.end
    parts.append(text[end:])
    return "".join(parts)


def over(texts: Sequence[str], hits: Iterable[Hit]) -> list[str]:
    """`texts`, which were read as one with a character between two of them, with the parts of every hit replaced.

    The masked form stands in the first text that holds a part of it. Hits do not overlap and are in order.
    """
    changed = list(texts)
    starts: list[int] = []
    size = 0
    for text in texts:
        starts.append(size)
        size += len(text) + 1
    for hit in reversed(list(hits)):
        masked = hit.masked
        for at in range(max(0, bisect_right(starts, hit.start) - 1), len(texts)):
            if starts[at] >= hit.end:
                break
            low, high = max(hit.start - starts[at], 0), min(hit.end - starts[at], len(texts[at]))
            if low < high:
                changed[at] = changed[at][:low] + masked + changed[at][high:]
                masked = ""
    return changed
