"""What every verb of publishing shares: its road (deeds/performing.py) with this app's table, its files, who acts for an agency."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.db import models

from gongkai.agencies.models import User
from gongkai.deeds import performing
from gongkai.deeds.performing import Made, insist, kind_of, lock, text_reasons
from gongkai.publications.models import Deed
from gongkai.screening import masking
from gongkai.screening.copies import personal

__all__ = ["forget", "insist", "kind_of", "lock", "masked", "perform", "text_reasons"]


def perform(
    kind: str, actor: User, key: str, about: models.Model | None, work: Callable[[], Made], *, text: str = "", **options: Any
) -> Made:
    """See performing.perform. Personal numbers in the words of a deed are masked: what is in the journal stays there for ever."""
    return performing.perform(Deed, kind, actor, key, about, work, text=masked(text), **options)


def masked(text: str) -> str:
    """Words that are kept beside a record, with personal numbers in them masked."""
    return masking.apply(text, personal(text))


def forget(saved: Sequence[Any]) -> None:
    """(storage, name) of files written for a deed that was refused: the database rolled back, the files go with it."""
    for storage, name in saved:
        storage.delete(name)
