"""The uniform format of the annual report, row by row, as dated data (rules/layout_*.toml)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources
from typing import Any, Literal

TableName = Literal["two", "three", "four"]
Place = tuple[str, str]
"""(row code, column code)."""
TABLES: tuple[TableName, ...] = ("two", "three", "four")
TABLE_WORDS: Mapping[str, str] = {"two": "表二", "three": "表三", "four": "表四"}
CASES = "cases"
"""The one row of table four."""


@dataclass(frozen=True, slots=True)
class Column:
    """`group`: the heading above it. `unit` and `signed` say what a cell may hold: 万元 may have a fraction, a change may be negative."""

    code: str
    label: str
    group: str = ""
    unit: str = ""
    signed: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """`kind`: entry | heading (holds no numbers) | outcome | sum. `parent`: the row above it in the tree, "" at the top."""

    code: str
    label: str
    parent: str = ""
    kind: str = "entry"
    article: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A part of table two with columns of its own."""

    code: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Layout:
    """One version of the format. Columns of table four are `group.result`, such as review.upheld."""

    id: str
    name: str
    article: str
    first_year: int
    last_year: int | None
    sections: tuple[str, ...]
    carry_note: str
    two: tuple[Block, ...]
    three_columns: tuple[Column, ...]
    three_rows: tuple[Row, ...]
    four_groups: tuple[Column, ...]
    four_results: tuple[Column, ...]

    @cached_property
    def outcome_rows(self) -> tuple[str, ...]:
        """Rows that are summed in （七）."""
        return tuple(row.code for row in self.three_rows if row.kind == "outcome")

    @cached_property
    def places(self) -> Mapping[TableName, tuple[Place, ...]]:
        """Every cell that holds a number, in the order of reading."""
        return {
            "two": tuple((row.code, column.code) for block in self.two for row in block.rows for column in block.columns),
            "three": tuple((row.code, column.code) for row in self.three_rows if row.kind != "heading" for column in self.three_columns),
            "four": tuple((CASES, f"{group.code}.{result.code}") for group in self.four_groups for result in self.four_results),
        }

    def columns_of(self, table: TableName, row: str) -> tuple[Column, ...]:
        """The columns that a row of tables two or three has."""
        if table == "three":
            return self.three_columns
        return next((block.columns for block in self.two if any(one.code == row for one in block.rows)), ())

    def row_label(self, table: TableName, row: str) -> str:
        if table == "four":
            return "件数"
        rows = self.three_rows if table == "three" else [one for block in self.two for one in block.rows]
        return next((one.label for one in rows if one.code == row), row)

    def column_label(self, table: TableName, row: str, column: str) -> str:
        if table == "four":
            group, _, result = column.partition(".")
            found = next((one for one in self.four_groups if one.code == group), None)
            words = next((one.label for one in self.four_results if one.code == result), result)
            return f"{found.label if found else group}·{words}"
        return next((one.label for one in self.columns_of(table, row) if one.code == column), column)

    def column(self, table: TableName, place: Place) -> Column:
        """What the cell may hold."""
        return next((one for one in self.columns_of(table, place[0]) if one.code == place[1]), Column(place[1], place[1]))

    def under(self, row: str) -> tuple[str, ...]:
        """The outcome rows below a row of table three, itself if it is one."""
        found = {row}
        for one in self.three_rows:
            if one.parent in found:
                found.add(one.code)
        return tuple(code for code in self.outcome_rows if code in found)


@cache
def layouts() -> Mapping[str, Layout]:
    """Id ("2021", "2019") → layout, the newest first."""
    folder = resources.files("gongkai.formats.annual_report").joinpath("rules")
    found = [_layout(tomllib.loads(folder.joinpath(name).read_text("utf-8"))) for name in ("layout_2021.toml", "layout_2019.toml")]
    return {layout.id: layout for layout in found}


def layout_of(year: int) -> Layout:
    """The format for the report on a year; the nearest one where the year has none."""
    found = list(layouts().values())
    return next((one for one in found if one.first_year <= year and (one.last_year is None or year <= one.last_year)), found[-1])


def _layout(table: Mapping[str, Any]) -> Layout:
    return Layout(
        id=table["id"],
        name=table["name"],
        article=table["article"],
        first_year=table["first_year"],
        last_year=table.get("last_year"),
        sections=tuple(table["sections"]),
        carry_note=table["carry_note"],
        two=tuple(
            Block(one["code"], one["title"], tuple(Column(**c) for c in one["columns"]), tuple(Row(**r) for r in one["rows"]))
            for one in table["two"]
        ),
        three_columns=tuple(Column(**one) for one in table["three"]["columns"]),
        three_rows=tuple(Row(**one) for one in table["three"]["rows"]),
        four_groups=tuple(Column(one["code"], one["label"], one.get("over", "")) for one in table["four"]["groups"]),
        four_results=tuple(Column(**one) for one in table["four"]["results"]),
    )
