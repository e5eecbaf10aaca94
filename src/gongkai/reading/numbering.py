"""Numbering of official documents: 第一章, 一、 (一) 1. (1) ①, at the start of lines and inside text that lost its line breaks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from gongkai.reading.timing import number

STYLES = ("chapter", "section", "article", "han", "han_paren", "num", "num_paren", "circle", "dash")
RANK = {style: i for i, style in enumerate(STYLES)}
_CN = "一二三四五六七八九十"
_LABEL = re.compile(
    rf"(?P<chapter>第[{_CN}百]{{1,4}}(?:章|部分|篇))|(?P<section>第[{_CN}百]{{1,4}}节)|(?P<article>第[{_CN}百]{{1,4}}条(?!例|款|线))|"
    rf"(?P<han>[{_CN}]{{1,3}}[、.](?![{_CN}]、))|(?P<han_paren>\([{_CN}]{{1,3}}\)[、.]?)|"
    r"(?P<num>[0-9]{1,3}(?:[、]|[.](?![0-9])|[.](?=20[0-9]{2}年)))|(?P<num_paren>\([0-9]{1,2}\)[、.]?|[0-9]{1,2}\)(?=[\u4e00-\u9fff]))|(?P<circle>[①-⑳㈠-㈩⑴-⒇])"
)
# What any label begins with: looking for one of these first is several times faster than trying every form at every character.
_SIGN = re.compile(rf"[第{_CN}(0-9①-⑳㈠-㈩⑴-⒇]")
_DASH = re.compile(r"(?P<dash>-{1,2}|[•●■◆★▲])\s*(?=[\u4e00-\u9fff\"])")
_CIRCLED = {c: i + 1 for block in ("①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳", "㈠㈡㈢㈣㈤㈥㈦㈧㈨㈩", "⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇") for i, c in enumerate(block)}
_BOUNDARY = frozenset("。;!?:)]\" \n|'")
_REFERENCE = re.compile(r"(?:第|按照|参照|见|本|款|条|项|前|上述|依照|即|和|及|至|、|达|的)$")
# A line longer than this has lost its line breaks: no paragraph of the genre is.
RUN_TOGETHER = 1500
_DOMINANT = 150
_FIRST_BELOW = re.compile(r"\(一\)|(?<![0-9.])1[.、](?![0-9])")


@dataclass(frozen=True, slots=True)
class Label:
    """One numbering mark: [start, end) with the mark itself, its style and its number (0 for a dash)."""

    start: int
    end: int
    style: str
    number: int


def _value(style: str, text: str) -> int:
    if style == "circle":
        return _CIRCLED.get(text, 0)
    digits = re.sub(r"[^0-9一二三四五六七八九十]", "", text)
    return number(digits) if digits else 0


def label_at(flat: str, start: int, end: int) -> Label | None:
    """The label a line begins with."""
    match = _LABEL.match(flat, start, end) or _DASH.match(flat, start, end)
    if match is None:
        return None
    style = match.lastgroup or "dash"
    return Label(match.start(), match.end(), style, _value(style, match.group()))


class Sequence:
    """Which number of each style came last, so that a mark inside a line counts only where it goes on with a series."""

    def __init__(self) -> None:
        self.last: dict[str, int] = {}
        self.ever: dict[str, int] = {}
        self.mark: Label | None = None

    def accept(self, label: Label) -> None:
        for style in STYLES[RANK[label.style] + 1 :]:
            self.last.pop(style, None)
        self.last[label.style] = self.ever[label.style] = label.number
        self.mark = label

    def restart(self) -> None:
        self.last.clear()
        self.ever.clear()
        self.mark = None

    def goes_on(self, label: Label) -> bool:
        return label.number in (self.last.get(label.style, -9) + 1, self.ever.get(label.style, -9) + 1)


def labels_inside(flat: str, start: int, end: int, sequence: Sequence) -> Iterator[Label]:
    """Labels inside a line, after its start. Accepted ones move `sequence` on."""
    run_together = end - start > RUN_TOGETHER or (end - start > _DOMINANT and end - start > 0.4 * len(flat))
    at = start + 1
    while sign := _SIGN.search(flat, at, end):
        match = _LABEL.match(flat, sign.start(), end)
        at = match.end() if match else sign.end()
        if match is None:
            continue
        style = match.lastgroup or ""
        before = flat[match.start() - 1]
        if style in ("num_paren", "circle"):
            continue  # inside a line these list the parts of one sentence
        if style in ("section", "article", "chapter") and not (run_together and before in _BOUNDARY):
            continue
        label = Label(match.start(), match.end(), style, _value(style, match.group()))
        glued = (
            sequence.mark is not None and label.start == sequence.mark.end and label.number == 1 and RANK[style] > RANK[sequence.mark.style]
        )
        if label.number == 0 or not glued and not _acceptable(flat, start, end, label, sequence, run_together):
            continue
        sequence.accept(label)
        yield label


def _acceptable(flat: str, start: int, end: int, label: Label, sequence: Sequence, run_together: bool) -> bool:
    before = flat[label.start - 1]
    bounded = before in _BOUNDARY
    goes_on = sequence.goes_on(label)
    follows = flat[label.end : label.end + 1]
    if not follows or not ("\u4e00" <= follows <= "\u9fff" or follows in '"《<( '):
        return False
    if not bounded and _REFERENCE.search(flat[max(start, label.start - 4) : label.start]):
        return False
    if label.style == "han":
        if bounded:
            opens = _next_follows(flat, label, end) or _FIRST_BELOW.search(flat, label.end, min(end, label.end + 40)) is not None
            return goes_on or (label.number == 1 and before != ")" and opens)
        return (
            run_together
            and (goes_on or (label.number == 1 and "han" not in sequence.last))
            and before not in "第十百"
            and not before.isdigit()
        )
    if label.style == "han_paren":
        heading_open = (
            sequence.mark is not None and "。" not in flat[sequence.mark.end : label.start] and label.start - sequence.mark.end <= 60
        )
        if label.number == 1:
            return (bounded and _next_follows(flat, label, end)) or (
                heading_open and sequence.mark is not None and RANK[sequence.mark.style] < RANK["han_paren"]
            )
        return goes_on and (bounded or heading_open or run_together)
    if label.style == "num":
        heading_open = (
            sequence.mark is not None
            and (label.number == 1 or goes_on)
            and label.start - sequence.mark.end <= 24
            and "。" not in flat[sequence.mark.end : label.start]
        )
        if heading_open and sequence.mark is not None and not bounded and before not in "0123456789":
            return RANK[sequence.mark.style] < RANK["num"] and (goes_on or _next_follows(flat, label, end))
        if not bounded or before == '"' or not run_together and before not in "。 )":
            return False
        return goes_on or (label.number == 1 and _next_follows(flat, label, end))
    return goes_on or label.number == 1


def _next_follows(flat: str, label: Label, end: int) -> bool:
    """A first number is a label only when a second comes."""
    second = {"han": "二、", "han_paren": "(二)", "num": "2"}.get(label.style)
    if second is None:
        return True
    if label.style == "num":
        return re.compile(r"(?<![0-9.])2[.、](?![0-9])").search(flat, label.end, min(end, label.end + 4000)) is not None
    return flat.find(second, label.end, min(end, label.end + 20000)) >= 0
