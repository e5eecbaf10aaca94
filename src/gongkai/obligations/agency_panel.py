"""What an agency owes, on the agency's own page: figures that open the ledger."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from gongkai.agencies.access import scope_of
from gongkai.agencies.models import Agency
from gongkai.agencies.panels import Figure
from gongkai.obligations.handing_over import open_of
from gongkai.obligations.queries import STATE_WORDS, counts, ledger


def figures(user: Any, agency: Agency) -> list[Figure]:
    """Counted within what this user may see; nothing for an agency without any. A handful of queries."""
    base = f"{reverse('obligations:ledger')}?agency={agency.pk}"
    found = counts(ledger(user, {"agency": agency.pk}))
    rows: list[Figure] = [
        {"label": STATE_WORDS[state][0], "n": n, "url": f"{base}&state={state}", "alarm": state == "overdue"}
        for state, n in found.items()
        if n
    ]
    if rows:
        rows.insert(0, {"label": "牵头或负责", "n": sum(found.values()), "url": base})
    if helping := ledger(user, {"agency": agency.pk, "role": "helper"}).count():
        rows.append({"label": "配合", "n": helping, "url": f"{base}&role=helper"})
    if scope_of(user).is_office_of(agency.jurisdiction_id) and (left := open_of(agency).count()):
        rows.append({"label": "批量移交", "n": left, "url": reverse("obligations:hand_over_all", args=[agency.pk])})
    return rows
