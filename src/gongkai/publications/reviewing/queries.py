"""What waits for whom between draft and public, in a constant number of queries; and the course of one edition."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.urls import reverse

from gongkai.agencies.access import scope_of
from gongkai.publications.access import documents_for
from gongkai.publications.actions.publishing import role_reason
from gongkai.publications.models import Deed, Edition, Inquiry, Review, Revision
from gongkai.publications.reviewing import workflow

State = Edition.State
OPENED = (State.LIVE, State.PAST)
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


UNDER = (State.REVIEW, State.READY, State.FAILED)
"""Where steps were added meanwhile, also what is ready waits for somebody."""
TITLES = {
    "to_check": "等我审核",
    "to_secrecy": "等我保密审查",
    "to_confirm": "紧急发布，等我补审",
    "to_answer": "送请确定，还没有登记答复",
    "failed": "没有发布成",
    "ready": "审核通过，等发布",
    "returned": "退回修改",
}


def queues(user: Any) -> list[Queue]:
    """What this person must do, without what is empty. One query where there is nothing, six however much there is."""
    scope = scope_of(user)
    if not scope.is_staff_member:
        return []
    acting = {pk for pk in scope.kept_ids if scope.acts_for(pk)}
    found = {key: Queue(key, title, []) for key, title in TITLES.items()}
    for edition in _waiting(user):
        step = _turn(edition, user) if edition.state in UNDER else None
        own = edition.document.agency_id in acting
        if step is not None:
            _put(found["to_secrecy" if step.kind == workflow.SECRECY else "to_check"], edition, step.name, step.id)
        elif edition.state in OPENED:
            if not role_reason("confirm", edition, user):
                _put(found["to_confirm"], edition, "补审")
        elif edition.asked and own:
            _put(found["to_answer"], edition, "登记答复")
        elif edition.state == State.DRAFT:
            if edition.returned and edition.author_id == user.pk:
                _put(found["returned"], edition, "修改")
        elif own and edition.state == State.FAILED:
            _put(found["failed"], edition, "处理")
        elif own and edition.state == State.READY:
            _put(found["ready"], edition, "发布")
    return [queue for queue in found.values() if queue.rows]


def _waiting(user: Any) -> list[Any]:
    """Everything between draft and public that somebody must do something about, the longest waiting first."""
    asked = Exists(Inquiry.objects.filter(edition=OuterRef("pk"), answered_on__isnull=True))
    returned = Exists(Deed.objects.filter(about="edition", about_id=OuterRef("pk"), kind=Deed.Kind.RETURNED))
    rows = _editions(user).annotate(asked=asked, returned=returned)
    back = Q(state=State.DRAFT, submitted_at__isnull=False)
    forced = Q(state__in=OPENED, confirmed_at__isnull=True) & ~Q(forced_reason="")
    light = Prefetch("revisions", Revision.objects.only("pk", "edition", "author"))
    reviews = Review.objects.only("pk", "edition", "revision", "step", "conclusion", "reviewer", "at").order_by("at", "pk")
    wanted = rows.filter(Q(state__in=UNDER) | back | forced | Q(state=State.DRAFT, asked=True))
    found = list(wanted.order_by("submitted_at", "pk").prefetch_related(light, Prefetch("reviews", reviews))[:MOST])
    workflow.prepare(edition.document for edition in found)
    return found


def _turn(edition: Edition, user: Any) -> workflow.WorkStep | None:
    """The step that is this person's to do now."""
    return next((step for step in workflow.waiting_steps(edition) if not workflow.person_reason(step, edition, user)), None)


def _put(queue: Queue, edition: Edition, words: str, step: str = "") -> None:
    edition.step, edition.wait = step, words  # type: ignore[attr-defined]
    queue.rows.append(edition)


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
