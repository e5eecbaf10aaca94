"""What the ways of delivery share: their error, and the letter as it is on the wire."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from django.conf import settings
from django.utils import timezone
from django.utils.crypto import salted_hmac

from gongkai.reminders.models import Message


class ChannelError(Exception):
    """Not delivered, with a sentence. `permanent`: trying again would not help."""

    def __init__(self, reason: str, *, permanent: bool = False) -> None:
        super().__init__(reason)
        self.permanent = permanent


def identity(message: Message) -> str:
    """Of the row alone, so that every attempt has the same, and none can be guessed from another."""
    digest = salted_hmac("gongkai.reminders.message", f"{message.pk}:{message.key}", algorithm="sha256").hexdigest()
    return f"gongkai-{message.pk}-{digest[:16]}"


Headers = Callable[[Message], Mapping[str, str]]
_headers: list[Headers] = []


def give_headers(headers: Headers) -> None:
    """An app whose letters need further headers (List-Unsubscribe) says which, from the row alone: every attempt has the same."""
    _headers.append(headers)


def as_mail(message: Message) -> EmailMessage:
    """The letter with every header derived from the row: two deliveries are equal to the byte."""
    sender: str = settings.MAIL_FROM
    mail = EmailMessage(policy=SMTP)
    mail["From"] = sender
    mail["To"] = message.address
    mail["Subject"] = message.subject
    mail["Date"] = format_datetime(timezone.localtime(message.sealed_at or message.made_at))
    mail["Message-ID"] = f"<{identity(message)}@{sender.rpartition('@')[2].strip('> ')}>"
    mail["Auto-Submitted"] = "auto-generated"
    for headers in _headers:
        for name, value in headers(message).items():
            mail[name] = value
    mail.set_content(message.body)
    return mail
