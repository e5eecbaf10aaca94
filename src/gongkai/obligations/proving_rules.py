"""Who may hand in, judge, withdraw and declare, and when: answered in sentences before the button is pressed, and again under lock."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from gongkai.agencies.access import ACTING, scope_of
from gongkai.agencies.models import Membership
from gongkai.obligations.checks import allows_no_change
from gongkai.obligations.fulfilment import in_hours
from gongkai.obligations.models import Evidence, Obligation
from gongkai.obligations.origins import elsewhere
from gongkai.obligations.records import is_own, record_at
from gongkai.obligations.verbs import content_reasons, ended_words, merged_reason

Kind, Result = Evidence.Kind, Evidence.Result
HANDED_IN = frozenset({Kind.RECORD, Kind.FILE, Kind.ADDRESS, Kind.NO_CHANGE})


def open_reasons(obligation: Obligation) -> list[str]:
    """Why nothing more can be shown for it, whoever asks."""
    if obligation.waived_at:
        return ["这项任务已经免除"]
    if words := ended_words(obligation):
        return [words]
    if reason := merged_reason(obligation):
        return [reason]
    return []


def hand_in_role(obligation: Obligation, actor: Any) -> str:
    return "" if scope_of(actor).acts_for(obligation.owner_id) else "佐证由责任单位的经办人、审核人或负责人提交"


def hand_in_state(obligation: Obligation) -> list[str]:
    """A quota may be shown more often than it asks; any other duty that is done needs no further proof."""
    reasons = open_reasons(obligation)
    if not reasons and (where := elsewhere(obligation)):
        return [where]
    if not reasons and obligation.fulfilled_on and not obligation.quota_op:
        return [f"这项任务已于 {obligation.fulfilled_on} 办结"]
    return reasons


def content(
    obligation: Obligation, kind: str, url: str, has_file: bool, proves: str, on: date | None, at: datetime | None, quantity: Decimal
) -> list[str]:
    """What is wrong with something handed in by a person."""
    reasons = content_reasons(proves, url)
    if kind not in HANDED_IN:
        return ["请选择系统中的记录、公开链接或佐证材料"]
    if len(proves) > 200:
        reasons.append("证明什么，不能超过 200 个字")
    if kind == Kind.ADDRESS:
        if not url.strip():
            reasons.append("请填写公开链接")
        elif is_own(url) and record_at(url) is None:
            reasons.append("这是本系统的地址，但不是一条公开记录的页面，公众看不到证明；请填公开页面的地址")
    if kind == Kind.FILE and not has_file:
        reasons.append("请选择要提交的文件")
    if kind == Kind.NO_CHANGE:
        reasons += no_change_reasons(obligation)
    if kind in (Kind.FILE, Kind.ADDRESS) and record_at(url) is None:
        if not proves.strip():
            reasons.append("请写明证明什么")
        if on is None:
            reasons.append("请填写是哪一天做到的")
        elif on > timezone.localdate():
            reasons.append("做到的日期不能晚于今天")
        if at is None and in_hours(obligation):
            reasons.append("这项任务按小时计时，请写明做到的时刻")
        elif at is not None and at > timezone.now():
            reasons.append("做到的时刻不能晚于现在")
    if not Decimal(0) < quantity < Decimal(10**10):
        reasons.append("数量要大于 0")
    return reasons


def judge_role(evidence: Evidence, actor: Any) -> str:
    """The openness office judges, and never who handed it in (docs/decisions/0009)."""
    if not scope_of(actor).is_office_of(evidence.obligation.jurisdiction_id):
        return "佐证由本地区政务公开主管部门核查"
    if evidence.handed_by_id is not None and evidence.handed_by_id == actor.pk:
        return "提交的人不能核查自己的佐证，请由其他人核查"
    return ""


def judge_state(evidence: Evidence) -> list[str]:
    if evidence.withdrawn_at:
        return ["这份佐证已经撤回"]
    if evidence.copied_from_id:
        return ["这份佐证随并案的任务一起核查"]
    if evidence.kind == Kind.NO_CHANGE:
        return ["没有新内容的声明由责任单位负责人或审核人签署"]
    if evidence.result != Result.TO_JUDGE:
        return [f"这份佐证已经核查过：{evidence.get_result_display()}"]
    return open_reasons(evidence.obligation)


def withdraw_role(evidence: Evidence, actor: Any) -> str:
    """The office may withdraw anything; the owner what it has shown itself, not the office's opinion."""
    scope = scope_of(actor)
    if scope.is_office_of(evidence.obligation.jurisdiction_id):
        return ""
    if evidence.kind == Kind.JUDGEMENT:
        return "核查认定由作出认定的主管部门撤回"
    return "" if scope.acts_for(evidence.obligation.owner_id) else "佐证由责任单位或本地区政务公开主管部门撤回"


def withdraw_state(evidence: Evidence) -> list[str]:
    if evidence.withdrawn_at:
        return ["这份佐证已经撤回"]
    if evidence.copied_from is not None:
        return [f"这份佐证是“{evidence.copied_from.obligation.title[:60]}”的，请在那一项撤回"]
    return []


def declare_role(obligation: Obligation, actor: Any) -> str:
    return "" if scope_of(actor).directs(obligation.owner_id) else "没有新内容的声明由责任单位负责人或审核人签署"


def no_change_reasons(obligation: Obligation) -> list[str]:
    """Why this duty cannot be met by “本期没有新内容”, whoever says so."""
    if not allows_no_change(obligation):
        return ["这项任务不能用“没有新内容”办结，请交佐证"]
    if obligation.starts_on > timezone.localdate():
        return [f"本期从 {obligation.starts_on} 开始，还不能声明没有新内容"]
    if obligation.evidence.filter(result=Result.PASSED, withdrawn_at__isnull=True).exists():
        return ["本期已经有符合的佐证，不能再声明没有新内容"]
    return []


def prepared(obligation: Obligation) -> Evidence | None:
    """The declaration that waits for its signature, if any."""
    return obligation.evidence.filter(kind=Kind.NO_CHANGE, result=Result.TO_JUDGE, withdrawn_at__isnull=True).order_by("-pk").first()


def declare_state(obligation: Obligation, actor: Any) -> list[str]:
    """Prepared by one, signed by another, where the owner has two."""
    reasons = hand_in_state(obligation) or no_change_reasons(obligation)
    if reasons or not _two_at(obligation):
        return reasons
    waiting = prepared(obligation)
    if waiting is None:
        return ["请先由本单位另一个人提交声明，再由您签署"]
    if waiting.handed_by_id == actor.pk:
        return ["声明是您拟的，请由本单位另一位负责人或审核人签署"]
    return []


def _two_at(obligation: Obligation) -> bool:
    people = Membership.objects.filter(agency=obligation.owner_id, role__in=ACTING, user__is_active=True)
    return people.order_by().values("user").distinct().count() > 1
