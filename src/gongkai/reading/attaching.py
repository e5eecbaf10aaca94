"""Statements on a line of their own: which of the paragraphs before them they belong to."""

from __future__ import annotations

from gongkai.reading.entry import Entry
from gongkai.reading.parts import Parts
from gongkai.reading.statement import Statement


def continues_item(entries: list[Entry], parts: Parts) -> bool:
    """A paragraph with a statement right after a numbered item that has text but none: they are one item of several paragraphs."""
    title = parts.last
    if not entries or title is None or title.bare:
        return False
    last = entries[-1]
    return last.statement is None and last.row is None and bool(last.headings) and last.headings[-1] is title


def merge_into_item(entries: list[Entry], entry: Entry) -> None:
    """The item's paragraphs so far and `entry`, which ends it, become one."""
    first = entries.pop()
    while entries and entries[-1].statement is None and entries[-1].headings and entries[-1].headings[-1] is entry.headings[-1]:
        first = entries.pop()
    first.end, first.statement = entry.end, entry.statement
    first.headings[-1].answered = True
    entries.append(first)


def attach(flat: str, entries: list[Entry], parts: Parts, statement: Statement) -> None:
    """To what stands before it since the last statement, under the same heading: one item, or several that are one task then."""
    bare = parts.last_bare
    tail: list[Entry] = []
    while entries and (last := entries[-1]).statement is None and last.row is None:
        if bare is not None and not any(h is bare for h in last.headings):
            break
        tail.append(entries.pop())
    tail.reverse()
    if any(e.item for e in tail):
        tail = [e for e in tail if e.item or not e.preamble]
    if not tail:
        _attach_to_nothing(flat, entries, parts, statement)
        return
    items = [e for e in tail if e.item]
    if len(tail) == 1 or (len(items) == 1 and items[0] is tail[0]):
        tail[0].end, tail[0].statement = tail[-1].end, statement
        if tail[0].item and tail[0].headings and not tail[0].headings[-1].bare:
            tail[0].headings[-1].answered = True
        entries.append(tail[0])
        return
    path = [h.text for h in tail[0].headings if h.bare and h.text]
    entries.append(Entry(tail[0].start, tail[-1].end, path, tail[0].zone, statement, headings=tail[0].headings))


def _attach_to_nothing(flat: str, entries: list[Entry], parts: Parts, statement: Statement) -> None:
    """It goes on with the statement right before it, or is that of a heading that is all the task's text."""
    last = entries[-1] if entries else None
    heading = parts.last if parts.last and parts.last.bare else None
    if last is not None and last.statement is not None and last.row is None and (heading is None or last.start > heading.start):
        gap = flat[max(last.end, last.statement.end) : statement.start]
        if not gap.strip(" \n。;()[]|"):
            last.statement.join(statement)
            return
    if heading is not None:
        above = parts.headings[:-1]
        path = [h.text for h in above if h.text]
        entries.append(Entry(heading.body, heading.end, path, parts.zone, statement, True, headings=above))
