"""The door of /work/: nobody gets past it without logging in and, where a device exists or is required, without the dynamic password.

Views check again (`agencies.auth.staff_required`); this holds even for a view that forgets to.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import get_script_prefix, get_urlconf, reverse

from gongkai.agencies.auth import return_address
from gongkai.workbench import totp

NOT_SAVED = "登录已经过期，刚才的提交没有保存。登录后会回到原来的页面，请重新提交。"
OPEN = ("workbench:login", "workbench:logout")
HALF_OPEN = ("workbench:totp_verify",)  # logged in by password only
ENROL = ("workbench:totp", "workbench:password")  # reachable without a device even when one is required


class WorkDoor:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith("/work/"):
            if answer := self.stop(request):
                return answer
            response = self.get_response(request)
            response.headers.setdefault("Cache-Control", "no-store")  # the back button shows nothing after logging out
            return response
        return self.get_response(request)

    def stop(self, request: HttpRequest) -> HttpResponse | None:
        """Where to send the visitor instead, or None to let pass."""
        if _is(request, OPEN):
            return None
        if not request.user.is_authenticated:
            if request.method == "POST":
                messages.warning(request, NOT_SAVED)
            return redirect_to_login(return_address(request))
        if totp.verified(request.user) or _is(request, HALF_OPEN):
            return None
        if totp.has_device(request.user):
            return HttpResponseRedirect(f"{reverse('workbench:totp_verify')}?{urlencode({'next': return_address(request)})}")
        if settings.REQUIRE_TOTP and not _is(request, ENROL):
            messages.warning(request, "本系统要求使用动态口令，请先启用。")
            return HttpResponseRedirect(reverse("workbench:totp"))
        return None


def _is(request: HttpRequest, names: tuple[str, ...]) -> bool:
    return request.path in _addresses(names, get_script_prefix(), get_urlconf())


@lru_cache(maxsize=16)
def _addresses(names: tuple[str, ...], prefix: str, urlconf: str | None) -> frozenset[str]:
    return frozenset(reverse(name) for name in names)
