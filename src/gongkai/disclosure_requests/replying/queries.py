"""What waits for whom among replies, what is like it, and how many were reviewed for secrecy. Constant numbers of queries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet
from django.urls import reverse

from gongkai.agencies.access import scope_of
from gongkai.agencies.models import Agency
from gongkai.disclosure_requests import access, likeness
from gongkai.disclosure_requests.actions import reply_reviews as reviewing
from gongkai.disclosure_requests.models import DisclosureRequest, Reply, ReplyReview, Service
from gongkai.formats.annual_report.outcomes import outcomes

MOST = 500
"""Replies looked at for one person, the longest waiting first."""
EARLIER = 400
"""Closed requests of the agency that are compared with a new one, the latest first."""
OFFERED = 3
TITLES = {"to_review": "待我审核", "to_secrecy": "待我保密审查", "to_sign": "待我签发", "to_send": "待送达", "returned": "退回修改"}


@dataclass(slots=True)
class Queue:
    """One kind of thing that waits for this person. Rows are replies with `wait` (what to do) and `step` (of a review, or empty)."""

    key: str
    title: str
    rows: list[Any]

    @property
    def total(self) -> int:
        return len(self.rows)


@dataclass(frozen=True, slots=True)
class Earlier:
    """A reply of the agency to a request like this one."""

    reply: Reply
    share: float

    @property
    def title(self) -> str:
        return outcomes()[self.reply.outcome].title


def queues(user: Any) -> list[Queue]:
    """待我审核、待我签发、待送达、退回修改, without what is empty. Two queries however much there is; for the page here and for the home
    of the workbench."""
    scope = scope_of(user)
    if not scope.is_staff_member:
        return []
    found = {key: Queue(key, title, []) for key, title in TITLES.items()}
    for reply in _waiting(user):
        _sort(found, reply, user)
    return [queue for queue in found.values() if queue.rows]


def _waiting(user: Any) -> list[Reply]:
    scope = scope_of(user)
    mine = Q(request__agency__in=scope.kept_ids)
    mine |= Q(request__agency__kind=Agency.Kind.GOVERNMENT, request__jurisdiction__in=scope.office_ids | scope.competent_head_ids)
    unserved = Exists(Service.objects.filter(reply=OuterRef("pk"), served_on__isnull=True, failed=""))
    failed = Exists(Service.objects.filter(reply=OuterRef("pk")).exclude(failed=""))
    under = Q(signed_at__isnull=True, proposed_at__isnull=False)
    sent_back = Exists(ReplyReview.objects.filter(reply=OuterRef("pk"), conclusion=ReplyReview.Conclusion.RETURNED))
    returned = Q(signed_at__isnull=True, proposed_at__isnull=True, author=user.pk) & Q(sent_back)
    again = Q(request__closed_on__isnull=True) | Q(request__reopened_on__isnull=False)
    unsent = Q(signed_at__isnull=False) & again
    on_the_way = Q(signed_at__isnull=False, served_on__isnull=True) & (Q(unserved) | Q(failed))
    rows = Reply.objects.filter(mine, replaced_at__isnull=True).filter(under | returned | unsent | on_the_way)
    rows = rows.filter(request__withdrawn_at__isnull=True).annotate(unserved=unserved, came_back=failed).defer("text", "snapshots")
    reviews = Prefetch("reviews", ReplyReview.objects.order_by("at", "id"))
    chosen = rows.select_related("request__agency__jurisdiction", "request__obligation", "author")
    return list(chosen.order_by("proposed_at", "pk").prefetch_related(reviews)[:MOST])


def _sort(found: dict[str, Queue], reply: Any, user: Any) -> None:
    acting = access.acts_for(user, reply.request.agency)
    if reply.signed_at is not None:
        if acting:
            words = "登记送达" if reply.unserved else "重新发出" if reply.came_back and reply.request.closed_on else "发出"
            _put(found["to_send"], reply, words)
    elif reply.proposed_at is None:
        _put(found["returned"], reply, "修改")
    else:
        step = turn(reply, user)
        if step:
            secrecy = step == ReplyReview.Step.SECRECY
            _put(found["to_secrecy" if secrecy else "to_review"], reply, "保密审查" if secrecy else ReplyReview.Step(step).label, step)
        elif not reviewing.sign_role(user, reply) and set(reviewing.steps_of(reply)) <= _passed(reply):
            _put(found["to_sign"], reply, "签发")


def _passed(reply: Reply) -> set[str]:
    passed = ReplyReview.Conclusion.PASSED
    return {row.step for row in reply.reviews.all() if row.version == reply.version and row.conclusion == passed}


def turn(reply: Reply, user: Any) -> str:
    """The step of review that is this person's to do now, or an empty string. No query where reviews are prefetched."""
    done = _passed(reply)
    mine = {row.step for row in reply.reviews.all() if row.version == reply.version and row.reviewer_id == user.pk}
    for step in reviewing.steps_of(reply):
        if step in done or (step == ReplyReview.Step.SECOND and ReplyReview.Step.CONTENT not in done):
            continue
        if not reviewing.step_role(user, reply, step) and not (mine & done):
            return step
    return ""


def _put(queue: Queue, reply: Any, words: str, step: str = "") -> None:
    reply.wait, reply.step = words, step
    reply.address = reverse("request_cases:reply", args=[reply.pk])
    queue.rows.append(reply)


def like(request: DisclosureRequest, user: Any) -> list[Earlier]:
    """Earlier replies of the agency to requests like this one, most alike first. One query, and one for the replies offered."""
    if not request.likeness:
        return []
    rows = DisclosureRequest.objects.filter(agency=request.agency_id, closed_on__isnull=False).exclude(pk=request.pk)
    pairs = rows.order_by("-closed_on", "-pk").values_list("pk", "likeness")[:EARLIER]
    shares = {pk: share for pk, signature in pairs if (share := likeness.share(request.likeness, signature)) >= likeness.ALIKE}
    best = sorted(shares, key=lambda pk: -shares[pk])[:OFFERED]
    replies = Reply.objects.filter(request__in=best, replaced_at__isnull=True, signed_at__isnull=False).select_related("request__agency")
    found = [Earlier(reply, shares[reply.request_id]) for reply in replies if access.may_read_case(user, reply.request)]
    return sorted(found, key=lambda one: -one.share)


def reviewed_share(agencies: Iterable[int] | QuerySet[Any], first: date, last: date) -> tuple[int, int]:
    """(replies signed from `first` to `last` whose signed version passed its secrecy review, all signed in these days): S2-30. They are
    equal, or something went past the verbs."""
    signed = Reply.objects.filter(request__agency__in=agencies, signed_at__date__range=(first, last))
    passed = ReplyReview.objects.filter(
        reply=OuterRef("pk"),
        version=OuterRef("version"),
        step=ReplyReview.Step.SECRECY,
        conclusion=ReplyReview.Conclusion.PASSED,
    ).exclude(reviewer=F("reply__author"))
    return signed.filter(Exists(passed)).count(), signed.count()
