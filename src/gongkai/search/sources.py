"""What can be found: each line of work registers its kind once, from ready(). The index holds copies; who sees what is asked here again."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from gongkai.search.model import Record


@dataclass(frozen=True, slots=True)
class Shown:
    """A hit as the page shows it, read from the database now. `notes` are short words under the title (机关、文号、有效性)."""

    title: str
    url: str
    notes: tuple[str, ...] = ()
    mark: str = ""
    """What must be said of it before it is opened (失效、已被新方案代替); empty where nothing needs saying."""
    mark_css: str = "wait"


@dataclass(frozen=True, slots=True)
class Source:
    """`records`: those of the ids that the public sees now, for the index. `keys`: the ids of all of them, ascending, after the one given.

    `drifted`: ids that became something else between two days without anybody doing anything (a term that ended).
    `shown`: the same question for one page of hits, in a constant number of queries; a hit that is missing there is not shown.
    `live`: those of the ids that the public sees now, in one query (without it `shown` is asked). `names`: the codes of a facet in words.
    """

    kind: str
    label: str
    records: Callable[[Collection[int]], Iterable[Record]]
    keys: Callable[[int, int], list[int]]
    shown: Callable[[Collection[int]], Mapping[int, Shown]]
    drifted: Callable[[date, date], Iterable[int]] | None = None
    names: Mapping[str, Callable[[Collection[str]], Mapping[str, str]]] = field(default_factory=dict)
    live: Callable[[Collection[int]], Iterable[int]] | None = None


_sources: dict[str, Source] = {}


def register(source: Source) -> None:
    _sources[source.kind] = source


def sources() -> Iterator[Source]:
    yield from _sources.values()


def source(kind: str) -> Source | None:
    return _sources.get(kind)


def key_of(kind: str, object_id: int) -> str:
    return f"{kind}:{object_id}"


def parts_of(key: str) -> tuple[str, int]:
    kind, _, number = key.partition(":")
    return kind, int(number)


def visible(keys: Iterable[str]) -> set[str]:
    """Those that the public sees now, whatever the index says: one query for each kind among them."""
    by_kind: dict[str, list[int]] = {}
    for key in keys:
        kind, pk = parts_of(key)
        by_kind.setdefault(kind, []).append(pk)
    found = {kind: (one.live or one.shown)(ids) for kind, ids in by_kind.items() if (one := source(kind))}
    return {key_of(kind, pk) for kind, ids in found.items() for pk in ids}
