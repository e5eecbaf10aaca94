"""The three tables as they are printed: rows of cells with their spans, headings and places. Both writers, and any page, draw from this."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from gongkai.formats.annual_report.layout import CASES, TABLE_WORDS, Layout, TableName
from gongkai.formats.annual_report.model import Report

TABLE_SECTIONS: dict[str, TableName] = {"2": "two", "3": "three", "4": "four"}
"""Section → the table in it."""
_LABELS = 3
"""Columns that the row labels of table three take."""


@dataclass(slots=True)
class Printed:
    """One cell. `place` is (row, column) for a number. `id` and `headers` tie a number to all its headings, for who hears the table."""

    text: str
    rows: int = 1
    columns: int = 1
    heading: bool = False
    place: tuple[str, str] | None = None
    id: str = ""
    headers: tuple[str, ...] = ()


@dataclass(slots=True)
class PrintedTable:
    """`widths` are shares of the width, one for each grid column; the first `head` rows repeat on every page."""

    name: TableName
    caption: str
    widths: tuple[int, ...]
    head: int
    rows: list[list[Printed]] = field(default_factory=list)

    def placed(self) -> Iterator[list[tuple[Printed, int, bool]]]:
        """Each row as (cell, grid column, whether it begins here), cells spanning from above included."""
        open_: dict[int, tuple[Printed, int]] = {}
        for row in self.rows:
            line: list[tuple[Printed, int, bool]] = []
            at, cells = 0, iter(row)
            while at < len(self.widths):
                if at in open_:
                    cell, left = open_.pop(at)
                    line.append((cell, at, False))
                else:
                    found = next(cells, None)
                    if found is None:
                        break
                    cell, left = found, found.rows
                    line.append((cell, at, True))
                if left > 1:
                    open_[at] = (cell, left - 1)
                at += cell.columns
            yield line


def printed(report: Report, name: TableName) -> PrintedTable:
    """One table of a report."""
    made = {"two": _two, "three": _three, "four": _four}[name](report.form)
    for row in made.rows:
        for cell in row:
            if cell.place is not None:
                value = report.table(name).get(cell.place)
                cell.text = value.written if value else ""
    return made


def caption(layout: Layout, name: TableName) -> str:
    section = next(int(key) for key, table in TABLE_SECTIONS.items() if table == name)
    return f"{TABLE_WORDS[name]}　{layout.sections[section - 1]}"


def _two(layout: Layout) -> PrintedTable:
    most = max(len(block.columns) for block in layout.two)
    table = PrintedTable("two", caption(layout, "two"), (34, *[22] * most), 0)
    for block in layout.two:
        title = Printed(block.title, columns=most + 1, heading=True, id=f"two-{block.code}")
        last = most - len(block.columns) + 1
        spans = [1] * (len(block.columns) - 1) + [last]
        table.rows.append([title])
        heads = [
            Printed(column.label, columns=span, heading=True, id=f"two-{block.code}-{column.code}")
            for column, span in zip(block.columns, spans, strict=True)
        ]
        table.rows.append([Printed("信息内容", heading=True, id=f"two-{block.code}-rows"), *heads])
        for row in block.rows:
            label = Printed(row.label, heading=True, id=f"two-{row.code}")
            numbers = [
                Printed("", columns=span, place=(row.code, column.code), headers=(title.id, head.id, label.id))
                for column, head, span in zip(block.columns, heads, spans, strict=True)
            ]
            table.rows.append([label, *numbers])
    return table


def _three(layout: Layout) -> PrintedTable:
    columns = layout.three_columns
    table = PrintedTable("three", caption(layout, "three"), (8, 12, 24, *[8] * len(columns)), 3)
    top = Printed("申请人情况", columns=len(columns), heading=True, id="three-applicants")
    table.rows.append([Printed(layout.carry_note, rows=3, columns=_LABELS, heading=True, id="three-note"), top])
    second: list[Printed] = []
    third: list[Printed] = []
    heads: dict[str, tuple[str, ...]] = {}
    for column in columns:
        head = Printed(column.label, rows=1 if column.group else 2, heading=True, id=f"three-{column.code}")
        heads[column.code] = (top.id, head.id)
        if not column.group:
            second.append(head)
            continue
        if not second or second[-1].text != column.group:
            second.append(Printed(column.group, columns=0, heading=True, id=f"three-group{len(second)}"))
        second[-1].columns += 1
        heads[column.code] = (top.id, second[-1].id, head.id)
        third.append(head)
    table.rows += [second, third]
    children: dict[str, int] = {}
    for row in layout.three_rows:
        if row.kind != "heading":
            parent = row.parent
            while parent:
                children[parent] = children.get(parent, 0) + 1
                parent = next((one.parent for one in layout.three_rows if one.code == parent), "")
    waiting: list[Printed] = []
    above: dict[str, tuple[str, ...]] = {"": ()}
    for row in layout.three_rows:
        depth = len(above[row.parent])
        cell = Printed(row.label, rows=children.get(row.code, 1), heading=True, id=f"three-row{row.code}")
        above[row.code] = (*above[row.parent], cell.id)
        if row.kind == "heading":
            waiting.append(cell)
            continue
        cell.columns = _LABELS - depth
        numbers = [Printed("", place=(row.code, column.code), headers=(*above[row.code], *heads[column.code])) for column in columns]
        table.rows.append([*waiting, cell, *numbers])
        waiting = []
    return table


def _four(layout: Layout) -> PrintedTable:
    results = layout.four_results
    table = PrintedTable("four", caption(layout, "four"), tuple([1] * len(results) * len(layout.four_groups)), 3)
    first: list[Printed] = []
    second: list[Printed] = []
    third: list[Printed] = []
    numbers: list[Printed] = []
    for group in layout.four_groups:
        head = Printed(group.label, columns=len(results), heading=True, id=f"four-{group.code}")
        over: tuple[str, ...] = ()
        if not group.group:
            first.append(head)
        else:
            if not first or first[-1].text != group.group:
                first.append(Printed(group.group, columns=0, heading=True, id=f"four-over{len(first)}"))
            first[-1].columns += len(results)
            second.append(head)
            over = (first[-1].id,)
        for result in results:
            # Where no heading stands between, the results of a group begin a row higher.
            one = Printed(result.label, rows=1 if group.group else 2, heading=True, id=f"four-{group.code}-{result.code}")
            (third if group.group else second).append(one)
            numbers.append(Printed("", place=(CASES, f"{group.code}.{result.code}"), headers=(*over, head.id, one.id)))
    table.rows = [first, second, third, numbers]
    return table
