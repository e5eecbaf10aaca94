"""A place's own 有效期 for documents that name no last day. It holds for all of them at once, since the state is computed."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from gongkai.agencies.access import scope_of
from gongkai.agencies.errors import ActionRefused, NotAllowed
from gongkai.agencies.models import Jurisdiction, User
from gongkai.journal.actions import record
from gongkai.publications.actions.base import text_reasons
from gongkai.publications.models import Deed, ValidityTerm

LONGEST = 600
"""Months."""
ACTION = f"publications.{Deed.Kind.CONFIGURED}"


def may_set(place_id: int, actor: User) -> bool:
    """The openness office of the place, or the head of its competent agency."""
    scope = scope_of(actor)
    return scope.is_office_of(place_id) or scope.heads_competent_agency_of(place_id)


@transaction.atomic
def set_term(place: Jurisdiction, actor: User, term: str, months: int | None, basis: str = "") -> bool:
    """`months` None: as rules/validity.toml has it. Whether anything changed; the same values again change nothing and are no deed."""
    if not may_set(place.pk, actor):
        raise NotAllowed("有效期由本地区政务公开主管部门设置")
    Jurisdiction.objects.select_for_update().get(pk=place.pk)
    if reasons := _reasons(term, months, basis):
        raise ActionRefused(reasons)
    row = ValidityTerm.objects.filter(jurisdiction=place, term=term).first()
    old = {"months": row.months, "basis": row.basis} if row else {}
    new = {"months": months, "basis": basis.strip()} if months is not None else {}
    if old == new:
        return False
    if row is None:
        row = ValidityTerm.objects.create(jurisdiction=place, term=term, **new)
    elif months is not None:
        ValidityTerm.objects.filter(pk=row.pk).update(**new)
    else:
        ValidityTerm.objects.filter(pk=row.pk).delete()
    record(ACTION, row, actor=actor, old=old, new=new, place=place.pk)
    # The pages of all documents of the place may say something else now; of that the last deed tells (public_cache.py).
    now = timezone.now()
    key = f"term:{place.pk}:{term}:{now.isoformat()}"
    Deed.objects.create(kind=Deed.Kind.CONFIGURED, subject="validityterm", subject_id=row.pk, actor=actor, at=now, text=basis, key=key)
    return True


def _reasons(term: str, months: int | None, basis: str) -> list[str]:
    if term not in ("plain", "trial"):
        return ["请选择一般或者试行、暂行"]
    if months is None:
        return []
    reasons = text_reasons(basis, most=300)
    if not 1 <= months <= LONGEST:
        reasons.append(f"有效期填 1 到 {LONGEST} 个月")
    if not basis.strip():
        reasons.append("请写明依据：哪个规定定的")
    return reasons
