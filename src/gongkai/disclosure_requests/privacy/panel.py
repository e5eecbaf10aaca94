"""归档 and the term of keeping on the page of a case."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from gongkai.disclosure_requests import access
from gongkai.disclosure_requests.actions import archiving
from gongkai.disclosure_requests.actions.base import no_role
from gongkai.disclosure_requests.models import DisclosureRequest
from gongkai.disclosure_requests.panels import Panel, Verb
from gongkai.obligations.forms import KeyForm

TEMPLATE = "disclosure_requests/privacy/panel.html"


def panel(case: DisclosureRequest, user: Any) -> Panel | None:
    """Nothing while the case is open: there is nothing to keep yet."""
    if case.closed_on is None:
        return None
    package = getattr(case, "archive", None)
    verb = None
    if package is None and not no_role(user, case):
        url = reverse("request_cases:archive", args=[case.pk])
        verb = Verb("archive", "归档", url, KeyForm(auto_id="archive_%s"), archiving.archive_reasons(case))
    context = {
        "package": package,
        "verb": verb,
        "may_export": package is not None and bool(package.file) and access.handles(user, case),
        "held": any(row.closed_on is None for row in case.remedies.all()) or case.reopened_on is not None,
    }
    return Panel("keeping", "案卷和保存", TEMPLATE, context)
