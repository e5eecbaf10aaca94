"""Plain text: decoded, line ends made one, otherwise kept character by character."""

from __future__ import annotations

import re

from gongkai.reading.errors import ReadingError
from gongkai.reading.extracted import Extracted
from gongkai.reading.files import limits
from gongkai.reading.files.blocks import no_text
from gongkai.reading.files.decoding import decode, is_binary

# Notes a collector put above the document (where it came from), never part of it.
_COLLECTOR = re.compile(r"\A(?:# (?:url|from|note|variant):[^\n]*(?:\n|\Z))+")


def read(data: bytes, name: str) -> Extracted:
    """The text with "\\n" line ends. Raises ReadingError when too long, not text, or blank."""
    if len(data) > limits.TEXT_BYTES:
        raise ReadingError(
            name,
            f"文本有 {len(data) / limits.MB:.0f} MB，超过上限 {limits.TEXT_BYTES // limits.MB} MB",
            "请把文件按章节拆成几份再试",
        )
    text = decode(data, name)
    if is_binary(text):
        raise ReadingError(name, "内容是二进制数据，不是文字", "请确认选对了文件，提交 txt、html、docx、pdf 或 ofd 原件")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _COLLECTOR.sub("", text)
    if not text.strip("\ufeff \t\n\u3000\xa0"):
        raise no_text(name)
    return Extracted(name=name, text=text, kind="txt")
