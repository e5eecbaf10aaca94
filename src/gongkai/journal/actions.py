"""Writing the journal: an entry inside the transaction of the deed, its seal after the commit, a head for each day that has ended.

A deed and its entry live or die together. The seal comes later, so that no deed waits for another; whatever a killed process left unsealed
the next seal picks up. The order of the chain is the order of sealing.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import Model
from django.utils import timezone

from gongkai.journal import words
from gongkai.journal.canonical import COLUMNS, Written, canonical, changed, clean, text_of
from gongkai.journal.hashing import GENESIS, digest
from gongkai.journal.models import Entry, Head, Seal, Waiting

logger = logging.getLogger("gongkai.journal")
BATCH = 1000
"""Entries sealed in one transaction."""
AT_ONCE = 500
"""Entries sealed in the request that made them; the worker does the rest of a great import."""
PER_TICK = 20_000
"""Entries sealed by one tick of the worker, well under two seconds; tasks wait that long."""
ATTEMPTS = 5


class Change(NamedTuple):
    """One entry to be. `old` and `new` may be whole rows: only the fields that differ are kept. Both empty: a deed without values.

    `obj` is the record, or (kind, key) of one that has no row. `actor=None` is the operator at the command line, or the system itself.
    """

    action: str
    obj: Model | tuple[str, object]
    actor: Any = None
    old: Mapping[str, Any] = {}
    new: Mapping[str, Any] = {}
    agency_id: int | None = None
    place: int | None = None
    note: str = ""


def record(
    action: str,
    obj: Model | tuple[str, object],
    *,
    actor: Any,
    old: Mapping[str, Any] | None = None,
    new: Mapping[str, Any] | None = None,
    agency_id: int | None = None,
    place: int | None = None,
    note: str = "",
) -> None:
    """Notes one deed (see Change) in the transaction it belongs to; RuntimeError where there is none."""
    record_many([Change(action, obj, actor, old or {}, new or {}, agency_id, place, note)])


def record_many(changes: Iterable[Change]) -> int:
    """The same for many deeds, all at one moment and in the order given; returns how many. 100,000 take a few seconds."""
    if not connection.in_atomic_block:
        raise RuntimeError("a deed and its entry belong in one transaction")
    now = timezone.now()
    entries = [_entry(change, now) for change in changes]
    if entries:
        Entry.objects.bulk_create(entries, batch_size=BATCH)
        _insert(Waiting, ("entry_id",), [(entry.pk,) for entry in entries])
        _seal_after_commit()
    return len(entries)


def _entry(change: Change, now: datetime) -> Entry:
    words.check(change.action)
    kind, key = kind_and_key(change.obj)
    old, new = changed(change.old, change.new)
    actor = change.actor
    return Entry(
        at=now,
        actor_id=actor.pk if actor is not None else None,
        actor=clean(str(actor))[:150] if actor is not None else "",
        action=change.action,
        object_kind=kind,
        object_id=key,
        place=change.place,
        agency_id=change.agency_id,
        old=text_of(old),
        new=text_of(new),
        note=clean(change.note),
    )


def fields_of(row: Model, *names: str) -> dict[str, Any]:
    """The named columns of a record for `old` or `new`; without names all that are filled in."""
    if names:
        return {name: getattr(row, name) for name in names}
    columns = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    return {name: value for name, value in columns.items() if value is not None and value != ""}


def kind_and_key(obj: Model | tuple[str, object]) -> tuple[str, str]:
    """("obligations.obligation", "17"). ValueError for a record that has not been saved."""
    if isinstance(obj, Model):
        if obj.pk is None:
            raise ValueError(f"{obj._meta.label_lower} has no key yet")
        return obj._meta.label_lower, str(obj.pk)
    kind, key = obj
    return kind, clean(str(key))


def _seal_after_commit() -> None:
    """Once for each transaction, however many entries it makes. A failure is logged and changes nothing: the worker seals too."""
    if not any(waiting[1] is _seal_at_once for waiting in connection.run_on_commit):
        transaction.on_commit(_seal_at_once, robust=True)


def _seal_at_once() -> None:
    seal(AT_ONCE)


def seal(limit: int = PER_TICK) -> int:
    """Chains up to `limit` committed entries, oldest first; returns how many. 0 also when another process is sealing at this moment."""
    done = 0
    for _ in range(ATTEMPTS):
        try:
            while done < limit and (made := _seal_batch(min(BATCH, limit - done))):
                done += made
        except IntegrityError:  # two wrote the first seal at once: the one that lost looks again
            continue
        return done
    logger.warning("封存被别的进程抢先 %d 次，留给下一次", ATTEMPTS)
    return done


@transaction.atomic
def _seal_batch(limit: int) -> int:
    if not Waiting.objects.exists():
        return 0
    # The first seal stands for the chain: who holds its row is the only one who seals. Whoever finds it held leaves the work to the holder
    # or to the next time. On SQLite the transaction itself is the lock.
    first = Seal.objects.select_for_update(skip_locked=True).filter(seq=1).first()
    if first is None and Seal.objects.exists():
        return 0
    last = Seal.objects.order_by("-seq").first()
    seq, previous, not_before = (last.seq, last.hash, last.sealed_at) if last else (0, GENESIS, None)
    now = timezone.now()
    if not_before is not None and now < not_before:
        now = not_before  # a clock that was set back: the order of the chain is also the order of its times
    written = connection.ops.adapt_datetimefield_value(now)
    seals: list[tuple[Any, ...]] = []
    for row in Waiting.objects.order_by("pk").values_list(*(f"entry__{name}" for name in COLUMNS))[:limit]:
        what = Written._make(row)
        seq += 1
        own = digest(settings.JOURNAL_HASH, canonical(what, seq, previous, settings.JOURNAL_HASH, now))
        seals.append((seq, what.entry, previous, own, settings.JOURNAL_HASH, written))
        previous = own
    _insert(Seal, ("seq", "entry_id", "previous", "hash", "algorithm", "sealed_at"), seals)
    Waiting.objects.filter(pk__in=[entry for _seq, entry, *_rest in seals]).delete()
    return len(seals)


def _insert(model: type[Model], columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Rows of plain values, without a model object made of each: half the cost of sealing a great import. No name comes from outside."""
    names = ", ".join(connection.ops.quote_name(column) for column in columns)
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({', '.join(['%s'] * len(columns))})", rows)  # noqa: S608


def publish_heads() -> int:
    """Writes the head of every day that has ended since the last one; returns how many. Late or twice gives the same rows."""
    made = 0
    today = timezone.localdate()
    while (head := _next_head()) is not None and head.day < today:
        try:
            with transaction.atomic():
                head.save()
        except IntegrityError:  # another worker is at it
            break
        made += 1
    return made


def _next_head() -> Head | None:
    """The head of the first day after the last published one that has seals; of the seals there are now."""
    before = Head.objects.order_by("-day").first()
    known = before.seq if before else 0
    first = Seal.objects.filter(seq__gt=known).order_by("seq").first()
    if first is None:
        return None
    day = timezone.localtime(first.sealed_at).date()
    if before is not None and day <= before.day:  # sealed on a machine whose clock was behind: it counts for the day after
        day = before.day + timedelta(days=1)
    end = timezone.make_aware(datetime.combine(day + timedelta(days=1), datetime.min.time()))
    last = Seal.objects.filter(seq__gt=known, sealed_at__lt=end).order_by("-sealed_at", "-seq").first() or first
    return Head(day=day, seq=last.seq, hash=last.hash, algorithm=last.algorithm, count=last.seq - known)
