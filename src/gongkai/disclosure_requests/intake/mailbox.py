"""The mailboxes of agencies, read by the worker over IMAP. Nothing is deleted or moved there; what was kept is marked.

A message counts as read when its row is committed, by its Message-ID: the mark on the server only spares fetching it again. So a worker
killed anywhere, or two at once, read every letter once.
"""

from __future__ import annotations

import imaplib
import logging
import re
import ssl
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import parse_qs, unquote, urlsplit

from django.conf import settings
from django.utils import timezone

from gongkai.agencies.models import Agency
from gongkai.disclosure_requests.actions import mail
from gongkai.disclosure_requests.intake import letters
from gongkai.disclosure_requests.models import IncomingMail

logger = logging.getLogger("gongkai.requests")
TIMEOUT = 20
"""Seconds for each answer of the server."""
BUDGET = 20.0
"""Seconds of one tick, after which no further letter is begun."""
BACK = 60
"""Days that are looked back: what is older was read, or is not a request of today."""
MARK = "GongkaiRead"
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
LOOPBACK = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Box:
    host: str
    port: int
    user: str
    password: str
    folder: str
    agency: str
    tls: bool = True

    @classmethod
    def at(cls, url: str) -> Box:
        """From imaps://user:password@host:port/FOLDER?agency=CODE. Raises ValueError with a sentence that has no password in it."""
        parts = urlsplit(url.strip())
        codes = parse_qs(parts.query).get("agency", [])
        if parts.scheme not in ("imaps", "imap") or not parts.hostname or not parts.username or len(codes) != 1:
            raise ValueError("收件邮箱写成 imaps://用户:口令@主机/INBOX?agency=机构代码，几个之间用逗号隔开")
        tls = parts.scheme == "imaps"
        if not tls and parts.hostname not in LOOPBACK:
            raise ValueError("收件邮箱不是本机时要用 imaps:// 加密连接")
        folder = unquote(parts.path.strip("/")) or "INBOX"
        return cls(
            parts.hostname,
            parts.port or (993 if tls else 143),
            unquote(parts.username),
            unquote(parts.password or ""),
            folder,
            codes[0],
            tls,
        )


def boxes() -> list[Box]:
    return [Box.at(url) for url in settings.REQUEST_MAIL_URL.split(",") if url.strip()]


def tick() -> int:
    """Reads every mailbox; one that does not answer keeps no other waiting. How many letters were kept."""
    kept = 0
    for url in filter(str.strip, settings.REQUEST_MAIL_URL.split(",")):
        try:
            box = Box.at(url)
            agency = Agency.objects.filter(code=box.agency).select_related("jurisdiction").first()
            if agency is None:
                logger.error("收件邮箱的设置里没有代码为 %s 的机构", box.agency)
                continue
            kept += read(box, agency)
        except ValueError as error:
            logger.error("%s", error)  # noqa: TRY400 — a setting somebody mends; the sentence says how
        except (OSError, imaplib.IMAP4.error) as error:
            logger.warning("收件邮箱暂时读不了（%s），下次再读", type(error).__name__)
    return kept


def read(box: Box, agency: Agency, budget: float = BUDGET) -> int:
    """Keeps what came since; each letter is committed before it is marked. Raises OSError or IMAP4.error when the line breaks: what was
    committed stays, the rest comes next time."""
    begun, kept = time.monotonic(), 0
    connection = _connect(box)
    try:
        connection.login(box.user, box.password)
        status, _data = connection.select(_quoted(box.folder))
        if status != "OK":
            raise imaplib.IMAP4.error("no such folder")
        for uid in _waiting(connection):
            if time.monotonic() - begun > budget:
                break
            kept += _one(connection, uid, agency)
    finally:
        _leave(connection)
    return kept


def _connect(box: Box) -> imaplib.IMAP4:
    if box.tls:
        return imaplib.IMAP4_SSL(box.host, box.port, timeout=TIMEOUT, ssl_context=ssl.create_default_context())
    return imaplib.IMAP4(box.host, box.port, timeout=TIMEOUT)


def _leave(connection: imaplib.IMAP4) -> None:
    with suppress(OSError, imaplib.IMAP4.error):
        connection.logout()


def _quoted(folder: str) -> str:
    return '"' + folder.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _waiting(connection: imaplib.IMAP4) -> Iterator[bytes]:
    since = timezone.localdate() - timedelta(BACK)
    months = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    day = f"{since.day:02}-{months[since.month - 1]}-{since.year}"
    status, data = connection.uid("SEARCH", "UNKEYWORD", MARK, "SINCE", day)
    if status != "OK":
        raise imaplib.IMAP4.error("search refused")
    yield from (data[0] or b"").split()


def _one(connection: imaplib.IMAP4, uid: bytes, agency: Agency) -> int:
    """1 when a letter was kept, 0 when it was there already or could not be read: it never stops the others."""
    name = uid.decode("ascii")
    head, size = _fetch(connection, name, "BODY.PEEK[HEADER]")
    if head is None:
        return 0
    known = letters.identity(head)
    if not known.startswith("sha256:") and IncomingMail.objects.filter(agency=agency, message_id=known).exists():
        _mark(connection, name)
        return 0
    if size > settings.UPLOAD_MB * 2**20:
        raw: bytes | None = b"%s: %d\r\n" % (letters.TRUNCATED.encode(), size) + head
    else:
        raw, _size = _fetch(connection, name, "BODY.PEEK[]")
    if raw is None:
        return 0
    try:
        made = mail.keep(agency, raw)
    except Exception:
        # One letter is not worth the others; it is looked at again next time, and the log says that there is one.
        logger.exception("有一封邮件没有读成")
        return 0
    _mark(connection, name)
    return int(made)


def _fetch(connection: imaplib.IMAP4, uid: str, part: str) -> tuple[bytes | None, int]:
    status, data = connection.uid("FETCH", uid, f"(RFC822.SIZE {part})")
    if status != "OK":
        return None, 0
    for item in data:
        if isinstance(item, tuple):
            found = _SIZE.search(item[0])
            return item[1], int(found[1]) if found else len(item[1])
    return None, 0


def _mark(connection: imaplib.IMAP4, uid: str) -> None:
    """A server that keeps no marks of ours is asked again next time, and the database knows."""
    try:
        connection.uid("STORE", uid, "+FLAGS.SILENT", f"({MARK})")
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error:
        return
