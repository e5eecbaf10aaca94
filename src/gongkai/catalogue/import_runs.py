"""Reading a long table and taking it over, by the worker: piece by piece, with progress, each piece once.

A worker holds the import by a lease that every sign of progress renews; another takes it up when there was none for `STALE`. Every piece is
one transaction that first renews the lease, so that one who has lost it writes nothing more. What was taken before a worker was killed is
found to be the same when the table is compared anew: the rest follows, and the end is as if nothing had happened.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from gongkai.agencies.errors import ActionRefused
from gongkai.catalogue.actions.base import perform
from gongkai.catalogue.import_files import rejected_bytes
from gongkai.catalogue.importing import Outlook, outlook
from gongkai.catalogue.models import CatalogueVersion, Deed, Import, ImportFault
from gongkai.catalogue.tables import Stopped, TableError, Told, quiet
from gongkai.catalogue.taking_over import Writer, base_of, take_over

AT_ONCE = 300
"""Rows of a table that are read, and taken over, while the page is waited for."""
STALE = timedelta(seconds=60)
ATTEMPTS = 3
"""Beginnings of a reading that never ended; then the file is given up with a sentence."""
SHOWN = 200
"""Rows of a dry run on the screen; the counts say how many there are."""
MOST_WARNINGS = 5000
WAITING = Q(read_at__isnull=True, problem="", applied_at__isnull=True) | Q(asked_at__isnull=False, applied_at__isnull=True)
MISSING_FILE = "文件不在存储里，请重新上传"


def enqueue(pk: int) -> None:
    from gongkai.catalogue.tasks import run_import

    transaction.on_commit(lambda: run_import.enqueue(pk), robust=True)


def run(pk: int) -> bool:
    """Does what waits of an import: reads it, or takes it over. False where nothing waits, or somebody else is at it."""
    kept = _claimed(pk)
    if kept is None:
        return False
    try:
        if kept.is_applying:
            _apply(kept)
        else:
            _read(kept)
    except Stopped:
        return False
    finally:
        Import.objects.filter(pk=pk, lease=kept.lease).update(lease="")
    return True


def _claimed(pk: int) -> Import | None:
    token, now = str(uuid.uuid4()), timezone.now()
    free = Import.objects.filter(Q(lease="") | Q(leased_at__lt=now - STALE), WAITING, pk=pk)
    if not free.update(lease=token, leased_at=now, attempts=F("attempts") + 1, done=0, total=0):
        return None
    rows = Import.objects.select_related("version__catalogue__agency", "version__catalogue__jurisdiction", "asked_by", "uploaded_by")
    return rows.get(pk=pk)


def _beat(kept: Import) -> Told:
    """What renews the lease and says how far it is; raises Stopped once the lease is another's or the import is gone."""

    def told(done: int, total: int) -> None:
        mine = Import.objects.filter(pk=kept.pk, lease=kept.lease)
        if not mine.update(leased_at=timezone.now(), done=min(done, total), total=total):
            raise Stopped

    return told


def _read(kept: Import) -> None:
    if kept.attempts > ATTEMPTS:
        give_up(kept, f"读取时程序中断了 {ATTEMPTS} 次，请拆成几份再导入")
        return
    told = _beat(kept)
    try:
        seen = looked(kept, told)
    except (TableError, FileNotFoundError) as error:
        give_up(kept, str(error) if isinstance(error, TableError) else MISSING_FILE)
        return
    with transaction.atomic():
        told(3, 3)
        keep(kept, seen)


def give_up(kept: Import, problem: str) -> None:
    """What keeps a table from being read, or from being taken over after all; nothing more is tried."""
    kept.problem, kept.asked_at, kept.asked_by = problem[:500], None, None
    kept.save(update_fields=["problem", "asked_at", "asked_by"])


def looked(kept: Import, told: Told = quiet) -> Outlook:
    """What importing a kept file would do now. Raises TableError, FileNotFoundError."""
    with kept.file.open("rb") as file:
        return outlook(kept.version, file.read(), kept.name, hidden=kept.include_hidden, told=told)


def keep(kept: Import, seen: Outlook) -> None:
    """Keeps a dry run for the page, in place of an earlier one. Inside a transaction."""
    kept.faults.all().delete()
    faults = [
        ImportFault(imported=kept, is_error=True, place=place[:120], column=fault.column[:120], why=fault.why[:500], mend=fault.mend[:300])
        for place, fault in seen.faults
    ]
    warnings = seen.warnings
    faults += [ImportFault(imported=kept, is_error=False, place=place[:120], why=why[:500]) for place, why in warnings[:MOST_WARNINGS]]
    ImportFault.objects.bulk_create(faults, batch_size=1000)
    kept.outlook = {
        "counts": seen.counts,
        "warnings": len(warnings),
        "missing": len(seen.missing),
        "missing_names": [[str(row), row.level1] for row in seen.missing[:SHOWN]],
        "notes": seen.notes[:SHOWN],
        "hidden": [list(one) for one in seen.hidden],
        "steps": [
            [step.row.place, step.row.values["level1"][:200], step.row.values["level2"][:200], step.kind, step.changed_words]
            for step in seen.steps[:SHOWN]
        ],
    }
    if data := rejected_bytes(seen):
        kept.rejected.save("rejected.xlsx", ContentFile(data), save=False)
    else:
        kept.rejected = ""
    kept.read_at, kept.problem, kept.attempts = timezone.now(), "", 0
    kept.save(update_fields=["outlook", "rejected", "read_at", "problem", "attempts"])


def stopping(kept: Import, seen: Outlook) -> list[str]:
    """What keeps a table from being taken over, but for the state of its draft."""
    wrong, good = seen.counts["wrong"], len(seen.steps) - seen.counts["wrong"]
    if wrong and not kept.partial:
        return [f"表里有 {wrong} 行要改，改好后重新上传；没有导入任何一行"]
    return [] if good else ["表头下面没有能导入的事项" if wrong else "表头下面没有事项"]


def is_dropping(kept: Import, seen: Outlook) -> bool:
    """What the table has not is dropped only when the whole table is taken: a row that is to be mended may be the very item."""
    return kept.drop_missing and not seen.counts["wrong"]


def summary_of(kept: Import, seen: Outlook) -> dict[str, int]:
    return seen.counts | {"dropped": len(seen.missing) if is_dropping(kept, seen) else 0}


def take_at_once(kept: Import, version: CatalogueVersion) -> None:
    """The whole table within the caller's transaction. Raises ActionRefused."""
    try:
        seen = looked(kept)
    except (TableError, FileNotFoundError) as error:
        raise ActionRefused(str(error) if isinstance(error, TableError) else MISSING_FILE) from error
    if reasons := stopping(kept, seen):
        raise ActionRefused(reasons)
    take_over(version, seen, kept.asked_by, is_dropping(kept, seen))
    kept.applied_at, kept.summary = timezone.now(), summary_of(kept, seen)


def _apply(kept: Import) -> None:
    told = _beat(kept)
    version = kept.version
    assert kept.asked_by is not None
    if version.state != CatalogueVersion.State.DRAFT:
        give_up(kept, "这一版已经批准，没有导入")
        return
    try:
        seen = looked(kept, lambda done, total: told(done // 2, total))
    except (TableError, FileNotFoundError) as error:
        give_up(kept, str(error) if isinstance(error, TableError) else MISSING_FILE)
        return
    if kept.base is None:  # the first beginning: what is planned now is what will be told in the end
        if reasons := stopping(kept, seen):
            give_up(kept, "；".join(reasons))
            return
        kept.base, kept.summary = base_of(version, seen, is_dropping(kept, seen)), summary_of(kept, seen)
        kept.save(update_fields=["base", "summary"])
    writer = Writer(version, seen, kept.asked_by, kept.base)
    done, total = 0, len(writer.steps)
    for piece in writer.pieces():
        with transaction.atomic():
            done += len(piece)
            told(total + done, 2 * total)
            writer.write(piece)
    _finish(kept, writer, seen, lambda: told(1, 1))


def _finish(kept: Import, writer: Writer, seen: Outlook, insist: Callable[[], None]) -> None:
    assert kept.asked_by is not None

    def work() -> Import:
        insist()
        if is_dropping(kept, seen):
            writer.drop()
        kept.applied_at = timezone.now()
        kept.save(update_fields=["applied_at"])
        return kept

    key = f"import:{kept.pk}"
    perform(Deed.Kind.IMPORTED, kept.asked_by, key, kept, work, text=kept.name, agency_id=kept.version.catalogue.agency_id)


def tick() -> int:
    """Takes up what a killed worker left, and what never got into the queue; returns how many. Harmless twice."""
    before = timezone.now() - STALE
    quiet_since = Q(leased_at__lt=before) | Q(leased_at__isnull=True, uploaded_at__lt=before)
    left = list(Import.objects.filter(quiet_since, WAITING).order_by("pk").values_list("pk", flat=True)[:5])
    for pk in left:
        enqueue(pk)
    return len(left)
