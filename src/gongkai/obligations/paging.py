"""Pages of a list that may be as large as a province: the total is counted up to a bound, so that the first page costs what it shows."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.utils.functional import cached_property

from gongkai.obligations.queries import MOST


class BoundedPaginator(Paginator):
    """Counts no more than MOST rows; `more` says that there are others behind the last page offered."""

    @cached_property
    def _counted(self) -> int:
        rows: Any = self.object_list
        rows = getattr(rows, "data", rows)  # django_tables2 hands over its own wrapper
        rows = getattr(rows, "data", rows)
        return int(rows.order_by().values("pk")[: MOST + 1].count()) if hasattr(rows, "query") else len(rows)

    @cached_property
    def count(self) -> int:
        return min(self._counted, MOST)

    @property
    def more(self) -> bool:
        return self._counted > MOST
