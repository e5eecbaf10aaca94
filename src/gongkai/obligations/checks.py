"""The automatic checks of a record as proof of an obligation, each with a sentence that says what is wrong, why, and how to mend it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from gongkai.agencies.models import Agency
from gongkai.obligations.models import Evidence, Obligation
from gongkai.obligations.records import Facts, examined, facts_of, known, label_of

Result = Evidence.Result
JUDGED = "judged"


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found. `reason` says why not; of a proof that passed, what is remarkable (that it came late)."""

    result: str
    reason: str = ""


def needs_judgement(obligation: Obligation) -> bool:
    """Whether a person must look even where every automatic check passes. A duty without rules for its proof is for the office to judge."""
    checks = (obligation.proof or {}).get("checks", [])
    return not checks or JUDGED in checks


def allows_no_change(obligation: Obligation) -> bool:
    """“本期没有新内容” is for duties that come back, where their rule allows it (design/OBLIGATIONS.md, catalogue items)."""
    recurring = bool(obligation.period) or obligation.source == Obligation.Source.CATALOGUE
    return recurring and bool((obligation.proof or {}).get("no_change"))


def kind_reason(obligation: Obligation, record_kind: str) -> str:
    """Why records of this kind prove nothing here, or an empty string. Where the rule names no kinds, a person judges all of them."""
    proof = obligation.proof or {}
    kinds = [*proof.get("kinds", []), *proof.get("beside", [])]
    if not known(record_kind):
        return f"系统里没有“{record_kind}”这类记录"
    if kinds and record_kind not in kinds:
        return f"{label_of(record_kind)}不能证明这项任务，它要的是{'、'.join(map(label_of, kinds))}；请另选记录"
    return ""


def check(obligation: Obligation, record_kind: str, record_id: int, *, facts: Facts | None = None) -> Finding:
    """The automatic result of one record for one obligation, as things stand now. A constant number of queries."""
    facts = facts or facts_of(record_kind, record_id)
    if reason := kind_reason(obligation, record_kind):
        return Finding(Result.FAILED, reason)
    if not facts.exists:
        return Finding(Result.FAILED, "这条记录已经不在系统里，不能再作证明；请另交佐证")
    day = facts.published_on
    if day is not None and obligation.period and day < obligation.starts_on:
        return Finding(
            Result.FAILED, f"“{facts.title}”的日期是 {day}，在本期开始（{obligation.starts_on}）之前，证明的是上一期；请选本期的"
        )
    asked = (obligation.proof or {}).get("checks", [])
    for name, test in TESTS.items():
        if name in asked and (reason := test(obligation, facts)):
            return Finding(Result.FAILED, reason)
    fault, remark = examined(obligation, record_kind, record_id)
    if fault:
        return Finding(Result.FAILED, fault)
    if needs_judgement(obligation):
        return Finding(Result.TO_JUDGE, remark)
    return Finding(Result.PASSED, late_words(obligation, day, facts.published_at) if "in_time" in asked else "")


def late_words(obligation: Obligation, on: date | None, at: datetime | None) -> str:
    """A deed after the due date is done all the same, and counted as done late; the proof says so."""
    if obligation.due_at is not None and at is not None:
        if at > obligation.due_at:
            return f"晚于期限 {timezone.localtime(obligation.due_at):%Y-%m-%d %H:%M}，按逾期办结计"
    elif obligation.due_on is not None and on is not None and on > obligation.due_on and not obligation.freshness:
        return f"晚于期限 {obligation.due_on}，按逾期办结计"
    return ""


def _published(_obligation: Obligation, facts: Facts) -> str:
    if facts.published_on is None:
        return f"“{facts.title}”{facts.lacking}；办好以后系统会自动重新核查"
    if facts.published_on > timezone.localdate():
        return f"“{facts.title}”的日期 {facts.published_on} 还没有到；到那一天再交"
    return ""


def _in_time(obligation: Obligation, facts: Facts) -> str:
    """A day there must be: without one nobody can say whether it was in time. Late is no failure here, see `late_words`."""
    if facts.published_on is None:
        return f"“{facts.title}”{facts.lacking}，没有日期可以对照期限；办好以后系统会自动重新核查"
    if obligation.due_at is not None and facts.published_at is None:
        return f"这项任务按小时计时，“{facts.title}”没有记下时刻；请交由主管部门核查认定"
    return ""


def _by_owner(obligation: Obligation, facts: Facts) -> str:
    if obligation.owner_id in {facts.agency_id, *facts.also_ids}:
        return ""
    by = Agency.objects.filter(pk=facts.agency_id).values_list("name", flat=True).first() if facts.agency_id else None
    return f"“{facts.title}”是{by or '别的单位'}的，责任单位是{obligation.owner.name}；请选本单位的记录"


def _column(obligation: Obligation, facts: Facts) -> str:
    wanted = str((obligation.proof or {}).get("column", ""))
    if not wanted or facts.column == wanted:
        return ""
    return f"“{facts.title}”发布在“{facts.column or '没有栏目'}”，应当发布在“{wanted}”；请调整栏目，系统会自动重新核查"


def _leader(obligation: Obligation, facts: Facts) -> str:
    if obligation.leader_id is None or obligation.leader_id in facts.leader_ids:
        return ""
    return f"“{facts.title}”没有写明由{obligation.leader}参加；请在那条记录里补上，系统会自动重新核查"


def _item(obligation: Obligation, facts: Facts) -> str:
    """A duty of the catalogue is met by what was published for its item, by nothing that merely stands in the same column."""
    if obligation.source != Obligation.Source.CATALOGUE or obligation.subject_id in facts.item_ids:
        return ""
    return f"“{facts.title}”没有对应到目录事项“{obligation.title}”；请在那条记录里选上这个事项，系统会自动重新核查"


TESTS: dict[str, Callable[[Obligation, Facts], str]] = {
    "published": _published,
    "in_time": _in_time,
    "by_owner": _by_owner,
    "column": _column,
    "leader": _leader,
    "item": _item,
}
"""The names a rule's `checks` may use beside `judged`."""

CHECK_WORDS: dict[str, str] = {
    "published": "已经公开",
    "in_time": "有日期可以对照期限",
    "by_owner": "由责任单位发布",
    "column": "在规定的栏目",
    "leader": "写明负责人",
    "item": "对应这个目录事项",
    JUDGED: "由主管部门核查",
}


def wanted_words(obligation: Obligation) -> list[str]:
    """What the proof must be, for the page: kinds first, then checks."""
    proof: dict[str, Any] = obligation.proof or {}
    kinds = ["、".join(map(label_of, proof["kinds"]))] if proof.get("kinds") else []
    kinds += [f"另附{'、'.join(map(label_of, proof['beside']))}"] if proof.get("beside") else []
    column = f"“{proof['column']}”" if proof.get("column") else ""
    checks = [CHECK_WORDS[name] + (column if name == "column" else "") for name in proof.get("checks", [])]
    return [*kinds, *checks, *([proof["note"]] if proof.get("note") else [])]
