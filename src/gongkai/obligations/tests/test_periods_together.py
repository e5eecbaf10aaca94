"""Many callers at the same moment make the rows of one."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection

from gongkai.obligations.models import Obligation, Series, Step
from gongkai.obligations.periods import NewSeries, catch_up, open_series

DAY = date(2026, 11, 22)


@pytest.mark.django_db(transaction=True)
def test_callers_at_once_make_every_row_once(cast, together):
    if connection.vendor != "postgresql":
        pytest.skip("an in-memory database takes one writer at a time; test_periods_killed has the file")

    def new(n, cadence):
        return NewSeries(cast.city, cast.finance, "plan_task", n, f"任务{n}", "", cadence, date(2026, 3, 18), until=date(2026, 12, 31))

    asked = [new(n, "monthly") for n in range(1, 231)]
    Series.objects.bulk_create(one.row() for one in asked)
    results = together(*[lambda: catch_up(DAY)] * 4, lambda: open_series(asked[:50] + [new(999, "weekly")], None))
    assert not [result for result in results if isinstance(result, BaseException)], results
    assert sum(result for result in results if isinstance(result, int)) <= 230 * 9
    catch_up(DAY)
    monthly = Obligation.objects.filter(series__cadence="monthly")
    assert monthly.count() == 230 * 9
    assert monthly.values("subject_id", "period").distinct().count() == 230 * 9
    assert Step.objects.filter(kind="opened").count() == Obligation.objects.count()
    assert not Series.objects.filter(closed_on__isnull=True, next_on__lte=DAY).exists()
