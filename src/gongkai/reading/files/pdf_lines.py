"""The lines of one PDF page, from PDFium's text and the places of a few of its characters."""

from __future__ import annotations

import ctypes
import math
import re
from collections.abc import Iterator
from typing import Any

import pypdfium2.raw as pdfium

from gongkai.reading.files.lines import Line, Page

GAP = 1.8
"""Empty space, in character widths, that parts two cells standing on one line."""
_LINE = re.compile(r"[^\r\n]+")
_WORD = re.compile(r"[^ \xa0\u3000\r\n]+")
# Three ways PDFium reports a hyphen at the end of a line.
_HYPHENS = {2: "-", 0xAD: "-", 0xFFFE: "-"}
_BROKEN = re.compile("[\x00-\x08\x0b-\x1f\ufffd\ue000-\uf8ff]")
# Ideographs only: punctuation may be set at half its width.
_CJK = re.compile("[\u3400-\u9fff]")

_Box = tuple[float, float, float, float]


def lines_of_page(page: Any, text_page: Any, count: int) -> tuple[Page, int]:
    """The page's lines in the order the file draws them, and how many characters have no Unicode meaning."""
    width, height = page.get_size()
    units = _units(text_page.raw, count).translate(_HYPHENS)
    geometry = _Geometry(page, text_page.raw)
    result = Page(width, height)
    for match in _LINE.finditer(units):
        if not geometry.is_skewed(match.start()):
            result.lines.extend(_rejoined(list(_parts(units, match.start(), match.end(), geometry))))
    return result, len(_BROKEN.findall(units))


def _units(raw: Any, count: int) -> str:
    """One character for each that PDFium counts, so that positions agree; rare characters stay in their two UTF-16 halves."""
    buffer = (ctypes.c_ushort * (count + 1))()
    if pdfium.FPDFText_GetText(raw, 0, count, buffer) == count + 1:
        return "".join(map(chr, buffer[:count]))
    # Some character has no text of its own, which shifts the others: ask for them one by one.
    return "".join(chr(min(pdfium.FPDFText_GetUnicode(raw, index), 0xFFFF)) for index in range(count))


def _parts(units: str, start: int, end: int, geometry: _Geometry) -> Iterator[Line]:
    """The line, divided where wide gaps show that cells stand side by side. Gaps are looked for at spaces: PDFium puts one in each."""
    line: Line | None = None
    begin = start
    for word in _WORD.finditer(units, start, end):
        first = geometry.box(word.start())
        last = geometry.box(word.end() - 1) if word.end() - word.start() > 1 else first
        if first is None or last is None:
            continue
        size = geometry.ideograph(units, word.start(), word.end())
        found = size > 0
        size = size or first[3] - first[2]
        if line is not None and first[0] - line.right > GAP * max(line.size, size):
            line.text = _text(units[begin : word.start()])
            yield line
            line, begin = None, word.start()
        if line is None:
            line = Line("", first[0], last[1], first[2], first[3], size)
        line.right = max(line.right, last[1])
        line.top, line.bottom = min(line.top, first[2], last[2]), max(line.bottom, first[3], last[3])
        line.size = max(line.size, size) if found else line.size
    if line is not None:
        line.text = _text(units[begin:end])
        yield line


def _text(units: str) -> str:
    joined = units.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return _BROKEN.sub("", joined).strip(" \xa0").replace("\xa0", " ")


class _Geometry:
    """Places on the page as shown: turned upright, measured from its upper left corner."""

    def __init__(self, page: Any, raw: Any) -> None:
        self._raw = raw
        self._left, self._bottom, self._right, self._top = page.get_cropbox()
        self._rotation = page.get_rotation()
        self._rect = pdfium.FS_RECTF()
        self._place = ctypes.byref(self._rect)

    def is_skewed(self, index: int) -> bool:
        """Set at an angle to the page's edges: a watermark."""
        angle = pdfium.FPDFText_GetCharAngle(self._raw, index)
        return bool(angle >= 0 and abs(math.sin(2 * angle)) > 0.2)

    def box(self, index: int) -> _Box | None:
        """(left, right, top, bottom) of a character, None where PDFium knows none."""
        if not pdfium.FPDFText_GetLooseCharBox(self._raw, index, self._place):
            return None
        left, right, bottom, top = self._rect.left, self._rect.right, self._rect.bottom, self._rect.top
        if self._rotation == 90:
            return bottom - self._bottom, top - self._bottom, left - self._left, right - self._left
        if self._rotation == 180:
            return self._right - right, self._right - left, bottom - self._bottom, top - self._bottom
        if self._rotation == 270:
            return self._top - top, self._top - bottom, self._right - right, self._right - left
        return left - self._left, right - self._left, self._top - top, self._top - bottom

    def ideograph(self, units: str, start: int, end: int) -> float:
        """Width of the Chinese characters in a word, 0 without any.

        They are as wide as high, while the height of a box depends on the font; the widest of a few, because some fonts
        report a single character too narrow.
        """
        widest = 0.0
        for at in (start, (start + end) // 2, max(start, end - 8)):
            found = _CJK.search(units, at, end)
            box = self.box(found.start()) if found else None
            widest = max(widest, box[1] - box[0] if box else 0.0)
        return widest


def _rejoined(parts: list[Line]) -> list[Line]:
    """Cells side by side stay apart; a word set in spaced letters (通　　知) becomes one line again."""
    joined: list[Line] = []
    for part in parts:
        if joined and (_is_letter(part.text) or _is_letter(joined[-1].text)):
            joined[-1].text += " " + part.text
            joined[-1].right = part.right
        else:
            joined.append(part)
    return joined


def _is_letter(text: str) -> bool:
    return len(text) == 1 and not text.isdigit()
