"""补正 (条例第三十条): told once, within seven working days of receipt.

The days of the answer begin anew when the correction comes; what is not corrected in time without good reason is taken as given up.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.files import File
from django.utils import timezone

from gongkai.agencies.errors import ActionRefused
from gongkai.agencies.models import User
from gongkai.clocks.clock import due
from gongkai.clocks.limits import Limit, limit
from gongkai.disclosure_requests import casefiles, clock, likeness, loaded, numbers, services
from gongkai.disclosure_requests.actions.base import insist, lock, locked, no_role, not_ahead, open_reasons, perform
from gongkai.disclosure_requests.letters import values
from gongkai.disclosure_requests.models import CaseFile, Clarification, Deed, DisclosureRequest
from gongkai.obligations import triggers
from gongkai.obligations.clocking import calendar_of
from gongkai.obligations.models import Obligation
from gongkai.obligations.proving import record_proves

LONGEST = 20_000


def last_day(request: DisclosureRequest) -> date | None:
    """The last day on which the notice may be given: the `clarify` limit of the day of receipt. None while receipt is not known."""
    if request.received_on is None:
        return None
    return due(request.received_on, limit("clarify", request.received_on), calendar_of(request.jurisdiction.code), explain=False).on


def ask_reasons(request: DisclosureRequest, on: date | None = None) -> list[str]:
    found = open_reasons(request)
    if request.registered_at is None:
        found.append("请先登记")
    if loaded.has(request, "clarification"):
        found.append("补正只能一次性告知，这件申请已经告知过（条例第三十条）")
    if clock.is_paused(request):
        found.append("正在征求意见或者等候缴费，不能告知补正")
    last = last_day(request)
    if last is not None and (on or timezone.localdate()) > last:
        days = limit("clarify", request.received_on).words.replace(" ", "") if request.received_on else ""
        found.append(f"补正告知应在收到申请之日起{days}内作出，已于 {last} 届满，请按现有内容办理（条例第三十条）")
    return found


def proposed_day(request: DisclosureRequest) -> date:
    """The day until which the applicant is given, as the place has set (条例 says 合理期限)."""
    days = numbers.settings_of(request.jurisdiction).clarify_days
    day = due(timezone.localdate(), Limit("clarify_answer", days, "working_days"), calendar_of(request.jurisdiction.code), explain=False).on
    assert day is not None
    return day


def ask(request: DisclosureRequest, actor: User, *, key: str, items: str, due_on: date, on: date | None = None) -> Clarification:
    """The notice goes out on `on` (today); the clock of the answer stands still until the correction comes."""
    day = on or timezone.localdate()
    insist(no_role(actor, request), [*ask_reasons(request, day), *not_ahead(day, "告知日期")])
    if not items.strip():
        raise ActionRefused("请一次性写明需要补正的全部事项")
    if due_on <= day:
        raise ActionRefused("补正期限要晚于告知日期，并给申请人合理的时间")

    def work() -> Clarification:
        row = locked(request)
        insist("", ask_reasons(row, day))
        made = Clarification.objects.create(request=row, items=items.strip(), due_on=due_on, issued_on=day)
        assert row.received_on is not None
        told = triggers.happened(clock.fact_of("request_unclear", row, row.received_on), actor)
        clock.record(row, "suspend", day, key, reason="等候申请人补正")
        sent = services.send(row, "clarification", day, told={"补正期限": values.day(due_on)})
        made.served_on = sent.served_on
        made.save(update_fields=["served_on"])
        for duty in told:
            record_proves(duty, "notice", sent.pk)
        return made

    return perform(Deed.Kind.CLARIFYING, actor, key, request, work, request=request, text=items)


def answer_reasons(clarification: Clarification) -> list[str]:
    found = open_reasons(clarification.request)
    if clarification.lapsed_on is not None:
        found.append(f"这件申请因逾期不补正已于 {clarification.lapsed_on} 不再处理")
    if clarification.answered_at is not None:
        found.append("补正已经收到，不能再改；需要补充的请与受理机关联系")
    return found


def answer(
    clarification: Clarification,
    actor: User | None,
    *,
    key: str,
    words: str,
    files: Sequence[File[Any]] = (),
    on: date | None = None,
) -> Clarification:
    """收到补正, from the applicant (`actor` None) or as a letter brought it on `on`: the whole limit runs again from here."""
    request = clarification.request
    day = on or timezone.localdate()
    if actor is not None:
        insist(no_role(actor, request), not_ahead(day, "收到补正的日期"))
    insist("", answer_reasons(clarification))
    if not words.strip() and not files:
        raise ActionRefused("请写明补正的内容，或者上传补正材料")
    if len(words) > LONGEST or "\x00" in words:
        raise ActionRefused(f"补正内容不能超过 {LONGEST} 个字，也不能有不能保存的字符")
    if found := casefiles.file_reasons(files):
        raise ActionRefused(found)
    kept: list[CaseFile] = []

    def work() -> Clarification:
        case = locked(request)
        row = lock(clarification)
        insist("", answer_reasons(row))
        row.answered_at, row.answer = timezone.now(), words.strip()
        row.save(update_fields=["answered_at", "answer"])
        kept.extend(casefiles.add(case, CaseFile.Kind.SUPPLEMENT, files, actor, from_applicant=True))
        clock.record(case, "restart", day, key, reason="收到补正的申请")
        case.likeness = likeness.signature(f"{case.description}{words}{case.wanted_number}")
        case.save(update_fields=["likeness"])
        return row

    try:
        return perform(Deed.Kind.CLARIFIED, actor, key, clarification, work, request=request)
    except BaseException:
        casefiles.forget(kept)
        raise


def lapse_reasons(clarification: Clarification) -> list[str]:
    found = answer_reasons(clarification)
    if timezone.localdate() <= clarification.due_on:
        found.append(f"补正期限到 {clarification.due_on}，还没有届满")
    if clarification.served_on is None:
        found.append("还没有补正告知送达的记录")
    elif clarification.served_on >= clarification.due_on:
        late = f"补正告知 {clarification.served_on} 才送达，申请人没有得到补正的时间，不能认定放弃"
        found.append(f"{late}；请在“文书和送达”再次发出，另给合理的期限（条例第三十条）")
    return found


def lapse(clarification: Clarification, actor: User, *, key: str, note: str) -> Clarification:
    """视为放弃: no correction in time and no good reason. The clock runs again, because the applicant is told in a letter like any other
    outcome (3.6.1 of the annual table)."""
    request = clarification.request
    insist(no_role(actor, request), lapse_reasons(clarification))
    if not note.strip():
        raise ActionRefused("请写明怎样认定没有正当理由，例如“期限内未收到材料，电话联系未说明理由”")

    def work() -> Clarification:
        case = locked(request)
        row = lock(clarification)
        insist("", lapse_reasons(row))
        row.lapsed_on, row.lapse_note = timezone.localdate(), note.strip()[:300]
        row.save(update_fields=["lapsed_on", "lapse_note"])
        clock.record(case, "resume", row.lapsed_on, key, reason="逾期不补正")
        return row

    return perform(Deed.Kind.ABANDONED, actor, key, clarification, work, request=request, text=note)


def duty_of(request: DisclosureRequest) -> Obligation | None:
    """The duty 告知补正 where the place keeps it in its ledger."""
    return Obligation.objects.filter(source=Obligation.Source.STATUTE, rule="request.clarify", subject_id=request.pk).first()
