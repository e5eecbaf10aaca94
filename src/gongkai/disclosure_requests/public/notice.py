"""个人信息处理告知: the words an applicant agrees to, versioned (rules/notice.toml)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources


@dataclass(frozen=True, slots=True)
class Notice:
    """`text` may name {years}, the term of keeping of the place."""

    version: str
    effective_from: date
    text: tuple[str, ...]

    def said(self, years: int) -> list[str]:
        return [line.format(years=years) for line in self.text]


@cache
def _notices() -> tuple[Notice, ...]:
    table = tomllib.loads(resources.files("gongkai.disclosure_requests").joinpath("rules/notice.toml").read_text("utf-8"))
    rows = (Notice(row["version"], row["effective_from"], tuple(row["text"])) for row in table["notice"])
    return tuple(sorted(rows, key=lambda row: row.effective_from))


def notice_on(day: date) -> Notice:
    """The words in force on a day; the first ones for a day before all of them."""
    held = [row for row in _notices() if row.effective_from <= day]
    return held[-1] if held else _notices()[0]
