"""Tables from the lines drawn around their cells: what a page of a pdf or an ofd shows where other formats mark a table."""

from __future__ import annotations

import bisect
from collections.abc import Iterable
from dataclasses import dataclass, field

from gongkai.reading.files.blocks import Table, TableCell
from gongkai.reading.files.lines import Line, Page, joined_in_cell

MAX_DRAWN = 20_000
"""Straight edges looked at on a page; a drawing with more is a picture."""
MAX_RULES = 400
"""Rules left on a page once collinear pieces are put together."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight edge: at `at` on one axis, from `start` to `end` on the other."""

    at: float
    start: float
    end: float


@dataclass(slots=True)
class Rules:
    """The rules of a page, upright and measured like its lines. `slack` is how far apart two drawn edges count as one."""

    slack: float
    vertical: list[Rule] = field(default_factory=list)
    horizontal: list[Rule] = field(default_factory=list)

    @classmethod
    def drawn(cls, edges: Iterable[tuple[float, float, float, float]], page_width: float) -> Rules:
        """From straight edges (x0, y0, x1, y1); slanted ones and specks are left out."""
        rules = cls(slack=page_width * 0.005)
        for count, (x0, y0, x1, y1) in enumerate(edges):
            if count > MAX_DRAWN:
                return cls(slack=rules.slack)
            if abs(x0 - x1) <= rules.slack < abs(y0 - y1):
                rules.vertical.append(Rule((x0 + x1) / 2, min(y0, y1), max(y0, y1)))
            elif abs(y0 - y1) <= rules.slack < abs(x0 - x1):
                rules.horizontal.append(Rule((y0 + y1) / 2, min(x0, x1), max(x0, x1)))
        rules.vertical = _together(rules.vertical, rules.slack)
        rules.horizontal = _together(rules.horizontal, rules.slack)
        return rules if len(rules.vertical) + len(rules.horizontal) <= MAX_RULES else cls(slack=rules.slack)

    def between(self, left: float, right: float, top: float, bottom: float) -> float | None:
        """Where a vertical rule parts what ends at `left` from what begins at `right` on a line from `top` to `bottom`."""
        middle = (top + bottom) / 2
        at = bisect.bisect_left(self.vertical, left, key=lambda rule: rule.at)
        for rule in self.vertical[at:]:
            if rule.at > right:
                break
            if rule.start <= middle <= rule.end:
                return rule.at
        return None


def put_tables(page: Page, rules: Rules) -> None:
    """Replaces the lines inside each ruled table by one line that carries the table, where the first of them stood."""
    for rows, columns, vertical, horizontal in _frames(rules):
        inside: dict[int, tuple[int, int]] = {}
        for index, line in enumerate(page.lines):
            x, y = (line.left + line.right) / 2, (line.top + line.bottom) / 2
            row, column = bisect.bisect(rows, y) - 1, bisect.bisect(columns, x) - 1
            if 0 <= row < len(rows) - 1 and 0 <= column < len(columns) - 1 and line.table is None:
                inside[index] = (row, column)
        if len(set(inside.values())) < 2:
            continue
        table = _table(page, inside, rows, columns, vertical, horizontal)
        first = min(inside)
        mark = Line("", columns[0], columns[-1], rows[0], rows[-1], page.lines[first].size, table)
        page.lines = [mark if index == first else line for index, line in enumerate(page.lines) if index == first or index not in inside]


def _frames(rules: Rules) -> Iterable[tuple[list[float], list[float], list[Rule], list[Rule]]]:
    """(row edges, column edges, vertical rules, horizontal rules) for each group of rules that touch, two columns at least."""
    slack = rules.slack
    everything = [(rule, True) for rule in rules.vertical] + [(rule, False) for rule in rules.horizontal]
    group = list(range(len(everything)))

    def root(index: int) -> int:
        while group[index] != index:
            group[index] = group[group[index]]
            index = group[index]
        return index

    for one, down in enumerate(rules.vertical):
        for other, across in enumerate(rules.horizontal, len(rules.vertical)):
            touches = across.start - slack <= down.at <= across.end + slack and down.start - slack <= across.at <= down.end + slack
            if touches:
                group[root(one)] = root(other)
    groups: dict[int, tuple[list[Rule], list[Rule]]] = {}
    for index, (rule, is_vertical) in enumerate(everything):
        groups.setdefault(root(index), ([], []))[0 if is_vertical else 1].append(rule)
    for vertical, horizontal in groups.values():
        columns, rows = _edges(vertical, slack), _edges(horizontal, slack)
        if len(columns) >= 3 and len(rows) >= 2:
            yield rows, columns, vertical, horizontal


def _table(
    page: Page, inside: dict[int, tuple[int, int]], rows: list[float], columns: list[float], vertical: list[Rule], horizontal: list[Rule]
) -> Table:
    """A place belongs to the cell beside or above it unless a rule is drawn between the two."""
    cells: list[list[TableCell]] = []
    for row in range(len(rows) - 1):
        middle_y = (rows[row] + rows[row + 1]) / 2
        line: list[TableCell] = []
        for column in range(len(columns) - 1):
            middle_x = (columns[column] + columns[column + 1]) / 2
            if column and not _parted(vertical, columns[column], middle_y, columns):
                line.append(line[-1])
            elif row and not _parted(horizontal, rows[row], middle_x, rows):
                line.append(cells[-1][column])
            else:
                line.append(TableCell())
        cells.append(line)
    held: dict[int, list[Line]] = {}
    for index, (row, column) in inside.items():
        held.setdefault(id(cells[row][column]), []).append(page.lines[index])
    for line in cells:
        for cell in line:
            cell.blocks = list(joined_in_cell(held.get(id(cell), [])))
    return Table([list(line) for line in cells])


def _parted(rules: list[Rule], at: float, middle: float, edges: list[float]) -> bool:
    slack = min((after - before for before, after in zip(edges, edges[1:], strict=False)), default=0.0) / 2
    return any(abs(rule.at - at) <= slack and rule.start <= middle <= rule.end for rule in rules)


def _together(rules: list[Rule], slack: float) -> list[Rule]:
    """Collinear pieces that touch become one rule: borders are often drawn cell by cell, and twice."""
    levels: list[list[Rule]] = []
    for rule in sorted(rules, key=lambda rule: rule.at):
        if levels and rule.at - levels[-1][0].at <= slack:
            levels[-1].append(rule)
        else:
            levels.append([rule])
    merged: list[Rule] = []
    for level in levels:
        at = level[0].at
        level.sort(key=lambda rule: rule.start)
        start, end = level[0].start, level[0].end
        for rule in level[1:]:
            if rule.start > end + slack:
                merged.append(Rule(at, start, end))
                start, end = rule.start, rule.end
            end = max(end, rule.end)
        merged.append(Rule(at, start, end))
    return merged


def _edges(rules: list[Rule], slack: float) -> list[float]:
    edges: list[float] = []
    for at in sorted(rule.at for rule in rules):
        if not edges or at - edges[-1] > slack:
            edges.append(at)
    return edges
