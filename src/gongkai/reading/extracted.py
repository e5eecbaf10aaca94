"""What a file reader hands to the compiler: one string, and where its tables lie in it."""

from __future__ import annotations

from dataclasses import dataclass, field

from gongkai.reading.model import Span


@dataclass(frozen=True, slots=True)
class Cell:
    """A table cell as a span of `Extracted.text`. A cell that spans rows or columns is repeated, the same object, in each place."""

    start: int
    end: int


@dataclass(slots=True)
class Grid:
    """A table whose cells the file itself marks (docx, html). Rows are equally long; a missing cell is None."""

    start: int
    end: int
    rows: list[list[Cell | None]]


@dataclass(slots=True)
class Extracted:
    """The text of one document, before any cleaning; every span in the output counts characters of `text`.

    Paragraphs end in "\\n". Table cells stand one a line, rows in order, inside the grid's [start, end); automatic numbering of docx
    is written out; footnotes stand at the end of `text` inside `apart`, which the compiler does not read for tasks.
    """

    name: str
    text: str
    grids: list[Grid] = field(default_factory=list)
    apart: list[Span] = field(default_factory=list)
    kind: str = "txt"
