"""What every verb of publishing shares: its road (deeds/performing.py) with this app's table, its files, who acts for an agency."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from gongkai.deeds import performing
from gongkai.deeds.performing import insist, kind_of, lock, text_reasons
from gongkai.publications.models import Deed

__all__ = ["forget", "insist", "kind_of", "lock", "perform", "text_reasons"]

perform = partial(performing.perform, Deed)


def forget(saved: Sequence[Any]) -> None:
    """(storage, name) of files written for a deed that was refused: the database rolled back, the files go with it."""
    for storage, name in saved:
        storage.delete(name)
