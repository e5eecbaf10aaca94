"""Pictures: the segments that hold metadata out, the picture itself byte for byte as it was.

Nothing is decoded and written again, so that no picture loses quality. The orientation of a photograph is kept: it belongs to what is seen.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator

from PIL import ExifTags, Image

from gongkai.reading.errors import ReadingError

_MEND = "请用图片软件打开后另存为 jpg 或 png 再试"
_PNG_DROPPED = frozenset({b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME"})
_WEBP_DROPPED = frozenset({b"EXIF", b"XMP "})


def strip(data: bytes, name: str) -> bytes:
    """Raises ReadingError for other kinds than jpeg, png and webp, and for a broken one."""
    try:
        if data.startswith(b"\xff\xd8\xff"):
            return b"".join(_jpeg(data))
        if data.startswith(b"\x89PNG\r\n"):
            return b"".join(_png(data))
        if data[8:12] == b"WEBP":
            body = b"".join(_webp(data))
            return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body
    except (struct.error, IndexError) as error:
        raise ReadingError(name, "图片已损坏，打不开", _MEND) from error
    raise ReadingError(name, "这种图片不能去除属性", _MEND)


def _jpeg(data: bytes) -> Iterator[bytes]:
    yield data[:2]
    turned = _orientation(data)
    if turned != 1:
        yield _turned(turned)
    at = 2
    while data[at] == 0xFF and data[at + 1] != 0xDA:
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        (size,) = struct.unpack(">H", data[at + 2 : at + 4])
        segment = data[at : at + 2 + size]
        # APP0 (JFIF), APP2 (colour profile) and APP14 (colour transform) say how to show the picture; other APPn and COM do not.
        if not (0xE0 <= marker <= 0xEF or marker == 0xFE) or marker in (0xE0, 0xEE) or segment[4:16] == b"ICC_PROFILE\0":
            yield segment
        at += 2 + size
    # Inside a scan FF is followed by 00, so that the first end marker is the end. Behind it telephones hide a second picture.
    end = data.find(b"\xff\xd9", at)
    yield data[at : end + 2 if end >= 0 else len(data)]


def _orientation(data: bytes) -> int:
    try:
        with Image.open(io.BytesIO(data)) as opened:
            turned = opened.getexif().get(ExifTags.Base.Orientation, 1)
    except Exception:
        return 1  # Pillow raises many kinds for a bad head; the segments are copied all the same
    return turned if isinstance(turned, int) and 1 <= turned <= 8 else 1


def _turned(orientation: int) -> bytes:
    """An Exif segment that holds the orientation alone."""
    body = b"Exif\0\0MM\0*" + struct.pack(">IHHHIHHI", 8, 1, ExifTags.Base.Orientation, 3, 1, orientation, 0, 0)
    return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body


def _png(data: bytes) -> Iterator[bytes]:
    yield data[:8]
    at = 8
    while at < len(data):
        (size,) = struct.unpack(">I", data[at : at + 4])
        kind, chunk = data[at + 4 : at + 8], data[at : at + 12 + size]
        if len(chunk) != 12 + size or zlib.crc32(chunk[4:-4]) != struct.unpack(">I", chunk[-4:])[0]:
            raise IndexError("a chunk is cut off or damaged")
        if kind not in _PNG_DROPPED:
            yield chunk
        at += 12 + size
        if kind == b"IEND":
            return


def _webp(data: bytes) -> Iterator[bytes]:
    at = 12
    while at + 8 <= len(data):
        kind = data[at : at + 4]
        (size,) = struct.unpack("<I", data[at + 4 : at + 8])
        chunk = data[at : at + 8 + size + size % 2]
        if kind == b"VP8X":
            # The flags announce Exif (bit 3) and XMP (bit 2), which go.
            chunk = chunk[:8] + bytes([chunk[8] & ~0x0C]) + chunk[9:]
        if kind not in _WEBP_DROPPED:
            yield chunk
        at += 8 + size + size % 2
