"""设定: the pattern of a place's index numbers and the labels it prints. By the openness office of the place."""

from __future__ import annotations

from gongkai.agencies.access import scope_of
from gongkai.agencies.models import Jurisdiction, User
from gongkai.formats import index_number
from gongkai.publications.actions.base import insist, perform
from gongkai.publications.models import Deed, IndexPattern, PlaceLabels
from gongkai.publications.vocabularies import label_sets


def role_reason(place: Jurisdiction, actor: User) -> str:
    return "" if scope_of(actor).is_office_of(place.pk) else "索引号格式和印制标识由本地区政务公开主管部门设定"


def configure(place: Jurisdiction, actor: User, *, key: str, pattern: str, labels: str) -> IndexPattern:
    """From now on; numbers that were given stay. The serial goes on where the new pattern's period was used before."""
    pattern = "".join(pattern.split())
    missing = [*index_number.reasons(pattern), *([] if labels in label_sets() else ["没有这套标识"])]

    def work() -> IndexPattern:
        insist(role_reason(place, actor), missing)
        IndexPattern.objects.get_or_create(jurisdiction=place, defaults={"pattern": pattern})
        row = IndexPattern.objects.select_for_update().get(jurisdiction=place)
        row.pattern = pattern
        row.save(update_fields=["pattern"])
        PlaceLabels.objects.update_or_create(jurisdiction=place, defaults={"labels": labels})
        return row

    words = f"索引号 {pattern}；标识 {label_sets()[labels].name if labels in label_sets() else labels}"
    return perform(Deed.Kind.CONFIGURED, actor, key, None, work, text=words, agency_id=None)
