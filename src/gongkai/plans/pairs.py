"""A comparison of two plans as both faces show it: figures that open rows, pairs with a word and a number."""

from __future__ import annotations

from typing import Any

from gongkai.plans import queries
from gongkai.plans.counterparts import ComparedTask
from gongkai.plans.models import Plan, Task
from gongkai.plans.rows import deadline_view

FILTERS = {"unanswered": "没有对应", "possible": "待确认", "slipped": "时限推后", "answered": "有对应"}


def likeness(similarity: float) -> str:
    """The number as a word: people decide by the word and check by the number."""
    if similarity >= 0.75:
        return "几乎相同"
    if similarity >= 0.5:
        return "很像"
    if similarity >= 0.32:
        return "相近"
    return "有点像"


def comparison_context(upper: Plan, lower: Plan, show: str, base: str) -> dict[str, Any]:
    """Everything parts/comparison.html shows but the buttons. `base` is an address that a filter's name is appended to."""
    found = queries.comparison(upper, lower)
    counts = found.counts
    show = show if show in FILTERS else ""
    figures = [{"label": "上级任务", "n": counts["tasks"], "url": base, "current": not show}]
    for key, word in FILTERS.items():
        figures.append({"label": word, "n": counts[key], "url": base + key, "current": key == show, "alarm": key == "unanswered"})
    return {
        "upper": upper,
        "lower": lower,
        "figures": figures,
        "pairs": [_pair(n, row) for n, row in enumerate(found.rows, 1) if _shown(row, show)],
        "own": found.own,
    }


def _shown(row: ComparedTask, show: str) -> bool:
    return not show or (bool(row.slips) if show == "slipped" else row.status == show)


STATUS = {"answered": ("有对应", "ok"), "possible": ("待确认", "warn"), "unanswered": ("没有对应", "late")}
DECISIONS = {"confirmed": "确认对应", "rejected": "不对应"}


def _pair(number: int, row: ComparedTask) -> dict[str, Any]:
    word, css = STATUS[row.status]
    if row.slips:
        word, css = word + "，时限推后", "warn"
    return {
        "number": number,
        "upper": row.task,
        "upper_due": limits(row.task),
        "word": word,
        "css": css,
        "slips": row.slips,
        "matches": [
            {
                "lower": answer.task,
                "due": limits(answer.task),
                "word": likeness(answer.similarity),
                "percent": round(answer.similarity * 100),
                "decision": answer.decision,
                "decision_word": DECISIONS.get(answer.decision, ""),
            }
            for answer in row.answers
        ],
    }


def limits(task: Task) -> str:
    """The limits of a task (deadlines prefetched) in one line."""
    return "；".join(dict.fromkeys(deadline_view(d).words for d in task.deadlines.all()))
