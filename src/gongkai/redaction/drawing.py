"""A PDF page as a picture with its remaining text, invisible, under it."""

from __future__ import annotations

import io
import math
import struct
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

import pikepdf
from PIL import Image, ImageChops, ImageDraw

from gongkai.redaction.glyphs import Glyph
from gongkai.redaction.plan import Box

DPI = 200
MOST_PIXELS = 60_000_000
"""Of one page; a larger one (plans on A0) is drawn coarser."""
_QUALITY = 88
_PRINT = 0.8
"""Share of black and white pixels from which a grey page is print and no photograph."""
_GREY = 12
"""Largest difference between the colours of a pixel in a picture without colour."""
_TO_UNICODE = b"""/CIDInit /ProcSet findresource begin 12 dict begin begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def /CMapType 2 def
1 begincodespacerange <0000> <FFFF> endcodespacerange
%s
endcmap CMapName currentdict /CMap defineresource pop end end"""


def rendered(page: Any, boxes: Iterable[Box]) -> Image.Image:
    """The page at DPI with black boxes; the boxes go to whole pixels, outwards."""
    width, height = page.get_size()
    scale = min(DPI / 72, math.sqrt(MOST_PIXELS / max(1.0, width * height)))
    picture = page.render(scale=scale, may_draw_forms=True).to_pil().convert("RGB")
    paint(picture, [(left * scale, top * scale, right * scale, bottom * scale) for left, top, right, bottom in boxes])
    return _without_colour(picture)


def paint(picture: Image.Image, boxes: Iterable[Box]) -> None:
    """Black boxes in pixels, outwards to whole ones; what lies outside the picture is left out."""
    draw = ImageDraw.Draw(picture)
    for left, top, right, bottom in boxes:
        low = max(0, math.floor(left)), max(0, math.floor(top))
        high = min(picture.width, math.ceil(right)) - 1, min(picture.height, math.ceil(bottom)) - 1
        if low[0] <= high[0] and low[1] <= high[1]:
            draw.rectangle((*low, *high), fill=0)


def font(document: pikepdf.Pdf) -> Any:
    """A font for text that is not shown: each character is a square of one em, and its number is its Unicode."""
    program = _squares()
    descriptor = pikepdf.Dictionary(
        Type=pikepdf.Name.FontDescriptor,
        FontName=pikepdf.Name.GongkaiUnseen,
        Flags=4,
        FontBBox=[0, 0, 1000, 1000],
        ItalicAngle=0,
        Ascent=1000,
        Descent=0,
        CapHeight=1000,
        StemV=80,
        FontFile2=document.make_stream(program, Length1=len(program)),
    )
    descendant = pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name.CIDFontType2,
        BaseFont=pikepdf.Name.GongkaiUnseen,
        CIDSystemInfo=pikepdf.Dictionary(Registry=b"Adobe", Ordering=b"Identity", Supplement=0),
        FontDescriptor=document.make_indirect(descriptor),
        DW=1000,
        CIDToGIDMap=document.make_stream(b"\0\1" * 65536),
    )
    return document.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Font,
            Subtype=pikepdf.Name.Type0,
            BaseFont=pikepdf.Name.GongkaiUnseen,
            Encoding=pikepdf.Name("/Identity-H"),
            DescendantFonts=[document.make_indirect(descendant)],
            ToUnicode=document.make_stream(_TO_UNICODE % _ranges()),
        )
    )


@cache
def _squares() -> bytes:
    """A TrueType program of one square. Readers drop characters for which a font has no shape, so there must be one."""
    from fontTools.fontBuilder import FontBuilder
    from fontTools.pens.ttGlyphPen import TTGlyphPen

    pen = TTGlyphPen(None)
    pen.moveTo((0, 0))
    for corner in ((0, 1000), (1000, 1000), (1000, 0)):
        pen.lineTo(corner)
    pen.closePath()
    square = pen.glyph()
    made = FontBuilder(1000, isTTF=True)
    made.setupGlyphOrder([".notdef", "square"])
    made.setupCharacterMap({0x25A0: "square"})
    made.setupGlyf({".notdef": square, "square": square})
    made.setupHorizontalMetrics({".notdef": (1000, 0), "square": (1000, 0)})
    made.setupHorizontalHeader(ascent=1000, descent=0)
    made.setupNameTable({"familyName": "GongkaiUnseen", "styleName": "Regular"})
    made.setupOS2(sTypoAscender=1000, sTypoDescender=0, usWinAscent=1000, usWinDescent=0)
    made.setupPost()
    # Fixed times: the same file gives the same bytes.
    made.font["head"].created = made.font["head"].modified = 0
    made.font.recalcTimestamp = False
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def _ranges() -> bytes:
    """Every number is its own Unicode: ranges may not cross a high byte, and no block may hold more than a hundred."""
    lines = [f"<{high:02X}00> <{high:02X}FF> <{high:02X}00>" for high in range(256)]
    blocks = [lines[at : at + 100] for at in range(0, 256, 100)]
    return "\n".join(f"{len(block)} beginbfrange\n" + "\n".join(block) + "\nendbfrange" for block in blocks).encode("ascii")


def add_page(document: pikepdf.Pdf, font_: Any, size: tuple[float, float], picture: Image.Image, glyphs: Sequence[Glyph]) -> int:
    """Appends the page: the text first, invisible, then the picture over the whole page. Returns the bytes of the picture."""
    width, height = size
    image = _image(document, picture)
    content = f"{_text(glyphs, height)}q {width:.4f} 0 0 {height:.4f} 0 0 cm /P Do Q\n".encode("ascii")
    page = pikepdf.Dictionary(
        Type=pikepdf.Name.Page,
        MediaBox=[0, 0, width, height],
        Resources=pikepdf.Dictionary(XObject=pikepdf.Dictionary(P=image), Font=pikepdf.Dictionary(F=font_)),
        Contents=document.make_stream(content),
    )
    document.pages.append(pikepdf.Page(document.make_indirect(page)))
    return len(image.read_raw_bytes())


def _image(document: pikepdf.Pdf, picture: Image.Image) -> Any:
    """Print as sixteen greys, which keeps letters sharp in a quarter of the bytes; everything else as JPEG."""
    common = {"Type": pikepdf.Name.XObject, "Subtype": pikepdf.Name.Image, "Width": picture.width, "Height": picture.height}
    stream = io.BytesIO()
    if picture.mode == "L":
        counts = picture.histogram()
        if sum(counts[:16]) + sum(counts[240:]) > _PRINT * sum(counts):
            levels = Image.frombytes("P", picture.size, picture.point([value >> 4 for value in range(256)]).tobytes())
            levels.putpalette([value * 17 for value in range(16) for _ in range(3)])
            levels.save(stream, "PNG", bits=4)
            parameters = pikepdf.Dictionary(Predictor=15, Colors=1, BitsPerComponent=4, Columns=picture.width)
            grey = {"BitsPerComponent": 4, "ColorSpace": pikepdf.Name.DeviceGray}
            return document.make_stream(
                _pixels(stream.getvalue()), Filter=pikepdf.Name.FlateDecode, DecodeParms=parameters, **grey, **common
            )
    picture.save(stream, "JPEG", quality=_QUALITY)
    space = pikepdf.Name.DeviceGray if picture.mode == "L" else pikepdf.Name.DeviceRGB
    return document.make_stream(stream.getvalue(), Filter=pikepdf.Name.DCTDecode, BitsPerComponent=8, ColorSpace=space, **common)


def _pixels(png: bytes) -> bytes:
    """What the IDAT chunks of a PNG hold: PDF reads the same."""
    parts, at = [], 8
    while at < len(png):
        (size,) = struct.unpack(">I", png[at : at + 4])
        if png[at + 4 : at + 8] == b"IDAT":
            parts.append(png[at + 8 : at + 8 + size])
        at += 12 + size
    return b"".join(parts)


def _text(glyphs: Sequence[Glyph], height: float) -> str:
    parts = []
    for glyph in glyphs:
        box = glyph.loose
        # Characters beyond the basic plane would need two numbers; they stay in the picture alone.
        if box is None or not 32 <= ord(glyph.text) < 0x10000:
            continue
        wide, high = max(box[2] - box[0], 0.01), max(box[3] - box[1], 0.01)
        parts.append(f"{wide:.3f} 0 0 {high:.3f} {box[0]:.3f} {height - box[3]:.3f} Tm <{ord(glyph.text):04X}> Tj\n")
    return f"BT 3 Tr /F 1 Tf\n{''.join(parts)}ET\n" if parts else ""


def _without_colour(picture: Image.Image) -> Image.Image:
    small = picture.resize((max(1, picture.width // 4), max(1, picture.height // 4)), Image.Resampling.BOX)
    red, green, blue = small.split()
    extremes = [ImageChops.difference(a, b).getextrema() for a, b in ((red, green), (green, blue))]
    is_grey = all(isinstance(high, int | float) and high <= _GREY for _, high in extremes)
    return picture.convert("L") if is_grey else picture
