"""Grids of a file into the cells of the three tables, row by row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from gongkai.formats.annual_report.layout import CASES, Place, TableName, layouts
from gongkai.formats.annual_report.model import Remark, Value
from gongkai.reading.annual_report import words
from gongkai.reading.extracted import Cell, Extracted, Grid

_APPLICANTS = tuple(column.code for column in next(iter(layouts().values())).three_columns)
_RESULTS = tuple(result.code for result in next(iter(layouts().values())).four_results)
_HEADINGS = frozenset({"3", "3.3", "3.4", "3.5"})
_CODES_BY_SHAPE = ("其他", "总计")
"""Labels that are headings of columns as well: they count as rows only among rows of the table."""

Line = list[tuple[Cell, str]]
"""A row's cells in order with their text, a cell that spans columns once."""


@dataclass(slots=True)
class Gathered:
    """Cells found, what could not be read, and the layouts that something spoke for."""

    two: dict[Place, Value] = field(default_factory=dict)
    three: dict[Place, Value] = field(default_factory=dict)
    four: dict[Place, Value] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)
    signs: set[str] = field(default_factory=set)


def gather(document: Extracted) -> Gathered:
    """All cells of the document's tables."""
    reader = _Reader(document.text)
    for grid in document.grids:
        reader.grid(grid)
    return reader.found


class _Reader:
    def __init__(self, text: str) -> None:
        self.found = Gathered()
        self._text = text
        self._applicants: Sequence[str] = _APPLICANTS
        self._two_columns: list[str | None] = []
        self._groups: list[str] = []
        self._results: list[str] = []
        self._pending = ""

    def grid(self, grid: Grid) -> None:
        lines = [self._line(row) for row in grid.rows]
        everything = words.squeezed(self._text[grid.start : grid.end])
        is_three = sum(self._three_row(line) is not None for line in lines) >= (1 if self.found.three else 3)
        is_four = "结果维持" in everything or "尚未审结" in everything
        if is_four:
            self._four_head(lines, everything)
        for line in lines:
            if not line:
                continue
            if is_three and self._three(line):
                continue
            if self._two(line):
                continue
            if self._groups:
                self._four(line)

    def _line(self, row: list[Cell | None]) -> Line:
        line: Line = []
        seen: set[int] = set()
        for cell in row:
            if cell is not None and id(cell) not in seen:
                seen.add(id(cell))
                line.append((cell, self._text[cell.start : cell.end]))
        return line

    # Table three

    def _three_row(self, line: Line) -> tuple[str, int] | None:
        """(row code, position of its label): the last label that the row has before its numbers."""
        found = None
        for at, (_, text) in enumerate(line[:6]):
            code = words.match(text, words.three_rows())
            if code is None or (words.key(text) in _CODES_BY_SHAPE and not self._among_rows(line, at)):
                continue
            found = (code, at)
        return found

    def _among_rows(self, line: Line, at: int) -> bool:
        return bool(line[at + 1 :]) and all(words.is_number_like(text) for _, text in line[at + 1 :])

    def _three(self, line: Line) -> bool:
        heads = [code for _, text in line if (code := words.three_columns().get(words.key(text)))]
        if len(set(heads)) >= 3 and not any(words.value(text).number is not None for _, text in line):
            # Over several lines 自然人 and 总计 stand beside the group, the five kinds below it.
            kinds = [code for code in heads if code not in ("person", "total")]
            self._applicants = heads if len(heads) == len(_APPLICANTS) else ["person", *kinds, "total"] if len(kinds) == 5 else _APPLICANTS
            return True
        row = self._three_row(line)
        if row is None:
            return self._fragment(line)
        code, at = row
        numbers = [text for _, text in line[at + 1 :]]
        if code in _HEADINGS:
            return not numbers or words.is_number_like(numbers[0]) or self._fragment(line)
        if not numbers or (code == "3.6" and not any(text.strip() for text in numbers)):
            self._pending = words.key(line[at][1])
            return True
        self._put_three(code, numbers)
        if not any(text.strip() for text in numbers):
            self._pending = words.key(line[at][1])
        return True

    def _fragment(self, line: Line) -> bool:
        """The rest of a label whose beginning stood in the row before, on the page before."""
        labels = [text for _, text in line if not words.is_number_like(text)]
        numbers = [text for _, text in line[len(labels) :]]
        if not labels or len(numbers) != len(_APPLICANTS):
            return False
        code = words.match(self._pending + words.key(labels[-1]), words.three_rows()) if self._pending else None
        if code is not None and code not in _HEADINGS:
            self._put_three(code, numbers)
            return True
        if any(text.strip() for text in numbers):
            where = f"表三“{words.squeezed(labels[-1])[:20]}”"
            self.found.remarks.append(Remark(where, f"{where}一行认不出是哪一项，没有读。"))
        self._pending = words.key(labels[-1])
        return True

    def _put_three(self, code: str, numbers: list[str]) -> None:
        self._pending = ""
        while len(numbers) > len(_APPLICANTS) and not numbers[-1].strip():
            numbers = numbers[:-1]
        if len(numbers) != len(_APPLICANTS):
            where = f"表三“{_label('three', code)}”"
            self.found.remarks.append(Remark(where, f"{where}一行有 {len(numbers)} 个数，应有 {len(_APPLICANTS)} 个，没有读。"))
            return
        self._put("three", code, zip(self._applicants, numbers, strict=True))
        if code.startswith("3.6"):
            self.found.signs.add("three:2019" if code == "3.6" else "three:2021")

    # Table two

    def _two(self, line: Line) -> bool:
        first = words.key(line[0][1])
        if first == "信息内容":
            columns = [words.two_column(text) for _, text in line[1:] if text.strip()]
            self._two_columns = columns
            if set(columns) & {"published", "before", "change", "projects"}:
                self.found.signs.add("two:2019")
            elif set(columns) & {"abolished", "fees"}:
                self.found.signs.add("two:2021")
            return True
        code = words.two_rows().get(first)
        if code is None:
            return False
        numbers = [text for _, text in line[1:]]
        # Prose in a table that is no part of the report's tables may begin like this, too.
        if not self._two_columns and not (numbers and all(map(words.is_number_like, numbers))):
            return False
        if code in ("services", "procurement"):
            self.found.signs.add("two:2019")
        columns = self._two_columns or list(_usual(code, len(numbers)))
        while len(numbers) > len(columns) and not numbers[-1].strip():
            numbers = numbers[:-1]
        if len(numbers) != len(columns) or None in columns:
            where = f"表二“{words.squeezed(line[0][1])[:20]}”"
            self.found.remarks.append(Remark(where, f"{where}一行的数与表头对不上（{len(numbers)} 个数，{len(columns)} 列），没有读。"))
            return True
        self._put("two", code, zip([column or "" for column in columns], numbers, strict=True))
        return True

    # Table four

    def _four_head(self, lines: list[Line], everything: str) -> None:
        groups = [
            (everything.find(sign), code)
            for sign, code in (("未经复议直接起诉", "direct"), ("复议后起诉", "after_review"))
            if sign in everything
        ]
        if "行政复议" in everything:
            groups.append((everything.find("行政复议"), "review"))
        self._groups = [code for _, code in sorted(groups)]
        # The results of one group may begin a row above those of the others; the fullest row has them all.
        rows = [[code for _, text in line if (code := words.four_results().get(words.key(text)))] for line in lines]
        fullest = max(rows, key=len, default=[])
        self._results = fullest if len(fullest) == len(_RESULTS) * len(self._groups) else list(_RESULTS) * len(self._groups)

    def _four(self, line: Line) -> None:
        if not all(words.is_number_like(text) for _, text in line) or not any(text.strip() for _, text in line):
            # A first cell that says what the row is.
            if len(line) < 2 or words.is_number_like(line[0][1]) or not all(words.is_number_like(text) for _, text in line[1:]):
                return
            line = line[1:]
        numbers = [text for _, text in line]
        results = self._results
        while len(numbers) > len(results) and not numbers[-1].strip():
            numbers = numbers[:-1]
        if len(numbers) != len(results) or len(results) != len(self._groups) * len(_RESULTS):
            message = f"表四有 {len(numbers)} 个数，表头有 {len(results)} 列，没有读。"
            self.found.remarks.append(Remark("表四", message))
            return
        codes = [f"{self._groups[at // len(_RESULTS)]}.{result}" for at, result in enumerate(results)]
        self._put("four", CASES, zip(codes, numbers, strict=True))
        self._groups = []

    def _put(self, table: TableName, row: str, numbers: zip[tuple[str, str]]) -> None:
        cells: dict[Place, Value] = getattr(self.found, table)
        given = {(row, column): words.value(text) for column, text in numbers}
        if any(place in cells and not cells[place].is_empty for place in given):
            if any(cells.get(place) != one for place, one in given.items()):
                where = f"{'表二' if table == 'two' else '表三' if table == 'three' else '表四'}“{_label(table, row)}”"
                self.found.remarks.append(Remark(where, f"{where}出现两次而且不同，用的是第一次。"))
            return
        cells.update(given)


def _label(table: TableName, code: str) -> str:
    return next((label for layout in layouts().values() if (label := layout.row_label(table, code)) != code), code)


def _usual(row: str, count: int) -> tuple[str, ...]:
    """The columns of a row of table two whose heading was not found, where the number of cells tells the layout."""
    for layout in layouts().values():
        columns = tuple(column.code for column in layout.columns_of("two", row))
        if len(columns) == count:
            return columns
    return ()
