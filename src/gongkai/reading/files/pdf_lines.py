"""The lines of one PDF page, from PDFium's text and the places of a few of its characters."""

from __future__ import annotations

import bisect
import ctypes
import math
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pypdfium2.raw as pdfium

from gongkai.reading.files.lines import Line, Page
from gongkai.reading.files.ruled import MAX_DRAWN, Rules

GAP = 1.8
"""Empty space, in character widths, that parts two cells standing on one line."""
MAX_ANGLES = 30
"""Lines asked for their direction on each page."""
_LINE = re.compile(r"[^\r\n]+")
_WORD = re.compile(r"[^ \xa0\u3000\r\n]+")
# Three ways PDFium reports a hyphen at the end of a line.
_HYPHENS = {2: "-", 0xAD: "-", 0xFFFE: "-"}
_BROKEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffd\ue000-\uf8ff]")
# Ideographs only: punctuation may be set at half its width.
_CJK = re.compile("[\u3400-\u9fff]")

_Box = tuple[float, float, float, float]


def lines_of_page(page: Any, text_page: Any, count: int) -> tuple[Page, Rules, int]:
    """The page's lines in the order the file draws them, the rules drawn, and how many characters have no Unicode meaning."""
    units = _units(text_page.raw, count).translate(_HYPHENS)
    geometry = _Geometry(page, text_page.raw, [match.start() for match in _LINE.finditer(units)][:MAX_ANGLES])
    rules = Rules.drawn(geometry.edges(page), geometry.width)
    result = Page(geometry.width, geometry.height)
    for match in _LINE.finditer(units):
        if not geometry.is_skewed(match.start()):
            result.lines.extend(_rejoined(list(_parts(units, match.start(), match.end(), geometry, rules)), rules))
    if geometry.is_sideways_when_shown:
        # PDFium orders sideways lines by the page's own edges, which may be back to front.
        result.lines.sort(key=lambda line: (round(line.top / max(line.size, 1.0)), line.left))
    return result, rules, len(_BROKEN.findall(units))


def _units(raw: Any, count: int) -> str:
    """One character for each that PDFium counts, so that positions agree; rare characters stay in their two UTF-16 halves."""
    buffer = (ctypes.c_ushort * (count + 1))()
    if pdfium.FPDFText_GetText(raw, 0, count, buffer) == count + 1:
        return "".join(map(chr, buffer[:count]))
    # Some character has no text of its own, which shifts the others: ask for them one by one.
    return "".join(chr(min(pdfium.FPDFText_GetUnicode(raw, index), 0xFFFF)) for index in range(count))


def _parts(units: str, start: int, end: int, geometry: _Geometry, rules: Rules) -> Iterator[Line]:
    """The line, divided where a rule or a wide gap shows that cells stand side by side. PDFium puts a space in every wide gap."""
    line: Line | None = None
    begin = start
    for at, until in _words(units, start, end, geometry, rules):
        first = geometry.box(at)
        last = geometry.box(until - 1) if until - at > 1 else first
        if first is None or last is None:
            continue
        size = geometry.ideograph(units, at, until)
        found = size > 0
        size = size or first[3] - first[2]
        if line is not None:
            # On pages with little text PDFium may take words below each other for one line.
            is_elsewhere = first[0] - line.right > GAP * max(line.size, size) or not _is_level(line.top, line.bottom, first[2], first[3])
            if is_elsewhere or rules.between(line.right - 1, first[0] + 1, first[2], first[3]) is not None:
                line.text = _text(units[begin:at])
                yield line
                line, begin = None, at
        if line is None:
            line = Line("", first[0], last[1], first[2], first[3], size)
        line.right = max(line.right, last[1])
        line.top, line.bottom = min(line.top, first[2], last[2]), max(line.bottom, first[3], last[3])
        line.size = max(line.size, size) if found else line.size
    if line is not None:
        line.text = _text(units[begin:end])
        yield line


def _words(units: str, start: int, end: int, geometry: _Geometry, rules: Rules) -> Iterator[tuple[int, int]]:
    """(start, end) of each stretch without a space, divided again where a rule runs through it."""
    for at, until in _level_words(units, start, end, geometry):
        while rules.vertical and until - at > 1:
            first, last = geometry.box(at), geometry.box(until - 1)
            rule = rules.between(first[0] + 1, last[1] - 1, first[2], first[3]) if first and last else None
            if rule is None:
                break
            cut = bisect.bisect(range(at, until), rule, key=lambda index: (geometry.box(index) or (0.0,))[0] + 1) + at
            if not at < cut < until:
                break
            yield at, cut
            at = cut
        yield at, until


def _level_words(units: str, start: int, end: int, geometry: _Geometry) -> Iterator[tuple[int, int]]:
    """(start, end) of each stretch without a space. On pages with little text PDFium may run on into what stands below."""
    for word in _WORD.finditer(units, start, end):
        at, until = word.span()
        first, last = geometry.box(at), geometry.box(until - 1)
        if first and last and not _is_level(first[2], first[3], last[2], last[3]):
            for index in range(at + 1, until):
                box = geometry.box(index)
                if box and not _is_level(first[2], first[3], box[2], box[3]):
                    yield at, index
                    at, first = index, box
        yield at, until


def _text(units: str) -> str:
    joined = units.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return _BROKEN.sub("", joined).strip(" \xa0").replace("\xa0", " ")


class _Geometry:
    """Places on the page turned so that its text is upright, measured from the upper left corner.

    The page's own /Rotate is not asked: a wide table set sideways on an upright page has to be turned too.
    """

    def __init__(self, page: Any, raw: Any, samples: list[int]) -> None:
        self._raw = raw
        self._left, self._bottom, self._right, self._top = page.get_cropbox()
        # Quarter turns clockwise that the text was given, by most of the lines looked at.
        turns = Counter(round(pdfium.FPDFText_GetCharAngle(raw, index) / (math.pi / 2)) % 4 for index in samples)
        self._turns = turns.most_common(1)[0][0] if turns else 0
        self.is_sideways_when_shown = (self._turns + page.get_rotation() // 90) % 4 != 0
        across, along = self._right - self._left, self._top - self._bottom
        self.width, self.height = (along, across) if self._turns % 2 else (across, along)
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
        return self._upright(self._rect.left, self._rect.right, self._rect.bottom, self._rect.top)

    def edges(self, page: Any) -> Iterator[tuple[float, float, float, float]]:
        """(x0, y0, x1, y1) of every straight line drawn on the page itself."""
        for index in range(pdfium.FPDFPage_CountObjects(page.raw)):
            item = pdfium.FPDFPage_GetObject(page.raw, index)
            if pdfium.FPDFPageObj_GetType(item) == pdfium.FPDF_PAGEOBJ_PATH:
                yield from self._path_edges(item)

    def _path_edges(self, item: Any) -> Iterator[tuple[float, float, float, float]]:
        matrix = pdfium.FS_MATRIX()
        pdfium.FPDFPageObj_GetMatrix(item, ctypes.byref(matrix))
        x, y = ctypes.c_float(), ctypes.c_float()
        begin = current = (0.0, 0.0)
        for index in range(min(pdfium.FPDFPath_CountSegments(item), MAX_DRAWN)):
            segment = pdfium.FPDFPath_GetPathSegment(item, index)
            pdfium.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
            across = matrix.a * x.value + matrix.c * y.value + matrix.e
            along = matrix.b * x.value + matrix.d * y.value + matrix.f
            left, _, top, _ = self._upright(across, across, along, along)
            kind = pdfium.FPDFPathSegment_GetType(segment)
            if kind == pdfium.FPDF_SEGMENT_MOVETO:
                begin = left, top
            elif kind == pdfium.FPDF_SEGMENT_LINETO:
                yield *current, left, top
            current = left, top
            if pdfium.FPDFPathSegment_GetClose(segment):
                yield *current, *begin

    def _upright(self, left: float, right: float, bottom: float, top: float) -> _Box:
        if self._turns == 3:
            return bottom - self._bottom, top - self._bottom, left - self._left, right - self._left
        if self._turns == 2:
            return self._right - right, self._right - left, bottom - self._bottom, top - self._bottom
        if self._turns == 1:
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


def _rejoined(parts: list[Line], rules: Rules) -> list[Line]:
    """Cells side by side stay apart; a word set in spaced letters (通　　知) becomes one line again."""
    joined: list[Line] = []
    for part in parts:
        before = joined[-1] if joined else None
        is_apart = (
            before is None
            or not _is_level(before.top, before.bottom, part.top, part.bottom)
            or rules.between(before.right - 1, part.left + 1, part.top, part.bottom) is not None
        )
        if before is not None and not is_apart and (_is_letter(part.text) or _is_letter(before.text)):
            joined[-1].text += " " + part.text
            joined[-1].right = part.right
        else:
            joined.append(part)
    return joined


def _is_level(top: float, bottom: float, other_top: float, other_bottom: float) -> bool:
    """Whether two things stand on the same line: their middles are less than half a line apart."""
    return abs((top + bottom) - (other_top + other_bottom)) < max(bottom - top, other_bottom - other_top)


def _is_letter(text: str) -> bool:
    return len(text) == 1 and not text.isdigit()
