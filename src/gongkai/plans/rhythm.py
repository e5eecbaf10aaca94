"""What the time limits of a plan mean for the clocks: what a person chose in review, else what rules/rhythm.toml and the words say."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Any

from gongkai.clocks.limits import Limit
from gongkai.clocks.periods import DueRule
from gongkai.obligations.opening import Quota
from gongkai.plans.models import TaskDeadline
from gongkai.reading.timing import number

DUE_WORDS = {
    "last_day": "本期最后一日",
    "last_working_day": "本期最后一个工作日",
    "working_days_after": "次期第几个工作日内",
    "days_after": "次期几日内",
    "day_of_next": "次期某月某日",
}
"""Due rules as the review offers them."""
_UNITS = {
    "工作日": ("working_days", 1),
    "小时": ("hours", 1),
    "自然日": ("days", 1),
    "日": ("days", 1),
    "天": ("days", 1),
    "周": ("days", 7),
    "月": ("months", 1),
    "年": ("months", 12),
}
_LENGTH = re.compile(r"(\d{1,3}|[一二两三四五六七八九十]{1,3})个?(工作日|小时|自然日|日|天|周|月|年)(?!\d)")


@cache
def _rules() -> dict[str, Any]:
    return tomllib.loads(resources.files("gongkai.plans").joinpath("rules/rhythm.toml").read_text("utf-8"))


def usual_rule(every: str) -> DueRule:
    """The due rule of a cadence (P1M) that nobody has corrected."""
    return DueRule(**_rules()["due"].get(every, {}))


def due_rule_of(deadline: TaskDeadline) -> DueRule:
    return DueRule(**deadline.due_rule) if deadline.due_rule else usual_rule(deadline.every)


def rule_json(every: str, rule: DueRule) -> dict[str, Any] | None:
    """What is stored for a rule chosen in review: nothing for the usual one."""
    return None if rule == usual_rule(every) else asdict(rule)


def due_words(rule: DueRule) -> str:
    """次期 10 日内, 次期 1 月 31 日."""
    if rule.kind == "working_days_after":
        return f"次期第 {rule.n} 个工作日内"
    if rule.kind == "days_after":
        return f"次期 {rule.n} 日内"
    if rule.kind == "day_of_next":
        return f"次期第 {rule.month} 个月 {rule.day} 日前"
    return DUE_WORDS[rule.kind]


def window_of(deadline: TaskDeadline, year: int | None, starts_on: date) -> tuple[date, date | None]:
    """(first day, last day) of a series. A plan of a year binds in that year; the next year's plan says it anew."""
    since = deadline.since or starts_on
    end = date(year, 12, 31) if year else None
    until = deadline.until or (end if end and end >= since else None)
    return since, until if until is None or until >= since else since


def length_of(deadline: TaskDeadline) -> tuple[int, str] | None:
    """(n, unit) that runs from an event: as corrected in review, else the last length in the words (…作出之日起7个工作日内)."""
    if deadline.n and deadline.unit:
        return deadline.n, deadline.unit
    found = _LENGTH.findall(deadline.within or deadline.raw)
    if deadline.kind != TaskDeadline.Kind.RELATIVE or not found:
        return None
    digits, unit = found[-1]
    name, factor = _UNITS[unit]
    n = number(digits) * factor
    return (n, name) if n else None


def limit_of(deadline: TaskDeadline, article: str) -> Limit | None:
    """The limit that runs from an event of a task; None where only a person can say until when (及时, 按牵头单位通知)."""
    length = length_of(deadline)
    if length is None:
        return None
    n, unit = length
    return Limit(id="plan_task", n=n, unit=unit, name=deadline.raw[:60], article=article[:120], certainty="read")


def freshness_of(deadline: TaskDeadline) -> dict[str, Any] | None:
    """How old the last proof of a task that goes on may be; None where review set nothing."""
    if deadline.kind != TaskDeadline.Kind.ONGOING or not deadline.n:
        return None
    return {"n": deadline.n, "unit": deadline.unit}


def quota_of(quotas: Iterable[Mapping[str, Any]]) -> Quota | None:
    """The first number of the task that is counted deed by deed (不少于2次); a measure (70%, 30日) is no count."""
    rules = _rules()["quota"]
    for quota in quotas:
        unit, op, value = str(quota.get("unit") or ""), str(quota.get("op") or ""), quota.get("value")
        if op in rules["counted"] and unit not in rules["measures"] and isinstance(value, int | float) and value > 0:
            return Quota(op, Decimal(str(value)).quantize(Decimal("0.01")), unit)
    return None
