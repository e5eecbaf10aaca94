"""Files of a case: judged by their bytes as every upload is, sealed on disk, known by their hash."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.files import File
from django.db import transaction

from gongkai.agencies.models import User
from gongkai.disclosure_requests.models import CaseFile, DisclosureRequest
from gongkai.publications.drafting.attachments import described, file_reasons

__all__ = ["add", "content_of", "file_reasons", "forget"]


def add(
    request: DisclosureRequest, kind: str, files: Iterable[File[Any]], actor: User | None, *, from_applicant: bool = False
) -> list[CaseFile]:
    """Keeps the files in the transaction of the verb; a file of the same bytes is kept once for each kind. When the transaction is rolled
    back what was written goes with it."""
    assert transaction.get_connection().in_atomic_block
    made: list[CaseFile] = []
    try:
        for file in files:
            facts = described(file)
            if (known := CaseFile.objects.filter(request=request, kind=kind, sha256=facts["sha256"]).first()) is not None:
                made.append(known)
                continue
            row = CaseFile(
                request=request,
                kind=kind,
                name=facts["name"],
                sha256=facts["sha256"],
                size=facts["size"],
                media_type=facts["content_type"],
                from_applicant=from_applicant,
                added_by=actor,
            )
            file.seek(0)
            row.file.save(facts["name"], file, save=False)
            row.save()
            made.append(row)
    except BaseException:
        forget(made)
        raise
    return made


def content_of(stored: Any) -> bytes:
    """What a sealed file field holds, however often it is asked: a sealed file that was closed cannot be opened again by its field."""
    with stored.storage.open(stored.name, "rb") as opened:
        return bytes(opened.read())


def forget(rows: Iterable[CaseFile]) -> None:
    """Takes files from the disk whose rows the database rolled back."""
    for row in rows:
        if row.file.name:
            row.file.storage.delete(row.file.name)
