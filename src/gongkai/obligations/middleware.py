"""Nobody waits for the worker: before a page is read, the periods that have begun get their obligations (decision 0016)."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse

from gongkai.clocks.errors import ClockError
from gongkai.obligations import periods

logger = logging.getLogger("gongkai.obligations")


class Periods:
    """One indexed query for each page that is read, and nothing more unless a period has begun since the last one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method in ("GET", "HEAD"):
            bring_up_to_date()
        return self.get_response(request)


def bring_up_to_date() -> None:
    """For any reader of states outside a request too. A page is never refused for it: what failed is logged and tried again by the next."""
    try:
        if periods.is_behind():
            periods.catch_up(batches=10)
    except (DatabaseError, ClockError):
        logger.exception("周期任务没有补齐，下一次访问或后台进程会再做")
