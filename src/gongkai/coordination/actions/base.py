"""What every verb of this line of work shares: its road (deeds/performing.py) with this app's table, its files, who acts for a place."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from django.core.files import File

from gongkai.agencies.access import scope_of
from gongkai.agencies.models import Membership
from gongkai.coordination.models import Deed
from gongkai.deeds import performing
from gongkai.deeds.performing import insist, kind_of, lock, text_reasons
from gongkai.obligations.uploads import described, upload_reasons

__all__ = ["competent_of", "file_reasons", "forget", "insist", "keep_file", "kind_of", "lock", "perform", "text_reasons"]

perform = partial(performing.perform, Deed)


def file_reasons(file: File[Any] | None) -> list[str]:
    return upload_reasons([file]) if file is not None else []


def keep_file(record: Any, file: File[Any], saved: list[Any]) -> None:
    """Puts a checked file on the record (not saved yet); `saved` remembers it so that a refused deed leaves none behind."""
    facts = described(file)
    record.name, record.size, record.sha256, record.content_type = facts["name"], facts["size"], facts["sha256"], facts["content_type"]
    record.file.save(record.name, file, save=False)
    saved.append((record.file.storage, record.file.name))


def forget(saved: Sequence[Any]) -> None:
    """The database rolled back; the files go with it."""
    for storage, name in saved:
        storage.delete(name)


def competent_of(actor: Any, jurisdiction_id: int) -> int | None:
    """The competent agency in whose name an openness office acts on a jurisdiction: its own, else the one above that reads it."""
    scope = scope_of(actor)
    if not scope.office_ids:
        return None
    rows = Membership.objects.filter(user=actor, role=Membership.Role.OFFICE, agency__is_competent=True)
    found = dict(rows.values_list("agency__jurisdiction_id", "agency_id"))
    if jurisdiction_id in found:
        return found[jurisdiction_id]
    return next(iter(found.values()), None) if jurisdiction_id in scope.seen_ids else None
