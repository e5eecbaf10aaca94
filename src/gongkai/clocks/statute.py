"""The days off for all citizens of a year, by the version of 全国年节及纪念日放假办法 that governs it (article 2 of each version)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib import resources
from typing import Any

FESTIVALS = {"spring": "春节", "qingming": "清明节", "dragon_boat": "端午节", "mid_autumn": "中秋节"}
_FIXED_NAMES = {1: "元旦", 5: "劳动节", 10: "国庆节"}


@dataclass(frozen=True, slots=True)
class Statute:
    """One version of the Measures. `fixed`: (month, day); `lunar`: (festival of data/lunar.toml, days after it)."""

    first_year: int
    decree: str
    certainty: str
    fixed: tuple[tuple[int, int], ...]
    lunar: tuple[tuple[str, int], ...]


def _data(name: str) -> dict[str, Any]:
    return tomllib.loads(resources.files("gongkai.clocks").joinpath(f"data/{name}").read_text("utf-8"))


@cache
def versions() -> tuple[Statute, ...]:
    """Every version in the table, oldest first."""
    rows = _data("statute.toml")["version"]
    return tuple(
        Statute(
            row["first_year"],
            row["decree"],
            row["certainty"],
            tuple((month, day) for month, day in row["fixed"]),
            tuple((festival, shift) for festival, shift in row["lunar"]),
        )
        for row in sorted(rows, key=lambda row: row["first_year"])
    )


@cache
def lunar_table() -> dict[int, dict[str, date]]:
    """The days of the festivals that follow the moon or the sun, 1999 to 2060 (made by gongkai.clocks.astronomy)."""
    return {int(year): row for year, row in _data("lunar.toml").items()}


def version_for(year: int) -> Statute:
    """The version in force in `year`; before 1999 the oldest known one."""
    found = versions()[0]
    for version in versions():
        if version.first_year <= year:
            found = version
    return found


@cache
def statutory_days(year: int) -> dict[date, str]:
    """Day → festival. Beyond the lunar table only the fixed days, which is one more reason why such a year is provisional."""
    version = version_for(year)
    days = {date(year, month, day): _FIXED_NAMES[month] for month, day in version.fixed}
    moons = lunar_table().get(year)
    if moons:
        for festival, shift in version.lunar:
            days.setdefault(moons[festival] + timedelta(shift), FESTIVALS[festival])
    return dict(sorted(days.items()))
