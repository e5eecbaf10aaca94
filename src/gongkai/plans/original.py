"""The document as HTML: paragraphs, readable headings, coloured places, an anchor for every task. Text is escaped here and nowhere else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from gongkai.plans.highlight import Highlight, Segment, heading_level, segments
from gongkai.plans.models import Plan, Task

KINDS: dict[str, tuple[str, str]] = {
    "lead": ("lead", "牵头单位"),
    "responsible": ("responsible", "负责单位"),
    "support": ("support", "配合单位"),
    "deadline": ("when", "时限"),
    "channel": ("chan", "渠道"),
    "quota": ("quota", "数量"),
}
"""Kind of mark: (CSS class, word for the legend)."""


@dataclass(frozen=True, slots=True)
class Pin:
    """The numbered link that stands in the text where a task begins."""

    number: int
    href: str


def highlights(tasks: Iterable[Task]) -> list[Highlight]:
    """Every task's span and marks. A mark that was stored without a usable span is left out."""
    result: list[Highlight] = []
    for task in tasks:
        result.append(Highlight(task.span_start, task.span_end, "task", task.pk))
        for mark in task.marks or []:
            span: list[int] = list(mark.get("span") or [])
            if len(span) == 2 and mark.get("kind") in KINDS:
                result.append(Highlight(int(span[0]), int(span[1]), mark["kind"], task.pk))
    return result


def legend() -> list[tuple[str, str]]:
    return list(KINDS.values())


def _open_tag(segment: Segment, offset: int) -> tuple[str, str]:
    """Opening and closing tag of a stretch: <mark> for the innermost unit, date, channel or quota, <span> otherwise."""
    tasks = dict.fromkeys(m.task for m in segment.marks)
    data = f' data-t="{" ".join(map(str, tasks))}"' if tasks else ""
    inner = min((m for m in segment.marks if m.kind != "task"), key=lambda m: m.end - m.start, default=None)
    if inner is not None:
        return f'<mark class="{KINDS[inner.kind][0]}"{data} data-o="{offset}">', "</mark>"
    return f'<span{" class=task" if tasks else ""}{data} data-o="{offset}">', "</span>"


def find_title(text: str, title: str) -> tuple[int, int]:
    """Where the title stands in the text on lines of its own, however broken; (0, 0) when it does not."""
    words = [re.escape(c) for c in title if not c.isspace()]
    if not words:
        return 0, 0
    found = re.search(r"^[^\S\n]*" + r"\s*".join(words) + r"[^\S\n]*$", text, re.MULTILINE)
    return found.span() if found else (0, 0)


def document_html(text: str, marks: Iterable[Highlight], pins: Mapping[int, Pin] | None = None, *, title: str = "") -> SafeString:
    """The whole text, one element a line. `pins` (task → link) are set where their task begins, as `id="s<task>"`.

    Lines that look like headings become h2 and h3, the lines that make up `title` get class `doc-title`; blank lines are dropped from the
    page, never from the count: `data-o` on each piece is its first character's place in the text.
    """
    marks = list(marks)
    waiting: dict[int, list[int]] = {}
    if pins:
        for mark in marks:
            if mark.kind == "task" and mark.task in pins:
                waiting.setdefault(max(0, min(mark.start, len(text) - 1)), []).append(mark.task)
    heading = find_title(text, title)
    begun = 0
    out: list[str] = []
    line: list[str] = []
    plain: list[str] = []
    due_pins: list[int] = []

    def flush() -> None:
        words = "".join(plain)
        if words.strip():
            level = heading_level(words)
            if heading[0] <= begun < heading[1]:
                tag, attribute = "p", ' class="doc-title"'
            else:
                tag, attribute = (f"h{level}", "") if level else ("p", "")
            out.append(f"<{tag}{attribute}>{''.join(line)}</{tag}>\n")
        elif due_pins:  # a task that begins on a blank line: its link stands alone
            out.append(f"<p>{''.join(line)}</p>\n")
        line.clear()
        plain.clear()
        due_pins.clear()

    for segment in segments(text, marks):
        offset = segment.start
        for task in waiting.pop(offset, ()):
            assert pins is not None
            pin = pins[task]
            due_pins.append(task)
            line.append(
                f'<a class="pin" id="s{task}" data-t="{task}" href="{escape(pin.href)}"><span class="vh">任务 </span>{pin.number}</a>'
            )
        for index, piece in enumerate(segment.text.split("\n")):
            if index:
                flush()
                offset += 1
                begun = offset
            if piece:
                opened, closed = _open_tag(segment, offset)
                line.append(f"{opened}{escape(piece)}{closed}")
                plain.append(piece)
                offset += len(piece)
    flush()
    return mark_safe("".join(out))


def quote_html(text: str, task: Task) -> SafeString:
    """The task's own words with their colours, in one run; line breaks of the file become spaces."""
    start, end = task.span_start, min(task.span_end, len(text))
    shifted = [Highlight(h.start - start, h.end - start, h.kind, h.task) for h in highlights([task])]
    out = []
    for segment in segments(text[start:end], shifted):
        inner = min((m for m in segment.marks if m.kind != "task"), key=lambda m: m.end - m.start, default=None)
        words = escape(" ".join(segment.text.split("\n")))
        out.append(f'<mark class="{KINDS[inner.kind][0]}">{words}</mark>' if inner else words)
    return mark_safe("".join(out))


def surrounding(plan: Plan, task: Task, width: int = 60) -> tuple[str, str, str]:
    """The document's words before the task, the task's own, and after, as plain text for a quotation with its context."""
    text = plan.source_text
    before = text[max(0, task.span_start - width) : task.span_start].rsplit("\n", 1)[-1]
    after = text[task.span_end : task.span_end + width].split("\n", 1)[0]
    return before, text[task.span_start : task.span_end], after
