"""Who has the newest accountability page is told so; whatever happens makes it another page."""

from __future__ import annotations

import json
import uuid
from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from gongkai.agencies.actions import rename_agency
from gongkai.clocks import calendar as clocks
from gongkai.journal.actions import record, seal
from gongkai.journal.models import Entry
from gongkai.obligations import actions, proving
from gongkai.obligations.models import Evidence, Obligation
from gongkai.obligations.opening import open_obligation
from gongkai.obligations.recomputing import recount
from gongkai.obligations.tests.test_clocking import request_of
from gongkai.portal import accountability_views

INDEX = "/accountability/"


@pytest.fixture(autouse=True)
def _nothing_kept():
    cache.clear()


@pytest.fixture
def plan(issued_plan):
    made = issued_plan()
    seal()
    return made


def ask(client, path=INDEX, tag=""):
    return client.get(path, headers={"If-None-Match": tag} if tag else {})


@pytest.mark.parametrize("path", ["", "?format=json", "?format=csv", "agencies/{code}/", "agencies/{code}/?state=overdue", "plans/{plan}/"])
def test_the_same_reader_is_answered_304_in_a_few_queries(client, cast, plan, path):
    path = INDEX + path.format(code=cast.reform.code, plan=plan.pk)
    first = ask(client, path)
    assert first.status_code == 200 and first["Cache-Control"] == "no-cache"
    with CaptureQueriesContext(connection) as queries:
        again = ask(client, path, first["ETag"])
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert len(queries) <= 3


def test_the_next_reader_gets_what_was_kept(client, plan, monkeypatch):
    first = ask(client)
    monkeypatch.setattr(accountability_views, "render", None)  # the view would fail now
    second = ask(client)
    assert (second.content, second["Content-Type"], second["ETag"]) == (first.content, first["Content-Type"], first["ETag"])
    csv = ask(client, INDEX + "?format=csv")
    assert "filename" in csv["Content-Disposition"] and ask(client, INDEX + "?format=csv").content == csv.content


def deeds(cast, duty):
    """Everything that may change the page, each with what it is called."""
    obligation = Obligation.objects.get(pk=duty.pk)
    officer = cast.user("openness_officer")

    def prove():
        actions.acknowledge(obligation, cast.user("drafter"), key="a")
        url = "https://e.cn/1"
        proving.hand_in(obligation, cast.user("drafter"), key="p", kind="address", url=url, proves="已公开", on=date(2026, 3, 2))

    return {
        "proof is handed in": prove,
        "proof is passed": lambda: proving.judge(Evidence.objects.get(), officer, "j", True),
        "proof is withdrawn": lambda: proving.withdraw(Evidence.objects.get(), officer, "w", "链接失效"),
        "a duty is waived": lambda: actions.waive(obligation, cast.user("office_head"), key="v", reason="取消"),
        "an agency has another name": lambda: rename_agency(cast.reform, "清河市发展改革局", officer, timezone.localdate()),
    }


def test_whatever_happens_is_seen_at_once(client, cast, plan):
    duty = Obligation.objects.filter(document_id=plan.pk, owner=cast.reform).order_by("pk")[0]
    tags = [ask(client)["ETag"]]
    for name, deed in deeds(cast, duty).items():
        deed()
        assert "ETag" not in ask(client, tag=tags[-1]), f"{name}: not sealed yet, so nobody can say"
        seal()
        answer = ask(client, tag=tags[-1])
        assert answer.status_code == 200, name
        tags.append(answer["ETag"])
    assert len(set(tags)) == len(tags)
    assert "清河市发展改革局" in answer.content.decode()


def test_the_next_day_another_notice_and_an_hour_that_ran_out_are_another_page(client, cast, plan, make_obligation, monkeypatch):
    now = timezone.now()
    row = make_obligation(document_id=plan.pk, due_on=timezone.localdate(now), due_at=now + timedelta(minutes=5))
    first = ask(client)["ETag"]
    Obligation.objects.filter(pk=row.pk).update(due_at=now - timedelta(seconds=1))
    second = ask(client)["ETag"]
    monkeypatch.setattr("django.utils.timezone.now", lambda: now + timedelta(days=1))
    third = ask(client)["ETag"]
    assert len({first, second, third}) == 3


def test_a_recount_is_a_deed(client, cast, plan):
    row = open_obligation(request_of(cast, date(2026, 12, 10)), cast.drafter)
    Obligation.objects.filter(pk=row.pk).update(calendar="cn-old", due_on=date(2026, 12, 1))
    seal()
    before = ask(client)["ETag"]
    assert recount().moved == 1
    seal()
    assert ask(client, tag=before).status_code == 200
    entry = Entry.objects.get(action="clock.recounted")
    assert (entry.object_kind, entry.object_id) == ("clocks.calendar", clocks.current().version)
    assert "期限由 2026-12-01 改为" in json.loads(entry.new)["moved"][str(row.pk)]


def test_logins_do_not_spoil_it_and_who_is_logged_in_gets_his_own(client, cast, plan):
    first = ask(client)["ETag"]
    with transaction.atomic():
        record("account.logged_in", cast.drafter, actor=cast.drafter)
    seal()
    assert ask(client, tag=first).status_code == 304
    client.force_login(cast.drafter)
    own = ask(client, tag=first)
    assert own.status_code == 200 and "ETag" not in own


def test_large_type_is_another_page(client, plan):
    first = ask(client)
    client.cookies["large"] = "1"
    second = ask(client, tag=first["ETag"])
    assert second.status_code == 200 and 'class="large"' in second.content.decode()


def test_what_is_not_there_is_not_kept(client, plan):
    path = f"{INDEX}agencies/{uuid.uuid4().hex}/"
    assert ask(client, path).status_code == 404
    assert ask(client, path).status_code == 404


def test_the_page_says_where_findings_are(client, plan):
    assert "检查发现的问题不在这里公开，由检查单位另行公布" in ask(client).content.decode()
