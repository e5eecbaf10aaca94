"""信息处理费 (条例第四十二条; 国办函〔2020〕109号): noticed, paid, or lapsed.

The clock stands still while payment is waited for and runs anew from the payment.
"""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from gongkai.agencies.errors import ActionRefused
from gongkai.agencies.models import User
from gongkai.clocks.clock import due
from gongkai.clocks.limits import limit
from gongkai.disclosure_requests import clock, loaded, numbers, services
from gongkai.disclosure_requests.actions.base import insist, lock, locked, no_role, not_ahead, open_reasons, perform
from gongkai.disclosure_requests.models import Applicant, Deed, DisclosureRequest, FeeNotice
from gongkai.formats.processing_fee import Fee, FeeError, by_items, by_pages
from gongkai.obligations import triggers
from gongkai.obligations.clocking import calendar_of
from gongkai.obligations.proving import record_proves

By = FeeNotice.By


def items_before(request: DisclosureRequest) -> int:
    """Requests of the same applicant to the agency in the same calendar month before this one (第五条, 自然月累计)."""
    if "applicant" in request._state.fields_cache:
        applicant: str | None = request.applicant.digest
    else:
        applicant = Applicant.objects.filter(request=request).values_list("digest", flat=True).first()
    if not applicant or request.received_on is None:
        return 0
    first = request.received_on.replace(day=1)
    same = DisclosureRequest.objects.filter(agency=request.agency_id, applicant__digest=applicant)
    earlier = same.filter(received_on__gte=first, received_on__lte=request.received_on, withdrawn_at__isnull=True, pk__lt=request.pk)
    return earlier.count()


def reckoned(request: DisclosureRequest, by: str, quantity: int) -> Fee:
    """What would be charged. Raises ActionRefused with the sentence of the tariff."""
    assert request.received_on is not None
    try:
        if by == By.ITEM:
            return by_items(quantity, request.received_on, before=items_before(request))
        return by_pages(quantity, request.received_on)
    except FeeError as error:
        raise ActionRefused(str(error)) from None


def charge_reasons(request: DisclosureRequest) -> list[str]:
    found = open_reasons(request)
    if request.registered_at is None:
        found.append("请先登记")
    if not numbers.settings_of(request.jurisdiction).charges:
        found.append("本地区不收取信息处理费")
    if loaded.has(request, "fee"):
        found.append("一件申请只收一次信息处理费，已经发过收费通知")
    if request.received_on is None:
        found.append("收到申请的日期还没有确定")
    elif clock.is_paused(request):
        found.append("正在等候补正或者征求意见，不能发出收费通知")
    elif request.obligation is not None and request.obligation.due_on is not None and timezone.localdate() > request.obligation.due_on:
        found.append(f"收费通知要在办理期限内发出，期限已于 {request.obligation.due_on} 届满")
    return found


def charge(request: DisclosureRequest, actor: User, *, key: str, by: str, quantity: int, on: date | None = None) -> FeeNotice:
    """收费通知 within the days of the answer, with what it rests on and how it is reckoned."""
    day = on or timezone.localdate()
    insist(no_role(actor, request), [*charge_reasons(request), *not_ahead(day, "通知日期")])
    if by not in By.values:
        raise ActionRefused("请选择按件或者按量，不能同时按两种方式收费")

    def work() -> FeeNotice:
        row = locked(request)
        insist("", charge_reasons(row))
        fee = reckoned(row, by, quantity)
        if not fee.amount:
            raise ActionRefused("没有达到收费的数量，不收费")
        earlier = items_before(row) if by == By.ITEM else 0
        lines = [str(line) for line in fee.lines]
        made = FeeNotice.objects.create(
            request=row, by=by, quantity=quantity, earlier=earlier, amount=fee.amount, lines=lines, issued_on=day
        )
        clock.record(row, "suspend", day, key, reason="等候缴纳信息处理费")
        sent = services.send(row, "fee", day)
        if sent.served_on is not None:
            reached(made, row, sent.served_on, actor)
        return made

    return perform(Deed.Kind.CHARGED, actor, key, request, work, request=request)


def served(fee: FeeNotice, actor: User, *, key: str, on: date) -> FeeNotice:
    """The notice reached the applicant: twenty working days to pay."""
    request = fee.request
    reasons = [*open_reasons(request), *(["已经登记收到日期"] if fee.served_on else []), *not_ahead(on, "收到日期")]
    insist(no_role(actor, request), reasons)
    if on < fee.issued_on:
        raise ActionRefused(f"收到日期不能早于通知日期 {fee.issued_on}")

    def work() -> FeeNotice:
        case = locked(request)
        row = lock(fee)
        if row.served_on is None:
            reached(row, case, on, actor)
            case.services.select_for_update().filter(letter="fee", served_on__isnull=True, failed="").update(
                served_on=on, proof="登记申请人收到"
            )
        return row

    return perform(Deed.Kind.SERVED, actor, key, fee, work, request=request, text=f"收费通知 {on} 送达")


def reached(fee: FeeNotice, request: DisclosureRequest, on: date, actor: User | None) -> None:
    """Saves the (locked) notice: from the day after it came the days of payment run, as many as the place has set for its rule."""
    fee.served_on = on
    fee.due_on = due(on, limit("fee_payment", on), calendar_of(request.jurisdiction.code), explain=False).on
    duties = triggers.happened(clock.fact_of("fee_noticed", request, on), actor)
    fee.obligation = duties[0] if duties else None
    if fee.obligation is not None and fee.obligation.due_on is not None:
        fee.due_on = fee.obligation.due_on
    fee.save(update_fields=["served_on", "due_on", "obligation"])


def pay_reasons(fee: FeeNotice) -> list[str]:
    found = open_reasons(fee.request)
    if fee.paid_on is not None:
        found.append(f"已于 {fee.paid_on} 缴费")
    if fee.lapsed_on is not None:
        found.append(f"因逾期未缴费已于 {fee.lapsed_on} 视为放弃")
    return found


def paid(fee: FeeNotice, actor: User, *, key: str, on: date, receipt_number: str) -> FeeNotice:
    """缴费: the days of the answer are counted anew from the next day (第七条)."""
    request = fee.request
    insist(no_role(actor, request), [*pay_reasons(fee), *not_ahead(on, "缴费日期")])
    if on < fee.issued_on:
        raise ActionRefused(f"缴费日期不能早于通知日期 {fee.issued_on}")
    if not receipt_number.strip():
        raise ActionRefused("请写明财政票据号")

    def work() -> FeeNotice:
        case = locked(request)
        row = lock(fee)
        insist("", pay_reasons(row))
        row.paid_on, row.receipt_number = on, receipt_number.strip()[:60]
        row.save(update_fields=["paid_on", "receipt_number"])
        clock.record(case, "restart", on, key, reason="申请人缴纳信息处理费")
        _prove(row, case)
        return row

    return perform(Deed.Kind.PAID, actor, key, fee, work, request=request, text=f"{fee.amount} 元")


def lapse_reasons(fee: FeeNotice) -> list[str]:
    found = pay_reasons(fee)
    if fee.due_on is None:
        found.append("还没有申请人收到收费通知的日期")
    elif timezone.localdate() <= fee.due_on:
        found.append(f"缴费期限到 {fee.due_on}，还没有届满")
    return found


def lapse(fee: FeeNotice, actor: User, *, key: str) -> FeeNotice:
    """Not paid in time: taken as given up. The clock runs again; the applicant is told in a letter (3.6.2 of the annual table)."""
    request = fee.request
    insist(no_role(actor, request), lapse_reasons(fee))

    def work() -> FeeNotice:
        case = locked(request)
        row = lock(fee)
        insist("", lapse_reasons(row))
        row.lapsed_on = timezone.localdate()
        row.save(update_fields=["lapsed_on"])
        clock.record(case, "resume", row.lapsed_on, key, reason="逾期未缴费")
        return row

    return perform(Deed.Kind.ABANDONED, actor, key, fee, work, request=request)


def _prove(fee: FeeNotice, request: DisclosureRequest) -> None:
    sent = request.services.filter(letter="fee").last()
    if fee.obligation is not None and sent is not None and not fee.obligation.fulfilled_on:
        record_proves(fee.obligation, "notice", sent.pk)
