"""复查: all that a place has public, looked through again under today's rules; for the openness office, which asks for what must be mended.

The worker goes on from the last document with a result, so that a killed one doubles nothing. A result says what was found; whether it
still stands is computed: once the document shows another revision, or is withdrawn, it does not.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from gongkai.agencies.access import scope_of
from gongkai.agencies.models import Jurisdiction, User
from gongkai.journal.actions import record
from gongkai.publications import facts
from gongkai.publications.actions.base import insist, perform
from gongkai.publications.models import Deed, Edition, HistoryResult, HistoryScreening, Revision
from gongkai.publications.screening import files as screening_files
from gongkai.publications.screening.files import Row
from gongkai.publications.screening.rules import Held, held
from gongkai.publications.screening.runs import text_rows
from gongkai.publications.visible import live_editions

WHILE = 10.0
"""Seconds of one turn; then other tasks and the ticks have theirs."""
BATCH = 100
STALE = timedelta(minutes=2)
MOST_KEPT = 200
"""Findings kept of one document; the counts are whole."""


def role_reason(place_id: int, actor: Any) -> str:
    return "" if scope_of(actor).is_office_of(place_id) else "复查由本地区政务公开主管部门发起"


def state_reasons(place_id: int) -> list[str]:
    if HistoryScreening.objects.filter(jurisdiction=place_id, finished_at__isnull=True).exists():
        return ["这个地区的上一次复查还没有完成"]
    return [] if _public(place_id).exists() else ["这个地区还没有公开的信息"]


def failure_reasons(place_id: int, actor: Any) -> list[str]:
    """Sentences that stand between this person and the verb; empty means it may be done."""
    role = role_reason(place_id, actor)
    return [role] if role else state_reasons(place_id)


def start(place: Jurisdiction, actor: User, *, key: str) -> HistoryScreening:
    """复查 is asked for; the worker does it."""
    rules = held(place.pk)

    def work() -> HistoryScreening:
        insist(role_reason(place.pk, actor), state_reasons(place.pk))
        made = HistoryScreening.objects.create(
            jurisdiction=place,
            rules_on=rules.day,
            rules_key=rules.key,
            total=_public(place.pk).count(),
            asked_by=actor,
            asked_at=timezone.now(),
        )
        _enqueue(made.pk)
        return made

    return perform(Deed.Kind.SCREENED, actor, key, None, work, text=f"{place.name} 复查", clash="这个地区的上一次复查还没有完成")


def _public(place_id: int) -> QuerySet[Edition]:
    return live_editions().filter(document__jurisdiction=place_id, revision__isnull=False)


def _enqueue(pk: int) -> None:
    from gongkai.publications.tasks import screen_history

    transaction.on_commit(lambda: screen_history.enqueue(pk), robust=True)


def run_some(history_id: int, seconds: float = WHILE) -> bool:
    """Looks through documents for a while. True when nothing is left to do."""
    end = time.monotonic() + seconds
    history = HistoryScreening.objects.filter(pk=history_id, finished_at__isnull=True).first()
    if history is None:
        return True
    rules = held(history.jurisdiction_id)
    done = HistoryResult.objects.filter(history=history, document=OuterRef("document"))
    waiting = _public(history.jurisdiction_id).filter(~Exists(done), published_at__lte=history.asked_at)
    while time.monotonic() < end:
        batch = list(
            waiting.select_related("revision__edition__document", "document__agency", "document__jurisdiction").order_by("pk")[:BATCH]
        )
        if not batch:
            _finish(history)
            return True
        for edition in batch:
            _look(history, edition, rules)
            if time.monotonic() >= end:
                break
        HistoryScreening.objects.filter(pk=history.pk).update(looked_at=timezone.now())
    return False


def _look(history: HistoryScreening, edition: Edition, rules: Held) -> None:
    revision = edition.revision
    assert revision is not None
    rows = [{**row, "file": name} for name, row in _rows(revision, rules)]
    blocking, warning = screening_files.counted(rows)
    rows.sort(key=lambda row: row["severity"])
    values = {"revision": revision, "blocking": blocking, "warning": warning, "findings": rows[:MOST_KEPT]}
    try:
        with transaction.atomic():
            made, new = HistoryResult.objects.get_or_create(history=history, document=edition.document, defaults=values)
            if new and blocking:
                facts.screening_found(made)
            elif new:
                facts.screening_settled(edition.document)
    except IntegrityError:  # another worker was faster
        return


def _rows(revision: Revision, rules: Held) -> Iterator[tuple[str, Row]]:
    """(file name or "" for the text, finding) but for what a reviewer has overruled in this very revision: that was decided.

    Attachments are looked at as the public has them: the copies, not the originals.
    """
    from gongkai.publications.screening.public_copies import public_of

    overruled = _overruled(revision)
    for row in text_rows(revision, rules):
        if (None, row["rule"], row["masked"]) not in overruled:
            yield "", row
    for link in revision.attachment_links.select_related("version"):
        copy = public_of(link)
        if copy is None:
            continue
        for row in screening_files.found_in_copy(copy, rules):
            if (link.version_id, row["rule"], row["masked"]) not in overruled:
                yield link.version.name, row


def _overruled(revision: Revision) -> set[tuple[int | None, str, str]]:
    from gongkai.publications.models import ScreeningFinding

    rows = ScreeningFinding.objects.filter(screening__revision=revision, decision=ScreeningFinding.Decision.OVERRULED)
    return set(rows.values_list("version_id", "rule", "masked"))


def _finish(history: HistoryScreening) -> None:
    with transaction.atomic():
        if not HistoryScreening.objects.filter(pk=history.pk, finished_at__isnull=True).update(finished_at=timezone.now()):
            return
        results = history.results.all()
        new = {"documents": results.count(), "blocking": results.filter(blocking__gt=0).count()}
        record("publications.screened", history, actor=None, new=new, place=history.jurisdiction_id)


def tick() -> int:
    """Takes up what a killed worker left; returns how many. Harmless twice."""
    before = timezone.now() - STALE
    still = Q(looked_at__isnull=True, asked_at__lt=before) | Q(looked_at__lt=before)
    left = list(HistoryScreening.objects.filter(still, finished_at__isnull=True).values_list("pk", flat=True))
    for pk in left:
        _enqueue(pk)
    return len(left)


def standing(results: QuerySet[HistoryResult]) -> QuerySet[HistoryResult]:
    """With `.stands`: the document still shows what was looked at."""
    return results.annotate(stands=_shown())


def _shown() -> Exists:
    return Exists(live_editions().filter(document=OuterRef("document"), revision=OuterRef("revision")))


def histories_for(user: Any) -> QuerySet[HistoryScreening]:
    """Those of the places one reads as openness office."""
    return HistoryScreening.objects.filter(jurisdiction__in=scope_of(user).seen_ids).select_related("jurisdiction", "asked_by")


def with_counts(rows: QuerySet[HistoryScreening]) -> QuerySet[HistoryScreening]:
    """With `.done` documents looked through, `.blocked` of them with something that may not be public."""
    return rows.annotate(done=Count("results"), blocked=Count("results", filter=Q(results__blocking__gt=0)))


def results_for(user: Any, ids: Iterable[int]) -> QuerySet[HistoryResult]:
    """What was found in documents of one's own agencies, whoever asked for the screening."""
    rows = HistoryResult.objects.filter(_shown(), document__agency__in=list(ids), blocking__gt=0)
    return rows.select_related("document", "revision", "history")
