"""The public site asked as a stranger asks it, without a socket: through the whole of Django in this process, never with a session."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client

from gongkai.portal.export.names import HTML

OF_THE_READER = re.compile(r'\s*<input[^>]*name="(?:csrfmiddlewaretoken|key)"[^>]*>')
"""Hidden fields that are made anew for every reader; a file has none to give."""
STATIC = "/static/"


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    content_type: str
    body: Iterable[bytes]
    etag: str = ""
    location: str = ""
    name: str = ""

    @property
    def is_html(self) -> bool:
        return self.content_type.startswith(HTML)

    def read(self) -> bytes:
        return b"".join(self.body)

    def text(self) -> str:
        """A page without what was made for this one reader."""
        return OF_THE_READER.sub("", self.read().decode("utf-8", "replace"))


def default_host() -> str:
    """A name this installation answers to as itself."""
    named = [host for host in settings.ALLOWED_HOSTS if host and not host.startswith((".", "*", "["))]
    return named[0] if named else "localhost"


class Inside:
    """Asks this installation under the name of `host`. Nobody is logged in: every request begins without cookies."""

    def __init__(self, host: str = "") -> None:
        self.host = host or default_host()
        self._client = Client(raise_request_exception=False, SERVER_NAME=self.host, HTTP_HOST=self.host)

    @property
    def origins(self) -> list[str]:
        """How the pages begin their own whole addresses."""
        own = [settings.BASE_URL] if settings.BASE_URL else []
        return [*own, f"http://{self.host}", f"https://{self.host}"]

    def get(self, address: str, etag: str = "") -> Answer:
        """`etag`: of what is known of it; 304 where that is still so."""
        if address.startswith(STATIC) and (found := _asset(address)) is not None:
            return found
        self._client.cookies.clear()
        response: Any = self._client.get(address, headers={"If-None-Match": etag} if etag else None)
        body: Iterable[bytes] = response.streaming_content if response.streaming else [response.content]
        return Answer(
            response.status_code,
            response.headers.get("Content-Type", ""),
            body,
            response.headers.get("ETag", ""),
            response.headers.get("Location", ""),
            _name(response.headers.get("Content-Disposition", "")),
        )


def _asset(address: str) -> Answer | None:
    """A static file under the name it has in its app (development, tests); gathered ones have a mark in theirs, and are asked for."""
    found = finders.find(unquote(address.removeprefix(STATIC)).partition("?")[0])
    if not found:
        return None
    path = Path(str(found))
    types = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".png": "image/png"}
    return Answer(200, types.get(path.suffix, "application/octet-stream"), [path.read_bytes()])


def _name(disposition: str) -> str:
    """What the answer wants to be saved as, in any of the ways of saying so (RFC 6266)."""
    if not disposition:
        return ""
    message = Message()
    message["Content-Disposition"] = disposition
    return message.get_filename() or ""
