"""What an e-mail says, whatever its writer's program made of it: no letter is so broken that nothing comes back."""

from __future__ import annotations

import hashlib
import re
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes
from email.header import decode_header
from email.message import Message
from email.utils import parseaddr, parsedate_to_datetime
from html import unescape

LONGEST = 20_000
"""Characters of a letter that are read; a longer one comes with its original."""
TRUNCATED = "X-Gongkai-Size"
"""Header put on what was too large to fetch: its size in bytes."""
CHARSETS = ("utf-8", "gb18030")
_TAGS = re.compile(r"<(style|script)\b.*?</\1\s*>|<!--.*?-->|<[^>]*>", re.IGNORECASE | re.DOTALL)
_BREAKS = re.compile(r"<\s*(br|/p|/div|/tr|/li)\b[^>]*>", re.IGNORECASE)
_ALIASES = {"gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "cp936": "gb18030", "unicode-1-1-utf-7": "utf-7"}


@dataclass(frozen=True, slots=True)
class Part:
    name: str
    content: bytes


@dataclass(slots=True)
class Letter:
    """`problems`: what of it could not be read, a sentence each. `size`: of the original where only its head was fetched, else 0."""

    sender: str
    address: str
    subject: str
    text: str
    sent_at: datetime | None
    files: list[Part] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    size: int = 0
    is_report: bool = False
    """An answer of a mail server, not of a person."""


def identity(raw: bytes) -> str:
    """The Message-ID, or a hash of the bytes where there is none that could be kept."""
    given = str(message_from_bytes(raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n").get("Message-ID") or "").strip()
    fits = given.isprintable() and 3 <= len(given) <= 180
    return given if fits else f"sha256:{hashlib.sha256(raw).hexdigest()}"


def read(raw: bytes) -> Letter:
    """Never raises."""
    message = message_from_bytes(raw)
    sender = _header(message, "From")
    address = parseaddr(sender)[1]
    letter = Letter(sender, address, _header(message, "Subject"), "", _sent(message))
    if size := _header(message, TRUNCATED):
        letter.size = int(size) if size.isdigit() else 0
        letter.problems.append(f"原件有 {letter.size // 2**20} MB，超过能读入的大小，请到邮箱里看，或者请对方分次发送")
    kind = message.get_content_type()
    letter.is_report = kind == "multipart/report" or address.partition("@")[0].lower() in ("mailer-daemon", "postmaster")
    plain, rich = [], []
    for part in message.walk():
        if part.is_multipart():
            continue
        name, body = _name(part), _content(part)
        if name or part.get_content_disposition() == "attachment":
            _take_file(letter, name or f"附件{len(letter.files) + 1}", body)
        elif part.get_content_type() == "text/plain":
            plain.append(_text(part, body, letter))
        elif part.get_content_type() == "text/html":
            rich.append(_without_tags(_text(part, body, letter)))
    letter.text = ("\n".join(plain).strip() or "\n".join(rich).strip())[:LONGEST].replace("\x00", "")
    if not letter.text and not letter.files and not letter.size:
        letter.problems.append("邮件没有能读出的文字和附件，请看原件")
    return letter


def _take_file(letter: Letter, name: str, body: bytes) -> None:
    if name.lower() == "winmail.dat":
        letter.problems.append("附件 winmail.dat 是对方邮件程序的私有格式，打不开，请对方用纯文本重发")
    letter.files.append(Part(name, body))


def _header(message: Message, name: str) -> str:
    given = message.get(name)
    if given is None:
        return ""
    words = ""
    with suppress(Exception):  # whatever a foreign program put there
        for piece, charset in decode_header(str(given) if not isinstance(given, str) else given):
            words += _decoded(piece, charset or "") if isinstance(piece, bytes) else piece
    return " ".join((words or str(given)).replace("\x00", "").split())[:300]


def _sent(message: Message) -> datetime | None:
    with suppress(Exception):
        at = parsedate_to_datetime(str(message.get("Date")))
        return at if at.tzinfo is not None else at.astimezone()
    return None


def _name(part: Message) -> str:
    with suppress(Exception):
        given = part.get_filename()
        if given:
            words = "".join(_decoded(p, c or "") if isinstance(p, bytes) else p for p, c in decode_header(given))
            return words.replace("\x00", "").replace("/", "_").replace("\\", "_")[:150]
    return ""


def _content(part: Message) -> bytes:
    with suppress(Exception):
        body = part.get_payload(decode=True)
        return body if isinstance(body, bytes) else b""
    return b""


def _text(part: Message, body: bytes, letter: Letter) -> str:
    charset = part.get_content_charset() or ""
    words = _decoded(body, charset)
    if "\ufffd" in words:
        letter.problems.append("有些字的编码不对，读不出来，请对照原件")
    return words


def _decoded(body: bytes, charset: str) -> str:
    for name in (_ALIASES.get(charset.lower(), charset), *CHARSETS):
        with suppress(LookupError, UnicodeError, ValueError):
            if name:
                return body.decode(name)
    return body.decode("utf-8", "replace")


def _without_tags(source: str) -> str:
    words = unescape(_TAGS.sub("", _BREAKS.sub("\n", source)))
    lines = (" ".join(line.split()) for line in words.splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
