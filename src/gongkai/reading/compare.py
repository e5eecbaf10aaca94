"""Does the lower plan answer the superior's? For each task above its counterparts below, what has none, and which deadlines slipped.

    comparison = compare(upper, lower)
    comparison.unanswered, comparison.slipped

Works on `reading.model.Plan` and on anything with the same attributes, such as rows of a database. A similarity is a proposal;
a person confirms it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from gongkai.formats.ledger import Column, LedgerRow, LedgerTable
from gongkai.reading.output import plan_name
from gongkai.reading.similarity import Corpus, Item, prepare
from gongkai.reading.slips import DeadlineLike, Slip, find_slips

COUNTERPART = 0.32
"""From this similarity on a lower task counts as a counterpart. Set on hand-judged pairs of plans of different provinces and years."""
POSSIBLE = 0.22
"""From here to COUNTERPART a lower task is offered to a person and not counted."""
NEAR_BEST = 0.75
"""A second counterpart must reach COUNTERPART and this share of the best one's similarity."""
MOST = 5
"""Counterparts named for one task."""

Status = Literal["answered", "possible", "unanswered"]
STATUS_WORDS = {"answered": "有对应", "possible": "待确认", "unanswered": "无对应"}


class TaskLike(Protocol):
    """The least a task must have. Also used where present: lead, responsible, support, channels, quotas (with .raw)."""

    @property
    def text(self) -> str: ...
    @property
    def path(self) -> Sequence[str]: ...
    @property
    def deadlines(self) -> Sequence[DeadlineLike]: ...


class PlanLike(Protocol):
    """A plan is a list of tasks; title and source are used where present."""

    @property
    def tasks(self) -> Sequence[TaskLike]: ...


@dataclass(frozen=True, slots=True)
class Counterpart:
    """A task of the lower plan: its position there, the task, and the similarity from 0 to 1."""

    index: int
    task: TaskLike
    similarity: float


@dataclass(slots=True)
class Pairing:
    """A task of the superior's plan (`index` there) and what answers it, best first; `slips` only where something certain does."""

    index: int
    task: TaskLike
    status: Status
    counterparts: list[Counterpart] = field(default_factory=list)
    slips: list[Slip] = field(default_factory=list)

    @property
    def similarity(self) -> float:
        return self.counterparts[0].similarity if self.counterparts else 0.0


@dataclass(slots=True)
class Comparison:
    """All pairings in the order of the superior's plan, and the lower tasks that answer none (`own`: positions)."""

    upper: PlanLike
    lower: PlanLike
    pairings: list[Pairing]
    own: list[int]

    @property
    def unanswered(self) -> list[Pairing]:
        return [pairing for pairing in self.pairings if pairing.status == "unanswered"]

    @property
    def slipped(self) -> list[Pairing]:
        return [pairing for pairing in self.pairings if pairing.slips]

    @property
    def similarity(self) -> float:
        """Mean of the best similarities, 0 to 1; 1.0 when the superior's plan asks nothing."""
        return round(sum(p.similarity for p in self.pairings) / len(self.pairings), 4) if self.pairings else 1.0

    @property
    def clean(self) -> bool:
        """Nothing without a counterpart and nothing slipped."""
        return not self.unanswered and not self.slipped

    def to_dict(self) -> dict[str, Any]:
        return {
            "upper": _plan_head(self.upper),
            "lower": _plan_head(self.lower),
            "similarity": self.similarity,
            "summary": {
                "tasks": len(self.pairings),
                "answered": sum(p.status == "answered" for p in self.pairings),
                "possible": sum(p.status == "possible" for p in self.pairings),
                "unanswered": len(self.unanswered),
                "slipped": len(self.slipped),
            },
            "tasks": [
                {
                    **_task_head(p.index, p.task),
                    "status": p.status,
                    "similarity": p.similarity,
                    "counterparts": [{**_task_head(c.index, c.task), "similarity": c.similarity} for c in p.counterparts],
                    "slips": [slip.to_dict() for slip in p.slips],
                }
                for p in self.pairings
            ],
            "own": [_task_head(n, self.lower.tasks[n]) for n in self.own],
        }

    def to_table(self) -> LedgerTable:
        """One row a task of the superior's plan, for the terminal, csv, xlsx and docx."""
        rows = []
        for p in self.pairings:
            cells: dict[str, str | float | int | None] = {
                "n": p.index + 1,
                "text": p.task.text,
                "deadlines": "；".join(dict.fromkeys(d.raw for d in p.task.deadlines)),
                "status": STATUS_WORDS[p.status],
                "similarity": f"{p.similarity:.2f}" if p.counterparts else "",
                "counterpart": "\n".join(f"第{c.index + 1}项 {c.task.text[:80]}" for c in p.counterparts),
                "units": "\n".join(dict.fromkeys(_units(c.task) for c in p.counterparts if _units(c.task))),
                "slips": "\n".join(slip.message for slip in p.slips),
            }
            rows.append(LedgerRow(cells, tuple(p.task.path)))
        numbers = self.to_dict()["summary"]
        note = (
            f"上级任务 {numbers['tasks']} 项：有对应 {numbers['answered']} 项，待确认 {numbers['possible']} 项，"
            f"无对应 {numbers['unanswered']} 项；时限放宽或缺失 {numbers['slipped']} 项。下级自有任务 {len(self.own)} 项。"
        )
        title = f"{_name(self.upper)}与{_name(self.lower)}任务对照表"
        return LedgerTable(title, COLUMNS, rows, notes=(note, "相似度由程序计算，是否对应由人确认。"), source="任务对照")


COLUMNS = (
    Column("n", "序号", 3, "center"),
    Column("text", "上级任务", 13),
    Column("deadlines", "上级时限", 5),
    Column("status", "对应情况", 4, "center"),
    Column("similarity", "相似度", 4, "center"),
    Column("counterpart", "下级任务", 13),
    Column("units", "下级单位", 6),
    Column("slips", "时限问题", 8),
)


def _name(plan: PlanLike) -> str:
    title = getattr(plan, "title", None)
    return f"《{plan_name(str(title))}》" if title else str(getattr(plan, "source", None) or "计划")


def _units(task: TaskLike) -> str:
    names = [*getattr(task, "lead", ()), *getattr(task, "responsible", ())]
    return "、".join(map(str, names))


def _plan_head(plan: PlanLike) -> dict[str, Any]:
    return {"source": getattr(plan, "source", None), "title": getattr(plan, "title", None), "tasks": len(plan.tasks)}


def _task_head(index: int, task: TaskLike) -> dict[str, Any]:
    return {
        "index": index,
        "path": list(task.path),
        "text": task.text,
        "lead": [str(unit) for unit in getattr(task, "lead", ())],
        "responsible": [str(unit) for unit in getattr(task, "responsible", ())],
    }


def _item(task: TaskLike) -> Item:
    quotas = [str(getattr(quota, "raw", quota)) for quota in getattr(task, "quotas", ())]
    return prepare(task.text, task.path, [*map(str, getattr(task, "channels", ())), *quotas])


def compare(upper: PlanLike, lower: PlanLike) -> Comparison:
    """Compares two plans; see `Comparison`. Cost grows with the n-grams both plans share, not with the product of their task counts."""
    above, below = [_item(task) for task in upper.tasks], [_item(task) for task in lower.tasks]
    corpus = Corpus(above, below)
    pairings: list[Pairing] = []
    used: set[int] = set()
    for index, (task, item) in enumerate(zip(upper.tasks, above, strict=True)):
        scored = sorted(
            ((round(corpus.score(item, below[n]), 4), n) for n in corpus.candidates(item)), key=lambda pair: (-pair[0], pair[1])
        )
        sure = [(s, n) for s, n in scored if s >= COUNTERPART and s >= scored[0][0] * NEAR_BEST][:MOST]
        offered = sure or [(s, n) for s, n in scored if s >= POSSIBLE][:MOST]
        status: Status = "answered" if sure else "possible" if offered else "unanswered"
        pairing = Pairing(index, task, status, [Counterpart(n, lower.tasks[n], s) for s, n in offered])
        if sure:
            used.update(n for _, n in sure)
            pairing.slips = find_slips(task.deadlines, [deadline for _, n in sure for deadline in lower.tasks[n].deadlines])
        pairings.append(pairing)
    return Comparison(upper, lower, pairings, [n for n in range(len(below)) if n not in used])
