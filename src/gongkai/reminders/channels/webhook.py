"""Reminders to another system: one signed JSON POST, only to hosts that the installation lists, following no redirect.

An address that a person types is never trusted to say where this server connects: the operator's list decides (GONGKAI_WEBHOOK_HOSTS),
at saving and again at every sending. Proxies from the environment are not used.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import http.client
import socket
import ssl
import threading
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

from gongkai.reminders.channels.base import ChannelError, identity
from gongkai.reminders.models import Hook, Message

TIMEOUT = 10
"""Seconds for connecting and for each answer."""
LONGEST = 40.0
"""Seconds for the whole exchange."""
MOST_READ = 4000
"""Bytes of an answer that are looked at."""
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
        post(hook.url, hook.secret, message.body.encode(), identity(message))


def post(url: str, secret: str, body: bytes, key: str) -> tuple[int, bytes]:
    """One signed JSON POST to a listed host: (status, the first bytes of the answer). Raises ChannelError for everything but 2xx.

    The key goes along, so that the receiver knows a repetition. The whole exchange ends within LONGEST seconds, however slowly the other
    side drips.
    """
    if reason := refusal(url):
        raise ChannelError(reason, permanent=True)
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Gongkai",
        "Idempotency-Key": key,
        "X-Gongkai-Signature": signature(secret, body),
    }
    parts = urlsplit(url)
    connection = _connection(parts)
    watch, cut = threading.Timer(LONGEST, lambda: None), threading.Event()
    try:
        connection.connect()
        watch = threading.Timer(LONGEST, _cut, [connection.sock, cut])
        watch.daemon = True
        watch.start()
        connection.request("POST", (parts.path or "/") + (f"?{parts.query}" if parts.query else ""), body, headers)
        answer = connection.getresponse()
        status, said = answer.status, answer.read(MOST_READ)
    except (OSError, http.client.HTTPException) as error:
        raise ChannelError(f"连不上 {parts.hostname}（{type(error).__name__}）") from error
    finally:
        watch.cancel()
        connection.close()
    if cut.is_set():  # what was read so far looks like a whole answer
        raise ChannelError(f"{parts.hostname} {LONGEST:g} 秒没有答完")
    if 300 <= status < 400:
        raise ChannelError(f"对方要转到别处（{status}），不跟随", permanent=True)
    if not 200 <= status < 300:
        raise ChannelError(f"对方回答 {status}", permanent=status < 500 and status not in AGAIN)
    return status, said


def _cut(sock: socket.socket, cut: threading.Event) -> None:
    """Ends an exchange from outside: whoever reads from it is told that nothing more comes."""
    cut.set()
    with contextlib.suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)


def _connection(parts: SplitResult) -> http.client.HTTPConnection:
    host = parts.hostname or ""
    if parts.scheme == "https":
        return http.client.HTTPSConnection(host, parts.port, timeout=TIMEOUT, context=ssl.create_default_context())
    return http.client.HTTPConnection(host, parts.port, timeout=TIMEOUT)
