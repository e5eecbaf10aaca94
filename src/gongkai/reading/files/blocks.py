"""Paragraphs and tables into one string and its grids: the last step of every reader whose file marks its tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from gongkai.reading.errors import ReadingError
from gongkai.reading.extracted import Cell, Extracted, Grid
from gongkai.reading.files import limits
from gongkai.reading.model import Span


@dataclass(slots=True, eq=False)
class TableCell:
    """What stands in a cell, blocks in order."""

    blocks: list[Block] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Table:
    """Rows with spans written out: a cell that spans is the same object in each place, a place without a cell is None."""

    rows: list[list[TableCell | None]] = field(default_factory=list)


Block = str | Table


def assemble(name: str, kind: str, blocks: Iterable[Block], apart: Iterable[Block] = ()) -> Extracted:
    """One document from its blocks; `apart` (notes) goes to the end of the text. Raises ReadingError when empty or too long."""
    writer = _Writer(name)
    for block in blocks:
        writer.block(block)
    body = writer.length
    for block in apart:
        writer.block(block)
    text = "".join(writer.parts)
    if not text.strip():
        raise no_text(name)
    notes: list[Span] = [(body, writer.length)] if writer.length > body else []
    return Extracted(name=name, text=text, grids=writer.grids, apart=notes, kind=kind)


def no_text(name: str) -> ReadingError:
    return ReadingError(name, "文件里没有文字", "请确认选对了文件；若内容是图片，请先做文字识别")


def check_length(characters: int, name: str) -> None:
    """Raises ReadingError once a document has given more text than is read."""
    if characters > limits.TEXT_CHARS:
        raise ReadingError(name, f"文字超过 {limits.TEXT_CHARS // 10_000} 万字", "请把文件拆成几份再试")


def lines_of(blocks: Iterable[Block]) -> Iterator[str]:
    """Every line of text in the blocks, tables flattened row by row, each spanning cell once."""
    for block in blocks:
        if isinstance(block, str):
            yield from block.split("\n")
        else:
            for cell in distinct_cells(block):
                yield from lines_of(cell.blocks)


def distinct_cells(table: Table) -> Iterator[TableCell]:
    seen: set[int] = set()
    for row in table.rows:
        for cell in row:
            if cell is not None and id(cell) not in seen:
                seen.add(id(cell))
                yield cell


def is_layout(table: Table) -> bool:
    """Whether a table arranges the page and does not relate things to each other.

    So is a table with one column of text, one whose text lies mostly in tables inside it, and one of few rows where a
    single cell holds nearly everything in many paragraphs (an article beside a narrow column).
    """
    if not table.rows or len(table.rows) * max(map(len, table.rows)) > limits.GRID_CELLS or not _relates(table):
        return True
    cells = list(distinct_cells(table))
    sizes = [_size(cell.blocks) for cell in cells]
    total = sum(sizes)
    nested = sum(_size([block]) for cell in cells for block in cell.blocks if isinstance(block, Table))
    if nested * 2 > total:
        return True
    largest = max(range(len(cells)), key=sizes.__getitem__)
    return len(table.rows) <= 3 and sizes[largest] >= 0.8 * total and sizes[largest] > 400 and len(cells[largest].blocks) >= 5


def _relates(table: Table) -> bool:
    return any(len({id(cell) for cell in row if cell is not None and _size(cell.blocks)}) > 1 for row in table.rows)


def _size(blocks: Iterable[Block]) -> int:
    total = 0
    for block in blocks:
        if isinstance(block, str):
            total += len(block.strip())
        else:
            total += sum(_size(cell.blocks) for cell in distinct_cells(block))
    return total


class _Writer:
    def __init__(self, name: str) -> None:
        self.name = name
        self.parts: list[str] = []
        self.length = 0
        self.grids: list[Grid] = []
        self._blank = True

    def block(self, block: Block) -> None:
        if isinstance(block, str):
            self._paragraph(block)
        elif is_layout(block):
            for cell in distinct_cells(block):
                for inner in cell.blocks:
                    self.block(inner)
        else:
            self._grid(block)

    def _paragraph(self, text: str) -> None:
        text = text.rstrip()
        # A run of blank paragraphs says no more than one.
        if text or not self._blank:
            self._line(text)
        self._blank = not text

    def _line(self, text: str) -> None:
        self.parts.append(text + "\n")
        self.length += len(text) + 1
        check_length(self.length, self.name)

    def _grid(self, table: Table) -> None:
        start = self.length
        written: dict[int, Cell] = {}
        for cell in distinct_cells(table):
            at = self.length
            self._line("\n".join(line.strip(" \t") for line in lines_of(cell.blocks) if line.strip()))
            written[id(cell)] = Cell(at, self.length - 1)
        width = max(len(row) for row in table.rows)
        rows: list[list[Cell | None]] = []
        for row in table.rows:
            cells = [written[id(cell)] if cell is not None else None for cell in row]
            rows.append(cells + [None] * (width - len(cells)))
        self.grids.append(Grid(start, self.length, rows))
        self._blank = True
