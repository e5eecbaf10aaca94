"""更正申请 (条例第四十一条): registered, corrected or passed on or refused with reasons, and the applicant told."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from gongkai.agencies.errors import ActionRefused
from gongkai.agencies.models import Agency, User
from gongkai.clocks.clock import add_months
from gongkai.disclosure_requests import access, numbers
from gongkai.disclosure_requests.actions.base import NOT_YOURS, insist, lock, masked, not_ahead, perform
from gongkai.disclosure_requests.actions.duties import prove
from gongkai.disclosure_requests.models import Correction, Deed, DisclosureRequest
from gongkai.obligations import triggers
from gongkai.obligations.triggers import Fact

Result = Correction.Result
FACT = "correction_requested"
ELSEWHERE = (Result.TRANSFERRED, Result.REDIRECTED)


def register(
    agency: Agency,
    actor: User,
    *,
    key: str,
    applicant: str,
    record: str,
    claim: str,
    received_on: date,
    request: DisclosureRequest | None = None,
) -> Correction:
    """Takes a 更正申请 down: whose record of what is wrong, and the evidence for it. Also how a person asks for a mistake in the personal
    information of a case to be put right (个人信息保护法第四十六条)."""
    insist("" if access.acts_for(actor, agency) else NOT_YOURS, not_ahead(received_on, "收到日期"))
    if not (applicant.strip() and record.strip() and claim.strip()):
        raise ActionRefused("请写明申请人和联系方式、有误的记录、更正的内容和证据")
    if request is not None and request.agency_id != agency.pk:
        raise ActionRefused("相关申请不是本机关的")

    def work() -> Correction:
        number = numbers.correction_number(agency, received_on)
        made = Correction.objects.create(
            agency=agency,
            request=request,
            number=number,
            applicant=applicant.strip(),
            record=masked(record.strip())[:300],
            claim=claim.strip(),
            received_on=received_on,
        )
        triggers.happened(Fact(FACT, agency.jurisdiction, agency, made.pk, number, received_on), actor)
        return made

    return perform(Deed.Kind.CORRECTING, actor, key, None, work, request=request, agency_id=agency.pk, text="收到更正申请")


def answer_reasons(row: Correction) -> list[str]:
    return [f"已于 {row.answered_on} 告知申请人"] if row.answered_on else []


def answer(row: Correction, actor: User, *, key: str, result: str, words: str, answered_on: date, to: str = "") -> Correction:
    """The result, and the day the applicant was told of it. Closes the duty of Article 41; from this day what it holds of a person is
    kept as long as the place keeps that of a request."""
    role = "" if access.acts_for(actor, row.agency) else NOT_YOURS
    insist(role, [*answer_reasons(row), *not_ahead(answered_on, "告知日期")])
    if result not in Result.values:
        raise ActionRefused("请选择处理结果")
    if result in ELSEWHERE and not to.strip():
        raise ActionRefused("请写明有权更正的机关")
    if not words.strip():
        raise ActionRefused("请写明怎样更正，或者不予更正的理由")
    if answered_on < row.received_on:
        raise ActionRefused(f"告知日期不能早于收到日期 {row.received_on}")

    def work() -> Correction:
        made = lock(row)
        insist("", answer_reasons(made))
        made.result, made.to, made.words, made.answered_on = result, to.strip()[:120], masked(words.strip()), answered_on
        if made.request_id is None:  # one that belongs to a request is kept, and emptied, with it
            made.retention_until = add_months(answered_on, 12 * numbers.settings_of(made.agency.jurisdiction).retention_years)
        made.save(update_fields=["result", "to", "words", "answered_on", "retention_until"])
        prove(FACT, made.pk, "correction", made.pk)
        return made

    return perform(Deed.Kind.CORRECTING, actor, key, row, work, request=row.request, agency_id=row.agency_id, text=Result(result).label)


def look(row: Correction, user: User) -> None:
    """Who is shown the applicant of a correction is written down, as for a request."""
    insist("" if access.acts_for(user, row.agency) else NOT_YOURS, [])
    row.looks.create(request=row.request, user=user, what="更正申请的申请人", at=timezone.now())
