"""What has been published for an item or in a column, as the app that publishes says. This one knows no publication."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import NamedTuple


class Content(NamedTuple):
    """One page the public can read: title, address, the day it was published."""

    title: str
    url: str
    on: date


ContentsOf = Callable[[Iterable[int]], dict[int, list[Content]]]
LastOf = Callable[[Iterable[int]], dict[int, date]]
_contents: list[ContentsOf] = []
_last_of_items: list[LastOf] = []
_last_of_columns: list[LastOf] = []


def register(of_items: ContentsOf, last_of_items: LastOf, last_of_columns: LastOf) -> None:
    """Called once from an app's ready(). Each function answers for many ids in a constant number of queries; ids without content are
    left out. `of_items` gives the newest first.
    """
    if of_items not in _contents:
        _contents.append(of_items)
        _last_of_items.append(last_of_items)
        _last_of_columns.append(last_of_columns)


def contents_of(item_ids: Iterable[int]) -> dict[int, list[Content]]:
    """Item id → what was published for it, newest first."""
    ids = list(item_ids)
    found: dict[int, list[Content]] = {}
    for function in _contents:
        for pk, rows in function(ids).items():
            found.setdefault(pk, []).extend(Content(*row) for row in rows)
    return {pk: sorted(rows, key=lambda row: row.on, reverse=True) for pk, rows in found.items()}


def last_of_items(item_ids: Iterable[int]) -> dict[int, date]:
    """Item id → the day of its newest content."""
    return _newest(_last_of_items, item_ids)


def last_of_columns(column_ids: Iterable[int]) -> dict[int, date]:
    """Column id → the day of its newest content."""
    return _newest(_last_of_columns, column_ids)


def _newest(functions: list[LastOf], ids: Iterable[int]) -> dict[int, date]:
    wanted = list(ids)
    found: dict[int, date] = {}
    for function in functions:
        for pk, day in function(wanted).items():
            found[pk] = max(day, found.get(pk, day))
    return found
