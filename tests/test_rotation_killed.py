"""`gongkai seal rotate` is killed (SIGKILL) in the middle, again and again: nothing is lost, everything opens, and a last run finishes.

On the database the tests run on: SQLite's is copied into the data folder of the command, PostgreSQL's is the test database itself.
"""

from __future__ import annotations

import copy
import json
import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from gongkai.conftest import *  # noqa: F403
from gongkai.conftest import Cast
from gongkai.disclosure_requests.actions.filing import applicant_digest
from gongkai.disclosure_requests.models import Applicant, CaseFile, DisclosureRequest
from gongkai.disclosure_requests.tests.cases import ID_CARD, filed
from gongkai.sealing import keys, rotation
from tests.running import environment, run_python

DJANGO = "import os, django\nos.environ['DJANGO_SETTINGS_MODULE'] = 'gongkai.site.settings'\ndjango.setup()\n"
PEOPLE = 900
"""More than one batch of rotation.py, so that the command says where it is before it is done."""
FILES = 60
OPENED = (
    DJANGO
    + """
import hashlib, json
from django.apps import apps
from gongkai.sealing import rotation
from gongkai.sealing.fields import sealed_fields
found = {}
for model in rotation.sealed_models():
    rows = model._base_manager.order_by("pk").values_list("pk", *sealed_fields(model))
    found[model._meta.label] = [len(rows), hashlib.sha256(repr(list(rows)).encode()).hexdigest()]
for model, name in rotation.sealed_file_fields():
    digest, n = hashlib.sha256(), 0
    for row in model._base_manager.exclude(**{name: ""}).order_by("pk"):
        with getattr(row, name).open("rb") as file:
            digest.update(file.read())
            n += 1
    found[f"{model._meta.label}.{name}"] = [n, digest.hexdigest()]
print(json.dumps(found))
"""
)


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.DATA_DIR, settings.MEDIA_ROOT, settings.SEAL_KEYS = tmp_path, str(tmp_path / "files"), ""
    return tmp_path


def many(cast: Cast) -> None:
    """One request by its verb; the others are its like, each with an applicant of its own, sealed by the same storage and fields."""
    row = filed(cast).request
    person, proof = Applicant.objects.get(), CaseFile.objects.get()
    requests = []
    for n in range(PEOPLE):
        other = copy.copy(row)
        other.pk, other.number, other.key, other._state = None, f"副本-{n}", f"copy-{n}", copy.copy(row._state)
        other._state.adding = True
        requests.append(other)
    made = DisclosureRequest.objects.bulk_create(requests, batch_size=200)
    people = []
    for n, other in enumerate(made):
        like = copy.copy(person)
        like.pk, like.request, like.name, like.phone = None, other, f"申请人{n}", f"1380000{n:04}"
        like._state = copy.copy(person._state)
        like._state.adding = True
        like.digest = applicant_digest(like.name, ID_CARD)
        people.append(like)
    Applicant.objects.bulk_create(people, batch_size=200)
    for n, other in enumerate(made[:FILES]):
        name = proof.file.storage.save(f"cases/copy-{n}", _bytes(f"第{n}份材料".encode() * 500))
        values = {"kind": proof.kind, "name": f"{n}.png", "sha256": f"{n:064}", "size": 1, "media_type": "image/png"}
        CaseFile.objects.create(request=other, file=name, **values)


def _bytes(data: bytes) -> Any:
    from django.core.files.base import ContentFile

    return ContentFile(data)


def address(folder: Path) -> dict[str, str]:
    """The variable by which the command finds the database."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with sqlite3.connect(folder / "gongkai.sqlite3") as target:
            connection.connection.backup(target)
        target.close()
        return {}
    told = connection.settings_dict
    login = f"{told['USER']}:{told['PASSWORD']}@" if told["USER"] else ""
    return {"GONGKAI_DATABASE_URL": f"postgres://{login}{told['HOST'] or '127.0.0.1'}:{told['PORT'] or 5432}/{told['NAME']}"}


def opened(folder: Path, more: dict[str, str]) -> dict[str, list[Any]]:
    """Everything that is sealed, opened in a process of its own: how many, and the digest of the plain words."""
    done = run_python(OPENED, folder, **more)
    assert done.returncode == 0, done.stderr
    found: dict[str, list[Any]] = json.loads(done.stdout)
    return found


COMMAND = "from gongkai.cli.main import run; import sys; sys.argv = ['gongkai', *sys.argv[1:]]; run()"


def killed_rotation(folder: Path, more: dict[str, str], wait: float, *arguments: str) -> tuple[bool, str]:
    """Runs the command and kills it `wait` seconds after it first says how far it is; whether it was cut off, and what it had said."""
    log = folder / "rotation.log"
    with log.open("w") as errors:
        process = subprocess.Popen(
            [sys.executable, "-c", COMMAND, "seal", "rotate", *arguments],
            env=environment(folder, **more),
            stdout=subprocess.DEVNULL,
            stderr=errors,
        )
        until = time.monotonic() + 120
        while process.poll() is None and "已看" not in log.read_text() and time.monotonic() < until:
            time.sleep(0.005)
        time.sleep(wait)
        cut = process.poll() is None
        if cut:
            os.kill(process.pid, signal.SIGKILL)
        process.wait(30)
    return cut and process.returncode == -signal.SIGKILL, log.read_text()


def counted(folder: Path, more: dict[str, str]) -> tuple[int, int, int]:
    """(all that is sealed, by an old key, opened by none), as `gongkai seal check` says."""
    done = run_python(COMMAND, folder, "seal", "check", **more)
    found = re.search(r"内容 (\d+) 项，文件 (\d+) 个；用旧密钥的 (\d+)，打不开的 (\d+)", done.stdout)
    assert found, done.stderr
    values, files, old, lost = map(int, found.groups())
    return values + files, old, lost


@pytest.mark.django_db(transaction=True)
def test_a_rotation_killed_again_and_again_loses_nothing(cast: Cast, folder: Path) -> None:
    many(cast)
    more = address(folder)
    before = opened(folder, more)
    assert before["disclosure_requests.Applicant"][0] == PEOPLE + 1
    first = keys.key_list()
    whole, *rest = counted(folder, more)
    assert rest == [0, 0]
    chance = random.Random(20261122)
    cuts, left = 0, []
    for n in range(3):
        cut, said = killed_rotation(folder, more, chance.uniform(0, 0.25), *(["--new"] if n == 0 else []))
        cuts += cut
        _whole, old, lost = counted(folder, more)
        assert lost == 0, f"run {n}: {said}"
        assert opened(folder, more) == before, f"run {n}: {said}"
        left.append(old)
    assert cuts >= 1, "no run was ever cut off: the test proves nothing"
    assert 0 < left[0] < whole, "the first was killed in the middle"
    assert left == sorted(left, reverse=True), "what is done is not undone"
    assert len(keys.key_list()) == 2 and keys.key_list()[1:] == first
    done = run_python(COMMAND, folder, "seal", "rotate", "--drop", **more)
    assert done.returncode == 0, done.stderr
    assert counted(folder, more) == (whole, 0, 0)
    assert opened(folder, more) == before
    assert len(keys.key_list()) == 1 and keys.key_list()[0] not in first
    assert not list((folder / "files").rglob(f"*{rotation.PART}")), "no half-written file is left"


@pytest.mark.django_db(transaction=True)
def test_a_half_written_file_harms_nothing(cast: Cast, folder: Path) -> None:
    """Killed between writing a file anew and putting it in its place."""
    filed(cast)
    more = address(folder)
    before = opened(folder, more)
    path = Path(CaseFile.objects.get().file.path)
    path.with_name(path.name + rotation.PART).write_bytes(b"gAAA half")
    assert run_python(COMMAND, folder, "seal", "rotate", "--new", "--drop", **more).returncode == 0
    assert opened(folder, more) == before and not path.with_name(path.name + rotation.PART).exists()
