"""Every number is counted by a condition that lists its rows; days are those of the clock without what others were waited for."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from gongkai.conftest import Cast
from gongkai.disclosure_requests import access
from gongkai.disclosure_requests.actions import replying, serving
from gongkai.disclosure_requests.models import DisclosureRequest
from gongkai.disclosure_requests.statistics import counting
from gongkai.disclosure_requests.statistics.counting import Days as Handling
from gongkai.disclosure_requests.statistics.counting import Handled, Period
from gongkai.disclosure_requests.statistics.views import DUE
from gongkai.disclosure_requests.tests.cases import CREDIT_CODE, accepted, received
from gongkai.disclosure_requests.tests.test_replying import reviewed


@pytest.fixture
def year() -> Period:
    today = timezone.localdate()
    return Period(date(today.year, 1, 1), today, today)


def closed(cast: Cast, case: DisclosureRequest, **changes: Any) -> None:
    reply = reviewed(cast, case, **changes)
    serving.send_reply(replying.sign(reply, cast.head, key=f"sign{case.pk}"), cast.drafter, key=f"send{case.pk}")


def test_numbers_and_their_rows_agree(cast: Cast, year: Period) -> None:
    closed(cast, accepted(cast))
    received(cast, kind="commercial", name="某公司", identity_kind="credit_code", identity_number=CREDIT_CODE, contact="周五")
    rows = access.requests_for(cast.user("drafter"))
    told = counting.figures(rows, year)
    for name, condition in counting.conditions(year).items():
        assert told.counts[name] == rows.filter(condition).count(), name
    assert {k: told.counts[k] for k in ("received", "closed", "open", "on_time", "late", "secrecy", "replied")} == {
        "received": 2,
        "closed": 1,
        "open": 1,
        "on_time": 1,
        "late": 0,
        "secrecy": 1,
        "replied": 1,
    }
    assert [(code, n) for code, _words, n in told.kind] == [("natural", 1), ("commercial", 1)]
    assert [(code, n) for code, _words, n in told.outcome] == [("not_held", 1)]
    for name in ("outcome", "channel", "kind", "section"):
        for code, _words, n in getattr(told, name):
            assert rows.filter(counting.valued(year, name, code)).count() == n
    assert told.days.of() == [0]
    assert sum(told.counts[name] for name, _words, _bad in DUE) == told.counts["open"], "each open request stands once"


class Days:
    def between(self, start: date, end: date) -> int:
        return (end - start).days


@pytest.mark.parametrize(
    ("events", "days"),
    [
        ([("start", 1), ("stop", 8)], 7),
        ([("start", 1), ("suspend", 3), ("restart", 20), ("stop", 25)], 7),
        ([("start", 1), ("suspend", 3), ("resume", 10), ("extend", 12), ("stop", 15)], 7),
        ([("start", 1), ("restart", 4), ("stop", 8)], 7),
        ([("start", 1), ("suspend", 3), ("stop", 30)], 2),
    ],
)
def test_days_in_which_others_were_waited_for_are_not_counted(events: list[tuple[str, int]], days: int) -> None:
    run = counting._Run(Days())
    for kind, day in events:
        run.event(kind, date(2026, 1, day))
    assert run.days == days


def test_the_page_costs_the_same_for_many(client: Client, cast: Cast) -> None:
    client.force_login(cast.user("openness_officer"))
    received(cast)
    address = reverse("request_cases:statistics")
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        assert client.get(address).status_code == 200
    for n in range(5):
        received(cast, name=f"申请人{n}", description=f"请公开第{n}号文件和它的附件以及说明。")
    with CaptureQueriesContext(connection) as many:
        page = client.get(address).content.decode()
    assert len(many) == len(few)
    assert "<svg" in page
    assert "赵申请" not in page


def test_rows_export_and_bad_input(client: Client, cast: Cast) -> None:
    row = received(cast)
    client.force_login(cast.user("drafter"))
    page = client.get(reverse("request_cases:statistics_rows") + "?what=received").content.decode()
    assert row.number in page
    assert client.get(reverse("request_cases:statistics_rows") + "?what=nothing").status_code == 404
    assert client.get(reverse("request_cases:statistics_rows") + "?what=section&value=x").status_code == 200
    assert client.get(reverse("request_cases:statistics_rows") + "?what=section&value=99999999999999999").status_code == 200
    assert "不能早于" in client.get(reverse("request_cases:statistics") + "?first=2026-05-01&last=2026-01-01").content.decode()
    assert client.get(reverse("request_cases:statistics") + "?first=x&agency=999&place=y").status_code == 200
    for fmt, code in (("xlsx", 200), ("csv", 200), ("exe", 404)):
        assert client.get(reverse("request_cases:statistics_export", args=[fmt])).status_code == code
    client.force_login(cast.user("stranger"))
    assert row.number not in client.get(reverse("request_cases:statistics_rows") + "?what=received").content.decode()


def test_median_and_spread_by_outcome_and_section() -> None:
    told = Handling([Handled(1, 2, "open", 7), Handled(2, 8, "open", None), Handled(3, 20, "not_held", 7), Handled(4, 44, "open", 7)])
    assert (told.middle(), told.middle("outcome", "open"), told.middle("section", "7"), told.middle("section", "none")) == (14, 8, 20, 8)
    assert told.middle("outcome", "petition") is None
    assert [n for _words, n in told.spread()] == [1, 1, 0, 1, 0, 1]
    assert [n for _words, n in told.spread("section", "7")] == [1, 0, 0, 1, 0, 1]
    for group, code in (("", ""), ("outcome", "open"), ("section", "7"), ("section", "none")):
        more = f".{group}.{code}" if group else ""
        for span, (_words, n) in enumerate(told.spread(group, code)):
            assert len(told.requests(f"{span}{more}") or []) == n
    assert told.requests("5.outcome.open") == [4]
    assert [told.requests(value) for value in ("6", "x", "", "0.agency.1", "-1")] == [None] * 5


def test_every_number_of_days_opens_its_requests(client: Client, cast: Cast) -> None:
    case = accepted(cast)
    closed(cast, case)
    client.force_login(cast.user("drafter"))
    page = client.get(reverse("request_cases:statistics"))
    words = page.content.decode()
    rows = reverse("request_cases:statistics_rows")
    for value in ("0", "0.outcome.not_held", "0.section.none"):
        assert f"what=days&amp;value={value}&quot;" in words or f'what=days&amp;value={value}"' in words
        assert case.number in client.get(f"{rows}?what=days&value={value}").content.decode()
    assert case.number not in client.get(f"{rows}?what=days&value=1").content.decode()
    assert client.get(f"{rows}?what=days&value=9").status_code == 404
    export = client.get(reverse("request_cases:statistics_export", args=["csv"])).content.decode("utf-8-sig")
    assert "办理工作日" in export and "按期率（%）" in export and export.count("中位数") == 3


def test_what_is_paused_is_not_counted_as_due(cast: Cast, year: Period) -> None:
    row = received(cast)
    assert row.obligation is not None
    row.obligation.suspended_on, row.obligation.due_on = timezone.localdate(), None
    row.obligation.save(update_fields=["suspended_on", "due_on"])
    told = counting.figures(access.requests_for(cast.user("drafter")), year)
    assert (told.counts["paused"], told.counts["due_later"], told.counts["overdue"], told.counts["open"]) == (1, 0, 0, 1)
    assert told.rate is None, "nothing with a term was closed"
