"""What the lists of requests cost: the same number of statements however much there is, and none that looks through the register."""

from __future__ import annotations

import re
import uuid
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import Http404
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from gongkai.agencies.access import scope_of
from gongkai.agencies.models import Agency
from gongkai.conftest import Cast
from gongkai.disclosure_requests import access
from gongkai.disclosure_requests.handling import queue
from gongkai.disclosure_requests.models import DisclosureRequest
from gongkai.disclosure_requests.tests.cases import accepted

QUEUE = "/work/requests/"
PEOPLE = ("drafter", "head", "secrecy_reviewer", "openness_officer", "other_officer", "county_officer", "stranger", "nobody", "citizen")


def more(row: DisclosureRequest, n: int, **changes: Any) -> list[DisclosureRequest]:
    """`n` further requests like this one."""
    values = {field.attname: getattr(row, field.attname) for field in DisclosureRequest._meta.concrete_fields}
    same = {**values, "id": None, "obligation_id": None, **changes}
    marks = [uuid.uuid4().hex for _n in range(n)]
    return DisclosureRequest.objects.bulk_create([DisclosureRequest(**{**same, "number": mark, "key": mark}) for mark in marks])


def statements(client: Client, address: str) -> int:
    client.get(address)  # what is kept between requests is kept now
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


@pytest.mark.parametrize(
    ("who", "query", "most"),
    [
        ("drafter", "", 9),
        ("drafter", "?tab=all", 10),
        ("drafter", "?tab=closed", 10),
        ("drafter", "?due=overdue", 10),
        ("drafter", "?q=批准", 10),
        ("openness_officer", "", 11),
    ],
)
def test_the_queue_costs_the_same_however_many_there_are(cast: Cast, who: str, query: str, most: int) -> None:
    row = accepted(cast)
    closed = {"closed_on": row.received_on, "outcome": "open"}
    more(row, 2)
    more(row, 1, **closed)
    client = Client()
    client.force_login(cast.user(who))
    few = statements(client, f"{QUEUE}{query}")
    more(row, 60)
    more(row, 60, **closed)
    assert few == statements(client, f"{QUEUE}{query}") <= most


def test_a_page_has_its_rows_in_the_order_of_their_keys(cast: Cast) -> None:
    row = accepted(cast)
    made = more(row, 4)
    keys = [made[2].pk, row.pk, made[0].pk]
    plain = {one["pk"]: one for one in queue.shown(DisclosureRequest.objects.filter(pk__in=keys))}
    assert queue.page_of(keys) == [plain[key] for key in keys]
    assert queue.page_of([row.pk, 10**9]) == [plain[row.pk]]
    assert queue.page_of([]) == []


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL chooses by the size of the table, which is small here")
def test_a_page_of_a_list_is_read_off_an_index(cast: Cast) -> None:
    """Neither a tab nor a sort looks through all requests there are."""
    row = accepted(cast)
    more(row, 60, closed_on=row.received_on, outcome="open")
    today = timezone.localdate()
    everything = cast.user("openness_officer")
    everything._gongkai_scope = replace(scope_of(everything), sees_all=True)  # the office of a city that is alone here
    for user, wanted in (
        (cast.user("drafter"), {"open": "open_request_sorted", "closed": "closed_request_by_agency", "all": "request_newest"}),
        (everything, {"open": "open_request_sorted", "closed": "closed_request_newest", "all": "request_newest_of_all"}),
    ):
        for tab, index in wanted.items():
            plan = plan_of(queue.rows(user, {"tab": tab}, today).values("pk")[:25])
            assert re.search(rf"\b{index}\b", plan), (user, tab, plan)


def plan_of(rows: Any) -> str:
    sql, params = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
        return str(cursor.fetchall())


def test_the_figures_are_those_of_the_conditions(cast: Cast) -> None:
    """The counters are asked in one statement written by hand; each finds what the list under it finds."""
    today = timezone.localdate()
    row = accepted(cast)
    duty = row.obligation
    assert duty is not None
    more(row, 3, registered_at=None, accepted_at=None)
    more(row, 2, answer_again_by=today + timedelta(1))
    for due in (today - timedelta(1), today + timedelta(1), today + timedelta(90)):
        type(duty).objects.filter(pk=duty.pk).update(due_on=due)
        user = cast.user("drafter")
        found = queue.counted(user, today)
        listed = {name: queue.rows(user, {"due": name}, today).count() for name in queue.COUNTERS}
        assert {name: found[name] for name in queue.COUNTERS} == listed
        assert found["open"] == queue.rows(user, {}, today).count() == 6


def test_who_reads_a_case_reads_its_row_in_the_register(cast: Cast) -> None:
    """access_case asks for the row without the condition of the register, and then whether this person may read the case."""
    mine = accepted(cast)
    government = Agency.objects.filter(kind=Agency.Kind.GOVERNMENT, jurisdiction=mine.jurisdiction).first()
    assert government is not None
    (of_government,) = more(mine, 1, agency_id=government.pk)
    opened = set()
    for who in PEOPLE:
        for row in (mine, of_government):
            user = cast.user(who)
            try:
                found = access.access_case(user, row.pk)
            except Http404:
                continue
            assert found == row
            assert access.requests_for(user).filter(pk=row.pk).exists(), who
            opened.add((who, row.pk))
    assert ("drafter", mine.pk) in opened
    assert ("openness_officer", of_government.pk) in opened
    assert ("openness_officer", mine.pk) not in opened
