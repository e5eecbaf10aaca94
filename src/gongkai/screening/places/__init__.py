"""Where text can stand in a file: what a reader shows, and what it does not. Only the bytes handed in; nothing is executed."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from typing import Literal

from gongkai.reading.errors import ReadingError
from gongkai.reading.files import archive, limits
from gongkai.reading.files.detect import detect
from gongkai.reading.files.package import BOMB_MEND, Budget, Package
from gongkai.screening.model import Passage
from gongkai.screening.places import docx, html, ofd, pdf, picture, plain, xlsx

Kind = Literal["txt", "html", "docx", "xlsx", "pdf", "ofd", "picture", "zip"]
_log = logging.getLogger(__name__)
_READERS: dict[str, Callable[[bytes, str, Budget], Iterator[Passage]]] = {
    "txt": plain.passages,
    "html": html.passages,
    "docx": docx.passages,
    "xlsx": xlsx.passages,
    "pdf": pdf.passages,
    "ofd": ofd.passages,
    "picture": picture.passages,
}


def kind_of(data: bytes, name: str, budget: Budget | None = None) -> Kind:
    """By content. Raises ReadingError for what cannot be read, with what to do instead."""
    if len(data) > limits.FILE_BYTES:
        size = f"文件有 {len(data) / limits.MB:.0f} MB，超过上限 {limits.FILE_BYTES // limits.MB} MB"
        raise ReadingError(name, size, "请拆分或删去其中的图片后再试")
    if picture.is_picture(data):
        return "picture"
    if data.startswith(b"PK\x03\x04") and Package(data, name, budget or Budget()).find("xl/workbook.xml"):
        return "xlsx"
    return detect(data, name, budget)


def passages(data: bytes, name: str, budget: Budget) -> Iterator[Passage]:
    """Every passage of one document that is no zip. Raises ReadingError, also in the middle."""
    kind = kind_of(data, name, budget)
    if kind == "zip":
        raise ReadingError(name, "这是压缩包，不是单个文档", "请解压后逐个提交其中的文件")
    try:
        yield from _READERS[kind](data, name, budget)
    except (ReadingError, GeneratorExit):
        raise
    except Exception as error:
        # As in reading.files: a malformed file can surprise a parser in ways nobody listed.
        _log.exception("unexpected failure while screening a %s file", kind)
        raise ReadingError(name, "文件不合规范，读取时出错", "请用 WPS 或 Word 打开后重新另存一份再试") from error


def documents(data: bytes, name: str, budget: Budget, depth: int = 0) -> Iterator[tuple[str, bytes | ReadingError]]:
    """The file itself, or each member of a zip as "outer.zip!inner.docx"; what cannot be unpacked as its error."""
    try:
        if kind_of(data, name, budget) != "zip":
            yield name, data
            return
        if depth > limits.ZIP_DEPTH:
            raise ReadingError(name, f"压缩包嵌套超过 {limits.ZIP_DEPTH} 层", BOMB_MEND)
        for label, member in archive.members(data, name, budget):
            if isinstance(member, ReadingError):
                yield label, member
            else:
                yield from documents(member, label, budget, depth + 1)
    except ReadingError as error:
        yield error.name, error
