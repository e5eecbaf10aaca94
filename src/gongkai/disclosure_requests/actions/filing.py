"""A request comes in, by the citizen's form or taken down by staff; its receipt becomes known; it is registered, accepted, withdrawn."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError
from django.utils import timezone

from gongkai.agencies.errors import ActionRefused, NotAllowed
from gongkai.agencies.models import Section, User
from gongkai.disclosure_requests import access, asked, casefiles, clock, likeness, numbers, services
from gongkai.disclosure_requests.actions.base import NOT_YOURS, insist, locked, no_role, not_ahead, open_reasons, perform
from gongkai.disclosure_requests.actions.closing import close
from gongkai.disclosure_requests.asked import Asked
from gongkai.disclosure_requests.models import Applicant, CaseFile, Deed, DisclosureRequest
from gongkai.obligations import triggers
from gongkai.sealing.keys import digest

Channel = DisclosureRequest.Channel
WITHDRAWN = "other"
"""The row 其他处理 3.其他 of the annual table, where a withdrawn request is counted: the table has none of its own."""


@dataclass(frozen=True, slots=True)
class Filed:
    """`code` is the check code, told once; empty when the same form came again, which makes nothing."""

    request: DisclosureRequest
    code: str


def file(told: Asked, actor: User | None, *, key: str) -> Filed:
    """Takes a request down. `actor` is None for the applicant's own form. The same key again returns the request it made.

    Its clock starts at once where its receipt is known (in person; on the internet where the place confirms at once). Raises NotAllowed
    for staff of another agency, ActionRefused with every sentence of what is missing.
    """
    if actor is not None and not access.acts_for(actor, told.agency):
        raise NotAllowed(NOT_YOURS)
    if not key or len(key) > 100:
        raise ActionRefused("表单不完整，请刷新页面后再提交")
    if (earlier := DisclosureRequest.objects.filter(key=key).first()) is not None:
        return Filed(earlier, "")
    if found := [*asked.reasons(told), *_order(told)]:
        raise ActionRefused(found)
    code = numbers.new_check_code()
    kept: list[CaseFile] = []

    def work() -> DisclosureRequest:
        row = _row(told, code, key)
        receipt = clock.receipt_of(row)
        if receipt is not None:
            row.received_on, row.receipt_rule = receipt.on, receipt.why
        row.save()
        _applicant(row, told)
        kept.extend(casefiles.add(row, CaseFile.Kind.IDENTITY, told.identity_files, actor, from_applicant=True))
        kept.extend(casefiles.add(row, CaseFile.Kind.REQUEST, told.files, actor, from_applicant=True))
        triggers.happened(clock.fact_of("request_arrived", row, clock.arrived_on(row)), actor)
        if receipt is not None:
            clock.start(row, actor)
            row.save(update_fields=["obligation"])
        return row

    try:
        made = perform(Deed.Kind.FILED, actor, key, None, work, request=None)
    except (IntegrityError, ActionRefused):
        casefiles.forget(kept)
        if (earlier := DisclosureRequest.objects.filter(key=key).first()) is not None:
            return Filed(earlier, "")
        raise
    except BaseException:
        casefiles.forget(kept)
        raise
    return Filed(made, code if made.check_digest == numbers.check_digest(made.number, code) else "")


def _row(told: Asked, code: str, key: str) -> DisclosureRequest:
    place = told.agency.jurisdiction
    now = timezone.now()
    submitted = told.submitted_at or (now if told.channel in (Channel.ONLINE, Channel.COUNTER, Channel.ORAL) else None)
    arrived, confirmed = told.arrived_at, told.confirmed_at
    if told.channel == Channel.ONLINE:
        arrived = arrived or submitted
        if confirmed is None and numbers.settings_of(place).confirm_at_once:
            confirmed = submitted
    number = numbers.request_number(told.agency, timezone.localdate(submitted or arrived or now))
    return DisclosureRequest(
        jurisdiction=place,
        agency=told.agency,
        number=number,
        check_digest=numbers.check_digest(number, code),
        key=key,
        channel=told.channel,
        submitted_at=submitted,
        arrived_at=arrived,
        confirmed_at=confirmed,
        subject=told.line() or "未写明",
        description=told.description.strip(),
        wanted_number=told.wanted_number.strip()[:120],
        features=told.features.strip(),
        purpose=told.purpose.strip(),
        form=told.form,
        route=told.route,
        suggests_opening=told.suggests_opening,
        offered=told.offered,
        likeness=likeness.signature(f"{told.description}{told.wanted_number}{told.features}"),
    )


def _applicant(row: DisclosureRequest, told: Asked) -> Applicant:
    return Applicant.objects.create(
        request=row,
        kind=told.kind,
        name=told.name.strip(),
        identity_kind=told.identity_kind,
        identity_number=told.identity_number.strip().upper(),
        representative=told.representative.strip(),
        contact=told.contact.strip(),
        phone=told.phone.strip(),
        email=told.email.strip(),
        address=told.address.strip(),
        postcode=told.postcode.strip(),
        help_needed=told.help_needed.strip(),
        digest=applicant_digest(told.name, told.identity_number),
        consented_at=told.consented_at,
        notice_version=told.notice_version,
    )


def applicant_digest(name: str, identity_number: str) -> str:
    """One applicant's requests have one digest: the number where there is one, the name otherwise."""
    return digest("id", identity_number) if identity_number.strip() else digest("name", name)


def _order(told: Asked) -> list[str]:
    times = [("提交时间", told.submitted_at), ("到达时间", told.arrived_at), ("双方确认时间", told.confirmed_at)]
    now = timezone.now()
    return [f"{name}不能晚于现在" for name, at in times if at is not None and at > now]


def confirm(request: DisclosureRequest, actor: User, *, key: str, at: datetime, how: str) -> DisclosureRequest:
    """双方确认: the office and the applicant agree that it came; from that day the clock runs where the rule of the channel says so
    (条例第三十一条第三项). `how` is kept in the timeline."""
    insist(no_role(actor, request), [*confirm_reasons(request), *not_ahead(timezone.localdate(at), "确认时间")])
    if not how.strip():
        raise ActionRefused("请写明怎样与申请人确认，例如“电话确认，接听人本人”")

    def work() -> DisclosureRequest:
        row = locked(request)
        insist("", confirm_reasons(row))
        row.confirmed_at = at
        _receive(row, actor)
        return row

    return perform(Deed.Kind.CONFIRMED, actor, key, request, work, request=request, text=how)


def confirm_reasons(request: DisclosureRequest) -> list[str]:
    found = open_reasons(request)
    if request.confirmed_at is not None:
        found.append("这件申请已经由双方确认")
    return found


def _receive(row: DisclosureRequest, actor: User | None) -> None:
    """Sets what the receipt rule says and starts the clock, once."""
    receipt = clock.receipt_of(row)
    if receipt is not None and row.received_on is None:
        row.received_on, row.receipt_rule = receipt.on, receipt.why
        clock.start(row, actor)
    row.save(update_fields=["confirmed_at", "arrived_at", "received_on", "receipt_rule", "obligation"])


def register(request: DisclosureRequest, actor: User, *, key: str, subject: str = "", section: Section | None = None) -> DisclosureRequest:
    """登记: the request enters the register of the agency, with the short line under which lists show it. Where the place wants it so the
    applicant is sent 收件回执: the number, the day of receipt, and until when the answer comes."""
    insist(no_role(actor, request), register_reasons(request))

    def work() -> DisclosureRequest:
        row = locked(request)
        insist("", register_reasons(row))
        row.registered_at = timezone.now()
        row.subject = " ".join(subject.split())[:120] or row.subject
        row.section = section or row.section
        row.save(update_fields=["registered_at", "subject", "section"])
        if numbers.settings_of(row.jurisdiction).sends_receipt:
            services.send(row, "receipt", timezone.localdate())
        return row

    return perform(Deed.Kind.REGISTERED, actor, key, request, work, request=request)


def register_reasons(request: DisclosureRequest) -> list[str]:
    found = open_reasons(request)
    if request.registered_at is not None:
        found.append("这件申请已经登记")
    if request.received_on is None:
        found.append("收到申请的日期还没有确定，请先与申请人确认收到")
    return found


def accept(request: DisclosureRequest, actor: User, *, key: str) -> DisclosureRequest:
    """签收: somebody takes it on."""
    insist(no_role(actor, request), accept_reasons(request))

    def work() -> DisclosureRequest:
        row = locked(request)
        insist("", accept_reasons(row))
        row.accepted_at = timezone.now()
        row.save(update_fields=["accepted_at"])
        return row

    return perform(Deed.Kind.ACCEPTED, actor, key, request, work, request=request)


def accept_reasons(request: DisclosureRequest) -> list[str]:
    found = open_reasons(request)
    if request.registered_at is None:
        found.append("请先登记")
    if request.accepted_at is not None:
        found.append("这件申请已经签收")
    return found


def withdraw(request: DisclosureRequest, actor: User | None, *, key: str, reason: str) -> DisclosureRequest:
    """撤回 by the applicant (`actor` None, asked by number and code) or as the staff were told. Counted under 其他处理 3.其他."""
    if actor is not None:
        insist(no_role(actor, request), [])
    if actor is not None and not reason.strip():
        raise ActionRefused("请写明申请人怎样提出撤回")

    def work() -> DisclosureRequest:
        row = locked(request)
        row.withdrawn_at = timezone.now()
        if row.received_on is None:
            row.received_on, row.receipt_rule = timezone.localdate(), "申请人在双方确认以前撤回"
        close(row, WITHDRAWN, timezone.localdate(), key, "申请人撤回申请", actor)
        if row.obligation is not None:
            triggers.end([row.obligation], actor, "申请人撤回申请", timezone.localdate())
        row.save(update_fields=["withdrawn_at", "received_on", "receipt_rule", "closed_on", "outcome", "retention_until"])
        return row

    return perform(Deed.Kind.WITHDRAWN, actor, key, request, work, request=request, text=reason)


def new_key() -> str:
    """A key for a form that is shown."""
    return secrets.token_urlsafe(24)


def alike(request: DisclosureRequest, among: Iterable[DisclosureRequest]) -> list[tuple[DisclosureRequest, float]]:
    """Requests whose words are near this one's, nearest first, each with the share (likeness.ALIKE and above)."""
    pairs: list[tuple[Any, float]] = [(row, likeness.share(request.likeness, row.likeness)) for row in among if row.pk != request.pk]
    return sorted(((row, near) for row, near in pairs if near >= likeness.ALIKE), key=lambda pair: -pair[1])
