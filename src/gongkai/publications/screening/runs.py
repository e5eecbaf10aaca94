"""内容检查 of a revision: asked for in the save, the text at once, the attachments by the worker, each part once.

A part is read outside any transaction and written in one, under the lock of its screening: two workers at the same part cost time and
double nothing, and a killed one leaves the part to be taken up again (`tick`). What somebody decided of a finding is taken over when the
same content shows the same finding again: of an attachment that did not change, of a text of which not a word changed.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, F, Q
from django.utils import timezone

from gongkai.journal.actions import record
from gongkai.publications.models import Edition, Revision, RevisionAttachment, Screening, ScreeningFinding, ScreeningPart
from gongkai.publications.models.editions import WORKING
from gongkai.publications.screening import files as screening_files
from gongkai.publications.screening import text as screening_text
from gongkai.publications.screening.files import UNREAD, Row, row_of
from gongkai.publications.screening.rules import Held, held
from gongkai.reading.errors import ReadingError
from gongkai.screening.screening import screen_passages

logger = logging.getLogger("gongkai.screening")
AT_ONCE = 1_500_000
"""Characters of text that are read within the save: 300 pages take some 50 ms."""
STALE = timedelta(minutes=2)
"""A screening that has not moved for so long is taken up again."""
ATTEMPTS = 3
"""Beginnings of a part that never ended; then the file is given up with a sentence."""
PER_TICK = 5
GIVEN_UP = f"读取时程序中断了 {ATTEMPTS} 次。请换一份文件，或者拆分后再上传"
Key = tuple[str, str, str]


def ask(revision: Revision) -> Screening:
    """Asks for the screening of a revision, in the transaction that saved it. Asked again, or under the same rules, it changes nothing.

    The text is read at once where it is not long, attachments known under these rules too; the rest is the worker's.
    """
    rules = held(revision.edition.document.jurisdiction_id)
    with transaction.atomic():
        found = Screening.objects.filter(revision=revision).first()
        if found is None:
            found, parts = _asked(revision, rules)
        else:
            if found.rules_key != rules.key:
                _begin_anew(found, rules)
            elif found.finished_at is not None:
                return found
            parts = list(found.parts.filter(done_at__isnull=True).select_related("version"))
        _what_is_quick(found, parts, rules)
        if len(parts) > 1 or found.finished_at is None:
            _enqueue(found.pk)
    return found


def ask_later(revisions: Iterable[Revision], jurisdiction_id: int) -> None:
    """Asks for many new revisions of one place, in the transaction that wrote them, at the cost of one; all reading is the worker's."""
    rules, now, listed = held(jurisdiction_id), timezone.now(), list(revisions)
    made = Screening.objects.bulk_create(Screening(revision=r, rules_on=rules.day, rules_key=rules.key, asked_at=now) for r in listed)
    by_revision = {found.revision_id: found for found in made}
    links = RevisionAttachment.objects.filter(revision__in=listed).order_by("revision", "position", "pk")
    attached = [ScreeningPart(screening=by_revision[link.revision_id], version_id=link.version_id) for link in links]
    ScreeningPart.objects.bulk_create([*(ScreeningPart(screening=found) for found in made), *attached])
    for found in made:
        _enqueue(found.pk)


def _asked(revision: Revision, rules: Held) -> tuple[Screening, list[ScreeningPart]]:
    found = Screening.objects.create(revision=revision, rules_on=rules.day, rules_key=rules.key, asked_at=timezone.now())
    links = revision.attachment_links.select_related("version").order_by("position", "pk")
    parts = [ScreeningPart(screening=found), *(ScreeningPart(screening=found, version=link.version) for link in links)]
    return found, ScreeningPart.objects.bulk_create(parts)


def _begin_anew(found: Screening, rules: Held) -> None:
    """Other rules hold now: every part is read again, decisions on what is found again stand."""
    found.rules_on, found.rules_key, found.asked_at, found.finished_at = rules.day, rules.key, timezone.now(), None
    found.save(update_fields=["rules_on", "rules_key", "asked_at", "finished_at"])
    found.parts.update(done_at=None, begun_at=None, attempts=0)


def _what_is_quick(found: Screening, parts: list[ScreeningPart], rules: Held) -> None:
    for part in parts:
        rows: list[Row] | None = None
        if part.version is not None:
            rows = screening_files.known(part.version.sha256, part.version.name, rules)
        elif screening_text.size_of(found.revision) <= AT_ONCE:
            rows = text_rows(found.revision, rules)
        if rows is not None:
            _write(found, part, rows)


def _enqueue(pk: int) -> None:
    from gongkai.publications.tasks import screen_revision

    transaction.on_commit(lambda: screen_revision.enqueue(pk), robust=True)


def run(screening_id: int) -> bool:
    """Reads every part that is not done. Whether all of them are; False also when the screening is gone."""
    found = Screening.objects.select_related("revision__edition__document").filter(pk=screening_id).first()
    if found is None:
        return False
    rules = held(found.revision.edition.document.jurisdiction_id, found.rules_on)
    if rules.key != found.rules_key:
        rules = held(found.revision.edition.document.jurisdiction_id)
        with transaction.atomic():
            _begin_anew(found, rules)
    for part in found.parts.filter(done_at__isnull=True).select_related("version"):
        begun = ScreeningPart.objects.filter(pk=part.pk, done_at__isnull=True)
        if not begun.update(attempts=F("attempts") + 1, begun_at=timezone.now()):
            continue
        _write(found, part, _rows_of(found, part, rules))
    return not found.parts.filter(done_at__isnull=True).exists()


def _rows_of(found: Screening, part: ScreeningPart, rules: Held) -> list[Row]:
    if part.attempts >= ATTEMPTS:
        return [screening_files.unread_because(rules.rules[UNREAD], GIVEN_UP)]
    if part.version is None:
        return text_rows(found.revision, rules)
    return screening_files.found_in(part.version, rules)


def text_rows(revision: Revision, rules: Held) -> list[Row]:
    try:
        passages = screening_text.passages(revision)
        return [row_of(finding) for finding in screen_passages(passages, rules.rules, rules.words)][: screening_files.MOST]
    except ReadingError as error:
        return [screening_files.unread(rules, "正文", error)]


@transaction.atomic
def _write(found: Screening, part: ScreeningPart, rows: list[Row]) -> None:
    """The findings of a part in place of earlier ones, and its end; nothing where somebody else has done it or the rules have changed."""
    now = timezone.now()
    locked = Screening.objects.select_for_update().filter(pk=found.pk, rules_key=found.rules_key).first()
    waiting = ScreeningPart.objects.filter(pk=part.pk, done_at__isnull=True)
    if locked is None or not waiting.update(done_at=now, begun_at=part.begun_at or now):
        return
    decided = _decided(found, part) if rows else {}
    locked.findings.filter(version=part.version_id).delete()
    ScreeningFinding.objects.bulk_create(
        (ScreeningFinding(screening=locked, version_id=part.version_id, **row, **_taken(decided, row)) for row in rows), batch_size=500
    )
    if not locked.parts.filter(done_at__isnull=True).exists():
        found.finished_at = now
        found.save(update_fields=["finished_at"])
        _note(found)


def _note(done: Screening) -> None:
    """What was found goes into the journal as numbers alone."""
    blocking, warning = (Count("pk", filter=Q(severity=severity)) for severity in ScreeningFinding.Severity.values)
    counts = done.findings.aggregate(blocking=blocking, warning=warning)
    document = done.revision.edition.document
    new = {"revision_id": done.revision_id, "rules_on": done.rules_on, **counts}
    record("publications.screened", done, actor=None, new=new, agency_id=document.agency_id, place=document.jurisdiction_id)


def _decided(found: Screening, part: ScreeningPart) -> dict[Key, list[dict[str, Any]]]:
    """Decisions on this content so far: in this screening, else in the last one of the document that read the same content."""
    rows = ScreeningFinding.objects.filter(version=part.version_id).exclude(decision="").order_by("pk")
    own = list(rows.filter(screening=found))
    if not own:
        own = list(rows.filter(screening=_before(found, part)))
    decided: dict[Key, list[dict[str, Any]]] = defaultdict(list)
    for one in own:
        if one.version_id is None and one.decision == ScreeningFinding.Decision.MASKED:
            continue  # the words were masked in a later revision; here they stand unmasked
        values = {"decision": one.decision, "decided_by_id": one.decided_by_id, "decided_at": one.decided_at, "reason": one.reason}
        decided[one.rule, one.where, one.masked].append(values)
    return decided


def _before(found: Screening, part: ScreeningPart) -> Screening | None:
    """The screening whose decisions on this part still speak of the same content."""
    revision = found.revision
    rows = Screening.objects.filter(revision__edition__document=revision.edition.document_id, revision__pk__lt=revision.pk)
    rows = rows.exclude(revision__edition__state=Edition.State.DISCARDED)
    if part.version_id is not None:
        return rows.filter(parts__version=part.version_id).order_by("-revision").first()
    earlier = rows.select_related("revision").order_by("-revision").first()
    same = earlier is not None and all(
        getattr(earlier.revision, name) == getattr(revision, name) for name in (*screening_text.FIELDS, "body", "rows")
    )
    return earlier if same else None


def _taken(decided: dict[Key, list[dict[str, Any]]], row: Row) -> dict[str, Any]:
    """The decision on the same finding; of several that look alike each is taken once."""
    waiting = decided.get((row["rule"], row["where"], row["masked"]))
    return waiting.pop(0) if waiting else {}


def progress(found: Screening) -> tuple[int, int]:
    """(parts done, parts in all). One query."""
    done = list(found.parts.values_list("done_at", flat=True))
    return len([at for at in done if at is not None]), len(done)


def tick() -> int:
    """Takes up what a killed worker left and what nobody asked for; returns how many. Harmless twice."""
    before = timezone.now() - STALE
    quiet = Q(parts__begun_at__isnull=True) | Q(parts__begun_at__lt=before)
    left = Screening.objects.filter(quiet, finished_at__isnull=True, asked_at__lt=before).distinct().order_by("asked_at")
    busy = ScreeningPart.objects.filter(done_at__isnull=True, begun_at__gte=before).values("screening")
    taken = 0
    for pk in list(left.exclude(pk__in=busy).values_list("pk", flat=True)[:PER_TICK]):
        _enqueue(pk)
        taken += 1
    unasked = Edition.objects.filter(state__in=WORKING, revision__isnull=False, revision__screening__isnull=True)
    for edition in unasked.select_related("revision__edition__document")[:PER_TICK]:
        if edition.revision is not None:
            ask(edition.revision)
            taken += 1
    return taken
