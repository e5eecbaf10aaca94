"""What happens to an index in the world: killed, deleted, cut, no room left, made anew while it is read. Nothing is lost; what cannot be
answered is an outage, never an empty list.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from gongkai.search import keeping, log
from gongkai.search.model import SearchDown, Wanted
from gongkai.search.tantivy_engine import TantivyEngine
from gongkai.search.tests.test_keeping import Shelf, expected, found
from gongkai.search.tests.test_keeping import shelf as shelf  # the fixture

KEEPER = """
import os, sys
import django
from datetime import date
django.setup()
from django.core.management import call_command
from gongkai.search import keeping, log, sources
from gongkai.search.model import Record, Wanted
from gongkai.search.models import IndexChange

def ids(after=0, limit=10**6):
    rows = IndexChange.objects.filter(kind="thing", object_id__gt=after).order_by("object_id").distinct()
    return list(rows.values_list("object_id", flat=True)[:limit])

def records(wanted):
    return [Record(f"thing:{pk}", f"第{pk}件", "正文" * 100, date(2026, 1, 1)) for pk in wanted]

sources._sources.clear()
sources.register(sources.Source("thing", "事物", records, ids, lambda wanted: {}))
verb = sys.argv[1]
if verb == "migrate":
    call_command("migrate", "search", verbosity=0)
elif verb == "write":
    n = max(ids(), default=0)
    print("ready", flush=True)
    while True:
        log.changed("thing", range(n + 1, n + 61))
        n += 60
        keeping.rebuild() if n % 300 == 0 else keeping.feed()
else:
    keeping.feed()
    engine = keeping.current()
    found = {hit.key for hit in engine.search(Wanted("", limit=10**5)).hits}
    assert found == {f"thing:{pk}" for pk in ids()}, (len(found), len(ids()))
    assert engine.count() == len(found) and engine.position() == log.number()
    print(len(found), flush=True)
"""


def _keeper(folder: Path, verb: str) -> Any:
    told = {"GONGKAI_DATA": str(folder), "GONGKAI_DATABASE_URL": "", "DJANGO_SETTINGS_MODULE": "gongkai.site.settings"}
    command = [sys.executable, "-c", KEEPER, verb]
    return subprocess.Popen(command, env={**os.environ, **told}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def _run(folder: Path, verb: str) -> str:
    out, error = _keeper(folder, verb).communicate(timeout=120)
    assert not error or "Error" not in error, error
    return str(out)


def test_a_keeper_killed_again_and_again_loses_nothing(tmp_path: Path):
    """The whole of it: changes written to a database, taken in and rebuilt, the process killed at any moment, four times over."""
    rng = Random(11)
    _run(tmp_path, "migrate")
    for _ in range(4):
        with _keeper(tmp_path, "write") as writer:
            assert writer.stdout is not None and writer.stdout.readline().strip() == "ready"
            time.sleep(0.2 + rng.random())
            os.kill(writer.pid, signal.SIGKILL)
            writer.communicate()
    assert int(_run(tmp_path, "check")) > 0
    folders = [path for path in (tmp_path / "search").iterdir() if path.is_dir()]
    assert len(folders) <= 4, "what killed rebuilds left behind is one folder each, until the next one clears it"


FULL = """
import resource, signal, sys
from datetime import date
from pathlib import Path
from gongkai.search.model import Record, SearchDown, Wanted
from gongkai.search.tantivy_engine import TantivyEngine
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
def things(first, last):
    return [Record(f"thing:{n}", f"第{n}件", f"正文{n}" * 300, date(2026, 1, 1)) for n in range(first, last)]
engine = TantivyEngine(Path(sys.argv[1]))
engine.put(things(0, 200))
engine.commit(200)
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))
try:
    engine.put(things(200, 2000))
    engine.commit(2000)
except SearchDown as error:
    print("refused")
engine.close()
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
again = TantivyEngine(Path(sys.argv[1]), existing=True)
print(again.count(), again.position(), again.search(Wanted("第7件")).total)
again.put(things(200, 2000))
again.commit(2000)
print(again.count(), again.position())
again.close()
"""


def test_a_full_disk_refuses_and_the_last_commit_stands(tmp_path: Path):
    done = subprocess.run([sys.executable, "-c", FULL, str(tmp_path / "ix")], capture_output=True, text=True, check=False, timeout=120)
    assert done.stdout.splitlines() == ["refused", "200 200 1", "2000 2000"], done.stderr


@pytest.mark.django_db
class TestKept:
    def test_what_could_not_be_committed_is_taken_in_the_next_time(self, shelf: Shelf, monkeypatch: pytest.MonkeyPatch):
        shelf.set(1, "供热办法")
        keeping.feed()
        shelf.set(2, "停车办法")
        commit = TantivyEngine.commit

        def full(self: TantivyEngine, position: int) -> None:
            raise SearchDown("索引写不进去：No space left on device")

        monkeypatch.setattr(TantivyEngine, "commit", full)
        with pytest.raises(SearchDown, match="写不进去"):
            keeping.feed()
        keeping.tick()  # says so in the log and goes on
        assert found() == {"thing:1"}, "the last commit still answers"
        monkeypatch.setattr(TantivyEngine, "commit", commit)
        keeping.tick()
        assert found() == expected(shelf)

    def test_an_index_deleted_under_load_is_never_an_empty_answer(self, shelf: Shelf):
        for n in range(1, 31):
            shelf.set(n, f"供热办法第{n}件")
        keeping.feed()
        answers = _asked_meanwhile(lambda: [_lose_and_feed() for _ in range(5)])
        assert set(answers) <= {30, "down"} and 30 in answers

    def test_the_old_index_answers_until_the_new_one_is_ready(self, shelf: Shelf):
        for n in range(1, 31):
            shelf.set(n, f"供热办法第{n}件")
        keeping.feed()
        answers = _asked_meanwhile(lambda: [keeping.rebuild() for _ in range(8)])
        assert set(answers) == {30}

    def test_an_index_of_another_version_is_an_outage_until_it_is_made_anew(self, shelf: Shelf):
        shelf.set(1, "供热办法")
        keeping.feed()
        (keeping.current().folder / "version").write_text("older")
        keeping._opened = None
        with pytest.raises(SearchDown):
            keeping.current()
        keeping.tick()
        assert found() == {"thing:1"}

    @pytest.mark.parametrize("harm", ["cut", "gone", "zeros"])
    def test_broken_files_are_an_outage_and_mended(self, shelf: Shelf, harm: str):
        for n in range(1, 51):
            shelf.set(n, f"供热办法第{n}件")
        keeping.feed()
        for suffix in (".idx", ".term", ".store", ".pos", ".fast"):
            path = next(path for path in keeping.current().folder.iterdir() if path.suffix == suffix)
            data = path.read_bytes()
            path.unlink()
            if harm != "gone":
                path.write_bytes(data[: len(data) // 2] if harm == "cut" else bytes(len(data)))
            keeping._opened = None  # a process that starts now
            with pytest.raises(SearchDown):
                keeping.current().search(Wanted("供热办法"))
            keeping.feed()
            assert found("供热办法") == expected(shelf)

    def test_a_large_index_is_made_anew_aside(self, shelf: Shelf, monkeypatch: pytest.MonkeyPatch):
        shelf.set(1, "供热办法")
        monkeypatch.setattr(keeping, "SMALL", 1)
        begun: list[str] = []
        monkeypatch.setattr(threading.Thread, "start", lambda thread: begun.append(thread.name))
        keeping.tick()
        assert begun == ["search-rebuild"]
        keeping._rebuild_aside()
        assert found() == {"thing:1"}

    def test_a_record_withdrawn_is_hidden_before_the_index_hears_of_it(self, shelf: Shelf):
        from gongkai.search.sources import visible

        shelf.set(1, "供热办法")
        shelf.set(2, "供热收费")
        keeping.feed()
        shelf.things.pop(1)
        assert visible(found()) == {"thing:2"}
        log.changed("thing", [1])
        keeping.feed()
        assert found() == {"thing:2"}


def _lose_and_feed() -> None:
    time.sleep(0.05)
    shutil.rmtree(keeping.folder(), ignore_errors=True)
    time.sleep(0.05)
    keeping.feed()


def _asked_meanwhile(work: Callable[[], object]) -> list[int | str]:
    """What three readers were answered while `work` went on."""
    answers: list[int | str] = []
    over = threading.Event()

    def ask() -> None:
        while not over.is_set():
            try:
                answers.append(keeping.current().search(Wanted("供热")).total)
            except SearchDown:
                answers.append("down")

    readers = [threading.Thread(target=ask) for _ in range(3)]
    for reader in readers:
        reader.start()
    try:
        work()
        before, until = len(answers), time.monotonic() + 20
        while len(answers) < before + 6 and time.monotonic() < until:
            time.sleep(0.05)  # a busy machine gives the readers their turn late
    finally:
        over.set()
        for reader in readers:
            reader.join()
    return answers
