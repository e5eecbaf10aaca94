"""What waits for whom between draft and public, in a constant number of queries; and the course of one edition."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.urls import reverse

from gongkai.agencies.access import scope_of
from gongkai.publications import workflow
from gongkai.publications.access import documents_for
from gongkai.publications.actions.publishing import role_reason
from gongkai.publications.models import Deed, Edition, Inquiry, Review, Revision

State = Edition.State
MOST = 500
"""Editions under review that are looked at for one person, the longest waiting first."""
ABOUT = ("submitted", "recalled", "reviewed", "returned", "inquired", "determined", "scheduled", "unscheduled")
ABOUT_OPEN = ("published", "failed", "forced", "confirmed", "withdrawn", "expired")


@dataclass(slots=True)
class Queue:
    """One kind of thing that waits for this person; rows are editions with `wait` (words) and `step` (id or empty)."""

    key: str
    title: str
    rows: list[Any]

    @property
    def total(self) -> int:
        return len(self.rows)


def _editions(user: Any) -> QuerySet[Edition]:
    rows = Edition.objects.filter(document__in=documents_for(user))
    return rows.select_related("document__agency", "document__jurisdiction", "revision", "author").defer("revision__body", "revision__rows")


def _reviewing(rows: QuerySet[Edition]) -> list[Edition]:
    """With what decides whose turn it is. Four queries, and two for the steps."""
    light = Prefetch("revisions", Revision.objects.only("pk", "edition", "author"))
    reviews = Prefetch(
        "reviews", Review.objects.only("pk", "edition", "revision", "step", "conclusion", "reviewer", "at").order_by("at", "pk")
    )
    found = list(rows.prefetch_related(light, reviews)[:MOST])
    workflow.prepare(edition.document for edition in found)
    return found


def queues(user: Any) -> list[Queue]:
    """What this person must do, without what is empty. The number of queries does not depend on how much there is."""
    scope = scope_of(user)
    if not scope.is_staff_member:
        return []
    found = [Queue("to_check", "等我审核", []), Queue("to_secrecy", "等我保密审查", [])]
    under = (State.REVIEW, State.READY, State.FAILED)  # where steps were added meanwhile, somebody must do them
    for edition in _reviewing(_editions(user).filter(state__in=under).order_by("submitted_at", "pk")):
        for step in workflow.waiting_steps(edition):
            if not workflow.person_reason(step, edition, user):
                edition.step, edition.wait = step.id, step.name  # type: ignore[attr-defined]
                found[1 if step.kind == workflow.SECRECY else 0].rows.append(edition)
                break
    found.append(Queue("to_confirm", "紧急发布，等我补审", _to_confirm(user)))
    found.append(Queue("to_answer", "送请确定，还没有登记答复", _to_answer(user)))
    found += _to_publish(user)
    return [queue for queue in found if queue.rows]


def _to_confirm(user: Any) -> list[Edition]:
    rows = _editions(user).filter(confirmed_at__isnull=True).exclude(forced_reason="").filter(state__in=(State.LIVE, State.PAST))
    light = Prefetch("revisions", Revision.objects.only("pk", "edition", "author"))
    found = list(rows.order_by("published_at", "pk").prefetch_related(light)[:MOST])
    return [_said(edition, "补审") for edition in found if not role_reason("confirm", edition, user)]


def _to_answer(user: Any) -> list[Edition]:
    """Asked, and nobody has written down an answer: whoever acts for the agency does."""
    asked = Inquiry.objects.filter(edition=OuterRef("pk"), answered_on__isnull=True)
    acting = [pk for pk in scope_of(user).agency_ids if scope_of(user).acts_for(pk)]
    rows = _editions(user).filter(Exists(asked), document__agency__in=acting).exclude(state=State.DISCARDED)
    return [_said(edition, "登记答复") for edition in rows.order_by("submitted_at", "pk")[:MOST]]


def _to_publish(user: Any) -> list[Queue]:
    """What is agreed and not out yet; what failed stands first; and what came back to its author."""
    acting = [pk for pk in scope_of(user).agency_ids if scope_of(user).acts_for(pk)]
    ready = Q(state__in=(State.READY, State.FAILED), document__agency__in=acting)
    last = Deed.objects.filter(subject__in=("edition", "review"), about="edition", about_id=OuterRef("pk"), kind=Deed.Kind.RETURNED)
    later = last.filter(kind=Deed.Kind.RETURNED)
    returned = Q(state=State.DRAFT, submitted_at__isnull=False, author=user)
    rows = _editions(user).filter(ready | returned).annotate(returned=Exists(later)).order_by("submitted_at", "pk")
    groups = {
        State.FAILED: ("failed", "没有发布成", "处理"),
        State.READY: ("ready", "审核通过，等发布", "发布"),
        State.DRAFT: ("returned", "退回修改", "修改"),
    }
    found: dict[str, Queue] = {state: Queue(key, title, []) for state, (key, title, _do) in groups.items()}
    for edition in rows[:MOST]:
        if edition.state != State.DRAFT or edition.returned:
            found[edition.state].rows.append(_said(edition, groups[State(edition.state)][2]))
    return list(found.values())


def _said(edition: Edition, words: str) -> Edition:
    edition.step, edition.wait = "", words  # type: ignore[attr-defined]
    return edition


def figures(found: list[Queue]) -> list[dict[str, Any]]:
    """Counts that jump to their tables."""
    return [
        {"label": queue.title, "n": queue.total, "url": f"#{queue.key}", "alarm": queue.key in ("failed", "to_confirm")} for queue in found
    ]


def place_figures(user: Any, agency: Any) -> list[dict[str, Any]]:
    """For the page of an agency: what it has under review and what is open. Answers for what this user may see."""
    rows = Edition.objects.filter(document__in=documents_for(user), document__agency=agency)
    under = rows.filter(state__in=(State.REVIEW, State.READY, State.SCHEDULED, State.FAILED)).count()
    flagged = rows.filter(state__in=(State.LIVE, State.PAST), confirmed_at__isnull=True).exclude(forced_reason="").count()
    if not under and not flagged:
        return []
    home = reverse("reviewing:home")
    return [{"label": "审核中", "n": under, "url": home}, {"label": "紧急发布未补审", "n": flagged, "url": home, "alarm": True}]


def course_of(edition: Edition) -> QuerySet[Deed]:
    """办理经过 of one edition: everything from submission to its end, the earliest first. One query."""
    on_it = Q(about="edition", about_id=edition.pk, kind__in=(*ABOUT, *ABOUT_OPEN))
    inquiries = Inquiry.objects.filter(edition=edition).values("pk")
    on_it |= Q(about="inquiry", about_id__in=inquiries, kind=Deed.Kind.DETERMINED)
    return Deed.objects.filter(on_it).select_related("actor", "agency").order_by("at", "id")
