"""Where a lower plan is later than the superior's asks: a later date, a slower rhythm, a longer limit, or no time at all."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, Protocol

SlipKind = Literal["later", "slower", "longer", "missing"]

DAYS = {"P1D": 1, "P1W": 7, "P1M": 30, "P3M": 91, "P6M": 182, "P1Y": 365}
"""Length of each rhythm in calendar days, to compare rhythms by; never used to compute a date."""
_LIMIT = re.compile(r"([0-9]+|[一二两三四五六七八九十]+)\s*(?:个|個)?\s*(小时|工作日|天|日|周|星期|月|季度|年)", re.IGNORECASE)
_HOURS = {"小时": 1.0, "天": 24.0, "日": 24.0, "工作日": 24 * 7 / 5, "周": 168.0, "星期": 168.0, "月": 730.0, "季度": 2190.0, "年": 8760.0}


class DeadlineLike(Protocol):
    """What of a deadline is looked at: `reading.model.Deadline` has it, so can a database row."""

    @property
    def raw(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def due(self) -> date | None: ...
    @property
    def every(self) -> Any: ...


@dataclass(frozen=True, slots=True)
class Slip:
    """One deadline of the superior's that is not kept. `days` is how much later the lower date is (kind "later" only), in calendar days."""

    kind: SlipKind
    upper: DeadlineLike
    lower: DeadlineLike | None
    days: int | None = None

    @property
    def message(self) -> str:
        """One Chinese sentence for a screen."""
        asked = f"上级要求“{self.upper.raw}”"
        if self.lower is None:
            return f"{asked}，下级没有写明对应的时限"
        if self.kind == "later":
            return f"{asked}，下级“{self.lower.raw}”，晚 {self.days} 天"
        word = "频次变低" if self.kind == "slower" else "时限变长"
        return f"{asked}，下级“{self.lower.raw}”，{word}"

    def to_dict(self) -> dict[str, Any]:
        return {"kind": self.kind, "upper": _as_dict(self.upper), "lower": _as_dict(self.lower), "days": self.days, "message": self.message}


def _as_dict(deadline: DeadlineLike | None) -> dict[str, Any] | None:
    if deadline is None:
        return None
    due = deadline.due.isoformat() if deadline.due else None
    return {"raw": deadline.raw, "kind": deadline.kind, "due": due, "every": deadline.every}


def hours_of(raw: str) -> float | None:
    """A relative limit (20个工作日内, 24小时内, 三个月内) in hours, for comparison only; None where the text has no number and unit."""
    from gongkai.formats.chinese import number_value

    match = _LIMIT.search(raw)
    number = number_value(match[1]) if match else None
    return number * _HOURS[match[2]] if match and number else None


def find_slips(upper: Iterable[DeadlineLike], lower: Iterable[DeadlineLike]) -> list[Slip]:
    """Each deadline in `upper` that nothing in `lower` keeps. Ongoing and on-event ones have no day to miss and are passed over.

    A date is kept by an earlier or equal date; a rhythm by one as fast; a relative limit by one as short. Where the lower side has only
    worse ones the slip names the nearest.
    """
    asked, answers = list(upper), list(lower)
    step_by_step = _paired_dates(asked, answers)
    if step_by_step is not None:
        asked = [deadline for deadline in asked if not (deadline.kind == "absolute" and deadline.due)]
        answers = [deadline for deadline in answers if not deadline.due]
    return (step_by_step or []) + [slip for slip in (_one(deadline, answers) for deadline in asked) if slip]


def _paired_dates(upper: Sequence[DeadlineLike], lower: Sequence[DeadlineLike]) -> list[Slip] | None:
    """Both sides name as many dates, more than one: steps of one task (scope by May, results by August), so the first answers the first.

    None when they do not.
    """
    above = sorted((d.due, n) for n, d in enumerate(upper) if d.kind == "absolute" and d.due)
    below = sorted((d.due, n) for n, d in enumerate(lower) if d.due)
    if len(above) != len(below) or len(above) < 2:
        return None
    return [
        Slip("later", upper[n], lower[m], (answered - asked).days)
        for (asked, n), (answered, m) in zip(above, below, strict=True)
        if answered > asked
    ]


def _one(asked: DeadlineLike, answers: Sequence[DeadlineLike]) -> Slip | None:
    if asked.kind == "absolute" and asked.due:
        dated = sorted((a for a in answers if a.due), key=lambda a: a.due or date.max)
        if not dated:
            return Slip("missing", asked, None)
        first = dated[0].due or date.max
        return Slip("later", asked, dated[0], (first - asked.due).days) if first > asked.due else None
    if asked.kind == "recurring" and asked.every in DAYS:
        rhythms = sorted((a for a in answers if a.every in DAYS), key=lambda a: DAYS[a.every])
        if not rhythms:
            return Slip("missing", asked, None)
        return Slip("slower", asked, rhythms[0]) if DAYS[rhythms[0].every] > DAYS[asked.every] else None
    if asked.kind == "relative":
        limits = [(hours, n) for n, a in enumerate(answers) if a.kind == "relative" and (hours := hours_of(a.raw))]
        wanted = hours_of(asked.raw)
        if not any(a.kind == "relative" for a in answers):
            return Slip("missing", asked, None)
        if wanted and limits and min(limits)[0] > wanted:
            return Slip("longer", asked, answers[min(limits)[1]])
    return None
