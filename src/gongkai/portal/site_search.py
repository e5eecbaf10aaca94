"""Search on a site with a host of its own: the same index, asked for the agencies of the site alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

from gongkai.agencies.models import Agency
from gongkai.search.model import Found, Wanted
from gongkai.search.tantivy_engine import TantivyEngine
from gongkai.twins import hosting

NOBODY = "-"
"""A code that no agency has: a choice of agencies of other sites alone finds nothing here."""


class SiteEngine:
    """`whole` is the index of the installation, for what looks at words and not at records."""

    def __init__(self, whole: TantivyEngine) -> None:
        self.whole = whole

    @cached_property
    def _codes(self) -> list[str] | None:
        """The agencies of the site as the index has them, merged ones too; None where everything is shown. One query."""
        if hosting.current() is None:
            return None
        return [str(pk) for pk in Agency.objects.filter(hosting.here()).order_by().values_list("pk", flat=True)] or [NOBODY]

    def _within(self, wanted: Wanted) -> Wanted:
        if self._codes is None:
            return wanted
        asked = wanted.facets.get("agency")
        codes = [code for code in asked if code in self._codes] or [NOBODY] if asked else self._codes
        return replace(wanted, facets={**wanted.facets, "agency": codes})

    def search(self, wanted: Wanted) -> Found:
        return self.whole.search(self._within(wanted))

    def counts(self, wanted: Wanted) -> dict[str, Sequence[tuple[str, int]]]:
        return dict(self.whole.counts(self._within(wanted)))
