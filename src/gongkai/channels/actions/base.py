"""The road of every verb of channels (deeds/performing.py) with this app's table."""

from __future__ import annotations

from functools import partial

from gongkai.channels.models import Deed
from gongkai.deeds import performing
from gongkai.deeds.performing import insist, lock, text_reasons

__all__ = ["insist", "lock", "perform", "text_reasons"]
perform = partial(performing.perform, Deed)
