"""The body of a document (html, clean) as a flat list of blocks, for paper: headings, paragraphs, items of lists, tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import html

_BREAK = re.compile(r"\s*\n\s*(?=[^\x00-\x7f])|(?<=[^\x00-\x7f])\s*\n\s*")
_SPACE = re.compile(r"[ \t\r\n\xa0]+")
HEADINGS = {"h2": 1, "h3": 2, "h4": 3, "h5": 4}
STRONG = {"strong", "b"}


@dataclass(frozen=True, slots=True)
class Run:
    text: str
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    text: str
    head: bool = False
    columns: int = 1
    rows: int = 1


@dataclass(frozen=True, slots=True)
class Block:
    """`kind`: heading (with `level` from 1), text, item (its number or • is in the text), table (its `cells`, row by row), rule."""

    kind: str
    runs: tuple[Run, ...] = ()
    level: int = 0
    align: str = ""
    cells: tuple[tuple[Cell, ...], ...] = field(default_factory=tuple)

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)


def blocks(body: str) -> list[Block]:
    """In reading order. Pictures have no words on paper and stand as their alternative text."""
    if not body.strip():
        return []
    root = html.fragment_fromstring(body, create_parent="div")
    return [block for block in _of(root) if block.kind in ("table", "rule") or block.text.strip()]


def _of(element: Any) -> Iterator[Block]:
    if element.text and element.text.strip():
        yield Block("text", (Run(_plain(element.text)),))
    for child in element:
        if isinstance(child.tag, str):
            yield from _block(child)
        if child.tail and child.tail.strip():
            yield Block("text", (Run(_plain(child.tail)),))


def _block(element: Any) -> Iterator[Block]:
    tag = element.tag
    if tag in HEADINGS:
        yield Block("heading", tuple(_runs(element)), HEADINGS[tag])
    elif tag in ("p", "dt", "dd", "caption"):
        classes = (element.get("class") or "").split()
        align = next((name for name in ("center", "right") if name in classes), "")
        for runs in _lines(element):
            yield Block("text", runs, align=align)
    elif tag in ("ul", "ol"):
        yield from _items(element, 0)
    elif tag == "table":
        yield Block("table", cells=_cells(element))
    elif tag == "hr":
        yield Block("rule")
    elif tag in ("blockquote", "dl", "div"):
        yield from _of(element)
    else:
        yield Block("text", tuple(_runs(element)))


def _items(element: Any, depth: int) -> Iterator[Block]:
    start = int(element.get("start") or 1)
    items = [child for child in element if child.tag == "li"]
    for n, item in enumerate(items, start):
        mark = f"{n}. " if element.tag == "ol" else "• "
        nested = [child for child in item if child.tag in ("ul", "ol", "table")]
        yield Block("item", (Run(mark), *_runs(item, skip=nested)), depth)
        for child in nested:
            yield from _items(child, depth + 1) if child.tag != "table" else _block(child)


def _lines(element: Any) -> Iterator[tuple[Run, ...]]:
    """The runs of a paragraph, cut where it breaks a line."""
    line: list[Run] = []
    for run in _runs(element):
        first, *rest = run.text.split("\n")
        line.append(Run(first, run.bold))
        for part in rest:
            yield tuple(line)
            line = [Run(part, run.bold)]
    yield tuple(line)


def _runs(element: Any, bold: bool = False, skip: list[Any] | None = None) -> Iterator[Run]:
    bold = bold or element.tag in STRONG
    if element.text:
        yield Run(_plain(element.text), bold)
    for child in element:
        if child.tag == "br":
            yield Run("\n", bold)
        elif child.tag == "img":
            yield Run(f"〔图：{child.get('alt') or '无说明'}〕", bold)
        elif isinstance(child.tag, str) and not (skip and child in skip):
            yield from _runs(child, bold)
        if child.tail:
            yield Run(_plain(child.tail), bold)


def _cells(table: Any) -> tuple[tuple[Cell, ...], ...]:
    rows = []
    for row in table.iter("tr"):
        cells = [child for child in row if child.tag in ("td", "th")]
        rows.append(tuple(Cell(_words(cell), cell.tag == "th", _span(cell, "colspan"), _span(cell, "rowspan")) for cell in cells))
    return tuple(row for row in rows if row)


def _words(cell: Any) -> str:
    return "\n".join(" ".join(line.split()) for line in "".join(run.text for run in _runs(cell)).split("\n")).strip()


def _span(cell: Any, name: str) -> int:
    value = cell.get(name) or "1"
    return max(1, min(int(value), 100)) if value.isdigit() else 1


def _plain(text: str) -> str:
    """White space as a browser shows it: a line break in the source is none between Chinese characters, and one space elsewhere."""
    return _SPACE.sub(" ", _BREAK.sub("", text))
