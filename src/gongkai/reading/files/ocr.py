"""The hook for scanned pages. Off unless rapidocr is installed (the extra `gongkai[ocr]`) and GONGKAI_OCR=1."""

from __future__ import annotations

import importlib
import importlib.util
import os
from functools import cache
from typing import Any

from gongkai.reading.files.lines import Line, Page

HOW_TO_ENABLE = "启用文字识别：pip install gongkai[ocr]，并设置环境变量 GONGKAI_OCR=1"
SCALE = 200 / 72
"""Rendered at 200 dots an inch: enough for printed text, a quarter of the memory of 400."""


def is_enabled() -> bool:
    """Both installed and asked for: reading pictures takes seconds a page, nobody should fall into it."""
    return os.environ.get("GONGKAI_OCR") == "1" and importlib.util.find_spec("rapidocr") is not None


@cache
def _engine() -> Any:
    return importlib.import_module("rapidocr").RapidOCR()


def page(pdf_page: Any) -> Page:
    """The lines seen on a page, top to bottom, in points."""
    width, height = pdf_page.get_size()
    seen = _engine()(_picture(pdf_page))
    boxes = seen.boxes if seen.boxes is not None else ()
    lines = [_line(box, text) for box, text in zip(boxes, seen.txts or (), strict=False)]
    lines.sort(key=lambda line: (round(line.top / max(line.size, 1.0)), line.left))
    return Page(width, height, lines)


def picture(data: bytes) -> list[str]:
    """The lines seen on a picture file, top to bottom."""
    return [str(text) for text in _engine()(data).txts or ()]


def _picture(pdf_page: Any) -> Any:
    """The page as an array of height × width × 3 (numpy comes with rapidocr and is no requirement of ours)."""
    bitmap = pdf_page.render(scale=SCALE)
    try:
        return bitmap.to_numpy().copy()
    finally:
        bitmap.close()


def _line(box: Any, text: str) -> Line:
    across = [float(point[0]) / SCALE for point in box]
    down = [float(point[1]) / SCALE for point in box]
    return Line(str(text), min(across), max(across), min(down), max(down), max(down) - min(down))
