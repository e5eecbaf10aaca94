"""A request whose reply was set aside (docs/decisions/0031) stands among what is open, with the day set for the new reply, until that goes
out."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime, timedelta
from typing import Any

import time_machine
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gongkai.conftest import Cast
from gongkai.disclosure_requests.actions import contesting, replying, serving
from gongkai.disclosure_requests.handling.queue import open_rows
from gongkai.disclosure_requests.models import DisclosureRequest
from gongkai.disclosure_requests.numbers import check_digest
from gongkai.disclosure_requests.tests.cases import accepted
from gongkai.disclosure_requests.tests.test_replying import drafted, reviewed
from gongkai.obligations.switching import install

QUEUE = "/work/requests/"
CODE = "ABCD2345"
SET_ASIDE = date(2026, 6, 8)
AGAIN_BY = date(2026, 6, 12)


def on(day: date) -> Any:
    return time_machine.travel(timezone.make_aware(datetime.combine(day, datetime.min.time())) + timedelta(hours=10), tick=False)


def set_aside(cast: Cast) -> DisclosureRequest:
    """Answered in March, set aside by a court on SET_ASIDE, to be answered again by AGAIN_BY."""
    with on(date(2026, 3, 2)):
        install(cast.city, None, date(2026, 1, 1))
        case = accepted(cast)
        serving.send_reply(replying.sign(reviewed(cast, case), cast.head, key="sign"), cast.drafter, key="send")
        case.refresh_from_db()
        suit = contesting.file(case, cast.drafter, key="f", kind="suit", organ="清河区人民法院", filed_on=date(2026, 3, 2))
    with on(SET_ASIDE):
        told = {"result": "corrected", "result_words": "撤销，责令重新答复", "closed_on": SET_ASIDE, "answer_again_by": AGAIN_BY}
        contesting.conclude(suit, cast.drafter, key="c", **told)
    return DisclosureRequest.objects.get(pk=case.pk)


def queue(cast: Cast, query: str = "") -> str:
    client = Client()
    client.force_login(cast.user("drafter"))
    return client.get(f"{QUEUE}{query}").content.decode()


def answered_again(cast: Cast, case: DisclosureRequest) -> None:
    reply = replying.propose(drafted(cast, case, key="d2", text="经再次检索，没有。"), cast.drafter, key="p2")
    say = {"conclusion": "passed", "basis": "条例", "version": reply.version}
    replying.review(reply, cast.reviewer, key="r21", step="content", **say)
    replying.review(reply, cast.secrecy_reviewer, key="r22", step="secrecy", **say)
    serving.send_reply(replying.sign(reply, cast.head, key="s2"), cast.drafter, key="send2")


def test_it_is_open_with_its_own_day_until_it_is_answered_again(cast: Cast) -> None:
    case = set_aside(cast)
    with on(SET_ASIDE):
        shown = queue(cast)
        assert case.number in shown
        assert str(AGAIN_BY) in shown
        assert "2026-03-02 办结" not in shown
        assert case.number not in queue(cast, "?tab=closed")
        assert case.number in queue(cast, "?tab=all&state=handling")
        assert case.number in queue(cast, "?due=soon")
        assert case.number not in queue(cast, "?due=overdue")
    with on(AGAIN_BY + timedelta(1)):
        assert case.number in queue(cast, "?due=overdue")
        assert case.number not in queue(cast, "?due=soon")
    with on(AGAIN_BY):
        answered_again(cast, case)
        assert case.number not in queue(cast)
        assert case.number not in queue(cast, "?due=soon")
        assert case.number in queue(cast, "?tab=closed")


def test_the_counters_count_what_they_open(cast: Cast) -> None:
    set_aside(cast)
    with on(SET_ASIDE):
        client = Client()
        client.force_login(cast.user("drafter"))
        counters = {one["label"]: one["n"] for one in client.get(QUEUE).context["counters"]}
        assert counters == {"一个工作日没有人办": 0, "5 个工作日内到期": 1, "已逾期": 0, "等待他人": 0}
    with on(AGAIN_BY + timedelta(1)):
        counters = {one["label"]: one["n"] for one in client.get(QUEUE).context["counters"]}
        assert (counters["5 个工作日内到期"], counters["已逾期"]) == (0, 1)


def test_the_export_has_the_day_of_the_new_reply(cast: Cast) -> None:
    case = set_aside(cast)
    client = Client()
    client.force_login(cast.user("drafter"))
    with on(SET_ASIDE):
        answer = client.get(reverse("request_cases:export", args=["csv"]))
        rows = list(csv.reader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))
    (row,) = [row for row in rows if case.number in row]
    assert str(AGAIN_BY) in row
    assert "办理中" in row


def test_the_case_and_the_page_of_progress_say_what_is_owed(cast: Cast) -> None:
    case = set_aside(cast)
    client = Client()
    client.force_login(cast.user("drafter"))
    with on(SET_ASIDE):
        page = client.get(reverse("request_cases:case", args=[case.pk])).content.decode()
        assert f"{AGAIN_BY} 以前答复" in page
        DisclosureRequest.objects.filter(pk=case.pk).update(check_digest=check_digest(case.number, CODE))
        citizen = Client()
        citizen.post(reverse("requests:progress"), {"number": case.number, "code": CODE})
        page = citizen.get(reverse("requests:case", args=[case.pk])).content.decode()
    assert f"在 {AGAIN_BY} 以前重新答复" in page


def test_the_index_of_what_is_open_serves_the_list(cast: Cast) -> None:
    """The condition of the list is that of the index, in the words of the database."""
    for _n in range(3):
        accepted(cast)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
        sql, params = open_rows(cast.user("drafter")).values("pk").query.sql_with_params()
        cursor.execute(f"EXPLAIN {'QUERY PLAN ' if connection.vendor == 'sqlite' else ''}{sql}", params)
        plan = str(cursor.fetchall())
    assert "open_request_sorted" in plan, plan
