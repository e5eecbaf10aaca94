"""The state of a request, computed from its dates and what hangs on it; the same in SQL for lists and in Python for one row."""

from __future__ import annotations

from django.db.models import Case, CharField, Exists, OuterRef, Q, QuerySet, Value, When

from gongkai.disclosure_requests.models import Clarification, Consultation, DisclosureRequest, FeeNotice, Reply

STATES = {
    "waiting": "待确认收到",
    "received": "待登记",
    "registered": "待签收",
    "handling": "办理中",
    "clarifying": "等候补正",
    "charging": "等候缴费",
    "consulting": "征求意见中",
    "reviewing": "答复审核中",
    "signed": "待送达",
    "closed": "已办结",
    "withdrawn": "已撤回",
}
"""Code → words, in the order of a case."""


def _waits(model: type, **more: object) -> Exists:
    return Exists(model.objects.filter(request=OuterRef("pk"), **more))  # type: ignore[attr-defined]


CLARIFYING = _waits(Clarification, answered_at__isnull=True, lapsed_on__isnull=True)
CHARGING = _waits(FeeNotice, paid_on__isnull=True, lapsed_on__isnull=True)
CONSULTING = _waits(Consultation, answered_on__isnull=True)
SIGNED = _waits(Reply, replaced_at__isnull=True, signed_at__isnull=False)
PROPOSED = _waits(Reply, replaced_at__isnull=True, proposed_at__isnull=False)


STATE = Case(
    When(withdrawn_at__isnull=False, then=Value("withdrawn")),
    When(closed_on__isnull=False, reopened_on__isnull=True, then=Value("closed")),
    When(received_on__isnull=True, then=Value("waiting")),
    When(registered_at__isnull=True, then=Value("received")),
    When(Q(CLARIFYING), then=Value("clarifying")),
    When(Q(CHARGING), then=Value("charging")),
    When(Q(SIGNED), then=Value("signed")),
    When(Q(PROPOSED), then=Value("reviewing")),
    When(Q(CONSULTING), then=Value("consulting")),
    When(accepted_at__isnull=True, then=Value("registered")),
    default=Value("handling"),
    output_field=CharField(),
)


def with_state(rows: QuerySet[DisclosureRequest]) -> QuerySet[DisclosureRequest]:
    """Adds `state` (a code of STATES). One statement, whatever the number of rows."""
    return rows.annotate(state=STATE)


def state_of(request: DisclosureRequest) -> str:
    return str(with_state(DisclosureRequest.objects.filter(pk=request.pk)).get().state)  # type: ignore[attr-defined]
