"""Pictures: what a camera or a program wrote beside the picture, and the text on it when text recognition is installed."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator

from PIL import ExifTags, Image

from gongkai.reading.errors import ReadingError
from gongkai.reading.files import ocr
from gongkai.reading.files.package import Budget
from gongkai.screening import masking
from gongkai.screening.model import Passage

_PERSONAL = {
    ExifTags.Base.Artist: "作者",
    ExifTags.Base.Copyright: "版权",
    ExifTags.Base.XPAuthor: "作者",
    ExifTags.Base.XPComment: "备注",
    ExifTags.Base.ImageDescription: "说明",
    ExifTags.Base.HostComputer: "主机",
}
_CAMERA = {ExifTags.Base.Make: "设备厂商", ExifTags.Base.Model: "设备型号", ExifTags.Base.DateTime: "时间", ExifTags.Base.Software: "软件"}
_MEND = "请用图片软件打开后另存一份再试"
MOST_PIXELS = 100_000_000


def is_picture(data: bytes) -> bool:
    starts = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"II*\0", b"MM\0*")
    return data.startswith(starts) or data[8:12] == b"WEBP" or (data.startswith(b"BM") and data[6:10] == b"\0\0\0\0")


def passages(data: bytes, name: str, budget: Budget) -> Iterator[Passage]:
    yield from metadata(data, "EXIF", name)
    if ocr.is_enabled():
        text = "\n".join(ocr.picture(data))
        yield Passage("picture", text)
    else:
        yield Passage("picture", "", "hidden.unread", "图片中的文字")


def metadata(data: bytes, where: str, name: str | None = None) -> Iterator[Passage]:
    """Findings about place, camera and author. Only the head is decoded. Raises ReadingError where `name` is given and the head is bad."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data)) as opened:
                if opened.width * opened.height > MOST_PIXELS:
                    raise ReadingError(name or where, f"图片超过 {MOST_PIXELS // 10_000} 万像素", "请缩小后再试")
                exif = opened.getexif()
                remarks = {str(key): value for key, value in opened.info.items() if isinstance(value, str) and value.strip()}
    except ReadingError:
        if name is not None:
            raise
        return
    except Exception as error:
        # Pillow's decoders raise many kinds; a picture inside a document that cannot be opened has nothing to tell.
        if name is not None:
            raise ReadingError(name, "图片已损坏，打不开", _MEND) from error
        return
    if exif.get_ifd(ExifTags.IFD.GPSInfo):
        yield Passage(where, "", "metadata.location", "拍摄位置")
    for tag, words in _PERSONAL.items():
        if value := _words(exif.get(tag)):
            yield Passage(where, value, "metadata.person", f"{words}：{masking.words(value)}")
    camera = [words for tag, words in _CAMERA.items() if _words(exif.get(tag))]
    if camera:
        yield Passage(where, "", "metadata.picture", "、".join(camera))
    for key, value in remarks.items():
        if key.lower() not in ("srgb", "jfif_unit", "adobe"):
            yield Passage(where, value[:10_000], "metadata.picture", f"{key[:20]}：{masking.words(value)}")


def _words(value: object) -> str:
    if isinstance(value, bytes):
        value = value.decode("utf-16-le", "ignore")
    return str(value).strip("\0 ") if value else ""
