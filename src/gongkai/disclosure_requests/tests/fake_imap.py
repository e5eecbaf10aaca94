"""A small IMAP server for the tests: enough of RFC 3501 for a client that searches, fetches and marks. Breaks where it is told to."""

from __future__ import annotations

import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

PASSWORD = "secret-of-the-test"  # noqa: S105 — of a server that lives one test


@dataclass
class Mailbox:
    """UID → bytes. `breaks_at`: the line is cut in the middle of this letter, once. `keeps_marks`: False for a server without keywords."""

    letters: dict[int, bytes] = field(default_factory=dict)
    marked: set[int] = field(default_factory=set)
    breaks_at: int = 0
    keeps_marks: bool = True
    logins: int = 0
    fetched: list[int] = field(default_factory=list)
    port: int = 0

    def url(self, agency: str) -> str:
        return f"imap://reader:{PASSWORD}@127.0.0.1:{self.port}/INBOX?agency={agency}"


class _Handler(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self.say(b"* OK ready")
        while line := self.rfile.readline():
            tag, _, rest = line.strip().partition(b" ")
            if not self.answer(tag, rest):
                return

    @property
    def box(self) -> Mailbox:
        return self.server.box  # type: ignore[attr-defined,no-any-return]

    def say(self, line: bytes) -> None:
        self.wfile.write(line + b"\r\n")
        self.wfile.flush()

    def answer(self, tag: bytes, rest: bytes) -> bool:
        verb = rest.upper()
        if verb.startswith(b"CAPABILITY"):
            self.say(b"* CAPABILITY IMAP4rev1")
        elif verb.startswith(b"LOGIN"):
            if PASSWORD.encode() not in rest:
                self.say(tag + b" NO wrong")
                return True
            self.box.logins += 1
        elif verb.startswith(b"SELECT"):
            self.say(b"* %d EXISTS" % len(self.box.letters))
        elif verb.startswith(b"UID SEARCH"):
            found = [uid for uid in self.box.letters if uid not in self.box.marked]
            self.say(b"* SEARCH " + b" ".join(str(uid).encode() for uid in found))
        elif verb.startswith(b"UID FETCH"):
            return self.fetch(tag, rest)
        elif verb.startswith(b"UID STORE"):
            uid = int(rest.split()[2])
            if not self.box.keeps_marks:
                self.say(tag + b" NO keywords are not kept here")
                return True
            self.box.marked.add(uid)
        elif verb.startswith(b"LOGOUT"):
            self.say(b"* BYE")
            self.say(tag + b" OK")
            return False
        self.say(tag + b" OK done")
        return True

    def fetch(self, tag: bytes, rest: bytes) -> bool:
        uid = int(rest.split()[2])
        raw = self.box.letters[uid]
        whole = b"BODY.PEEK[]" in rest.upper()
        body = raw if whole else re.split(rb"\r?\n\r?\n", raw, maxsplit=1)[0] + b"\r\n\r\n"
        if whole:
            self.box.fetched.append(uid)
        name = b"BODY[]" if whole else b"BODY[HEADER]"
        self.say(b"* 1 FETCH (UID %d RFC822.SIZE %d %s {%d}" % (uid, len(raw), name, len(body)))
        if whole and uid == self.box.breaks_at:
            self.box.breaks_at = 0
            self.wfile.write(body[: len(body) // 2])
            self.wfile.flush()
            return False
        self.wfile.write(body)
        self.say(b")")
        self.say(tag + b" OK done")
        return True


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


@contextmanager
def serving() -> Iterator[Mailbox]:
    with _Server(("127.0.0.1", 0), _Handler) as server:
        box = Mailbox(port=server.server_address[1])
        server.box = box  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield box
        server.shutdown()
