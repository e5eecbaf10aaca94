"""Views of the account: login with lockout (django-axes), dynamic password, change of password."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import views as auth_views
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from gongkai.workbench import totp
from gongkai.workbench.forms import FirstTokenForm, LoginForm, PasswordForm, TokenForm
from gongkai.workbench.journaling import note_account

WRONG_TOKEN = "口令不对。请核对手机时间是否准确，等下一个口令出现后再输一次。"


def safe_next(request: HttpRequest) -> str:
    """The address to go on to, only within this site."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    if url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return target
    return resolve_url("workbench:home")


class Login(auth_views.LoginView):
    """Password step. The door (middleware) asks for the dynamic password next when the user has one."""

    template_name = "workbench/login.html"
    authentication_form = LoginForm
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """LoginView would put the bare host name in `site`, where every page expects the statutory identifiers."""
        return super().get_context_data(**kwargs) | {"site": settings.SITE}


class Password(auth_views.PasswordChangeView):
    template_name = "workbench/password.html"
    form_class = PasswordForm
    success_url = reverse_lazy("workbench:home")

    @method_decorator(sensitive_post_parameters())
    @method_decorator(never_cache)
    def dispatch(self, *args: Any, **kwargs: Any) -> Any:
        return super().dispatch(*args, **kwargs)

    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        note_account("account.password_changed", form.user, form.user)
        messages.success(self.request, "密码已修改。其他设备上的登录已全部退出。")
        return super().form_valid(form)


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def totp_verify(request: HttpRequest) -> HttpResponse:
    """The second step of the login. Wrong entries are slowed down by django-otp: 1, 2, 4 … seconds."""
    if totp.verified(request.user) or not totp.has_device(request.user):
        return redirect(safe_next(request))
    form = TokenForm(request.POST or None)
    if form.is_valid():
        if wait := totp.wait_seconds(request.user):
            form.add_error("token", f"输错次数较多，请等 {wait} 秒再试。")
        elif totp.verify(request, form.cleaned_data["token"]):
            if left := _low_codes(request):
                messages.warning(request, left)
            return HttpResponseRedirect(safe_next(request))
        else:
            form.add_error("token", WRONG_TOKEN)
    return render(request, "workbench/totp_verify.html", {"form": form, "next": safe_next(request)})


def _low_codes(request: HttpRequest) -> str:
    left = totp.codes_left(request.user)
    return f"备用码只剩 {left} 个，请尽快重新生成。" if left < 3 else ""


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def totp_page(request: HttpRequest) -> HttpResponse:
    """Enrol a device, or see the one there is. The backup codes are shown once, in the answer to the POST that made them."""
    if totp.has_device(request.user):
        return render(request, "workbench/totp.html", {"enrolled": True, "codes_left": totp.codes_left(request.user), "form": TokenForm()})
    form = FirstTokenForm(request.POST or None)
    if form.is_valid():
        codes = totp.confirm(request, form.cleaned_data["token"])
        if codes is not None:
            return render(request, "workbench/totp_codes.html", {"codes": codes})
        form.add_error("token", WRONG_TOKEN)
    return render(request, "workbench/totp.html", {"enrolled": False, "offer": totp.offer(request), "form": form})


@never_cache
@login_required
@require_POST
def totp_change(request: HttpRequest) -> HttpResponse:
    """New backup codes (`do=codes`) or removal (`do=remove`); both ask for a dynamic password once more."""
    form = TokenForm(request.POST)
    if form.is_valid():
        if wait := totp.wait_seconds(request.user):
            form.add_error("token", f"输错次数较多，请等 {wait} 秒再试。")
        elif not totp.verify(request, form.cleaned_data["token"]):
            form.add_error("token", WRONG_TOKEN)
        elif request.POST.get("do") == "remove":
            totp.remove(request.user)
            messages.success(request, "动态口令已停用。")
            return redirect("workbench:totp")
        else:
            return render(request, "workbench/totp_codes.html", {"codes": totp.new_codes(request.user)})
    return render(request, "workbench/totp.html", {"enrolled": True, "codes_left": totp.codes_left(request.user), "form": form})
