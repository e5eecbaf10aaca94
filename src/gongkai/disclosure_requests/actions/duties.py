"""The duties that a fact of this app made, and the records that close them."""

from __future__ import annotations

from gongkai.obligations.models import Obligation
from gongkai.obligations.models.obligation import OPEN
from gongkai.obligations.proving import record_proves
from gongkai.obligations.statutes import of_fact


def open_duties(fact: str, subject_id: int) -> list[Obligation]:
    """Not yet dealt with, of every rule that answers the fact."""
    rows = Obligation.objects.filter(OPEN, source=Obligation.Source.STATUTE, rule__in=of_fact(fact), subject_id=subject_id)
    return list(rows.order_by("pk"))


def prove(fact: str, subject_id: int, record_kind: str, record_id: int) -> int:
    """Gives the record to each of them as its proof; how many there were. The checks of the rule say what it is worth."""
    duties = open_duties(fact, subject_id)
    for duty in duties:
        record_proves(duty, record_kind, record_id)
    return len(duties)
