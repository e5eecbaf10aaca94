"""答复 on the page of a case: how it stands, the next step."""

from __future__ import annotations

from typing import Any

from gongkai.disclosure_requests.actions import replying
from gongkai.disclosure_requests.actions.base import no_role
from gongkai.disclosure_requests.models import DisclosureRequest, Reply
from gongkai.disclosure_requests.panels import Panel
from gongkai.disclosure_requests.replying import choosing


def state_words(reply: Reply) -> str:
    if reply.replaced_at is not None:
        return "不再有效"
    if reply.served_on is not None:
        return f"已于 {reply.served_on} 送达"
    if reply.signed_at is not None:
        return "已签发，还没有送达的记录"
    return "审核中" if reply.proposed_at is not None else "拟稿"


def panel(case: DisclosureRequest, user: Any) -> Panel | None:
    """Four queries. Nothing of the applicant is in it; sent letters stand in a panel of their own."""
    reply = replying.current(case)
    reasons = replying.draft_reasons(case) if reply is None else []
    may_draft = not no_role(user, case) and reply is None and (case.closed_on is None or case.reopened_on is not None)
    if reply is None and not may_draft:
        return None
    context = {
        "reply": reply,
        "choice": choosing.choice_of(reply.outcome, reply.situation) if reply else None,
        "state": state_words(reply) if reply else "",
        "replaced": [row for row in case.replies.all() if row.replaced_at is not None],
        "may_draft": may_draft,
        "reasons": reasons,
        "case_pk": case.pk,
    }
    return Panel("reply", "答复", "disclosure_requests/replying/panel.html", context, 1 if may_draft and not reasons else 0)
