"""The index of this installation: where it is, how it is fed, how it is made anew beside the one in use.

An index is a folder under DATA/search; the file `current` names the one that is read. Several web nodes each keep their own, all from the
same change log: none knows of the others, and all come to the same.
"""

from __future__ import annotations

import fcntl
import logging
import shutil
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from gongkai.search import log
from gongkai.search.model import SearchDown
from gongkai.search.sources import key_of, source, sources
from gongkai.search.tantivy_engine import TantivyEngine

logger = logging.getLogger("gongkai.search")
CHUNK = 500
SECONDS = 5.0
"""What one tick of the worker takes at most; tasks wait that long."""
Progress = Callable[[int], None]


def folder() -> Path:
    return Path(settings.DATA_DIR) / "search"


_opened: tuple[str, TantivyEngine] | None = None


def current() -> TantivyEngine:
    """The index to search, opened once a process and again when another took its place. SearchDown where there is none."""
    global _opened
    try:
        name = (folder() / "current").read_text()
    except OSError:
        _opened = None
        raise SearchDown("还没有建立索引") from None
    if not (folder() / name / "meta.json").exists():
        _opened = None
        raise SearchDown("索引文件不见了")
    if _opened is None or _opened[0] != f"{folder()}/{name}":
        _opened = (f"{folder()}/{name}", TantivyEngine(folder() / name))
    return _opened[1]


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


def feed(seconds: float = SECONDS) -> int:
    """Brings the index up to the change log as far as the time goes; returns how many changes were taken in."""
    with _alone() as alone:
        if not alone:
            return 0
        try:
            engine = TantivyEngine(current().folder)
        except SearchDown as error:
            logger.warning("%s，正在重建", error)
            return _rebuild()
        try:
            return _feed(engine, seconds)
        finally:
            engine.close()


def _feed(engine: TantivyEngine, seconds: float) -> int:
    log.number()
    position, taken, until = engine.position(), 0, time.monotonic() + seconds
    if not log.reaches(position):
        engine.close()
        return _rebuild()
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
            shutil.rmtree(old, ignore_errors=True)


def tick() -> None:
    feed()


def trim_tick() -> None:
    log.trim()
