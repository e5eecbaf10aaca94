"""审核流程的设定: the steps of a place, or of one of its columns (S1-8). Never without a content step and a secrecy review."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gongkai.agencies.access import scope_of
from gongkai.agencies.models import Jurisdiction, User
from gongkai.catalogue.models import Column
from gongkai.publications.actions.base import insist, perform
from gongkai.publications.models import Deed, Workflow
from gongkai.publications.reviewing import workflow


def role_reason(place: Jurisdiction, actor: Any) -> str:
    return "" if scope_of(actor).is_office_of(place.pk) else "审核流程由本地区政务公开主管部门设定"


def set_steps(place: Jurisdiction, actor: User, *, key: str, steps: Sequence[Mapping[str, str]], column: Column | None = None) -> Workflow:
    """Sets the steps; none at all takes the setting back, so that those above hold again. What is under review goes on by the new steps."""
    wanted = [{name: str(step.get(name, "")).strip() for name in ("id", "name", "role", "kind")} for step in steps]
    for step in wanted:
        if step["role"] == workflow.OFFICE:
            step["reach"] = workflow.COMPETENT
    reasons = workflow.step_reasons(wanted) if wanted else []
    if column is not None and column.jurisdiction_id != place.pk:
        reasons.append("栏目不属于本地区")

    def work() -> Workflow:
        insist(role_reason(place, actor), reasons)
        Jurisdiction.objects.select_for_update().get(pk=place.pk)
        row = Workflow.objects.filter(jurisdiction=place, column=column).first() or Workflow(jurisdiction=place, column=column)
        row.steps = wanted
        row.save()
        return row

    about = Workflow.objects.filter(jurisdiction=place, column=column).first()
    words = f"{column.name if column else place.name}：" + ("、".join(step["name"] for step in wanted) or "按通行流程")
    return perform(Deed.Kind.CONFIGURED, actor, key, about, work, text=words, clash="刚刚由另一个人设定了，请刷新页面")
