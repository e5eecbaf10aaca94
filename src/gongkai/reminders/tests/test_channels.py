"""SMTP and webhook against real sockets: what is said on the wire, and what each refusal means."""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_string
from email.policy import default
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from django.utils import timezone

from gongkai.agencies.errors import ActionRefused, NotAllowed
from gongkai.reminders import actions, outbox
from gongkai.reminders.channels import ChannelError, channel_for
from gongkai.reminders.channels.base import identity
from gongkai.reminders.channels.smtp import Smtp
from gongkai.reminders.channels.webhook import refusal, signature
from gongkai.reminders.models import Hook, Message
from gongkai.reminders.telling import tell

NOW = "2026-11-20T10:00:00+08:00"


@contextmanager
def serving(server: socketserver.BaseServer) -> Iterator[int]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


class Post(socketserver.StreamRequestHandler):
    """As much of SMTP as a letter needs. `server.answers` overrides the answer to a command."""

    def handle(self) -> None:
        server: Any = self.server
        self.say("220 test")
        while line := self.rfile.readline().decode().strip():
            verb = line.split()[0].upper()
            server.heard.append(line)
            if verb in server.answers:
                self.say(server.answers[verb])
            elif verb == "EHLO":
                self.say("250 test")
            elif verb == "DATA":
                self.say("354 go on")
                lines = []
                while (text := self.rfile.readline().decode()) != ".\r\n":
                    lines.append(text)
                server.letters.append("".join(lines))
                self.say(server.answers.get("END", "250 taken"))
            elif verb == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")

    def say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


@contextmanager
def post_office(**answers: str) -> Iterator[tuple[str, list[str]]]:
    server: Any = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Post)
    server.heard, server.letters, server.answers = [], [], answers
    with serving(server) as port:
        yield f"smtp://127.0.0.1:{port}", server.letters


@pytest.fixture
def letter(cast):
    return Message.objects.create(
        key="mail:1:x",
        channel="mail",
        person=cast.drafter,
        agency=cast.reform,
        address="drafter@example.gov.cn",
        subject="已逾期：公开预算",
        body="1. 【已逾期】公开预算\n",
        made_at=NOW,
        sealed_at=timezone.now(),
        next_at=NOW,
    )


def test_a_letter_by_smtp_and_its_repetition_have_one_identity(letter, settings):
    settings.MAIL_FROM = "政务公开 <gk@example.gov.cn>"
    with post_office() as (url, letters):
        settings.MAIL_URL = url
        channel_for(letter).send(letter)
        channel_for(letter).send(letter)
    first, second = letters
    assert first == second
    mail = message_from_string(first, policy=default)
    assert mail["Message-ID"] == f"<{identity(letter)}@example.gov.cn>"
    assert (mail["To"], mail["Subject"], mail["Auto-Submitted"]) == ("drafter@example.gov.cn", "已逾期：公开预算", "auto-generated")
    assert "gk@example.gov.cn" in mail["From"]


@pytest.mark.parametrize(
    ("answers", "permanent", "words"),
    [
        ({"RCPT": "550 no such user"}, True, "邮箱不收：550"),
        ({"RCPT": "450 full"}, False, "邮箱不收：450"),
        ({"END": "554 spam"}, True, "邮件服务器不收：554"),
        ({"END": "451 later"}, False, "邮件服务器不收：451"),
        ({"MAIL": "530 log in first"}, False, "邮件服务器回答 530"),
    ],
)
def test_a_refusal_for_ever_and_one_for_now(letter, answers, permanent, words):
    with post_office(**answers) as (url, _letters), pytest.raises(ChannelError, match=words) as caught:
        Smtp.at(url).send(letter)
    assert caught.value.permanent is permanent


def test_nobody_at_the_address(letter):
    with pytest.raises(ChannelError, match="连不上邮件服务器") as caught:
        Smtp.at("smtp://127.0.0.1:1").send(letter)
    assert not caught.value.permanent


def test_addresses_of_mail_servers():
    assert Smtp.at("smtp+starttls://gk:p%40ss@mail.gov.cn") == Smtp("mail.gov.cn", 587, "gk", "p@ss", False, True)
    assert Smtp.at("smtps://mail.gov.cn") == Smtp("mail.gov.cn", 465, tls=True)
    for wrong in ("mail.gov.cn", "http://mail.gov.cn", "smtp://"):
        with pytest.raises(ValueError, match="smtp://"):
            Smtp.at(wrong)


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        server: Any = self.server
        body = self.rfile.read(int(self.headers["Content-Length"]))
        server.got.append((self.path, dict(self.headers), body))
        self.send_response(server.status)
        self.send_header("Location", "http://169.254.169.254/")
        self.end_headers()

    def log_message(self, *args: object) -> None:
        pass


@contextmanager
def receiver(status: int = 204) -> Iterator[tuple[str, list[Any]]]:
    server: Any = HTTPServer(("127.0.0.1", 0), Receiver)
    server.got, server.status = [], status
    with serving(server) as port:
        yield f"http://127.0.0.1:{port}/reminders?from=gk", server.got


@pytest.fixture
def hooked(cast, settings, make_obligation):
    """市发改委 with a hook to `url`; an overdue duty told through it."""

    def make(url: str) -> Hook:
        settings.WEBHOOK_HOSTS = frozenset({url.partition("/reminders")[0]})
        hook = actions.set_hook(cast.reform, cast.user("head"), url)
        make_obligation(due_on="2026-11-19", title="公开预算")
        tell(timezone.datetime.fromisoformat(NOW))
        assert hook
        return hook

    return make


def test_the_webhook_is_signed_and_sent_once_for_the_agency(cast, hooked):
    with receiver() as (url, got):
        hook = hooked(url)
        letters = Message.objects.filter(channel="webhook", key__contains=":overdue:")
        assert letters.count() == 1  # three people were told
        assert outbox.deliver() == Message.objects.count()
    path, headers, body = next(one for one in got if json.loads(one[2])["kind"] == "overdue")
    assert path == "/reminders?from=gk"
    assert headers["X-Gongkai-Signature"] == signature(hook.secret, body)
    assert headers["Idempotency-Key"] == identity(letters[0])
    told = json.loads(body)
    assert (told["title"], told["agency"], told["due_on"]) == ("公开预算", "990100-003", "2026-11-19")
    assert set(told) == {"id", "agency", "kind", "words", "title", "owner", "due_on", "text", "url", "told_at"}


@pytest.mark.parametrize(("status", "state"), [(302, "failed"), (404, "failed"), (429, "queued"), (503, "queued")])
def test_redirects_are_not_followed_and_trouble_is_tried_again(hooked, status, state):
    with receiver(status) as (url, got):
        hooked(url)
        Message.objects.exclude(pk=Message.objects.first().pk).delete()
        assert outbox.deliver() == 0
    assert len(got) == 1
    message = Message.objects.get()
    assert message.state == state
    assert str(status) in message.error


def test_a_host_taken_off_the_list_gets_nothing_more(hooked, settings):
    with receiver() as (url, got):
        hooked(url)
        settings.WEBHOOK_HOSTS = frozenset()
        outbox.deliver()
    assert got == []
    assert "不在允许的主机里" in Message.objects.first().error


@pytest.mark.parametrize(
    "url",
    [
        "https://other.gov.cn/x",
        "http://oa.gov.cn/x",
        "https://oa.gov.cn:8443/x",
        "https://oa.gov.cn@evil.example/x",
        "https://user:pw@oa.gov.cn/x",
        "https://oa.gov.cn.evil.example/",
        "https://oa.gov.cn/x#y",
        "https://oa.gov.cn/\r\nX: y",
        "file:///etc/passwd",
        "https://[::1",
        "https://127.0.0.1/",
        "gopher://oa.gov.cn/",
        "",
    ],
)
def test_only_listed_hosts_are_reached(settings, url):
    settings.WEBHOOK_HOSTS = frozenset({"oa.gov.cn"})
    assert refusal(url)
    assert not refusal("https://oa.gov.cn/reminders")
    assert not refusal("https://OA.gov.cn:443/reminders")


def test_only_the_head_connects_a_system(cast, settings):
    settings.WEBHOOK_HOSTS = frozenset({"oa.gov.cn"})
    with pytest.raises(NotAllowed):
        actions.set_hook(cast.reform, cast.user("drafter"), "https://oa.gov.cn/")
    with pytest.raises(ActionRefused):
        actions.set_hook(cast.reform, cast.user("head"), "https://evil.example/")
    first = actions.set_hook(cast.reform, cast.user("head"), "https://oa.gov.cn/")
    assert actions.set_hook(cast.reform, cast.user("head"), "https://oa.gov.cn/").secret == first.secret
    assert actions.set_hook(cast.reform, cast.user("head"), "https://oa.gov.cn/2").secret != first.secret
    assert actions.set_hook(cast.reform, cast.user("head"), "") is None
    assert not Hook.objects.exists()
