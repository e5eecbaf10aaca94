"""What the applicant does beside filing, clarifying and withdrawing: opens the reply, says how it was."""

from __future__ import annotations

from django.utils import timezone

from gongkai.agencies.errors import ActionRefused
from gongkai.disclosure_requests.actions.base import insist, lock, perform, text_reasons
from gongkai.disclosure_requests.actions.serving import reached
from gongkai.disclosure_requests.models import Deed, DisclosureRequest, Service

LONGEST = 1000


def rate_reasons(request: DisclosureRequest) -> list[str]:
    if request.closed_on is None or request.withdrawn_at is not None:
        return ["办结以后可以评价"]
    return ["已经评价过，谢谢"] if request.satisfaction is not None else []


def rate(request: DisclosureRequest, *, key: str, value: int, words: str = "") -> DisclosureRequest:
    """满意度, once, 1 to 5 with words that are sealed. It changes nothing of the case."""
    insist("", rate_reasons(request))
    if not 1 <= value <= 5:
        raise ActionRefused("请选择满意程度")
    insist("", text_reasons(words, most=LONGEST))

    def work() -> DisclosureRequest:
        row = lock(request)
        insist("", rate_reasons(row))
        row.satisfaction, row.satisfaction_words = value, words.strip()
        row.save(update_fields=["satisfaction", "satisfaction_words"])
        return row

    return perform(Deed.Kind.RATED, None, key, request, work, request=request)


def opened(service: Service) -> Service:
    """The applicant opened a letter on the net before proof of its arrival came by another way: from today it is served. Nothing happens
    where that is known already, or the sending failed."""
    if service.served_on is not None or service.failed:
        return service

    def work() -> Service:
        case = lock(service.request)
        row = lock(service)
        if row.served_on is None and not row.failed:
            now = timezone.localtime()
            row.served_on, row.proof = max(now.date(), row.sent_on), f"申请人于 {now:%Y-%m-%d %H:%M} 在网上打开"
            row.save(update_fields=["served_on", "proof"])
            if row.reply is None or row.reply.served_on is None:
                reached(row, case, None)
        return row

    return perform(Deed.Kind.SERVED, None, f"opened:{service.pk}", service, work, request=service.request)
