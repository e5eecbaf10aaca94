"""Invariants of plans and tasks, tried against the database."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F, ProtectedError
from django.utils import timezone

from gongkai.agencies.models import CollectiveName
from gongkai.plans.models import Counterpart, Plan, PlanStep, Task, TaskDeadline, TaskUnit


def refused(deed):
    with pytest.raises(IntegrityError), transaction.atomic():
        deed()


def test_plans(cast, draft_plan, issued_plan):
    draft = draft_plan()
    rows = Plan.objects.filter(pk=draft.pk)
    refused(lambda: draft_plan(source_sha256=draft.source_sha256))
    draft_plan(source_sha256=draft.source_sha256, source_member="另一个.txt")
    draft_plan(source_sha256=draft.source_sha256, jurisdiction=cast.east)
    refused(lambda: rows.update(state="issued"))
    refused(lambda: rows.update(opened_at=timezone.now()))
    refused(lambda: rows.update(supersedes=F("pk")))
    old = issued_plan()
    refused(lambda: Plan.objects.filter(pk=old.pk).update(opened_at=None))
    draft_plan(supersedes=old)
    refused(lambda: draft_plan(supersedes=old))
    with pytest.raises(ProtectedError):
        old.delete()


def test_tasks(draft_plan):
    plan = draft_plan()
    rows = Task.objects.filter(pk=plan.tasks.first().pk)
    refused(lambda: rows.update(span_start=F("span_end") + 1))
    refused(lambda: rows.update(text=""))
    refused(lambda: rows.update(review="not_a_task"))
    rows.update(review="not_a_task", note="重复")


def test_units(cast, draft_plan):
    task = draft_plan().tasks.first()
    rows = task.units.filter(role="lead")
    everyone = CollectiveName.objects.create(jurisdiction=cast.city, text="各部门", rule="departments")
    refused(lambda: TaskUnit.objects.create(task=task, role="lead", position=5, text="市发改委"))
    refused(lambda: rows.update(collective=everyone))
    refused(lambda: rows.update(agency=None, section=cast.section))
    refused(lambda: rows.update(text=""))
    rows.update(agency=None, collective=everyone)
    with pytest.raises(ProtectedError):
        everyone.delete()
    with pytest.raises(ProtectedError):
        cast.finance.delete()


def test_limits(draft_plan):
    task = draft_plan().tasks.first()
    refused(lambda: task.deadlines.update(due=None))
    refused(lambda: TaskDeadline.objects.create(task=task, kind="recurring", raw="每月"))
    TaskDeadline.objects.create(task=task, kind="relative", raw="3个工作日内", due=date(2026, 1, 1))


def test_steps_and_pairs(cast, draft_plan):
    one, two = draft_plan(), draft_plan()
    PlanStep.objects.create(plan=one, kind="added", key="k")
    refused(lambda: PlanStep.objects.create(plan=two, kind="added", key="k"))
    PlanStep.objects.create(plan=two, kind="added")
    PlanStep.objects.create(plan=two, kind="added")
    pair = {"upper": one.tasks.first(), "lower": two.tasks.first(), "similarity": 0.5, "decided_by": cast.openness_officer}
    Counterpart.objects.create(decision="confirmed", **pair)
    refused(lambda: Counterpart.objects.create(decision="rejected", **pair))


def test_steps_are_written_once_and_go_with_a_discarded_draft_alone(cast, draft_plan):
    plan = draft_plan()
    step = PlanStep.objects.create(plan=plan, task=plan.tasks.first(), kind="accepted", actor=cast.openness_officer)
    step.text = "改写"
    for deed in (
        step.save,
        step.delete,
        lambda: plan.steps.update(text="改写"),
        lambda: plan.steps.all().delete(),
        lambda: PlanStep.objects.bulk_update([step], ["text"]),
    ):
        with pytest.raises(RuntimeError, match="只增不"):
            deed()
    plan.tasks.first().delete()
    step.refresh_from_db()
    assert (step.task, step.text) == (None, "")
    plan.delete()
    assert not PlanStep.objects.exists()
