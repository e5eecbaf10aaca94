"""列表订阅 (S4-8: by theme, field, agency, column, genre and words): what is published reaches every list that it is on, once.

Three steps, each safe to be killed in and to be run twice. Publishing writes an Announcement in its own transaction. `spread` finds the
subscriptions it concerns and lets it wait for each of them; an announcement and all it gives rise to is one transaction. `write` makes one
letter of all that waits for a subscription when its time has come: letter, end of the waiting and the log are one transaction again. So a
worker that slept for a week makes one letter of the week, and a hundred documents published in an hour are one letter, not a hundred.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from datetime import time as clock

from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from gongkai.catalogue.models import Item
from gongkai.publications.drafting.cleaning import text_of
from gongkai.publications.models import Announcement, Edition, Push, Revision, Subscription, Waiting
from gongkai.publications.public import facets
from gongkai.publications.public.subscriptions import letter, name_of, send, way_out
from gongkai.publications.validity import state as validity
from gongkai.publications.visible import live_editions
from gongkai.reminders.letters import address
from gongkai.reminders.models import Message

Rhythm = Subscription.Rhythm
BUDGET = 5.0
"""Seconds of one tick."""
BATCH = 500
LISTED = 50
"""Titles in one letter; the others are counted and stand on the page."""
APART = timedelta(minutes=10)
"""Between two letters of who wants them at once."""
MORNING, MONDAY = clock(8, 30), 0
"""When the letters of a day and of a week go out."""


def announce(edition: Edition, now: datetime) -> None:
    """In the transaction that publishes it."""
    Announcement.objects.get_or_create(edition=edition, defaults={"made_at": now})


def tick() -> int:
    """Both steps for a while; how many letters were made."""
    until = time.monotonic() + BUDGET
    while time.monotonic() < until and spread(timezone.now()):
        continue
    made = 0
    while time.monotonic() < until and (n := write(timezone.now())):
        made += n
    return made


def spread(now: datetime) -> bool:
    """The oldest announcement that no list has heard of; False when there is none."""
    locked = Announcement.objects.select_for_update(skip_locked=connection.features.has_select_for_update_skip_locked)
    with transaction.atomic():
        row = locked.filter(spread_at__isnull=True).order_by("pk").first()
        if row is None:
            return False
        edition = live_editions().filter(pk=row.edition_id).select_related("document", "revision").first()
        if edition is not None:  # taken down again meanwhile: nobody hears of it
            row.matched = _spread(edition, now)
        row.spread_at = now
        row.save(update_fields=["matched", "spread_at"])
    return True


def _spread(edition: Edition, now: datetime) -> int:
    facts, text = _facts(edition), _text(edition)
    matched = 0
    rows = Subscription.objects.filter(document__isnull=True, confirmed_at__isnull=False).order_by("pk")
    for some in _batches(rows.iterator(chunk_size=BATCH)):
        mine = [row for row in some if fits(row, facts, text)]
        Waiting.objects.bulk_create([Waiting(subscription=row, edition=edition) for row in mine], ignore_conflicts=True)
        for row in mine:
            if row.next_at is None:
                row.next_at = next_letter(row, now)
        Subscription.objects.bulk_update(mine, ["next_at"])
        matched += len(mine)
    return matched


def _batches(rows: Iterable[Subscription]) -> Iterable[list[Subscription]]:
    some: list[Subscription] = []
    for row in rows:
        some.append(row)
        if len(some) == BATCH:
            yield some
            some = []
    if some:
        yield some


def _facts(edition: Edition) -> dict[str, set[str]]:
    """Facet → the values this edition has. Two queries."""
    document, text = edition.document, edition.revision
    assert text is not None and edition.published_at is not None
    fields = Item.objects.filter(documents=document).exclude(catalogue__field="").values_list("catalogue__field", flat=True)
    return {
        "agency": {str(document.agency_id)},
        "column": {str(document.column_id)} if document.column_id else set(),
        "kind": {document.kind},
        "genre": {text.genre} - {""},
        "theme": {text.theme, text.theme[:2]} - {""},
        "year": {str(timezone.localdate(edition.published_at).year)},
        "validity": {validity.state_of(document).code},
        "field": set(fields),
    }


def _text(edition: Edition) -> str:
    """What words are looked for in: of something withheld nothing but its title."""
    text = edition.revision
    assert text is not None
    parts = [text.title, text.doc_number]
    if text.attribute == Revision.Attribute.PROACTIVE:
        cells = [str(value) for row in text.rows if isinstance(row, dict) for value in row.values()]
        parts += [text.keywords, text.abstract, text_of(text.body), *cells]
    return "\n".join(parts).casefold()


def fits(row: Subscription, facts: dict[str, set[str]], text: str) -> bool:
    """Whether what is published is on the list: every condition, every word."""
    if any(value not in facts.get(param, ()) for param, value in row.chosen.items()):
        return False
    return all(word in text for word in row.words.casefold().split())


def next_letter(row: Subscription, now: datetime) -> datetime:
    """At once, but not within APART of the last; else the next morning, or the next Monday morning (Asia/Shanghai)."""
    if row.rhythm == Rhythm.AT_ONCE:
        return max(now, row.last_at + APART) if row.last_at else now
    local = timezone.localtime(now)
    day = local.date() + timedelta(days=(MONDAY - local.weekday()) % 7 if row.rhythm == Rhythm.WEEKLY else 0)
    moment = timezone.make_aware(datetime.combine(day, MORNING))
    return moment if moment >= now else moment + timedelta(days=7 if row.rhythm == Rhythm.WEEKLY else 1)


def write(now: datetime, most: int = BATCH) -> int:
    """Letters of up to `most` subscriptions whose time has come, with their row of the log; how many subscriptions were seen to."""
    locked = Subscription.objects.select_for_update(skip_locked=connection.features.has_select_for_update_skip_locked)
    with transaction.atomic():
        rows = list(locked.filter(next_at__lte=now, confirmed_at__isnull=False).order_by("next_at", "pk")[:most])
        if not rows:
            return 0
        waiting: dict[int, list[int]] = {}
        said = list(Waiting.objects.filter(subscription__in=rows).order_by("pk"))
        for one in said:
            waiting.setdefault(one.subscription_id, []).append(one.edition_id)
        editions = _still_public(pk for some in waiting.values() for pk in some)
        letters: list[Message] = []
        counted: dict[str, Counter[str]] = {kind: Counter() for kind in Rhythm.values}
        told: dict[str, set[int]] = {kind: set() for kind in Rhythm.values}
        for row in rows:
            due = [editions[pk] for pk in waiting.get(row.pk, ()) if pk in editions]
            row.next_at = None
            if not due:
                continue
            row.last_at = now
            letters.append(_digest(row, due, max(waiting[row.pk]), now))
            told[row.rhythm] |= {edition.document_id for edition in due}
            counted[row.rhythm][_logged(row)] += 1
        send(letters)
        Waiting.objects.filter(pk__in=[one.pk for one in said]).delete()
        Subscription.objects.bulk_update(rows, ["next_at", "last_at"])
        Push.objects.bulk_create(
            Push(kind=kind, at=now, documents=len(told[kind]), letters=by.total(), by_facet=dict(by.most_common(100)))
            for kind, by in counted.items()
            if by
        )
    return len(rows)


def _logged(row: Subscription) -> str:
    """The conditions for the log. What words somebody looks for is his own affair."""
    said = [facets.words(row.chosen) if row.chosen else "", "另有搜索词" if row.words else ""]
    return "，".join(filter(None, said)) or "全部"


def _still_public(ids: Iterable[int]) -> dict[int, Edition]:
    rows = live_editions().filter(pk__in=set(ids)).select_related("document__agency", "revision")
    return {row.pk: row for row in rows.defer("revision__body", "revision__rows")}


def _digest(row: Subscription, due: list[Edition], last: int, now: datetime) -> Message:
    lines = []
    for n, edition in enumerate(due[:LISTED], 1):
        text, document = edition.revision, edition.document
        assert text is not None
        number = f"　{text.doc_number}" if text.doc_number else ""
        page = address(reverse("documents:document", args=[document.pk]))
        changed = "【有修改】" if edition.change == Edition.Change.MAJOR else ""
        lines.append(f"{n}. {changed}{text.title}\n   {document.agency.name}{number}\n   {page}")
    if len(due) > LISTED:
        lines.append(f"还有 {len(due) - LISTED} 件，见 {address(reverse('documents:list'))}")
    what = name_of(row)
    subject = due[0].revision.title if len(due) == 1 and due[0].revision else f"{len(due)} 件{what}"
    body = f"{what}，有 {len(due)} 件：\n\n" + "\n\n".join(lines) + f"\n\n--\n退订（打开后按一下）：{way_out(row)}"
    return letter(row, f"list:{last}:{len(due)}", due[0].document.agency_id, f"新公开：{subject}", body, now)


def purge(now: datetime | None = None) -> int:
    """Announcements every list has heard of a month ago."""
    rows = Announcement.objects.filter(spread_at__lt=(now or timezone.now()) - timedelta(days=30))
    return int(rows.delete()[0])
