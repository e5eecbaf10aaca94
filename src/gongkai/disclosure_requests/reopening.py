"""责令重新答复: a reply that an organ or a court set aside is answered again, and the years stay as they were counted.

The case keeps its closing and its outcome: the annual report of that year has been published, and tells of the correction in its table
four. The new reply is a second Reply, reviewed, signed and served like the first, and proves a duty of its own (docs/decisions/0031).
"""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from gongkai.agencies.models import User
from gongkai.clocks.clock import add_months
from gongkai.disclosure_requests import clock, numbers
from gongkai.disclosure_requests.models import DisclosureRequest, Remedy, Reply
from gongkai.obligations.models import Obligation
from gongkai.obligations.models.obligation import OPEN
from gongkai.obligations.opening import NewObligation, open_obligation
from gongkai.obligations.proving import record_proves
from gongkai.obligations.statutes import rule

AGAIN = "重新答复"


def reopen(request: DisclosureRequest, remedy: Remedy, by: date, actor: User) -> None:
    """On the locked row, which it saves: the current reply no longer stands, and a new one is owed until `by`, the day the decision or the
    judgment sets."""
    assert remedy.closed_on is not None
    reason = f"{remedy.organ} {remedy.closed_on} {remedy.get_result_display()}"
    for reply in Reply.objects.select_for_update().filter(request=request, replaced_at__isnull=True):
        reply.replaced_at, reply.replaced_reason = timezone.now(), reason[:300]
        reply.save(update_fields=["replaced_at", "replaced_reason"])
    request.reopened_on, request.answer_again_by = remedy.closed_on, by
    request.save(update_fields=["reopened_on", "answer_again_by"])
    law = rule(clock.REPLY, remedy.closed_on)
    new = NewObligation(
        jurisdiction=request.jurisdiction,
        owner=request.agency,
        source=Obligation.Source.STATUTE,
        rule=law.id,
        subject_id=request.pk,
        title=f"重新答复公开申请：{request.number}",
        basis=f"{reason}，责令重新答复",
        starts_on=remedy.closed_on,
        due_on=by,
        share=f"{AGAIN}{remedy.pk}",
        proof=law.proof,
    )
    open_obligation(new, actor, text=AGAIN)


def duties_again(request: DisclosureRequest) -> list[Obligation]:
    """What is owed of answering it again and not yet done."""
    rows = Obligation.objects.filter(OPEN, rule=clock.REPLY, subject_id=request.pk, share__startswith=AGAIN)
    return list(rows.order_by("pk"))


def answered(request: DisclosureRequest, reply: Reply) -> None:
    """The new reply is sent: it proves its duty, and the term of keeping begins again from it. Saves the (locked) request."""
    for duty in duties_again(request):
        record_proves(duty, "reply", reply.pk)
    years = numbers.settings_of(request.jurisdiction).retention_years
    request.retention_until = add_months(timezone.localdate(), 12 * years)
    request.save(update_fields=["retention_until"])
