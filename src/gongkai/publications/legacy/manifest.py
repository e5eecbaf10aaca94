"""What an old site exported: a folder or a zip with manifest.csv, .xlsx or .jsonl, a row for each page, beside html files and attachments.

Columns, in Chinese or English: 标题 title, 网址 url, 日期 date, 栏目 column, 文号 number, 正文 html (a file), 附件 attachments (files,
; between them), 索引号 index. Nothing outside the folder is read, whatever a row says, and a zip is read member by member.
"""

from __future__ import annotations

import csv
import io
import json
import posixpath
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit

from gongkai.agencies.errors import ActionRefused

NAMES = ("manifest.jsonl", "manifest.csv", "manifest.xlsx")
HEADINGS = {
    "title": ("标题", "名称", "title"),
    "url": ("网址", "原网址", "链接", "url"),
    "date": ("日期", "发布日期", "发布时间", "date"),
    "column": ("栏目", "column"),
    "number": ("文号", "发文字号", "number"),
    "html": ("正文", "正文文件", "html", "file"),
    "attachments": ("附件", "attachments"),
    "index": ("索引号", "index"),
}
MOST_ATTACHED = 200
_MOST_ROWS = 1_000_000
_DATE = re.compile(r"((?:19|20)\d{2})\D{1,2}(\d{1,2})\D{1,2}(\d{1,2})")


@dataclass(frozen=True, slots=True)
class Page:
    """One row. `line` counts from 1 below the headings; `on` is None where no day can be read from it."""

    line: int
    title: str
    url: str
    on: date | None
    column: str
    number: str
    html: str
    attachments: tuple[str, ...]
    index: str


class Source(Protocol):
    """Where the files are. `read` raises KeyError for what is not there."""

    def read(self, name: str) -> bytes: ...

    def size(self, name: str) -> int | None:
        """None for what is not there."""


class Folder:
    """Files below a folder; a link that leads out of it leads nowhere."""

    def __init__(self, root: Path) -> None:
        self._root = root.resolve()

    def _path(self, name: str) -> Path | None:
        if not name or "\x00" in name:
            return None
        path = (self._root / name).resolve()
        return path if path.is_relative_to(self._root) and path.is_file() else None

    def read(self, name: str) -> bytes:
        path = self._path(name)
        if path is None:
            raise KeyError(name)
        return path.read_bytes()

    def size(self, name: str) -> int | None:
        path = self._path(name)
        return path.stat().st_size if path is not None else None


class Archive:
    """The members of a zip."""

    def __init__(self, path: Path) -> None:
        try:
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, OSError) as error:
            raise ActionRefused(f"{path.name} 不是能打开的 zip 文件") from error
        self._members = {posixpath.normpath(info.filename): info for info in self._zip.infolist() if not info.is_dir()}
        tops = {name.split("/", 1)[0] for name in self._members}
        self._top = f"{next(iter(tops))}/" if len(tops) == 1 and not any(name in self._members for name in NAMES) else ""

    def read(self, name: str) -> bytes:
        try:
            return self._zip.read(self._members[self._top + posixpath.normpath(name)])
        except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError) as error:
            raise KeyError(name) from error

    def size(self, name: str) -> int | None:
        info = self._members.get(self._top + posixpath.normpath(name))
        return info.file_size if info is not None else None


def open_source(path: Path) -> Source:
    if path.is_dir():
        return Folder(path)
    if path.is_file():
        return Archive(path)
    raise ActionRefused(f"没有 {path} 这个文件夹或 zip 文件")


def pages(source: Source) -> Iterator[Page]:
    """Every row of the manifest. Raises ActionRefused when there is none, or its headings are not understood."""
    name = next((name for name in NAMES if source.size(name) is not None), None)
    if name is None:
        raise ActionRefused(f"里面没有清单，要有 {'、'.join(NAMES)} 中的一个")
    data = source.read(name)
    rows = {"jsonl": _json_rows, "csv": _csv_rows, "xlsx": _xlsx_rows}[name.rsplit(".", 1)[1]](data)
    for line, row in enumerate(rows, 1):
        if line > _MOST_ROWS:
            raise ActionRefused(f"清单超过 {_MOST_ROWS // 10_000} 万行，请分次导入")
        yield _page(line, row)


def _page(line: int, row: Mapping[str, Any]) -> Page:
    def words(name: str) -> str:
        return " ".join(str(row.get(name) or "").replace("\x00", "").split())

    attached = row.get("attachments") or ()
    listed = re.split(r"[;；|\n]", attached) if isinstance(attached, str) else [str(one) for one in attached]
    names = tuple(dict.fromkeys(one.strip() for one in listed if one.strip()))
    value = row.get("date")
    on = value.date() if isinstance(value, datetime) else value if isinstance(value, date) else _day(words("date"))
    return Page(line, words("title"), words("url"), on, words("column"), words("number"), words("html"), names, words("index"))


def _day(text: str) -> date | None:
    match = _DATE.search(text)
    try:
        return date(int(match[1]), int(match[2]), int(match[3])) if match else None
    except ValueError:
        return None


def _keys(headings: Iterable[Any]) -> list[str]:
    known = {heading: name for name, options in HEADINGS.items() for heading in options}
    keys = [known.get(str(heading or "").strip().lower(), "") for heading in headings]
    if "title" not in keys or "url" not in keys:
        raise ActionRefused("清单的第一行要有“标题”和“网址”两列")
    return keys


def _csv_rows(data: bytes) -> Iterator[dict[str, Any]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise ActionRefused("清单的编码读不出来，请存为 UTF-8")
    reader = csv.reader(io.StringIO(text, newline=""))
    keys = _keys(next(reader, []))
    for values in reader:
        if any(value.strip() for value in values):
            yield dict(zip(keys, values, strict=False))


def _xlsx_rows(data: bytes) -> Iterator[dict[str, Any]]:
    from openpyxl import load_workbook

    try:
        rows = load_workbook(io.BytesIO(data), read_only=True, data_only=True).worksheets[0].iter_rows(values_only=True)
        keys = _keys(next(rows, ()))
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, IndexError) as error:
        raise ActionRefused("manifest.xlsx 打不开，请重新另存") from error
    for values in rows:
        if any(value not in (None, "") for value in values):
            yield dict(zip(keys, values, strict=False))


def _json_rows(data: bytes) -> Iterator[dict[str, Any]]:
    known = {heading: name for name, options in HEADINGS.items() for heading in options}
    for number, line in enumerate(data.decode("utf-8-sig", "replace").splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise ActionRefused(f"清单第 {number} 行不是 JSON") from error
        if not isinstance(row, dict):
            raise ActionRefused(f"清单第 {number} 行不是一个对象")
        yield {known.get(str(key).lower(), str(key)): value for key, value in row.items()}


def local_name(address: str, html: str) -> str:
    """The file beside the html that a link or a picture in it means; empty for what lies elsewhere."""
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return ""
    if parts.scheme or parts.netloc or not parts.path:
        return ""
    path = unquote(parts.path)
    joined = path.lstrip("/") if path.startswith("/") else posixpath.join(posixpath.dirname(html), path)
    name = posixpath.normpath(joined)
    return "" if name.startswith("..") else name
