"""A plan task as the origin of obligations: the document, its exact words, and where they stand. Registered in apps.ready()."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from gongkai.obligations.models import Obligation
from gongkai.obligations.origins import Origin
from gongkai.plans.access import plans_for, public_plans
from gongkai.plans.actions.events import event_reasons, limits_of
from gongkai.plans.models import Plan, Task
from gongkai.plans.original import surrounding
from gongkai.plans.rows import deadline_view, quota_words


def asked_by(obligation: Obligation) -> tuple[str, list[str]]:
    """The words of the task behind a duty and the channels it names, empty for every other duty. Read once for each row: several lines of
    work ask while one page is made."""
    if obligation.source != Obligation.Source.PLAN_TASK:
        return "", []
    if (kept := obligation.__dict__.get("_asked_by")) is None:
        text, channels = Task.objects.filter(pk=obligation.subject_id).values_list("text", "channels").first() or ("", [])
        kept = obligation.__dict__["_asked_by"] = (text, channels or [])
    return kept


class PlanTasks:
    """The provider for obligations with source `plan_task`."""

    def origin(self, obligation: Obligation, user: Any) -> Origin | None:
        task = Task.objects.select_related("plan").prefetch_related("deadlines").filter(pk=obligation.subject_id).first()
        if task is None:
            return None
        plan = task.plan
        public = plan.state != Plan.State.DRAFT
        before, words, after = surrounding(plan, task)
        facts = [
            ("时限", "；".join(f"{d.words}（{d.raw}）" if d.raw != d.words else d.words for d in map(deadline_view, task.deadlines.all()))),
            ("渠道", "、".join(task.channels or [])),
            ("数量要求", "；".join(map(quota_words, task.quotas or []))),
        ]
        return Origin(
            document=plan.title,
            document_url=reverse("public_plans:detail", args=[plan.pk]) + f"#task-{task.pk}" if public else "",
            place_url=reverse("public_plans:document", args=[plan.pk]) + f"#s{task.pk}" if public else "",
            number=plan.doc_number,
            path=tuple(task.path),
            before=before,
            words=words,
            after=after,
            facts=tuple((label, value) for label, value in facts if value),
            links=tuple(_links(obligation, plan, user)),
        )

    def text(self, obligation: Obligation) -> str:
        return asked_by(obligation)[0]

    def texts(self, ids: Iterable[int]) -> dict[int, str]:
        """Task id → its words; one query."""
        return dict(Task.objects.filter(pk__in=list(ids)).order_by().values_list("pk", "text"))

    def documents(self, ids: Iterable[int], user: Any) -> dict[int, str]:
        wanted = list(ids)
        rows = plans_for(user).filter(pk__in=wanted) | public_plans().filter(pk__in=wanted)
        return dict(rows.order_by().values_list("pk", "title"))


def _links(obligation: Obligation, plan: Plan, user: Any) -> Iterable[tuple[str, str]]:
    if obligation.series_id or obligation.period:
        yield "这项任务的各期和各次", f"{reverse('obligations:ledger')}?plan={plan.pk}&task={obligation.subject_id}"
    if limits_of(obligation) and not event_reasons(obligation, user):
        yield "登记触发事件", reverse("plans:event", args=[obligation.pk])
