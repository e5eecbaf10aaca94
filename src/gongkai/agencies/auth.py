"""Who may enter the staff face. What one may do there is decided by access.py and the actions; this is only the door."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, wraps
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme

from gongkai.agencies.models import Membership
from gongkai.twins.compiled import GIVEN, Compiled

NO_POST = "您的账号还没有任职，不能进入工作台。请联系本单位的管理员登记您所在的单位和角色。"


def memberships_of(user: Any) -> list[Membership]:
    """The posts of a user with agency and section, read once for each request (kept on the user object). Anonymous: none."""
    if not getattr(user, "is_authenticated", False):
        return []
    if not hasattr(user, "_memberships_read"):
        user._memberships_read = _together(_posts()(user.pk))
        for post in user._memberships_read:
            post.user = user
    rows: list[Membership] = user._memberships_read
    return rows


@cache
def _posts() -> Compiled[Membership]:
    """A row for each post and each agency that was merged into its own, and into that: nobody asks for them by themselves."""
    rows = Membership.objects.filter(user=GIVEN).select_related("agency__jurisdiction", "section")
    merged = {"merged": F("agency__predecessors"), "merged_before": F("agency__predecessors__predecessors")}
    return Compiled(rows.annotate(**merged).order_by("agency__code", "role", "pk"))


def _together(rows: list[Membership]) -> list[Membership]:
    """Each post once, with `taken_over`: the keys of the agencies whose powers its agency took over."""
    posts: dict[int, Membership] = {}
    for row in rows:
        post = posts.setdefault(row.pk, row)
        post.taken_over = {*getattr(post, "taken_over", ()), row.merged, row.merged_before} - {None}  # type: ignore[attr-defined]
    return list(posts.values())


def return_address(request: HttpRequest) -> str:
    """Where to go on after logging in: the page itself, or for a form the page it stood on; addresses that only take forms show nothing."""
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    came_from = request.META.get("HTTP_REFERER", "")
    if not url_has_allowed_host_and_scheme(came_from, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return resolve_url(settings.LOGIN_REDIRECT_URL)
    parts = urlsplit(came_from)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def check_staff(request: HttpRequest) -> HttpResponse | None:
    """None for a member of staff; a redirect to the login page for an anonymous visitor; PermissionDenied for a user without a post."""
    if not request.user.is_authenticated:
        return redirect_to_login(return_address(request))
    if not memberships_of(request.user):
        raise PermissionDenied(NO_POST)
    return None


def staff_required(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Decorator of every view under /work/ but the login pages. The dynamic password is enforced by workbench.middleware."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return check_staff(request) or view(request, *args, **kwargs)

    return checked


class StaffRequiredMixin:
    """The same door for class-based views; put it first among the bases."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return check_staff(request) or super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
