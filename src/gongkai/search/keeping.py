"""The index of this installation: where it is, how it is fed, how it is made anew beside the one in use.

An index is a folder under DATA/search; the file `current` names the one that is read. Several web nodes each keep their own, all from the
same change log: none knows of the others, and all come to the same.
"""

from __future__ import annotations

import fcntl
import logging
import shutil
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db import connections
from django.utils import timezone

from gongkai.search import log
from gongkai.search.model import SearchDown
from gongkai.search.sources import key_of, source, sources
from gongkai.search.tantivy_engine import TantivyEngine

logger = logging.getLogger("gongkai.search")
CHUNK = 500
SMALL = 3_000
"""Records of one kind that are taken in within a few seconds."""
SECONDS = 5.0
"""What one tick of the worker takes at most; tasks wait that long."""
Progress = Callable[[int], None]


def folder() -> Path:
    return Path(settings.DATA_DIR) / "search"


_opened: tuple[str, TantivyEngine] | None = None


def current() -> TantivyEngine:
    """The index to search, opened once a process and again when another took its place. SearchDown where there is none."""
    global _opened
    for last in (False, False, True):
        try:
            name = (folder() / "current").read_text()
        except OSError:
            _opened = None
            raise SearchDown("还没有建立索引") from None
        opened = _opened
        if opened is not None and opened[0] == f"{folder()}/{name}" and (folder() / name / "meta.json").exists():
            return opened[1]
        try:
            engine = TantivyEngine(folder() / name, existing=True)
        except SearchDown:
            if last:
                _opened = None
                raise
            continue  # between the reading of the name and the opening another index took its place
        _opened = (f"{folder()}/{name}", engine)
        return engine
    raise AssertionError


@contextmanager
def _alone() -> Iterator[bool]:
    """False where another process of this folder is writing; the kernel drops the lock with the process, however it ends."""
    folder().mkdir(parents=True, exist_ok=True)
    with (folder() / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


class _Stale(SearchDown):
    """This index cannot be brought up to the log: it has to be made anew."""


def feed(seconds: float = SECONDS) -> int:
    """Brings the index up to the change log as far as the time goes; returns how many changes were taken in. An index that is gone, broken
    or too old is made anew, however long that takes. Raises SearchDown where it cannot be written.
    """
    with _alone() as alone:
        if not alone:
            return 0
        try:
            return _fed(seconds)
        except _Stale as error:
            logger.warning("%s，正在重建", error)
            return _rebuild()


def _fed(seconds: float) -> int:
    try:
        engine = TantivyEngine(current().folder, existing=True)
        position = engine.position()
    except SearchDown as error:
        raise _Stale(str(error)) from None
    try:
        return _feed(engine, position, seconds)
    finally:
        engine.close()


def _feed(engine: TantivyEngine, position: int, seconds: float) -> int:
    """Raises SearchDown where it cannot be written (disk full): the last commit stands, what is missing is taken in the next time."""
    log.number()
    taken, until = 0, time.monotonic() + seconds
    if not log.reaches(position):
        raise _Stale("索引太旧，变更记录已经不够补上")
    taken += _drift(engine, position)
    while time.monotonic() < until and (rows := log.after(position)):
        kinds: dict[str, set[int]] = defaultdict(set)
        for row in rows:
            kinds[row.kind].add(row.object_id)
        for kind, ids in kinds.items():
            _take(engine, kind, ids)
        position = rows[-1].seq or position
        engine.commit(position)
        taken += len(rows)
    return taken


def _drift(engine: TantivyEngine, position: int) -> int:
    """Takes in what the days since the last time changed by themselves. The day stands beside the index and is written after the commit."""
    mark, today = engine.folder / "day", timezone.localdate()
    since = date.fromisoformat(mark.read_text()) if mark.exists() else today
    taken = 0
    if since != today:
        for one in sources():
            ids = set(one.drifted(since, today)) if one.drifted else set()
            _take(engine, one.kind, ids)
            taken += len(ids)
        if taken:
            engine.commit(position)
    if since != today or not mark.exists():
        mark.write_text(today.isoformat())
    return taken


def _take(engine: TantivyEngine, kind: str, ids: set[int]) -> None:
    """What the public sees of `ids` now goes in, the rest goes out."""
    found = source(kind)
    wanted = sorted(ids)
    for at in range(0, len(wanted), CHUNK):
        part = wanted[at : at + CHUNK]
        records = list(found.records(part)) if found else []
        engine.put(records)
        engine.drop({key_of(kind, pk) for pk in part} - {record.key for record in records})


def rebuild(progress: Progress = lambda done: None) -> int:
    """A new index beside the one in use, from the sources, then in its place. Raises SearchDown where another process is writing."""
    with _alone() as alone:
        if not alone:
            raise SearchDown("另一个进程正在写索引，稍后再试")
        return _rebuild(progress)


def _rebuild(progress: Progress = lambda done: None) -> int:
    """The position is read before the records: a change in between is taken in again, which does no harm."""
    position, today = log.number(), timezone.localdate()
    name = f"{time.time_ns():x}"
    engine = TantivyEngine(folder() / name)
    done = 0
    try:
        for one in sources():
            last = 0
            while ids := one.keys(last, CHUNK):
                done += engine.put(one.records(ids))
                last = ids[-1]
                progress(done)
        engine.commit(position)
    except BaseException:
        engine.close()
        shutil.rmtree(folder() / name, ignore_errors=True)
        raise
    engine.close()
    (engine.folder / "day").write_text(today.isoformat())
    _use(name)
    return done


def _use(name: str) -> None:
    """Points readers at the new index in one step; the old ones go. A reader of an old one keeps its open files."""
    fresh = folder() / "current.new"
    fresh.write_text(name)
    fresh.replace(folder() / "current")
    for old in folder().iterdir():
        if old.is_dir() and old.name != name:
            gone = old.with_suffix(".gone")  # at once: nobody opens half of it
            with suppress(OSError):
                old.replace(gone)
            shutil.rmtree(gone, ignore_errors=True)


def tick() -> None:
    """What the worker does every few seconds. A large index is made anew beside it, in a thread: its tasks do not wait for that."""
    try:
        with _alone() as alone:
            if alone:
                _fed(SECONDS)
            return
    except _Stale as error:
        logger.warning("%s，正在重建", error)
    except SearchDown as error:
        logger.warning("%s；下次再试", error)
        return
    if any(len(one.keys(0, SMALL)) == SMALL for one in sources()):
        threading.Thread(target=_rebuild_aside, name="search-rebuild", daemon=True).start()
    else:
        feed()


def _rebuild_aside() -> None:
    try:
        rebuild()
    except SearchDown as error:
        logger.warning("索引没有重建成：%s；下次再试", error)
    finally:
        connections.close_all()


def trim_tick() -> None:
    log.trim()
