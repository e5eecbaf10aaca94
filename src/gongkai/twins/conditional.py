"""Public pages are made once for many readers: the same state of the same address is the same bytes (ETag, 304, kept in the cache)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import http_date

from gongkai.twins import hosting

KEEP = 600
"""Seconds; what the state does not tell of (the name of an agency) is as old as that at most."""
LARGEST = 300_000
"""Bytes of a page that is kept; a booklet of a thousand pages is made anew for each reader."""


def tag(request: HttpRequest, *state: Any) -> str:
    """Of the address, the reader's choice of large type, the day, and what the caller says the answer depends on."""
    now = timezone.localtime()
    parts = [
        hosting.key(),
        request.get_host(),
        request.get_full_path(),
        request.COOKIES.get("large", ""),
        now.date(),
        now.timestamp() // KEEP,
    ]
    told = "|".join(str(part) for part in [*parts, *state])
    return f'"{hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()[:32]}"'


def answer(request: HttpRequest, etag: str, changed: datetime | None, make: Callable[[], HttpResponse]) -> HttpResponse:
    """304 to who has this state; the kept bytes; else what `make` gives. Readers with a session get a page of their own (messages)."""
    known = get_conditional_response(request, etag=etag)
    if known is not None:
        return _told(known, etag, changed)
    if settings.SESSION_COOKIE_NAME in request.COOKIES or request.method not in ("GET", "HEAD"):
        return _told(make(), etag, changed)
    key = f"public:{etag}"
    kept = cache.get(key)
    if kept is not None:
        status, content, content_type = kept
        return _told(HttpResponse(content, status=status, content_type=content_type), etag, changed)
    response = make()
    if len(response.content) <= LARGEST:
        cache.set(key, (response.status_code, response.content, response["Content-Type"]), KEEP)
    return _told(response, etag, changed)


def _told(response: HttpResponse, etag: str, changed: datetime | None) -> HttpResponse:
    response["ETag"] = etag
    response["Cache-Control"] = "no-cache"
    response["Vary"] = "Cookie"
    if changed is not None:
        response["Last-Modified"] = http_date(changed.timestamp())
    return response
