"""Word documents: tracked changes accepted, comments, hidden text and properties gone, values masked across their runs."""

from __future__ import annotations

import re
from bisect import bisect_right

from gongkai.reading.files.package import Budget
from gongkai.reading.files.safe_xml import Element, attribute, child, local
from gongkai.screening.copies.package import Parts, detach, unwrap
from gongkai.screening.copies.values import Chooser
from gongkai.screening.model import Hit
from gongkai.screening.places.docx import hidden_styles, vanishes

TEXT_PARTS = r"/?word/(?:document\d*|header\d*|footer\d*|footnotes|endnotes)\.xml$"
REMARK_PARTS = r"/?word/(?:comments\w*|people)\.xml$"
_GONE = frozenset({"del", "moveFrom", "commentRangeStart", "commentRangeEnd", "commentReference", "cellDel"})
_CHANGE = re.compile(
    r"(?:rPr|pPr|tblPr|tblGrid|trPr|tcPr|sectPr|tblPrEx|numbering)Change$|(?:moveFrom|moveTo|customXml\w+)Range(?:Start|End)$"
)
_KEPT = frozenset({"ins", "moveTo"})
_PROPERTIES = frozenset({"rPr", "pPr", "trPr", "numPr"})


def copy(data: bytes, name: str, budget: Budget, choose: Chooser | None) -> bytes:
    parts = Parts(data, name, budget)
    hidden = hidden_styles(parts.package, name)
    for member in parts.names(TEXT_PARTS):
        root = parts.tree(member)
        clear(root, hidden)
        if choose is not None:
            mask(root, choose)
    parts.drop(parts.names(REMARK_PARTS))
    for member in parts.names(r"/?word/settings\.xml$"):
        for item in list(parts.tree(member)):
            if local(item) in ("trackRevisions", "rsids", "attachedTemplate", "docVars"):
                detach(item)
    return parts.written()


def clear(root: Element, hidden: frozenset[str]) -> None:
    """Tracked changes accepted, remarks and hidden text out of one part; `hidden`: styles that hide text."""
    for item in list(root.iter()):
        tag = local(item)
        if tag in _GONE or _CHANGE.match(tag) or (tag == "r" and _is_hidden(item, hidden)):
            detach(item)
        elif tag in _KEPT:
            # As a property it marks an inserted paragraph or row, as an element it holds what was inserted.
            if local(item.getparent()) in _PROPERTIES:
                detach(item)
            else:
                unwrap(item)


def _is_hidden(run: Element, styles: frozenset[str]) -> bool:
    properties = child(run, "rPr")
    style = child(properties, "rStyle")
    return vanishes(properties) or (style is not None and (attribute(style, "val") or "") in styles)


def mask(root: Element, choose: Chooser) -> None:
    """Replaces the chosen words in one part, across the runs they stand in."""
    text, pieces = laid(root)
    for hit in reversed(choose(text, "")):
        _replace(pieces, hit)


def laid(root: Element) -> tuple[str, list[tuple[int, Element]]]:
    """The part as one text, and (offset, run) for each run it is made of. Paragraphs end in a line end, in a table row in a tab."""
    pieces: list[tuple[int, Element]] = []
    words: list[str] = []
    size = 0
    for paragraph in root.iter("{*}p"):
        for item in paragraph.iter("{*}t", "{*}tab", "{*}br", "{*}noBreakHyphen"):
            if _paragraph_of(item) is not paragraph:
                continue
            text = (item.text or "") if local(item) == "t" else {"tab": "\t", "br": "\n"}.get(local(item), "-")
            if local(item) == "t":
                pieces.append((size, item))
            words.append(text)
            size += len(text)
        words.append("\t" if next(paragraph.iterancestors("{*}tr"), None) is not None else "\n")
        size += 1
    return "".join(words), pieces


def _paragraph_of(item: Element) -> Element | None:
    return next(item.iterancestors("{*}p"), None)


def _replace(pieces: list[tuple[int, Element]], hit: Hit) -> None:
    """The masked words stand in the first run that holds a part of the value; the others lose theirs."""
    masked = hit.masked
    for offset, item in pieces[max(0, bisect_right(pieces, hit.start, key=lambda piece: piece[0]) - 1) :]:
        if offset >= hit.end:
            break
        text = item.text or ""
        low, high = max(hit.start - offset, 0), min(hit.end - offset, len(text))
        if low < high:
            item.text = text[:low] + masked + text[high:]
            masked = ""
