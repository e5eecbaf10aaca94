"""When a public page of publishing says something else: when its own document changes, which is read on every request, or when anything
else of publishing does, of which the last deed tells; and the day begins anew for everybody, because validity is counted by days.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from gongkai.publications.models import Deed
from gongkai.twins import conditional
from gongkai.twins.conditional import answer as answer


def last_deed() -> int:
    """One query."""
    return Deed.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def tag(request: HttpRequest, *state: Any) -> str:
    """Of the address, the document's own state, and the last deed. One query."""
    return conditional.tag(request, last_deed(), *state)
