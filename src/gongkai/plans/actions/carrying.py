"""A new plan takes the place of an old one: unchanged tasks keep what was done for them, the old obligations leave the ledger."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime

from django.utils import timezone

from gongkai.agencies.models import User
from gongkai.obligations.fulfilment import carry_evidence
from gongkai.obligations.models import Obligation, Series, Step
from gongkai.obligations.periods import close_series
from gongkai.plans.actions.base import note_step
from gongkai.plans.diffing import Change, diff
from gongkai.plans.models import Plan, PlanStep

PLAN_TASK = Obligation.Source.PLAN_TASK
Begun = dict[tuple[int, int, str, str], tuple[date, date | None]]
"""(new task, owner, share, cadence) → since when the old plan asked for it, and its last day where that has passed: its own end, or the day
on which somebody waived it for good (obligations.actions.waive)."""


def begun_before(new: Plan) -> Begun:
    """The series of unchanged tasks of the plan that `new` replaces: they go on under the new one from where they began."""
    if new.supersedes is None:
        return {}
    partner = {c.old.pk: c.new.pk for c in diff(new.supersedes, new) if _kept(c) and c.old and c.new}
    old = Series.objects.filter(source=PLAN_TASK, document_id=new.supersedes.pk, subject_id__in=partner)
    ended = {s.pk: s.until for s in old if s.closed_on is not None and s.closed_on == s.until}
    return {(partner[s.subject_id], s.owner_id, s.share, s.cadence): (s.since, ended.get(s.pk)) for s in old}


def _kept(change: Change) -> bool:
    return change.kind == "same" and change.old is not None and change.new is not None


def carry_over(old: Plan, new: Plan, opened: Iterable[Obligation], actor: User | None, at: datetime) -> int:
    """Marks the old plan superseded, ends its series and marks its obligations replaced. Returns how many results were taken over.

    For a task without changes, what the same agency (and section) finished, was excused from or acknowledged holds for the new obligation
    of the same period; the old record keeps its steps, and the new one says where they are. What stood as one duty without a date before
    this system knew rhythms (每月 as a standing row) holds for all periods of its series; a day of completion, for its period alone.
    """
    on = timezone.localdate(at)
    close_series(PLAN_TASK, document_id=old.pk, on=on, reason=f"方案已由《{new.title}》代替")
    mine: dict[tuple[int, int, str], list[Obligation]] = defaultdict(list)
    for obligation in opened:
        mine[obligation.subject_id, obligation.owner_id, obligation.share].append(obligation)
    before = list(Obligation.objects.filter(source=PLAN_TASK, document_id=old.pk).select_for_update())
    by_old_task: dict[int, list[Obligation]] = defaultdict(list)
    for obligation in before:
        by_old_task[obligation.subject_id].append(obligation)
    acknowledged = set(Step.objects.filter(obligation__in=before, kind=Step.Kind.ACKNOWLEDGED).values_list("obligation_id", flat=True))
    taken: dict[int, Obligation] = {}
    proven: list[tuple[Obligation, Obligation]] = []
    results = 0
    steps: list[Step] = []
    for change in diff(old, new):
        if not _kept(change) or change.old is None or change.new is None:
            continue
        for earlier in by_old_task[change.old.pk]:
            for later in _heirs(earlier, mine[change.new.pk, earlier.owner_id, earlier.share]):
                words = _take(earlier, later, earlier.pk in acknowledged)
                taken[later.pk] = later
                if later.fulfilled_on or later.period == earlier.period:
                    proven.append((earlier, later))
                results += bool(later.fulfilled_on or later.waived_at)
                if words:
                    steps.append(
                        _step(later, Step.Kind.CHANGED, f"接续《{old.title}》的同一任务：{words}。办理记录见原任务。", at, "carried")
                    )
                if earlier.pk in acknowledged:
                    steps.append(_step(later, Step.Kind.ACKNOWLEDGED, "原方案的同一任务已签收", at, "acknowledged"))
    fields = ["fulfilled_on", "waived_at", "waived_by", "waiver_reason", "section", "person"]
    Obligation.objects.bulk_update(taken.values(), fields, batch_size=200)
    carry_evidence(proven)
    for obligation in before:
        obligation.replaced_on = on
        steps.append(_step(obligation, Step.Kind.CHANGED, f"方案已由《{new.title}》代替", at, "replaced"))
    Obligation.objects.bulk_update(before, ["replaced_on"], batch_size=200)
    for step in steps:
        step.actor = actor
    Step.objects.bulk_create(steps, ignore_conflicts=True)
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
    return results


def _heirs(earlier: Obligation, later: list[Obligation]) -> list[Obligation]:
    """Who goes on for an obligation of the old plan: the same period; for a standing row without one, what stands in its place now."""
    same = [row for row in later if row.period == earlier.period]
    if same or earlier.period or earlier.due_on is not None:
        return same
    standing = [row for row in later if row.series_id is None and row.due_on is None]
    if standing:
        return standing
    rows = [row for row in later if row.series_id is not None]
    if done := earlier.fulfilled_on:
        return [row for row in rows if row.period and row.starts_on <= done and (row.due_on is None or done <= row.due_on)]
    return rows


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
