"""送达: a letter is sent and reaches the applicant; with the reply's sending the case is closed and its duty proven (条例第三十三条)."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from gongkai.agencies.errors import ActionRefused
from gongkai.agencies.models import User
from gongkai.disclosure_requests import clock, reopening, services
from gongkai.disclosure_requests.actions import charging, consulting
from gongkai.disclosure_requests.actions.base import insist, lock, locked, no_role, not_ahead, open_reasons, perform
from gongkai.disclosure_requests.actions.closing import close
from gongkai.disclosure_requests.letters import values
from gongkai.disclosure_requests.models import Clarification, Deed, DisclosureRequest, FeeNotice, Reply, Service
from gongkai.formats.annual_report.outcomes import outcomes
from gongkai.obligations import triggers
from gongkai.obligations.clocking import calendar_of
from gongkai.obligations.proving import record_proves

Route = DisclosureRequest.Route


def send_reasons(reply: Reply) -> list[str]:
    found = open_reasons(reply.request)
    if reply.signed_at is None:
        found.append("答复还没有签发")
    return found


def send_reply(reply: Reply, actor: User, *, key: str, route: str = "", on: date | None = None, proof: str = "") -> Service:
    """The reply goes out by the route the applicant chose, or another. The request is closed on the day it is sent; the day of service is
    noted when it is known."""
    request = reply.request
    day = on or timezone.localdate()
    insist(no_role(actor, request), [*send_reasons(reply), *not_ahead(day, "发出日期")])
    if route and route not in Route.values:
        raise ActionRefused("请选择送达的途径")
    assert reply.signed_at is not None
    if day < timezone.localdate(reply.signed_at):
        raise ActionRefused("发出日期不能早于签发日期")

    def work() -> Service:
        case = locked(request)
        row = lock(reply)
        insist("", send_reasons(row))
        sent = services.send(case, "reply", day, route=route, proof=proof, reply=row)
        if case.reopened_on is not None:  # the year that counted the first answer keeps it (docs/decisions/0031)
            case.reopened_on = None
            case.save(update_fields=["reopened_on"])
            reopening.answered(case, row)
        else:
            close(case, row.outcome, day, key, f"答复 {row.number}", actor)
            case.save(update_fields=["closed_on", "outcome", "retention_until"])
            if case.obligation is not None:
                record_proves(case.obligation, "reply", row.pk)
        if sent.served_on is not None:
            reply_reached(row, case, sent.served_on, actor)
        return sent

    return perform(Deed.Kind.SENT, actor, key, reply, work, request=request, text=route and Route(route).label)


def served_reasons(service: Service) -> list[str]:
    found = []
    if service.served_on is not None:
        found.append(f"已于 {service.served_on} 送达")
    if service.failed:
        found.append("这次没有送达，请另行发出")
    return found


def served(service: Service, actor: User, *, key: str, on: date, proof: str) -> Service:
    """Its proof came back: a signature, a postal number, a receipt."""
    request = service.request
    insist(no_role(actor, request), [*served_reasons(service), *not_ahead(on, "送达日期")])
    if on < service.sent_on:
        raise ActionRefused(f"送达日期不能早于发出日期 {service.sent_on}")
    if not proof.strip():
        raise ActionRefused("请写明送达的凭证，例如邮件号、签收人")

    def work() -> Service:
        case = lock(request)
        row = lock(service)
        insist("", served_reasons(row))
        row.served_on, row.proof = on, proof.strip()[:200]
        row.save(update_fields=["served_on", "proof"])
        reached(row, case, actor)
        return row

    return perform(Deed.Kind.SERVED, actor, key, service, work, request=request, text=proof)


def reached(service: Service, case: DisclosureRequest, actor: User | None) -> None:
    """What follows from the arrival of a letter, whichever of its records was pressed: the days of remedy, of correction, of payment, of
    an opinion begin. On locked rows."""
    on = service.served_on
    assert on is not None
    if service.reply is not None:
        reply_reached(service.reply, case, on, actor)
    elif service.letter == "clarification":
        Clarification.objects.filter(request=case, served_on__isnull=True).update(served_on=on)
    elif service.letter == "fee":
        fee = FeeNotice.objects.select_for_update().filter(request=case, served_on__isnull=True).first()
        if fee is not None and not open_reasons(case):
            charging.reached(fee, case, on, actor)
    elif service.letter in ("third_party", "organ") and service.consultation is not None:
        asked = lock(service.consultation)
        if asked.served_on is None and not open_reasons(case):
            consulting.reached(asked, case, on, actor)


def not_served(service: Service, actor: User, *, key: str, reason: str) -> Service:
    """It came back; another sending follows."""
    request = service.request
    insist(no_role(actor, request), served_reasons(service))
    if not reason.strip():
        raise ActionRefused("请写明没有送达的原因")

    def work() -> Service:
        row = lock(service)
        insist("", served_reasons(row))
        row.failed = reason.strip()[:200]
        row.save(update_fields=["failed"])
        return row

    return perform(Deed.Kind.SERVED, actor, key, service, work, request=request, text=f"没有送达：{reason}")


def resend_reasons(service: Service) -> list[str]:
    """A letter of the procedure that came back; the reply has its own verb (send_again)."""
    found = open_reasons(service.request)
    if service.reply_id is not None:
        found.append("答复用“再次发出”")
    if not service.failed and not _came_too_late(service):
        found.append("这次还没有结果，或者已经送达")
    elif any(other.again_for_id == service.pk for other in service.request.services.all()):
        found.append("已经再次发出")
    return found


def _came_too_late(service: Service) -> bool:
    """A correction notice that arrived when its day was over gave no time to correct."""
    asked = getattr(service.request, "clarification", None) if service.letter == "clarification" else None
    if asked is None or asked.answered_at is not None or asked.lapsed_on is not None:
        return False
    return service.served_on is not None and service.served_on >= asked.due_on


def resend(service: Service, actor: User, *, key: str, route: str, on: date | None = None) -> Service:
    """补正告知、收费通知、征求意见书 and the like that came back go out once more, in the same words: without a sending that arrives no
    day of payment, correction or opinion ever begins. A correction notice gives as many working days anew as the first one gave."""
    request = service.request
    day = on or timezone.localdate()
    insist(no_role(actor, request), [*resend_reasons(service), *not_ahead(day, "发出日期")])
    if route not in Route.values:
        raise ActionRefused("请选择送达的途径")
    if day < service.sent_on:
        raise ActionRefused(f"发出日期不能早于前一次发出的日期 {service.sent_on}")

    def work() -> Service:
        case = locked(request)
        row = lock(service)
        insist("", resend_reasons(row))
        told = dict(row.told) | _new_day(case, row.letter, day)
        sent = services.send(case, row.letter, day, route=route, consultation=row.consultation, told=told, again_for=row)
        if sent.served_on is not None:
            reached(sent, case, actor)
        return sent

    text = f"{services.LETTERS.get(service.letter, '告知书')}，{Route(route).label}"
    return perform(Deed.Kind.RESENT, actor, key, service, work, request=request, text=text)


def _new_day(case: DisclosureRequest, letter: str, on: date) -> dict[str, str]:
    asked = Clarification.objects.select_for_update().filter(request=case).first() if letter == "clarification" else None
    if asked is None or asked.answered_at is not None or asked.lapsed_on is not None:
        return {}
    calendar = calendar_of(case.jurisdiction.code)
    until = calendar.add(on, max(1, calendar.between(asked.issued_on, asked.due_on))).on
    asked.due_on, asked.served_on = max(asked.due_on, until), None
    asked.save(update_fields=["due_on", "served_on"])
    return {"补正期限": values.day(asked.due_on)}


def send_again_reasons(reply: Reply) -> list[str]:
    """Only where it went out once and every sending failed."""
    if reply.request.closed_on is None or reply.signed_at is None:
        return ["答复还没有发出"]
    return ["前一次发出还没有结果，或者已经送达"] if reply.services.filter(failed="").exists() else []


def send_again(reply: Reply, actor: User, *, key: str, route: str, on: date | None = None) -> Service:
    """The reply of a closed case goes out once more, where a sending failed."""
    request = reply.request
    day = on or timezone.localdate()
    insist(no_role(actor, request), [*send_again_reasons(reply), *not_ahead(day, "发出日期")])
    if route not in Route.values:
        raise ActionRefused("请选择送达的途径")

    def work() -> Service:
        case = lock(request)
        insist("", send_again_reasons(lock(reply)))
        sent = services.send(case, "reply", day, route=route, reply=reply)
        if sent.served_on is not None:
            reply_reached(lock(reply), request, sent.served_on, actor)
        return sent

    return perform(Deed.Kind.SENT, actor, key, reply, work, request=request, text=Route(route).label)


def reply_reached(reply: Reply, request: DisclosureRequest, on: date, actor: User | None) -> None:
    """From this day the applicant's days of remedy run."""
    reply.served_on = on
    reply.save(update_fields=["served_on"])
    if outcomes()[reply.outcome].code not in ("open",):
        triggers.happened(clock.fact_of("refusal_served", request, on), actor)
