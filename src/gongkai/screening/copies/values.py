"""Which hits are masked in a copy."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from gongkai.screening.model import Hit
from gongkai.screening.rules import in_force
from gongkai.screening.text import scan

PERSONAL = frozenset({"id_number", "mobile", "landline", "bank_card", "passport", "address", "email", "licence_plate"})
"""Kinds of which a masked form may be published. A mark of secrecy is never masked away: the document stays inside."""
_BEIJING = timezone(timedelta(hours=8))


def personal(text: str, header: str = "") -> list[Hit]:
    """Hits to be masked by today's rules, in the order of the text, not overlapping."""
    rules = in_force(datetime.now(_BEIJING).date())
    chosen: list[Hit] = []
    for hit in sorted(scan(text, header), key=lambda hit: (hit.start, -hit.end)):
        rule = rules.get(hit.rule)
        if rule and rule.severity != "allow" and rule.kind in PERSONAL and (not chosen or hit.start >= chosen[-1].end):
            chosen.append(hit)
    return chosen
