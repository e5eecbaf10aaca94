"""When a letter goes out: at once or gathered, outside quiet hours, on working days of the reader's place."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from gongkai.clocks.calendar import Calendar
from gongkai.reminders.models import Preference

Rhythm = Preference.Rhythm


def send_at(now: datetime, preference: Preference, calendar: Calendar, *, by_the_hour: bool = False) -> datetime:
    """The first moment from `now` on at which this person wants letters; aware, in Asia/Shanghai.

    `by_the_hour`: the duty's limit is counted in hours, which pass at night and on holidays too, so its letter does not wait.
    """
    local = timezone.localtime(now)
    if by_the_hour:
        return local
    if preference.rhythm == Rhythm.AT_ONCE:
        return timezone.make_aware(_allowed(local.replace(tzinfo=None), preference, calendar))
    hour = time(preference.hour)
    day = local.date()
    if preference.rhythm == Rhythm.WEEKLY:
        day += timedelta(days=(preference.weekday - day.weekday()) % 7)
    step = 7 if preference.rhythm == Rhythm.WEEKLY else 1
    while True:
        working = calendar.roll(day) if preference.rest_days else day  # the hour stays, whatever day it becomes
        moment = _allowed(datetime.combine(working, hour), preference, calendar)
        if moment >= local.replace(tzinfo=None):
            return timezone.make_aware(moment)
        day += timedelta(days=step)


def _allowed(moment: datetime, preference: Preference, calendar: Calendar) -> datetime:
    """`moment`, or the first one after it that is neither quiet nor on a day of rest. Naive Beijing time."""
    while True:
        if preference.rest_days and not calendar.is_working_day(moment.date()):
            moment = datetime.combine(calendar.add(moment.date(), 1).on, time())
        quiet_until = _end_of_quiet(moment, preference.quiet_from, preference.quiet_to)
        if quiet_until is None:
            return moment
        moment = quiet_until


def _end_of_quiet(moment: datetime, start: time, end: time) -> datetime | None:
    """When the quiet hours that `moment` lies in are over; None outside them. They may cross midnight; from and to equal: none at all."""
    at, day = moment.time(), moment.date()
    if start < end:
        return datetime.combine(day, end) if start <= at < end else None
    if start > end:
        if at >= start:
            return datetime.combine(day + timedelta(days=1), end)
        return datetime.combine(day, end) if at < end else None
    return None


def is_late(on: date, told: date, grace: int | None, calendar: Calendar) -> bool:
    """Whether more than `grace` working days lie between what it is about and the telling."""
    return grace is not None and calendar.between(on, told) > grace
