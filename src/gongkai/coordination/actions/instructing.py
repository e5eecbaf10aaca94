"""交办: give out, pass on (转办), withdraw. Replying and completing are the ordinary verbs of the obligations it opens."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.core.files import File
from django.utils import timezone

from gongkai.agencies.access import scope_of
from gongkai.agencies.errors import NotAllowed
from gongkai.agencies.models import Agency, Jurisdiction, User
from gongkai.clocks.errors import ClockError
from gongkai.clocks.limits import Limit
from gongkai.clocks.limits import limit as limit_named
from gongkai.coordination.actions.base import file_reasons, forget, insist, keep_file, lock, perform, text_reasons
from gongkai.coordination.models import Deed, Instruction
from gongkai.journal.actions import Change, record_many
from gongkai.obligations.models import Obligation, Step
from gongkai.obligations.models.obligation import OPEN
from gongkai.obligations.opening import NewObligation, open_obligations

SOURCE = Obligation.Source.INSTRUCTION
MOST = 500
"""Recipients of one instruction."""


def role_reason(verb: str, place_id: int, actor: Any) -> str:
    """Why the verb is not this person's, or an empty string."""
    words = {"issue": "交办", "pass_on": "转办", "withdraw": "撤回交办"}[verb]
    return "" if scope_of(actor).is_office_of(place_id) else f"{words}由本地区政务公开主管部门办理"


def state_reasons(instruction: Instruction) -> list[str]:
    """Why it cannot be passed on or withdrawn now."""
    return [f"已于 {timezone.localdate(instruction.withdrawn_at)} 撤回"] if instruction.withdrawn_at else []


def received_by(instruction: Instruction, place_ids: Iterable[int]) -> Obligation | None:
    """What an office of these places was asked to do by it; the right to pass it on comes from there."""
    rows = Obligation.objects.filter(OPEN, source=SOURCE, subject_id=instruction.pk, owner__is_competent=True)
    return rows.filter(owner__jurisdiction__in=list(place_ids)).select_related("owner__jurisdiction").order_by("pk").first()


def issue(
    place: Jurisdiction,
    actor: User,
    *,
    key: str,
    title: str,
    text: str,
    recipients: Iterable[Agency],
    helpers: Iterable[Agency] = (),
    number: str = "",
    due_on: date | None = None,
    limit: str = "",
    file: File[Any] | None = None,
    issued_on: date | None = None,
    at: datetime | None = None,
) -> Instruction:
    """Gives it to agencies of the place and to openness offices of places below; each owes one obligation by the day or the limit."""
    insist(role_reason("issue", place.pk, actor), [])
    office = Agency.objects.filter(jurisdiction=place, is_competent=True, valid_to__isnull=True).first()
    day = issued_on or (timezone.localdate(at) if at else timezone.localdate())
    new = Instruction(
        jurisdiction=place,
        agency=office,
        title=title.strip(),
        text=text.strip(),
        number=number.strip(),
        issued_on=day,
        due_on=due_on,
        limit=limit,
        issued_by=actor,
        issued_at=at or timezone.now(),
    )
    return _give_out("issue", Deed.Kind.INSTRUCTED, new, actor, key, None, list(recipients), list(helpers), file, at)


def pass_on(
    instruction: Instruction,
    actor: User,
    *,
    key: str,
    recipients: Iterable[Agency],
    helpers: Iterable[Agency] = (),
    text: str = "",
    due_on: date | None = None,
    at: datetime | None = None,
) -> Instruction:
    """转办 by an office that received it, to its own agencies and the offices below: the same words with `text` added, no later day."""
    received = received_by(instruction, scope_of(actor).office_ids)
    if received is None:
        raise NotAllowed("没有交办给您所在的主管部门，不能转办")
    place = received.owner.jurisdiction
    added = f"{instruction.text}\n\n{received.owner.name}：{text.strip()}" if text.strip() else instruction.text
    new = Instruction(
        jurisdiction=place,
        agency=received.owner,
        parent=instruction,
        root=instruction.root or instruction,
        title=instruction.title,
        text=added,
        number=instruction.number,
        issued_on=timezone.localdate(at) if at else timezone.localdate(),
        due_on=due_on or received.due_on,
        issued_by=actor,
        issued_at=at or timezone.now(),
    )
    return _give_out("pass_on", Deed.Kind.PASSED_ON, new, actor, key, instruction, list(recipients), list(helpers), None, at, received)


def _give_out(
    verb: str,
    kind: str,
    new: Instruction,
    actor: User,
    key: str,
    about: Instruction | None,
    recipients: list[Agency],
    helpers: list[Agency],
    file: File[Any] | None,
    at: datetime | None,
    received: Obligation | None = None,
) -> Instruction:
    limit, faults = _limit(new)
    faults += [*_words(new), *file_reasons(file), *_addressees(new, recipients, helpers)]
    if received is not None and received.due_on and new.due_on and new.due_on > received.due_on:
        faults.append(f"转办的期限不能晚于上级的期限 {received.due_on}")
    saved: list[Any] = []

    def work() -> Instruction:
        insist(role_reason(verb, new.jurisdiction_id, actor), [])
        if about is not None:
            locked = lock(about)
            insist("", state_reasons(locked))
        insist("", faults)
        if file is not None:
            keep_file(new, file, saved)
        new.save()
        owed = [
            NewObligation(
                jurisdiction=new.jurisdiction,
                owner=agency,
                source=SOURCE,
                document_id=new.pk,
                subject_id=new.pk,
                title=new.title,
                basis=new.number or f"{new.agency.name}交办",
                starts_on=new.issued_on,
                due_on=new.due_on,
                limit=limit,
                clock_from=new.issued_on if limit else None,
                clock_reason="交办" if limit else "",
                helpers=tuple(h for h in helpers if h != agency),
            )
            for agency in dict.fromkeys(recipients)
        ]
        open_obligations(owed, actor, text=f"{new.agency.name}{'转办' if new.parent_id else '交办'}。", at=at)
        return new

    try:
        return perform(kind, actor, key, about, work, text=new.title, at=at, agency_id=new.agency_id)
    except BaseException:
        forget(saved)
        raise


def _limit(new: Instruction) -> tuple[Limit | None, list[str]]:
    if not new.limit:
        return None, []
    try:
        return limit_named(new.limit, new.issued_on), []
    except ClockError as error:
        return None, [str(error)]


def _words(new: Instruction) -> list[str]:
    faults = text_reasons(new.title, new.text, new.number)
    if not new.title or len(new.title) > 200:
        faults.append("请写明事项，不超过 200 个字")
    if not new.text:
        faults.append("请写明交办内容")
    if len(new.number) > 200:
        faults.append("依据或文号不超过 200 个字")
    if new.issued_on > timezone.localdate():
        faults.append("交办日期不能晚于今天")
    if (new.due_on is None) == (not new.limit):
        faults.append("办理期限和法定时限写一样，只写一样")
    elif new.due_on is not None and new.due_on < new.issued_on:
        faults.append("办理期限不能早于交办日期")
    if new.agency_id is None:
        faults.append("本地区还没有政务公开主管部门，不能交办")
    return faults


def _addressees(new: Instruction, recipients: list[Agency], helpers: list[Agency]) -> list[str]:
    """Agencies of the place, and the openness offices of places below; helpers likewise."""
    faults = [] if recipients else ["请选择交办给谁"]
    if len(recipients) > MOST:
        faults.append(f"一次最多交办给 {MOST} 个单位")
    below = _below(new.jurisdiction_id)
    today = timezone.localdate()
    for agency in dict.fromkeys([*recipients, *helpers]):
        own = agency.jurisdiction_id == new.jurisdiction_id
        if agency.pk == new.agency_id:
            faults.append(f"{agency.name}不能交办给自己")
        elif not own and not (agency.is_competent and agency.jurisdiction_id in below):
            faults.append(f"{agency.name}不是本地区的单位，也不是下级的政务公开主管部门；交办下级，请交给它的主管部门转办")
        elif not agency.existed_on(today):
            faults.append(f"{agency.name}已经撤销")
    return faults


def _below(place_id: int) -> set[int]:
    children: dict[int | None, list[int]] = {}
    for pk, parent in Jurisdiction.objects.order_by().values_list("pk", "parent_id"):
        children.setdefault(parent, []).append(pk)
    found, waiting = set[int](), list(children.get(place_id, []))
    while waiting:
        here = waiting.pop()
        if here not in found:
            found.add(here)
            waiting.extend(children.get(here, []))
    return found


def family(instruction: Instruction) -> list[Instruction]:
    """The instruction and everything passed on from it, near and far. One query."""
    rows = Instruction.objects.filter(root=instruction.root_id or instruction.pk).order_by("pk")
    found, ids = [instruction], {instruction.pk}
    for row in rows:  # a child is made after its parent
        if row.parent_id in ids and row.pk not in ids:
            ids.add(row.pk)
            found.append(row)
    return found


def withdraw(instruction: Instruction, actor: User, *, key: str, reason: str) -> Instruction:
    """撤回 with the reason: what is still open of it, and of what was passed on from it, is asked no more; what is done stays done."""
    words = reason.strip()
    faults = text_reasons(words, most=400) + ([] if words else ["请写明撤回的理由"])

    def work() -> Instruction:
        locked = lock(instruction)
        insist(role_reason("withdraw", locked.jurisdiction_id, actor), state_reasons(locked) or faults)
        now = timezone.now()
        whole = family(locked)
        for row in whole:
            if row.withdrawn_at is None:
                row.withdrawn_at, row.withdrawn_by, row.withdrawn_reason = now, actor, words
                row.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_reason"])
        duties = list(
            Obligation.objects.filter(OPEN, source=SOURCE, subject_id__in=[row.pk for row in whole]).select_for_update(of=("self",))
        )
        for duty in duties:
            duty.waived_at, duty.waived_by, duty.waiver_reason = now, actor, f"交办撤回：{words}"
        Obligation.objects.bulk_update(duties, ["waived_at", "waived_by", "waiver_reason"], batch_size=200)
        Step.objects.bulk_create(
            Step(
                obligation=d,
                kind=Step.Kind.WAIVED,
                actor=actor,
                agency_id=locked.agency_id,
                at=now,
                text=d.waiver_reason,
                key=f"recalled:{d.pk}",
            )
            for d in duties
        )
        record_many(
            Change("obligation.waived", d, actor, {}, {"waived_at": now}, d.owner_id, d.jurisdiction_id, d.waiver_reason) for d in duties
        )
        return locked

    made = perform(Deed.Kind.RECALLED, actor, key, instruction, work, text=words, agency_id=instruction.agency_id)
    instruction.refresh_from_db()
    return made
