"""However changes arrive and whatever is killed, the index comes to what the sources say; when it cannot answer, it says so."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongkai.search import keeping, log, sources
from gongkai.search.model import Record, SearchDown, Wanted
from gongkai.search.models import IndexChange, IndexCounter
from gongkai.search.sources import Shown, Source


class Shelf:
    """A line of work with things that may be found: id → title."""

    def __init__(self) -> None:
        self.things: dict[int, str] = {}

    def set(self, pk: int, title: str) -> None:
        self.things[pk] = title
        log.changed("thing", [pk])

    def remove(self, pk: int) -> None:
        self.things.pop(pk, None)
        log.changed("thing", [pk])

    def records(self, ids: Collection[int]) -> list[Record]:
        return [Record(f"thing:{pk}", self.things[pk], "正文相同", date(2026, 1, 1)) for pk in ids if pk in self.things]

    def keys(self, after: int, limit: int) -> list[int]:
        return sorted(pk for pk in self.things if pk > after)[:limit]

    def shown(self, ids: Collection[int]) -> Mapping[int, Shown]:
        return {pk: Shown(self.things[pk], f"/things/{pk}/") for pk in ids if pk in self.things}


@pytest.fixture
def shelf(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shelf]:
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(sources, "_sources", {})
    monkeypatch.setattr(keeping, "_opened", None)
    one = Shelf()
    sources.register(Source("thing", "事物", one.records, one.keys, one.shown))
    yield one


def found(text: str = "") -> set[str]:
    return {hit.key for hit in keeping.current().search(Wanted(text, limit=1000)).hits}


def expected(shelf: Shelf) -> set[str]:
    return {f"thing:{pk}" for pk in shelf.things}


@pytest.mark.django_db
class TestFeeding:
    def test_nothing_is_found_to_be_missing_before_there_is_an_index(self, shelf: Shelf):
        with pytest.raises(SearchDown, match="还没有建立索引"):
            keeping.current()

    def test_changes_come_in_and_go_out(self, shelf: Shelf):
        shelf.set(1, "供热办法")
        keeping.feed()
        assert found("供热") == {"thing:1"}
        shelf.set(1, "停车办法")
        shelf.set(2, "停车收费")
        assert keeping.feed() == 2
        assert (found("供热"), found("停车")) == (set(), {"thing:1", "thing:2"})
        shelf.remove(1)
        keeping.feed()
        assert found() == {"thing:2"}
        assert keeping.feed() == 0

    def test_a_change_that_was_rolled_back_was_none(self, shelf: Shelf):
        keeping.feed()
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            shelf.set(3, "没有成")
            1 / 0  # noqa: B018
        shelf.things.clear()
        assert keeping.feed() == 0

    def test_an_index_deleted_under_load_is_an_outage_and_comes_back(self, shelf: Shelf):
        shelf.set(1, "供热办法")
        keeping.feed()
        shutil.rmtree(keeping.folder())
        with pytest.raises(SearchDown):
            keeping.current()
        keeping.feed()
        assert found() == {"thing:1"}

    def test_an_index_older_than_the_log_is_made_anew(self, shelf: Shelf):
        shelf.set(1, "供热办法")
        keeping.feed()
        shelf.set(2, "停车办法")
        log.number()
        IndexChange.objects.update(at=timezone.now() - log.KEPT - timedelta(days=1))
        assert log.trim() == 2
        keeping.feed()
        assert found() == expected(shelf)
        assert keeping.current().position() == IndexCounter.objects.get().last

    def test_two_indexes_fed_from_one_log_come_to_the_same(self, shelf: Shelf, settings: Any, tmp_path: Path):
        nodes = [tmp_path / "one", tmp_path / "two"]
        for round_ in range(3):
            shelf.set(round_ + 1, f"第{round_}件")
            settings.DATA_DIR = nodes[round_ % 2]
            keeping.feed()
        for node in nodes:
            settings.DATA_DIR = node
            keeping.feed()
            assert found() == expected(shelf)

    def test_rebuilding_puts_the_new_index_in_place_of_the_old(self, shelf: Shelf):
        shelf.set(1, "供热办法")
        keeping.feed()
        old = keeping.current().folder
        seen: list[int] = []
        assert keeping.rebuild(seen.append) == 1
        assert keeping.current().folder != old and not old.exists()
        assert seen == [1] and found() == {"thing:1"}

    def test_one_writer_at_a_time(self, shelf: Shelf):
        shelf.set(1, "供热办法")
        with keeping._alone() as alone:
            assert alone
            assert keeping.feed() == 0
            with pytest.raises(SearchDown, match="另一个进程"):
                keeping.rebuild()


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deeds=st.lists(st.tuples(st.sampled_from(["set", "remove", "feed", "rebuild", "lose"]), st.integers(1, 5)), max_size=25))
def test_any_course_of_events_converges(shelf: Shelf, deeds: list[tuple[str, int]]):
    act: dict[str, Callable[[int], Any]] = {
        "set": lambda pk: shelf.set(pk, f"第{pk}件"),
        "remove": shelf.remove,
        "feed": lambda _: keeping.feed(),
        "rebuild": lambda _: keeping.rebuild(),
        "lose": lambda _: shutil.rmtree(keeping.folder(), ignore_errors=True),
    }
    for name, pk in deeds:
        act[name](pk)
    keeping.feed()
    assert found() == expected(shelf)


WRITER = """
import sys
from datetime import date
from pathlib import Path
from gongkai.search.model import Record
from gongkai.search.tantivy_engine import TantivyEngine
engine = TantivyEngine(Path(sys.argv[1]))
engine.put(Record(f"thing:{n}", f"第{n}件", "正文" * 200, date(2026, 1, 1)) for n in range(200))
engine.commit(200)
print("committed", flush=True)
n = 200
while True:
    engine.put([Record(f"thing:{n}", f"第{n}件", "正文" * 200, date(2026, 1, 1))])
    n += 1
    if n == 300:
        print("writing", flush=True)
"""


def test_a_writer_killed_in_the_middle_leaves_the_last_commit(tmp_path: Path):
    from gongkai.search.tantivy_engine import TantivyEngine

    with subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path / "ix")], stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        assert [writer.stdout.readline().strip() for _ in range(2)] == ["committed", "writing"]
        os.kill(writer.pid, signal.SIGKILL)
        writer.wait()
    engine = TantivyEngine(tmp_path / "ix")
    assert (engine.count(), engine.position()) == (200, 200)
    engine.put([Record("thing:7", "换过", "正文", date(2026, 1, 1))])  # and it can be written again
    engine.commit(201)
    assert engine.search(Wanted("换过")).total == 1
    engine.close()
