"""What changed between two editions of a plan, task by task, by the likeness of their words."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Literal

from rapidfuzz import fuzz, process

from gongkai.plans.models import Plan, Task

ChangeKind = Literal["same", "changed", "added", "removed"]
LIKENESS = 60
"""From this ratio on (0 to 100) two texts are taken for the same task, changed."""


@dataclass(slots=True)
class Change:
    """`fields`: name → (before, after) as words for a screen; names are text, units, deadlines, channels, quotas, joint."""

    kind: ChangeKind
    old: Task | None
    new: Task | None
    fields: dict[str, tuple[str, str]] = field(default_factory=dict)
    likeness: int = 0


def diff(old: Plan, new: Plan) -> list[Change]:
    """In the order of the new plan, removed tasks where they stood. What review left out as not a task is no task of either plan."""
    before, after = _tasks(old), _tasks(new)
    pairs = _pairs(before, after)
    removed = {n for n in range(len(before)) if n not in pairs}
    changes: list[Change] = []
    partner = {m: n for n, m in pairs.items()}
    placed = 0
    for m, task in enumerate(after):
        n = partner.get(m)
        if n is None:
            changes.append(Change("added", None, task))
            continue
        while placed <= n:  # what stood before its partner and is gone
            if placed in removed:
                changes.append(Change("removed", before[placed], None))
            placed += 1
        fields = _fields(before[n], task)
        likeness = round(fuzz.ratio(_plain(before[n]), _plain(task)))
        changes.append(Change("changed" if fields else "same", before[n], task, fields, likeness))
    changes += [Change("removed", before[n], None) for n in range(placed, len(before)) if n in removed]
    return changes


def _tasks(plan: Plan) -> list[Task]:
    rows = plan.tasks.exclude(review=Task.Review.NOT_A_TASK).order_by("position", "pk")
    return list(rows.prefetch_related("units__agency", "units__collective", "deadlines"))


def _plain(task: Task) -> str:
    return "".join(task.text.split())


def _pairs(before: list[Task], after: list[Task]) -> dict[int, int]:
    """Old position → new position: equal words first (in order), then the likest, each once."""
    pairs: dict[int, int] = {}
    waiting: dict[str, list[int]] = defaultdict(list)
    for m, task in enumerate(after):
        waiting[_plain(task)].append(m)
    for n, task in enumerate(before):
        if same := waiting.get(_plain(task)):
            pairs[n] = same.pop(0)
    left = {m: _plain(after[m]) for m in range(len(after)) if m not in pairs.values()}
    scored = [
        (score, n, m)
        for n in range(len(before))
        if n not in pairs
        for _text, score, m in process.extract(_plain(before[n]), left, scorer=fuzz.ratio, score_cutoff=LIKENESS, limit=5)
    ]
    taken: set[int] = set()
    for _score, n, m in sorted(scored, key=lambda s: (-s[0], s[1], s[2])):
        if n not in pairs and m not in taken:
            pairs[n] = m
            taken.add(m)
    return pairs


def _fields(old: Task, new: Task) -> dict[str, tuple[str, str]]:
    both = {
        "text": (_plain(old), _plain(new)),
        "units": (_units(old), _units(new)),
        "deadlines": (_limits(old), _limits(new)),
        "channels": ("、".join(sorted(old.channels)), "、".join(sorted(new.channels))),
        "quotas": (_quotas(old), _quotas(new)),
        "joint": ("分别牵头" if old.joint else "", "分别牵头" if new.joint else ""),
    }
    found = {name: values for name, values in both.items() if values[0] != values[1]}
    if "text" in found:
        found["text"] = (old.text, new.text)
    return found


def _units(task: Task) -> str:
    """By what they mean where the directory knows, so that 市发改委 and its full name are no change."""
    labels = {"lead": "牵头", "responsible": "负责", "support": "配合"}
    groups = []
    for role, label in labels.items():
        names = sorted({str(u.agency or u.collective or u.text) for u in task.units.all() if u.role == role})
        if names:
            groups.append(f"{label}：{'、'.join(names)}")
    return "；".join(groups)


def _limits(task: Task) -> str:
    return "；".join(sorted({d.due.isoformat() if d.due else f"{d.every} {d.raw}".strip() for d in task.deadlines.all()}))


def _quotas(task: Task) -> str:
    return "；".join(sorted(f"{q.get('op', '')}{q.get('value', '')}{q.get('unit', '')}" for q in task.quotas))
