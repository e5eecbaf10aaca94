"""Any dates, any leads, any days on which the worker runs: each reminder exactly once, none early, none lost."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongkai.clocks import calendar
from gongkai.obligations.models import Obligation
from gongkai.reminders.models import Preference, Told
from gongkai.reminders.telling import tell
from gongkai.reminders.tests.conftest import at

START = date(2026, 1, 20)
"""Before spring festival (15 to 23 February) with its worked Saturdays."""
DAYS = st.integers(0, 60).map(lambda n: START + timedelta(days=n))


def left(today: date, day: date) -> int:
    """Working days after today up to `day`, one by one."""
    return sum(calendar.is_working_day(today + timedelta(days=n)) for n in range(1, (day - today).days + 1))


def ahead(today: date, day: date, lead: int) -> bool:
    """Whether `day` is today or so near that fewer than `lead` working days lie between: the n-th working day before a Sunday is also the
    n-th before the Monday after it.
    """
    return day == today or (day > today and left(today, day - timedelta(days=1)) < lead)


def expected(duties: list[Obligation], runs: list[date], lead: int, after: int) -> dict[tuple[str, int, str], date]:
    """(kind, duty, mark) → the day on which the drafter or head is told it, from the definitions, run by run."""
    said: dict[tuple[str, int, str], date] = {}
    for today in runs:
        for row in duties:
            closed = row.fulfilled_on is not None
            if closed or row.starts_on > today:
                continue
            due = row.due_on
            assert due is not None
            if ahead(today, due, lead):
                said.setdefault(("due_soon", row.pk, str(due)), today)
            if due >= today and row.inner_due_on and (row.inner_due_on <= today or ahead(today, row.inner_due_on, lead)):
                said.setdefault(("inner", row.pk, str(row.inner_due_on)), today)
            if due < today:
                said.setdefault(("overdue", row.pk, str(due)), today)
                if left(due, today) >= after:
                    said.setdefault(("escalated", row.pk, f"first:{due}"), today)
    return said


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), lead=st.integers(0, 8), after=st.integers(1, 5))
def test_exactly_once_and_never_early(cast, make_obligation, settings, data, lead, after):
    Told.objects.all().delete()
    Obligation.objects.all().delete()
    settings.ESCALATE_DAYS = after
    Preference.objects.update_or_create(person=cast.head, defaults={"lead_days": lead})
    duties = []
    for _ in range(data.draw(st.integers(1, 4))):
        due = data.draw(DAYS)
        row = make_obligation(
            person=cast.head,  # one reader who is worker and head in one, so that kinds meet in one person
            due_on=due,
            starts_on=data.draw(DAYS),
            inner_due_on=data.draw(st.none() | DAYS.filter(lambda day, due=due: day <= due)),
            fulfilled_on=data.draw(st.none() | st.none() | st.just(START)),
        )
        Obligation.objects.filter(pk=row.pk).update(created_at=at("2025-06-01"))  # no news any more
        duties.append(row)
    runs = sorted(set(data.draw(st.lists(DAYS, min_size=1, max_size=9))) | {START + timedelta(days=90)})
    again = data.draw(st.sets(st.sampled_from(runs), min_size=1, max_size=2))  # days on which the worker runs once more

    seen: dict[tuple[str, int, str], date] = {}
    for today in runs:
        tell(at(today, 3))
        if today in again:
            assert tell(at(today, 20)) == 0, "nothing more on the same day"
        for kind, pk, mark in Told.objects.filter(person=cast.head).values_list("kind", "obligation", "mark"):
            seen.setdefault((kind, pk, mark), today)
    assert seen == expected(duties, runs, lead, after)
    assert set(Counter(Told.objects.values_list("person", "kind", "obligation", "mark")).values()) <= {1}
