"""Pages of a list that may be as large as a province: the total is counted up to a bound, so that the first page costs what it shows."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.utils.functional import cached_property

from gongkai.obligations.queries import MOST


class BoundedPaginator(Paginator):
    """Counts no more than `most` rows; `more` says that there are others behind the last page offered. Who has counted them already says
    how many are `known`.
    """

    def __init__(self, rows: Any, per_page: int, *args: Any, most: int = MOST, known: int | None = None, **kwargs: Any) -> None:
        super().__init__(rows, per_page, *args, **kwargs)
        self.most, self.known = most, known

    @cached_property
    def _counted(self) -> int:
        if self.known is not None:
            return self.known
        rows: Any = self.object_list
        rows = getattr(rows, "data", rows)  # django_tables2 hands over its own wrapper
        rows = getattr(rows, "data", rows)
        return int(rows.order_by().values("pk")[: self.most + 1].count()) if hasattr(rows, "query") else len(rows)

    @cached_property
    def count(self) -> int:
        return min(self._counted, self.most)

    @property
    def more(self) -> bool:
        return self._counted > self.most
