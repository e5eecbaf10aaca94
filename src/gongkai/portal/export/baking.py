"""The public site baked to files, for the installation of two networks: edited inside, read outside without a server of ours.

First everything that can be reached is got, once; then, when every name is known, the pages are written with links to files, so that they
work in any folder and without a server. What was exported before is asked for again even where nothing leads to it any more: an address
does not vanish (invariant 4). What is gone altogether becomes a page that says so.
"""

from __future__ import annotations

import re
import time
import zipfile
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import file_digest, sha256
from pathlib import Path
from urllib.parse import unquote

from django.template.loader import render_to_string

import gongkai
from gongkai.portal.export import links, names, stamps
from gongkai.portal.export.fetching import Answer, Inside
from gongkai.portal.export.manifest import FOLDER, Entry, Manifest, State, write

# The map first: its parts say when a document changed, and are read before anything that "/" leads to.
STARTS = ("/sitemap.xml", "/", "/robots.txt", "/favicon.ico", "/opensearch.xml", "/sitemap")
SITEMAP = re.compile(r"<loc>([^<]+)</loc>(?:<lastmod>([\d-]{10})</lastmod>)?")
TEXTS = ("application/json", "application/xml", "application/atom+xml", "application/opensearchdescription+xml", "text/plain", "text/xml")
MOVED, UNCHANGED, GONE, MISSING, BROKEN = (301, 302, 303, 307, 308), 304, 410, 404, 500
EVERY = 200


@dataclass(slots=True)
class Baked:
    """What a run did. `faults`: (address, why), where the live site itself is broken."""

    pages: int = 0
    files: int = 0
    written: int = 0
    unchanged: int = 0
    kept: int = 0
    removed: int = 0
    taken_up: int = 0
    seconds: float = 0.0
    faults: list[tuple[str, str]] = field(default_factory=list)


@dataclass(slots=True)
class Baking:
    """`base_url`: where the live site answers what needs a server, empty if nowhere. `since`: documents whose page did not change from
    this day on are not asked for again. `told` hears of the progress."""

    target: Path
    host: str = ""
    base_url: str = ""
    since: date | None = None
    told: Callable[[int, int], None] = lambda done, waiting: None
    _inside: Inside = field(init=False)
    _state: State = field(init=False)
    _old: Manifest = field(init=False)
    _new: dict[str, Entry] = field(init=False, default_factory=dict)
    _seen: set[str] = field(init=False, default_factory=set)
    _queue: deque[str] = field(init=False, default_factory=deque)
    _still: set[str] = field(init=False, default_factory=set)
    _from: dict[str, str] = field(init=False, default_factory=dict)
    _done: Baked = field(init=False, default_factory=Baked)
    _stamps: dict[str, str] = field(init=False, default_factory=dict)
    _same_kind: bool = field(init=False, default=False)
    """What stands in the folder was made by a run like this one: where an answer is the same as then, its file is right as it is."""

    def run(self) -> Baked:
        begin = time.monotonic()
        self._inside = Inside(self.host)
        self._state = State(self.target, {"host": self._inside.host, "base": self.base_url, "since": str(self.since or "")})
        self._old = self._state.manifest()
        about = {"host": self._inside.host, "base": self.base_url, "version": gongkai.__version__, "frame": stamps.frame()}
        self._stamps = stamps.stamps()
        self._same_kind = self._old.about == about and not self._state.is_unfinished
        got = self._state.begin()
        try:
            self._walk(got)
            self._write()
            self._former()
            self._notice()
        except BaseException:
            self._state.leave()
            raise
        self._state.end(Manifest(self._new, about, self._stamps))
        self._done.seconds = time.monotonic() - begin
        return self._done

    # -- getting ---------------------------------------------------------------------------------------------------

    def _walk(self, got: dict[str, Entry]) -> None:
        for address in STARTS:
            self._ask(address)
        self._drain(got)
        for address in list(self._old.entries):
            self._ask(address)
        self._drain(got)

    def _drain(self, got: dict[str, Entry]) -> None:
        while self._queue:
            address = self._queue.popleft()
            entry = got.get(address)
            if entry is not None:
                self._done.taken_up += 1
                self._new[address] = entry
                self._follow(address, entry)
            elif address in self._old.entries and self._is_still(address):
                self._done.kept += 1
                self._new[address] = self._old.entries[address]
            else:
                self._get(address)
            done = len(self._new)
            if done % EVERY == 0:
                self.told(done, len(self._queue))

    def _ask(self, address: str, page: str = "") -> str:
        """The address in its normal form, put in the queue the first time it is met."""
        address = names.normal(address)
        if not names.is_served(address) and address not in self._seen:
            self._seen.add(address)
            self._from[address] = page
            self._queue.append(address)
        return address

    def _is_still(self, address: str) -> bool:
        """Whether its document did not change since the day that was named."""
        found = re.match(r"/documents/\d+[/.]", address)
        return bool(found) and f"{found[0][:-1]}/" in self._still  # type: ignore[index]

    def _get(self, address: str) -> None:
        old = self._standing(address)
        if old is not None and self._is_unchanged(address):
            self._same(address, old)
            return
        answer = self._inside.get(address, old.etag if old else "")
        if answer.status == UNCHANGED and old is not None:
            self._same(address, old)
        elif answer.status in MOVED:
            self._moved(address, answer)
        elif answer.status in (200, GONE):
            self._kept(address, answer)
        else:
            answer.read()
            self._missing(address, answer.status)

    def _is_unchanged(self, address: str) -> bool:
        """Whether what it shows is what it was at the last run."""
        key = stamps.key_of(address)
        return key in self._stamps and self._stamps[key] == self._old.stamps.get(key)

    def _same(self, address: str, old: Entry) -> None:
        """The answer is what it was: its file stands. Whether a page does is seen when all names are known (`_page`)."""
        entry = replace(old)
        if not entry.content_type.startswith(names.HTML) or entry.to:
            self._done.kept += not entry.to
            self._state.keep(address, entry)
        self._new[address] = entry
        self._follow(address, entry)

    def _standing(self, address: str) -> Entry | None:
        """The entry of the last run, if its file is there and was made by a run like this one."""
        old = self._old.entries.get(address) if self._same_kind else None
        return old if old is not None and old.out and (self.target / old.file).is_file() else None

    def _moved(self, address: str, answer: Answer) -> None:
        own = links.own_path(answer.location, address, self._inside.origins)
        to = self._ask(own[0], address) if own is not None else answer.location
        entry = Entry(answer.status, names.file_of(address), names.HTML, to=to + (f"#{own[1]}" if own and own[1] else ""))
        self._new[address] = entry
        self._state.keep(address, entry)

    def _kept(self, address: str, answer: Answer) -> None:
        entry = Entry(answer.status, names.file_of(address, answer.content_type, answer.name), answer.content_type, etag=answer.etag)
        if answer.is_html:
            text = answer.text()
            entry.raw = _hash(text.encode())
            found = (names.normal(one) for one in links.found_in(text, address, self._inside.origins))
            entry.leads = list(dict.fromkeys(one for one in found if not names.is_served(one)))
            old = self._standing(address)
            if old is not None and (old.status, old.file, old.raw) == (entry.status, entry.file, entry.raw):
                entry.out = old.out
            self._state.keep(address, entry, text if not entry.out else None)
        elif answer.content_type.startswith(TEXTS) and not answer.name:
            data = self._lasting(answer.read().decode("utf-8", "replace")).encode()
            entry.raw = _hash(data)
            entry.out = self._file(entry.file, data)
            self._state.keep(address, entry)
        else:
            entry.raw = entry.out = self._stream(entry.file, answer, self._old.entries.get(address))
            self._state.keep(address, entry)
        self._new[address] = entry
        self._follow(address, entry)

    def _missing(self, address: str, status: int) -> None:
        """Nobody answers there. An address that stood in the export is not forgotten for it (`_former`)."""
        if status >= BROKEN and address in self._old.entries:
            self._new[address] = self._old.entries[address]
        if status != MISSING or self._from.get(address):
            self._done.faults.append((address, f"{status}，链接在 {self._from.get(address) or '首页或网站地图'}"))

    def _follow(self, address: str, entry: Entry) -> None:
        for found in self._leads(address, entry):
            self._ask(found, address)

    def _leads(self, address: str, entry: Entry) -> Iterator[str]:
        if entry.to:
            yield entry.to.partition("#")[0]
        elif entry.content_type.startswith(names.HTML):
            yield from entry.leads
        elif entry.content_type.startswith("text/css"):
            yield from links.found_in_css((self.target / entry.file).read_text("utf-8"), address)
        elif address.startswith("/sitemap"):
            yield from self._of_sitemap(entry)

    def _of_sitemap(self, entry: Entry) -> Iterator[str]:
        for place, changed in SITEMAP.findall((self.target / entry.file).read_text("utf-8")):
            own = links.own_path(place, "/", [self._public, *self._inside.origins])
            if own is None:
                continue
            if self.since and changed and changed < self.since.isoformat():
                self._still.add(own[0])
            yield own[0]

    # -- writing ---------------------------------------------------------------------------------------------------

    @property
    def _public(self) -> str:
        """How whole addresses begin in what is exported."""
        return self.base_url or self._inside.origins[0]

    def _lasting(self, text: str) -> str:
        for origin in self._inside.origins:
            if origin != self._public:
                text = text.replace(f"{origin}/", f"{self._public}/")
        return text

    def _to(self, own: str) -> Callable[[str, str], str]:
        def to(address: str, fragment: str) -> str:
            target = self._target(names.normal(address))
            mark = f"#{fragment}" if fragment else ""
            if target is None:
                return f"{self.base_url}{address}{mark}" if self.base_url else names.link(names.NOTICE, own)
            if not target:
                return f"{address}{mark}"
            return f"{names.link(target, own)}{mark}"

        return to

    def _target(self, address: str, entries: dict[str, Entry] | None = None) -> str | None:
        """The file of an address; None where only the live site answers, empty where nobody does."""
        for _step in range(5):
            if names.is_served(address):
                return None
            entry = (self._new if entries is None else entries).get(address)
            if entry is None:
                return ""
            if not entry.to or "." not in address.rpartition("/")[2]:
                return entry.file
            address = entry.to.partition("#")[0]  # a moved picture or file: straight to where it is
        return ""

    def _write(self) -> None:
        """Pages that are new before those that lead to them, so that a run that is killed leaves no link to what is not there yet."""
        elsewhere = self._elsewhere()
        for address, entry in sorted(self._new.items(), key=lambda pair: (self.target / pair[1].file).exists()):
            if entry.to:
                self._written(entry, self._moved_page(entry))
            elif entry.content_type.startswith(names.HTML) and entry is not self._old.entries.get(address):
                self._page(address, entry, elsewhere)
            else:
                self._done.files += 1

    def _elsewhere(self) -> set[str]:
        """Addresses whose file is another than in the last run: a page that leads there is written anew even where it says the same."""
        if not self._same_kind:
            return set()
        old = self._old.entries
        return {address for address in {*self._new, *old} if self._target(address) != self._target(address, old)}

    def _page(self, address: str, entry: Entry, elsewhere: set[str]) -> None:
        if entry.out and elsewhere.isdisjoint(entry.leads):
            self._done.pages += 1
            self._done.unchanged += 1
            return
        live = f"{self.base_url}{address}" if self.base_url else names.link(names.NOTICE, entry.file)
        text = self._inside.get(address).text() if entry.out else self._state.text(address)
        turned = links.turned(text, address, self._inside.origins, self._to(entry.file), live)
        self._written(entry, self._lasting(turned))

    def _written(self, entry: Entry, text: str) -> None:
        self._done.pages += 1
        entry.out = self._file(entry.file, text.encode())

    def _moved_page(self, entry: Entry) -> str:
        address, _, fragment = entry.to.partition("#")
        to = self._to(entry.file)(address, fragment) if address.startswith("/") else entry.to
        return render_to_string("portal/export/moved.html", {"to": to})

    def _file(self, name: str, data: bytes) -> str:
        """Writes it unless it stands there already."""
        out, path = _hash(data), self.target / name
        if path.is_file() and path.stat().st_size == len(data) and path.read_bytes() == data:
            self._done.unchanged += 1
        else:
            write(path, data)
            self._done.written += 1
        return out

    def _stream(self, name: str, answer: Answer, old: Entry | None) -> str:
        """A file of any size, a piece at a time."""
        path = self.target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f".{path.name[-80:]}.part")
        try:
            with part.open("wb") as file:
                for chunk in answer.body:
                    file.write(chunk)
            out = content_of(part)
            if old is not None and old.file == name and old.out == out and path.is_file():
                self._done.unchanged += 1
            else:
                part.replace(path)
                self._done.written += 1
        finally:
            part.unlink(missing_ok=True)
        return out

    def _former(self) -> None:
        """What stood in the export and nobody answers any more: a page says so; a file that is no page is deleted."""
        used = {entry.file for entry in self._new.values()}
        for address, entry in self._old.entries.items():
            if address in self._new or entry.file in used:
                continue
            path = self.target / entry.file
            if not entry.content_type.startswith(names.HTML):
                path.unlink(missing_ok=True)
                with suppress(OSError):
                    path.parent.rmdir()  # a file with a name of its own has a folder to itself
                self._done.removed += 1
                continue
            home = names.link(names.file_of("/"), entry.file)
            text = render_to_string("portal/export/former.html", {"home": home, "address": unquote(address)})
            stone = Entry(GONE, entry.file, names.HTML)
            stone.out = self._file(entry.file, text.encode())
            self._new[address] = stone
            self._done.removed += entry.out != stone.out

    def _notice(self) -> None:
        context = {"base": self.base_url, "home": names.link(names.file_of("/"), names.NOTICE)}
        for name, path in ((names.NOTICE, "/"), ("search.html", "/search")):
            text = render_to_string("portal/export/needs_server.html", {**context, "path": path})
            self._file(name, text.encode())


def _hash(data: bytes) -> str:
    return sha256(data).hexdigest()


def content_of(path: Path) -> str:
    """The hash of a file; of one that is packed (docx, xlsx) of what is in it, without the hour it was made."""
    if zipfile.is_zipfile(path):
        try:
            with zipfile.ZipFile(path) as packed:
                parts = [(one.filename, one.CRC, one.file_size) for one in packed.infolist() if one.filename != "docProps/core.xml"]
            return _hash(repr(sorted(parts)).encode())
        except zipfile.BadZipFile:
            pass
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def is_export(target: Path) -> bool:
    """Whether this folder is empty or holds an export: nothing else is written over."""
    return not target.exists() or (target.is_dir() and ((target / FOLDER).is_dir() or not any(target.iterdir())))
