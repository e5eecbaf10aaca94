"""催办 and its answer: the openness office (of the place or above) or the owner's head urges, the owner replies.

An urging is open until the next reply; nothing is stored but the two steps. Urging moves no date and excuses nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import BooleanField, Case, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.lookups import Exact
from django.utils import timezone

from gongkai.agencies.access import scope_of
from gongkai.agencies.errors import ActionRefused, NotAllowed
from gongkai.agencies.models import Membership, User
from gongkai.journal.actions import record as note
from gongkai.obligations.models import Obligation, Step
from gongkai.obligations.verbs import checked_kinds, content_reasons, ended_words, open_request

LABELS = {"urge": "催办", "reply": "答复催办"}
KINDS = ("urged", "replied")


@dataclass(frozen=True, slots=True)
class Urging:
    """What the page of an obligation says of its urgings. `open` is the one that waits for a reply."""

    open: Step | None
    times: int
    overdue: bool
    """Whether the day by which a reply was asked has passed without one."""


def with_open_urging(qs: QuerySet[Any]) -> QuerySet[Any]:
    """Annotates `urged`: whether the last of urging and reply is an urging."""
    steps = Step.objects.filter(obligation=OuterRef("pk"), kind__in=KINDS).order_by("-at", "-pk")
    last = Subquery(steps.values("kind")[:1])
    return qs.annotate(urged=Case(When(Exact(last, Value("urged")), then=Value(True)), default=Value(False), output_field=BooleanField()))


def urging_of(obligation: Obligation, today: date | None = None) -> Urging:
    """No query where the steps are prefetched, otherwise one."""
    steps = sorted((s for s in obligation.steps.all() if s.kind in KINDS), key=lambda s: (s.at, s.pk))
    waiting = steps[-1] if steps and steps[-1].kind == Step.Kind.URGED else None
    late = bool(waiting and waiting.reply_by and waiting.reply_by < (today or timezone.localdate()))
    return Urging(waiting, sum(s.kind == Step.Kind.URGED for s in steps), late)


def may_urge(obligation: Obligation, actor: Any) -> str:
    """Why this person does not urge, or an empty string."""
    scope = scope_of(actor)
    if obligation.jurisdiction_id in scope.seen_ids or scope.heads(obligation.owner_id):
        return ""
    return "催办由本地区或上级的政务公开主管部门，或者责任单位的负责人办理"


def may_reply(obligation: Obligation, actor: Any) -> str:
    """Why this person does not reply, or an empty string."""
    return "" if scope_of(actor).acts_for(obligation.owner_id) else "答复催办由责任单位的经办人、审核人或负责人办理"


def failure_reasons(verb: str, obligation: Obligation, actor: Any) -> list[str]:
    """Sentences that stand between this person and `urge` or `reply`; empty means it may be done."""
    refusal = (may_urge if verb == "urge" else may_reply)(obligation, actor)
    return [refusal] if refusal else _state_reasons(verb, obligation)


def urge(obligation: Obligation, actor: User, *, key: str, text: str, reply_by: date | None = None) -> Step:
    """催办 with words and, where wanted, the day by which a reply is asked. Raises NotAllowed or ActionRefused."""
    lacking = [] if text.strip() else ["请写明催办什么"]
    if reply_by is not None and reply_by < timezone.localdate():
        lacking.append("要求答复的日期不能早于今天")
    return _do("urge", Step.Kind.URGED, obligation, actor, key, text, lacking, reply_by)


def reply(obligation: Obligation, actor: User, *, key: str, text: str) -> Step:
    """答复催办 by somebody acting for the owner; answers all urgings before it. Raises NotAllowed or ActionRefused."""
    return _do("reply", Step.Kind.REPLIED, obligation, actor, key, text, [] if text.strip() else ["请写明办理情况和打算"], None)


@dataclass(frozen=True, slots=True)
class Summary:
    """What became of an urging of many: how many were urged, and for each of the others why not."""

    urged: int
    refused: list[tuple[Obligation, str]]


def urge_many(obligations: Iterable[Obligation], actor: User, *, key: str, text: str, reply_by: date | None = None) -> Summary:
    """The same words for many, each in a transaction of its own: one that cannot be urged keeps no other back.

    `key` is the form's; each row's is made of it, so that the form sent twice urges nobody twice.
    """
    urged = 0
    refused: list[tuple[Obligation, str]] = []
    for row in obligations:
        try:
            urge(row, actor, key=f"{key}:{row.pk}", text=text, reply_by=reply_by)
        except ActionRefused as error:
            refused.append((row, "；".join(error.reasons)))
        except NotAllowed as error:
            refused.append((row, str(error)))
        else:
            urged += 1
    return Summary(urged, refused)


def _state_reasons(verb: str, obligation: Obligation) -> list[str]:
    if obligation.waived_at:
        return ["这项任务已经免除"]
    if words := ended_words(obligation):
        return [words]
    if obligation.fulfilled_on:
        return ["这项任务已经办结"]
    if verb == "reply":
        return [] if urging_of(obligation).open else ["没有等待答复的催办"]
    if open_request(checked_kinds(obligation)):
        return ["责任单位已经申请办结，正等待核查，不用催办"]
    return []


def _do(verb: str, kind: str, obligation: Obligation, actor: User, key: str, text: str, lacking: list[str], reply_by: date | None) -> Step:
    if not key or len(key) > 100:
        raise ActionRefused("表单不完整，请刷新页面后再提交")
    allowed: Callable[[Obligation, Any], str] = may_urge if verb == "urge" else may_reply
    used = "这张表单已经用于另一条记录，请刷新页面后再提交"
    try:
        with transaction.atomic():
            locked = Obligation.objects.select_for_update().get(pk=obligation.pk)
            if earlier := Step.objects.filter(key=key).first():
                if (earlier.obligation_id, earlier.kind, earlier.actor_id) != (locked.pk, kind, actor.pk):
                    raise ActionRefused(used)
                return earlier
            if refusal := allowed(locked, actor):
                raise NotAllowed(refusal)
            if reasons := _state_reasons(verb, locked) or [*lacking, *content_reasons(text, "")]:
                raise ActionRefused(reasons)
            step = Step.objects.create(
                obligation=locked,
                kind=kind,
                actor=actor,
                agency_id=_agency_of(verb, locked, actor),
                at=timezone.now(),
                text=text.strip(),
                reply_by=reply_by,
                key=key,
            )
            note(
                f"obligation.{verb}",
                locked,
                actor=actor,
                new={"step": step.pk, "reply_by": reply_by},
                note=step.text,
                agency_id=locked.owner_id,
                place=locked.jurisdiction_id,
            )
    except IntegrityError as error:  # the same key at the same moment on another obligation
        raise ActionRefused(used) from error
    return step


def _agency_of(verb: str, obligation: Obligation, actor: User) -> int | None:
    """In whose name: the owner's for its own people, otherwise the openness office's, that of the place before one above it."""
    scope = scope_of(actor)
    if verb == "reply" or (scope.heads(obligation.owner_id) and obligation.jurisdiction_id not in scope.seen_ids):
        return obligation.owner_id
    mine = Membership.objects.filter(user=actor, role=Membership.Role.OFFICE, agency__is_competent=True)
    offices = dict(mine.order_by("agency__code").values_list("agency__jurisdiction", "agency"))
    return offices.get(obligation.jurisdiction_id) or next(iter(offices.values()), None)
