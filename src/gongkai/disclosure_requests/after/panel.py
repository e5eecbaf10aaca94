"""What this room adds to the page of a case: remedies with what can be done to them, what else came of it, and what can be begun."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from gongkai.disclosure_requests.actions import contesting
from gongkai.disclosure_requests.actions.base import no_role
from gongkai.disclosure_requests.after.views import REMEDY_VERBS
from gongkai.disclosure_requests.models import DisclosureRequest
from gongkai.disclosure_requests.panels import Panel

TEMPLATE = "disclosure_requests/after/panel.html"


def panel(case: DisclosureRequest, user: Any) -> Panel | None:
    handles = not no_role(user, case)
    listed = []
    for row in case.remedies.all():
        row.request = case
        verbs = []
        if handles:
            free = [name for name, (_label, _form, reasons, _run) in REMEDY_VERBS.items() if not reasons(row)]
            verbs = [(REMEDY_VERBS[name][0], reverse("request_cases:remedy", args=[row.pk, name])) for name in free]
        listed.append((row, verbs))
    links = [(f"更正申请 {row.number}", reverse("request_cases:correction", args=[row.pk])) for row in case.corrections.all()]
    links += [(f"工作建议：致{row.to.display_name}", reverse("request_cases:suggestion", args=[row.pk])) for row in case.suggestions.all()]
    links += [(f"转主动公开：{row.subject}", reverse("request_cases:proposal", args=[row.pk])) for row in case.opening_proposals.all()]
    begin = _begin(case) if handles else []
    past = [row for row in case.replies.all() if row.replaced_at is not None and row.signed_at is not None]
    if not (listed or links or begin or past):
        return None
    waiting = sum(row.closed_on is None for row, _verbs in listed)
    context = {"remedies": listed, "links": links, "begin": begin, "past": past}
    return Panel("after", "答复以后", TEMPLATE, context, waiting)


def _begin(case: DisclosureRequest) -> list[tuple[str, str]]:
    found = []
    if not contesting.file_reasons(case):
        found.append(("登记复议、诉讼", reverse("request_cases:new_remedy", args=[case.pk])))
    if case.anonymised_at is None:
        found.append(("提出工作建议", f"{reverse('request_cases:new_suggestion')}?case={case.pk}"))
    if case.closed_on is not None and case.anonymised_at is None:
        found.append(("写成常见问题", f"{reverse('request_cases:new_answer')}?case={case.pk}"))
    return found
