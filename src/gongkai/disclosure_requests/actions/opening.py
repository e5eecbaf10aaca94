"""转为主动公开 (条例第四十四条; S4-58): what several asked for, or an applicant suggested, is looked at, and published if it qualifies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from django.utils.html import escape

from gongkai.agencies.access import scope_of
from gongkai.agencies.errors import ActionRefused
from gongkai.agencies.models import Agency, User
from gongkai.disclosure_requests import access
from gongkai.disclosure_requests.actions.base import NOT_YOURS, insist, lock, masked, perform
from gongkai.disclosure_requests.actions.duties import open_duties
from gongkai.disclosure_requests.models import Deed, DisclosureRequest, OpeningProposal
from gongkai.obligations.models import Obligation
from gongkai.obligations.proving import record_proves
from gongkai.publications.actions import drafting
from gongkai.publications.models import Edition

FACT = "asked_by_many"
REVIEW = "opening_review"
MOST = 200


def propose(
    agency: Agency, actor: User, *, key: str, subject: str, requests: Sequence[DisclosureRequest], suggested_by_applicant: bool = False
) -> OpeningProposal:
    """Puts the information that these requests ask for on the list of what is to be decided."""
    insist("" if access.acts_for(actor, agency) else NOT_YOURS, [])
    rows = list({row.pk: row for row in requests}.values())
    if not rows or len(rows) > MOST or any(row.agency_id != agency.pk for row in rows):
        raise ActionRefused(f"请选择本机关的申请，最多 {MOST} 件")
    if not subject.strip():
        raise ActionRefused("请写明是什么信息")
    if OpeningProposal.objects.filter(requests__in=rows, decided_at__isnull=True).exists():
        raise ActionRefused("其中有申请已经在另一项转主动公开里，还没有审核")

    def work() -> OpeningProposal:
        made = OpeningProposal.objects.create(
            agency=agency,
            subject=masked(" ".join(subject.split()))[:200],
            suggested_by_applicant=suggested_by_applicant,
            found_on=timezone.localdate(),
        )
        made.requests.set(rows)
        return made

    return perform(Deed.Kind.OPENING, actor, key, None, work, request=None, agency_id=agency.pk, text=f"{len(rows)} 件申请")


def decide_role(row: OpeningProposal, actor: User) -> str:
    """Who directs the agency's work; for a government, its openness office."""
    scope = scope_of(actor)
    government = row.agency.kind == Agency.Kind.GOVERNMENT and scope.is_office_of(row.agency.jurisdiction_id)
    return "" if scope.directs(row.agency_id) or government else "转为主动公开由本机关的审核人或者负责人审核"


def decide_reasons(row: OpeningProposal) -> list[str]:
    return ["已经审核"] if row.decided_at else []


def decide(row: OpeningProposal, actor: User, *, key: str, accepted: bool, reason: str) -> OpeningProposal:
    """Accepted: a draft stands in publishing, and its publication closes the duty. Not accepted: the reason is its review record, which
    closes it."""
    insist(decide_role(row, actor), decide_reasons(row))
    if not reason.strip():
        raise ActionRefused("请写明审核意见")

    def work() -> OpeningProposal:
        made = lock(row)
        insist("", decide_reasons(made))
        made.accepted, made.reason = accepted, masked(reason.strip())[:500]
        made.decided_at, made.decided_by = timezone.now(), actor
        if accepted:
            note = f"<p>{escape(made.reason)}</p>" if made.reason else ""
            body = f"<p>由依申请公开转为主动公开（政府信息公开条例第四十四条），请补充正文或者附件。</p>{note}"
            document = drafting.start(made.agency, actor, key=f"opening:{made.pk}", content={"title": made.subject, "body": body})
            made.document_id = document.pk
        made.save(update_fields=["accepted", "reason", "decided_at", "decided_by", "document_id"])
        if not accepted:
            for duty in duties_of(made):
                record_proves(duty, REVIEW, made.pk)
        return made

    words = "纳入主动公开" if accepted else "不纳入主动公开"
    return perform(Deed.Kind.OPENING, actor, key, row, work, request=None, agency_id=row.agency_id, text=words)


def duties_of(row: OpeningProposal) -> list[Obligation]:
    """Open duties of Article 44 that began with any request of the proposal, or with the one they were found to be the same as."""
    pairs = row.requests.values_list("pk", "same_as")
    ids = sorted({pk for pair in pairs for pk in pair if pk is not None})
    return [duty for pk in ids for duty in open_duties(FACT, pk)]


def published(sender: Any, edition: Edition, **kwargs: Any) -> None:
    """A document that came of a proposal is open: it proves the duty. Connected to publications.signals.opened."""
    for row in OpeningProposal.objects.filter(document_id=edition.document_id, accepted=True):
        for duty in duties_of(row):
            record_proves(duty, "publication", edition.pk)
