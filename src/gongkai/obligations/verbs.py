"""Which verb is whose and when: answered in sentences before the button is pressed, and again under lock when it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from gongkai.agencies.access import scope_of
from gongkai.obligations.deliverables import Deliverable, missing, missing_words
from gongkai.obligations.models import Obligation, Step
from gongkai.obligations.origins import elsewhere
from gongkai.obligations.proofs import is_shown

LABELS: dict[str, str] = {
    "acknowledge": "签收",
    "report_progress": "报送进展",
    "request_completion": "申请办结",
    "pass_check": "核查通过",
    "return_work": "退回",
    "assign": "交办",
    "waive": "免除",
    "reinstate": "取消免除",
}
_OWNERS = frozenset({"acknowledge", "report_progress", "request_completion"})
_CHECKS = frozenset({"pass_check", "return_work"})


@dataclass(frozen=True, slots=True)
class Verb:
    """One verb this person may do by role; `reasons` say why not now (empty: press)."""

    name: str
    label: str
    reasons: list[str] = field(default_factory=list)


def role_reason(verb: str, obligation: Obligation, actor: Any) -> str:
    """Why the verb is not this person's, or an empty string. Decides NotAllowed."""
    scope = scope_of(actor)
    if verb in _OWNERS:
        return "" if scope.acts_for(obligation.owner_id) else f"{LABELS[verb]}由责任单位的经办人、审核人或负责人办理"
    if verb in _CHECKS:
        return "" if scope.is_office_of(obligation.jurisdiction_id) else f"{LABELS[verb]}由本地区政务公开主管部门办理"
    if verb == "assign":
        return "" if scope.directs(obligation.owner_id) else "交办由责任单位的负责人或审核人办理"
    if verb in ("waive", "reinstate"):
        return "" if scope.heads_competent_agency_of(obligation.jurisdiction_id) else f"{LABELS[verb]}由本地区政务公开主管部门负责人批准"
    raise ValueError(f"no verb {verb!r}")


def checked_kinds(obligation: Obligation) -> list[Step]:
    """The completion requests and their checks, oldest first; one query, or none when the steps are prefetched."""
    kinds = {Step.Kind.COMPLETION, Step.Kind.PASSED, Step.Kind.RETURNED, Step.Kind.ACKNOWLEDGED}
    return sorted((s for s in obligation.steps.all() if s.kind in kinds), key=lambda s: (s.at, s.pk))


def open_request(steps: list[Step]) -> Step | None:
    """The completion request that waits for its check, if any."""
    relevant = [s for s in steps if s.kind != Step.Kind.ACKNOWLEDGED]
    return relevant[-1] if relevant and relevant[-1].kind == Step.Kind.COMPLETION else None


def own_request_reason(verb: str, steps: list[Step], actor: Any) -> str:
    """Nobody checks what he himself declared done (OBLIGATIONS.md: signed by somebody other than the owner)."""
    request = open_request(steps)
    if verb in _CHECKS and request and actor is not None and request.actor_id == actor.pk:
        return "申请办结的人不能核查自己的申请，请由其他人核查"
    return ""


def comes_back(obligation: Obligation) -> bool:
    """Whether later periods of it will be asked for."""
    return obligation.series is not None and obligation.series.closed_on is None


ENDED = {
    Obligation.Source.PLAN_TASK: "这项任务已由新方案接续，请在新方案的任务下办理",
    Obligation.Source.STATUTE: "法定规则不再要求这项任务，不用再办",
}
"""What took the place of a duty that was not merged into another, by its source."""


def ended_words(obligation: Obligation) -> str:
    """Why nothing more is done about a duty that is asked for no more, and where it goes on; empty for any other."""
    if not obligation.replaced_on:
        return ""
    if (main := obligation.merged_into) is not None:
        return f"这项任务已并入{main.owner.display_name}的“{main.title[:60]}”，请在那一项办理"
    return ENDED.get(Obligation.Source(obligation.source), "这项任务已经终止，不用再办")


def merged_reason(obligation: Obligation) -> str:
    """Where a duty is dealt with that was merged into another, so that nobody reports twice; empty for any other."""
    main = obligation.merged_into
    return f"已并入“{main.title[:60]}”一并办理，请在那一项办理；那里的佐证同时证明这一项" if main is not None else ""


def state_reasons(verb: str, obligation: Obligation, steps: list[Step]) -> list[str]:
    """Why the verb cannot be done now, whoever asks."""
    if verb == "reinstate":
        return [] if obligation.waived_at else ["这项任务没有免除"]
    if obligation.waived_at:
        return ["这项任务已经免除"]
    if words := ended_words(obligation):
        return [words]
    if verb != "waive" and (reason := merged_reason(obligation)):
        return [reason]
    if obligation.fulfilled_on:
        return ["这项任务已经办结"]
    if verb == "request_completion" and (where := elsewhere(obligation)):
        return [where]
    acknowledged = any(s.kind == Step.Kind.ACKNOWLEDGED for s in steps)
    waiting = open_request(steps)
    if verb == "acknowledge":
        return ["已经签收过"] if acknowledged else []
    if verb in _OWNERS and not acknowledged:
        return ["请先签收，再报送进展或申请办结"]
    if verb == "request_completion" and waiting:
        return ["已经申请办结，正等待核查"]
    if verb in _CHECKS and not waiting:
        return ["责任单位还没有申请办结"]
    return []


UNSHOWN = "责任单位没有附公开链接或佐证材料，请在核查意见里写明凭什么认定已经完成"


def opinion_needed(obligation: Obligation, wanted: Iterable[Deliverable] | None = None) -> str:
    """Why a pass must be given in words; empty where what was handed in speaks for itself.

    Nothing is done without proof (OBLIGATIONS.md): where no address and no file shows it, the office's signed judgement is the proof.
    """
    if gone := missing(obligation, wanted):
        return missing_words(gone)
    return "" if is_shown(obligation) else UNSHOWN


def failure_reasons(verb: str, obligation: Obligation, actor: Any, *, text: str | None = None) -> list[str]:
    """Sentences that stand between this person and the verb; empty means it may be done.

    With `text`, the opinion about to be given, a check is also asked whether what was handed in speaks for itself (opinion_needed).
    """
    if reason := role_reason(verb, obligation, actor):
        return [reason]
    steps = checked_kinds(obligation)
    own = own_request_reason(verb, steps, actor)
    reasons = [*state_reasons(verb, obligation, steps), *([own] if own else [])]
    if verb == "pass_check" and not reasons and text is not None and not text.strip() and (needed := opinion_needed(obligation)):
        reasons.append(needed)
    return reasons


def available_verbs(obligation: Obligation, actor: Any) -> list[Verb]:
    """The verbs that are this person's by role, in the order of the work, each with what still stands in its way."""
    return [
        Verb(name, label, failure_reasons(name, obligation, actor))
        for name, label in LABELS.items()
        if not role_reason(name, obligation, actor) and (name != "reinstate" or obligation.waived_at)
    ]


def content_reasons(text: str, link: str) -> list[str]:
    """What is wrong with the words and the public address of a step, whatever its kind."""
    reasons = []
    if len(text) > 5000:
        reasons.append("说明不能超过 5000 个字")
    if "\x00" in text or "\x00" in link:
        reasons.append("说明里有不能保存的字符，请重新输入")
    if link.strip():
        try:
            URLValidator(schemes=["http", "https"])(link.strip())
        except ValidationError:
            reasons.append("公开链接不是完整的网址，请从浏览器地址栏复制（以 http:// 或 https:// 开头）")
        if len(link.strip()) > 500 or len(urlsplit(link.strip()[:600]).netloc) > 255:
            reasons.append("公开链接太长")
    return reasons
