"""The accountability pages are read by everybody and change only when something happens: who has the newest is told so in three small
queries (ETag, 304), and what one reader was shown is kept for the next.

Everything on them follows from the journal's newest deed, the day, and the limits in hours that have run out today. While a deed waits for
its seal nothing is kept. Whoever is logged in always gets a page of his own, for it may carry a message to him.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response

import gongkai
from gongkai.journal.queries import newest_change
from gongkai.obligations.middleware import bring_up_to_date, reads_no_states
from gongkai.obligations.models import Obligation
from gongkai.obligations.models.obligation import OPEN
from gongkai.twins import hosting

KEPT_SECONDS = 600
KEPT_BYTES = 200_000
View = Callable[..., HttpResponse]


def state_of_all(request: HttpRequest) -> str:
    """An ETag: the same for the same address means the same bytes. Empty where nobody can promise that."""
    if settings.DEBUG or settings.SESSION_COOKIE_NAME in request.COOKIES:
        return ""
    newest = newest_change()
    if newest is None:
        return ""
    now = timezone.now()
    today = timezone.localdate(now)
    hours = Obligation.objects.filter(OPEN, due_on=today, due_at__lte=now).count()
    large = request.COOKIES.get("large") == "1"  # portal.context.site
    parts = (newest, today, hours, large, request.build_absolute_uri(), gongkai.__version__, settings.SITE, hosting.key())
    return f'"{hashlib.sha256(repr(parts).encode()).hexdigest()[:32]}"'


def answered_cheaply(view: View) -> View:
    """304 to who has the newest; otherwise what was kept under the same ETag, otherwise the view. Periods are looked for where a page is
    made: one begins with a day, which the ETag names, and what is made of it is a deed of the journal."""

    @reads_no_states
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        tag = state_of_all(request)
        if not tag:
            bring_up_to_date()
            return _ask_again(view(request, *args, **kwargs))
        if (unchanged := get_conditional_response(request, etag=tag)) is not None:
            unchanged["ETag"] = tag
            return _ask_again(unchanged)
        key = f"accountability:{tag}"
        if (kept := cache.get(key)) is None:
            bring_up_to_date()
            made = view(request, *args, **kwargs)
            kept = (made.content, {name: made[name] for name in ("Content-Type", "Content-Disposition") if name in made})
            if made.status_code != 200:
                return made
            if len(made.content) <= KEPT_BYTES:
                cache.set(key, kept, KEPT_SECONDS)
        response = HttpResponse(kept[0], headers={**kept[1], "ETag": tag})
        return _ask_again(response)

    return answer


def _ask_again(response: HttpResponse) -> HttpResponse:
    """A browser or proxy may keep it, and asks each time whether it is still so."""
    response["Cache-Control"] = "no-cache"
    response["Vary"] = "Cookie"
    return response
