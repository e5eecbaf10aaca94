"""Tables of a file (xlsx, docx, html) as lines of text, with what spans several places written out in each. Plain Python, no database."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any, NamedTuple

from gongkai.reading.errors import ReadingError
from gongkai.reading.files import extract, limits

MOST_ROWS = 5000
MOST_CELLS = 400_000
UNPACKED = 64 * limits.MB
OLD = b"\xd0\xcf\x11\xe0"
_ROW, _CELL = re.compile(rb"<(?:\w+:)?row[ >/]"), re.compile(rb"<(?:\w+:)?c[ >/]")


class Line(NamedTuple):
    """`number`: as the spreadsheet counts, or the row of the table in a document. `single`: one cell holds all there is in the line."""

    number: int
    cells: list[str]
    single: bool


class Table(NamedTuple):
    """`name`: 工作表“…” or 第 2 张表, to tell a person where to look."""

    name: str
    lines: list[Line]


class TableError(ValueError):
    """`str(error)`: one sentence with the mend. Nothing was read."""


def read_tables(data: bytes, name: str) -> list[Table]:
    """Every table of a file. Raises TableError."""
    if data.startswith(OLD):
        raise TableError(f"“{name}”是旧版 Office 文件（xls、doc）或加了密码，请另存为不加密的 xlsx 或 docx 再导入")
    if data.startswith(b"PK") and _is_workbook(data):
        return _workbook(data, name)
    try:
        read = extract(data, name)
    except ReadingError as error:
        raise TableError(f"“{name}”{error.problem}，{error.mend}") from error
    if read.kind not in ("docx", "html"):
        raise TableError(f"“{name}”不是能导入的表格，请用 xlsx、docx 或 html 文件")
    if not read.grids:
        raise TableError(f"“{name}”里没有表格，请确认选对了文件")
    tables = []
    for n, grid in enumerate(read.grids, 1):
        if len(grid.rows) > MOST_ROWS:
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


def _workbook(data: bytes, name: str) -> list[Table]:
    import openpyxl

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            if sum(info.file_size for info in package.infolist()) > UNPACKED:
                raise TableError(f"“{name}”展开后超过 {UNPACKED // limits.MB} MB，请只留要导入的工作表再导入")
            if any(member.lower().endswith("vbaproject.bin") for member in package.namelist()):
                raise TableError(f"“{name}”含有宏，请另存为不含宏的 xlsx 再导入")
            _measure(package, name)
        book = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
        return [_sheet(sheet, name) for sheet in book.worksheets if sheet.sheet_state == "visible"]
    except (TableError, MemoryError):
        raise
    except Exception as error:  # openpyxl lets out whatever its parsers raise
        raise TableError(f"“{name}”不是能读的 xlsx，请用表格软件打开，另存为 xlsx 再导入") from error


def _measure(package: zipfile.ZipFile, name: str) -> None:
    """Counts rows and cells as the sheets stream by, before anything is held in memory."""
    cells = 0
    for member in package.namelist():
        if not member.startswith("xl/worksheets/") or not member.endswith(".xml"):
            continue
        rows, tail = 0, b""
        with package.open(member) as stream:
            while chunk := stream.read(limits.MB):
                part = tail + chunk
                cut = part.rfind(b"<")  # a tag that the next chunk completes is counted with it
                whole, tail = (part[:cut], part[cut:]) if cut > 0 else (b"", part)
                rows += len(_ROW.findall(whole))
                cells += len(_CELL.findall(whole))
                if rows > MOST_ROWS:
                    raise _too_long(f"“{name}”")
                if cells > MOST_CELLS:
                    raise _too_wide(f"“{name}”")


def _too_wide(where: str) -> TableError:
    return TableError(f"{where}超过 {MOST_CELLS // 10_000} 万格，请删去右边和下面的空格，或拆成几份再导入")


def _sheet(sheet: Any, name: str) -> Table:
    where = f"“{name}”的工作表“{sheet.title}”"
    if sheet.max_row > MOST_ROWS:
        raise _too_long(where)
    if sheet.max_row * sheet.max_column > MOST_CELLS:
        raise _too_wide(where)
    grid = [[_text(value) for value in row] for row in sheet.iter_rows(values_only=True)]
    owner: dict[tuple[int, int], int] = {}
    for n, area in enumerate(sheet.merged_cells.ranges, 1):
        if area.min_row > len(grid) or area.min_col > len(grid[area.min_row - 1]):
            continue
        text = grid[area.min_row - 1][area.min_col - 1]
        for r in range(area.min_row - 1, min(area.max_row, len(grid))):
            for c in range(area.min_col - 1, min(area.max_col, len(grid[r]))):
                grid[r][c] = text
                owner[r, c] = n
    lines = []
    for r, row in enumerate(grid):
        groups = {owner.get((r, c), -c - 1) for c, text in enumerate(row) if text}
        lines.append(Line(r + 1, row, len(groups) == 1))
    return Table(f"工作表“{sheet.title}”", lines)


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
