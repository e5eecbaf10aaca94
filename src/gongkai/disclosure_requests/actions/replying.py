"""答复 is drafted, proposed, reviewed by others, signed by the head of the office, and so fixed.

Here: drafting and proposing. Reviews and signing are in reply_reviews.py, the files given with it in giving.py; all verbs of a reply can
be reached from here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone

from gongkai.agencies.errors import ActionRefused
from gongkai.agencies.models import User
from gongkai.disclosure_requests.actions.base import insist, lock, locked, no_role, open_reasons, perform
from gongkai.disclosure_requests.actions.giving import attach, give, give_reasons, take_away
from gongkai.disclosure_requests.actions.reply_base import current, draft_reasons
from gongkai.disclosure_requests.actions.reply_reviews import (
    STEP_ROLES,
    clear,
    clear_role,
    may_review,
    passed,
    review,
    review_reasons,
    sign,
    sign_reasons,
    sign_role,
    steps_of,
    to_review,
)
from gongkai.disclosure_requests.letters.values import text_with_files
from gongkai.disclosure_requests.letters.wording import NEED_WORDS, UNFILLED
from gongkai.disclosure_requests.models import Deed, DisclosureRequest, FrequencyCheck, Reply
from gongkai.disclosure_requests.replying import gate
from gongkai.formats.annual_report.outcomes import Outcome, outcomes

__all__ = [
    "NEED_WORDS",
    "STEP_ROLES",
    "asked_of",
    "attach",
    "clear",
    "clear_role",
    "current",
    "draft",
    "draft_reasons",
    "give",
    "give_reasons",
    "may_review",
    "passed",
    "propose",
    "propose_reasons",
    "recall",
    "recall_reasons",
    "review",
    "review_reasons",
    "sign",
    "sign_reasons",
    "sign_role",
    "state_reasons",
    "steps_of",
    "take_away",
    "to_review",
]
LONGEST = 20_000
KEPT = 2
"""Proposed versions whose words are kept for comparison."""


def asked_of(outcome: Outcome, situation: str = "") -> tuple[str, ...]:
    """What the form asks in words; files are added by their own verb."""
    return tuple(need for need in outcome.asked(situation) if need != "documents")


def state_reasons(request: DisclosureRequest, outcome: Outcome) -> list[str]:
    """What the course of the case says against an outcome: nothing lapses that was not noticed, nobody is consulted afterwards."""
    found = []
    clarification = getattr(request, "clarification", None)
    fee = getattr(request, "fee", None)
    if outcome.code == "clarification_lapsed" and (clarification is None or clarification.lapsed_on is None):
        found.append("没有逾期不补正的记录，不能以此结案")
    if outcome.code == "still_unclear" and (clarification is None or clarification.answered_at is None):
        found.append("没有补正以后仍不明确的记录：请先告知补正")
    if outcome.code == "fee_lapsed" and (fee is None or fee.lapsed_on is None):
        found.append("没有逾期不缴费的记录，不能以此结案")
    if outcome.code == "unreasonable_frequency":
        found += _frequency_reasons(request)
    return found + _third_party_reasons(request, outcome)


def _frequency_reasons(request: DisclosureRequest) -> list[str]:
    """第三十五条: first the reasons are asked for, then they are judged; nothing is left undone for its number alone."""
    check = FrequencyCheck.objects.filter(request=request).first()
    if check is None:
        return ["以数量、频次明显超过合理范围不予处理，要先要求申请人说明理由（条例第三十五条）"]
    if check.judged_on is None:
        return ["申请人说明的理由还没有认定（条例第三十五条）"]
    return ["已经认定申请人的理由合理，不能以此不予处理（条例第三十五条）"] if check.reasonable else []


def _third_party_reasons(request: DisclosureRequest, outcome: Outcome) -> list[str]:
    """第三十二条: who agrees hinders nothing; who refuses with good reason is heeded, unless the public interest has been decided on."""
    if outcome.code not in ("third_party_rights", "open"):
        return []
    asked = list(request.consultations.filter(kind="third_party"))
    if outcome.code == "open":
        heeded = [row for row in asked if row.opinion == "refuses" and row.reasonable and not row.overridden]
        if heeded:
            way = "不公开可能对公共利益造成重大影响的，先登记“决定公开”并告知第三方"
            return [f"第三方不同意公开并且理由合理，不予公开；{way}（条例第三十二条）"]
        return []
    if not asked:
        return ["以第三方合法权益不予公开，要先书面征求第三方意见（条例第三十二条）"]
    if all(row.opinion == "agrees" for row in asked):
        return ["第三方都同意公开，不能以第三方合法权益不予公开（条例第十五条）"]
    return []


def draft(
    request: DisclosureRequest,
    actor: User,
    *,
    key: str,
    outcome: str,
    text: str,
    situation: str = "",
    grounds: Sequence[str] = (),
    answers: Mapping[str, str] | None = None,
    version: int = 0,
    template: Any = None,
    template_version: str = "",
) -> Reply:
    """Begins or saves the draft. Lenient: what is still missing is said by `propose_reasons`. `version` is the one that was being edited,
    0 for the first: a second saver is told and loses nothing."""
    insist(no_role(actor, request), draft_reasons(request))
    if outcome not in outcomes():
        raise ActionRefused("请选择处理结果")
    if len(text) > LONGEST or "\x00" in text:
        raise ActionRefused(f"正文不能超过 {LONGEST} 个字，也不能有不能保存的字符")

    def work() -> Reply:
        case = locked(request)
        insist("", draft_reasons(case))
        row = current(case)
        if row is None:
            row = Reply(request=case, author=actor, drafted_at=timezone.now(), version=0)
        elif row.version != version:
            raise ActionRefused("别人刚刚保存过这份答复，您写的还在页面上，请对照后再保存")
        row.outcome, row.situation, row.text = outcome, situation, text.strip()
        row.grounds, row.answers = list(grounds), {k: v.strip() for k, v in (answers or {}).items() if v.strip()}
        row.template, row.template_version, row.version = template, template_version, row.version + 1
        row.author = actor
        row.save()
        return row

    return perform(Deed.Kind.DRAFTED, actor, key, request, work, request=request)


def propose_reasons(reply: Reply) -> list[str]:
    """What is still missing, a sentence each."""
    request = reply.request
    found = draft_reasons(request)
    outcome = outcomes()[reply.outcome]
    found += state_reasons(request, outcome)
    if outcome.situations and outcome.situation(reply.situation) is None:
        found.append("请选择是哪一种情形")
    missing = [NEED_WORDS[need] for need in asked_of(outcome, reply.situation) if not reply.answers.get(need)]
    if missing:
        found.append(f"还没有填写：{'、'.join(missing)}")
    if not reply.text.strip():
        found.append("答复没有正文")
    if UNFILLED in text_with_files(reply):
        found.append("正文里还有没有填写的“【待填：…】”，请补上")
    files = list(reply.files.all())
    if "documents" in outcome.asked(reply.situation) and not files:
        found.append("还没有加入提供的文件")
    if outcome.code == "partly_open" and files and not any(file.areas for file in files):
        found.append("部分公开的文件还没有遮盖不公开的部分")
    for file in files:
        if file.failed:
            found.append(f"“{file.source.name}”不能制作：{file.failed}")
        elif file.made_at is None:
            found.append(f"“{file.source.name}”还在制作提供的副本，稍后再送审")
    if request.consultations.filter(answered_on__isnull=True).exists():
        found.append("还在征求意见，意见收齐或者期限届满以后再送审")
    return [*found, *gate.reasons(reply)]


def propose(reply: Reply, actor: User, *, key: str) -> Reply:
    """送审."""
    request = reply.request
    insist(no_role(actor, request), propose_reasons(reply))

    def work() -> Reply:
        locked(request)
        row = lock(reply)
        insist("", propose_reasons(row))
        row.proposed_at, row.text = timezone.now(), text_with_files(row)
        row.snapshots = json.dumps([*snapshots(row), snapshot(row)][-KEPT:], ensure_ascii=False)
        row.save(update_fields=["proposed_at", "text", "snapshots"])
        return row

    return perform(Deed.Kind.PROPOSED, actor, key, reply, work, request=request)


def snapshot(reply: Reply) -> dict[str, Any]:
    """What is proposed, for the comparison with what was proposed before."""
    return {
        "version": reply.version,
        "outcome": reply.outcome,
        "situation": reply.situation,
        "grounds": list(reply.grounds),
        "answers": dict(reply.answers),
        "text": reply.text,
        "files": [[file.source.name, len(file.areas)] for file in reply.files.select_related("source")],
    }


def snapshots(reply: Reply) -> list[dict[str, Any]]:
    """The last versions that were proposed, the latest last."""
    return list(json.loads(reply.snapshots)) if reply.snapshots else []


def recall(reply: Reply, actor: User, *, key: str, reason: str = "") -> Reply:
    """收回 before it is signed, to go on writing."""
    request = reply.request
    insist(no_role(actor, request), recall_reasons(reply))

    def work() -> Reply:
        row = lock(reply)
        insist("", recall_reasons(row))
        row.proposed_at = None
        row.save(update_fields=["proposed_at"])
        return row

    return perform(Deed.Kind.PROPOSED, actor, key, reply, work, request=request, text=f"收回：{reason}" if reason else "收回")


def recall_reasons(reply: Reply) -> list[str]:
    found = open_reasons(reply.request)
    if reply.proposed_at is None:
        found.append("答复没有在审核中")
    if reply.signed_at is not None:
        found.append("答复已经签发")
    return found
