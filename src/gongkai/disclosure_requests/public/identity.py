"""A place's own identity provider fills in who asks (OpenID Connect, code flow with PKCE); off until it is configured, never needed.

The claims are taken from the userinfo endpoint over the connection this installation opened itself (OpenID Connect Core 1.0 §5.3), so that
nothing has to be believed that came through the browser. They stay in the session, sealed, until the form is sent and go nowhere else.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import urllib.error
import urllib.request
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib import messages
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from gongkai import twins
from gongkai.sealing import keys

STATE, KNOWN = "request_identity_state", "request_identity"
SECONDS, LARGEST = 5, 100_000
KEPT = 600
FAILED = "身份认证没有成功，请重试，或者直接填写姓名和证件号码。"


class ProviderError(RuntimeError):
    """The provider did not answer as the standard says. Nothing of what it said is in the message."""


def is_on() -> bool:
    return bool(settings.OIDC_URL and settings.OIDC_CLIENT)


def known(request: HttpRequest) -> dict[str, str]:
    """{name, identity_number, phone} as far as the provider told them; empty without it."""
    kept = request.session.get(KNOWN) if is_on() else None
    return dict(json.loads(keys.unseal(kept.encode("ascii")))) if kept else {}


def forget(request: HttpRequest) -> None:
    for key in (STATE, KNOWN):
        request.session.pop(key, None)


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


def _asked(url: str, data: dict[str, str] | None = None, token: str = "") -> dict[str, Any]:
    """One JSON answer of the provider. Raises ProviderError."""
    if urlsplit(url).scheme not in ("https", "http") or urlsplit(url).netloc != urlsplit(settings.OIDC_URL).netloc:
        raise ProviderError("another host")
    headers = {"Accept": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    body = urlencode(data).encode() if data is not None else None
    wanted = urllib.request.Request(url, data=body, headers=headers)  # noqa: S310 — scheme and host are looked at above
    try:
        with urllib.request.build_opener(_NoRedirects).open(wanted, timeout=SECONDS) as answer:
            found = json.loads(answer.read(LARGEST))
    except (OSError, ValueError, urllib.error.URLError) as error:
        raise ProviderError(type(error).__name__) from None
    if not isinstance(found, dict):
        raise ProviderError("no object")
    return found


def _endpoints() -> dict[str, str]:
    """Of the discovery document, kept for ten minutes."""
    key = f"oidc:{settings.OIDC_URL}"
    found = cache.get(key)
    if found is None:
        told = _asked(f"{settings.OIDC_URL}/.well-known/openid-configuration")
        names = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint")
        if not all(isinstance(told.get(name), str) for name in names):
            raise ProviderError("no endpoints")
        found = {name: told[name] for name in names}
        cache.set(key, found, KEPT)
    return dict(found)


def _back(request: HttpRequest) -> str:
    return twins.address(reverse("requests:identity_back"), request)


@never_cache
@require_safe
def go(request: HttpRequest, code: str) -> HttpResponse:
    """To the provider, with what proves on the way back that it was this browser."""
    if not is_on():
        raise Http404("没有设置身份认证")
    state, verifier = secrets.token_urlsafe(24), secrets.token_urlsafe(48)
    try:
        where = _endpoints()["authorization_endpoint"]
    except ProviderError:
        return _sorry(request, code)
    request.session[STATE] = {"state": state, "verifier": verifier, "agency": code[:40]}
    proof = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    asked = {
        "response_type": "code",
        "client_id": settings.OIDC_CLIENT,
        "redirect_uri": _back(request),
        "scope": settings.OIDC_SCOPE,
        "state": state,
        "code_challenge": proof,
        "code_challenge_method": "S256",
    }
    return redirect(f"{where}{'&' if '?' in where else '?'}{urlencode(asked)}")


@never_cache
@require_safe
def back(request: HttpRequest) -> HttpResponse:
    """From the provider: the code is changed into claims, once."""
    kept = request.session.pop(STATE, None) if is_on() else None
    if not kept or not constant_time_compare(kept["state"], request.GET.get("state", "")):
        raise Http404("身份认证已经过期")
    try:
        told = _claims(request, request.GET.get("code", ""), kept["verifier"])
    except ProviderError:
        return _sorry(request, kept["agency"])
    request.session[KNOWN] = keys.seal(json.dumps(told).encode()).decode("ascii")
    return redirect("requests:form", kept["agency"])


def _claims(request: HttpRequest, code: str, verifier: str) -> dict[str, str]:
    if not code or len(code) > 2000:
        raise ProviderError("no code")
    points = _endpoints()
    given = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": _back(request),
        "client_id": settings.OIDC_CLIENT,
        "client_secret": settings.OIDC_SECRET,
        "code_verifier": verifier,
    }
    token = _asked(points["token_endpoint"], given).get("access_token")
    if not isinstance(token, str) or not token:
        raise ProviderError("no token")
    told = _asked(points["userinfo_endpoint"], token=token)
    names = {"name": settings.OIDC_NAME, "identity_number": settings.OIDC_NUMBER, "phone": "phone_number"}
    found = {field: value.strip()[:100] for field, claim in names.items() if isinstance(value := told.get(claim), str) and value.strip()}
    if "name" not in found:
        raise ProviderError("no name")
    return found


def _sorry(request: HttpRequest, code: str) -> HttpResponse:
    messages.error(request, FAILED)
    return redirect("requests:form", code)
