"""What an export knows of itself: every address with its file and what it was made of, and the notes of a run that has not ended yet."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

FOLDER = ".gongkai"
STALE = timedelta(hours=6)
"""A run that ended in the middle is taken up again for so long; after that the pages it has seen are too old."""


@dataclass(slots=True)
class Entry:
    """An address: `status` it answered with, its `file`, the hash of the answer (`raw`) and of the file (`out`)."""

    status: int
    file: str
    content_type: str = ""
    raw: str = ""
    out: str = ""
    etag: str = ""
    to: str = ""
    """The address a moved one leads to."""
    leads: list[str] = field(default_factory=list)
    """The addresses of this site that a page leads to or needs."""


@dataclass(slots=True)
class Manifest:
    """`about`: what the run was asked, which program made it and what stood around its pages; what another kind of run made is no measure
    of what changed. `stamps`: of the documents (stamps.py)."""

    entries: dict[str, Entry] = field(default_factory=dict)
    about: dict[str, str] = field(default_factory=dict)
    stamps: dict[str, str] = field(default_factory=dict)


def write(path: Path, data: bytes) -> None:
    """Whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name[-80:]}.{os.getpid()}.part")
    try:
        part.write_bytes(data)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


class State:
    """The folder `.gongkai` of an export: manifest, and while a run lasts its notes and the pages it has got."""

    def __init__(self, target: Path, about: dict[str, str]) -> None:
        self.folder = target / FOLDER
        self._about = about
        self._notes: Any = None

    @property
    def _spool(self) -> Path:
        return self.folder / "pages"

    @property
    def is_unfinished(self) -> bool:
        """Whether the last run was stopped: it may have written files that the manifest does not know of."""
        return (self.folder / "run.jsonl").exists()

    def manifest(self) -> Manifest:
        try:
            told = json.loads((self.folder / "manifest.json").read_bytes())
            return Manifest(
                {address: Entry(**one) for address, one in told["entries"].items()}, told.get("about", {}), told.get("stamps", {})
            )
        except (OSError, ValueError, KeyError, TypeError):
            return Manifest()

    def begin(self) -> dict[str, Entry]:
        """What an unfinished run of the same kind has already got; else nothing, and its leavings are gone."""
        notes = self.folder / "run.jsonl"
        found = self._taken_up(notes)
        if found is None:
            shutil.rmtree(self._spool, ignore_errors=True)
            notes.unlink(missing_ok=True)
        self._spool.mkdir(parents=True, exist_ok=True)
        if found is not None:  # without the half of a line that may stand at the end
            kept = [json.dumps(line, ensure_ascii=False) for line in self._lines(notes)]
            write(notes, "".join(f"{line}\n" for line in kept).encode())
        self._notes = notes.open("a", encoding="utf-8")
        if found is None:
            self._line({"began": datetime.now(UTC).isoformat(), **self._about})
        return found or {}

    def _taken_up(self, notes: Path) -> dict[str, Entry] | None:
        lines = self._lines(notes)
        head = next(lines, None)
        if head is None:
            return None
        began = head.pop("began", "")
        try:
            young = datetime.now(UTC) - datetime.fromisoformat(began) < STALE
        except ValueError:
            return None
        if head != self._about or not young:
            return None
        found = {}
        for line in lines:
            address = line.pop("address", "")
            entry = Entry(**line)
            if not entry.content_type.startswith("text/html") or entry.to or self._page(address).exists():
                found[address] = entry
        return found

    @staticmethod
    def _lines(notes: Path) -> Iterator[dict[str, Any]]:
        """Those that were written whole: a machine that stopped may have left half of the last."""
        try:
            with notes.open(encoding="utf-8") as file:
                for line in file:
                    try:
                        told = json.loads(line)
                    except ValueError:
                        return
                    if not isinstance(told, dict):
                        return
                    yield told
        except OSError:
            return

    def _line(self, told: dict[str, Any]) -> None:
        self._notes.write(json.dumps(told, ensure_ascii=False) + "\n")
        self._notes.flush()

    def _page(self, address: str) -> Path:
        name = sha256(address.encode()).hexdigest()
        return self._spool / name[:2] / name

    def keep(self, address: str, entry: Entry, text: str | None = None) -> None:
        """Notes an answer; of a page also its text, from which the file is made when all names are known."""
        if text is not None:
            write(self._page(address), text.encode())
        self._line({"address": address, **asdict(entry)})

    def text(self, address: str) -> str:
        return self._page(address).read_text("utf-8")

    def end(self, manifest: Manifest) -> None:
        self._notes.close()
        told = {
            "about": manifest.about,
            "stamps": manifest.stamps,
            "entries": {address: asdict(one) for address, one in sorted(manifest.entries.items())},
        }
        write(self.folder / "manifest.json", json.dumps(told, ensure_ascii=False, indent=0).encode())
        (self.folder / "run.jsonl").unlink(missing_ok=True)
        shutil.rmtree(self._spool, ignore_errors=True)

    def leave(self) -> None:
        """Stops in the middle: the notes stay for the next time."""
        if self._notes is not None:
            self._notes.close()
