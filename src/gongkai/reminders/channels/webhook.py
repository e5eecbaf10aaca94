"""Reminders to another system: one signed JSON POST, only to hosts that the installation lists, following no redirect.

An address that a person types is never trusted to say where this server connects: the operator's list decides (GONGKAI_WEBHOOK_HOSTS),
at saving and again at every sending. Proxies from the environment are not used.
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import ssl
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

from gongkai.reminders.channels.base import ChannelError, identity
from gongkai.reminders.models import Hook, Message

TIMEOUT = 10
AGAIN = frozenset({408, 425, 429})
"""Answers below 500 that ask to come back later."""


def refusal(url: str) -> str:
    """Why nothing is posted to this address, or an empty string.

    The list names hosts, with a port where it is not 443; these are reached by https. An entry that begins with http:// is reached without.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "接收地址不是完整的网址"
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return "接收地址要以 https:// 开头"
    if parts.username or parts.password or parts.fragment or any(c <= " " or c == "\x7f" for c in url):
        return "接收地址里不能有用户名、口令、空格和 #"
    host = parts.hostname + (f":{port}" if port and port != (443 if parts.scheme == "https" else 80) else "")
    entry = host if parts.scheme == "https" else f"http://{host}"
    if entry not in settings.WEBHOOK_HOSTS:
        return f"{entry} 不在允许的主机里，请系统管理员写入 GONGKAI_WEBHOOK_HOSTS"
    return ""


def signature(secret: str, body: bytes) -> str:
    """What the receiver compares: HMAC-SHA256 of the body under the agency's secret."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


class Webhook:
    def send(self, message: Message) -> None:
        hook = Hook.objects.filter(agency=message.agency_id).first()
        if hook is None:
            raise ChannelError("接收地址已经取消", permanent=True)
        if reason := refusal(hook.url):
            raise ChannelError(reason, permanent=True)
        body = message.body.encode()
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "Gongkai",
            "Idempotency-Key": identity(message),
            "X-Gongkai-Signature": signature(hook.secret, body),
        }
        parts = urlsplit(hook.url)
        connection = _connection(parts)
        try:
            connection.request("POST", (parts.path or "/") + (f"?{parts.query}" if parts.query else ""), body, headers)
            status = connection.getresponse().status
        except (OSError, http.client.HTTPException) as error:
            raise ChannelError(f"连不上 {parts.hostname}（{type(error).__name__}）") from error
        finally:
            connection.close()
        if 300 <= status < 400:
            raise ChannelError(f"对方要转到别处（{status}），不跟随", permanent=True)
        if not 200 <= status < 300:
            raise ChannelError(f"对方回答 {status}", permanent=status < 500 and status not in AGAIN)


def _connection(parts: SplitResult) -> http.client.HTTPConnection:
    host = parts.hostname or ""
    if parts.scheme == "https":
        return http.client.HTTPSConnection(host, parts.port, timeout=TIMEOUT, context=ssl.create_default_context())
    return http.client.HTTPConnection(host, parts.port, timeout=TIMEOUT)
