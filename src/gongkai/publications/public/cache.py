"""When a public page of publishing says something else: when its own document changes, which is read on every request, or when anything
else of publishing does, of which the last deeds tell; and the day begins anew for everybody, because validity is counted by days.

What is done to a draft changes no public page: in a city that writes all day the pages would never be kept otherwise.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from django.db.models import Q
from django.http import HttpRequest

from gongkai.publications.models import Deed
from gongkai.publications.models.deeds import AT_WORK
from gongkai.twins import conditional
from gongkai.twins.compiled import Compiled
from gongkai.twins.conditional import answer as answer

SEVERAL = 20
SEEN = ~Q(about="edition", kind__in=AT_WORK)
"""As the condition of the index that answers it (models/deeds.py)."""


@cache
def _deeds() -> Compiled[int]:
    return Compiled(Deed.objects.filter(SEEN).order_by("-pk").values_list("pk", flat=True)[:SEVERAL])


def last_deeds() -> tuple[int, ...]:
    """The numbers of the last deeds that the public can see something of. Several: a deed gets its number before it is committed, so that
    one may come to stand behind a later one. One query."""
    return tuple(_deeds()())


def tag(request: HttpRequest, *state: Any) -> str:
    """Of the address, the document's own state, and the last deeds. One query."""
    return conditional.tag(request, last_deeds(), *state)
