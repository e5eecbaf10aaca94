"""Candidate tasks, and the headings they stand under."""

from __future__ import annotations

from dataclasses import dataclass, field

from gongkai.reading.lexicon import Zone
from gongkai.reading.statement import Statement
from gongkai.reading.tables import Row


@dataclass(slots=True)
class Heading:
    """A heading in force at [start, end). `text` is the printed label with its number; empty when the number has no title."""

    rank: int
    text: str
    zone: Zone
    start: int
    end: int
    bare: bool = True
    """False for the run-in title of an item that has text of its own."""
    body: int = 0
    """Where its words begin, after its number."""
    answered: bool = False
    """The item of this title has been given its own statement: what follows it unnumbered is another task."""
    statement: Statement | None = None
    """一、深化改革（市发改委牵头）: what the heading says holds for the items below that say nothing."""


@dataclass(slots=True)
class Entry:
    """[start, end) is the text of a candidate task, its number left out. `item`: it is a numbered item, not a bare paragraph."""

    start: int
    end: int
    path: list[str]
    zone: Zone
    statement: Statement | None = None
    item: bool = False
    closing: bool = False
    """It calls on everybody to carry the plan out and belongs to no item."""
    preamble: bool = False
    """It stands before the first number: salutation, grounds, requests of the notice."""
    row: Row | None = None
    headings: list[Heading] = field(default_factory=list)
    trailing: bool = False
    """It follows the last statement inside its block."""

    @property
    def from_heading(self) -> Statement | None:
        return next((h.statement for h in reversed(self.headings) if h.statement is not None), None)
