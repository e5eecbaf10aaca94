"""Printed lines back into paragraphs: for formats that know where characters stand and nothing else (pdf, ofd)."""

from __future__ import annotations

import re
import statistics
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from gongkai.reading.files import limits
from gongkai.reading.files.blocks import Block, Table

# What the first line of a numbered paragraph begins with. Strict, because a wrapped line may begin with any number.
NUMBERED = re.compile(
    r"第[一二三四五六七八九十百零\d]{1,5}[编章节条部分]|[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[)）]"
    r"|\d{1,2}[、．]|\d{1,2}\.(?!\d)|[（(]\d{1,2}[)）]|[①-⑳⑴-⒇]|附件[\d一二三四五六七八九十]{0,2}[：:]|附\s*[:：]|[•●■◆★]"
)
_UNFINISHED = tuple("、，,（(《〈“‘〔[—-：/")
_ENDED = tuple("。；：！？;:!?")
_PAGE_NUMBER = re.compile(r"[-—–－~·.\s]*\d{1,4}[-—–－~·.\s]*|第\s*\d{1,4}\s*页(?:\s*[,，/]?\s*共\s*\d{1,4}\s*页)?|\d{1,4}\s*/\s*\d{1,4}")
_CJK = re.compile(r"[\u2e80-\u9fff]")
_UNIT = re.compile(r"[（《“〔]?(?:[A-Za-z0-9.,%\-]{1,20}|.)[，。、；：！？）》”〕]?")
_LATIN = re.compile(r"[A-Za-z0-9]")


@dataclass(slots=True)
class Line:
    """One printed line (or one cell's part of it). Positions in one unit of any size, `top` and `bottom` measured downwards."""

    text: str
    left: float
    right: float
    top: float
    bottom: float
    size: float
    """Height of a character."""
    table: Table | None = None
    """A whole table that stands in this place; `text` is empty then."""


@dataclass(slots=True)
class Page:
    width: float
    height: float
    lines: list[Line] = field(default_factory=list)


def length_of(lines: list[Line]) -> int:
    """Characters, for the limit: a very short line costs as much memory as a longer one."""
    return sum(max(len(line.text), limits.LINE_CHARS) for line in lines)


@dataclass(slots=True)
class _Margins:
    left: float
    right: float


def paragraphs(pages: list[Page]) -> Iterator[Block]:
    """Paragraphs and tables in reading order, page numbers and running heads dropped. Prunes `pages` in place."""
    for page in pages:
        page.lines = [line for line in page.lines if line.table or line.text.strip()]
    _drop_page_numbers(pages)
    _drop_running_heads(pages)
    typical = _typical(pages)
    parts: list[str] = []
    before: Line | None = None
    held: Line | None = None
    before_margins = typical
    for page in pages:
        margins = _margins(page) or typical
        columns = _columns(page.lines)
        for index, line in enumerate(page.lines):
            if before is not None and (line.table or not _continues(before, line, before_margins, margins, columns, same_page=index > 0)):
                yield "".join(parts)
                parts = []
            if line.table is not None:
                if held is not None and index == 0 and _is_same_table(held, line, page):
                    _continue_table(held.table, line.table)
                else:
                    yield from _release(held)
                    held = line
                before = None
                continue
            yield from _release(held)
            held = None
            _append(parts, line.text)
            before, before_margins = line, margins
    if parts:
        yield "".join(parts)
    yield from _release(held)


def _release(held: Line | None) -> Iterator[Block]:
    if held is not None and held.table is not None:
        yield held.table


def _is_same_table(held: Line, line: Line, page: Page) -> bool:
    """Whether a table at the top of a page goes on with the one that ended the page before."""
    slack = 0.02 * page.width
    if abs(held.left - line.left) > slack or abs(held.right - line.right) > slack or held.table is None or line.table is None:
        return False
    return len(held.table.rows[0]) == len(line.table.rows[0])


def _continue_table(table: Table | None, more: Table | None) -> None:
    if table is not None and more is not None:
        rows = more.rows
        # Word repeats the heading row on every page.
        if [cell and cell.blocks for cell in rows[0]] == [cell and cell.blocks for cell in table.rows[0]]:
            rows = rows[1:]
        table.rows.extend(rows)


def _continues(before: Line, line: Line, before_margins: _Margins, margins: _Margins, columns: dict[int, float], same_page: bool) -> bool:
    text = line.text.lstrip()
    if abs(before.size - line.size) > 0.2 * max(before.size, line.size) and _CJK.search(before.text) and _CJK.search(line.text):
        return False  # a heading; lines without Chinese are left out, their size is measured another way
    if NUMBERED.match(text) and not before.text.endswith(_UNFINISHED):
        return False
    if same_page and line.top <= before.top:
        return False  # beside or above: the next cell or column
    if same_page and line.top - before.top > 2.6 * max(before.size, line.size):
        return False
    em = line.size
    if before.right + (_first_unit(text) + 0.6) * em >= before_margins.right:
        return line.left <= margins.left + 1.2 * em
    # Lines set ragged: a sentence that stops near the margin without an end goes on at the beginning of the next line.
    if before.right + 4 * em >= before_margins.right and not before.text.rstrip().endswith(_ENDED):
        return line.left <= margins.left + 0.5 * em
    # A cell in a column of its own: its lines begin below each other and break at the same place.
    if not same_page or abs(before.left - line.left) > 0.3 * em or line.left < margins.left + 3 * em:
        return False
    edge = columns.get(round(line.left / max(em, 0.1)), 0.0)
    return before.right >= edge - 1.1 * em and edge < margins.right - 3 * em and not before.text.endswith(("。", "；"))


def joined_in_cell(lines: list[Line]) -> Iterator[str]:
    """The paragraphs of one ruled cell, whose lines break where the cell ends."""
    parts: list[str] = []
    right = max((line.right for line in lines), default=0.0)
    before: Line | None = None
    for line in lines:
        text = line.text.strip()
        if before is not None and before.top < line.top:
            ended = before.text.rstrip().endswith(("。", "；", "！")) and before.right + (_first_unit(text) + 0.6) * line.size < right
            if ended or (NUMBERED.match(text) and not before.text.endswith(_UNFINISHED)):
                yield "".join(parts)
                parts = []
        _append(parts, text)
        before = line
    if parts:
        yield "".join(parts)


def _first_unit(text: str) -> float:
    """Width, in Chinese characters, of what a typesetter may not divide at the beginning of a line: a word, a number, a closing mark."""
    unit = _UNIT.match(text)
    return sum(0.5 if character.isascii() else 1.0 for character in unit[0]) if unit else 0.0


def _columns(lines: list[Line]) -> dict[int, float]:
    """For each left edge (in characters) at least three lines share: how far to the right they reach."""
    counts: Counter[int] = Counter()
    reach: dict[int, float] = {}
    for line in lines:
        if line.table is not None:
            continue
        key = round(line.left / max(line.size, 0.1))
        counts[key] += 1
        reach[key] = max(reach.get(key, 0.0), line.right)
    return {key: reach[key] for key, count in counts.items() if count >= 3}


def _append(parts: list[str], text: str) -> None:
    text = text.rstrip()
    if not parts:
        parts.append(text.strip(" \t"))
        return
    text = text.lstrip()
    # Chinese lines join without a space, words of Latin script need one.
    if parts[-1] and text and _LATIN.match(parts[-1][-1]) and text[0].isascii() and text[0].isalpha():
        parts.append(" ")
    parts.append(text)


def _margins(page: Page) -> _Margins | None:
    """Where full lines begin and end on this page; None when too few lines tell."""
    lines = [line for line in page.lines if line.table is None]
    widest = max((line.right - line.left for line in lines), default=0.0)
    full = [line for line in lines if line.right - line.left >= 0.75 * widest]
    if len(full) < 3 or widest < 0.5 * page.width:
        return None
    lefts = sorted(line.left for line in full)
    rights = sorted(line.right for line in full)
    return _Margins(lefts[len(lefts) // 10], rights[len(rights) * 3 // 4])


def _typical(pages: list[Page]) -> _Margins:
    known = [margins for page in pages if (margins := _margins(page))]
    if known:
        return _Margins(statistics.median(m.left for m in known), statistics.median(m.right for m in known))
    lines = [line for page in pages for line in page.lines]
    left = min((line.left for line in lines), default=0.0)
    # No full line to measure: text is set with about the same margin on both sides.
    return _Margins(left, max([line.right for line in lines] + [page.width - left for page in pages[:1]], default=0.0))


def _drop_page_numbers(pages: list[Page]) -> None:
    for page in pages:
        for at in (-1, 0):
            if not page.lines:
                break
            line = page.lines[at]
            at_edge = line.top > 0.88 * page.height or line.bottom < 0.1 * page.height
            marked = not line.text.strip().isdigit()
            if _PAGE_NUMBER.fullmatch(line.text.strip()) and (at_edge or (marked and line.top > 0.7 * page.height)):
                del page.lines[at]


def _drop_running_heads(pages: list[Page]) -> None:
    """A line that stands at the same edge of most pages, page number aside, belongs to the paper and not to the text."""
    for at in (0, -1):
        # A table has no shape: many begin at the same height.
        seen: Counter[str] = Counter(_shape(page.lines[at]) for page in pages if page.lines and page.lines[at].table is None)
        repeated = {shape for shape, count in seen.items() if count >= 3 and count >= 0.6 * len(pages)}
        for page in pages:
            if page.lines and page.lines[at].table is None and _shape(page.lines[at]) in repeated:
                del page.lines[at]


def _shape(line: Line) -> str:
    return f"{re.sub(r'[0-9]+', '#', line.text.strip())}@{line.top:.0f}"
