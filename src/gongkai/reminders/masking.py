"""Addresses in the outbox (个人信息保护法第六条: no more than the purpose needs). Whoever looks after sending learns that a letter went,
not to whom of the public; a server's answer is kept and logged without the address it names."""

from __future__ import annotations

import re
from typing import Any

from gongkai.agencies.access import scope_of
from gongkai.reminders.models import Message

ADDRESS = re.compile(r"[^\s<>()\[\],;:\"'@，；：（）《》]+@[^\s<>()\[\],;:\"'@，；：（）《》]+")
_handled_elsewhere: list[str] = []


def hide(prefix: str) -> None:
    """Called once from an app's ready(): who handles the matter sees the address there, so that the outbox shows it to nobody."""
    if prefix not in _handled_elsewhere:
        _handled_elsewhere.append(prefix)


def masked(address: str) -> str:
    """a***@example.cn: enough to know it again when its owner names it."""
    name, at, host = address.rpartition("@")
    return f"{name[:1]}***@{host}" if at else "***"


def without_addresses(words: str) -> str:
    """A sentence of another system, fit to be kept and logged."""
    return ADDRESS.sub(lambda found: masked(found[0]), words)


def shown_address(message: Message, user: Any) -> str:
    """Staff and systems as they stand: they are in the directory. One of the public masked, but for the openness office of the sender's own
    place while the letter could not be sent: it must find out with the reader what is wrong."""
    if message.person_id is not None or message.channel != Message.Channel.MAIL:
        return message.address
    mends = message.state == Message.State.FAILED and scope_of(user).is_office_of(message.agency.jurisdiction_id)
    if mends and not message.key.startswith(tuple(_handled_elsewhere)):
        return message.address
    return masked(message.address)
