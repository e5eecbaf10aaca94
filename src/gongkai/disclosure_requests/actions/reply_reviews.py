"""A reply is reviewed by others than its author and signed by the head of the office.

A refusal needs a second reviewer (S3-33); every reply a secrecy review by another than its author (条例第十七条; S2-30), even the one that
gives nothing. A review counts for the version it saw. Nobody reviews what they wrote, and nobody reviews twice in two capacities.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Q
from django.utils import timezone

from gongkai.agencies.access import scope_of
from gongkai.agencies.errors import ActionRefused
from gongkai.agencies.models import Agency, Membership, User
from gongkai.disclosure_requests import access, clock, numbers
from gongkai.disclosure_requests.actions.base import insist, lock, locked, open_reasons, perform
from gongkai.disclosure_requests.models import Deed, Reply, ReplyReview
from gongkai.disclosure_requests.replying import gate, secrecy
from gongkai.formats.annual_report.outcomes import outcomes

Step, Conclusion = ReplyReview.Step, ReplyReview.Conclusion
Role = Membership.Role
STEP_ROLES: Mapping[str, frozenset[str]] = {
    Step.CONTENT: frozenset({Role.REVIEWER.value, Role.HEAD.value}),
    Step.SECOND: frozenset({Role.REVIEWER.value, Role.HEAD.value}),
    Step.SECRECY: frozenset({Role.SECRECY.value}),
}


def steps_of(reply: Reply) -> tuple[str, ...]:
    """The reviews this reply needs, by its outcome."""
    return (Step.CONTENT, Step.SECOND, Step.SECRECY) if outcomes()[reply.outcome].is_refusal else (Step.CONTENT, Step.SECRECY)


def passed(reply: Reply) -> dict[str, ReplyReview]:
    """Step → the review that passed the version as it is."""
    rows = reply.reviews.filter(version=reply.version, conclusion=Conclusion.PASSED).select_related("reviewer")
    return {row.step: row for row in rows}


def step_role(actor: User, reply: Reply, step: str) -> str:
    """Whether a step is this person's by role and authorship: why not, or an empty string. No query beyond the person's own roles."""
    request = reply.request
    if not access.may_read_case(actor, request):
        return "答复由受理机关的人员审核"
    scope = scope_of(actor)
    roles = scope.roles.get(request.agency_id, frozenset())
    office = request.agency.kind == Agency.Kind.GOVERNMENT and scope.is_office_of(request.jurisdiction_id)
    if not (roles & STEP_ROLES[step] or office):
        return "保密审查由保密审查员办理" if step == Step.SECRECY else "审核由审核人或者负责人办理"
    return "不能审核自己拟写的答复" if reply.author_id == actor.pk else ""


def may_review(actor: User, reply: Reply, step: str) -> str:
    """Why this person may not conclude on a step, or an empty string."""
    if step not in STEP_ROLES:
        return "没有这一审核步骤"
    if reason := step_role(actor, reply, step):
        return reason
    if reply.reviews.filter(version=reply.version, reviewer=actor, conclusion=Conclusion.PASSED).exclude(step=step).exists():
        return "已经审过这份答复的另一步骤，由另一人办理"
    return ""


def review_reasons(reply: Reply, step: str) -> list[str]:
    found = open_reasons(reply.request)
    if reply.proposed_at is None:
        found.append("答复还没有送审")
    if reply.signed_at is not None:
        found.append("答复已经签发")
    if step not in steps_of(reply):
        found.append("这份答复不需要这一步骤")
    elif step in passed(reply):
        found.append("这一步骤已经通过")
    elif step == Step.SECOND and Step.CONTENT not in passed(reply):
        found.append("请先由审核人审核")
    return found


def review(
    reply: Reply,
    actor: User,
    *,
    key: str,
    step: str,
    conclusion: str,
    basis: str,
    opinion: str = "",
    version: int,
    items: Sequence[Mapping[str, Any]] = (),
) -> ReplyReview:
    """What one person concludes on the version they saw. 退回 sends it back to its author. A secrecy review may say it item by item
    (`items`: {file, name, conclusion, basis, note}); one item that is returned returns the whole."""
    request = reply.request
    insist(may_review(actor, reply, step), review_reasons(reply, step))
    if not basis.strip():
        raise ActionRefused("请写明依据")
    if conclusion not in Conclusion.values:
        raise ActionRefused("请选择结论")
    if conclusion == Conclusion.RETURNED and not opinion.strip():
        raise ActionRefused("退回要写明意见")
    if conclusion == Conclusion.PASSED and any(item["conclusion"] != Conclusion.PASSED for item in items):
        raise ActionRefused("有一项没有同意，整件不能同意；请退回并写明意见")

    def work() -> ReplyReview:
        locked(request)
        row = lock(reply)
        insist(may_review(actor, row, step), review_reasons(row, step))
        if row.version != version:
            raise ActionRefused("答复在您打开以后改过，请看过新的文稿再下结论")
        made = ReplyReview.objects.create(
            reply=row,
            version=version,
            step=step,
            conclusion=conclusion,
            basis=basis.strip()[:300],
            opinion=opinion.strip(),
            items=[dict(item) for item in items],
            reviewer=actor,
            at=timezone.now(),
        )
        if conclusion == Conclusion.RETURNED:
            row.proposed_at = None
            row.save(update_fields=["proposed_at"])
        return made

    return perform(Deed.Kind.REVIEWED, actor, key, reply, work, request=request, text=Step(step).label)


def sign_role(actor: User, reply: Reply) -> str:
    scope = scope_of(actor)
    request = reply.request
    heads = scope.heads(request.agency_id) or (
        request.agency.kind == Agency.Kind.GOVERNMENT and scope.heads_competent_agency_of(request.jurisdiction_id)
    )
    if not heads:
        return "答复由本机关负责人签发"
    return "不能签发自己拟写的答复" if reply.author_id == actor.pk else ""


def sign_reasons(reply: Reply) -> list[str]:
    found = open_reasons(reply.request)
    if reply.signed_at is not None:
        found.append("答复已经签发")
    if reply.proposed_at is None:
        found.append("答复还没有送审")
        return found
    done = passed(reply)
    waiting = [Step(step).label for step in steps_of(reply) if step not in done]
    if waiting:
        found.append(f"还没有通过：{'、'.join(waiting)}")
    if clock.is_paused(reply.request):
        found.append("期限正在中止，等候的事项有了结果再签发")
    return [*found, *gate.reasons(reply)]


def sign(reply: Reply, actor: User, *, key: str) -> Reply:
    """签发: the letter has its number and is not written any more."""
    request = reply.request
    insist(sign_role(actor, reply), sign_reasons(reply))

    def work() -> Reply:
        case = locked(request)
        row = lock(reply)
        insist("", sign_reasons(row))
        row.signed_by, row.signed_at = actor, timezone.now()
        row.number = numbers.reply_number(case.agency, timezone.localdate())
        row.save(update_fields=["signed_by", "signed_at", "number"])
        secrecy.show(row)
        return row

    return perform(Deed.Kind.SIGNED, actor, key, reply, work, request=request)


def to_review(user: Any) -> Q:
    """Replies in review at agencies where this person holds a reviewing role; whose turn it is `may_review` says."""
    scope = scope_of(user)
    wanted = frozenset().union(*STEP_ROLES.values())
    mine = [pk for pk, roles in scope.roles.items() if roles & wanted]
    return Q(request__agency__in=mine, proposed_at__isnull=False, signed_at__isnull=True, replaced_at__isnull=True)


def clear_role(actor: User, reply: Reply) -> str:
    """Why this person may not decide that what screening holds back may go out, or an empty string."""
    return may_review(actor, reply, Step.SECRECY)


def clear(reply: Reply, actor: User, *, key: str, findings: Sequence[str], reason: str) -> Reply:
    """认定 of what screening found: these findings (by their digest) may go out, for a reason of the secrecy reviewer's (个人信息保护法第
    十三条; 条例第十五条). The decision falls with the file or the words it was about."""
    request = reply.request
    reasons = open_reasons(request)
    if reply.signed_at is not None:
        reasons.append("答复已经签发")
    insist(clear_role(actor, reply), reasons)
    if not findings:
        raise ActionRefused("请勾选要认定的筛查结果")
    if not reason.strip():
        raise ActionRefused("请写明可以提供的理由和依据")

    def work() -> Reply:
        locked(request)
        row = lock(reply)
        insist(clear_role(actor, row), [])
        known = {one.digest for one in gate.found(row)}
        if unknown := set(findings) - known:
            raise ActionRefused(f"有 {len(unknown)} 处筛查结果已经变化，请看过新的结果再认定")
        now = timezone.now().isoformat()
        decided = {"reason": reason.strip()[:500], "by": actor.pk, "name": str(actor), "at": now}
        row.cleared = {**row.cleared, **dict.fromkeys(findings, decided)}
        row.save(update_fields=["cleared"])
        return row

    return perform(Deed.Kind.REVIEWED, actor, key, reply, work, request=request, text=f"筛查认定 {len(findings)} 处：{reason}")
