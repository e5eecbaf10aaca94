"""Copies fit to be published: personal values masked, and what readers do not see taken out. The original is never changed."""

from __future__ import annotations

import logging

from gongkai.reading.errors import ReadingError
from gongkai.reading.files.package import Budget
from gongkai.screening.copies import docx, pdf, picture, plain, xlsx
from gongkai.screening.places import kind_of

_log = logging.getLogger(__name__)
_BOTH = {"docx": docx.copy, "xlsx": xlsx.copy}
_STRIPPED = {"pdf": pdf.strip, "picture": picture.strip}


def stripped(data: bytes, name: str) -> bytes:
    """A copy without metadata, remarks and hidden parts (docx, xlsx, pdf, jpeg, png, webp), otherwise the same.

    Raises ReadingError for other kinds and for what cannot be read.
    """
    return _made(data, name, mask=False)


def fit_to_publish(data: bytes, name: str) -> bytes:
    """`stripped`, and personal values masked as well (docx, xlsx, txt, csv).

    PDF and pictures are stripped only: their text cannot be replaced without drawing the page anew. What is left is for another
    screening to tell. Raises ReadingError as `stripped` does.
    """
    return _made(data, name, mask=True)


def _made(data: bytes, name: str, mask: bool) -> bytes:
    budget = Budget()
    kind = kind_of(data, name, budget)
    try:
        if kind in _BOTH:
            return _BOTH[kind](data, name, budget, mask)
        if kind in _STRIPPED:
            return _STRIPPED[kind](data, name)
        if kind == "txt":
            return plain.masked(data, name) if mask else data
    except ReadingError:
        raise
    except Exception as error:
        _log.exception("unexpected failure while copying a %s file", kind)
        raise ReadingError(name, "文件不合规范，不能制作副本", "请用 WPS 或 Word 打开后重新另存一份再试") from error
    raise ReadingError(name, f"不能为 {kind} 文件制作副本", "可用 docx、xlsx、pdf、txt、csv 和 jpg、png、webp 图片")
