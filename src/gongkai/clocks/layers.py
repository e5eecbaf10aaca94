"""Imported years: one file each in `<data folder>/calendar/`, read as a layer over the packaged table. The kernel's only reading and
writing.

Files are numbered in the order of import and never changed or removed, so that every table this installation ever counted with can be
rebuilt.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
from contextlib import suppress
from pathlib import Path

from gongkai.clocks.errors import ClockError
from gongkai.clocks.tables import Notice, read_file

_NAME = re.compile(r"^(\d{4})-.+\.toml$")


def default_folder() -> Path:
    """`GONGKAI_DATA`, or what the site's settings use without it."""
    return Path(os.environ.get("GONGKAI_DATA") or "data")


def files(folder: Path) -> list[Path]:
    """The layer's files in the order of import; empty when there is none."""
    try:
        return sorted(path for path in (folder / "calendar").iterdir() if _NAME.match(path.name))
    except OSError:
        return []


def read(folder: Path) -> tuple[Notice, ...]:
    """The imported rows, oldest import first. Raises ClockError naming the file that cannot be read."""
    rows: list[Notice] = []
    for path in files(folder):
        try:
            data = path.read_bytes()
        except OSError as error:
            raise ClockError(f"{path}：打不开（{error.strerror}），检查权限。") from None
        rows += read_file(data, str(path))
    return tuple(rows)


def stamp(folder: Path) -> tuple[str, int]:
    """Changes when a file is added: the folder and the time of its last change."""
    path = folder / "calendar"
    try:
        return str(path), path.stat().st_mtime_ns
    except OSError:
        return str(path), 0


def write(folder: Path, notice: Notice) -> Path:
    """Adds one row as a new file that appears whole or not at all. Raises ClockError when it cannot be written or read again."""
    target = folder / "calendar"
    temporary = ""
    text = to_toml(notice)
    try:
        same = read_file(text.encode(), "x.toml") == [notice]
    except ValueError:  # ClockError and UnicodeEncodeError: a file that could not be read again would stop every clock
        same = False
    if not same:
        raise ClockError(f"{notice.year} 年的放假安排含有不能保存的字符，检查标题和文号。")
    try:
        target.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(prefix=".import.", dir=target)
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        Path(temporary).chmod(0o644)
        scope = "-" + re.sub(r"[^0-9A-Za-z]", "", notice.scope) if notice.scope else ""
        while True:
            last = files(folder)
            number = int(last[-1].name[:4]) + 1 if last else 1
            path = target / f"{number:04}-{notice.year}{scope}.toml"
            with suppress(FileExistsError):  # another import took the name in the meantime
                os.link(temporary, path)
                return path
    except OSError as error:
        raise ClockError(f"{target}：不能写入（{error.strerror}），检查权限，或用 --data 指定数据文件夹。") from None
    finally:
        if temporary:
            with suppress(OSError):
                Path(temporary).unlink()


def to_toml(notice: Notice) -> str:
    """The row as the file that `read_file` reads back."""
    lines = [f"year = {notice.year}"]
    for key in ("title", "number", "certainty", "source", "scope", "basis"):
        if value := getattr(notice, key):
            lines.append(f"{key} = {json.dumps(value, ensure_ascii=False)}")
    lines += [f"{key} = {value}" for key in ("dated", "until") if (value := getattr(notice, key))]
    if notice.change:
        lines.append("change = true")
    lines.append("off = [" + ", ".join(f"[{day}, {day}]" for day in sorted(notice.off)) + "]")
    lines.append("work = [" + ", ".join(str(day) for day in sorted(notice.work)) + "]")
    return "\n".join(lines) + "\n"
