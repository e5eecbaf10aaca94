"""Invariants of obligations and steps, tried against the database."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from gongkai.obligations.models import Helper, Obligation, Step


def refused(deed):
    with pytest.raises(IntegrityError), transaction.atomic():
        deed()


def test_made_once(cast, make_obligation):
    make_obligation(subject_id=1)
    refused(lambda: make_obligation(subject_id=1))
    make_obligation(subject_id=1, period="2026-Q1")
    make_obligation(subject_id=1, share="政策法规科")
    make_obligation(subject_id=1, owner=cast.finance)


def test_waiver_has_approver_time_and_reason(cast, make_obligation):
    rows = Obligation.objects.filter(pk=make_obligation().pk)
    now = timezone.now()
    refused(lambda: rows.update(waived_at=now))
    refused(lambda: rows.update(waived_at=now, waived_by=cast.office_head))
    refused(lambda: rows.update(waived_at=now, waiver_reason="理由"))
    refused(lambda: rows.update(waiver_reason="理由"))
    refused(lambda: rows.update(waived_by=cast.office_head))
    rows.update(waived_at=now, waived_by=cast.office_head, waiver_reason="理由")
    refused(lambda: rows.update(fulfilled_on=date(2026, 1, 1)))


def test_an_obligation_says_what_and_until_when(make_obligation):
    refused(lambda: make_obligation(title=""))
    refused(lambda: make_obligation(due_on=None, standing=""))


def test_helpers_once(cast, make_obligation):
    obligation = make_obligation(helpers=(cast.finance,))
    refused(lambda: Helper.objects.create(obligation=obligation, agency=cast.finance))


def test_steps(make_obligation):
    obligation = make_obligation()

    def step(**fields):
        return Step.objects.create(**{"obligation": obligation, "at": timezone.now(), "key": "k", **fields})

    refused(lambda: step(kind="completion"))
    refused(lambda: step(kind="progress", done_on=date(2026, 1, 1)))
    refused(lambda: step(kind="returned"))
    refused(lambda: step(kind="waived"))
    refused(lambda: step(kind="progress", key=""))
    step(kind="progress")
    refused(lambda: step(kind="acknowledged"))  # the same key


def test_steps_are_written_once(make_obligation):
    obligation = make_obligation()
    step = Step.objects.create(obligation=obligation, kind="progress", at=timezone.now(), text="一", key="k")
    step.text = "二"
    for deed in (
        step.save,
        step.delete,
        lambda: Step.objects.update(text="二"),
        lambda: Step.objects.filter(pk=step.pk).delete(),
        lambda: obligation.steps.all().delete(),
        lambda: Step.objects.bulk_update([step], ["text"]),
    ):
        with pytest.raises(RuntimeError):
            deed()
    with pytest.raises(ProtectedError):
        obligation.delete()
    step.refresh_from_db()
    assert step.text == "一"
