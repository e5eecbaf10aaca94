"""Receipts, answers and finished checks prove obligations by fact, and are offered to their owner."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from gongkai.coordination import proofs  # noqa: F401 — registered in ready()
from gongkai.coordination.actions import checking, collecting, flow
from gongkai.obligations import proving
from gongkai.obligations.records import facts_of

CHECKS = ["published", "in_time", "by_owner"]


def key():
    return str(uuid.uuid4())


@pytest.fixture
def owed(cast):
    due = timezone.localdate() + timedelta(10)
    opened = collecting.open_collection(
        cast.city,
        cast.openness_officer,
        key=key(),
        title="2026年方案",
        items=["实施方案"],
        due_on=due,
        reach="chosen",
        agencies=[cast.reform],
    )
    return opened.submissions.get()


def test_a_receipt_proves_the_handing_in_once_it_is_received(cast, make_obligation, owed):
    today = timezone.localdate()
    duty = make_obligation(proof={"kinds": ["submission"], "checks": CHECKS}, due_on=today)
    assert proving.candidates(duty) == []
    collecting.submit(owed, cast.drafter, key=key(), file=SimpleUploadedFile("方案.txt", "方案".encode()))
    row = proving.record_proves(duty, "submission", owed.pk)
    assert (row.result, "还没有签收" in row.reason) == ("failed", True)
    collecting.receive(owed, cast.openness_officer, key=key())
    duty.refresh_from_db()
    assert duty.fulfilled_on == today  # the day it was handed in
    (offered,) = proving.candidates(duty)
    assert (offered.value, offered.on) == (f"submission:{owed.pk}", today)


def test_a_filing_counts_from_the_day_it_was_sent_when_the_receipt_is_there(cast, make_obligation, issued_plan):
    plan, today = issued_plan(), timezone.localdate()
    duty = make_obligation(owner=cast.office, proof={"kinds": ["filing"], "checks": CHECKS})
    filing = flow.file_upward(plan, cast.openness_officer, key=key(), to="省政府办公厅", method="exchange", sent_on=today)
    assert "还没有登记回执" in proving.record_proves(duty, "filing", filing.pk).reason
    flow.record_receipt(filing, cast.openness_officer, key=key(), receipt="省备〔2026〕7号", received_on=today)
    duty.refresh_from_db()
    assert duty.fulfilled_on == today
    assert [one.record_id for one in proving.candidates(duty)] == [filing.pk]


def test_an_answer_and_a_finished_check(cast, make_obligation, draft_plan):
    plan = draft_plan()
    flow.ask(plan, cast.openness_officer, key=key(), bodies=[], agencies=[cast.finance])
    asked = plan.opinions.get()
    assert facts_of("opinion", asked.pk).published_on is None
    flow.record_answer(asked, cast.openness_officer, key=key(), answer="无意见", answered_on=timezone.localdate())
    assert facts_of("opinion", asked.pk).agency_id == cast.finance.pk
    duty = make_obligation(owner=cast.finance, proof={"kinds": ["opinion", "inspection"], "checks": CHECKS})
    assert proving.record_proves(duty, "opinion", asked.pk).result == "passed"
    assert [one.record_kind for one in proving.candidates(duty)] == ["opinion"]
    check = checking.start(cast.finance, cast.other_officer, key=key(), kind="self_check", title="自查", rules="self_check")
    assert facts_of("inspection", check.pk).lacking == "还没有完成"


@pytest.mark.parametrize("kind", ["submission", "filing", "opinion", "inspection"])
def test_a_record_that_is_gone(db, kind):
    assert not facts_of(kind, 10**9).exists


def test_nobody_elses_records_are_offered(cast, make_obligation, owed):
    collecting.submit(owed, cast.drafter, key=key(), file=SimpleUploadedFile("方案.txt", "方案".encode()))
    collecting.receive(owed, cast.openness_officer, key=key())
    other = make_obligation(owner=cast.finance, proof={"kinds": ["submission"], "checks": CHECKS}, due_on=date(2026, 12, 1))
    assert proving.candidates(other) == []
    assert "责任单位是" in proving.record_proves(other, "submission", owed.pk).reason
