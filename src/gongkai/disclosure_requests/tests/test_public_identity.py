"""A place's own identity provider, played by a small server: it fills the form and lets nobody else's name in."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from gongkai.conftest import Cast
from gongkai.disclosure_requests.public import identity
from gongkai.disclosure_requests.tests.cases import ID_CARD


class Provider:
    """Says what a test wants it to say; remembers what it was asked."""

    def __init__(self) -> None:
        self.claims: Any = {"name": "赵认证", "identity_number": ID_CARD, "sub": "1"}
        self.token: Any = {"access_token": "secret-token", "token_type": "Bearer"}
        self.asked: list[dict[str, list[str]]] = []
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def _say(self, told: Any, status: int = 200) -> None:
                body = told if isinstance(told, bytes) else json.dumps(told).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_GET(self) -> None:
                if self.path.endswith("openid-configuration"):
                    names = ("authorization", "token", "userinfo")
                    self._say({f"{name}_endpoint": f"{provider.url}/{name}" for name in names})
                elif self.headers.get("Authorization") == "Bearer secret-token":
                    self._say(provider.claims)
                else:
                    self._say({}, 401)

            def do_POST(self) -> None:
                provider.asked.append(parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode()))
                self._say(provider.token)

            def log_message(self, *args: Any) -> None:
                return None

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def provider(settings: Any) -> Iterator[Provider]:
    cache.clear()
    made = Provider()
    settings.OIDC_URL, settings.OIDC_CLIENT, settings.OIDC_SECRET = made.url, "gongkai", "hidden"
    yield made
    made.server.shutdown()
    made.server.server_close()
    cache.clear()


def begin(client: Client, cast: Cast) -> dict[str, list[str]]:
    answer = client.get(reverse("requests:identity", args=[cast.reform.code]))
    return parse_qs(urlsplit(answer.url).query)


def test_the_provider_fills_the_form(client: Client, cast: Cast, provider: Provider) -> None:
    asked = begin(client, cast)
    assert asked["code_challenge_method"] == ["S256"]
    answer = client.get(reverse("requests:identity_back"), {"code": "abc", "state": asked["state"][0]})
    assert answer.url == reverse("requests:form", args=[cast.reform.code])
    verifier = provider.asked[0]["code_verifier"][0]
    proof = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    assert asked["code_challenge"] == [proof]
    shown = client.get(answer.url).content.decode()
    assert 'value="赵认证"' in shown
    assert f'value="{ID_CARD}"' in shown
    kept = Session.objects.get().get_decoded()
    assert ID_CARD not in str(kept), "sealed in the session too"


def test_another_browser_or_a_second_time_is_refused(client: Client, cast: Cast, provider: Provider) -> None:
    state = begin(client, cast)["state"][0]
    back = reverse("requests:identity_back")
    assert Client().get(back, {"code": "abc", "state": state}).status_code == 404
    assert client.get(back, {"code": "abc", "state": "other"}).status_code == 404
    assert client.get(back, {"code": "abc", "state": state}).status_code == 404, "one wrong state ends it"


@pytest.mark.parametrize(
    ("claims", "token"),
    [({}, None), ([], None), (b"no json", None), ({"name": 7}, None), (None, {}), (None, {"access_token": "wrong"}), (None, b"\xff")],
)
def test_a_provider_that_says_nonsense_leaves_an_empty_form(
    client: Client, cast: Cast, provider: Provider, claims: Any, token: Any
) -> None:
    provider.claims = provider.claims if claims is None else claims
    provider.token = provider.token if token is None else token
    state = begin(client, cast)["state"][0]
    answer = client.get(reverse("requests:identity_back"), {"code": "abc", "state": state}, follow=True)
    assert identity.FAILED in answer.content.decode()


def test_a_provider_that_is_down(client: Client, cast: Cast, settings: Any) -> None:
    cache.clear()
    settings.OIDC_URL, settings.OIDC_CLIENT = "http://127.0.0.1:9", "gongkai"
    answer = client.get(reverse("requests:identity", args=[cast.reform.code]), follow=True)
    assert identity.FAILED in answer.content.decode()


def test_without_a_provider_nothing_speaks_of_it(client: Client, cast: Cast) -> None:
    assert client.get(reverse("requests:identity", args=[cast.reform.code])).status_code == 404
    assert "统一身份认证" not in client.get(reverse("requests:form", args=[cast.reform.code])).content.decode()
