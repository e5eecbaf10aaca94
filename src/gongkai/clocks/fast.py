"""Many days at once, with numpy (`pip install gongkai[fast]`). The rest of the clocks works without it."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from gongkai.clocks.calendar import Calendar
from gongkai.clocks.errors import ClockError

_EPOCH = 719163  # ordinal of 1970-01-01, where datetime64 begins


class FastCalendar:
    """A calendar as numpy arrays. Days are `datetime64[D]`; the index reaches to 2060, days outside it raise ClockError."""

    def __init__(self, calendar: Calendar) -> None:
        try:
            import numpy
        except ImportError:
            raise ClockError("没有安装 numpy，不能成批计算：pip install gongkai[fast]。") from None
        self.np = numpy
        self.calendar = calendar
        self.index = calendar.index
        self.first = self.index.base - _EPOCH

    @cached_property
    def counts(self) -> Any:
        return self.np.array(self.index.counts, dtype=self.np.int32)

    @cached_property
    def working(self) -> Any:
        return self.np.array(self.index.working, dtype="datetime64[D]")

    @cached_property
    def limits(self) -> Any:
        return self.np.array(self.index.limits, dtype=self.np.int32)

    def add(self, days: Any, n: Any) -> tuple[Any, Any]:
        """(due days, provisional flags) of `n` ≥ 1 working days after each day; `n` a number or an array of the same length."""
        if self.np.any(self.np.asarray(n) < 1):
            raise ClockError("成批计算的工作日数要大于 0。")
        places = self._places(days)
        reached = self.counts[places] + (self.np.asarray(n, dtype=self.np.int32) - 1)
        if reached.size and reached.max() >= len(self.working):
            raise self._outside()
        return self.working[reached], reached > self.limits[places]

    def between(self, starts: Any, ends: Any) -> Any:
        """Working days after each start up to and including its end; negative when the end lies before."""
        return self.counts[self._places(ends)] - self.counts[self._places(starts)]

    def _places(self, days: Any) -> Any:
        places = self.np.asarray(days, dtype="datetime64[D]").view(self.np.int64) - self.first
        if places.size and (places.min() < 0 or places.max() >= self.index.size):
            raise self._outside()
        return places

    def _outside(self) -> ClockError:
        first, last = self.index.working[0], self.index.working[-1]
        return ClockError(f"成批计算只到 {first.year} 年至 {last.year} 年，其他日期逐个计算。")
