"""A new plan takes the place of an old one: unchanged tasks keep what was done for them, the old obligations leave the ledger."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone

from gongkai.agencies.models import User
from gongkai.obligations.models import Obligation, Step
from gongkai.plans.actions.base import note_step
from gongkai.plans.diffing import diff
from gongkai.plans.models import Plan, PlanStep


def carry_over(old: Plan, new: Plan, opened: Iterable[Obligation], actor: User | None, at: datetime) -> int:
    """Marks the old plan superseded and its obligations replaced. Returns how many results were taken over.

    For a task without changes, what the same agency (and section) finished, was excused from or acknowledged holds for the new obligation;
    the old record keeps its steps, and the new one says where they are.
    """
    mine = {(o.subject_id, o.owner_id, o.share): o for o in opened}
    before = list(Obligation.objects.filter(source=Obligation.Source.PLAN_TASK, document_id=old.pk).select_for_update())
    by_old_task: dict[int, list[Obligation]] = defaultdict(list)
    for obligation in before:
        by_old_task[obligation.subject_id].append(obligation)
    acknowledged = set(Step.objects.filter(obligation__in=before, kind=Step.Kind.ACKNOWLEDGED).values_list("obligation_id", flat=True))
    taken: list[Obligation] = []
    steps: list[Step] = []
    for change in diff(old, new):
        if change.kind != "same" or change.old is None or change.new is None:
            continue
        for earlier in by_old_task[change.old.pk]:
            later = mine.get((change.new.pk, earlier.owner_id, earlier.share))
            if later is None:
                continue
            words = _take(earlier, later, earlier.pk in acknowledged)
            if earlier.fulfilled_on or earlier.waived_at:
                taken.append(later)
            if words:
                steps.append(_step(later, Step.Kind.CHANGED, f"接续《{old.title}》的同一任务：{words}。办理记录见原任务。", at, "carried"))
            if earlier.pk in acknowledged:
                steps.append(_step(later, Step.Kind.ACKNOWLEDGED, "原方案的同一任务已签收", at, "carried-acknowledged"))
    Obligation.objects.bulk_update(taken, ["fulfilled_on", "waived_at", "waived_by", "waiver_reason"], batch_size=200)
    for obligation in before:
        obligation.replaced_on = timezone.localdate(at)
        steps.append(_step(obligation, Step.Kind.CHANGED, f"方案已由《{new.title}》代替", at, "replaced"))
    Obligation.objects.bulk_update(before, ["replaced_on"], batch_size=200)
    for step in steps:
        step.actor = actor
    Step.objects.bulk_create(steps)
    old.state = Plan.State.SUPERSEDED
    old.save(update_fields=["state"])
    note_step(
        old,
        PlanStep.Kind.SUPERSEDED,
        actor,
        text=f"由《{new.title}》代替",
        before={"state": Plan.State.ISSUED},
        after={"state": Plan.State.SUPERSEDED, "by": new.pk},
    )
    return len(taken)


def _take(earlier: Obligation, later: Obligation, acknowledged: bool) -> str:
    """Copies the result; the words say which. Empty when there was none."""
    later.section, later.person = later.section or earlier.section, later.person or earlier.person
    if earlier.fulfilled_on:
        later.fulfilled_on = earlier.fulfilled_on
        return f"已于 {earlier.fulfilled_on:%Y-%m-%d} 办结"
    if earlier.waived_at:
        later.waived_at, later.waived_by, later.waiver_reason = earlier.waived_at, earlier.waived_by, earlier.waiver_reason
        return "已免除"
    return "已签收，办理继续" if acknowledged else ""


def _step(obligation: Obligation, kind: str, text: str, at: datetime, why: str) -> Step:
    return Step(obligation=obligation, kind=kind, text=text, at=at, key=f"{why}:{obligation.pk}")
