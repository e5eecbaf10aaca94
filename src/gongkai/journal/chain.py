"""Walking the chain link by link, and naming what is wrong at the first one that does not fit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from gongkai.journal.canonical import COLUMNS, Written, canonical
from gongkai.journal.hashing import GENESIS, digest
from gongkai.journal.models import Entry, Seal

CHUNK = 5000
WINDOW = 1000
"""Links looked at behind a fault to tell what happened."""

ALTERED, MISSING, INSERTED, REORDERED = "altered", "missing", "inserted", "reordered"


class Link(NamedTuple):
    """A seal with its entry. `what` is None when the entry cannot even be read."""

    seq: int
    previous: str
    hash: str
    algorithm: str
    sealed_at: datetime | None
    what: Written | None


class Fault(NamedTuple):
    """`seq`: the first number of the chain that is not as it was; `link` what stands there now, if anything does; `words` for people."""

    kind: str
    seq: int
    link: Link | None
    words: str


class Place(NamedTuple):
    """Where a walk stands: everything up to `seq` fits, and the last hash was `hash`. `link` is None before the first step."""

    seq: int
    hash: str
    link: Link | None = None


_FIELDS = ("seq", "previous", "hash", "algorithm", "sealed_at")


def links(after: int, limit: int | None = None) -> Iterator[Link]:
    """The links behind number `after` in order, read in pieces so that a journal of any length passes through little memory."""
    given = 0
    while limit is None or given < limit:
        size = CHUNK if limit is None else min(CHUNK, limit - given)
        rows = Seal.objects.filter(seq__gt=after).order_by("seq").values_list(*_FIELDS, *(f"entry__{name}" for name in COLUMNS))
        try:
            piece = [_link(row) for row in rows[:size]]
        except (ValueError, TypeError):  # SQLite keeps what does not fit the column: find the row by taking them one at a time
            piece = [_one(pk) for pk in Seal.objects.filter(seq__gt=after).order_by("seq").values_list("seq", flat=True)[:size]]
        if not piece:
            return
        yield from piece
        given += len(piece)
        after = piece[-1].seq


def _link(row: Sequence[Any]) -> Link:
    return Link._make([*row[:5], Written._make(row[5:])])


def _one(seq: int) -> Link:
    row = Seal.objects.filter(seq=seq)
    try:
        return _link(row.values_list(*_FIELDS, *(f"entry__{name}" for name in COLUMNS)).get())
    except (ValueError, TypeError):
        return Link._make([*row.values_list(*_FIELDS[:4]).get(), None, None])


def fits(link: Link, seq: int | None = None, what: Written | None = None) -> bool:
    """Whether the hash of a link is that of its contents; with another number or another entry in their place, if given."""
    written = what or link.what
    if written is None or link.sealed_at is None:
        return False
    try:
        data = canonical(written, link.seq if seq is None else seq, link.previous, link.algorithm, link.sealed_at)
        return digest(link.algorithm, data) == link.hash
    except (ValueError, TypeError, AttributeError):  # JSON that is none, an unknown algorithm, a number where a text should be
        return False


def start(seq: int) -> Place:
    """The place before number `seq`, whose predecessor is believed; LookupError when there is none."""
    if seq <= 1:
        return Place(0, GENESIS)
    before = Seal.objects.filter(seq=seq - 1).values_list("hash", flat=True).first()
    if before is None:
        raise LookupError(seq - 1)
    return Place(seq - 1, before)


def walk(place: Place) -> tuple[Place, Fault | None]:
    """Goes on from a place as far as the links fit. The last place that does, and the fault behind it if there is one."""
    while True:
        for link in links(place.seq):
            if link.seq != place.seq + 1 or link.previous != place.hash or not fits(link):
                return place, diagnose(place, link)
            place = Place(link.seq, link.hash, link)
        behind = Seal.objects.filter(seq__gt=place.seq).order_by("seq").first()
        if behind is None:
            return place, None
        if not Entry.objects.filter(pk=behind.entry_id).exists():
            return place, _entry_gone(behind)


def _entry_gone(seal: Seal) -> Fault:
    return Fault(MISSING, seal.seq, None, f"第 {seal.seq} 条的内容（记录 {seal.entry_id}）已被删除，只剩封存")


def diagnose(place: Place, link: Link) -> Fault:
    """What happened between the last place that fits and the first link that does not."""
    expected = place.seq + 1
    if link.seq > expected:
        if left := Seal.objects.filter(seq=expected).first():
            return _entry_gone(left)
        gone = f"第 {expected} 条" if link.seq == expected + 1 else f"第 {expected} 至 {link.seq - 1} 条"
        return Fault(MISSING, expected, None, f"{gone}已被删除")
    if fits(link):
        if place.link is None:
            return Fault(ALTERED, link.seq, link, f"第 {link.seq} 条不接前一条的校验值，它或它前面的被改写")
        return Fault(ALTERED, place.seq, place.link, f"第 {place.seq} 条被改写，校验值也重算过；第 {link.seq} 条记着它原来的校验值")
    window = list(links(link.seq, WINDOW))
    return _moved(link, window) or _slipped_in(place, link, window) or _altered(link)


def _altered(link: Link) -> Fault:
    return Fault(ALTERED, link.seq, link, f"第 {link.seq} 条的内容与封存时不同")


def _moved(link: Link, window: list[Link]) -> Fault | None:
    """The link is sound, but under another number; or its hash belongs to another entry."""
    by_seq = {other.seq: other for other in window}
    for away in range(1, WINDOW + 1):
        if away < link.seq and fits(link, seq=link.seq - away):
            first = next(links(link.seq - away - 1, 1))
            return Fault(INSERTED, first.seq, first, f"第 {first.seq} 条是后来插入的，原来的第 {first.seq} 条现在是第 {link.seq} 条")
        if fits(link, seq=link.seq + away):
            other = by_seq.get(link.seq + away)
            if other is not None and fits(other, seq=link.seq):
                return Fault(REORDERED, link.seq, link, f"第 {link.seq} 条和第 {other.seq} 条的次序被调换")
            gone = f"原来的第 {link.seq} 条" if away == 1 else f"原来的第 {link.seq} 至 {link.seq + away - 1} 条"
            return Fault(MISSING, link.seq, None, f"{gone}已被删除，后面的重新编了号")
    for other in window:
        if other.what is not None and fits(link, what=other.what):
            return Fault(REORDERED, link.seq, link, f"第 {link.seq} 条和第 {other.seq} 条的内容被调换")
    return None


def _slipped_in(place: Place, link: Link, window: list[Link]) -> Fault | None:
    """A later link joins the last sound one and is sound under the number this one has: this one was put between."""
    for away, other in enumerate(window, 1):
        if other.previous == place.hash and fits(other, seq=other.seq - away):
            return Fault(INSERTED, link.seq, link, f"第 {link.seq} 条是后来插入的，原来的第 {link.seq} 条现在是第 {other.seq} 条")
    return None
