"""Plain text and csv: by the line."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from gongkai.reading.errors import ReadingError
from gongkai.reading.files import txt
from gongkai.reading.files.package import Budget
from gongkai.screening.model import Passage

_MOST_MARKS = 400_000
"""Lines whose places are kept; behind them the last one stands for the rest."""


def passages(data: bytes, name: str, budget: Budget) -> Iterator[Passage]:
    if data.startswith(b"# "):
        data = b"\n" + data  # the reader drops what a collector put above a document; what is to be published is read whole
    text = txt.read(data, name).text
    if name.lower().endswith(".csv"):
        yield _table(text, name)
    else:
        yield Passage("line 1", text, marks=lines(text))


def lines(text: str, word: str = "line", origin: int = 1) -> list[tuple[int, str]]:
    """Marks for the beginnings of lines."""
    marks = [(0, f"{word} {origin}")]
    at = text.find("\n")
    while at >= 0 and len(marks) < _MOST_MARKS:
        marks.append((at + 1, f"{word} {origin + len(marks)}"))
        at = text.find("\n", at + 1)
    return marks


def _table(text: str, name: str) -> Passage:
    """The cells of a csv with tabs between them, so that quotes and commas do not stand inside numbers."""
    parts: list[str] = []
    marks: list[tuple[int, str]] = []
    offset = 0
    header = ""
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text)), 1):
            line = "\t".join(cell.replace("\n", " ") for cell in row) + "\n"
            header = header or line.strip()
            if len(marks) < _MOST_MARKS:
                marks.append((offset, f"row {number}"))
            parts.append(line)
            offset += len(line)
    except csv.Error as error:
        raise ReadingError(name, "csv 有一个单元格过长或者引号不成对", "请用表格软件打开后另存为 xlsx 再试") from error
    return Passage("row 1", "".join(parts), marks=marks, header=header[:400])
