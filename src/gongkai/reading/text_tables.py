"""Tables that survive in plain text only as bars, or as cells one a line, or run together without a mark.

Forms read: `| a | b |`, one cell a line closed by a bar, a whole row a line with blanks between, one cell a line, and cells run
together: number, task up to its full stop, units, date.
"""

from __future__ import annotations

import re

from gongkai.reading.cleaning import Cleaned
from gongkai.reading.columns import column_role, header_roles
from gongkai.reading.loose_tables import cells_on_lines
from gongkai.reading.tables import CellSpan, Table, read_rows, words

_HEADER_HINT = re.compile(
    r"(?:牵头|责任|主办|负责|承办|落实|配合|实施|公开)(?:单位|部门|科室|处室|股室|主体|分工)|时限|完成时间|时间(?:进度|要求|节点)|进度安排"
)


def from_text(doc: Cleaned) -> list[Table]:
    """Task tables that plain text still shows, in order."""
    if _HEADER_HINT.search(doc.flat) is None:
        return []
    tables: list[Table] = []
    if "\t" in doc.text:
        tables += _tabbed_lines(doc)
    if "|" in doc.flat:
        tables += _barred_lines(doc)
        tables += _cells_closed_by_bars(doc, tables)
    if not tables:
        tables += cells_on_lines(doc)
    return sorted(tables, key=lambda t: t.start)


_BAR_LINE = re.compile(r"^[^|\n]*(?:\|[^|\n]*){2,}$", re.M)


def _split_bars(doc: Cleaned, start: int, end: int) -> list[CellSpan | None]:
    a, b = start, end
    while a < b and doc.flat[a] == " ":
        a += 1
    while b > a and doc.flat[b - 1] == " ":
        b -= 1
    if doc.flat[a] == "|":
        a += 1
    if doc.flat[b - 1] == "|" and b > a:
        b -= 1
    cells: list[CellSpan | None] = []
    at = a
    for i in range(a, b + 1):
        if i == b or doc.flat[i] == "|":
            cells.append((at, i))
            at = i + 1
    return cells


def _barred_lines(doc: Cleaned) -> list[Table]:
    """`| a | b | c |`, one row a line. Lines between rows that hold no bar and no sentence belong to the cell before them."""
    runs: list[list[tuple[int, int]]] = []
    for match in _BAR_LINE.finditer(doc.flat):
        if set(match.group()) <= set("|-+: ="):
            continue
        gap = doc.flat[runs[-1][-1][1] : match.start()] if runs else ""
        if runs and not re.sub(r"[|\-+:=\s]", "", gap):
            runs[-1].append(match.span())
        else:
            runs.append([match.span()])
    tables = []
    for run in runs:
        if len(run) >= 2:
            rows = [_split_bars(doc, a, b) for a, b in run]
            width = max(len(r) for r in rows)
            table = read_rows(doc, [r + [None] * (width - len(r)) for r in rows], run[0][0], run[-1][1])
            if table:
                tables.append(table)
    return tables


_TAB_LINE = re.compile(r"^[^\t\n]*(?:\t[^\t\n]*){2,}$", re.M)


def _tabbed_lines(doc: Cleaned) -> list[Table]:
    """Rows as a spreadsheet leaves them when it is pasted: cells parted by tabs, which only `text` still shows."""
    runs: list[list[list[CellSpan | None]]] = []
    end = -2
    for match in _TAB_LINE.finditer(doc.text):
        at, cells = match.start(), []
        for tab in [*(m.start() for m in re.finditer("\t", match.group())), len(match.group())]:
            cells.append((at, match.start() + tab))
            at = match.start() + tab + 1
        if doc.text[max(end, 0) : match.start()].strip() or not runs:
            runs.append([])
        runs[-1].append(list(cells))
        end = match.end()
    tables = []
    for rows in runs:
        width = max(len(r) for r in rows)
        first, last = rows[0][0], rows[-1][-1]
        assert first is not None and last is not None
        table = read_rows(doc, [r + [None] * (width - len(r)) for r in rows], first[0], last[1])
        if table:
            tables.append(table)
    return tables


def _cells_closed_by_bars(doc: Cleaned, known: list[Table]) -> list[Table]:
    """One cell a line, each closed by a bar; the header's length is the width of the table."""
    flat = doc.flat
    bars = [m.start() for m in re.finditer(r"\|", flat)]
    if known:
        bars = [b for b in bars if not any(t.start <= b < t.end for t in known)]
    tables: list[Table] = []
    i = 0
    while i < len(bars):
        names, j, at = _closed_header(flat, bars, i)
        if len(names) < 3 or header_roles([flat[a:b] for a, b in names]) is None:
            i = max(j, i + 1)
            continue
        width, start = len(names), names[0][0]
        cells: list[CellSpan] = []
        while j < len(bars) and bars[j] - at < 8000:
            if len(cells) % width == 0 and re.search(r"\n\s*[一二三四五六七八九十]+、[^\n]{2,30}\n", flat[at : bars[j]]):
                break
            cells.append((at, bars[j]))
            at = bars[j] + 1
            j += 1
        rows: list[list[CellSpan | None]] = [list(names), *_rows_of(doc, cells, width)]
        table = read_rows(doc, rows, start, cells[-1][1] + 1 if cells else at)
        if table:
            tables.append(table)
        i = max(j, i + 1)
    return tables


def _closed_header(flat: str, bars: list[int], i: int) -> tuple[list[CellSpan], int, int]:
    """The headings that follow each other from bar i on: their spans, the bar after them, where the first cell begins."""
    names: list[CellSpan] = []
    at = flat.rfind("\n", 0, bars[i]) + 1
    if not flat[at : bars[i]].strip() and at > 0:  # the bar stands on a line of its own, below its cell
        at = flat.rfind("\n", 0, at - 1) + 1
    while i < len(bars) and bars[i] - at < 60 and column_role(flat[at : bars[i]]) is not None:
        names.append((at, bars[i]))
        at = bars[i] + 1
        i += 1
    return names, i, at


def _rows_of(doc: Cleaned, cells: list[CellSpan], width: int) -> list[list[CellSpan | None]]:
    """Cells in a row of the header's width; with running numbers, a row begins at its number and what stands before it alone is a group."""
    serials = [k for k, c in enumerate(cells) if re.fullmatch(r"[0-9]{1,3}", words(doc, c))]
    numbered = [k for n, k in enumerate(serials) if int(words(doc, cells[k])) == n + 1]
    if len(numbered) < 2 or len(numbered) != len(serials):
        return [list(cells[k : k + width]) for k in range(0, len(cells) - width + 1, width)]
    rows: list[list[CellSpan | None]] = [[c, *[None] * (width - 1)] for c in cells[: numbered[0]] if words(doc, c)]
    for k, following in zip(numbered, [*numbered[1:], len(cells)], strict=True):
        row = list(cells[k:following])
        rows.append([*row[:width], *[None] * (width - len(row))])
        rows += [[c, *[None] * (width - 1)] for c in row[width:] if words(doc, c)]
    return rows
