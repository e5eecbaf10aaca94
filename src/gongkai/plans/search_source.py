"""Plans and their tasks as the public finds them: plans that were issued, tasks of those in force."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date

from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils import timezone

from gongkai.obligations.models import Obligation
from gongkai.plans.access import public_plans
from gongkai.plans.models import Plan, Task, TaskUnit
from gongkai.search import log
from gongkai.search.model import PLACE, Record
from gongkai.search.sources import Shown, Source, key_of

PLAN, TASK = "plan", "task"


def issued(plan: Plan) -> None:
    """Inside the transaction that issues a plan: it and what it replaced are found otherwise from now on."""
    plans = [pk for pk in (plan.pk, plan.supersedes_id) if pk]
    log.changed(PLAN, plans)
    log.changed(TASK, Task.objects.filter(plan__in=plans).values_list("pk", flat=True))


def _tasks() -> QuerySet[Task]:
    rows = Task.objects.filter(review=Task.Review.CONFIRMED, plan__state=Plan.State.ISSUED, plan__in=public_plans())
    return rows.select_related("plan__jurisdiction").defer("plan__source_text")


def _day(plan: Plan) -> date:
    """The date it bears, else the day it was issued here."""
    assert plan.issued_on or plan.opened_at, "only issued plans are found"
    return plan.issued_on or timezone.localdate(plan.opened_at)


def _plan_records(ids: Collection[int]) -> Iterable[Record]:
    owners: dict[int, set[str]] = {}
    duties = Obligation.objects.filter(source=Obligation.Source.PLAN_TASK, document_id__in=ids).order_by()
    for pk, owner in duties.values_list("document_id", "owner").distinct():
        owners.setdefault(pk or 0, set()).add(str(owner))
    for plan in public_plans().filter(pk__in=ids):
        on = _day(plan)
        yield Record(
            key_of(PLAN, plan.pk),
            plan.title,
            "\n".join(filter(None, (plan.issuer, plan.jurisdiction.name, plan.source_text))),
            on,
            plan.doc_number or "",
            {"kind": [PLAN], "year": [str(on.year)], "agency": owners.get(plan.pk, ()), PLACE: [str(plan.jurisdiction_id)]},
        )


def _task_records(ids: Collection[int]) -> Iterable[Record]:
    units = Prefetch("units", TaskUnit.objects.select_related("agency").order_by("role", "position", "pk"))
    for task in _tasks().filter(pk__in=ids).prefetch_related(units):
        names = [name for unit in task.units.all() for name in (unit.text, unit.agency.name if unit.agency else "") if name]
        on = _day(task.plan)
        agencies = {str(unit.agency_id) for unit in task.units.all() if unit.agency_id}
        yield Record(
            key_of(TASK, task.pk),
            task.text,
            "\n".join(dict.fromkeys(names)),
            on,
            "",
            {"kind": [TASK], "year": [str(task.plan.year or on.year)], "agency": agencies, PLACE: [str(task.plan.jurisdiction_id)]},
        )


def _after(rows: QuerySet[Plan] | QuerySet[Task], after: int, limit: int) -> list[int]:
    return list(rows.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:limit])


def _plans_shown(ids: Collection[int]) -> Mapping[int, Shown]:
    shown = {}
    for plan in public_plans().filter(pk__in=ids).defer("source_text"):
        mark = "已被新方案代替" if plan.state == Plan.State.SUPERSEDED else ""
        notes = tuple(filter(None, (plan.jurisdiction.name, plan.issuer, plan.doc_number)))
        shown[plan.pk] = Shown(plan.title, reverse("public_plans:detail", args=[plan.pk]), notes, mark)
    return shown


def _tasks_shown(ids: Collection[int]) -> Mapping[int, Shown]:
    shown = {}
    units = Prefetch("units", TaskUnit.objects.select_related("agency").order_by("role", "position", "pk"))
    for task in _tasks().filter(pk__in=ids).prefetch_related(units):
        who = "、".join(dict.fromkeys(unit.agency.display_name if unit.agency else unit.text for unit in task.units.all()))
        url = f"{reverse('public_plans:detail', args=[task.plan_id])}#task-{task.pk}"
        shown[task.pk] = Shown(task.text, url, tuple(filter(None, (who, f"《{task.plan.title}》"))))
    return shown


def _public_plans(ids: Collection[int]) -> Iterable[int]:
    return public_plans().filter(pk__in=ids).values_list("pk", flat=True)


def _public_tasks(ids: Collection[int]) -> Iterable[int]:
    return _tasks().filter(pk__in=ids).values_list("pk", flat=True)


PLANS = Source(PLAN, "方案", _plan_records, lambda after, limit: _after(public_plans(), after, limit), _plans_shown, live=_public_plans)
TASKS = Source(TASK, "任务", _task_records, lambda after, limit: _after(_tasks(), after, limit), _tasks_shown, live=_public_tasks)
