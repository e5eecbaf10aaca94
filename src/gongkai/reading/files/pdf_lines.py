"""The lines of one PDF page, from the places PDFium gives for its characters."""

from __future__ import annotations

import ctypes
import math
from typing import Any

import pypdfium2.raw as pdfium

from gongkai.reading.files.lines import Line, Page

GAP = 1.8
"""Empty space, in character widths, that parts two cells standing on one line."""
_LINE_ENDS = (13, 10)
_HYPHENS = (2, 0xAD, 0xFFFE)
"""How PDFium reports a hyphen at the end of a line."""
_SPACES = (32, 0xA0, 0x3000)


def lines_of_page(page: Any, text_page: Any, count: int) -> tuple[Page, int]:
    """The page's lines in the order the file draws them, and how many characters have no Unicode meaning."""
    width, height = page.get_size()
    collector = _Collector(page, width, height)
    unicode_of, box_of, angle_of = pdfium.FPDFText_GetUnicode, pdfium.FPDFText_GetLooseCharBox, pdfium.FPDFText_GetCharAngle
    raw = text_page.raw
    rect = pdfium.FS_RECTF()
    place = ctypes.byref(rect)
    for index in range(count):
        code = unicode_of(raw, index)
        if code in _LINE_ENDS:
            collector.end_line()
        elif code in _SPACES:
            collector.space(chr(code))
        elif not box_of(raw, index, place):
            continue
        else:
            if collector.at_start:
                collector.skewed = _is_skewed(angle_of(raw, index))
            collector.character(code, rect.left, rect.right, rect.bottom, rect.top)
    collector.end_line()
    return Page(width, height, collector.lines), collector.broken


def _is_skewed(angle: float) -> bool:
    """Set at an angle to the page's edges: a watermark."""
    return angle >= 0 and abs(math.sin(2 * angle)) > 0.2


class _Collector:
    def __init__(self, page: Any, width: float, height: float) -> None:
        self.lines: list[Line] = []
        self.broken = 0
        self.at_start = True
        self.skewed = False
        self._left, self._bottom, self._right, self._top = page.get_cropbox()
        self._rotation = page.get_rotation()
        self._line: Line | None = None
        self._text: list[str] = []
        self._pending: list[str] = []
        self._wide = 0.0
        self._parts: list[Line] = []

    def space(self, character: str) -> None:
        self._pending.append(character)

    def character(self, code: int, left: float, right: float, bottom: float, top: float) -> None:
        if (code < 32 or code == 0xFFFD or 0xE000 <= code <= 0xF8FF) and code not in _HYPHENS:
            self.broken += 1
            return
        left, right, above, below = self._upright(left, right, bottom, top)
        line = self._line
        if line is not None and left - line.right > GAP * line.size:
            self._end_part()
            line = None
        if line is None:
            line = self._line = Line("", left, right, above, below, below - above)
            self._wide = 0.0
        self._text += self._pending
        self._pending.clear()
        self._text.append("-" if code in _HYPHENS else chr(code))
        if right > line.right:
            line.right = right
        line.top = min(line.top, above)
        line.bottom = max(line.bottom, below)
        if code >= 0x2E80 and right - left > self._wide:
            # A Chinese character is as wide as it is high; the height of its box depends on the font.
            self._wide = line.size = right - left
        self.at_start = False

    def end_line(self) -> None:
        self._end_part()
        if not self.skewed:
            self.lines.extend(_rejoined(self._parts))
        self._parts = []
        self._pending.clear()
        self.at_start, self.skewed = True, False

    def _end_part(self) -> None:
        if self._line is not None:
            # PDFium hands out UTF-16 units; rare characters come in two.
            text = "".join(self._text).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
            self._line.text = text.strip(" \xa0")
            self._parts.append(self._line)
        self._line = None
        self._text = []

    def _upright(self, left: float, right: float, bottom: float, top: float) -> tuple[float, float, float, float]:
        """(left, right, top, bottom) on the page as shown, measured from its upper left corner."""
        if self._rotation == 90:
            return bottom - self._bottom, top - self._bottom, left - self._left, right - self._left
        if self._rotation == 180:
            return self._right - right, self._right - left, bottom - self._bottom, top - self._bottom
        if self._rotation == 270:
            return self._top - top, self._top - bottom, self._right - right, self._right - left
        return left - self._left, right - self._left, self._top - top, self._top - bottom


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
