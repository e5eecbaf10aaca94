"""What every verb of a request shares: its road (deeds/performing.py) with this app's table and the timeline of the case."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from gongkai.agencies.errors import ActionRefused
from gongkai.agencies.models import User
from gongkai.deeds import performing
from gongkai.deeds.performing import Made, insist, kind_of, lock, text_reasons
from gongkai.disclosure_requests import access
from gongkai.disclosure_requests.actions.duties import open_duties
from gongkai.disclosure_requests.models import Deed, DisclosureRequest
from gongkai.obligations.proving import record_proves
from gongkai.screening import masking
from gongkai.screening.copies import personal

__all__ = ["insist", "kind_of", "lock", "locked", "masked", "no_role", "not_ahead", "open_reasons", "perform", "text_reasons"]
TOUCH = "request_arrived"
NOT_YOURS = "这件申请由受理机关的工作人员办理"


def perform(
    kind: str,
    actor: User | None,
    key: str,
    about: models.Model | None,
    work: Callable[[], Made],
    *,
    request: DisclosureRequest | None,
    text: str = "",
    at: datetime | None = None,
    clash: str = "同样的记录已经有了",
    agency_id: int | None = None,
) -> Made:
    """See performing.perform. `request` is the case in whose timeline the deed stands (None: the request is what `work` makes, or there is
    none; then `agency_id` says whose deed it is). Personal numbers in the words are masked: the journal keeps them for ever."""

    def extra(made: Made) -> dict[str, Any]:
        case = request or (made if isinstance(made, DisclosureRequest) else None)
        return {"request_id": case.pk if case is not None else None}

    if agency_id is None:
        agency_id = request.agency_id if request is not None else getattr(about, "agency_id", None)

    def done() -> Made:
        return performing.perform(
            Deed, kind, actor, key, about, work, text=masked(text), at=at, agency_id=agency_id, clash=clash, extra=extra
        )

    if actor is None or request is None or agency_id is None or request.accepted_at is not None:
        return done()
    with transaction.atomic():
        made = done()
        _touched(request, agency_id)
    return made


def _touched(request: DisclosureRequest, agency_id: int) -> None:
    """Somebody of the agency has taken the request on: that closes the duty of 一个工作日没有人办 (法定规则 request.untouched)."""
    first = Deed.objects.filter(request_id=request.pk, agency_id=agency_id, actor__isnull=False).exclude(kind=Deed.Kind.FILED)
    deed = first.order_by("at", "pk").values_list("pk", flat=True).first()
    if deed is None:
        return
    for duty in open_duties(TOUCH, request.pk):
        if duty.owner_id == agency_id:
            record_proves(duty, "request_step", deed)


def masked(text: str) -> str:
    return masking.apply(text, personal(text))


def no_role(actor: Any, request: DisclosureRequest) -> str:
    """Why this person may not handle the request, or an empty string."""
    return "" if access.acts_for(actor, request.agency) and access.handles(actor, request) else NOT_YOURS


def open_reasons(request: DisclosureRequest) -> list[str]:
    """Why nothing more is done with a request; empty while it is open and its receipt is known."""
    if request.withdrawn_at is not None:
        return ["申请人已经撤回这件申请"]
    if request.closed_on is not None and request.reopened_on is None:
        return [f"这件申请已于 {request.closed_on} 办结"]
    return []


def not_ahead(day: date | None, name: str) -> list[str]:
    return [f"{name}不能晚于今天"] if day is not None and day > timezone.localdate() else []


def locked(request: DisclosureRequest) -> DisclosureRequest:
    """The request as it is now, held until the transaction ends. ActionRefused when it is no longer open."""
    row = lock(request)
    if reasons := open_reasons(row):
        raise ActionRefused(reasons)
    return row
