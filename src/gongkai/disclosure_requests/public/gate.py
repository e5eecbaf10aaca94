"""Who may send the form: a browser that did some work for it, or, where the place allows it, a few without scripts from one address.

The work is altcha's (proof of work by SHA-256, MIT): no picture riddle, nothing from another host, usable by everybody. A challenge serves
one form; what was used is written in the database, so that every process knows it.
"""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import datetime, timedelta
from typing import Any

import altcha
from django.conf import settings
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.module_loading import import_string

from gongkai.agencies.errors import ActionRefused
from gongkai.agencies.models import Agency
from gongkai.disclosure_requests import numbers
from gongkai.disclosure_requests.models import Knock, OpenForm

Kind = Knock.Kind
WORK = 100_000
"""Hashes at most: half a second of a phone."""
LASTS = timedelta(hours=2)
"""A challenge serves a form that long; the page takes a new one before."""
LONGEST_PAYLOAD = 4_000
AGAIN = "您填写的内容和文件都还在。"
REFUSED = f"验证没有通过，请再按一次“提交申请”。{AGAIN}"
EXPIRED = f"页面打开得太久，验证已过期，请再按一次“提交申请”。{AGAIN}"
REPLAYED = f"这次验证已经用过，请再按一次“提交申请”。{AGAIN}"
NEEDS_SCRIPT = "本地区的网上申请要用能运行脚本的浏览器；也可以当面、邮寄、传真提交申请"
TOO_MANY = f"同一网络一小时内不运行脚本的提交不能超过 {{n}} 次，请过一小时再试，或者用能运行脚本的浏览器。{AGAIN}"


def _key() -> str:
    return salted_hmac("gongkai.disclosure_requests.gate", "altcha", algorithm="sha256").hexdigest()


def challenge() -> dict[str, Any]:
    """A new challenge, as the widget takes it; it is not kept, its signature says that it is ours."""
    options = altcha.ChallengeOptions(hmac_key=_key(), max_number=WORK, expires=timezone.now() + LASTS)
    return altcha.create_challenge(options).to_dict()


def address_digest(request: HttpRequest) -> str:
    """Of the address of who sends, as this installation sees through its proxies."""
    where = import_string(settings.AXES_CLIENT_IP_CALLABLE)(request)
    return salted_hmac("gongkai.disclosure_requests.knock", where or "?", algorithm="sha256").hexdigest()


def let_in(request: HttpRequest, form: OpenForm, agency: Agency, payload: str) -> None:
    """Lets the form pass once and for all; it then may come again as often as something in it is wrong. Raises ActionRefused."""
    if form.passed_at is not None:
        return
    if payload:
        _used_once(form, payload)
    else:
        _plain(request, form, agency)
    form.passed_at = timezone.now()
    form.save(update_fields=["passed_at"])


def _used_once(form: OpenForm, payload: str) -> None:
    told = _solved(payload)
    used = hashlib.sha256(told.encode()).hexdigest()
    try:
        with transaction.atomic():
            Knock.objects.create(kind=Kind.CHALLENGE, key=used, form=form.key)
    except IntegrityError:
        if not Knock.objects.filter(kind=Kind.CHALLENGE, key=used, form=form.key).exists():
            raise ActionRefused(REPLAYED) from None


def _solved(payload: str) -> str:
    """The challenge that this is the answer to. ActionRefused for anything else, whatever the bytes."""
    try:
        told = json.loads(base64.b64decode(payload[:LONGEST_PAYLOAD], validate=True))
        right, why = altcha.verify_solution(told, _key(), check_expires=True)
        number = str(told["challenge"])
    except Exception:  # noqa: BLE001 — the bytes are anybody's; altcha checks their signature, not their types
        raise ActionRefused(REFUSED) from None
    if not right:
        raise ActionRefused(EXPIRED if why and "expired" in why else REFUSED)
    return number


def _plain(request: HttpRequest, form: OpenForm, agency: Agency) -> None:
    place = numbers.settings_of(agency.jurisdiction)
    if not place.without_script:
        raise ActionRefused(NEEDS_SCRIPT)
    where = address_digest(request)
    with transaction.atomic():
        Agency.objects.select_for_update().filter(pk=agency.pk).first()  # counted one after another
        since = timezone.now() - timedelta(hours=1)
        if Knock.objects.filter(kind=Kind.PLAIN, key=where, at__gt=since).count() >= place.plain_an_hour:
            raise ActionRefused(TOO_MANY.format(n=place.plain_an_hour))
        Knock.objects.create(kind=Kind.PLAIN, key=where, form=form.key)


def forget(now: datetime) -> int:
    """Knocks that can mean nothing any more: a challenge has expired, an hour is over."""
    gone, _ = Knock.objects.filter(at__lt=now - max(LASTS, timedelta(hours=1))).delete()
    return gone
