"""Calendars: valid, stable, nothing that the person may not see, worthless once renewed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from gongkai.agencies.errors import NotAllowed
from gongkai.agencies.models import Membership, User
from gongkai.obligations.models import Step
from gongkai.reminders import actions, feeds
from gongkai.reminders.tests.conftest import at

TODAY = timezone.localdate()


def url_of(feed):
    return reverse("feeds:calendar", args=[feeds.token_of(feed)])


def events(client, feed):
    """UID number → event."""
    response = client.get(url_of(feed))
    assert response.status_code == 200
    calendar = Calendar.from_ical(response.content)
    assert calendar["prodid"]
    return {int(str(event["uid"]).partition("@")[0].removeprefix("obligation-")): event for event in calendar.walk("VEVENT")}


@pytest.fixture
def soon(make_obligation):
    def make(**fields):
        return make_obligation(**{"due_on": TODAY + timedelta(days=10), **fields})

    return make


def test_it_is_what_the_rfc_asks_and_icalendar_reads(client, cast, soon):
    row = soon(title="公开预算，含“三公”经费；以及\n其他", basis="清政办发〔2026〕1号")
    Step.objects.create(obligation=row, kind="clock", at=at("2026-11-05"), text="改", key="c")
    event = events(client, actions.own_feed(cast.drafter))[row.pk]
    assert event.decoded("dtstart") == row.due_on
    assert event.decoded("dtend") == row.due_on + timedelta(days=1)
    assert event.decoded("last-modified") == event.decoded("dtstamp") == datetime(2026, 11, 5, 2, tzinfo=UTC)
    assert str(event["summary"]) == "公开预算，含“三公”经费；以及\n其他（市发改委）"
    assert event["status"] == "CONFIRMED"
    assert str(event["url"]) == f"http://testserver/work/ledger/{row.pk}/"
    (alarm,) = event.walk("VALARM")
    assert alarm["trigger"].dt == timedelta(hours=-15)
    raw = client.get(url_of(actions.own_feed(cast.drafter))).content
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))
    assert raw.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in raw.replace(b"\r\n", b"")


def test_provisional_is_tentative_done_has_no_alarm_and_hours_have_their_time(client, cast, soon):
    unsure = soon(provisional=True)
    done = soon(fulfilled_on=TODAY)
    moment = timezone.make_aware(datetime.combine(TODAY + timedelta(days=1), datetime.min.time().replace(hour=14, minute=30)))
    hours = soon(due_on=TODAY + timedelta(days=1), due_at=moment)
    feed = actions.own_feed(cast.drafter)
    found = events(client, feed)
    assert (found[unsure.pk]["status"], str(found[unsure.pk]["summary"])[:4]) == ("TENTATIVE", "（暂定）")
    assert str(found[done.pk]["summary"]).startswith("已办结 ")
    assert not found[done.pk].walk("VALARM")
    assert found[hours.pk].decoded("dtend") == moment
    assert found[hours.pk]["dtend"].params["TZID"] == "Asia/Shanghai"
    zones = Calendar.from_ical(client.get(url_of(feed)).content).walk("VTIMEZONE")
    assert [str(zone["tzid"]) for zone in zones] == ["Asia/Shanghai"]


def test_only_ones_own_work_within_a_year_and_nothing_waived_or_replaced(client, cast, soon):
    mine = soon()
    handed = soon(person=cast.drafter)
    soon(person=cast.reviewer)
    soon(section=cast.section)
    soon(owner=cast.finance, helpers=(cast.reform,))
    soon(due_on=TODAY + timedelta(days=400))
    soon(due_on=TODAY - timedelta(days=400))
    soon(due_on=None)
    soon(replaced_on=TODAY)
    soon(waived_at=timezone.now(), waived_by=cast.office_head, waiver_reason="x")
    assert set(events(client, actions.own_feed(cast.drafter))) == {mine.pk, handed.pk}


def test_an_agencys_calendar_has_all_it_owes_and_nothing_of_others(client, cast, soon):
    rows = [soon(), soon(person=cast.reviewer), soon(section=cast.section)]
    soon(owner=cast.finance)
    feed = actions.own_feed(cast.drafter, cast.reform)
    assert set(events(client, feed)) == {row.pk for row in rows}
    with pytest.raises(NotAllowed):
        actions.own_feed(cast.user("drafter"), cast.finance)


def test_nothing_changed_is_304_and_a_change_is_not(client, cast, soon):
    soon()
    feed = actions.own_feed(cast.drafter)
    first = client.get(url_of(feed))
    assert first["X-Robots-Tag"] == "noindex"
    assert first["Content-Type"].startswith("text/calendar")
    again = client.get(url_of(feed), headers={"If-None-Match": f'"other", {first["ETag"]}'})
    assert (again.status_code, again.content) == (304, b"")
    soon()
    assert client.get(url_of(feed), headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_a_renewed_address_a_lost_post_and_a_guess_are_404(client, cast, soon):
    feed = actions.own_feed(cast.drafter, cast.reform)
    old = url_of(feed)
    renewed = actions.renew_feed(cast.user("drafter"), cast.reform)
    assert client.get(old).status_code == 404
    assert client.get(url_of(renewed)).status_code == 200
    for token in (
        "1",
        "1-",
        f"{feed.pk}-{'0' * 40}",
        "x-y",
        "9" * 30 + "-1",
        f"{feed.pk}-{feeds.token_of(renewed).partition('-')[2][:39]}",
    ):
        assert client.get(reverse("feeds:calendar", args=[token])).status_code == 404, token
    Membership.objects.filter(user=cast.drafter).delete()
    assert client.get(url_of(renewed)).status_code == 404
    other = actions.own_feed(cast.reviewer)
    User.objects.filter(pk=cast.reviewer.pk).update(is_active=False)
    assert client.get(url_of(other)).status_code == 404


def test_the_cost_does_not_grow(client, cast, soon):
    feed = actions.own_feed(cast.drafter)

    def asked():
        with CaptureQueriesContext(connection) as seen:
            client.get(url_of(feed))
        return len(seen)

    soon()
    first = asked()
    for _ in range(20):
        soon(due_on=date(TODAY.year, 12, 1))
    assert asked() == first
