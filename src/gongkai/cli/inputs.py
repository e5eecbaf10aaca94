"""Files named on the command line, `-` for standard input, each as bytes or as the sentence that says why not."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from gongkai.cli.sink import reason
from gongkai.reading.errors import ReadingError

STANDARD_INPUT = "-"
LARGEST = 256 * 1024 * 1024
"""Bytes read from one file or from standard input; the readers have narrower limits of their own."""


def source_names(files: Sequence[str]) -> list[str]:
    """What each file is called in the results: its file name, or the path as given where two files share a name."""
    names = [name if name == STANDARD_INPUT else Path(name).name or name for name in files]
    counts = Counter(names)
    return [name if counts[name] == 1 else given for name, given in zip(names, files, strict=True)]


def read_input(given: str, name: str) -> bytes:
    """The bytes of a file or of standard input. Raises ReadingError for what cannot be opened or is too large."""
    if given == STANDARD_INPUT:
        data = sys.stdin.buffer.read(LARGEST + 1)
        if len(data) > LARGEST:
            raise _too_large("标准输入")
        return data
    path = Path(given)
    try:
        if path.is_dir():
            raise ReadingError(given, "这是文件夹，不是文件", "写出其中的文件，例如 文件夹/*.docx")
        if path.is_file() and path.stat().st_size > LARGEST:
            raise _too_large(given)
        with path.open("rb") as stream:
            data = stream.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        why = reason(error) if isinstance(error, OSError) else "文件名不合法"
        raise ReadingError(given, f"打不开文件（{why}）", "检查路径和权限") from error
    if len(data) > LARGEST:
        raise _too_large(given)
    return data


def _too_large(name: str) -> ReadingError:
    return ReadingError(name, f"超过 {LARGEST // 1024 // 1024} MB", "拆成较小的文件再读")
