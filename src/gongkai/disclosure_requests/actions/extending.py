"""延长答复期限 (条例第三十三条): once, at most twenty working days, with the consent of the head, and the applicant is told."""

from __future__ import annotations

from django.utils import timezone

from gongkai.agencies.access import scope_of
from gongkai.agencies.errors import ActionRefused
from gongkai.agencies.models import User
from gongkai.clocks.limits import limit
from gongkai.disclosure_requests import clock, loaded, services
from gongkai.disclosure_requests.actions.base import insist, lock, locked, no_role, open_reasons, perform
from gongkai.disclosure_requests.models import Deed, DisclosureRequest, Extension
from gongkai.obligations.clocking import may_extend


def cap(request: DisclosureRequest) -> int:
    """Working days at most, by the rule in force when the request was received."""
    return limit("reply", request.received_on).cap if request.received_on else 0


def ask_reasons(request: DisclosureRequest) -> list[str]:
    found = open_reasons(request)
    if request.registered_at is None:
        found.append("请先登记")
    if request.obligation is None:
        found.append("收到申请的日期还没有确定，期限没有起算")
        return found
    if loaded.has(request, "extension"):
        found.append("答复期限只能延长一次，这件申请已经提出过")
    if clock.is_paused(request):
        found.append("期限正在中止，恢复以后再提出延长")
    elif request.obligation.due_on is not None and timezone.localdate() > request.obligation.due_on:
        found.append(f"期限已于 {request.obligation.due_on} 届满，延长要在届满之前决定")
    return found


def ask(request: DisclosureRequest, actor: User, *, key: str, n: int, reason: str) -> Extension:
    """Proposed by a handler; nothing is longer until the head agrees."""
    insist(no_role(actor, request), ask_reasons(request))
    if not 1 <= n <= cap(request):
        raise ActionRefused(f"延长的工作日写 1 到 {cap(request)} 之间的整数（条例第三十三条）")
    if not reason.strip():
        raise ActionRefused("请写明延长的理由")

    def work() -> Extension:
        row = locked(request)
        insist("", ask_reasons(row))
        return Extension.objects.create(request=row, n=n, reason=reason.strip()[:500], asked_by=actor, asked_at=timezone.now())

    return perform(Deed.Kind.EXTENDING, actor, key, request, work, request=request, text=f"{n} 个工作日：{reason}")


def approve_role(actor: User, request: DisclosureRequest) -> str:
    if scope_of(actor).heads(request.agency_id):
        return ""
    return may_extend(request.obligation, actor) if request.obligation is not None else "延长期限由本机关负责人批准"


def approve_reasons(extension: Extension) -> list[str]:
    found = open_reasons(extension.request)
    if extension.approved_at is not None:
        found.append("已经批准")
    duty = extension.request.obligation
    if duty is not None and duty.due_on is not None and timezone.localdate() > duty.due_on:
        found.append(f"期限已于 {duty.due_on} 届满，不能再批准延长")
    return found


def approve(extension: Extension, actor: User, *, key: str) -> Extension:
    """The head agrees: the clock is extended and the notice goes to the applicant the same day."""
    request = extension.request
    insist(approve_role(actor, request), approve_reasons(extension))

    def work() -> Extension:
        case = locked(request)
        row = lock(extension)
        insist("", approve_reasons(row))
        today = timezone.localdate()
        row.approved_by, row.approved_at, row.told_on = actor, timezone.now(), today
        row.save(update_fields=["approved_by", "approved_at", "told_on"])
        clock.record(case, "extend", today, key, n=row.n, reason=row.reason, approved_by=actor, document="延期答复告知书")
        services.send(case, "extension", today)
        return row

    return perform(Deed.Kind.EXTENDED, actor, key, extension, work, request=request, text=f"{extension.n} 个工作日")


def refuse(extension: Extension, actor: User, *, key: str, reason: str) -> DisclosureRequest:
    """The head does not agree; what was proposed goes, its course stays in the timeline."""
    request = extension.request
    insist(approve_role(actor, request), [] if extension.approved_at is None else ["已经批准"])
    if not reason.strip():
        raise ActionRefused("请写明不同意的理由")

    def work() -> DisclosureRequest:
        case = locked(request)
        row = lock(extension)
        insist("", [] if row.approved_at is None else ["已经批准"])
        row.delete()
        return case

    return perform(Deed.Kind.EXTENDED, actor, key, request, work, request=request, text=f"不同意延长：{reason}")
