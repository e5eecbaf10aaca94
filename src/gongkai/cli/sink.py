"""Where results go: standard output or a file that appears whole or not at all."""

from __future__ import annotations

import io
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, TextIO

import typer

from gongkai.cli.problems import BROKEN_PIPE, Problem

FORMATS = ("table", "json", "csv", "xlsx", "docx")
BINARY = frozenset({"xlsx", "docx"})


def choose_format(asked: str | None, target: Path | None, allowed: tuple[str, ...] = FORMATS) -> str:
    """The format asked for, else the one the file name ends in, else table. Problem where it is unknown or would flood a terminal."""
    form = (asked or "").lower()
    if not form:
        ending = target.suffix.lower().removeprefix(".") if target else ""
        form = ending if ending in allowed else "table"
    if form not in allowed:
        raise Problem(f"--format {asked}：没有这种格式。可用 {'、'.join(allowed)}。")
    if form in BINARY and target is None and sys.stdout.isatty():
        raise Problem(f"--format {form}：这种文件不能显示在终端上。用 -o 文件名.{form} 保存，或把输出重定向到文件。")
    return form


@contextmanager
def standard_output() -> Iterator[BinaryIO]:
    """Standard output as bytes; a reader that went away ends the program silently."""
    try:
        yield sys.stdout.buffer
        sys.stdout.flush()
    except BrokenPipeError:
        leave_broken_pipe()


def leave_broken_pipe() -> None:
    """Points standard output at nothing, so that the interpreter does not complain on its way out, and exits."""
    with suppress(OSError, ValueError, io.UnsupportedOperation):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    raise typer.Exit(BROKEN_PIPE)


def write_bytes(target: Path | None, write: Callable[[BinaryIO], object]) -> None:
    """Lets `write` fill standard output, or a file written beside the target and renamed over it when complete.

    The result is made in memory first: nothing is half written when a writer fails. Problem when the file cannot be written.
    """
    buffer = io.BytesIO()
    write(buffer)
    if target is None:
        with standard_output() as stream:
            stream.write(buffer.getvalue())
        return
    temporary = None
    try:
        if target.is_dir():
            raise Problem(f"{target}：这是文件夹。-o 后面写文件名。")
        if target.exists() and not target.is_file():  # /dev/null, a pipe
            target.write_bytes(buffer.getvalue())
            return
        real = target.resolve()  # a link keeps pointing at what it points at
        handle, temporary = tempfile.mkstemp(prefix=f".{real.name[:40]}.", suffix=".part", dir=real.parent)
        with os.fdopen(handle, "wb") as stream:
            stream.write(buffer.getvalue())
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(temporary, (real.stat().st_mode & 0o777) if real.exists() else 0o666 & ~_umask())  # noqa: PTH101
        os.replace(temporary, real)  # noqa: PTH105
        temporary = None
    except OSError as error:
        raise Problem(f"{target}：不能写入（{reason(error)}）。换一个文件夹，或检查权限和磁盘空间。") from error
    finally:
        if temporary:
            with suppress(OSError):
                os.unlink(temporary)  # noqa: PTH108


def write_text(target: Path | None, print_to: Callable[[TextIO], object]) -> None:
    """The same for text: on a terminal as the terminal wants it, otherwise UTF-8."""
    if target is None and sys.stdout.isatty():
        try:
            with suppress(AttributeError, ValueError, io.UnsupportedOperation):
                sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]
            print_to(sys.stdout)
            sys.stdout.flush()
        except BrokenPipeError:
            leave_broken_pipe()
        return
    text = io.StringIO()
    print_to(text)
    put_bytes(target, text.getvalue().encode("utf-8", "replace"))


def put_bytes(target: Path | None, data: bytes) -> None:
    """`write_bytes` for data already made."""
    write_bytes(target, lambda stream: stream.write(data))


def put_text(target: Path | None, text: str) -> None:
    """`write_text` for text already made."""
    write_text(target, lambda stream: stream.write(text))


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def reason(error: OSError) -> str:
    """Why the system refused, in Chinese for the usual causes."""
    words = {
        "FileNotFoundError": "没有这个文件或文件夹",
        "PermissionError": "没有权限",
        "IsADirectoryError": "这是文件夹",
        "NotADirectoryError": "路径中有一段不是文件夹",
    }
    return words.get(type(error).__name__) or error.strerror or type(error).__name__
