"""A task as the duties it is made of: each date, each rhythm, what waits for events, what goes on. Decision 0016 says why so.

- each certain date: an obligation of its own; the last one carries what was never dated otherwise (长期, quota);
- each rhythm: a series from the day of issue to the end of the plan's year, whatever dates stand beside it (11月底前完成…，每月公布…);
- limits that run from events: one standing duty, from which every recorded event opens an obligation with its clock (actions/events.py);
- nothing of these, or a freshness set in review: a standing duty.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from gongkai.clocks.calendar import Calendar
from gongkai.clocks.periods import ISO, DueRule, Freshness, stale_at
from gongkai.obligations.opening import Quota
from gongkai.plans.models import Plan, Task, TaskDeadline
from gongkai.plans.rhythm import due_rule_of, freshness_of, quota_of, window_of
from gongkai.plans.wording import EVERY_WORDS, TITLE_LENGTH, standing_words, title_of

Kind = TaskDeadline.Kind
EVENTS = "按事件"
"""The `period` of the duty that waits for events."""
FRESH = "持续更新"
"""The `period` of a duty with a freshness that stands beside others of its task."""


@dataclass(frozen=True, slots=True)
class Strand:
    """One of the duties of a task. With `cadence` a series, else an obligation known by `period` among those of its task."""

    title: str
    period: str = ""
    due_on: date | None = None
    standing: str = ""
    quota: Quota | None = None
    freshness: dict[str, Any] | None = None
    cadence: str = ""
    due_rule: DueRule | None = None
    since: date | None = None
    until: date | None = None


def strands_of(task: Task, plan: Plan, starts_on: date, calendar: Calendar) -> list[Strand]:
    """At least one; those with a date first. `task.deadlines` prefetched: no query."""
    limits = list(task.deadlines.all())
    dated = list({d.due: d for d in sorted(limits, key=lambda d: (d.due or date.max, d.pk)) if d.kind == Kind.ABSOLUTE and d.due}.values())
    rhythms = list({d.every: d for d in reversed(limits) if d.kind == Kind.RECURRING and d.every in ISO}.values())[::-1]
    waiting = [d for d in limits if d.kind in (Kind.RELATIVE, Kind.ON_EVENT)]
    ongoing = [d for d in limits if d.kind == Kind.ONGOING]
    fresh = next((d for d in ongoing if freshness_of(d)), None)
    alone = not (dated or rhythms or waiting)
    many = len(dated) + len(rhythms) + bool(waiting) + (fresh is not None or alone) > 1
    quota = quota_of(task.quotas or [])
    yearly = next((d for d in rhythms if d.every == "P1Y"), None)
    counted = yearly or (dated[-1] if dated else rhythms[0] if rhythms else None)  # 每年不少于2次: each year; otherwise until the last date

    def title(words: str) -> str:
        return titled(task.text, words if many else "")

    found: list[Strand] = []
    names: set[str] = set()
    for d in dated:
        last = d is dated[-1]
        words = standing_words([o for o in ongoing if o is not fresh], True) if last else ""
        name = "" if last else _name(d, names)
        found.append(Strand(title(d.raw), name, due_on=d.due, standing=words, quota=quota if d is counted else None))
    for d in rhythms:
        since, until = window_of(d, plan.year, starts_on)
        found.append(
            Strand(
                title(EVERY_WORDS[d.every]),
                quota=quota if d is counted else None,
                cadence=ISO[d.every],
                due_rule=due_rule_of(d),
                since=since,
                until=until,
            )
        )
    if waiting:
        words = standing_words([*waiting, *(o for o in ongoing if o is not fresh)], False)
        found.append(Strand(title(waiting[0].raw), EVENTS, standing=words, quota=None if counted else quota))
    if fresh is not None or alone:
        freshness = freshness_of(fresh) if fresh is not None else None
        found.append(
            Strand(
                title(fresh.raw if fresh else ""),
                "" if alone else FRESH,
                due_on=fresh_until(starts_on, freshness, calendar) if freshness else None,
                standing=standing_words(limits, False),
                freshness=freshness,
                quota=quota if alone else None,
            )
        )
    return found


def fresh_until(last: date, freshness: dict[str, Any], calendar: Calendar) -> date:
    """The last day on which a deed of `last` is fresh: the due day of the next one (as obligations.fulfilment moves it)."""
    return stale_at(datetime.combine(last, time.min), Freshness(freshness["n"], freshness["unit"]), calendar).date() - timedelta(1)


def titled(text: str, words: str) -> str:
    """The title of a task, with the words that tell this duty from the others of the task; at most TITLE_LENGTH."""
    title, words = title_of(text), words[:24]
    if not words:
        return title
    room = TITLE_LENGTH - len(words) - 2
    return f"{title if len(title) <= room else title[: room - 1].rstrip('，、；：…') + '…'}（{words}）"


def _name(deadline: TaskDeadline, taken: set[str]) -> str:
    """What tells an earlier date of a task from its last one: the words, or the date where they are long or said twice."""
    name = deadline.raw if deadline.raw and len(deadline.raw) <= 20 and deadline.raw not in taken else f"{deadline.due}前"
    taken.add(name)
    return name


def series_of(strands: Sequence[Strand]) -> list[Strand]:
    return [strand for strand in strands if strand.cadence]
