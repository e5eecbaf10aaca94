"""Task tables: rows of cells under a header that names a task column and somebody who answers, or a time.

Grids that the file itself marks are read here; tables that plain text still shows are found in `text_tables` and end here too.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field

from gongkai.reading.cleaning import Cleaned
from gongkai.reading.columns import INHERITED, align, column_role, header_roles
from gongkai.reading.extracted import Grid

CellSpan = tuple[int, int]
Placed = list[CellSpan | None]
"""The cells of one row in the order of the columns; None where the row has none."""


@dataclass(slots=True)
class Row:
    """One row under a header: role → spans of the clean text. `group`: headings from rows that only name a group."""

    start: int
    end: int
    cells: dict[str, list[CellSpan]]
    group: list[CellSpan] = field(default_factory=list)
    placed: Placed = field(default_factory=list)


@dataclass(slots=True)
class Table:
    """[start, end) of the clean text and the rows in it."""

    start: int
    end: int
    rows: list[Row]


def from_grids(doc: Cleaned, grids: list[Grid]) -> list[Table]:
    """Task tables among the grids of a file. Grid spans count raw characters."""
    tables = []
    for grid in grids:
        rows = [[_clean_span(doc, c.start, c.end) if c else None for c in row] for row in grid.rows]
        table = read_rows(doc, rows, *_clean_span(doc, grid.start, grid.end))
        if table is not None:
            tables.append(table)
    return tables


def _clean_span(doc: Cleaned, start: int, end: int) -> CellSpan:
    return bisect_left(doc.origin, start), bisect_left(doc.origin, end)


def words(doc: Cleaned, cell: CellSpan | None) -> str:
    """What stands in a cell, trimmed."""
    return doc.flat[cell[0] : cell[1]].strip() if cell else ""


def read_rows(doc: Cleaned, rows: list[list[CellSpan | None]], start: int, end: int) -> Table | None:
    """Rows of cells under the first row that is a header (also one of two lines: 责任单位 over 牵头 | 配合)."""
    roles: list[str] | None = None
    out: list[Row] = []
    group: list[CellSpan] = []
    above: Placed = []
    merged_header = -1
    for i, row in enumerate(rows):
        names = [words(doc, c) for c in row]
        distinct = {c for c in row if c and words(doc, c)}
        if roles is None:
            roles = header_roles(names)
            if roles is None and len(distinct) == 1 and len(words(doc, next(iter(distinct)))) <= 40:
                group = list(distinct)
            elif roles is None and i + 1 < len(rows) and len(rows[i + 1]) == len(row):
                below = [words(doc, b) or a for a, b in zip(names, rows[i + 1], strict=True)]
                if header_roles(below) and all(column_role(n) is not None for n in below):
                    roles, merged_header = header_roles(below), i + 1
            continue
        if i == merged_header or not any(names) or header_roles(names):
            continue  # the header's second line, or a header repeated on a new page
        if all(column_role(n) is not None for n in names if n):
            continue
        if len(distinct) == 1:
            group, above = list(distinct), []
            continue
        read = make_row(doc, _placed(doc, row, roles), roles, group, above)
        if read is not None:
            out.append(read)
            above = read.placed
    return Table(start, end, out) if roles and out else None


def make_row(doc: Cleaned, placed: Placed, roles: list[str], group: list[CellSpan], above: Placed) -> Row | None:
    """One row from its cells in the order of the columns; None where a cell spanned from above left nothing.

    An empty cell in a column of groups stands for the group above it, as long as no group to its left is new. None when there is no task.
    """
    full: Placed = []
    new_group = False
    for j, role in enumerate(roles):
        cell = placed[j] if j < len(placed) else None
        lost = cell is None if role != "group" else not words(doc, cell) and not new_group
        if lost and role in INHERITED and j < len(above):
            cell = above[j]
        elif role == "group" and words(doc, cell):
            new_group = True
        full.append(cell)
    cells: dict[str, list[CellSpan]] = {}
    for cell, role in zip(full, roles, strict=True):
        if cell is not None and words(doc, cell) and not (role == "group" and words(doc, cell).isdigit()):
            have = cells.setdefault(role, [])
            if cell not in have:
                have.append(cell)
    if "task" not in cells or not re.search(r"[\u4e00-\u9fff]", words(doc, cells["task"][0])):
        return None
    own = [c for c, role in zip(placed, roles, strict=False) if c and role != "group" and words(doc, c) and c not in above] or cells["task"]
    return Row(min(a for a, _ in own), max(b for _, b in own), cells, list(group), full)


def _placed(doc: Cleaned, row: Placed, roles: list[str]) -> Placed:
    """The row's cells under their columns; a row that lost cells is shifted to where they look right."""
    given = row[: len(roles)] if len(row) > len(roles) else row
    while given and given[-1] is None:
        given = given[:-1]
    if any(c is None for c in given):
        return row
    places = align([words(doc, c) for c in given], roles)
    if places is None:
        return row
    return [given[k] if k is not None and k < len(given) else None for k in places]
