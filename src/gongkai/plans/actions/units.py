"""What the wordings of a plan mean: decided once for all places of the plan, remembered for the next plan."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Exists, OuterRef

from gongkai.agencies.access import require_reach
from gongkai.agencies.actions import add_alias, match_suggestion
from gongkai.agencies.errors import ActionRefused
from gongkai.agencies.matching import Directory
from gongkai.agencies.models import Agency, AgencyAlias, AgencySuggestion, CollectiveName, Jurisdiction, Section, User
from gongkai.agencies.names import collective_wording, normal
from gongkai.plans.actions.base import (
    Naming,
    Resolution,
    apply_resolution,
    directory_of,
    lock_draft,
    note_step,
    replace_units,
    snapshot,
    unit_reasons,
)
from gongkai.plans.models import Plan, PlanStep, Task, TaskUnit


@transaction.atomic
def assign_unnamed(plan: Plan, actor: User | None, units: dict[str, Sequence[str]]) -> int:
    """指派: every task still to be reviewed for which the document names nobody gets these units. Returns how many.

    Some plans name nobody anywhere (all departments are meant); naming the same units forty times would be nobody's work. A helper that is
    named already stays. The cost grows with the number of tasks changed.
    """
    plan = lock_draft(plan, actor, "指派任务")
    reasons = unit_reasons(units)
    if not (units.get("lead") or units.get("responsible")):
        reasons.append("请写明牵头单位或负责单位")
    if reasons:
        raise ActionRefused(reasons)
    answering = TaskUnit.objects.filter(task=OuterRef("pk")).exclude(role=TaskUnit.Role.SUPPORT)
    tasks = list(plan.tasks.filter(~Exists(answering), review=Task.Review.PENDING).prefetch_related("units"))
    naming = Naming(plan)
    for task in tasks:
        before = snapshot(task)
        helping = [u.text for u in task.units.all() if u.role == TaskUnit.Role.SUPPORT]
        replace_units(task, naming, {**units, "support": list(dict.fromkeys([*helping, *units.get("support", ())]))})
        task.save(update_fields=["doubts"])
        note_step(plan, PlanStep.Kind.REASSIGNED, actor, task=task, text="一并指派", before=before, after=snapshot(task))
    naming.keep_unknown()
    return len(tasks)


@transaction.atomic
def resolve_unit(
    plan: Plan,
    text: str,
    actor: User | None,
    agency: Agency | None = None,
    collective: CollectiveName | None = None,
    section: Section | None = None,
) -> int:
    """All units of the draft with this wording mean the given agency (or section of it, or collective name). Returns how many.

    The wording becomes an alias, so that nobody is asked again; not when it is vague (相关部门), names a section, or means somebody else
    already: then it holds for this plan only, and the step says so.
    """
    plan = lock_draft(plan, actor, "确认单位")
    if section is not None:
        agency = agency or section.agency
        if section.agency_id != agency.pk:
            raise ActionRefused(f"{section.name}不是{agency.name}的内设机构")
    if (agency is None) == (collective is None):
        raise ActionRefused("请选择一个机构或一个集合称谓")
    if agency is not None:
        require_reach(plan.jurisdiction_id, [agency])
    if collective is not None and collective.jurisdiction_id != plan.jurisdiction_id:
        raise ActionRefused("这个集合称谓属于别的地区")
    wanted = normal(text)
    units = [u for u in TaskUnit.objects.filter(task__plan=plan).select_related("task") if normal(u.text) == wanted]
    if not units:
        raise ActionRefused(f"方案中没有“{text}”这个称谓")
    count = apply_resolution(units, (agency, section, collective), _doubt)
    remark = _remember(plan, wanted, agency, section, actor)
    meant = section or agency or collective
    note_step(
        plan,
        PlanStep.Kind.RESOLVED,
        actor,
        text=f"“{text}”是{meant}，{count} 处{remark}",
        after={
            "text": text,
            "agency": agency.pk if agency else None,
            "section": section.pk if section else None,
            "collective": collective.pk if collective else None,
        },
    )
    return count


def _remember(plan: Plan, wording: str, agency: Agency | None, section: Section | None, actor: User | None) -> str:
    """Makes the wording an alias and closes its suggestion, where that is right; otherwise says in a remark why not."""
    meaning = collective_wording(wording)
    if agency is None or section is not None or (meaning and meaning.rule == "vague"):
        return ""
    waiting = AgencySuggestion.objects.filter(jurisdiction=plan.jurisdiction, text=wording, state=AgencySuggestion.State.OPEN).first()
    try:
        with transaction.atomic():
            if waiting:
                match_suggestion(waiting, agency, actor)
            elif wording != normal(agency.name):
                add_alias(agency, wording, actor, jurisdiction=plan.jurisdiction, origin=AgencyAlias.Origin.CONFIRMED)
    except ActionRefused as refusal:
        return f"；没有登记为别名：{refusal}"
    return ""


def _doubt(unit: TaskUnit) -> str:
    meaning = collective_wording(unit.text)
    return f"“{unit.text}”{meaning.doubt}" if meaning and meaning.doubt else ""


@transaction.atomic
def settle(jurisdiction: Jurisdiction, wording: str, what: Resolution, actor: User | None) -> int:
    """A suggestion was decided: the units that waited for it in the drafts of the jurisdiction mean that now."""
    waiting = (
        TaskUnit.objects.filter(
            task__plan__jurisdiction=jurisdiction, task__plan__state=Plan.State.DRAFT, agency__isnull=True, collective__isnull=True
        )
        .select_related("task__plan")
        .order_by("pk")
    )
    return _settled([u for u in waiting if normal(u.text) == wording], what, wording, actor)


def _settled(units: list[TaskUnit], what: Resolution, wording: str, actor: User | None) -> int:
    if not units or what == (None, None, None):
        return 0
    plans = {u.task.plan_id: u.task.plan for u in units}
    count = apply_resolution(units, what, _doubt)
    meant = next(x for x in (what[1], what[0], what[2]) if x is not None)
    for plan in plans.values():
        note_step(plan, PlanStep.Kind.RESOLVED, actor, text=f"“{wording}”是{meant}（机构名录确认）")
    return count


@transaction.atomic
def rematch(jurisdiction: Jurisdiction, actor: User | None) -> int:
    """The directory knows more now: units of drafts that nobody knew are looked up again. Returns how many are known now."""
    drafts = Plan.objects.filter(
        jurisdiction=jurisdiction, state=Plan.State.DRAFT, tasks__units__agency__isnull=True, tasks__units__collective__isnull=True
    ).distinct()
    settled = 0
    for plan in drafts:
        waiting: dict[str, list[TaskUnit]] = {}
        for unit in TaskUnit.objects.filter(task__plan=plan, agency__isnull=True, collective__isnull=True).select_related("task__plan"):
            waiting.setdefault(unit.text, []).append(unit)
        if not waiting:
            continue
        directory: Directory = directory_of(plan)
        for text, units in waiting.items():
            match = directory.resolve(text)
            if match.agency is not None:
                settled += _settled(units, (match.agency, match.section, None), text, actor)
            elif match.collective is not None and match.collective.pk:
                settled += _settled(units, (None, None, match.collective), text, actor)
    return settled
