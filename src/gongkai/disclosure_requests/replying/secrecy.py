"""保密审查 of a reply as evidence in the ledger: beside the reply, on the duty it answers (保密法第三十五条, 实施条例第四十二条; S2-30)."""

from __future__ import annotations

from gongkai.disclosure_requests import reopening
from gongkai.disclosure_requests.models import Reply, ReplyReview
from gongkai.obligations.models import Obligation
from gongkai.obligations.proving import record_proves

RECORD = "reply_secrecy"


def review_of(reply: Reply) -> ReplyReview | None:
    """The secrecy review that passed the reply in its present version, by another person than its author."""
    rows = ReplyReview.objects.filter(
        reply=reply, version=reply.version, step=ReplyReview.Step.SECRECY, conclusion=ReplyReview.Conclusion.PASSED
    )
    return rows.exclude(reviewer=reply.author_id).select_related("reviewer").first()


def duties_of(reply: Reply) -> list[Obligation]:
    """The duty a signed reply answers: that of its request, or the one to answer again."""
    case = reply.request
    if case.reopened_on is not None:
        return reopening.duties_again(case)
    return [case.obligation] if case.obligation is not None else []


def show(reply: Reply) -> None:
    """Hands the review in, in the transaction that signs the reply: from then on neither changes. Duties that were opened before there was
    such evidence have none asked."""
    for duty in duties_of(reply):
        if RECORD in (duty.proof or {}).get("beside", []):
            record_proves(duty, RECORD, reply.pk)
