"""When a letter goes out: never in quiet hours, never on a day off, never later than the first moment it may."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from django.utils import timezone
from hypothesis import example, given
from hypothesis import strategies as st

from gongkai.clocks import calendar
from gongkai.reminders.models import Preference
from gongkai.reminders.timing import is_late, send_at

CALENDAR = calendar.current()


def local(day: str, clock: str = "10:00") -> datetime:
    return timezone.make_aware(datetime.fromisoformat(f"{day}T{clock}"))


def when(now: datetime, **fields: object) -> str:
    return f"{send_at(now, Preference(**fields), CALENDAR):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("now", "fields", "expected"),
    [
        (local("2026-11-23", "10:15"), {}, "2026-11-23 10:15"),
        (local("2026-11-23", "18:00"), {}, "2026-11-24 08:30"),
        (local("2026-11-23", "03:00"), {}, "2026-11-23 08:30"),
        (local("2026-11-20", "19:00"), {}, "2026-11-23 08:30"),  # Friday evening
        (local("2026-11-21", "12:00"), {}, "2026-11-23 08:30"),  # Saturday noon: Monday begins quiet
        (local("2026-11-21", "12:00"), {"quiet_from": time(12), "quiet_to": time(12)}, "2026-11-23 00:00"),
        (local("2026-11-23", "12:30"), {"quiet_from": time(12), "quiet_to": time(14)}, "2026-11-23 14:00"),
        (local("2026-02-13", "19:00"), {}, "2026-02-14 08:30"),  # Saturday 14 February is worked before spring festival
        (local("2026-02-14", "19:00"), {}, "2026-02-24 08:30"),  # 15 to 23 February off
        (local("2026-02-14", "19:00"), {"rest_days": False}, "2026-02-15 08:30"),
        (local("2026-11-23", "08:00"), {"rhythm": "daily", "hour": 9}, "2026-11-23 09:00"),
        (local("2026-11-23", "09:01"), {"rhythm": "daily", "hour": 9}, "2026-11-24 09:00"),
        (local("2026-11-20", "17:00"), {"rhythm": "daily", "hour": 9}, "2026-11-23 09:00"),
        (local("2026-11-23", "10:00"), {"rhythm": "daily", "hour": 6}, "2026-11-24 08:30"),  # an hour within the quiet ones
        (local("2026-11-24", "10:00"), {"rhythm": "weekly", "weekday": 0, "hour": 9}, "2026-11-30 09:00"),
        (local("2026-02-14", "10:00"), {"rhythm": "weekly", "weekday": 0, "hour": 9}, "2026-02-24 09:00"),  # Monday 16th off
    ],
)
def test_examples(now, fields, expected):
    assert when(now, **fields) == expected


def test_a_limit_in_hours_waits_for_nobody():
    midnight = local("2026-02-17", "00:30")
    assert send_at(midnight, Preference(rhythm="weekly"), CALENDAR, by_the_hour=True) == midnight


def test_late_is_counted_in_working_days():
    friday, monday, tuesday = date(2026, 11, 20), date(2026, 11, 23), date(2026, 11, 24)
    assert not is_late(friday, monday, 1, CALENDAR)
    assert is_late(friday, tuesday, 1, CALENDAR)
    assert not is_late(friday, tuesday, None, CALENDAR)


clock = st.times().map(lambda t: t.replace(minute=t.minute // 15 * 15, second=0, microsecond=0, fold=0))
preferences = st.builds(
    Preference,
    rhythm=st.sampled_from(Preference.Rhythm.values),
    hour=st.integers(0, 23),
    weekday=st.integers(0, 4),
    quiet_from=clock,
    quiet_to=clock,
    rest_days=st.booleans(),
)
moments = st.datetimes(datetime(2025, 12, 20), datetime(2026, 12, 20))


def quiet(moment: datetime, preference: Preference) -> bool:
    """Minute by minute, as the page puts it: from … to …, over midnight where from is later."""
    start, end, at = preference.quiet_from, preference.quiet_to, moment.time()
    if start == end:
        return False
    return start <= at < end if start < end else at >= start or at < end


def allowed(moment: datetime, preference: Preference) -> bool:
    return not quiet(moment, preference) and (CALENDAR.is_working_day(moment.date()) or not preference.rest_days)


@given(moments, preferences)
@example(datetime(2026, 2, 14, 23, 59), Preference(quiet_from=time(22), quiet_to=time(7)))
def test_never_in_quiet_hours_nor_on_a_day_off_and_never_before_now(moment, preference):
    answer = timezone.make_naive(send_at(timezone.make_aware(moment), preference, CALENDAR))
    assert answer >= moment
    assert allowed(answer, preference)


@given(moments, preferences)
def test_at_once_is_the_first_moment_allowed(moment, preference):
    preference.rhythm = "at_once"
    moment = moment.replace(minute=moment.minute // 15 * 15, second=0, microsecond=0)
    answer = timezone.make_naive(send_at(timezone.make_aware(moment), preference, CALENDAR))
    walk = moment
    while not allowed(walk, preference):
        walk += timedelta(minutes=15)
        if (walk - moment).days > 20:
            break
    assert answer == walk


@given(moments, preferences)
def test_digests_come_within_their_rhythm_and_the_longest_holiday(moment, preference):
    answer = timezone.make_naive(send_at(timezone.make_aware(moment), preference, CALENDAR))
    assert answer - moment <= timedelta(days=7 + 12)
