"""方案流程: opinions on a draft, their adoption, filing with a superior that is not on this installation (S1-13)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.core.files import File
from django.utils import timezone

from gongkai.agencies.access import scope_of
from gongkai.agencies.models import Agency, User
from gongkai.coordination.actions.base import competent_of, file_reasons, forget, insist, keep_file, lock, perform, text_reasons
from gongkai.coordination.models import Deed, Filing, Opinion
from gongkai.obligations.proving import prove_by_fact
from gongkai.plans.models import Plan

LABELS = {
    "ask": "征求意见",
    "record_answer": "登记答复",
    "adopt": "登记采纳情况",
    "file_upward": "登记报送备案",
    "record_receipt": "登记回执",
}


def role_reason(verb: str, plan: Plan, actor: Any) -> str:
    return "" if scope_of(actor).is_office_of(plan.jurisdiction_id) else f"{LABELS[verb]}由方案所在地区的政务公开主管部门办理"


def state_reasons(verb: str, record: Plan | Opinion | Filing) -> list[str]:
    """Why the verb cannot be done now, whoever asks."""
    if isinstance(record, Filing):
        return ["已经登记了回执"] if record.receipt else []
    plan = record.plan if isinstance(record, Opinion) else record
    draft = plan.state == Plan.State.DRAFT
    if verb == "ask":
        return [] if draft else [f"方案{plan.get_state_display()}，不能再征求意见；意见在下达之前征求"]
    if verb == "file_upward":
        return ["方案还没有下达，下达后再报送备案"] if draft else []
    assert isinstance(record, Opinion)
    if verb == "record_answer":
        return ["已经登记了答复"] if record.answered_on else []
    if record.answered_on is None:
        return ["还没有收到答复"]
    return [] if not record.adoption else ["已经登记了采纳情况"]


def failure_reasons(verb: str, record: Plan | Opinion | Filing, actor: Any) -> list[str]:
    """Sentences that stand between this person and the verb; empty means it may be done."""
    role = role_reason(verb, record if isinstance(record, Plan) else record.plan, actor)
    return [role] if role else state_reasons(verb, record)


def issue_notes(plan: Plan, today: date | None = None) -> list[str]:
    """What one should know of the opinions before issuing the plan; nothing here blocks it."""
    day = today or timezone.localdate()
    open_ones = list(plan.opinions.filter(answered_on__isnull=True)) if plan.state == Plan.State.DRAFT else []
    notes = [f"{o.asked}还没有答复" + (f"，答复期限是 {o.due_on}，还没有到" if o.due_on and o.due_on >= day else "") for o in open_ones]
    undecided = plan.opinions.filter(answered_on__isnull=False, adoption="") if plan.state == Plan.State.DRAFT else Opinion.objects.none()
    return notes + [f"{o.asked}的意见还没有登记采纳情况" for o in undecided]


def must_confirm(plan: Plan, today: date | None = None) -> bool:
    """Whether somebody was given a day to answer that is still to come: then issuing is asked to be confirmed."""
    day = today or timezone.localdate()
    return plan.state == Plan.State.DRAFT and plan.opinions.filter(answered_on__isnull=True, due_on__gte=day).exists()


def ask(
    plan: Plan,
    actor: User,
    *,
    key: str,
    bodies: Iterable[str],
    agencies: Iterable[Agency] = (),
    due_on: date | None = None,
    text: str = "",
    at: datetime | None = None,
) -> Plan:
    """征求意见 from several bodies at once: agencies of the directory, or others by name. Who was asked already is not asked twice."""
    named = {a.name: a for a in agencies}
    wanted = list(dict.fromkeys([*named, *(" ".join(b.split()) for b in bodies if b.strip())]))
    day = timezone.localdate(at) if at else timezone.localdate()
    missing = text_reasons(*wanted)
    if not wanted:
        missing.append("请写明向谁征求意见")
    if len(wanted) > 100 or any(len(w) > 120 for w in wanted):
        missing.append("征求对象最多 100 个，每个名称不超过 120 个字")
    if due_on is not None and due_on < day:
        missing.append("答复期限不能早于今天")

    def work() -> Plan:
        locked = lock(plan)
        insist(role_reason("ask", locked, actor), state_reasons("ask", locked) or missing)
        asked = set(locked.opinions.values_list("asked", flat=True))
        fresh = [w for w in wanted if w not in asked]
        insist("", [] if fresh else ["这些单位都已经征求过了"])
        Opinion.objects.bulk_create(
            Opinion(plan=locked, asked=w, agency=named.get(w), asked_by=actor, asked_at=at or timezone.now(), due_on=due_on) for w in fresh
        )
        return locked

    words = "、".join(wanted)[:4000] + (f"。{text}" if text.strip() else "")
    return perform(Deed.Kind.ASKED, actor, key, plan, work, text=words, at=at, agency_id=competent_of(actor, plan.jurisdiction_id))


def record_answer(opinion: Opinion, actor: User, *, key: str, answered_on: date, answer: str = "", at: datetime | None = None) -> Opinion:
    """An empty answer is 无意见 and needs no adoption."""
    missing = text_reasons(answer)
    if answered_on > timezone.localdate():
        missing.append("答复日期不能晚于今天")
    if answered_on < timezone.localdate(opinion.asked_at):
        missing.append("答复日期不能早于征求的日子")

    def work() -> Opinion:
        locked = lock(opinion)
        insist(role_reason("record_answer", locked.plan, actor), state_reasons("record_answer", locked) or missing)
        locked.answered_on, locked.answer = answered_on, answer.strip()
        locked.adoption = "" if locked.answer else Opinion.Adoption.NONE
        locked.save(update_fields=["answered_on", "answer", "adoption"])
        prove_by_fact("opinion", locked.pk)
        return locked

    words = answer.strip() or "无意见"
    return perform(
        Deed.Kind.ANSWERED, actor, key, opinion, work, text=words, at=at, agency_id=competent_of(actor, opinion.plan.jurisdiction_id)
    )


def adopt(opinion: Opinion, actor: User, *, key: str, adoption: str, note: str = "", at: datetime | None = None) -> Opinion:
    """采纳情况: what was done with the answer; not taking it, or only a part, says why."""
    missing = text_reasons(note, most=500)
    if adoption not in {Opinion.Adoption.ADOPTED, Opinion.Adoption.PARTLY, Opinion.Adoption.DECLINED}:
        missing.append("请选择采纳、部分采纳或者未采纳")
    if adoption in {Opinion.Adoption.PARTLY, Opinion.Adoption.DECLINED} and not note.strip():
        missing.append("部分采纳或者未采纳的，请说明理由")

    def work() -> Opinion:
        locked = lock(opinion)
        insist(role_reason("adopt", locked.plan, actor), state_reasons("adopt", locked) or missing)
        locked.adoption, locked.adoption_note = adoption, note.strip()
        locked.save(update_fields=["adoption", "adoption_note"])
        return locked

    words = f"{dict(Opinion.Adoption.choices).get(adoption, adoption)}。{note}".strip()
    return perform(
        Deed.Kind.ADOPTED, actor, key, opinion, work, text=words, at=at, agency_id=competent_of(actor, opinion.plan.jurisdiction_id)
    )


def file_upward(
    plan: Plan,
    actor: User,
    *,
    key: str,
    to: str,
    method: str,
    sent_on: date,
    at: datetime | None = None,
) -> Filing:
    """报送备案 outside this installation, recorded by the office; the superior's receipt comes later."""
    body = " ".join(to.split())
    missing = text_reasons(body)
    if not body or len(body) > 120:
        missing.append("请填写报送对象，不超过 120 个字")
    if method not in Filing.Method.values:
        missing.append("请选择报送方式")
    if sent_on > timezone.localdate():
        missing.append("报送日期不能晚于今天")
    if plan.opened_at is not None and sent_on < timezone.localdate(plan.opened_at):
        missing.append("报送日期不能早于下达的日子")

    def work() -> Filing:
        locked = lock(plan)
        insist(role_reason("file_upward", locked, actor), state_reasons("file_upward", locked) or missing)
        return Filing.objects.create(plan=locked, to=body, method=method, sent_on=sent_on)

    return perform(
        Deed.Kind.FILED,
        actor,
        key,
        plan,
        work,
        text=body,
        at=at,
        agency_id=competent_of(actor, plan.jurisdiction_id),
        clash=f"已经登记过报送{body[:40]}",
    )


def record_receipt(
    filing: Filing,
    actor: User,
    *,
    key: str,
    receipt: str,
    received_on: date,
    file: File[Any] | None = None,
    at: datetime | None = None,
) -> Filing:
    """The superior's receipt: its number, its day, and the paper where there is one."""
    missing = [*text_reasons(receipt, most=80), *file_reasons(file)]
    if not receipt.strip():
        missing.append("请填写对方的回执编号")
    if not filing.sent_on <= received_on <= timezone.localdate():
        missing.append("回执日期要在报送之后，不晚于今天")
    saved: list[Any] = []

    def work() -> Filing:
        locked = lock(filing)
        insist(role_reason("record_receipt", locked.plan, actor), state_reasons("record_receipt", locked) or missing)
        locked.receipt, locked.received_on = receipt.strip(), received_on
        if file is not None:
            keep_file(locked, file, saved)
        locked.save()
        prove_by_fact("filing", locked.pk)
        return locked

    try:
        return perform(
            Deed.Kind.FILING_RECEIVED,
            actor,
            key,
            filing,
            work,
            text=receipt,
            at=at,
            agency_id=competent_of(actor, filing.plan.jurisdiction_id),
        )
    except BaseException:
        forget(saved)
        raise
