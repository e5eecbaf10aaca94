"""An independent look at a redacted file: whatever was to go is looked for again, in another way than it was taken out.

It reads the bytes of the result and nothing of the redaction: raw bytes, decoded streams, strings, text layers, in UTF-8,
UTF-16, GB 18030 and hexadecimal. It cannot read pictures. docx: verify_docx.py.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from typing import Any

import pikepdf
import pypdfium2
from PIL import Image

from gongkai.reading.files.pdf import LOCK
from gongkai.redaction.errors import RedactionError
from gongkai.redaction.glyphs import centre_in, glyphs
from gongkai.redaction.plan import Area, squeezed

SHORT = 4
"""Bytes of an encoded word from which it is looked for in decoded text: two Chinese characters."""
RAW = 6
"""The same for packed data, pictures and words in ASCII, where chance would find shorter ones (or coordinates would)."""
_MEND = "没有输出任何文件；请换一种遮盖方式（例如把整页框选），或联系维护人员"
_ROOT = frozenset({"/Type", "/Pages", "/Version", "/Extensions"})
_PAGE = frozenset(
    {"/Type", "/Parent", "/MediaBox", "/CropBox", "/BleedBox", "/TrimBox", "/ArtBox", "/Rotate", "/Resources", "/Contents", "/UserUnit"}
)
_OPAQUE = frozenset({"/DCTDecode", "/JPXDecode", "/JBIG2Decode", "/CCITTFaxDecode"})
_LIGHT = 60
"""Grey value that a painted pixel may reach after JPEG."""


def pdf(data: bytes, name: str, words: Iterable[str], areas: Iterable[Area], pages: int) -> None:
    """Raises RedactionError when a word is found anywhere, a character in an area, or something beside the pages."""
    words, areas = [word for word in map(squeezed, words) if word], list(areas)
    if data.count(b"%%EOF") != 1:
        raise failed(name, "输出里留有较早的版本")
    raw(data, name, words, "文件", RAW)
    with pikepdf.open(io.BytesIO(data)) as document:
        if len(document.pages) != pages:
            raise failed(name, f"页数从 {pages} 变成了 {len(document.pages)}")
        extra = (set(document.Root.keys()) - _ROOT) | ({"/Info"} if document.trailer.get("/Info") else set())
        for page in document.pages:
            extra |= set(page.obj.keys()) - _PAGE
        if extra:
            raise failed(name, f"输出里还有页面以外的内容（{'、'.join(sorted(extra))}）")
        for item in document.objects:
            _object(item, name, words, 0)
    with LOCK:
        _text_layers(data, name, words, areas)


def image(data: bytes, name: str, areas: Iterable[Area], sizes: list[tuple[int, int]]) -> None:
    """Raises RedactionError when a box is not black, metadata is left, or pages or sizes changed."""
    with Image.open(io.BytesIO(data)) as opened:
        frames = getattr(opened, "n_frames", 1)
        if frames != len(sizes):
            raise failed(name, f"页数从 {len(sizes)} 变成了 {frames}")
        remarks = {key for key in opened.info if key in ("exif", "xmp", "XML:com.adobe.xmp", "comment", "icc_profile", "photoshop", "mp")}
        if remarks or (opened.format != "TIFF" and len(opened.getexif())):
            raise failed(name, "输出里还有图片属性")
        for number in range(frames):
            opened.seek(number)
            if opened.size != sizes[number]:
                raise failed(name, f"第 {number + 1} 页的大小变了")
            grey = opened.convert("L")
            for area in areas:
                # A pixel in from the edge: JPEG mixes neighbours.
                left, top = max(0, int(area.box[0] + 2)), max(0, int(area.box[1] + 2))
                right, bottom = min(grey.width, int(area.box[2] - 2)), min(grey.height, int(area.box[3] - 2))
                if area.page == number + 1 and left < right and top < bottom:
                    high = grey.crop((left, top, right, bottom)).getextrema()[1]
                    if isinstance(high, int | float) and high > _LIGHT:
                        raise failed(name, f"第 {area.page} 页有一处没有盖住")


def _object(item: Any, name: str, words: list[str], depth: int) -> None:
    """One indirect object with all that is written directly in it."""
    if depth > 20:
        return
    if isinstance(item, pikepdf.Stream):
        for _, value in item.items():
            _object(value, name, words, depth + 1)
        filters: Any = item.get("/Filter", [])
        named = {str(one) for one in filters} if isinstance(filters, pikepdf.Array) else {str(filters)}
        if item.get("/Subtype") == "/Image" or named & _OPAQUE:
            raw(item.read_raw_bytes(), name, words, "图片", RAW)
            return
        content = item.read_bytes()
        raw(content, name, words, "页面内容")
        if words and (b"Tj" in content or b"TJ" in content or b"BDC" in content):
            _content(item, name, words)
    elif isinstance(item, pikepdf.Dictionary):
        for key, value in item.items():
            if key != "/Parent" and not getattr(value, "is_indirect", False):
                _object(value, name, words, depth + 1)
    elif isinstance(item, pikepdf.Array):
        for value in item:
            if not getattr(value, "is_indirect", False):
                _object(value, name, words, depth + 1)
    elif isinstance(item, pikepdf.String):
        _string(item, name, words)


def _string(item: Any, name: str, words: list[str]) -> None:
    text = squeezed(str(item))
    if any(word in text for word in words if len(word.encode()) >= RAW or text == word):
        raise failed(name, "文件的字符串里还有要遮盖的文字")
    raw(bytes(item), name, words, "字符串")


def _content(stream: Any, name: str, words: list[str]) -> None:
    """Strings of a content stream: what ActualText and plain encodings say without any font."""
    try:
        instructions: Any = pikepdf.parse_content_stream(stream)
    except (pikepdf.PdfError, TypeError, ValueError):
        return  # a form or a font program that only looks like a page
    for operands, _ in instructions:
        for operand in operands:
            if isinstance(operand, pikepdf.String):
                _string(operand, name, words)
            elif isinstance(operand, pikepdf.Array):
                parts = [part for part in operand if isinstance(part, pikepdf.String)]
                for part in parts:
                    _string(part, name, words)
                raw(b"".join(bytes(part) for part in parts), name, words, "页面内容")
            elif isinstance(operand, pikepdf.Dictionary):
                _object(operand, name, words, 1)


def _text_layers(data: bytes, name: str, words: list[str], areas: list[Area]) -> None:
    document = pypdfium2.PdfDocument(data)
    try:
        wanted = range(1, len(document) + 1) if words else sorted({area.page for area in areas})
        for number in wanted:
            page = document[number - 1]
            try:
                found = glyphs(page, name)
            finally:
                page.close()
            text = squeezed("".join(glyph.text for glyph in found))
            if any(word in text for word in words):
                raise failed(name, f"第 {number} 页还能取出要遮盖的文字")
            boxes = [area.box for area in areas if area.page == number]
            if any(centre_in(glyph.loose, box) for glyph in found if glyph.text.strip() for box in boxes):
                raise failed(name, f"第 {number} 页遮盖的地方还能取出文字")
    finally:
        document.close()


def raw(content: bytes, name: str, words: list[str], where: str, least: int = SHORT) -> None:
    """Raises RedactionError where a word stands in the bytes."""
    for word in words:
        for needle in _needles(word, least):
            if needle in content:
                raise failed(name, f"{where}里还能找到要遮盖的文字")
    # Hexadecimal strings may be wrapped and in either case.
    if words and re.search(rb"[0-9A-Fa-f]{8}", content):
        lower = content.lower()
        for word in words:
            for needle in _needles(word, least):
                if needle.hex().encode() in lower:
                    raise failed(name, f"{where}里还能找到要遮盖的文字（十六进制）")


def _needles(word: str, least: int) -> Iterator[bytes]:
    for coding in ("utf-8", "utf-16-be", "utf-16-le", "gb18030"):
        encoded = word.encode(coding, "ignore")
        if len(encoded) >= (RAW if word.isascii() else least):
            yield encoded


def failed(name: str, problem: str) -> RedactionError:
    """The sentence with which nothing is handed out."""
    return RedactionError(name, f"遮盖后的检查没有通过：{problem}", _MEND)
