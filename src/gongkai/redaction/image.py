"""Pictures: boxes painted, every frame decoded and written anew: no Exif, no thumbnail, no pixels hidden behind transparency."""

from __future__ import annotations

import io
import warnings
from typing import Any

from PIL import Image, ImageOps, ImageSequence

from gongkai.redaction.drawing import paint
from gongkai.redaction.errors import RedactionError
from gongkai.redaction.plan import Covered, Plan, Redacted
from gongkai.screening.places.picture import MOST_PIXELS

_MEND = "请用图片软件打开后另存为 png 或 jpg 再试"
_WRITTEN: dict[str, dict[str, Any]] = {
    "JPEG": {"quality": 92},
    "MPO": {"quality": 92},
    "PNG": {"optimize": False},
    "TIFF": {"compression": "tiff_deflate"},
    "WEBP": {"lossless": True},
    "BMP": {},
}


def redact(data: bytes, name: str, plan: Plan) -> Redacted:
    """Boxes in pixels of the picture as shown (turned by its Exif orientation). Raises RedactionError for what cannot be decoded."""
    if plan.words or plan.spans:
        raise RedactionError(name, "图片里没有文字层，不能按文字遮盖", "请在图片上框选要遮盖的地方")
    form, frames = _frames(data, name)
    for area in plan.areas:
        if not 1 <= area.page <= len(frames):
            raise RedactionError(name, f"要遮盖的第 {area.page} 页不存在，文件共 {len(frames)} 页", "请重新选择页码")
    for number, frame in enumerate(frames, 1):
        paint(frame, [area.box for area in plan.areas if area.page == number])
    out = io.BytesIO()
    more = {"save_all": True, "append_images": frames[1:]} if len(frames) > 1 else {}
    frames[0].save(out, "JPEG" if form == "MPO" else form, **_WRITTEN[form], **more)
    covered = tuple(Covered(area.page, area.box, area.ground, 0) for area in plan.areas)
    return Redacted(out.getvalue(), covered, drawn=tuple(range(1, len(frames) + 1)))


def _frames(data: bytes, name: str) -> tuple[str, list[Image.Image]]:
    frames: list[Image.Image] = []
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data)) as opened:
                form = opened.format or ""
                if form not in _WRITTEN:
                    raise RedactionError(name, f"不能遮盖 {form or '这种'} 图片", _MEND)
                total = 0
                # A telephone's MPO holds a second picture of the same scene; only the one that is shown stays.
                for frame in [opened] if form == "MPO" else ImageSequence.Iterator(opened):
                    total += frame.width * frame.height
                    if total > MOST_PIXELS:
                        raise RedactionError(name, f"图片超过 {MOST_PIXELS // 10_000} 万像素", "请缩小或拆开后再试")
                    frames.append(_plain(ImageOps.exif_transpose(frame)))
    except RedactionError:
        raise
    except Exception as error:
        # Pillow's decoders raise many kinds for a broken file.
        raise RedactionError(name, "图片已损坏，打不开", _MEND) from error
    if form == "WEBP" and len(frames) > 1:
        raise RedactionError(name, "不能遮盖会动的图片", _MEND)
    return form, frames


def _plain(frame: Image.Image) -> Image.Image:
    """Grey or RGB on white, with nothing beside the pixels."""
    if frame.mode.startswith(("I", "F")):
        low, high = frame.convert("F").getextrema()
        deep = 256.0 if isinstance(high, int | float) and high > 255 else 1.0
        frame = frame.convert("F").point(lambda value: value / deep).convert("L")
    elif frame.mode in ("RGBA", "LA", "PA") or "transparency" in frame.info:
        over = frame.convert("RGBA")
        ground = Image.new("RGB", over.size, "white")
        ground.paste(over, mask=over.getchannel("A"))
        frame = ground
    else:
        frame = frame.convert("L" if frame.mode in ("1", "L") else "RGB")
    clean = Image.new(frame.mode, frame.size)
    clean.paste(frame)
    return clean
