"""A request ends: with an outcome of the annual table, its clock stopped, the term of keeping fixed."""

from __future__ import annotations

from datetime import date

from gongkai.agencies.models import User
from gongkai.clocks.clock import add_months
from gongkai.disclosure_requests import clock, numbers
from gongkai.disclosure_requests.actions.duties import open_duties
from gongkai.disclosure_requests.models import DisclosureRequest
from gongkai.formats.annual_report.outcomes import outcomes
from gongkai.obligations import triggers
from gongkai.obligations.models import Obligation
from gongkai.obligations.models.obligation import OPEN


def close(request: DisclosureRequest, outcome: str, on: date, key: str, reason: str, actor: User | None) -> None:
    """Puts the end on the (locked, unsaved) row and stops its clock. The verb saves the row, and proves the duty with the reply or
    ends it.

    `outcome` is a code of outcomes.toml; KeyError for another. What else the law asked because of the request and is still open (补正、
    第三方、缴费) ends with the case.
    """
    request.outcome = outcomes()[outcome].code
    request.closed_on = on
    years = numbers.settings_of(request.jurisdiction).retention_years
    request.retention_until = add_months(on, 12 * years)
    if request.obligation is not None and not request.obligation.fulfilled_on:
        clock.record(request, "stop", on, key, reason=reason)
    waiting = [row for row in _waiting(request) if row.pk != request.obligation_id]
    triggers.end(waiting, actor, f"申请已办结：{reason}", on)


def _waiting(request: DisclosureRequest) -> list[Obligation]:
    untouched = open_duties("request_arrived", request.pk)
    mine = [row.pk for row in untouched]
    mine += [*request.consultations.exclude(obligation=None).values_list("obligation", flat=True)]
    fee = getattr(request, "fee", None)
    if fee is not None and fee.obligation_id:
        mine.append(fee.obligation_id)
    return list(Obligation.objects.filter(OPEN, pk__in=mine))
