"""The straight edges drawn on an OFD page, from the path objects and their abbreviated commands."""

from __future__ import annotations

from collections.abc import Iterator

from gongkai.reading.files.ofd_text import matrix_of, numbers
from gongkai.reading.files.safe_xml import Element, attribute, child, local

Edge = tuple[float, float, float, float]

# How many numbers each command of GB/T 33190 table 35 takes; the last two are where it ends.
_OPERANDS = {"S": 2, "M": 2, "L": 2, "Q": 4, "B": 6, "A": 7, "C": 0}


def edges_of(roots: list[Element]) -> Iterator[Edge]:
    """(x0, y0, x1, y1) of each straight line on a page and its template, in millimetres."""
    for root in roots:
        yield from _objects(child(root, "Content"))


def _objects(element: Element | None) -> Iterator[Edge]:
    for item in element if element is not None else ():
        tag = local(item)
        if tag == "PathObject":
            yield from _path(item)
        elif tag in ("Layer", "PageBlock"):
            yield from _objects(item)


def _path(element: Element) -> Iterator[Edge]:
    data = child(element, "AbbreviatedData")
    origin = [*numbers(attribute(element, "Boundary")), 0.0, 0.0]
    a, b, c, d, e, f = matrix_of(element)
    begin = current = (0.0, 0.0)
    words = ((data.text if data is not None else None) or "").split()
    at = 0
    while at < len(words):
        command = words[at]
        wanted = _OPERANDS.get(command)
        if wanted is None:
            at += 1
            continue
        if command == "C":
            yield *current, *begin
            current = begin
        else:
            operands = [number for word in words[at + 1 : at + 1 + wanted] for number in numbers(word)[:1]]
            if len(operands) < wanted:
                return
            x, y = operands[-2:]
            point = (a * x + c * y + e + origin[0], b * x + d * y + f + origin[1])
            if command == "L":
                yield *current, *point
            elif command in "SM":
                begin = point
            current = point
        at += 1 + wanted
