"""Letters by SMTP. A crash after the server took a letter repeats it with the same Message-ID, by which mail servers know it again."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from gongkai.reminders.channels.base import ChannelError, as_mail
from gongkai.reminders.masking import without_addresses
from gongkai.reminders.models import Message

TIMEOUT = 20
"""Seconds for each answer of the server."""


@dataclass(frozen=True, slots=True)
class Smtp:
    host: str
    port: int
    user: str = ""
    password: str = ""
    tls: bool = False
    """From the first byte (smtps)."""
    starttls: bool = False

    @classmethod
    def at(cls, url: str) -> Smtp:
        """From smtp://user:password@host:port, smtps://…, or smtp+starttls://…. Raises ValueError."""
        parts = urlsplit(url)
        ports = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}
        if parts.scheme not in ports or not parts.hostname:
            raise ValueError("邮件服务器的地址写成 smtp://、smtps:// 或 smtp+starttls:// 加主机名")
        return cls(
            parts.hostname,
            parts.port or ports[parts.scheme],
            unquote(parts.username or ""),
            unquote(parts.password or ""),
            parts.scheme == "smtps",
            parts.scheme == "smtp+starttls",
        )

    def send(self, message: Message) -> None:
        try:
            with self._connect() as server:
                if self.starttls:
                    server.starttls(context=ssl.create_default_context())
                if self.user:
                    server.login(self.user, self.password)
                server.send_message(as_mail(message))
        except smtplib.SMTPRecipientsRefused as error:
            code, words = next(iter(error.recipients.values()))
            raise ChannelError(f"邮箱不收：{code} {_said(words)}", permanent=code >= 500) from error
        except smtplib.SMTPDataError as error:
            raise ChannelError(f"邮件服务器不收：{error.smtp_code} {_said(error.smtp_error)}", permanent=error.smtp_code >= 500) from error
        except smtplib.SMTPResponseException as error:  # its own trouble, or ours with it: somebody mends that, so try again
            raise ChannelError(f"邮件服务器回答 {error.smtp_code} {_said(error.smtp_error)}") from error
        except (OSError, smtplib.SMTPException) as error:
            raise ChannelError(f"连不上邮件服务器 {self.host}:{self.port}（{type(error).__name__}）") from error

    def _connect(self) -> smtplib.SMTP:
        if self.tls:
            return smtplib.SMTP_SSL(self.host, self.port, timeout=TIMEOUT, context=ssl.create_default_context())
        return smtplib.SMTP(self.host, self.port, timeout=TIMEOUT)


def _said(words: bytes | str) -> str:
    """Kept with the letter and logged: servers name whom they refuse."""
    return without_addresses(words.decode("utf-8", "replace") if isinstance(words, bytes) else words)[:120]
