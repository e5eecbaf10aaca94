"""A table row as a candidate task: its cells name who answers, by when, through which channel."""

from __future__ import annotations

import re

from gongkai.reading.brackets import find_brackets
from gongkai.reading.cleaning import Cleaned, tidy
from gongkai.reading.entry import Entry, Heading
from gongkai.reading.lexicon import Zone
from gongkai.reading.model import Span
from gongkai.reading.statement import Role, Statement
from gongkai.reading.statements import read_statement
from gongkai.reading.tables import Row

_OWN_NUMBER = re.compile(r"(?:\(?[0-9]{1,2}\)|[0-9]{1,2}[.、](?![0-9])|\([一二三四五六七八九十]+\)|[一二三四五六七八九十]+、)\s*")
_COLUMN_ROLE: dict[str, Role] = {"lead": "lead", "support": "support"}


def row_entry(doc: Cleaned, row: Row, headings: list[Heading], path: list[str], zone: Zone, first_leads: bool) -> Entry:
    """One row. A bracket that closes the task's cell is the statement where no column of units says anything."""
    flat = doc.flat
    statement = _answers(doc, row, first_leads)
    statement.timing += [_trim(flat, c) for c in row.cells.get("timing", [])]
    statement.channel += [_trim(flat, c) for c in row.cells.get("channel", [])]
    task = row.cells["task"]
    start, end = _trim(flat, (task[0][0], task[-1][1]))
    if number := _OWN_NUMBER.match(flat, start, end):
        start = number.end()
    brackets = list(find_brackets(flat, start, end))
    if brackets and not (statement.lead or statement.responsible):
        statement.join(read_statement(flat, doc.text, brackets[-1][0] + 1, brackets[-1][1] - 1, first_leads=first_leads))
        end = brackets[-1][0]
    groups: list[str] = []
    for a, b in [*row.group, *row.cells.get("group", [])]:
        name = tidy(doc.text[a:b]).rstrip("。：:")
        if name and name not in groups:
            groups.append(name)
    return Entry(start, end, [*path, *groups], zone, statement, True, row=row, headings=headings)


def _answers(doc: Cleaned, row: Row, first_leads: bool) -> Statement:
    """Who answers by the columns. 配合/责任单位 helps in a row that has a lead and answers in one that has none."""
    statement = Statement(row.start, row.end)
    for column in ("lead", "responsible", "support", "all", "either"):
        for a, b in row.cells.get(column, []):
            said = read_statement(doc.flat, doc.text, a, b, _COLUMN_ROLE.get(column, "responsible"), first_leads)
            if column == "either" and not (said.lead or said.support):
                statement.add("support" if row.cells.get("lead") else "responsible", said.responsible)
                continue
            if column == "all" and not said.lead:
                said.lead, said.responsible = said.responsible[:1], said.responsible[1:]
            for role in ("lead", "responsible", "support"):
                statement.add(role, getattr(said, role))
            statement.joint = statement.joint or said.joint
            statement.timing += said.timing
    return statement


def _trim(flat: str, cell: Span) -> Span:
    a, b = cell
    while a < b and flat[a] in " \n|":
        a += 1
    while b > a and flat[b - 1] in " \n|":
        b -= 1
    return a, b
