"""Hard-wrapped text: lines broken at a fixed width, inside sentences and even inside words, are put together again."""

from __future__ import annotations

import re
from array import array

from gongkai.reading.cleaning import Cleaned
from gongkai.reading.model import Span
from gongkai.reading.numbering import label_at

_MANY_LINES = 12
_TOLERANCE = 5
"""How much narrower than the widest a full line may be: a bracket or a mark that must not begin a line moves a character over."""


def unwrap(doc: Cleaned, keep: list[Span]) -> Cleaned:
    """The text without the line breaks that only a fixed width made; [start, end) ranges in `keep` (tables) stay as they are.

    A text counts as wrapped when most of its lines are equally wide; a line of that width that ends no sentence goes on in the next.
    """
    spans = _lines(doc, keep)
    if len(spans) < _MANY_LINES:
        return doc
    widths = [_width(doc.text[a : min(b, a + 200)]) + max(0, b - a - 200) for a, b in spans]
    widest = sorted(widths)[int(len(widths) * 0.85)]
    full = sum(widest - _TOLERANCE <= n <= widest + 3 for n in widths)
    if not 32 <= widest <= 120 or full < 0.35 * len(spans):
        return doc
    cuts: list[Span] = []
    rows = _running_numbers(doc, spans)
    for k, ((_, b), width) in enumerate(zip(spans, widths, strict=True)):
        if k + 1 == len(spans) or width < widest - _TOLERANCE or doc.flat[b - 1] in "。!?:":
            continue
        following = spans[k + 1]
        if following[0] not in rows and doc.flat[b : following[0]].count("\n") == 1 and label_at(doc.flat, *following) is None:
            cuts.append((b, following[0]))
    return _without(doc, cuts) if cuts else doc


def _width(line: str) -> int:
    """Columns on a screen: two for a character of three bytes in UTF-8 (Chinese), one for the rest."""
    return len(line) + (len(line.encode("utf-8", "surrogatepass")) - len(line)) // 2


_ROW_NUMBER = re.compile(r"([0-9]{1,3})(?=[\u4e00-\u9fff])")


def _running_numbers(doc: Cleaned, spans: list[Span]) -> set[int]:
    """Where lines begin that count 1, 2, 3 …: rows of a table whose cells ran together, however equally wide they are."""
    starts: list[int] = []
    for start, end in spans:
        number = _ROW_NUMBER.match(doc.flat, start, end)
        if number and int(number.group(1)) == len(starts) + 1:
            starts.append(start)
    return set(starts) if len(starts) > 1 else set()


def _lines(doc: Cleaned, keep: list[Span]) -> list[Span]:
    """Lines that hold something, trimmed, outside `keep`."""
    spans = []
    k = 0
    for match in re.finditer(r"[^\s][^\n]*", doc.flat):
        while k < len(keep) and keep[k][1] <= match.start():
            k += 1
        if not (k < len(keep) and keep[k][0] <= match.start()):
            spans.append((match.start(), match.start() + len(match.group().rstrip())))
    return spans


def _without(doc: Cleaned, cuts: list[Span]) -> Cleaned:
    text: list[str] = []
    flat: list[str] = []
    origin = array("I")
    at = 0
    for start, end in [*cuts, (len(doc.text), len(doc.text))]:
        text.append(doc.text[at:start])
        flat.append(doc.flat[at:start])
        origin.extend(doc.origin[at:start])
        at = end
    return Cleaned("".join(text), "".join(flat), origin, doc.raw_length)
