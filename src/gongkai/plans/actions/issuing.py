"""下达: the plan is frozen and every confirmed task becomes obligations, in one transaction and a constant number of statements."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from gongkai.agencies.access import require_office, scope_of
from gongkai.agencies.errors import ActionRefused
from gongkai.agencies.matching import Directory
from gongkai.agencies.models import Agency, Section, User
from gongkai.obligations.clocking import calendar_of
from gongkai.obligations.models import Obligation
from gongkai.obligations.opening import NewObligation, open_obligations
from gongkai.obligations.periods import NewSeries, open_series
from gongkai.plans import search_source
from gongkai.plans.actions.base import note_step
from gongkai.plans.actions.carrying import Begun, begun_before, carry_over
from gongkai.plans.facts import plan_issued
from gongkai.plans.models import Plan, PlanStep, Task, TaskUnit
from gongkai.plans.strands import Strand, strands_of
from gongkai.plans.wording import basis_of, title_of

Role = TaskUnit.Role
SHOWN = 5


@dataclass
class Draft:
    """Everything issuing looks at, read in a constant number of queries."""

    plan: Plan
    tasks: list[Task]
    directory: Directory
    _members: dict[int, list[Agency]] = field(default_factory=dict)

    @classmethod
    def of(cls, plan: Plan) -> Draft:
        tasks = list(
            plan.tasks.order_by("position", "pk").prefetch_related(
                "deadlines", "units__agency", "units__section", "units__collective__members"
            )
        )
        return cls(plan, tasks, Directory(plan.jurisdiction))

    @property
    def confirmed(self) -> list[Task]:
        return [t for t in self.tasks if t.review == Task.Review.CONFIRMED]

    def meant(self, unit: TaskUnit) -> list[tuple[Agency, Section | None]]:
        """The agencies a unit stands for, with the section where one is named."""
        if unit.agency is not None:
            return [(unit.agency, unit.section)]
        if unit.collective is None:
            return []
        if unit.collective_id not in self._members:
            self._members[unit.collective.pk] = self.directory.members(unit.collective)
        return [(agency, None) for agency in self._members[unit.collective.pk]]

    def owners(self, task: Task) -> dict[tuple[int, int | None], tuple[Agency, Section | None, str]]:
        """Who answers for a task, each once: leads before responsibles."""
        found: dict[tuple[int, int | None], tuple[Agency, Section | None, str]] = {}
        for role in (Role.LEAD, Role.RESPONSIBLE):
            for unit in task.units.all():
                if unit.role != role:
                    continue
                for agency, section in self.meant(unit):
                    found.setdefault((agency.pk, section.pk if section else None), (agency, section, role.value))
        return found

    def helpers(self, task: Task) -> tuple[Agency, ...]:
        owners = {pk for pk, _section in self.owners(task)}
        found = {a.pk: a for u in task.units.all() if u.role == Role.SUPPORT for a, _section in self.meant(u)}
        return tuple(a for pk, a in found.items() if pk not in owners)


def _quoted(names: Iterable[str]) -> str:
    listed = list(dict.fromkeys(names))
    return "、".join(f"“{n}”" for n in listed[:SHOWN]) + (f"等 {len(listed)} 个" if len(listed) > SHOWN else "")


def issue_reasons(plan: Plan) -> list[str]:
    """What stands between the draft and its issue, each with counts, whoever asks."""
    if plan.state != Plan.State.DRAFT:
        return [f"方案{plan.get_state_display()}，不能再次下达"]
    return _draft_reasons(Draft.of(plan))


def _draft_reasons(draft: Draft) -> list[str]:
    reasons = []
    pending = [t for t in draft.tasks if t.review == Task.Review.PENDING]
    if pending:
        reasons.append(f"还有 {len(pending)} 项任务没有核对")
    kept = [t for t in draft.tasks if t.review != Task.Review.NOT_A_TASK]
    if not kept:
        reasons.append("方案里没有任务可以下达")
    answering = [(t, u) for t in kept for u in t.units.all() if u.role != Role.SUPPORT]
    unknown = [u.text for _t, u in answering if not u.resolved]
    if unknown:
        reasons.append(f"还有 {len(unknown)} 处牵头或负责单位没有确认：{_quoted(unknown)}")
    nobody = [t for t in kept if not any(u.role != Role.SUPPORT for u in t.units.all())]
    if nobody:
        reasons.append(f"有 {len(nobody)} 项任务没有牵头或负责单位：{_quoted(title_of(t.text) for t in nobody)}；请指定，或标为不是任务")
    empty = [u.text for _t, u in answering if u.resolved and not draft.meant(u)]
    if empty:
        reasons.append(f"集合称谓{_quoted(empty)}在机构名录中没有对应的单位，请先登记这些单位，或改派")
    gone = [u.agency.name for _t, u in answering if u.agency is not None and not u.agency.existed_on(timezone.localdate())]
    if gone:
        reasons.append(f"{_quoted(gone)}已经撤销，请改派给职责承接单位")
    old = draft.plan.supersedes
    if old is not None and old.state != Plan.State.ISSUED:
        reasons.append(f"要代替的方案《{old.title}》{old.get_state_display()}，不能再代替")
    return reasons


def failure_reasons(verb: str, plan: Plan, actor: User | None) -> list[str]:
    """Sentences that stand between this person and a verb on the plan (issue, import's discard, any verb of review); empty: go on."""
    if actor is not None and not scope_of(actor).is_office_of(plan.jurisdiction_id):
        return ["方案由本地区政务公开主管部门核对和下达"]
    if verb == "issue":
        return issue_reasons(plan)
    if plan.state != Plan.State.DRAFT:
        return [f"方案{plan.get_state_display()}，内容已经固定；要调整请导入修订后的方案"]
    return []


@transaction.atomic
def issue(plan: Plan, actor: User | None, *, at: datetime | None = None) -> Plan:
    """下达: freezes the plan and opens the duties of each task (strands.py) for each agency that leads or is responsible; the others help.

    They start on the day of issue (Asia/Shanghai). A plan that supersedes another takes over what was done for unchanged tasks. A second
    press meets an issued plan and is refused. `at` is for plans issued before this installation; views leave it out.
    """
    require_office(actor, plan.jurisdiction_id, "下达方案")
    locked = Plan.objects.select_for_update().select_related("jurisdiction").filter(pk=plan.pk).first()
    if locked is None:
        raise ActionRefused("这个方案已经删除")
    if locked.state != Plan.State.DRAFT:
        raise ActionRefused(f"方案{locked.get_state_display()}，不能再次下达")
    now = timezone.now()
    if at is not None and at > now:
        raise ActionRefused("下达时间不能晚于现在")
    if locked.supersedes_id:
        locked.supersedes = Plan.objects.select_for_update().get(pk=locked.supersedes_id)
    draft = Draft.of(locked)
    if reasons := _draft_reasons(draft):
        raise ActionRefused(reasons)
    at = at or now
    wanted, rhythms = wanted_of(draft, at, begun_before(locked))
    words = f"《{locked.title}》下达"
    opened = open_obligations(wanted, actor, text=words, at=at)
    series = open_series(rhythms, actor, text=words, at=at)
    opened += Obligation.objects.filter(series__in=series).order_by("pk")
    locked.state, locked.opened_by, locked.opened_at = Plan.State.ISSUED, actor, at
    locked.save(update_fields=["state", "opened_by", "opened_at"])
    note_step(
        locked,
        PlanStep.Kind.ISSUED,
        actor,
        text=f"{len(draft.confirmed)} 项任务，{len(wanted)} 件事项" + (f"，{len(series)} 件定期任务" if series else ""),
        before={"state": Plan.State.DRAFT},
        after={"state": Plan.State.ISSUED},
    )
    if locked.supersedes is not None:
        carry_over(locked.supersedes, locked, opened, actor, at)
    plan_issued(locked, actor, at)
    search_source.issued(locked)
    return locked


def wanted_of(draft: Draft, at: datetime, begun: Begun) -> tuple[list[NewObligation], list[NewSeries]]:
    """Everything that issuing the draft at this moment opens."""
    starts_on, calendar = timezone.localdate(at), calendar_of(draft.plan.jurisdiction.code)
    wanted: list[NewObligation] = []
    series: list[NewSeries] = []
    for task in draft.confirmed:
        helpers = draft.helpers(task)
        strands = strands_of(task, draft.plan, starts_on, calendar)
        for agency, section, role in draft.owners(task).values():
            common: dict[str, Any] = {
                "jurisdiction": draft.plan.jurisdiction,
                "owner": agency,
                "section": section,
                "role": role,
                "joint": task.joint,
                "source": Obligation.Source.PLAN_TASK,
                "document_id": draft.plan.pk,
                "subject_id": task.pk,
                "basis": basis_of(draft.plan, task.path),
                "helpers": helpers,
            }
            for strand in strands:
                if strand.cadence:
                    before = begun.get((task.pk, agency.pk, section.name if section else "", strand.cadence))
                    series.append(_series(strand, before, common))
                else:
                    wanted.append(_obligation(strand, starts_on, common))
    return wanted, series


def _obligation(strand: Strand, starts_on: date, common: dict[str, Any]) -> NewObligation:
    return NewObligation(
        **common,
        title=strand.title,
        period=strand.period,
        starts_on=starts_on,
        due_on=strand.due_on,
        standing=strand.standing,
        quota=strand.quota,
        freshness=strand.freshness,
    )


def _series(strand: Strand, before: tuple[date, date | None] | None, common: dict[str, Any]) -> NewSeries:
    """`before`: since when, and until when if that is over, the plan that this one replaces asked for the same rhythm; what was missed then
    is still missing, and what nobody asks for any more does not come back.
    """
    assert strand.since is not None and strand.due_rule is not None
    begun, ended = before or (None, None)
    return NewSeries(
        **common,
        title=strand.title,
        cadence=strand.cadence,
        since=min(strand.since, begun) if begun else strand.since,
        until=min(filter(None, (strand.until, ended)), default=None),
        due_rule=strand.due_rule,
        quota=strand.quota,
    )
