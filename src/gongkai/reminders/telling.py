"""Telling: every row that a kind's query yields becomes a Told, and in the same transaction the letters that carry it.

Computing twice, late, or in two processes at once gives the same rows: the database's unique constraint decides who wrote one, and only
what a process wrote itself gets into its letters.
"""

from __future__ import annotations

import time
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from gongkai.agencies.models import Agency, User
from gongkai.obligations.clocking import calendar_of
from gongkai.reminders.kinds import Kind, Moment, Row, kinds
from gongkai.reminders.models import Hook, Item, Message, Preference, Told
from gongkai.reminders.timing import is_late, send_at

BATCH = 500
PER_TICK = 5_000
"""Rows told in one tick, so that tasks need not wait long; the next tick goes on."""


@dataclass
class _Pace:
    """A run that took long rests long: computing takes at most a twentieth of the worker's time, however large the ledger."""

    rest_until: float = 0.0


_pace = _Pace()


def tick() -> int:
    """What the worker does every minute (site/ticks.py)."""
    start = time.monotonic()
    if start < _pace.rest_until:
        return 0
    told = tell(limit=PER_TICK)
    end = time.monotonic()
    _pace.rest_until = end + (0 if told >= PER_TICK else 20 * (end - start))
    return told


def tell(now: datetime | None = None, limit: int | None = None, batch: int = BATCH) -> int:
    """Tells what is due by `now` and not told yet; how many rows. Each batch is one transaction, so a kill halves none."""
    now = now or timezone.now()
    moment = Moment(now, timezone.localdate(now))
    told = 0
    for kind in kinds():
        for query in kind.due(moment):
            while limit is None or told < limit:
                rows = list(query[:batch])
                new = _keep(kind, rows, moment) if rows else 0
                told += new
                if len(rows) < batch or not new:
                    break
    return told


@transaction.atomic
def _keep(kind: Kind, rows: list[Row], moment: Moment) -> int:
    """Writes the rows and their letters; how many were new. Rows that another process wrote meanwhile are its to send."""
    batch = uuid.uuid4()
    places = Agency.objects.select_related("jurisdiction").in_bulk({row["via"] for row in rows})
    fresh: dict[tuple[int, int, str], Told] = {}
    for row in rows:
        calendar = calendar_of(places[row["via"]].jurisdiction.code)
        on = timezone.localdate(row["on"]) if isinstance(row["on"], datetime) else row["on"]
        fresh[row["pk"], row["to"], row["mark"]] = Told(
            obligation_id=row["pk"],
            person_id=row["to"],
            kind=kind.name,
            mark=row["mark"],
            agency_id=row["via"],
            text=kind.sentence(row, moment)[:200],
            late=is_late(on, moment.today, kind.grace, calendar),
            at=moment.now,
            batch=batch,
        )
    ordered = [fresh[key] for key in sorted(fresh)]  # two processes lock rows in the same order
    Told.objects.bulk_create(ordered, ignore_conflicts=True)
    mine = list(Told.objects.filter(batch=batch).select_related("person", "agency__jurisdiction").order_by("pk"))
    by_the_hour = {row["pk"] for row in rows if row["due_at"]}
    _post(mine, by_the_hour, moment)
    return len(mine)


def _post(told: list[Told], by_the_hour: set[int], moment: Moment) -> None:
    """Puts what was told into letters: all that one person gets at one moment into one."""
    letters: dict[str, Message] = {}
    inside: dict[str, list[Told]] = defaultdict(list)
    preferences = Preference.objects.in_bulk({row.person_id for row in told})
    hooks = Hook.objects.in_bulk({row.agency_id for row in told}, field_name="agency_id") if settings.WEBHOOK_HOSTS else {}
    for row in told:
        for letter in _letters(row, preferences, hooks, row.obligation_id in by_the_hour, moment):
            letters.setdefault(letter.key, letter)
            inside[letter.key].append(row)
    if not letters:
        return
    Message.objects.bulk_create([letters[key] for key in sorted(letters)], ignore_conflicts=True)
    kept = {row.key: row for row in Message.objects.select_for_update().filter(key__in=letters).order_by("key")}
    late = {key: letters[key] for key, row in kept.items() if row.sealed_at and row.channel == Message.Channel.MAIL}
    for key, letter in late.items():  # it went out while this was computed: a letter of its own
        letter.key = f"{key}+{uuid.uuid4().hex[:12]}"
        letter.save(force_insert=True)
        kept[key] = letter
    Item.objects.bulk_create(
        [Item(message=kept[key], told=row) for key, rows in inside.items() if not kept[key].sealed_at for row in rows],
        ignore_conflicts=True,
    )


def _letters(
    row: Told, preferences: Mapping[int, Preference], hooks: Mapping[int, Hook], by_the_hour: bool, moment: Moment
) -> Iterable[Message]:
    preference = preferences.get(row.person_id) or Preference(person_id=row.person_id)
    address = address_of(row.person, preference)
    if address and preference.by_mail and row.kind not in preference.muted:
        at = send_at(moment.now, preference, calendar_of(row.agency.jurisdiction.code), by_the_hour=by_the_hour)
        yield _letter(f"mail:{row.person_id}:{at:%Y%m%dT%H%M%S.%f}", Message.Channel.MAIL, row, address, at, moment, row.person)
    if hook := hooks.get(row.agency_id):
        key = f"hook:{row.agency_id}:{row.obligation_id}:{row.kind}:{row.mark}"  # once for the agency, however many of its people are told
        yield _letter(key, Message.Channel.WEBHOOK, row, hook.url, moment.now, moment, None)


def _letter(key: str, channel: str, row: Told, address: str, at: datetime, moment: Moment, person: User | None) -> Message:
    return Message(key=key, channel=channel, person=person, agency=row.agency, address=address, made_at=moment.now, next_at=at)


def address_of(person: User, preference: Preference) -> str:
    """Where this person's letters go; empty when no address is known."""
    return preference.address or person.email
