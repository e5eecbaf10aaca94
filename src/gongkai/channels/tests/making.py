"""Channels, published documents and other sides that answer as they are told, for the tests of channels."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from gongkai.agencies.models import Agency
from gongkai.channels.models import Account, Channel, ChannelRule
from gongkai.conftest import Cast
from gongkai.publications.actions import publishing
from gongkai.publications.models import Edition
from gongkai.publications.tests.flowing import fresh, through


def key() -> str:
    return str(uuid.uuid4())


def channel(agency: Agency, connector: str = "file_drop", *, rule: bool = True, **fields: Any) -> Channel:
    """A channel that takes everything of its agency, unless told otherwise."""
    values: dict[str, Any] = {"name": f"渠道{uuid.uuid4().hex[:6]}", "medium": "archive", "settings": {}}
    if connector == "file_drop":
        values["settings"] = {"folder": "archive"}
    made = Channel.objects.create(agency=agency, connector=connector, **{**values, **fields})
    if rule:
        ChannelRule.objects.create(channel=made)
    return made


def published(cast: Cast, **content: Any) -> Edition:
    """A document of 市发改委 that went through every verb, live."""
    edition = through(cast, **content)
    publishing.publish(fresh(edition), cast.user("head"), key=key())
    return fresh(edition)


def withdrawn(cast: Cast, edition: Edition, reason: str = "内容有误") -> Edition:
    publishing.withdraw(fresh(edition), cast.user("head"), key=key(), reason=reason)
    return fresh(edition)


def account(agency: Agency, **fields: Any) -> Account:
    values = {"platform": "wechat", "name": "清河发布", "responsible": "王某", "opened_on": date(2020, 5, 1), **fields}
    return Account.objects.create(agency=agency, **values)


class OtherSide:
    """A host that answers as `answer` says, and remembers what it was told."""

    def __init__(self, answer: Callable[[BaseHTTPRequestHandler], None]) -> None:
        told: list[tuple[dict[str, str], bytes]] = []

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                told.append((dict(self.headers.items()), body))
                answer(self)

            def log_message(self, *args: Any) -> None:
                """Quiet."""

        self.told = told
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}/in"
        self.entry = f"http://127.0.0.1:{self.server.server_port}"


def says(status: int, body: bytes = b"", **headers: str) -> Callable[[BaseHTTPRequestHandler], None]:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


@contextmanager
def other_side(settings: Any, answer: Callable[[BaseHTTPRequestHandler], None]) -> Iterator[OtherSide]:
    side = OtherSide(answer)
    settings.WEBHOOK_HOSTS = frozenset([side.entry])
    thread = threading.Thread(target=side.server.serve_forever, daemon=True)
    thread.start()
    try:
        yield side
    finally:
        side.server.shutdown()
        side.server.server_close()
