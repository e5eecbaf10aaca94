"""Clean text into blocks: paragraphs, headings and table rows in document order, each with its numbering.

Lines of the web page are left out; lines that hold a whole document are cut at their numbering.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from gongkai.reading.cleaning import Cleaned, is_noise, noise_tail
from gongkai.reading.lexicon import PLAN_TITLE
from gongkai.reading.numbering import Label, Sequence, label_at, labels_inside
from gongkai.reading.tables import Row, Table


@dataclass(slots=True)
class Block:
    """[start, end) of the clean text, trimmed. `label` is its numbering; `row` is set for a table row."""

    start: int
    end: int
    label: Label | None = None
    row: Row | None = None
    table: Table | None = None
    is_title: bool = False
    opens_attachment: bool = False
    run_together: bool = False
    """It shares its line with other numbered blocks: the text lost its line breaks."""

    @property
    def body(self) -> int:
        """Where the block's own words begin, after its number."""
        return self.label.end if self.label else self.start


def _trim(flat: str, start: int, end: int) -> tuple[int, int]:
    while start < end and flat[start] in " \n|":
        start += 1
    while end > start and flat[end - 1] in " \n|":
        end -= 1
    return start, end


def lines(doc: Cleaned, skip: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The document's own lines, trimmed, in order; [start, end) ranges in `skip` (tables, footnotes) are left out whole."""
    flat, at, s = doc.flat, 0, 0
    while at <= len(flat):
        stop = flat.find("\n", at)
        stop = len(flat) if stop < 0 else stop
        while s < len(skip) and skip[s][1] <= at:
            s += 1
        if s < len(skip) and skip[s][0] <= at < skip[s][1]:
            at = max(stop + 1, skip[s][1]) if skip[s][1] > stop else stop + 1
            continue
        start, end = _trim(flat, at, stop)
        if start < end and not is_noise(flat[start:end] if end - start <= 400 else ""):
            end = (
                start + noise_tail(flat[start:end])
                if end - start < 20000
                else start + (end - start - 60) + noise_tail(flat[end - 60 : end])
            )
            start, end = _trim(flat, start, end)
            if start < end:
                yield start, end
        elif start < end and end - start > 400:
            yield start, end
        at = stop + 1


_ATTACHMENT = re.compile(r"^附\s*(?:件|表|录)?\s*[0-9一二三四五六]{0,2}\s*(?:[:：]|$)")
_TITLE_TAIL = re.compile(
    r"(?:的通知|的意见|的决定|方案|要点|意见|措施|计划|任务|重点工作|安排|分工|办法|清单|规划|纲要|指引|分解|台账|[解览工务划排]表)(?:\([^()]{1,12}\))?$"
)


def looks_like_title(flat: str, start: int, end: int) -> bool:
    """A line that names a plan and is no sentence."""
    line = flat[start:end].replace(" ", "").replace("\n", "")
    return (
        6 <= len(line) <= 80
        and not re.search(r"[。;:,]", line.rstrip("。"))
        and PLAN_TITLE.search(line) is not None
        and _TITLE_TAIL.search(line) is not None
    )


def blocks(doc: Cleaned, tables: list[Table], apart: list[tuple[int, int]]) -> list[Block]:
    """All blocks in order. Linear in the length of the text."""
    flat = doc.flat
    skip = sorted([(t.start, t.end) for t in tables] + apart)
    spans = list(lines(doc, skip))
    out: list[Block] = []
    sequence = Sequence()
    pending = sorted(tables, key=lambda t: t.start)
    in_attachment_list = opens = False
    for i, (start, end) in enumerate(spans):
        while pending and pending[0].start <= start:
            out += _rows(pending.pop(0), opens)
            opens = False
        label = label_at(flat, start, end)
        if _ATTACHMENT.match(flat[start : min(end, start + 12)]):
            in_attachment_list = end - start > 4 or flat[end - 1] in ":："
            if not in_attachment_list:
                sequence.restart()
                opens = True
            continue
        if in_attachment_list and (label is not None or end - start < 60) and "。" not in flat[start:end]:
            continue
        in_attachment_list = False
        title = label is None and looks_like_title(flat, start, end)
        if title or (label is None and i + 1 < len(spans) and _two_line_title(flat, spans[i], spans[i + 1])):
            sequence.restart()
        if label is not None:
            sequence.accept(label)
        at = start
        current = Block(start, end, label, is_title=title, opens_attachment=opens)
        opens = False
        for inner in labels_inside(flat, label.end - 1 if label else start, end, sequence):
            a, b = _trim(flat, at, inner.start)
            if a < b:
                current.start, current.end = (a, b) if current.label is None else (current.start, b)
                out.append(current)
            at = inner.start
            current.run_together = True
            current = Block(inner.start, end, inner, run_together=True)
        a, b = _trim(flat, max(at, current.start), end)
        if a < b:
            current.end = b
            out.append(current)
    while pending:
        out += _rows(pending.pop(0))
    return out


def _two_line_title(flat: str, first: tuple[int, int], second: tuple[int, int]) -> bool:
    joined = flat[first[0] : first[1]] + flat[second[0] : second[1]]
    return (
        len(joined) <= 60
        and label_at(flat, *second) is None
        and looks_like_title(joined, 0, len(joined))
        and not looks_like_title(flat, *second)
    )


def _rows(table: Table, opens_attachment: bool = False) -> list[Block]:
    return [Block(row.start, row.end, None, row, table, opens_attachment=opens_attachment and k == 0) for k, row in enumerate(table.rows)]


def restart_points(doc: Cleaned, parts: list[Block]) -> set[int]:
    """Blocks where a plan begins after the notice that carries it: 一、 comes again after a line that is a title."""
    points: set[int] = set()
    title = -1
    seen = False
    for i, block in enumerate(parts):
        if block.label is None and block.row is None and looks_like_title(doc.flat, block.start, block.end):
            title = i
        elif block.row is not None or (block.label is not None and block.label.number == 1):
            strong = block.label is not None and block.label.style in ("han", "chapter")
            if title >= 0 and seen and (strong or (i - title <= 3 and _signed_off(doc, parts, title))):
                points.add(title)
            seen, title = True, -1
        elif block.label is not None:
            seen, title = True, -1
    return points


def _signed_off(doc: Cleaned, parts: list[Block], i: int) -> bool:
    """Whether the lines before block i sign a notice off, or call what follows an attachment."""
    before = doc.flat[parts[max(0, i - 3)].start : parts[i].start]
    return re.search(r"20[0-9]{2}年[0-9]{1,2}月[0-9]{1,2}日|\(此件|附\s*件", before) is not None
