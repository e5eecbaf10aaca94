"""Nobody waits for the worker: before a page is read, the periods that have begun get their obligations (decision 0016)."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, TypeVar

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse

from gongkai.clocks.errors import ClockError
from gongkai.obligations import periods

logger = logging.getLogger("gongkai.obligations")
View = TypeVar("View", bound=Callable[..., Any])


def reads_no_states(view: View) -> View:
    """Marks a view that shows no state of an obligation, or looks itself when it makes its page and not when it hands out a kept one. A
    view that forgets the mark costs one query and is right all the same."""
    view.reads_no_states = True  # type: ignore[attr-defined]
    return view


class Periods:
    """One indexed query for each page that is read, and nothing more unless a period has begun since the last one; none at all for the
    pages of publications, which are asked for the most."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any) -> None:
        if request.method in ("GET", "HEAD") and not getattr(view, "reads_no_states", False):
            bring_up_to_date()


def bring_up_to_date() -> None:
    """For any reader of states outside a request too. A page is never refused for it: what failed is logged and tried again by the next."""
    try:
        if periods.is_behind():
            periods.catch_up(batches=10)
    except (DatabaseError, ClockError):
        logger.exception("周期任务没有补齐，下一次访问或后台进程会再做")
