"""Is the journal as it was written? The chain, the published heads, what is still unsealed, and the guards of the database."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from gongkai.journal import guards
from gongkai.journal.canonical import stamp
from gongkai.journal.chain import Fault, Link, Place, start, walk
from gongkai.journal.models import Entry, Head, Seal

UNSEALED_AFTER = timedelta(minutes=1)
REWRITTEN, UNSEALED, UNGUARDED = "rewritten", "unsealed", "unguarded"


@dataclass(frozen=True)
class Finding:
    """`kind`: altered, missing, inserted, reordered (the first fault of the chain), rewritten (against a head), unsealed, unguarded.

    `seq` is the number in the chain, `entry` the key of the entry, `at` its time and `what` its deed, as far as they are known.
    """

    kind: str
    message: str
    seq: int | None = None
    entry: int | None = None
    at: datetime | None = None
    what: str = ""

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "seq": self.seq,
            "entry": self.entry,
            "at": stamp(self.at) if self.at else None,
            "what": self.what,
            "message": self.message,
        }


@dataclass
class Verdict:
    """`checked` links were walked from number `first`; `last` is where the walk ended; times are in seconds."""

    first: int
    checked: int
    last: Place
    seconds: float
    findings: list[Finding] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return not self.findings

    @property
    def per_second(self) -> int:
        return int(self.checked / self.seconds) if self.seconds > 0 else 0


@dataclass(frozen=True)
class KnownHead:
    """A head as somebody kept it."""

    day: date
    seq: int
    hash: str


def read_heads(text: str) -> list[KnownHead]:
    """Heads kept from /journal/heads.json or heads.txt. ValueError with a sentence when it is neither."""
    body = text.lstrip("\ufeff").strip()
    try:
        if body.startswith("{"):
            rows = [(row["day"], row["seq"], row["hash"]) for row in json.loads(body)["heads"]]
        else:
            lines = [line.split() for line in body.splitlines() if line.strip() and not line.startswith("#")]
            rows = [(day, seq, own) for day, seq, _count, _algorithm, own in lines]
        heads = [KnownHead(date.fromisoformat(day), int(seq), str(own).lower()) for day, seq, own in rows]
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError("不是本系统公布的每日校验值（heads.json 或 heads.txt）") from error
    if not heads:
        raise ValueError("里面没有每日校验值")
    return sorted(heads, key=lambda head: head.seq)


def verify(first: int = 1, heads: Iterable[KnownHead] = ()) -> Verdict:
    """Walks from number `first` to the end. `heads`: kept by somebody outside, besides our own. LookupError as chain.start."""
    begun = time.perf_counter()
    place = start(first)
    last, fault = walk(place)
    verdict = Verdict(max(first, 1), last.seq - place.seq, last, time.perf_counter() - begun)
    if fault is not None:
        verdict.findings.append(_of_chain(fault))
    own = [KnownHead(head.day, head.seq, head.hash) for head in Head.objects.order_by("seq")]
    verdict.findings += [finding for known in (own, list(heads)) if (finding := _against(known))]
    verdict.findings += _unsealed()
    if gone := guards.missing(connection):
        verdict.findings.append(Finding(UNGUARDED, f"数据库的防改触发器不在了：{'、'.join(gone)}"))
    return verdict


def _of_chain(fault: Fault) -> Finding:
    link: Link | None = fault.link
    what = link.what if link else None
    if what is None:
        return Finding(fault.kind, fault.words, fault.seq)
    deed = f"{what.action} {what.object_kind} {what.object_id}"
    return Finding(fault.kind, fault.words, fault.seq, what.entry, what.at, deed)


def _against(known: list[KnownHead]) -> Finding | None:
    """The earliest head that is no longer in the chain; whatever was rewritten lies between it and the head before it."""
    sound = 0
    for begin in range(0, len(known), 1000):
        piece = known[begin : begin + 1000]
        there = dict(Seal.objects.filter(seq__in=[head.seq for head in piece]).values_list("seq", "hash"))
        for head in piece:
            if there.get(head.seq) != head.hash:
                where = f"第 {sound + 1} 至 {head.seq} 条之间被改写"
                if head.seq not in there:
                    where = f"第 {head.seq} 条已不存在"
                return Finding(REWRITTEN, f"与 {head.day} 公布的校验值不符：{where}", head.seq)
            sound = head.seq
    return None


def _unsealed() -> list[Finding]:
    rows = Entry.objects.filter(seal__isnull=True, at__lt=timezone.now() - UNSEALED_AFTER)
    entry = rows.order_by("pk").only("at", "action", "object_kind", "object_id").first()
    if entry is None:
        return []
    words = f"{rows.count()} 条超过一分钟还没有封存，第一条是记录 {entry.pk}：后台进程没有运行，或者记录、封存不是由本系统写入或删除的"
    return [Finding(UNSEALED, words, None, entry.pk, entry.at, f"{entry.action} {entry.object_kind} {entry.object_id}")]
