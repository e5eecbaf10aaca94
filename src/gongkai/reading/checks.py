"""What a careful reader would point out. Warnings are shown; nothing is blocked or corrected by them."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date

from gongkai.reading.model import Plan, Span, Task, Warning

_SELF_CHECK = re.compile(r"自查|自检|自评|自我评估|开展评估")
_ACCEPTANCE = re.compile(r"验收|总结|评估|考核|检查")


def _last(task: Task) -> date | None:
    days = [d.due for d in task.deadlines if d.due]
    return max(days) if days else None


def check(plan: Plan, aims: list[tuple[date, Span, str]]) -> list[Warning]:
    """Warnings on contradicting dates, a self-check before its deliverables, acceptance after the target, names that look mistyped.

    `aims`: dates that the parts on aims promise, with span and words.
    """
    warnings = [w for t in plan.tasks if (w := _contradicting(t))]
    warnings += _self_checks(plan.tasks)
    for due, span, words in aims:
        late = [t for t in plan.tasks if (last := _last(t)) and last > due and last.year - due.year <= 1]
        if late:
            latest = max(_last(t) or due for t in late).isoformat()
            message = f"目标写明“{words}”，但有 {len(late)} 项任务的期限晚于 {due.isoformat()}（最晚 {latest}）"
            warnings.append(Warning(message, span, "date"))
    if plan.year:
        for t in plan.tasks:
            for d in t.deadlines:
                if d.due and d.due.year < plan.year - 1:
                    warnings.append(Warning(f"期限“{d.raw}”早于方案年度 {plan.year} 年", d.span, "date"))
    warnings += _strange_names(plan.tasks)
    warnings += _same_words(plan.tasks)
    return warnings


def _contradicting(task: Task) -> Warning | None:
    """One date in the prose and an earlier or later one in the slot of the same task."""
    inside = [d for d in task.deadlines if d.due and d.span[1] <= task.span[1]]
    slot = [d for d in task.deadlines if d.due and d.span[0] >= task.span[1]]
    if inside and slot and max(d.due for d in inside if d.due) > max(d.due for d in slot if d.due):
        return Warning(f"正文“{inside[-1].raw}”晚于时限栏“{slot[-1].raw}”", inside[-1].span, "date")
    return None


def _self_checks(tasks: list[Task]) -> list[Warning]:
    """A self-check due before something it should look at, in the same part of the plan."""
    out = []
    for task in tasks:
        due = _last(task)
        if due is None or not _SELF_CHECK.search(task.text[:40]) or len(task.text) > 200:
            continue
        later = [
            t
            for t in tasks
            if t is not task and t.path == task.path and (last := _last(t)) and last > due and not _ACCEPTANCE.search(t.text[:40])
        ]
        if later:
            named = "、".join(f"“{t.text[:16]}…”（{_last(t)}）" for t in later[:3])
            out.append(Warning(f"自查（{due.isoformat()}）早于要检查的 {len(later)} 项工作：{named}", task.span, "order"))
    return out


def _distance_one(a: str, b: str) -> bool:
    if a == b or abs(len(a) - len(b)) > 1:
        return False
    if len(a) == len(b):
        return sum(x != y for x, y in zip(a, b, strict=True)) == 1
    short, long = (a, b) if len(a) < len(b) else (b, a)
    return any(long[:i] + long[i + 1 :] == short for i in range(len(long)))


def _strange_names(tasks: list[Task]) -> list[Warning]:
    """A unit assigned once whose name is one character off from one assigned often, or that no other task and nothing else names."""
    count: Counter[str] = Counter()
    where: dict[str, Span] = {}
    for t in tasks:
        for mark in t.marks:
            if mark.kind in ("lead", "responsible", "support"):
                count[mark.text] += 1
                where.setdefault(mark.text, mark.span)
    often = {n for n, c in count.items() if c >= 3}
    out = []
    for name, c in count.items():
        if c != 1 or len(name) < 4:
            continue
        if near := next((o for o in often if len(o) >= 4 and _distance_one(name, o) and o[-1] == name[-1] and o[:1] == name[:1]), None):
            out.append(Warning(f"“{name}”只出现一次，与多次出现的“{near}”只差一个字，请核对", where[name], "unit"))
        elif len(count) >= 8 and len(often) >= 0.6 * len(count):
            out.append(Warning(f"“{name}”在全文只被安排一次，其他任务没有提到它，请核对名称", where[name], "unit"))
    return out


def _same_words(tasks: list[Task]) -> list[Warning]:
    """The same words twice with different dates."""
    seen: dict[str, Task] = {}
    out = []
    for t in tasks:
        key = re.sub(r"\W", "", t.text)[:60]
        other = seen.setdefault(key, t)
        if other is not t and len(key) >= 12 and _last(t) != _last(other):
            out.append(Warning(f"与前面一项文字相同，但期限不同（{_last(other) or '未写'}、{_last(t) or '未写'}）", t.span, "date"))
    return out
