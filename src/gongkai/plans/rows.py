"""A task as a row on a screen: numbers, words for dates and roles, the reasons to look at it. Makes no query beyond prefetched ones."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from gongkai.plans.models import Task, TaskDeadline, TaskUnit
from gongkai.plans.rhythm import due_rule_of, due_words, length_of

EVERY_WORDS = {"P1D": "每日", "P1W": "每周", "P1M": "每月", "P3M": "每季度", "P6M": "每半年", "P1Y": "每年"}
OPERATOR_WORDS = {">=": "不少于", "<=": "不超过", ">": "多于", "<": "少于", "=": ""}
ROLE_WORDS = [("lead", "牵头"), ("responsible", "负责"), ("support", "配合")]


@dataclass(frozen=True, slots=True)
class UnitView:
    """`name` is what the directory makes of the wording; empty when nobody knows it yet."""

    text: str
    name: str
    collective: bool = False

    @property
    def resolved(self) -> bool:
        return bool(self.name)

    @property
    def renamed(self) -> bool:
        return bool(self.name) and self.name != self.text


@dataclass(frozen=True, slots=True)
class DeadlineView:
    words: str
    raw: str
    due: date | None = None
    rule: str = ""
    """How a rhythm or an event is counted, for whoever reviews: 本期最后一日, 3个工作日."""


@dataclass(slots=True)
class RowView:
    task: Task
    number: int
    units: list[tuple[str, str, list[UnitView]]]
    deadlines: list[DeadlineView]
    quotas: list[str]
    unresolved: list[str] = field(default_factory=list)
    following: int = 0
    """The next task of the document that counts as one, for merging; 0 at the end."""

    @property
    def reasons(self) -> list[str]:
        """Why a person should look: what the reading doubted and which units nobody knows."""
        doubts = list(self.task.doubts)
        return doubts + [f"“{name}”不在机构名录里" for name in self.unresolved if not any(f"“{name}”" in doubt for doubt in doubts)]

    @property
    def unnamed(self) -> bool:
        """Nobody answers for it yet: a helper alone does not."""
        return not any(units for role, _word, units in self.units if role != TaskUnit.Role.SUPPORT)

    @property
    def attend(self) -> bool:
        return self.task.review == Task.Review.PENDING and bool(self.task.doubts or self.unresolved)


def unit_view(unit: TaskUnit) -> UnitView:
    if unit.agency is not None:
        return UnitView(unit.text, f"{unit.agency.name} {unit.section.name}" if unit.section else unit.agency.name)
    if unit.collective is not None:
        return UnitView(unit.text, unit.collective.text, True)
    return UnitView(unit.text, "")


def deadline_view(deadline: TaskDeadline) -> DeadlineView:
    """The date or the cadence first, the document's own words behind it."""
    if deadline.kind == TaskDeadline.Kind.ABSOLUTE and deadline.due:
        return DeadlineView(deadline.due.isoformat(), deadline.raw, deadline.due)
    if deadline.kind == TaskDeadline.Kind.RECURRING:
        return DeadlineView(EVERY_WORDS.get(deadline.every, deadline.raw), deadline.raw, rule=f"每期到期：{_rule(deadline)}")
    length = length_of(deadline)
    counted = f"{length[0]}{TaskDeadline.Unit(length[1]).label}" if length else ""
    if deadline.kind == TaskDeadline.Kind.RELATIVE:
        rule = f"事件登记后 {counted}" if counted else "事件登记时定期限"
        return DeadlineView(deadline.within or deadline.raw, deadline.raw, rule=rule)
    rule = f"至少每 {counted}更新一次" if counted else ""
    return DeadlineView(deadline.raw or deadline.get_kind_display(), deadline.raw, rule=rule)


def _rule(deadline: TaskDeadline) -> str:
    window = "".join(f"，{words} {day}" for words, day in (("从", deadline.since), ("到", deadline.until)) if day)
    return due_words(due_rule_of(deadline)) + window


def quota_words(quota: dict[str, Any]) -> str:
    value = quota.get("value", "")
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return f"{OPERATOR_WORDS.get(quota.get('op', ''), '')} {value} {quota.get('unit', '')}".strip()


def row_view(task: Task, number: int) -> RowView:
    """`task` with units (and their agency and collective) and deadlines prefetched."""
    units = list(task.units.all())
    grouped = []
    for role, label in ROLE_WORDS:
        of_role = [unit_view(u) for u in units if u.role == role]
        if of_role:
            grouped.append((role, label, of_role))
    return RowView(
        task=task,
        number=number,
        units=grouped,
        deadlines=[deadline_view(d) for d in task.deadlines.all()],
        quotas=[quota_words(q) for q in task.quotas or []],
        unresolved=[u.text for u in units if not u.resolved],
    )


def numbers(tasks: Iterable[Task]) -> dict[int, int]:
    """Task pk → its number in the order of the document, from 1."""
    return {task.pk: n for n, task in enumerate(sorted(tasks, key=lambda t: (t.position, t.pk)), 1)}
