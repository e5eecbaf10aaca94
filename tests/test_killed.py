"""The web process and the worker are killed while people work: nothing that was answered is lost, nothing is there twice."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import random
import signal
import time
import urllib.parse
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.running import Server, children_of, eventually, run_python
from tests.templates import prepared_folder

DJANGO = "import os, django\nos.environ['DJANGO_SETTINGS_MODULE'] = 'gongkai.site.settings'\ndjango.setup()\n"
TOKEN = "a" * 32

SETUP = (
    DJANGO
    + """
import json
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from gongkai.agencies.models import User
from gongkai.obligations.access import obligations_for
from gongkai.obligations.models.obligation import OPEN
user = User.objects.get(username="zhangwei")
session = SessionStore()
session[SESSION_KEY] = str(user.pk)
session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
session[HASH_SESSION_KEY] = user.get_session_auth_hash()
session.save()
rows = obligations_for(user).filter(OPEN, owner__memberships__user=user, steps__kind="acknowledged").exclude(steps__kind="completion")
print(json.dumps([session.session_key, list(rows.distinct().values_list("pk", flat=True))]))
"""
)

LEFT = (
    DJANGO
    + """
import json
from collections import Counter
from gongkai.journal.models import Entry
from gongkai.obligations.models import Step
from gongkai.reminders.models import Message, Told
steps = Counter(Step.objects.filter(text__startswith="killed-").values_list("text", flat=True))
noted = Entry.objects.filter(action="obligation.report_progress").count()
told = Counter(Told.objects.values_list("obligation", "person", "kind", "mark"))
sent = Message.objects.values_list("pk", flat=True)
print(json.dumps([steps, noted, max(told.values(), default=0), len(sent), len(set(sent))]))
"""
)


class Person:
    """Somebody with a browser who presses a button again when no answer came: the same form, the same key."""

    def __init__(self, port: int, session: str) -> None:
        self.port, self.cookie = port, f"sessionid={session}; csrftoken={TOKEN}"
        self.again = 0

    def press(self, obligation: int, words: str) -> None:
        body = urllib.parse.urlencode({"csrfmiddlewaretoken": TOKEN, "key": uuid.uuid5(uuid.NAMESPACE_OID, words), "text": words})
        headers = {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded", "Host": f"127.0.0.1:{self.port}"}
        until = time.monotonic() + 60
        while time.monotonic() < until:
            with contextlib.suppress(OSError, http.client.HTTPException):
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
                try:
                    connection.request("POST", f"/work/ledger/{obligation}/report_progress/", body, headers)
                    status = connection.getresponse().status
                finally:
                    connection.close()
                if status == 302:
                    return
                assert status >= 500, f"{words}: answered {status}"
            self.again += 1
            time.sleep(0.05)
        raise AssertionError(f"{words}: no answer in a minute")


@pytest.fixture
def city(tmp_path: Path) -> Iterator[tuple[Server, Path]]:
    folder = prepared_folder(tmp_path / "data", example=True)
    server = Server(folder)
    try:
        server.ready()
        yield server, folder
    finally:
        server.stop()


def test_killing_the_processes_loses_nothing_and_repeats_nothing(city: tuple[Server, Path]) -> None:
    server, folder = city
    made = run_python(SETUP, folder)
    assert made.returncode == 0, made.stderr
    session, duties = json.loads(made.stdout)
    assert duties
    people = [Person(server.port, session) for _ in range(3)]
    deeds_wanted = [f"killed-{n}" for n in range(240)]
    chance = random.Random(20261122)
    with ThreadPoolExecutor(len(people)) as pool:
        deeds = [
            pool.submit(
                lambda who=who: [
                    people[who].press(duties[n % len(duties)], deeds_wanted[n]) for n in range(who, len(deeds_wanted), len(people))
                ]
            )
            for who in range(len(people))
        ]
        kills = 0
        while not all(deed.done() for deed in deeds):
            time.sleep(chance.uniform(0.2, 0.9))
            for part in ("gongkai.site.web", "gongkai.site.worker"):
                with contextlib.suppress(StopIteration, ProcessLookupError):
                    parent = server.child(part)
                    for pid in (*children_of(parent).values(), parent):  # those that answer requests, in the middle of it
                        os.kill(pid, signal.SIGKILL)
                    kills += 1
            with contextlib.suppress(AssertionError):
                eventually(lambda: server.answer("/") == 200, 30)
        for deed in deeds:
            deed.result()
    assert kills >= 4
    assert sum(person.again for person in people) > 0, "no request was ever cut off: the test proves nothing"
    server.stop()
    left = run_python(LEFT, folder)
    assert left.returncode == 0, left.stderr
    steps, noted, most_told, messages, distinct = json.loads(left.stdout)
    assert steps == dict.fromkeys(deeds_wanted, 1)
    assert noted >= len(deeds_wanted)
    assert most_told <= 1
    assert messages == distinct
    verified = run_python("from gongkai.cli.main import run; import sys; sys.argv = ['gongkai', 'journal', 'verify']; run()", folder)
    assert verified.returncode == 0, verified.stdout + verified.stderr
