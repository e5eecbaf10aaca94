"""Lists items may be made from (权责清单, 公共服务事项清单), as the app that keeps lists tells of them. This one knows none."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple


class ListRef(NamedTuple):
    """A list that is in force: its record, its kind in words, its title and where the public reads it."""

    id: int
    kind: str
    title: str
    url: str


class ListRow(NamedTuple):
    """`key` tells the row within its list for good."""

    key: str
    name: str
    basis: str = ""
    elements: str = ""


ListsOf = Callable[[Iterable[int]], list[ListRef]]
RowsOf = Callable[[int], list[ListRow]]
_providers: list[tuple[ListsOf, RowsOf]] = []


def register(lists_of: ListsOf, rows_of: RowsOf) -> None:
    """Called once from an app's ready(). `lists_of` answers for agencies, `rows_of` for one list; empty when it is not there."""
    if (lists_of, rows_of) not in _providers:
        _providers.append((lists_of, rows_of))


def lists_of(agency_ids: Iterable[int]) -> list[ListRef]:
    ids = list(agency_ids)
    return [one for of, _rows in _providers for one in of(ids)]


def rows_of(list_id: int) -> list[ListRow]:
    for _of, rows in _providers:
        if found := rows(list_id):
            return found
    return []
