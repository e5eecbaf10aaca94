"""A person's word on whether a task below answers one above."""

from __future__ import annotations

from django.db import transaction

from gongkai.agencies.access import require_office, scope_of
from gongkai.agencies.errors import ActionRefused, NotAllowed
from gongkai.agencies.models import User
from gongkai.plans.actions.base import note_step
from gongkai.plans.models import Counterpart, PlanStep, Task


@transaction.atomic
def confirm_counterpart(upper_task: Task, lower_task: Task, decision: str, actor: User, similarity: float | None = None) -> Counterpart:
    """Keeps the decision on a pair; a later decision takes the place of the earlier one. By the openness office of either jurisdiction."""
    if decision not in Counterpart.Decision.values:
        raise ActionRefused("请选择“确认对应”或“不对应”")
    if upper_task.plan_id == lower_task.plan_id:
        raise ActionRefused("请选择两个方案的任务")
    scope = scope_of(actor)
    places = {t.plan.jurisdiction_id for t in (upper_task, lower_task)}
    if not places & scope.office_ids:
        raise NotAllowed("上下级任务是否对应，由两级政务公开主管部门确认")
    for task in (upper_task, lower_task):
        if task.plan.state == task.plan.State.DRAFT:
            require_office(actor, task.plan.jurisdiction_id, "核对草稿")
    if similarity is None:
        similarity = _similarity(upper_task, lower_task)
    pair, _made = Counterpart.objects.update_or_create(
        upper=upper_task, lower=lower_task, defaults={"decision": decision, "similarity": similarity, "decided_by": actor}
    )
    note_step(
        lower_task.plan,
        PlanStep.Kind.COMPARED,
        actor,
        task=lower_task,
        text=f"{pair.get_decision_display()}：《{upper_task.plan.title}》",
        after={"upper": upper_task.pk, "lower": lower_task.pk, "decision": decision},
    )
    return pair


def _similarity(upper: Task, lower: Task) -> float:
    from gongkai.plans.counterparts import similarity

    return similarity(upper, lower)
