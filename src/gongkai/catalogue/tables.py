"""Tables of a file (xlsx, docx, html) as lines of text, with what spans several places written out in each. Plain Python, no database."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NamedTuple

from gongkai.reading.errors import ReadingError
from gongkai.reading.files import extract, limits
from gongkai.reading.files.package import Budget, Package
from gongkai.screening.places.xlsx import sheets

MOST_ROWS = 50_000
ROOM = 50
"""Lines of titles and headers beside them."""
MOST_CELLS = 1_500_000
UNPACKED = 256 * limits.MB
OLD = b"\xd0\xcf\x11\xe0"
EVERY = 1000
"""Rows between two calls of `told`."""
_ROW, _CELL = re.compile(rb"<(?:\w+:)?row[ >/]"), re.compile(rb"<(?:\w+:)?c[ >/]")
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell [^>]*ref=[\"']([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})[\"']")
_DOCUMENT_ROW = re.compile(rb"<(?:w:)?tr[ >/]", re.IGNORECASE)
Told = Callable[[int, int], None]
"""Told of progress: (rows done, rows there are)."""


def quiet(done: int, total: int) -> None:
    """For whoever does not ask how far it is."""


class Line(NamedTuple):
    """`number`: as the spreadsheet counts, or the row of the table in a document. `single`: one cell holds all there is in the line."""

    number: int
    cells: list[str]
    single: bool


class Table(NamedTuple):
    """`name`: 工作表“…” or 第 2 张表, to tell a person where to look. `hidden`: a sheet that the workbook does not show."""

    name: str
    lines: list[Line]
    hidden: bool = False


class TableError(ValueError):
    """`str(error)`: one sentence with the mend. Nothing was read."""


def rows_in(data: bytes, name: str) -> int:
    """How many rows a file has, counted without reading them, and refused where there are too many. Raises TableError.

    It is the tags of rows that are counted: quick, and no less than there are.
    """
    if _is_workbook(data):
        return _opened(data, name)[0]
    return len(_DOCUMENT_ROW.findall(_document(data)))


def _document(data: bytes) -> bytes:
    """What of a docx holds its tables, or the html itself; a package that cannot be unpacked has none and is refused when it is read."""
    if not data.startswith(b"PK"):
        return data
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package, package.open("word/document.xml") as part:
            return part.read(UNPACKED)
    except (KeyError, zipfile.BadZipFile, zlib.error, OSError, ValueError, EOFError, NotImplementedError, RuntimeError):
        return b""


def read_tables(data: bytes, name: str, told: Told = quiet) -> list[Table]:
    """Every table of a file, hidden sheets among them, marked as such. Raises TableError."""
    if data.startswith(OLD):
        raise TableError(f"“{name}”是旧版 Office 文件（xls、doc）或加了密码，请另存为不加密的 xlsx 或 docx 再导入")
    if _is_workbook(data):
        return _workbook(data, name, told)
    try:
        read = extract(data, name)
    except ReadingError as error:
        raise TableError(f"“{name}”{error.problem}，{error.mend}") from error
    if read.kind not in ("docx", "html"):
        what = "里面是纯文本（csv 或 txt），不是" if read.kind == "txt" else "不是"
        raise TableError(f"“{name}”{what}能导入的表格，请用表格软件打开后另存为 xlsx，或者用 docx、html 文件")
    if not read.grids:
        raise TableError(f"“{name}”里没有表格，请确认选对了文件")
    tables = []
    for n, grid in enumerate(read.grids, 1):
        if len(grid.rows) > MOST_ROWS + ROOM:
            raise _too_long(f"“{name}”第 {n} 张表")
        lines = []
        for number, row in enumerate(grid.rows, 1):
            texts = ["" if cell is None else clean_text(read.text[cell.start : cell.end]) for cell in row]
            cells = {id(cell) for cell, text in zip(row, texts, strict=True) if text}
            lines.append(Line(number, texts, len(cells) == 1))
        tables.append(Table(f"第 {n} 张表", lines))
    return tables


def _is_workbook(data: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return "xl/workbook.xml" in package.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return False


def _too_long(where: str) -> TableError:
    return TableError(f"{where}超过 {MOST_ROWS} 行（空行也算），请删去后面的空行，或拆成几份再导入")


Merged = dict[str, list[str]]
"""Member of the package → its merged ranges."""


def _workbook(data: bytes, name: str, told: Told) -> list[Table]:
    import openpyxl

    rows, merged = _opened(data, name)
    try:
        listed = sheets(Package(data, name, Budget(UNPACKED)), name)
        # Streamed: fifty thousand rows held as cells with their styles would take some hundred MB.
        book = openpyxl.load_workbook(io.BytesIO(data), data_only=True, read_only=True)
        found, done = [], 0
        for sheet in listed:
            if not hasattr(source := book[sheet.name], "reset_dimensions"):
                continue  # a sheet of charts alone
            table = _sheet(source, name, merged.get(sheet.member.lstrip("/"), []), partial(_further, told, done, rows))
            found.append(table._replace(hidden=sheet.hidden))
            done += len(table.lines)
        return found
    except (TableError, MemoryError, Stopped):
        raise
    except Exception as error:  # openpyxl lets out whatever its parsers raise
        raise TableError(f"“{name}”不是能读的 xlsx，请用表格软件打开，另存为 xlsx 再导入") from error


def _further(told: Told, before: int, total: int, rows: int) -> None:
    told(before + rows, total)


class Stopped(Exception):
    """Raised by whoever is told of progress when the reading is to end: somebody else has taken it up, or the record is gone."""


def _opened(data: bytes, name: str) -> tuple[int, Merged]:
    """What can be seen of a workbook as its sheets stream by, before anything is held in memory: rows, and what is merged."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            if sum(info.file_size for info in package.infolist()) > UNPACKED:
                raise TableError(f"“{name}”展开后超过 {UNPACKED // limits.MB} MB，请只留要导入的工作表再导入")
            if any(member.lower().endswith("vbaproject.bin") for member in package.namelist()):
                raise TableError(f"“{name}”含有宏，请另存为不含宏的 xlsx 再导入")
            return _measure(package, name)
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, EOFError, NotImplementedError, RuntimeError) as error:
        if isinstance(error, TableError):
            raise
        raise TableError(f"“{name}”不是能读的 xlsx，请用表格软件打开，另存为 xlsx 再导入") from error


def _measure(package: zipfile.ZipFile, name: str) -> tuple[int, Merged]:
    cells = total = 0
    merged: Merged = {}
    for member in package.namelist():
        if not member.startswith("xl/worksheets/") or not member.endswith(".xml"):
            continue
        rows = 0
        with package.open(member) as stream:
            for part in _whole_tags(stream):
                rows += len(_ROW.findall(part))
                cells += len(_CELL.findall(part))
                merged.setdefault(member, []).extend(area.decode() for area in _MERGED.findall(part))
                if rows > MOST_ROWS + ROOM:
                    raise _too_long(f"“{name}”")
                if cells > MOST_CELLS:
                    raise _too_wide(f"“{name}”")
        total += rows
    return total, merged


def _whole_tags(stream: Any) -> Iterator[bytes]:
    """Pieces of a part that end before a tag; the tag goes with the next piece."""
    tail = b""
    while chunk := stream.read(limits.MB):
        part = tail + chunk
        cut = part.rfind(b"<")
        whole, tail = (part[:cut], part[cut:]) if cut > 0 else (b"", part)
        yield whole
    yield tail


def _too_wide(where: str) -> TableError:
    return TableError(f"{where}超过 {MOST_CELLS // 10_000} 万格，请删去右边和下面的空格，或拆成几份再导入")


def _sheet(sheet: Any, name: str, merged: list[str], told: Callable[[int], None]) -> Table:
    where = f"“{name}”的工作表“{sheet.title}”"
    grid = _grid(sheet, where, told)
    owner = _spread(grid, merged, where)
    lines = []
    for r, row in enumerate(grid):
        groups = {owner.get((r, c), -c - 1) for c, text in enumerate(row) if text}
        lines.append(Line(r + 1, row, len(groups) == 1))
    return Table(f"工作表“{sheet.title}”", lines)


def _grid(sheet: Any, where: str, told: Callable[[int], None]) -> list[list[str]]:
    """The cells as text, every row as long as the longest. What the file says of its own size is not believed."""
    sheet.reset_dimensions()
    grid: list[list[str]] = []
    widest = 0
    for n, row in enumerate(sheet.iter_rows(values_only=True), 1):
        if n > MOST_ROWS + ROOM:
            raise _too_long(where)
        grid.append([_text(value) for value in row])
        widest = max(widest, len(row))
        if len(grid) * widest > MOST_CELLS:
            raise _too_wide(where)
        if n % EVERY == 0:
            told(n)
    for texts in grid:
        texts += [""] * (widest - len(texts))
    return grid


def _spread(grid: list[list[str]], merged: list[str], where: str) -> dict[tuple[int, int], int]:
    """Writes what spans several cells into each of them; which range each cell belongs to."""
    from openpyxl.utils.cell import range_boundaries

    owner: dict[tuple[int, int], int] = {}
    left = 2 * MOST_CELLS
    for n, area in enumerate(merged, 1):
        bounds: Any = range_boundaries(area)  # a range of cells, as _MERGED asks: never of whole columns or rows
        first_column, first_row, last_column, last_row = bounds
        if not grid or first_row > len(grid) or first_column > len(grid[0]):
            continue
        down, across = range(first_row - 1, min(last_row, len(grid))), range(first_column - 1, min(last_column, len(grid[0])))
        left -= len(down) * len(across)
        if left < 0:
            raise TableError(f"{where}的合并单元格互相重叠，请取消合并后再导入")
        text = grid[first_row - 1][first_column - 1]
        for r in down:
            for c in across:
                grid[r][c] = text
                owner[r, c] = n
    return owner


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if hasattr(value, "isoformat"):
        return str(value.isoformat())[:10]
    return clean_text(str(value))


def clean_text(text: str) -> str:
    """Lines without blanks at their ends, none empty; no characters that cannot be seen."""
    if text.isprintable():
        return text.strip()
    kept = "".join(c for c in text.replace("\r\n", "\n").replace("\r", "\n") if c in "\n\t" or (c.isprintable() or c == "\u3000"))
    return "\n".join(line for line in (part.strip() for part in kept.split("\n")) if line)
