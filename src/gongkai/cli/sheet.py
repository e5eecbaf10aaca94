"""Tables that people fill in (csv or xlsx) as rows of text under known columns."""

from __future__ import annotations

import csv
import io
import unicodedata
import zipfile
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple

from gongkai.cli.inputs import read_input
from gongkai.cli.problems import Problem
from gongkai.formats.ledger import starts_formula

LARGEST = 16 * 1024 * 1024
UNPACKED = 128 * 1024 * 1024
MOST_ROWS = 10_000
_FORMULA = "\0"
"""Stands for a cell that holds a formula; no text keeps this character."""


class Row(NamedTuple):
    line: int
    cells: dict[str, str]


class Sheet(NamedTuple):
    rows: list[Row]
    faults: list[tuple[int, str]]
    """Rows that cannot be read at all, as (line, sentence); `rows` holds the others."""


def read_sheet(file: str, needed: Sequence[str], optional: Sequence[str] = ()) -> Sheet:
    """The rows under the heading line, empty ones left out. Problem for a file without these columns, or with columns nobody would read."""
    data = read_input(file, file)
    if len(data) > LARGEST:
        raise Problem(f"{file}：超过 {LARGEST // 1024 // 1024} MB。拆成几份再导入。")
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise Problem(f"{file}：是旧版 Excel 文件或加了密码。另存为不加密的 xlsx 或 csv。")
    lines = list(islice(_xlsx(data, file) if data.startswith(b"PK\x03\x04") else _csv(data, file), MOST_ROWS + 1))
    if len(lines) > MOST_ROWS:
        raise Problem(f"{file}：超过 {MOST_ROWS} 行。拆成几份再导入。")
    lines = [(line, cells) for line, cells in lines if any(cells)]
    if not lines:
        raise Problem(f"{file}：里面没有内容。第 1 行写列名：{'、'.join(needed)}。")
    (_, heading), *rest = lines
    _check_heading(file, heading, needed, optional)
    if not rest:
        raise Problem(f"{file}：列名下面没有内容。至少写一行。")
    rows: list[Row] = []
    faults: list[tuple[int, str]] = []
    for line, cells in rest:
        wrong = _cell_faults(heading, cells)
        faults += [(line, fault) for fault in wrong]
        if not wrong:
            rows.append(Row(line, {column: cells[n] if n < len(cells) else "" for n, column in enumerate(heading) if column}))
    return Sheet(rows, faults)


def listed(text: str) -> list[str]:
    """市发改委、发改委 → two names."""
    return [part.strip() for part in text.translate(str.maketrans("；;\n", "、、、")).split("、") if part.strip()]


def _check_heading(file: str, heading: list[str], needed: Sequence[str], optional: Sequence[str]) -> None:
    columns = [column for column in heading if column]
    if missing := [column for column in needed if column not in columns]:
        also = f"，可以有{'、'.join(optional)}" if optional else ""
        raise Problem(f"{file}：缺少列{'、'.join(missing)}。第 1 行要有列名{'、'.join(needed)}{also}。")
    if strange := [column for column in columns if column not in (*needed, *optional)]:
        shown = "、".join("（公式）" if column == _FORMULA else column[:20] for column in strange[:5])
        raise Problem(f"{file}：不认识的列{shown}。改成{'、'.join((*needed, *optional))}之一，或删去这一列。")
    if twice := sorted({column for column in columns if columns.count(column) > 1}):
        raise Problem(f"{file}：列{'、'.join(twice)}出现了两次。删去一列。")


def _cell_faults(heading: list[str], cells: list[str]) -> list[str]:
    faults = []
    for n, cell in enumerate(cells):
        column = heading[n] if n < len(heading) else ""
        if cell and not column:
            faults.append(f"第 {n + 1} 格“{cell[:10].replace(_FORMULA, '公式')}”不在任何一列之下，删去或移到列下")
        elif cell == _FORMULA or starts_formula(cell):
            faults.append(f"“{column}”是公式，改成文字（选择性粘贴为数值）")
    return faults


def _clean(text: str) -> str:
    """Without what cannot be seen: marks of width nothing, control characters, white space around."""
    kept = "".join(" " if c in "\t\r" else c for c in text if c in "\t\r\n" or unicodedata.category(c) not in ("Cc", "Cf", "Cs"))
    return kept.strip()


def _csv(data: bytes, name: str) -> Iterator[tuple[int, list[str]]]:
    encodings = ["utf-16"] if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        text = "\0"
    if "\0" in text:
        raise Problem(f"{name}：不是 csv 或 xlsx。另存为 xlsx，或 UTF-8 的 csv。")
    first = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter="\t" if "\t" in first and "," not in first else ",", strict=True)
    line = 1
    try:
        for cells in reader:
            yield line, [_clean(cell) for cell in cells]
            line = reader.line_num + 1
    except csv.Error as error:
        raise Problem(f"{name}：第 {line} 行起不是完整的 csv（引号没有配对，或一格太长）。用表格软件打开，另存为 csv。") from error


def _xlsx(data: bytes, name: str) -> Iterator[tuple[int, list[str]]]:
    import openpyxl

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            if sum(info.file_size for info in package.infolist()) > UNPACKED:
                raise Problem(f"{name}：展开后太大。只留一张工作表，再导入。")
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True)
        for line, cells in enumerate(book.worksheets[0].iter_rows(), 1):
            yield line, [_FORMULA if cell.data_type == "f" else _clean(_text(cell.value)) for cell in cells]
    except (Problem, MemoryError):
        raise
    except Exception as error:  # openpyxl lets out whatever its parsers raise
        raise Problem(f"{name}：不是能读的 xlsx。用表格软件打开，另存为 xlsx。") from error


def _text(value: Any) -> str:
    if value is None:
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
