"""Search on a site with a host of its own: the same index, asked for what the site shows alone."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import cached_property

from gongkai.search.model import PLACE, Found, Wanted
from gongkai.search.tantivy_engine import TantivyEngine
from gongkai.twins import hosting

NOBODY = "-"
"""A code that nothing has: a choice of agencies of other sites alone finds nothing here."""


class SiteEngine:
    """The part of an index that belongs to the site that is asked; all of it on the main host."""

    def __init__(self, whole: TantivyEngine) -> None:
        self._whole = whole

    @cached_property
    def _own(self) -> dict[str, list[str]]:
        """What of the index belongs here: the records of its agencies, or those of its places."""
        host = hosting.current()
        if host is None:
            return {}
        if host.agencies is not None:
            return {"agency": _codes(host.agencies)}
        return {PLACE: _codes(host.places or ())}

    def _within(self, wanted: Wanted) -> Wanted:
        if not self._own:
            return wanted
        asked, own = wanted.facets.get("agency"), dict(self._own)
        if asked and "agency" in own:
            own["agency"] = [code for code in asked if code in own["agency"]] or [NOBODY]
        return replace(wanted, facets={**wanted.facets, **own})

    def search(self, wanted: Wanted) -> Found:
        return self._whole.search(self._within(wanted))

    def counts(self, wanted: Wanted) -> dict[str, Sequence[tuple[str, int]]]:
        return dict(self._whole.counts(self._within(wanted)))

    def titles(self, typed: str, limit: int = 8) -> list[tuple[str, str]]:
        return self._whole.titles(typed, limit, self._own)

    def sounding(self, sounds: Sequence[str]) -> list[tuple[str, str]]:
        return self._whole.sounding(sounds, facets=self._own)


def _codes(keys: Collection[int]) -> list[str]:
    return [str(key) for key in sorted(keys)] or [NOBODY]
