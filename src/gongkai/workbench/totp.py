"""The second factor: dynamic passwords (RFC 6238) from an authenticator, and backup codes for the day the phone is lost."""

from __future__ import annotations

from base64 import b32encode
from dataclasses import dataclass
from functools import cache
from typing import Any

import segno
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django_otp import devices_for_user, login
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_otp.util import random_hex

from gongkai.agencies.actor import actor_of
from gongkai.twins.compiled import GIVEN, Compiled
from gongkai.workbench.journaling import note_account

SESSION_KEY = "totp_key"
CODES = 10


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A secret offered to the user, not yet in force: as text to type and as a QR code (inline SVG)."""

    key: str
    secret: str
    qr: str


def has_device(user: Any) -> bool:
    """Asked for every page of the workbench by those who have shown no second factor."""
    return bool(_devices()(user.pk))


@cache
def _devices() -> Compiled[int]:
    return Compiled(TOTPDevice.objects.filter(user=GIVEN, confirmed=True).values_list("pk", flat=True)[:1])


def verified(user: Any) -> bool:
    """Whether this session has shown the second factor (django_otp's middleware adds the method to the user)."""
    return bool(user.is_verified())


def offer(request: HttpRequest) -> Enrolment:
    """The secret of this session; nothing is stored in the database until a first password proves that it was scanned."""
    key = request.session.get(SESSION_KEY) or random_hex(20)
    request.session[SESSION_KEY] = key
    device = TOTPDevice(user=request.user, key=key, name="动态口令")
    secret = b32encode(device.bin_key).decode().rstrip("=")
    qr = segno.make(device.config_url, error="m", micro=False).svg_inline(
        scale=4, border=3, dark="#000", light="#fff", svgclass=None, lineclass=None
    )
    return Enrolment(key, " ".join(secret[n : n + 4] for n in range(0, len(secret), 4)), qr)


def confirm(request: HttpRequest, token: str) -> list[str] | None:
    """Puts the offered secret in force when `token` proves it. Returns the backup codes, shown once; None when the token is wrong."""
    key = request.session.get(SESSION_KEY)
    if not key:
        return None
    with transaction.atomic():
        TOTPDevice.objects.filter(user=request.user, confirmed=False).delete()
        device = TOTPDevice.objects.create(user=request.user, key=key, name="动态口令", confirmed=False)
        if not device.verify_token(token):
            device.delete()
            return None
        TOTPDevice.objects.filter(user=request.user, confirmed=True).delete()
        device.confirmed = True
        device.save()
        note_account("account.totp_enrolled", actor_of(request), actor_of(request))
        codes = new_codes(request.user)
    request.session.pop(SESSION_KEY)
    login(request, device)
    request.session.cycle_key()
    return codes


def new_codes(user: Any) -> list[str]:
    """Ten fresh backup codes; the former ones stop working."""
    with transaction.atomic():
        # The device itself stays: a session that was opened with a backup code must not be closed by asking for new ones.
        device, _created = StaticDevice.objects.get_or_create(user=user, defaults={"name": "备用码"})
        device.token_set.all().delete()
        codes = [StaticToken.random_token() for _ in range(CODES)]
        StaticToken.objects.bulk_create(StaticToken(device=device, token=code) for code in codes)
        note_account("account.codes_renewed", user, user)
    return codes


def codes_left(user: Any) -> int:
    return StaticToken.objects.filter(device__user=user).count()


def remove(user: Any) -> None:
    with transaction.atomic():
        TOTPDevice.objects.filter(user=user).delete()
        StaticDevice.objects.filter(user=user).delete()
        note_account("account.totp_removed", user, user)


def verify(request: HttpRequest, token: str) -> bool:
    """Checks a password (six digits) or a backup code (used up by that) and marks the session as verified, under a new session key."""
    model = TOTPDevice if len(token) == 6 and token.isdecimal() else StaticDevice
    with transaction.atomic():
        # One device at a time: a wrong password must not lengthen the pause of the backup codes, nor the reverse.
        for device in model.objects.select_for_update().filter(user=request.user, confirmed=True):
            if device.verify_token(token):
                break
        else:
            return False
    login(request, device)
    request.session.cycle_key()
    return True


def wait_seconds(user: Any) -> int:
    """How long this user must wait after wrong entries (django-otp doubles the pause each time); 0 when allowed."""
    longest = 0
    for device in devices_for_user(user):
        allowed, data = device.verify_is_allowed()
        if not allowed and data and data.get("locked_until"):
            longest = max(longest, int((data["locked_until"] - timezone.now()).total_seconds()) + 1)
    return longest
