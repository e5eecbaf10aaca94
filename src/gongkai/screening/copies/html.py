"""Web pages and fragments of them: comments, hidden elements and personal properties out, values masked across their elements."""

from __future__ import annotations

from bisect import bisect_right
from typing import Any

from lxml import etree

from gongkai.reading.files.package import Budget
from gongkai.screening.copies.package import detach
from gongkai.screening.copies.values import Chooser
from gongkai.screening.model import Hit
from gongkai.screening.places.html import Piece, hides, is_personal, parsed, pieces


def copy(data: bytes, name: str, budget: Budget, choose: Chooser | None) -> bytes:
    root = parsed(data, name)
    for item in list(root.iter()):
        if item.tag is etree.Comment or (isinstance(item.tag, str) and (hides(item) or is_personal(item))):
            detach(item)
    if choose is not None:
        _mask(root, choose)
    for item in list(root.iter("meta")):
        if item.get("charset") or (item.get("http-equiv") or "").lower() == "content-type":
            detach(item)
    for head in root.iter("head"):
        head.insert(0, etree.Element("meta", charset="utf-8"))
    written: bytes = etree.tostring(root.getroottree(), method="html", encoding="utf-8", doctype="<!doctype html>")
    return written


def fragment(text: str, choose: Chooser) -> str:
    """The same html with the chosen values masked; character for character the same where there are none.

    Raises ReadingError as the screening of a page does.
    """
    if not choose_any(text, choose):
        return text
    root = parsed(f"<div>{text}</div>".encode(), "正文")
    holder = root.find(".//div")
    _mask(root, choose)
    inner = [etree.tostring(item, method="html", encoding="unicode") for item in holder]
    return _escaped(holder.text or "") + "".join(inner)


def choose_any(text: str, choose: Chooser) -> bool:
    root = parsed(f"<div>{text}</div>".encode(), "正文")
    return bool(choose("".join(piece.text for piece in pieces(root)), ""))


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _mask(root: Any, choose: Chooser) -> None:
    """All that the page says as one text, laid over the elements and attributes it stands in."""
    found = list(pieces(root))
    offsets: list[int] = []
    size = 0
    for piece in found:
        offsets.append(size)
        size += len(piece.text)
    for hit in reversed(choose("".join(piece.text for piece in found), "")):
        _replace(found, offsets, hit)


def _replace(found: list[Piece], offsets: list[int], hit: Hit) -> None:
    masked = hit.masked
    for at in range(max(0, bisect_right(offsets, hit.start) - 1), len(found)):
        if offsets[at] >= hit.end:
            break
        piece = found[at]
        start = offsets[at] + piece.lead
        text = _read(piece)
        low, high = max(hit.start - start, 0), min(hit.end - start, len(text))
        if piece.slot and low < high:
            _write(piece, text[:low] + masked + text[high:])
            masked = ""


def _read(piece: Piece) -> str:
    if piece.slot in ("text", "tail"):
        return getattr(piece.element, piece.slot) or ""
    return str(piece.element.get(piece.slot.removeprefix("@")) or "") if piece.slot else ""


def _write(piece: Piece, text: str) -> None:
    if piece.slot in ("text", "tail"):
        setattr(piece.element, piece.slot, text)
    else:
        piece.element.set(piece.slot.removeprefix("@"), text)
