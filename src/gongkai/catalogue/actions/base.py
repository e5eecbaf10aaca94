"""What every verb of the catalogue shares: its road (deeds/performing.py) with this app's table, who may do what, the draft it works on."""

from __future__ import annotations

from functools import partial
from typing import Any

from gongkai.agencies.access import scope_of
from gongkai.agencies.models import Agency
from gongkai.catalogue.access import acts_for
from gongkai.catalogue.models import Catalogue, CatalogueVersion, Deed
from gongkai.deeds import performing
from gongkai.deeds.performing import insist, lock, text_reasons

__all__ = ["approver_reason", "editors_of", "insist", "keeper_reason", "lock", "not_draft", "office_reason", "perform", "text_reasons"]

perform = partial(performing.perform, Deed)
Kind = Catalogue.Kind


def keeper_reason(agency: Agency, actor: Any) -> str:
    """Why this person does not keep the agency's catalogues; empty when he does."""
    return "" if acts_for(scope_of(actor), agency) else "目录由编制单位的经办人、审核人或负责人办理"


def office_reason(jurisdiction_id: int, actor: Any) -> str:
    """Columns and terms are the openness office's of the place."""
    return "" if scope_of(actor).is_office_of(jurisdiction_id) else "栏目和词表由本地区政务公开主管部门办理"


def approver_reason(version: CatalogueVersion, actor: Any) -> str:
    """批准 is for the head or a reviewer of the agency, or the openness office of its place, who had no hand in the draft."""
    scope = scope_of(actor)
    agency = version.catalogue.agency
    if not (scope.directs(agency.pk) or scope.is_office_of(agency.jurisdiction_id)):
        return "目录由编制单位的审核人、负责人或者本地区政务公开主管部门批准"
    return "编制或者改动过这一版的人不能批准，请由其他人批准" if actor.pk in editors_of(version) else ""


def editors_of(version: CatalogueVersion) -> set[int]:
    """Who made the draft or changed anything in it."""
    rows = version.standards.order_by().values("pk")
    people = set(Deed.objects.filter(subject="catalogueversion", subject_id=version.pk).values_list("actor_id", flat=True))
    people |= set(Deed.objects.filter(about="catalogueversion", about_id=version.pk).values_list("actor_id", flat=True))
    people |= set(Deed.objects.filter(subject="itemstandard", subject_id__in=rows).values_list("actor_id", flat=True))
    return people | ({version.made_by_id} if version.made_by_id else set())


def not_draft(version: CatalogueVersion) -> list[str]:
    """Why nothing in this version may be changed now: it was approved, or the worker is taking a table over."""
    if version.state != CatalogueVersion.State.DRAFT:
        return ["这一版已经批准，不再改动；要改请先开始修订"]
    running = version.imports.filter(asked_at__isnull=False, applied_at__isnull=True).first()
    return [f"正在导入“{running.name}”，完成后再改动"] if running else []
