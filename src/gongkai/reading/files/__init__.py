"""Files of any supported format into `Extracted`. No disk, no network, no database: only the bytes handed in."""

from __future__ import annotations

import logging
from collections.abc import Iterator

from gongkai.reading.errors import ReadingError
from gongkai.reading.extracted import Extracted
from gongkai.reading.files import archive, docx, html, limits, ofd, pdf, txt
from gongkai.reading.files.detect import detect
from gongkai.reading.files.package import BOMB_MEND, Budget

__all__ = ["extract", "extract_all"]

_log = logging.getLogger(__name__)


def extract_all(data: bytes, name: str) -> Iterator[Extracted | ReadingError]:
    """Every document in a file: one item, or for a zip one item for each member, named "outer.zip!inner.docx".

    What cannot be read is yielded as the ReadingError that says why; nothing is raised for bad input. `data` is the whole
    file (limits: `limits.py`), `name` its file name, used in messages and as the hint of last resort.
    """
    yield from _extract_all(data, name, Budget(), 0)


def extract(data: bytes, name: str) -> Extracted:
    """The one document in a file. Raises ReadingError for bad input, a zip of documents included."""
    return _read(data, name, Budget())


def _extract_all(data: bytes, name: str, budget: Budget, depth: int) -> Iterator[Extracted | ReadingError]:
    try:
        _check_size(data, name)
        if detect(data, name, budget) != "zip":
            yield _read(data, name, budget)
            return
        if depth > limits.ZIP_DEPTH:
            raise ReadingError(name, f"压缩包嵌套超过 {limits.ZIP_DEPTH} 层", BOMB_MEND)
        for label, member in archive.members(data, name, budget):
            if isinstance(member, ReadingError):
                yield _without_trace(member)
            else:
                yield from _extract_all(member, label, budget, depth + 1)
    except ReadingError as error:
        yield _without_trace(error)


def _read(data: bytes, name: str, budget: Budget) -> Extracted:
    _check_size(data, name)
    kind = detect(data, name, budget)
    try:
        if kind == "docx":
            return docx.read(data, name, budget)
        if kind == "pdf":
            return pdf.read(data, name)
        if kind == "ofd":
            return ofd.read(data, name, budget)
        if kind == "html":
            return html.read(data, name)
        if kind == "txt":
            return txt.read(data, name)
    except ReadingError:
        raise
    except Exception as error:
        # A malformed file can surprise a parser in ways nobody listed. Whoever handed it in still gets a sentence; we get the trace.
        _log.exception("unexpected failure while reading a %s file", kind)
        raise ReadingError(name, "文件不合规范，读取时出错", "请用 WPS 或 Word 打开后重新另存一份再试") from error
    raise ReadingError(name, "这是压缩包，不是单个文档", "请解压后逐个提交其中的文件")


def _without_trace(error: ReadingError) -> ReadingError:
    """The error without the frames it passed through: they hold the whole file, and a caller may keep a thousand such errors."""
    return ReadingError(error.name, error.problem, error.mend)


def _check_size(data: bytes, name: str) -> None:
    if len(data) > limits.FILE_BYTES:
        raise ReadingError(
            name, f"文件有 {len(data) / limits.MB:.0f} MB，超过上限 {limits.FILE_BYTES // limits.MB} MB", "请拆分或删去其中的图片后再试"
        )
