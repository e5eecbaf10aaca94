"""The five real plans go the whole way: read, imported, reviewed, issued, seen in the ledger of those who owe them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from gongkai.agencies.models import Agency, AgencySuggestion
from gongkai.obligations.models import Obligation
from gongkai.obligations.queries import ledger
from gongkai.plans import actions, queries
from gongkai.plans.models import Plan, TaskUnit

PLANS = Path(__file__).parents[5] / "shared" / "plans" / "dev"
at_hand = pytest.mark.skipif(not PLANS.is_dir() and os.environ.get("CI") != "true", reason="../shared/plans is not beside the project")
SEEDS = ["seed_000.txt", "seed_001.txt", "seed_002.txt", "seed_003.txt", "seed_004.txt"]


@pytest.mark.parametrize("name", SEEDS)
@at_hand
def test_from_file_to_ledger(cast, name):
    officer = cast.user("openness_officer")
    agencies = Agency.objects.count()
    (plan,) = actions.import_plan((PLANS / name).read_bytes(), name, cast.city, officer)
    assert plan.tasks.count() >= 10
    assert Agency.objects.count() == agencies
    for task in plan.tasks.all():
        assert 0 <= task.span_start < task.span_end <= len(plan.source_text)
    unknown = TaskUnit.objects.filter(task__plan=plan, agency__isnull=True, collective__isnull=True)
    for text in sorted(set(unknown.values_list("text", flat=True))):
        actions.resolve_unit(plan, text, officer, agency=cast.human)
    for row in queries.review_rows(plan):
        if not any(u.role != "support" for u in row.units):
            actions.reassign(row.task, officer, {"lead": ["市政府办公室"], "support": [u.text for u in row.units]})
    assert not unknown.exists()
    assert actions.accept_all_clear(plan, officer) + plan.tasks.filter(review="pending").count() == plan.tasks.count()
    for task in plan.tasks.filter(review="pending"):
        actions.accept(task, officer)
    assert actions.failure_reasons("issue", plan, officer) == []
    actions.issue(plan, officer)
    opened = Obligation.objects.filter(document_id=plan.pk)
    assert set(opened.values_list("subject_id", flat=True)) == set(plan.tasks.values_list("pk", flat=True))
    assert not opened.filter(title="").exists()
    assert all(len(title) <= 60 for title in opened.values_list("title", flat=True))
    assert ledger(officer, {"plan": plan.pk}).count() == opened.count()
    assert sum(queries.plan_totals(plan).values()) == plan.tasks.count()
    assert not AgencySuggestion.objects.filter(state="open", text__in=unknown.values("text")).exists()


@at_hand
def test_what_is_no_plan_says_so(cast):
    (plan,) = actions.import_plan((PLANS / "neg_087.txt").read_bytes(), "neg_087.txt", cast.city, cast.openness_officer)
    assert plan.tasks.count() == 0
    assert "没有从文件中读出任务" in Plan.objects.get().warnings[0]["message"]


@at_hand
def test_the_same_plan_dressed_otherwise_is_hardly_another(cast):
    """A traditional-character copy as the amended edition: the diff finds its tasks again."""
    officer = cast.user("openness_officer")
    (one,) = actions.import_plan((PLANS / "seed_004.txt").read_bytes(), "a.txt", cast.city, officer)
    (two,) = actions.import_plan((PLANS / "var_seed_004_trad.txt").read_bytes(), "b.txt", cast.city, officer)
    changes = queries.diff(one, two)
    paired = [c for c in changes if c.old and c.new]
    assert len(paired) >= 0.95 * one.tasks.count()
