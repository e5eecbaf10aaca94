"""征求意见: third parties (条例第三十二条), other organs (第三十三条第三款) and co-makers (第三十四条).

While any of them is asked the clock stands still; each has its own fifteen working days from the day the letter reached it.
"""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from gongkai.agencies.errors import ActionRefused
from gongkai.agencies.models import Agency, User
from gongkai.clocks.clock import due
from gongkai.clocks.limits import limit
from gongkai.disclosure_requests import clock, loaded, services
from gongkai.disclosure_requests.actions.base import insist, lock, locked, no_role, not_ahead, open_reasons, perform
from gongkai.disclosure_requests.models import Consultation, Deed, DisclosureRequest
from gongkai.obligations import triggers
from gongkai.obligations.clocking import calendar_of
from gongkai.obligations.proving import record_proves

Kind, Opinion = Consultation.Kind, Consultation.Opinion
LIMITS = {Kind.THIRD_PARTY: "third_party", Kind.JOINT_MAKER: "joint_maker"}
FACTS = {Kind.THIRD_PARTY: "third_party_asked", Kind.JOINT_MAKER: "joint_makers_asked"}


def ask_reasons(request: DisclosureRequest) -> list[str]:
    found = open_reasons(request)
    if request.registered_at is None:
        found.append("请先登记")
    if request.received_on is None:
        found.append("收到申请的日期还没有确定")
    elif clock.is_paused(request) and not _waiting(request):
        found.append("正在等候补正或者缴费，不能征求意见")
    reply = loaded.reply_of(request)
    if reply is not None and reply.signed_at is not None:
        found.append("答复已经签发")
    return found


def ask(
    request: DisclosureRequest,
    actor: User,
    *,
    key: str,
    kind: str,
    asked: str,
    party: str = "",
    contact: str = "",
    agency: Agency | None = None,
    on: date | None = None,
) -> Consultation:
    """The letter goes out on `on` (today). Several may be asked at once; the clock stops with the first."""
    day = on or timezone.localdate()
    insist(no_role(actor, request), [*ask_reasons(request), *not_ahead(day, "发出日期")])
    if kind == Kind.THIRD_PARTY and not party.strip():
        raise ActionRefused("请写明第三方的姓名或者名称")
    if kind == Kind.JOINT_MAKER and agency is None:
        raise ActionRefused("请选择共同制作的机关")
    if kind == Kind.ORGAN and agency is None and not party.strip():
        raise ActionRefused("请选择或者写明征求意见的机关")
    if agency is not None and agency.pk == request.agency_id:
        raise ActionRefused("不必征求本机关的意见")
    if not asked.strip():
        raise ActionRefused("请写明征求意见的内容")

    def work() -> Consultation:
        row = locked(request)
        insist("", ask_reasons(row))
        if not clock.is_paused(row):
            clock.record(row, "suspend", day, key, reason=f"征求{Kind(kind).label}意见")
        made = Consultation.objects.create(
            request=row, kind=kind, agency=agency, party=party.strip(), contact=contact.strip(), asked=asked.strip(), sent_on=day
        )
        letter = "third_party" if kind == Kind.THIRD_PARTY else "organ"
        services.send(row, letter, day, route=DisclosureRequest.Route.POST, consultation=made)
        return made

    return perform(Deed.Kind.CONSULTED, actor, key, request, work, request=request, text=Kind(kind).label)


def _waiting(request: DisclosureRequest) -> bool:
    return loaded.waits_for_opinion(request)


def served_reasons(consultation: Consultation) -> list[str]:
    found = open_reasons(consultation.request)
    if consultation.served_on is not None:
        found.append("已经登记对方收到的日期")
    return found


def reached(row: Consultation, case: DisclosureRequest, on: date, actor: User | None) -> None:
    """Saves the (locked) row with what follows from its letter's arrival."""
    row.served_on = on
    kind = Kind(row.kind)
    if kind in LIMITS:
        row.due_on = due(on, limit(LIMITS[kind], on), calendar_of(case.jurisdiction.code), explain=False).on
        makers = (row.agency,) if row.agency is not None else ()
        duties = triggers.happened(clock.fact_of(FACTS[kind], case, on, subject_id=row.pk, agencies=makers), actor)
        row.obligation = duties[0] if duties else None
    row.save(update_fields=["served_on", "due_on", "obligation"])


def served(consultation: Consultation, actor: User, *, key: str, on: date) -> Consultation:
    """The letter reached the other side on `on`: its fifteen working days begin (an organ that only helps has none by law), each party's
    its own."""
    request = consultation.request
    insist(no_role(actor, request), [*served_reasons(consultation), *not_ahead(on, "收到日期")])
    if on < consultation.sent_on:
        raise ActionRefused(f"对方收到的日期不能早于发出日期 {consultation.sent_on}")

    def work() -> Consultation:
        case = locked(request)
        row = lock(consultation)
        insist("", served_reasons(row))
        reached(row, case, on, actor)
        letters = row.services.select_for_update().filter(letter__in=("third_party", "organ"), served_on__isnull=True, failed="")
        letters.update(served_on=on, proof="登记对方收到")
        return row

    return perform(Deed.Kind.SERVED, actor, key, consultation, work, request=request, text=f"征求意见书 {on} 送达")


def respond_reasons(consultation: Consultation, opinion: str = "") -> list[str]:
    found = open_reasons(consultation.request)
    if consultation.answered_on is not None:
        found.append("已经登记对方的意见")
    if opinion == Opinion.SILENT and consultation.due_on is None:
        found.append("还没有对方收到的日期，不能认定逾期")
    if opinion == Opinion.SILENT and consultation.due_on is not None and timezone.localdate() <= consultation.due_on:
        found.append(f"提出意见的期限到 {consultation.due_on}，还没有届满")
    return found


def respond(
    consultation: Consultation,
    actor: User,
    *,
    key: str,
    opinion: str,
    reasons: str = "",
    reasonable: bool | None = None,
    on: date | None = None,
) -> Consultation:
    """What the other side said, or that it let its days pass: a co-maker's silence agrees, a third party's leaves it to the agency. With
    the last answer the clock goes on."""
    request = consultation.request
    day = on or timezone.localdate()
    insist(no_role(actor, request), [*respond_reasons(consultation, opinion), *not_ahead(day, "收到意见的日期")])
    if day < consultation.sent_on:
        raise ActionRefused(f"收到意见的日期不能早于发出日期 {consultation.sent_on}")
    if opinion in (Opinion.REFUSES, Opinion.PARTLY) and not reasons.strip():
        raise ActionRefused("对方不同意公开的，请写明其理由")
    if consultation.kind == Kind.THIRD_PARTY and opinion in (Opinion.REFUSES, Opinion.PARTLY) and reasonable is None:
        raise ActionRefused("请认定第三方的理由是否合理（条例第三十二条）")

    def work() -> Consultation:
        case = locked(request)
        row = lock(consultation)
        insist("", respond_reasons(row, opinion))
        row.answered_on, row.opinion, row.reasons, row.reasonable = day, opinion, reasons.strip(), reasonable
        row.save(update_fields=["answered_on", "opinion", "reasons", "reasonable"])
        if row.obligation is not None and not row.obligation.fulfilled_on:
            record_proves(row.obligation, "request_opinion", row.pk)
        if not _waiting(case) and clock.is_paused(case):
            clock.record(case, "resume", day, key, reason="意见收齐")
        return row

    return perform(Deed.Kind.RESPONDED, actor, key, consultation, work, request=request, text=Opinion(opinion).label)


def override_reasons(consultation: Consultation) -> list[str]:
    found = open_reasons(consultation.request)
    if consultation.kind != Kind.THIRD_PARTY or consultation.opinion not in (Opinion.REFUSES, Opinion.PARTLY):
        found.append("只有第三方不同意公开的，才需要以公共利益决定公开")
    if consultation.overridden:
        found.append("已经决定公开")
    return found


def override(consultation: Consultation, actor: User, *, key: str, reason: str, on: date | None = None) -> Consultation:
    """Not opening would gravely harm the public interest: it is opened, and the third party told in writing what and why (第三十二条)."""
    request = consultation.request
    day = on or timezone.localdate()
    insist(no_role(actor, request), [*override_reasons(consultation), *not_ahead(day, "告知日期")])
    if not reason.strip():
        raise ActionRefused("请写明不公开可能对公共利益造成的重大影响")

    def work() -> Consultation:
        case = locked(request)
        row = lock(consultation)
        insist("", override_reasons(row))
        row.overridden, row.override_reason, row.told_on = True, reason.strip()[:500], day
        row.save(update_fields=["overridden", "override_reason", "told_on"])
        sent = services.send(case, "third_party_told", day, route=DisclosureRequest.Route.POST, consultation=row)
        for duty in triggers.happened(clock.fact_of("third_party_overruled", case, day, subject_id=row.pk), actor):
            record_proves(duty, "notice", sent.pk)
        return row

    return perform(Deed.Kind.OVERRIDDEN, actor, key, consultation, work, request=request, text=reason)
