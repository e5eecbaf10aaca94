"""Simple checks of columns (S2-32, 政府网站发展指引: 不得有空白栏目): what is wrong with each, in words a person can act on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from gongkai.catalogue.queries import ColumnRow


@dataclass(frozen=True, slots=True)
class Check:
    code: str
    label: str
    mend: str


CHECKS = (
    Check("blank", "空白", "公开一条信息，或者关停这个栏目"),
    Check("stale", "更新不及时", "公开新内容，或者按实际改更新间隔"),
    Check("described", "没有说明", "写一句这个栏目放什么，网页标签要用"),
    Check("owned", "责任单位已撤销", "改给承接职责的单位"),
    Check("typed", "没有类型", "选一个网页标签规范的类型"),
    Check("entered", "互动栏目没有入口", "填写参与入口"),
)
_BY_CODE = {check.code: check for check in CHECKS}


def faults_of(row: ColumnRow, today: date) -> list[Check]:
    """Nothing for a closed column. A column with columns below it that have content is not blank."""
    column = row.column
    if column.closed_on:
        return []
    ended = column.agency.valid_to is not None and column.agency.valid_to < today
    found = {
        "blank": row.state == "blank",
        "stale": row.state == "stale",
        "described": not column.description,
        "owned": ended,
        "typed": not column.kind,
        "entered": bool(column.interactive and not column.entry_url),
    }
    return [check for check in CHECKS if found[check.code]]


def counted(rows: Iterable[ColumnRow], today: date) -> list[tuple[Check, int]]:
    """Each check with how many columns fail it."""
    counts = dict.fromkeys(_BY_CODE, 0)
    for row in rows:
        for check in faults_of(row, today):
            counts[check.code] += 1
    return [(_BY_CODE[code], n) for code, n in counts.items()]
