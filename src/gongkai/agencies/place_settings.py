"""What a place decides for itself about its lights: how long before the due date they turn yellow, how long after it the superior hears."""

from __future__ import annotations

from django.db import transaction

from gongkai.agencies.access import scope_of
from gongkai.agencies.errors import ActionRefused, NotAllowed
from gongkai.agencies.models import Jurisdiction, User
from gongkai.journal.actions import record

LONGEST = 60
"""Working days; three months ahead everything would be yellow."""
FIELDS = ("due_soon_days", "escalate_days")


def may_set(place_id: int, actor: User) -> bool:
    """The openness office of the place, or the head of its competent agency (条例第四条: 主管部门 supervises)."""
    scope = scope_of(actor)
    return scope.is_office_of(place_id) or scope.heads_competent_agency_of(place_id)


@transaction.atomic
def set_lights(place: Jurisdiction, actor: User, due_soon_days: int | None, escalate_days: int | None) -> bool:
    """None: as the installation has it. Whether anything changed; the same values again change nothing and are no deed."""
    if not may_set(place.pk, actor):
        raise NotAllowed("红黄绿灯的提前量由本地区政务公开主管部门设置")
    locked = Jurisdiction.objects.select_for_update().get(pk=place.pk)
    new = {"due_soon_days": due_soon_days, "escalate_days": escalate_days}
    if any(days is not None and not 0 <= days <= LONGEST for days in new.values()):
        raise ActionRefused(f"工作日数填 0 到 {LONGEST} 之间的整数，或者留空")
    old = {name: getattr(locked, name) for name in FIELDS}
    if old == new:
        return False
    for name, value in new.items():
        setattr(locked, name, value)
        setattr(place, name, value)
    locked.save(update_fields=FIELDS)
    record("place.lights", locked, actor=actor, old=old, new=new, place=locked.pk)
    return True
