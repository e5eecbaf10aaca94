"""What a check found: an identity that fails, or something that deserves a look."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from gongkai.formats.annual_report.layout import TABLE_WORDS, Layout, TableName
from gongkai.formats.annual_report.model import Number, plain

Severity = Literal["fail", "warn"]


@dataclass(frozen=True, slots=True)
class Finding:
    """`check` names the rule (see checking); `expected` and `found` are numbers, words, or None. `message` is one Chinese sentence."""

    check: str
    severity: Severity
    message: str
    table: TableName | None = None
    row: str | None = None
    column: str | None = None
    expected: Number | str | None = None
    found: Number | str | None = None
    where: str = ""

    def to_dict(self) -> dict[str, Any]:
        return {
            "check": self.check,
            "severity": self.severity,
            "table": self.table,
            "row": self.row,
            "column": self.column,
            "expected": _plain(self.expected),
            "found": _plain(self.found),
            "where": self.where,
            "message": self.message,
        }


def place_words(layout: Layout, table: TableName, row: str, column: str = "") -> str:
    """“表三·（一）予以公开·自然人”."""
    words = [TABLE_WORDS[table]]
    if row and table != "four":
        words.append(_short(layout.row_label(table, row)))
    if column:
        words.append(layout.column_label(table, row, column))
    return "·".join(words)


def _short(label: str) -> str:
    return label.split("（区分处理", 1)[0]


def _plain(value: Number | str | None) -> str | int | float | None:
    return value if isinstance(value, str) else plain(value)
