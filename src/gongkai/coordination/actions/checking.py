"""检查: start, go through the points, rectify, recheck, finish (S1-16, S1-17, S1-18, S4-61)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils import timezone

from gongkai.agencies.access import scope_of
from gongkai.agencies.models import Agency, User
from gongkai.clocks.calendar import add_working_days
from gongkai.coordination import findings
from gongkai.coordination.access import acts_for
from gongkai.coordination.actions.base import competent_of, insist, lock, perform, text_reasons
from gongkai.coordination.facts import check_finished
from gongkai.coordination.models import Check, CheckPoint, Deed
from gongkai.coordination.queries.lines import in_line
from gongkai.coordination.rulebook import list_of
from gongkai.obligations.proving import prove_by_fact
from gongkai.plans.models import Plan

RECTIFY_DAYS = 10
"""Working days for 整改 where the checker names no day."""
LABELS = {
    "record": "记录结果",
    "add_point": "增加检查项",
    "rectify": "报整改",
    "pass_recheck": "复查通过",
    "send_back": "复查不通过",
    "finish": "完成检查",
}
Result = CheckPoint.Result


def checker_for(kind: str, agency: Agency, actor: Any, plan: Plan | None = None) -> Agency | None:
    """In whose name this person may start a check of `agency`; None when he may not.

    One's own agency is self-checked by whoever acts for it. Others are checked by the openness office of the jurisdiction or of one above,
    and, for an inspection on a plan, by the lead department whose line the agency is in (S4-61).
    """
    scope = scope_of(actor)
    if kind == Check.Kind.SELF_CHECK:
        return agency if acts_for(scope, agency) else None
    if agency.jurisdiction_id in scope.seen_ids:
        pk = competent_of(actor, agency.jurisdiction_id)
        return Agency.objects.filter(pk=pk).first() if pk else None
    if kind == Check.Kind.INSPECTION and plan is not None:
        return in_line(plan, [pk for pk in scope.agency_ids if scope.acts_for(pk)], agency)
    return None


def _checks(check: Check, actor: Any) -> bool:
    """Whether this person goes through the list in the checker's name."""
    scope = scope_of(actor)
    if check.kind == Check.Kind.SELF_CHECK:
        return acts_for(scope, check.checker)
    return scope.is_office_of(check.checker.jurisdiction_id) if check.checker.is_competent else scope.acts_for(check.checker_id)


def role_reason(verb: str, check: Check, actor: Any, owner: Agency | None = None) -> str:
    """Why the verb is not this person's, or an empty string. `owner`: who has to mend the point, where it is not the agency checked."""
    if verb == "rectify":
        mends = owner or check.agency
        words = "整改情况由被查单位的人报" if mends == check.agency else f"这个问题已移交{mends.name}，整改情况由它的人报"
        return "" if acts_for(scope_of(actor), mends) else words
    return "" if _checks(check, actor) else f"{LABELS[verb]}由检查单位办理"


def state_reasons(verb: str, check: Check, point: CheckPoint | None = None, actor: Any = None) -> list[str]:
    """Why the verb cannot be done now."""
    if verb in ("record", "add_point"):
        if check.finished_at:
            return ["检查已经完成，结果不再改动"]
        return ["已经报了整改，结果不再改动"] if point is not None and point.rectified_on else []
    if verb == "finish":
        if check.finished_at:
            return ["检查已经完成"]
        left = check.points.filter(result=Result.OPEN).count()
        return [f"还有 {left} 项没有查"] if left else [] if check.points.exists() else ["还没有一个检查项"]
    assert point is not None
    if point.result != Result.FAILED:
        return ["这一项没有问题要整改"]
    if point.rechecked_on:
        return [f"已于 {point.rechecked_on} 复查通过"]
    if verb == "rectify":
        return ["已经报了整改，正等待复查"] if point.rectified_on else []
    if not point.rectified_on:
        return ["还没有报整改"]
    if actor is not None and point.rectified_by_id == actor.pk:
        return ["报整改的人不能复查，请由其他人复查"]
    return []


def failure_reasons(verb: str, check: Check, actor: Any, point: CheckPoint | None = None) -> list[str]:
    """Sentences that stand between this person and the verb; empty means it may be done."""
    role = role_reason(verb, check, actor, findings.owner_of(point) if point is not None else None)
    return [role] if role else state_reasons(verb, check, point, actor)


def start(
    agency: Agency,
    actor: User,
    *,
    key: str,
    kind: str,
    title: str,
    rules: str,
    plan: Plan | None = None,
    at: datetime | None = None,
) -> Check:
    """The list in force on the day is copied into the check: a later version of the rules does not change what is under way."""
    day = timezone.localdate(at) if at else timezone.localdate()
    chosen = list_of(rules, day)
    missing = text_reasons(title)
    if not title.strip() or len(title) > 200:
        missing.append("请填写名称，不超过 200 个字")
    if chosen is None or chosen.kind != kind:
        missing.append("请选择一张现行的检查表")
    if plan is not None and plan.state == Plan.State.DRAFT:
        missing.append("方案还没有下达，不能按它检查")

    def work() -> Check:
        checker = checker_for(kind, agency, actor, plan)
        insist("" if checker else "自查由本单位的人开始；检查其他单位由本地区或上级的政务公开主管部门开始", missing)
        assert checker is not None and chosen is not None
        check = Check.objects.create(
            kind=kind,
            title=title.strip(),
            plan=plan,
            agency=agency,
            checker=checker,
            rules=f"{chosen.title}（{chosen.version}）",
            started_by=actor,
            started_at=at or timezone.now(),
        )
        CheckPoint.objects.bulk_create(
            CheckPoint(check_record=check, position=n, part=p.part, text=p.text, basis=p.basis, certainty=p.certainty)
            for n, p in enumerate(chosen.points, 1)
        )
        return check

    return perform(Deed.Kind.STARTED, actor, key, None, work, text=title, at=at, agency_id=agency.pk)


def record(
    point: CheckPoint,
    actor: User,
    *,
    key: str,
    result: str,
    finding: str = "",
    due_on: date | None = None,
    at: datetime | None = None,
) -> CheckPoint:
    """The result of one point, changed as often as needed until the check is finished. 不符合 says what was found."""
    day = timezone.localdate(at) if at else timezone.localdate()
    missing = text_reasons(finding, most=3000)
    if result not in Result.values or result == Result.OPEN:
        missing.append("请选择符合、不符合或者不适用")
    if result == Result.FAILED and not finding.strip():
        missing.append("不符合的，请写明发现了什么问题")
    if due_on is not None and due_on < day:
        missing.append("整改期限不能早于今天")

    def work() -> CheckPoint:
        check, locked = lock(point.check_record), lock(point)
        insist(role_reason("record", check, actor), state_reasons("record", check, locked) or missing)
        failed = result == Result.FAILED
        locked.result, locked.finding = result, finding.strip()
        locked.due_on = (due_on or add_working_days(day, RECTIFY_DAYS).on) if failed else None
        locked.save(update_fields=["result", "finding", "due_on"])
        locked.check_record = check
        findings.follow(locked, actor, day, key, at)
        return locked

    words = f"{point.text}：{dict(Result.choices).get(result, result)}。{finding}".strip()[:5000]
    return perform(Deed.Kind.POINTED, actor, key, point, work, text=words, at=at, agency_id=point.check_record.checker_id)


def add_point(check: Check, actor: User, *, key: str, text: str, basis: str = "", at: datetime | None = None) -> CheckPoint:
    """A point of the inspection's own, behind the others."""
    missing = text_reasons(text, basis)
    if not text.strip() or len(text) > 300:
        missing.append("请写明检查什么，不超过 300 个字")
    if len(basis) > 200:
        missing.append("依据不超过 200 个字")

    def work() -> CheckPoint:
        locked = lock(check)
        insist(role_reason("add_point", locked, actor), state_reasons("add_point", locked) or missing)
        last = locked.points.order_by("-position").values_list("position", flat=True).first() or 0
        return CheckPoint.objects.create(check_record=locked, position=last + 1, text=text.strip(), basis=basis.strip())

    return perform(Deed.Kind.POINT_ADDED, actor, key, check, work, text=text, at=at, agency_id=check.checker_id)


def rectify(point: CheckPoint, actor: User, *, key: str, text: str, done_on: date, at: datetime | None = None) -> CheckPoint:
    """整改: what was done and on which day, by somebody of the agency that has to mend it (findings.owner_of)."""
    check, owner = point.check_record, findings.owner_of(point)
    missing = text_reasons(text, most=3000)
    if not text.strip():
        missing.append("请写明怎样整改的")
    if not timezone.localdate(check.started_at) <= done_on <= timezone.localdate():
        missing.append("整改日期要在检查开始之后，不晚于今天")

    def work() -> CheckPoint:
        locked = lock(point)
        insist(role_reason("rectify", check, actor, findings.owner_of(locked)), state_reasons("rectify", check, locked) or missing)
        locked.rectification, locked.rectified_on, locked.rectified_by = text.strip(), done_on, actor
        locked.save(update_fields=["rectification", "rectified_on", "rectified_by"])
        findings.follow(locked, actor, done_on, key)
        return locked

    return perform(Deed.Kind.RECTIFIED, actor, key, point, work, text=text, at=at, agency_id=owner.pk)


def pass_recheck(point: CheckPoint, actor: User, *, key: str, text: str = "", at: datetime | None = None) -> CheckPoint:
    """复查通过, by somebody other than who reported the rectification."""
    check = point.check_record

    def work() -> CheckPoint:
        locked = lock(point)
        insist(role_reason("pass_recheck", check, actor), state_reasons("pass_recheck", check, locked, actor))
        locked.rechecked_on, locked.rechecked_by = timezone.localdate(at) if at else timezone.localdate(), actor
        locked.save(update_fields=["rechecked_on", "rechecked_by"])
        findings.follow(locked, actor, locked.rechecked_on, key)
        return locked

    return perform(Deed.Kind.RECHECKED, actor, key, point, work, text=text, at=at, agency_id=check.checker_id)


def send_back(
    point: CheckPoint, actor: User, *, key: str, reason: str, due_on: date | None = None, at: datetime | None = None
) -> CheckPoint:
    """复查不通过 with the reason; the point waits for rectification again, by a new day when the old one is over."""
    check = point.check_record
    day = timezone.localdate(at) if at else timezone.localdate()
    missing = text_reasons(reason, most=3000) or ([] if reason.strip() else ["请写明为什么不通过"])
    if due_on is not None and due_on < day:
        missing.append("整改期限不能早于今天")

    def work() -> CheckPoint:
        locked = lock(point)
        insist(role_reason("send_back", check, actor), state_reasons("send_back", check, locked, actor) or missing)
        locked.rectified_on, locked.rectified_by, locked.rectification = None, None, ""
        locked.due_on = due_on or locked.due_on
        locked.save(update_fields=["rectified_on", "rectified_by", "rectification", "due_on"])
        findings.sent_back(locked, actor, day, key, reason.strip())
        return locked

    return perform(Deed.Kind.SENT_BACK, actor, key, point, work, text=reason, at=at, agency_id=check.checker_id)


def finish(check: Check, actor: User, *, key: str, summary: str, at: datetime | None = None) -> Check:
    """完成检查 with a summary: the results stand; rectification and recheck go on."""
    missing = text_reasons(summary, most=10_000)
    if not summary.strip():
        missing.append("请写总结")

    def work() -> Check:
        locked = lock(check)
        insist(role_reason("finish", locked, actor), state_reasons("finish", locked) or missing)
        locked.finished_at, locked.summary = at or timezone.now(), summary.strip()
        locked.save(update_fields=["finished_at", "summary"])
        prove_by_fact("inspection", locked.pk)
        check_finished(locked, actor)
        return locked

    return perform(Deed.Kind.FINISHED, actor, key, check, work, text=summary[:5000], at=at, agency_id=check.checker_id)
