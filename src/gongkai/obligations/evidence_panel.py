"""What the page of an obligation says about its proof: each piece with its result, how far a quota is, and who may do what about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.utils import timezone

from gongkai.obligations import proving_rules as rules
from gongkai.obligations import queries
from gongkai.obligations.checks import allows_no_change, wanted_words
from gongkai.obligations.forms import KeyForm
from gongkai.obligations.forms_evidence import AddressForm, DeclareForm, FileForm, JudgeForm, NoChangeForm, RecordForm, WithdrawForm
from gongkai.obligations.fulfilment import counting, progress_words, total_of
from gongkai.obligations.models import Evidence, Obligation
from gongkai.obligations.records import address_of, candidates

RESULT_LOOKS: dict[str, tuple[str, str]] = {
    Evidence.Result.PASSED: ("ok", "circle"),
    Evidence.Result.FAILED: ("late", "cross"),
    Evidence.Result.TO_JUDGE: ("warn", "diamond"),
}
"""Result: (css class, shape); the word is the result's own."""
LABELS: dict[str, str] = {
    "record": "选系统里的记录",
    "address": "交公开链接",
    "file": "交文件",
    "no_change": "拟“没有新内容”的声明",
    "declare": "签署“没有新内容”的声明",
    "judge": "核查",
    "withdraw": "撤回",
}
OPEN_STATES = frozenset({"running", "due_soon", "overdue", "not_started", "suspended"})


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing this person may do by role: its form, or why not now."""

    verb: str
    label: str
    form: KeyForm | None
    reasons: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Row:
    """One piece of evidence as the page shows it. `url` is where it can be looked at, empty where only its words are there."""

    proof: Evidence
    css: str
    shape: str
    word: str
    url: str
    judged_by: str
    deeds: list[Deed]


@dataclass(frozen=True, slots=True)
class Panel:
    rows: list[Row]
    gone: list[Row]
    """Withdrawn: kept in sight, closed."""
    wanted: list[str]
    progress: str
    alert: str
    main: Obligation | None
    merged: list[Obligation]
    deeds: list[Deed]
    blocked: list[Deed]


def form_of(verb: str, obligation: Obligation, data: Any = None, files: Any = None, *, suffix: str = "") -> KeyForm:
    """The form of a verb; KeyError for one there is not. `suffix` keeps the ids of several on a page apart."""
    makers: dict[str, Callable[..., KeyForm]] = {
        "record": lambda **kw: RecordForm(data, files, candidates=candidates(obligation), **kw),
        "address": lambda **kw: AddressForm(data, files, obligation=obligation, **kw),
        "file": lambda **kw: FileForm(data, files, obligation=obligation, **kw),
        "no_change": lambda **kw: NoChangeForm(data, files, **kw),
        "declare": lambda **kw: DeclareForm(data, files, **kw),
        "judge": lambda **kw: JudgeForm(data, files, **kw),
        "withdraw": lambda **kw: WithdrawForm(data, files, **kw),
    }
    return makers[verb](auto_id=f"proof_{verb}{suffix}_%s")


def panel(obligation: Obligation, user: Any) -> Panel:
    """Everything for parts/evidence.html. A constant number of queries whatever the evidence."""
    joined = ("checked_by", "handed_by", "withdrawn_by", "file", "leader", "copied_from__obligation")
    rows = list(obligation.evidence.select_related(*joined).order_by("on", "pk"))
    for row in rows:
        row.obligation = obligation
    shown = [_row(row, user) for row in rows]
    deeds = [*_handing_in(obligation, user), *_declaring(obligation, user)]
    progress, alert = _progress(obligation, rows)
    return Panel(
        rows=[row for row in shown if row.proof.withdrawn_at is None],
        gone=[row for row in shown if row.proof.withdrawn_at is not None],
        wanted=wanted_words(obligation),
        progress=progress,
        alert=alert,
        main=None if obligation.replaced_on else obligation.merged_into,
        merged=list(obligation.merged.order_by("pk")),
        deeds=[deed for deed in deeds if deed.form is not None],
        blocked=[deed for deed in deeds if deed.form is None],
    )


def _row(row: Evidence, user: Any) -> Row:
    css, shape = RESULT_LOOKS[row.result]
    if row.checked_by is not None:
        judged = f"{row.checked_by}核查"
    else:
        judged = "自动核查" if row.result != Evidence.Result.TO_JUDGE else ""
    deeds = []
    if row.withdrawn_at is None:
        for verb, role, state in (("judge", rules.judge_role, rules.judge_state), ("withdraw", rules.withdraw_role, rules.withdraw_state)):
            if not role(row, user) and not state(row):
                deeds.append(Deed(verb, LABELS[verb], form_of(verb, row.obligation, suffix=f"_{row.pk}")))
    url = row.url or (address_of(row.record_kind, row.record_id) if row.record_id else "")
    return Row(row, css, shape, row.get_result_display(), url, judged, deeds)


def _handing_in(obligation: Obligation, user: Any) -> list[Deed]:
    if rules.hand_in_role(obligation, user):
        return []
    if reasons := rules.hand_in_state(obligation):
        return [Deed("record", "提交佐证", None, reasons)]
    found: list[Deed] = []
    form = form_of("record", obligation)
    some = bool(form.fields["record"].choices)  # type: ignore[attr-defined]
    if some or (obligation.proof or {}).get("kinds"):
        none = ["本单位还没有可以选的记录；记录公开以后再来，或交公开链接、文件由主管部门核查"]
        found.append(Deed("record", LABELS["record"], form if some else None, [] if some else none))
    found += [Deed(verb, LABELS[verb], form_of(verb, obligation)) for verb in ("address", "file")]
    return found


def _declaring(obligation: Obligation, user: Any) -> list[Deed]:
    if not allows_no_change(obligation) or rules.hand_in_state(obligation):
        return []
    found: list[Deed] = []
    if not rules.hand_in_role(obligation, user) and rules.prepared(obligation) is None:
        reasons = rules.no_change_reasons(obligation)
        found.append(Deed("no_change", LABELS["no_change"], None if reasons else form_of("no_change", obligation), reasons))
    if not rules.declare_role(obligation, user):
        reasons = rules.declare_state(obligation, user)
        found.append(Deed("declare", LABELS["declare"], None if reasons else form_of("declare", obligation), reasons))
    return found


def _progress(obligation: Obligation, rows: list[Evidence]) -> tuple[str, str]:
    """(how far the quota is, what to hurry for). The second is empty while there is time, or nothing to hurry for."""
    words = progress_words(obligation, total_of(counting(rows)))
    if not words:
        return "", ""
    today = timezone.localdate()
    state = queries.state_of(obligation, today, queries.edge_of(obligation, today))
    if state not in OPEN_STATES or obligation.due_on is None:
        return f"{words}。", ""
    if state == "overdue":
        when = f"期限 {obligation.due_on} 已过"
    else:
        when = f"期限前 {queries.working_days_left(obligation, today)} 个工作日" if obligation.due_on > today else "今天到期"
    sentence = f"{words}，{when}。"
    return ("", sentence) if state in ("due_soon", "overdue") else (sentence, "")


def awaiting() -> Q:
    """Evidence that waits for a person, as a condition on Evidence rows."""
    return Q(result=Evidence.Result.TO_JUDGE, withdrawn_at__isnull=True, copied_from__isnull=True) & ~Q(kind=Evidence.Kind.NO_CHANGE)
