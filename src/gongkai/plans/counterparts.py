"""A superior's plan against one below it: what the reading layer proposes, and what people have decided about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from django.db.models import Prefetch

from gongkai.plans.as_read import as_read
from gongkai.plans.models import Counterpart, Plan, Task, TaskUnit
from gongkai.reading.compare import Comparison, compare

Status = Literal["answered", "possible", "unanswered"]


@dataclass(slots=True)
class Answer:
    """A task below that may answer one above. `decision`: confirmed, rejected, or empty while nobody has looked."""

    task: Task
    similarity: float
    decision: str = ""


@dataclass(slots=True)
class ComparedTask:
    """A task above, its answers (best first), and which of its limits slip below, as sentences."""

    task: Task
    status: Status
    answers: list[Answer] = field(default_factory=list)
    slips: list[str] = field(default_factory=list)

    @property
    def decided(self) -> bool:
        """A person has confirmed an answer, or rejected all there were."""
        return any(a.decision == "confirmed" for a in self.answers) or (
            bool(self.answers) and all(a.decision == "rejected" for a in self.answers)
        )


@dataclass(slots=True)
class PlanComparison:
    """Rows in the order of the superior's plan; `own`: tasks below that answer nothing above."""

    upper: Plan
    lower: Plan
    rows: list[ComparedTask]
    own: list[Task]
    proposal: Comparison
    """The bare proposal of reading.compare, for exports."""

    @property
    def counts(self) -> dict[str, int]:
        return {
            "tasks": len(self.rows),
            "answered": sum(r.status == "answered" for r in self.rows),
            "possible": sum(r.status == "possible" for r in self.rows),
            "unanswered": sum(r.status == "unanswered" for r in self.rows),
            "slipped": sum(bool(r.slips) for r in self.rows),
            "own": len(self.own),
        }


def comparable_tasks(plan: Plan) -> list[Task]:
    """The tasks of a plan without those review left out, units and limits prefetched: three queries."""
    units = TaskUnit.objects.select_related("agency", "section", "collective").order_by("role", "position", "pk")
    rows = plan.tasks.exclude(review=Task.Review.NOT_A_TASK).order_by("position", "pk")
    tasks = list(rows.prefetch_related(Prefetch("units", units), "deadlines"))
    for task in tasks:
        task.plan = plan
    return tasks


def comparison(upper: Plan, lower: Plan) -> PlanComparison:
    """A person's decision weighs more than likeness: a confirmed pair answers, a rejected one does not, however alike. Seven queries."""
    above, below = comparable_tasks(upper), comparable_tasks(lower)
    proposal = compare(as_read(upper, above), as_read(lower, below))
    decided = {(c.upper_id, c.lower_id): c for c in Counterpart.objects.filter(upper__plan=upper, lower__plan=lower).order_by("pk")}
    tasks_below = {t.pk: t for t in below}
    rows, answering = [], set()
    for pairing in proposal.pairings:
        task = above[pairing.index]
        answers = [Answer(below[c.index], c.similarity) for c in pairing.counterparts]
        listed = {a.task.pk for a in answers}
        answers += [
            Answer(tasks_below[low], c.similarity)
            for (up, low), c in decided.items()
            if up == task.pk and low not in listed and low in tasks_below
        ]
        for answer in answers:
            if found := decided.get((task.pk, answer.task.pk)):
                answer.decision = found.decision
        rank = {"confirmed": 0, "": 1, "rejected": 2}
        answers.sort(key=lambda a: (rank[a.decision], -a.similarity))
        row = ComparedTask(task, _status(pairing.status, answers), answers, [slip.message for slip in pairing.slips])
        if row.status != "answered":
            row.slips = []
        elif any(a.decision for a in answers):
            row.slips = _slips(task, [a.task for a in answers if a.decision == "confirmed" or (not a.decision and not row.decided)])
        if row.status == "answered":
            answering |= {a.task.pk for a in answers if a.decision != "rejected"}
        rows.append(row)
    return PlanComparison(upper, lower, rows, [t for t in below if t.pk not in answering], proposal)


def _status(proposed: Status, answers: list[Answer]) -> Status:
    if any(a.decision == "confirmed" for a in answers):
        return "answered"
    return proposed if any(not a.decision for a in answers) else "unanswered"


def _slips(task: Task, answers: list[Task]) -> list[str]:
    from gongkai.reading.slips import find_slips

    return [slip.message for slip in find_slips(list(task.deadlines.all()), [d for t in answers for d in t.deadlines.all()])]


def similarity(upper: Task, lower: Task) -> float:
    """Likeness of two tasks as their plans' comparison finds it; of the pair alone where that does not propose it."""
    above, below = comparable_tasks(upper.plan), comparable_tasks(lower.plan)
    places = {t.pk: n for n, t in enumerate(below)}
    proposal = compare(as_read(upper.plan, above), as_read(lower.plan, below))
    for pairing in proposal.pairings:
        if above[pairing.index].pk == upper.pk:
            for found in pairing.counterparts:
                if found.index == places.get(lower.pk):
                    return found.similarity
    alone = compare(as_read(upper.plan, [upper]), as_read(lower.plan, [lower])).pairings
    return alone[0].similarity if alone else 0.0
