"""Number and check code open one case for half an hour in one browser; wrong tries lock it (a code has forty bits, tries have five)."""

from __future__ import annotations

import time
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from gongkai.disclosure_requests import loaded, numbers
from gongkai.disclosure_requests.models import DisclosureRequest

SESSION = "request_access"
STAYS = 30 * 60
"""Seconds for which a browser that gave number and code sees the case."""
MOST_OPEN = 20
READ = ("clarification", "extension", "fee", "frequency", "replies", "consultations", "parts")
"""What the page of progress tells of besides the case itself."""
MISSING = "请先输入申请编号和查询码"


def wrong_codes() -> int:
    return int(getattr(settings, "REQUEST_WRONG_CODES", 5))


def lock_minutes() -> int:
    return int(getattr(settings, "REQUEST_LOCK_MINUTES", 15))


def refused() -> str:
    """The one sentence for a wrong number, a wrong code and a locked case: it says nothing of which."""
    return f"编号或者查询码不对，请核对。同一编号连续输错 {wrong_codes()} 次，{lock_minutes()} 分钟内不能再查。"


def look_up(number: str, code: str) -> DisclosureRequest | None:
    """The request that this number and code open, or None. Counts wrong tries under lock, whoever tries at the same moment."""
    given = numbers.check_digest(number, code)
    now = timezone.now()
    with transaction.atomic():
        row = DisclosureRequest.objects.select_for_update().filter(number=number).first()
        right = constant_time_compare(given, row.check_digest if row is not None else "0" * 64)
        if row is None or (row.locked_until is not None and row.locked_until > now):
            return None
        same = DisclosureRequest.objects.filter(pk=row.pk)
        if right:
            if row.wrong_codes or row.locked_until:
                same.update(wrong_codes=0, locked_until=None)
            return row
        tries = row.wrong_codes + 1
        if tries >= wrong_codes():
            same.update(wrong_codes=0, locked_until=now + timedelta(minutes=lock_minutes()))
        else:
            same.update(wrong_codes=tries)
    return None


def let_in(request: HttpRequest, row: DisclosureRequest) -> None:
    """Remembers in the session; its key is a new one, so that nobody who planted the old one comes in too."""
    request.session.cycle_key()
    kept = _held(request)
    kept[str(row.pk)] = int(time.time()) + STAYS
    request.session[SESSION] = dict(list(kept.items())[-MOST_OPEN:])


def leave(request: HttpRequest) -> None:
    request.session.pop(SESSION, None)


def _held(request: HttpRequest) -> dict[str, int]:
    now = int(time.time())
    return {pk: until for pk, until in (request.session.get(SESSION) or {}).items() if until > now}


def rows() -> QuerySet[DisclosureRequest]:
    return DisclosureRequest.objects.select_related("agency__jurisdiction", "jurisdiction", "obligation")


def opened(request: HttpRequest, pk: int) -> DisclosureRequest:
    """The case, with its state. Http404 for who did not give its number and code, or those of the one it was split from."""
    held = _held(request)
    try:
        row = rows().get(pk=pk) if held else None
    except DisclosureRequest.DoesNotExist:
        row = None
    if row is None or not {str(row.pk), str(row.split_from_id)} & set(held):
        raise Http404(MISSING)
    loaded.load(row, READ)
    row.state = loaded.state(row)  # type: ignore[attr-defined]
    return row
