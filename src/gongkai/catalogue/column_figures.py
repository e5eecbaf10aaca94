"""What stands in a column, counted, as the app that publishes says; and what was put there when. This one knows no publication."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

MEDIA = {"text": "文字", "data": "数据", "chart": "图表", "video": "视频"}
"""The kinds of content a portal should have (迎江区政务公开工作要点 (十七), S2-32), in order."""


@dataclass(slots=True)
class Figures:
    """`agencies`: who has contributed, with how many, most first. `media`: key of MEDIA → how many documents have some."""

    documents: int = 0
    agencies: list[tuple[str, int]] = field(default_factory=list)
    media: dict[str, int] = field(default_factory=dict)


class Update(NamedTuple):
    """One thing put into a column: when, what, where it is read, by which agency."""

    at: datetime
    title: str
    url: str
    agency: str


FiguresOf = Callable[[list[int]], dict[int, Figures]]
UpdatesOf = Callable[[int, int], list[Update]]
_figures: list[FiguresOf] = []
_updates: list[UpdatesOf] = []


def register(figures: FiguresOf, updates: UpdatesOf) -> None:
    """Called once from an app's ready(). `figures` answers for many columns in a constant number of queries; `updates` gives the newest
    of one column, at most so many.
    """
    if figures not in _figures:
        _figures.append(figures)
        _updates.append(updates)


def figures_of(column_ids: Iterable[int]) -> dict[int, Figures]:
    """Column id → its figures; those without any have none."""
    ids = list(column_ids)
    found: dict[int, Figures] = {}
    for function in _figures:
        for pk, some in function(ids).items():
            whole = found.setdefault(pk, Figures())
            whole.documents += some.documents
            whole.agencies = sorted([*whole.agencies, *some.agencies], key=lambda row: -row[1])
            for name, n in some.media.items():
                whole.media[name] = whole.media.get(name, 0) + n
    return found


def updates_of(column_id: int, most: int = 50) -> list[Update]:
    """What was put into a column, the newest first."""
    return sorted((row for function in _updates for row in function(column_id, most)), key=lambda row: row.at, reverse=True)[:most]
