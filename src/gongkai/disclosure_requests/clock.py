"""The clock of a request: the obligation 答复公开申请 (法定规则 request.reply), and the events the law lets happen to it.

No other module writes these events, and nothing else says when a reply is due. The rule is the law's: where a place has switched it off
for its ledger, the clock of a case runs all the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from gongkai.agencies.errors import ActionRefused
from gongkai.agencies.models import User
from gongkai.clocks.errors import ClockError
from gongkai.clocks.model import Deadline
from gongkai.clocks.receipt import Receipt, receipt
from gongkai.disclosure_requests.models import DisclosureRequest
from gongkai.obligations import clocking, triggers
from gongkai.obligations.models import ClockEvent
from gongkai.obligations.opening import open_obligation
from gongkai.obligations.owners import Target
from gongkai.obligations.statutes import rule
from gongkai.obligations.triggers import Fact

REPLY = "request.reply"
Channel = DisclosureRequest.Channel
RECEIPT_CHANNELS: Mapping[str, str] = {
    Channel.ONLINE: "internet",
    Channel.EMAIL: "internet",
    Channel.COUNTER: "in_person",
    Channel.ORAL: "in_person",
    Channel.REGISTERED_POST: "registered_post",
    Channel.ORDINARY_MAIL: "ordinary_mail",
    Channel.FAX: "fax",
}


def receipt_of(request: DisclosureRequest) -> Receipt | None:
    """The day of receipt by the rule of the channel (条例第三十一条), or None while the time it rests on is not known.

    Raises ActionRefused for times out of order, with the sentence of the kernel.
    """
    times = {"submitted": request.submitted_at, "received": request.arrived_at, "confirmed": request.confirmed_at}
    if not any(times.values()):
        return None
    try:
        return receipt(RECEIPT_CHANNELS[request.channel], **times)
    except ClockError as error:
        if "不能起算" in str(error):
            return None
        raise ActionRefused(str(error)) from None


def start(request: DisclosureRequest, actor: User | None) -> None:
    """Receipt is known: the duty is opened and its clock runs. Sets `obligation`; the caller saves the row in the same transaction."""
    assert request.received_on is not None and request.obligation_id is None
    fact = fact_of("request_received", request, request.received_on)
    opened = [row for row in triggers.happened(fact, actor) if row.rule == REPLY]
    if opened:
        request.obligation = opened[0]
        return
    wanted = triggers.new_obligation(
        rule(REPLY, request.received_on), {}, request.jurisdiction, Target(request.agency), request.received_on, (), fact
    )
    request.obligation = open_obligation(wanted, actor, text="法定答复期限")


def fact_of(kind: str, request: DisclosureRequest, on: date, *, subject_id: int = 0, **more: Any) -> Fact:
    """A fact of this request, or of the record `subject_id` of it where there may be several of the kind. Its title is the number alone:
    what is asked may tell of a person."""
    return Fact(kind, request.jurisdiction, request.agency, subject_id or request.pk, request.number, on, **more)


def arrived_on(request: DisclosureRequest) -> date:
    """The day it came to the agency, whether or not it counts as received yet."""
    return timezone.localdate(request.arrived_at or request.submitted_at or request.created_at)


def record(request: DisclosureRequest, kind: str, on: date, key: str, **more: Any) -> ClockEvent:
    """Restart (补正、缴费), suspend and resume (征求意见), extend (延长), delay (延迟答复), stop (答复): see obligations.clocking.record.

    ActionRefused says why it cannot be, and nothing changes then. The verb that calls it has asked whose it is.
    """
    if request.obligation is None:
        raise ActionRefused("收到申请的日期还没有确定，期限没有起算")
    return clocking.record(request.obligation, kind, on, None, key=f"{key}:clock", **more)


def is_paused(request: DisclosureRequest) -> bool:
    return request.obligation is not None and request.obligation.suspended_on is not None


def deadline_of(request: DisclosureRequest, today: date | datetime | None = None) -> Deadline | None:
    """The clock with the sentence and the days behind it; None until receipt is known."""
    return clocking.deadline_of(request.obligation, today) if request.obligation is not None else None
