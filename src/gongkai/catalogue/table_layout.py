"""Which column of a table says what: headers of one to three lines, in which the parts of 公开对象, 方式, 层级 may have own columns."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from gongkai.catalogue.rulebook import plain, standard
from gongkai.catalogue.tables import Line
from gongkai.catalogue.terms import Terms

LEAST = 4
"""Known headings a line must have to be a header."""
DEEPEST = 3
SEARCHED = 40
PARTS = {"audience": "audience", "method": "method", "levels": "level", "channels": "channel", "stage": "stage", "links": "link"}
"""Headings whose parts may stand in columns of their own → the list their labels are of."""


class Slot(NamedTuple):
    """What a column holds. `codes`: the column is ticked for these; none: the cell says it in words. `label`: as headed."""

    key: str
    codes: tuple[str, ...]
    label: str


@dataclass(slots=True)
class Layout:
    """`slots` by column, None for one that is not understood (`strange` has their headings); `labels`: what heads each, in plain form."""

    slots: list[Slot | None]
    depth: int
    labels: list[set[str]]
    strange: list[str] = field(default_factory=list)

    def has(self, key: str) -> bool:
        return any(slot is not None and slot.key == key for slot in self.slots)

    def repeats(self, line: Line) -> bool:
        """Whether a line is the header once more, as on the next page."""
        texts = [(n, plain(cell)) for n, cell in enumerate(line.cells) if cell]
        return len(texts) > 1 and all(n < len(self.labels) and text in self.labels[n] for n, text in texts)


def find_layout(lines: list[Line], terms: Terms) -> tuple[int, Layout] | None:
    """Index of the first header line and the layout; None when no line is a header."""
    for n, line in enumerate(lines[:SEARCHED]):
        known = {key for cell in line.cells if (key := _heading(cell))}
        if len(known) >= LEAST:
            depth = 1
            while depth < DEEPEST and n + depth < len(lines) and _goes_on(line, lines[n + depth], terms):
                depth += 1
            return n, _layout([one.cells for one in lines[n : n + depth]], terms)
    return None


def _heading(text: str) -> str:
    return standard().code_of("heading", re.sub(r"[（(](?:请?打[√✓]|划[√✓]|可多选|多选|勾选)[^）)]*[）)]", "", text))


def _goes_on(top: Line, line: Line, terms: Terms) -> bool:
    """Whether the line below still is header: every cell repeats the heading above, is empty, or is a part of it."""
    parts = 0
    for above, text in zip(_spread(top.cells, [line.cells]), line.cells, strict=False):
        if not text or text == above:
            continue
        key = _heading(above)
        if not (_codes(key, text, terms) if key in PARTS else key == "item" and _heading(text) in ("level1", "level2")):
            return False
        parts += 1
    return parts > 0


def _spread(top: list[str], below: list[list[str]]) -> list[str]:
    """A heading over several columns that were not merged: what stands empty over a part is headed as its neighbour on the left."""
    spread = list(top)
    for n in range(1, len(spread)):
        if not spread[n] and any(n < len(line) and line[n] for line in below):
            spread[n] = spread[n - 1]
    return spread


def _codes(key: str, label: str, terms: Terms) -> tuple[str, ...]:
    """The codes a part's label stands for: 全社会 → public, 乡、村级 → township and village."""
    if key == "channels":
        code = terms.channel_of(label)
        return (code,) if code else ()
    which = PARTS[key]
    if code := standard().code_of(which, label):
        return (code,)
    found = [
        standard().code_of(which, part) or standard().code_of(which, part + "级") for part in re.split(r"[、，,/和及\n]", label) if part
    ]
    return tuple(found) if found and all(found) else ()


def _layout(header: list[list[str]], terms: Terms) -> Layout:
    slots: list[Slot | None] = []
    strange: list[str] = []
    labels_of = [{plain(line[n]) for line in header if n < len(line)} for n in range(max(map(len, header)))]
    header = [_spread(header[0], header[1:]), *header[1:]]
    for n in range(max(map(len, header))):
        labels: list[str] = []
        for line in header:
            if n < len(line) and line[n] and line[n] not in labels:
                labels.append(line[n])
        slot = _slot(labels, slots, terms)
        slots.append(slot)
        if slot is None and labels:
            strange.append(labels[-1].replace("\n", ""))
    return Layout(slots, len(header), labels_of, strange)


def _slot(labels: list[str], before: list[Slot | None], terms: Terms) -> Slot | None:
    if not labels:
        return None
    key, last = _heading(labels[0]), labels[-1].replace("\n", "")
    if key == "item":
        part = _heading(labels[-1]) if len(labels) > 1 else ""
        taken = any(slot is not None and slot.key == "level1" for slot in before)
        return Slot(part if part in ("level1", "level2") else "level2" if taken else "level1", (), last)
    if key in PARTS and len(labels) > 1:
        codes = _codes(key, labels[-1], terms)
        return Slot(key, codes, last) if codes else None
    if not key:
        return None
    if key not in PARTS and any(slot is not None and slot.key == key for slot in before):
        return None  # the same heading twice: the first counts, the second is told
    return Slot(key, (), last)
