"""The lines of one OFD page: text objects carry the place of every character, lines are made of what stands level."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

from gongkai.reading.files.lines import Line
from gongkai.reading.files.ruled import Rules
from gongkai.reading.files.safe_xml import Element, attribute, child, local

GAP = 1.8
"""Empty space, in character widths, that parts two cells standing on one line."""
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,2})?")
_LATIN = re.compile(r"[A-Za-z0-9]")
_SKIPPED = frozenset({"CompositeObject", "PathObject", "ImageObject", "Annot"})


@dataclass(slots=True)
class _Piece:
    text: str
    left: float
    right: float
    base: float
    size: float


def lines_of(roots: list[Element], rules: Rules) -> list[Line]:
    """Lines from top to bottom, parts of a line from left to right, of a page laid over its template. Units are millimetres.

    Cells are parted by the rules between them or by a wide gap.
    """
    pieces = [piece for root in roots for piece in _objects(child(root, "Content"))]
    pieces.sort(key=lambda piece: piece.base)
    lines: list[Line] = []
    level: list[_Piece] = []
    for piece in pieces:
        if level and piece.base - level[0].base > 0.5 * max(level[0].size, 0.5):
            lines.extend(_joined(level, rules))
            level = []
        level.append(piece)
    lines.extend(_joined(level, rules))
    return lines


def _objects(element: Element | None) -> Iterator[_Piece]:
    for item in element if element is not None else ():
        tag = local(item)
        if tag == "TextObject":
            if attribute(item, "Visible") != "false":
                yield from _text_object(item)
        elif tag not in _SKIPPED:
            yield from _objects(item)


def _text_object(element: Element) -> Iterator[_Piece]:
    origin = [*numbers(attribute(element, "Boundary")), 0.0, 0.0]
    a, b, c, d, e, f = matrix_of(element)
    if abs(math.sin(2 * math.atan2(b, a))) > 0.2:
        return  # at an angle to the page's edges: a watermark
    size = (numbers(attribute(element, "Size")) or [3.5])[0]
    across, down = math.hypot(a, b) or 1.0, math.hypot(c, d) or 1.0
    x = y = 0.0
    for code in element:
        if local(code) != "TextCode":
            continue
        x = (numbers(attribute(code, "X")) or [x])[0]
        y = (numbers(attribute(code, "Y")) or [y])[0]
        for text, left, right, base in _runs(code.text or "", x, y, size, code):
            start = a * left + c * base + e + origin[0]
            end = a * right + c * base + e + origin[0]
            yield _Piece(text, min(start, end), max(start, end), b * left + d * base + f + origin[1], size * (down if down else across))


def _runs(text: str, x: float, y: float, size: float, code: Element) -> Iterator[tuple[str, float, float, float]]:
    """(text, left, right, base line) for each stretch that stands level and without a cell-wide gap."""
    steps_x = _deltas(attribute(code, "DeltaX"), len(text))
    steps_y = _deltas(attribute(code, "DeltaY"), len(text))
    start = 0
    left = x
    for index, character in enumerate(text):
        advance = _advance(character, size)
        # Without a step the next character stands where this one ends.
        step = steps_x[index] if index < len(steps_x) else (0.0 if steps_y else advance)
        fall = steps_y[index] if index < len(steps_y) else 0.0
        last = index == len(text) - 1
        if last or abs(fall) > 0.3 * size or step < -size or step - advance > GAP * size:
            yield text[start : index + 1], left, x + advance, y
            start, left = index + 1, x + step
        x, y = x + step, y + fall


def _advance(character: str, size: float) -> float:
    return size if ord(character) >= 0x2E80 else size / 2


def _joined(level: list[_Piece], rules: Rules) -> Iterator[Line]:
    level.sort(key=lambda piece: piece.left)
    line: Line | None = None
    before: _Piece | None = None
    for piece in level:
        if not piece.text.strip():
            continue
        if before is not None and piece.text == before.text and abs(piece.left - before.left) < 0.3 * piece.size:
            continue  # drawn twice to look bold
        before = piece
        is_apart = line is None or piece.left - line.right > GAP * max(line.size, piece.size)
        if line is not None and not is_apart:
            is_apart = rules.between(line.right - 0.3, piece.left + 0.3, piece.base - piece.size, piece.base) is not None
        if line is None or is_apart:
            if line is not None:
                yield line
            line = Line(piece.text, piece.left, piece.right, piece.base - piece.size, piece.base, piece.size)
            continue
        wide = piece.left - line.right > 0.25 * piece.size
        line.text += (" " if wide and _LATIN.match(line.text[-1]) and _LATIN.match(piece.text) else "") + piece.text
        line.right = max(line.right, piece.right)
        line.size = max(line.size, piece.size)
        line.bottom = max(line.bottom, piece.base)
    if line is not None:
        yield line


def _deltas(written: str | None, needed: int) -> list[float]:
    """Steps between characters; "g 4 3.5" stands for 3.5 four times. Never more than the text has use for."""
    steps: list[float] = []
    words = iter((written or "").split())
    for word in words:
        if word == "g":
            count, value = numbers(next(words, "")), numbers(next(words, ""))
            if count and value:
                steps += value[:1] * max(0, min(int(min(count[0], needed)), needed - len(steps)))
        else:
            steps += numbers(word)[:1]
        if len(steps) >= needed:
            break
    return steps


def matrix_of(element: Element) -> list[float]:
    """The six numbers of an object's CTM, the identity when it has none."""
    matrix = numbers(attribute(element, "CTM"))
    return matrix if len(matrix) == 6 else [1.0, 0.0, 0.0, 1.0, 0.0, 0.0]


def numbers(written: str | None) -> list[float]:
    """The numbers in an attribute; nothing but plain finite numbers is taken."""
    return [float(match) for match in _NUMBER.findall(written or "")]
