"""Who is knocking, for the lock-out after wrong passwords: the address the outermost of our own proxies saw."""

from __future__ import annotations

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str | None:
    """The address to count wrong passwords by.

    With GONGKAI_PROXIES = n, each of n proxies appends to X-Forwarded-For the address it was called from, so the n-th from the right was
    written by our outermost proxy; everything left of it is the visitor's own word. Where the header is shorter or no address stands
    there, somebody came round the proxies, and the connection's own address counts.
    """
    direct: str | None = request.META.get("REMOTE_ADDR") or None
    proxies: int = settings.PROXIES
    if proxies < 1:
        return direct
    chain = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    if len(chain) < proxies:
        return direct
    try:
        return str(ip_address(chain[-proxies]))
    except ValueError:
        return direct
