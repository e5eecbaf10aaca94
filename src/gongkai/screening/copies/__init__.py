"""Copies fit to be published: personal values masked, and what readers do not see taken out. The original is never changed."""

from __future__ import annotations

import io
import logging
import zipfile

from gongkai.reading.errors import ReadingError
from gongkai.reading.files import archive, limits
from gongkai.reading.files.package import BOMB_MEND, Budget
from gongkai.screening.copies import docx, html, ofd, pdf, picture, plain, xlsx
from gongkai.screening.copies.values import Chooser, chosen, is_maskable, personal
from gongkai.screening.places import kind_of

__all__ = ["Chooser", "chosen", "fit_to_publish", "for_public", "is_maskable", "stripped"]

_log = logging.getLogger(__name__)
_COPIES = {"docx": docx.copy, "xlsx": xlsx.copy, "txt": plain.copy, "html": html.copy}
_STRIPPED = {"pdf": pdf.strip, "picture": picture.strip, "ofd": ofd.strip}


def stripped(data: bytes, name: str) -> bytes:
    """A copy without metadata, remarks and hidden parts, otherwise the same; see `for_public`."""
    return for_public(data, name, None)


def fit_to_publish(data: bytes, name: str) -> bytes:
    """`stripped`, and personal values masked as well by today's rules; see `for_public`."""
    return for_public(data, name, personal)


def for_public(data: bytes, name: str, choose: Chooser | None) -> bytes:
    """A copy without what readers do not see (docx, xlsx, html, pdf, ofd without seals, jpeg, png, webp), and with the chosen values masked
    (docx, xlsx, html, txt, csv); of a zip with a copy of each member. Nothing is masked where `choose` is None.

    PDF, OFD and pictures are stripped only: their text cannot be replaced without drawing the page anew. What is left is for another
    screening to tell. Raises ReadingError for other kinds and for what cannot be read.
    """
    return _made(data, name, choose, Budget(), 0)


def _made(data: bytes, name: str, choose: Chooser | None, budget: Budget, depth: int) -> bytes:
    kind = kind_of(data, name, budget)
    try:
        if kind == "zip":
            return _zip(data, name, choose, budget, depth)
        if kind in _COPIES:
            return _COPIES[kind](data, name, budget, choose)
        if kind in _STRIPPED:
            return _STRIPPED[kind](data, name)
    except ReadingError:
        raise
    except Exception as error:
        _log.exception("unexpected failure while copying a %s file", kind)
        raise ReadingError(name, "文件不合规范，不能制作副本", "请用 WPS 或 Word 打开后重新另存一份再试") from error
    raise ReadingError(name, f"不能为 {kind} 文件制作副本", "可用 docx、xlsx、pdf、ofd、html、txt、csv、zip 和 jpg、png、webp 图片")


def _zip(data: bytes, name: str, choose: Chooser | None, budget: Budget, depth: int) -> bytes:
    """A member that cannot be copied refuses the whole: nothing is left out in silence."""
    if depth > limits.ZIP_DEPTH:
        raise ReadingError(name, f"压缩包嵌套超过 {limits.ZIP_DEPTH} 层", BOMB_MEND)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for label, member in archive.members(data, name, budget):
            if isinstance(member, ReadingError):
                raise member
            inner = zipfile.ZipInfo(label.removeprefix(f"{name}!"), (1980, 1, 1, 0, 0, 0))
            target.writestr(inner, _made(member, label, choose, budget, depth + 1), zipfile.ZIP_DEFLATED)
    return out.getvalue()
