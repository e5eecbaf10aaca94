"""Reading the journal: one object's history, the published heads, and how far today has come."""

from __future__ import annotations

from typing import Any

from django.db.models import Model, QuerySet

from gongkai.journal.actions import kind_and_key
from gongkai.journal.models import Entry, Head, Seal, Waiting


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


LOOK_BACK = 200


def newest_change() -> int | None:
    """The number of the newest sealed deed, logins and the like left out: as long as it is the same, nothing has changed. Two queries.

    None while a committed deed waits for its seal, for then nobody can say. It is the seal that counts, not the entry: entries get their
    numbers before they are committed, seals after. Behind more than LOOK_BACK logins the number grows with them.
    """
    if Waiting.objects.exists():
        return None
    newest = list(Seal.objects.order_by("-seq").values_list("seq", "entry__action")[:LOOK_BACK])
    before = newest[-1][0] - 1 if newest else 0
    return next((seq for seq, action in newest if not action.startswith("account.")), before)
