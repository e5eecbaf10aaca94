"""登记触发事件: limits that run from events (文件公开后3个工作日内) begin when somebody says that the event has happened."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from gongkai.agencies.access import scope_of
from gongkai.agencies.errors import ActionRefused, NotAllowed
from gongkai.agencies.models import User
from gongkai.clocks.errors import ClockError
from gongkai.obligations.models import Obligation, Step
from gongkai.obligations.opening import NewObligation, open_obligation
from gongkai.obligations.verbs import ended_words
from gongkai.plans.models import TaskDeadline
from gongkai.plans.rhythm import limit_of
from gongkai.plans.strands import EVENTS

NTH = r"^第\d+次$"
"""The period of what an event opened."""
WAITING = (TaskDeadline.Kind.RELATIVE, TaskDeadline.Kind.ON_EVENT)


def limits_of(obligation: Obligation) -> list[TaskDeadline]:
    """What may begin for this duty; empty for one that waits for no event. One query."""
    if obligation.source != Obligation.Source.PLAN_TASK or obligation.due_on or obligation.series_id:
        return []
    if obligation.period not in ("", EVENTS):  # "" is how such a duty stood before 0.2
        return []
    return list(TaskDeadline.objects.filter(task=obligation.subject_id, kind__in=WAITING).order_by("pk"))


def event_reasons(obligation: Obligation, actor: Any) -> list[str]:
    """Why this person may not record an event now; NotAllowed is raised for the first by `record_event`."""
    scope = scope_of(actor)
    if not (scope.acts_for(obligation.owner_id) or scope.is_office_of(obligation.jurisdiction_id)):
        return ["触发事件由责任单位或本地区政务公开主管部门登记"]
    return _state_reasons(obligation)


def _state_reasons(obligation: Obligation) -> list[str]:
    if obligation.waived_at:
        return ["这项任务已经免除"]
    if words := ended_words(obligation):
        return [words]
    return ["这项任务已经办结"] if obligation.fulfilled_on else []


@transaction.atomic
def record_event(
    obligation: Obligation,
    actor: User,
    *,
    key: str,
    event: str,
    on: date,
    at: datetime | None = None,
    deadline: TaskDeadline | None = None,
    due_on: date | None = None,
) -> Obligation:
    """Opens the obligation that follows from one event: with the clock of `deadline` from the day (a limit in hours: the moment `at`), or
    due on the day a person names where the words name no length (及时, 按牵头单位通知). The same form again returns what it opened.
    """
    parent = Obligation.objects.select_for_update(of=("self",)).select_related("jurisdiction", "owner").get(pk=obligation.pk)
    if earlier := Step.objects.filter(key=key).select_related("obligation").first():
        if earlier.obligation.subject_id != parent.subject_id or earlier.obligation.owner_id != parent.owner_id:
            raise ActionRefused("这张表单已经用于另一条记录，请刷新页面后再提交")
        return earlier.obligation
    if not (scope_of(actor).acts_for(parent.owner_id) or scope_of(actor).is_office_of(parent.jurisdiction_id)):
        raise NotAllowed(event_reasons(parent, actor)[0])
    event = " ".join(event.split())
    if deadline is not None and deadline.pk not in {d.pk for d in limits_of(parent)}:
        raise ActionRefused("这项任务没有这个时限")
    limit = limit_of(deadline, parent.basis) if deadline is not None else None
    reasons = _state_reasons(parent)
    reasons += [] if limits_of(parent) else ["这项任务的期限不由事件起算"]
    reasons += [] if event else ["请写明发生了什么事，如公开的文件名称"]
    reasons += ["事件不能超过 100 个字"] if len(event) > 100 else []
    reasons += ["事件的日期不能晚于今天"] if on > timezone.localdate() else []
    if limit is None and due_on is None:
        reasons.append("原文没有写明多长时间，请填写这一次的期限")
    if limit is None and due_on is not None and due_on < on:
        reasons.append("期限不能早于事件的日期")
    if limit is not None and limit.unit == "hours" and at is None:
        reasons.append("按小时计算的时限要填写事件发生的时刻")
    if reasons:
        raise ActionRefused(reasons)
    try:
        child = open_obligation(_child(parent, event, on, at, deadline, due_on), actor, text=f"登记事件：{event}（{on}）")
    except ClockError as error:
        raise ActionRefused(str(error)) from None
    now = timezone.now()
    words = f"触发事件：{event}（{on}），期限 {child.due_on}"
    told = Step.Kind.ACKNOWLEDGED if scope_of(actor).acts_for(parent.owner_id) else Step.Kind.CHANGED
    Step.objects.create(obligation=child, kind=told, actor=actor, agency_id=parent.owner_id, at=now, text=words, key=key)
    Step.objects.create(
        obligation=parent, kind=Step.Kind.CHANGED, actor=actor, agency_id=parent.owner_id, at=now, text=words, key=f"event:{child.pk}"
    )
    return child


def _child(
    parent: Obligation, event: str, on: date, at: datetime | None, deadline: TaskDeadline | None, due_on: date | None
) -> NewObligation:
    limit = limit_of(deadline, parent.basis) if deadline is not None else None
    of_task = Obligation.objects.filter(source=parent.source, subject_id=parent.subject_id, owner=parent.owner_id, share=parent.share)
    n = of_task.filter(period__regex=NTH).count() + 1
    return NewObligation(
        jurisdiction=parent.jurisdiction,
        owner=parent.owner,
        share=parent.share,
        role=parent.role,
        joint=parent.joint,
        source=parent.source,
        document_id=parent.document_id,
        subject_id=parent.subject_id,
        period=f"第{n}次",
        title=f"{parent.title}：{event}",
        basis=parent.basis,
        starts_on=on,
        due_on=None if limit else due_on,
        limit=limit,
        clock_from=None if limit is None else (at if limit.unit == "hours" and at else on),
        clock_reason=event,
        proof=parent.proof,
        helpers=tuple(helper.agency for helper in parent.helpers.select_related("agency")),
    )
