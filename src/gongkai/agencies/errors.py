"""Two ways an action says no, shared by all lines of work. Neither leaves anything half done."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied


class NotAllowed(PermissionDenied):
    """The record may be seen, the deed is not this person's. `str(error)` is a sentence for the screen; the web answers 403."""


class ActionRefused(Exception):
    """The deed is this person's but cannot be done now. `reasons` are sentences a person can act on."""

    def __init__(self, reasons: Iterable[str] | str) -> None:
        self.reasons = [reasons] if isinstance(reasons, str) else list(reasons)
        super().__init__("；".join(self.reasons))
