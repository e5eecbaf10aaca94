"""The characters of a PDF page with their boxes as the page is shown: turned, cropped, from the upper left corner, in points."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import Any

import pypdfium2.raw as pdfium

from gongkai.reading.errors import ReadingError
from gongkai.reading.files import limits
from gongkai.redaction.plan import Box

_FINE = 1000
"""Device units in a point, for the transformation is given in whole units."""


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character, its printed box and the box of its line height. Characters that the library made up (line ends) have no box."""

    text: str
    tight: Box | None
    loose: Box | None


@dataclass(frozen=True, slots=True)
class Affine:
    """x' = a x + c y + e, y' = b x + d y + f: page space to the page as shown."""

    a: float
    b: float
    c: float
    d: float
    e: float
    f: float

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        xs = [self.a * x + self.c * y + self.e for x in (left, right) for y in (bottom, top)]
        ys = [self.b * x + self.d * y + self.f for x in (left, right) for y in (bottom, top)]
        return min(xs), min(ys), max(xs), max(ys)


def shown(page: Any) -> Affine:
    """How page space lies on the page as shown."""
    width, height = page.get_size()

    def point(x: float, y: float) -> tuple[float, float]:
        left, top = ctypes.c_int(), ctypes.c_int()
        size = round(width * _FINE), round(height * _FINE)
        pdfium.FPDF_PageToDevice(page.raw, 0, 0, *size, 0, x, y, left, top)
        return left.value / _FINE, top.value / _FINE

    origin, right, up = point(0, 0), point(1000, 0), point(0, 1000)
    return Affine(
        (right[0] - origin[0]) / 1000,
        (right[1] - origin[1]) / 1000,
        (up[0] - origin[0]) / 1000,
        (up[1] - origin[1]) / 1000,
        *origin,
    )


def glyphs(page: Any, name: str) -> list[Glyph]:
    """One for each character of the text layer, in its order."""
    affine = shown(page)
    text_page = page.get_textpage()
    try:
        raw = text_page.raw
        count = text_page.count_chars()
        if count > limits.PDF_PAGE_CHARS:
            raise ReadingError(name, f"PDF 有一页的文字超过 {limits.PDF_PAGE_CHARS // 10_000} 万字", "请拆成几份再试")
        left, right, bottom, top = (ctypes.c_double() for _ in range(4))
        rectangle = pdfium.FS_RECTF()
        listed = []
        for index in range(count):
            code = pdfium.FPDFText_GetUnicode(raw, index)
            text = chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else " "
            if pdfium.FPDFText_IsGenerated(raw, index) == 1:
                listed.append(Glyph(text if text.isspace() else " ", None, None))
                continue
            tight = loose = None
            if pdfium.FPDFText_GetCharBox(raw, index, left, right, bottom, top):
                tight = affine.box(left.value, bottom.value, right.value, top.value)
            if pdfium.FPDFText_GetLooseCharBox(raw, index, rectangle):
                loose = affine.box(rectangle.left, rectangle.bottom, rectangle.right, rectangle.top)
            listed.append(Glyph(text, tight, loose or tight))
        return listed
    finally:
        text_page.close()


def centre_in(box: Box | None, area: Box) -> bool:
    """Does the centre of a box lie in an area, its edge included?"""
    if box is None:
        return False
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return area[0] <= x <= area[2] and area[1] <= y <= area[3]
