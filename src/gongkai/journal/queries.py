"""Reading the journal: one object's history, the published heads, and how far today has come."""

from __future__ import annotations

from typing import Any

from django.db.models import Model, QuerySet

from gongkai.journal.actions import kind_and_key
from gongkai.journal.models import Entry, Head, Seal


def entries_of(obj: Model | tuple[str, object]) -> QuerySet[Entry]:
    """The history of one object, newest first. Who may see it is for the caller to decide, as for the object itself."""
    kind, key = kind_and_key(obj)
    return Entry.objects.filter(object_kind=kind, object_id=key).order_by("-pk")


def heads() -> QuerySet[Head]:
    return Head.objects.order_by("-day")


def head_json(head: Head) -> dict[str, Any]:
    return {"day": head.day.isoformat(), "seq": head.seq, "count": head.count, "algorithm": head.algorithm, "hash": head.hash}


def latest_seal() -> Seal | None:
    return Seal.objects.order_by("-seq").first()
